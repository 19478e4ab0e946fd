//! Properties over made-up predicates and evidence: knowing less never changes
//! an answer into another one, and what is fully known is answered as `cel`'s
//! own interpreter answers it.

use super::samples::{World, compile};
use super::{Predicate, Truth};
use anji_model::GapKind;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Choices made from bytes, so that proptest can shrink them.
struct Choices<'b> {
    bytes: std::slice::Iter<'b, u8>,
}

impl<'b> Choices<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    /// A number below `limit`; 0 when the bytes are used up.
    fn below(&mut self, limit: usize) -> usize {
        self.bytes.next().map_or(0, |byte| usize::from(*byte) % limit)
    }

    fn pick<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }
}

const NAMES: [&str; 5] = ["root", "toor", "alice", "bob", "aes"];
const STATES: [&str; 3] = ["set", "empty", "locked"];
const MODES: [&str; 4] = ["0600", "0640", "0644", "0777"];

/// Writes predicates. `shared` keeps to what `cel`'s interpreter has as well.
struct Writer<'b> {
    choices: Choices<'b>,
    shared: bool,
    /// Names of the loop variables that are users, and of those that are texts.
    users: Vec<String>,
    texts: Vec<String>,
    loops: usize,
}

impl Writer<'_> {
    fn predicate(bytes: &[u8], shared: bool) -> String {
        let choices = Choices::new(bytes);
        let mut writer = Writer { choices, shared, users: Vec::new(), texts: Vec::new(), loops: 0 };
        writer.bool(4)
    }

    fn bool(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.comparison();
        }
        match self.choices.below(12) {
            0 | 1 => format!("({} && {})", self.bool(depth - 1), self.bool(depth - 1)),
            2 | 3 => format!("({} || {})", self.bool(depth - 1), self.bool(depth - 1)),
            4 => format!("!({})", self.bool(depth - 1)),
            5..=8 if self.loops < 2 => self.quantified(depth),
            _ => self.comparison(),
        }
    }

    fn quantified(&mut self, depth: usize) -> String {
        let kind = self.choices.pick(&["all", "exists"]);
        let var = format!("v{}", self.loops);
        if self.choices.below(3) == 0 {
            let list = self.texts_list();
            self.loops += 1;
            self.texts.push(var.clone());
            let body = self.bool(depth - 1);
            self.texts.pop();
            self.loops -= 1;
            return format!("{list}.{kind}({var}, {body})");
        }
        let list = self.users_list(depth);
        self.loops += 1;
        self.users.push(var.clone());
        let text = if !self.shared && self.choices.below(5) == 0 {
            let key = self.choices.pick(&["uid", "name", "shell", "password.days"]);
            format!("{list}.unique({var}, {var}.{key})")
        } else {
            format!("{list}.{kind}({var}, {})", self.bool(depth - 1))
        };
        self.users.pop();
        self.loops -= 1;
        text
    }

    fn users_list(&mut self, depth: usize) -> String {
        if self.loops < 2 && self.choices.below(4) == 0 {
            let var = format!("f{}", self.loops);
            self.loops += 1;
            self.users.push(var.clone());
            let body = self.bool(depth.saturating_sub(2));
            self.users.pop();
            self.loops -= 1;
            return format!("accounts.users.filter({var}, {body})");
        }
        "accounts.users".to_owned()
    }

    fn texts_list(&mut self) -> String {
        let user = self.users.last().cloned();
        match (self.choices.below(6), user) {
            (0, Some(user)) => format!("{user}.groups"),
            (1, _) => "params.allowed".to_owned(),
            (2, _) => "registers.approved".to_owned(),
            (3, _) => "['root', 'alice']".to_owned(),
            (4, _) if self.loops < 2 => "accounts.users.map(m, m.name)".to_owned(),
            _ => "ssh.ciphers".to_owned(),
        }
    }

    fn text(&mut self) -> String {
        let user = self.users.last().cloned();
        match (self.choices.below(7), user, self.texts.last().cloned()) {
            (0, Some(user), _) => format!("{user}.name"),
            (1, Some(user), _) => format!("{user}.password.state"),
            (2, Some(user), _) => format!("{user}.password.scheme"),
            (3 | 0, _, Some(text)) => text,
            (4, ..) => "os.kernel".to_owned(),
            (5, ..) => format!("'{}'", self.choices.pick(&NAMES)),
            _ => "ssh.root".to_owned(),
        }
    }

    fn int(&mut self) -> String {
        let user = self.users.last().cloned();
        match (self.choices.below(6), user) {
            (0, Some(user)) => format!("{user}.uid"),
            (1, Some(user)) => format!("{user}.password.days"),
            (2, _) => "ssh.tries".to_owned(),
            (3, _) => "params.max".to_owned(),
            (4, _) if self.loops < 2 => "size(accounts.users)".to_owned(),
            _ => (self.choices.below(5)).to_string(),
        }
    }

    fn comparison(&mut self) -> String {
        match self.choices.below(if self.shared { 8 } else { 12 }) {
            0 | 1 => {
                let op = self.choices.pick(&["==", "!=", "<", "<=", ">", ">="]);
                format!("{} {op} {}", self.int(), self.int())
            }
            2 | 3 => {
                let op = self.choices.pick(&["==", "!="]);
                format!("{} {op} {}", self.text(), self.text())
            }
            4 => format!("({} in {})", self.text(), self.texts_list()),
            5 => match self.users.last() {
                Some(user) => format!("{user}.system"),
                None => "params.strict".to_owned(),
            },
            6 => format!("{}.startsWith({})", self.text(), self.text()),
            7 => match self.users.last() {
                Some(user) => format!("has({user}.password)"),
                None => "has(ssh.tries)".to_owned(),
            },
            8 => "mode_within(file.mode, params.mode)".to_owned(),
            9 => "now < params.ends[os.product]".to_owned(),
            10 => format!("within_days({}, {})", self.int(), self.int()),
            _ => format!("({} in ssh.ports)", self.int()),
        }
    }
}

/// Evidence; without `nulls` every optional value is there.
fn world(bytes: &[u8], nulls: bool) -> World {
    let mut choices = Choices::new(bytes);
    let mut world = World::usual();
    let texts = |choices: &mut Choices<'_>| -> Vec<&str> {
        (0..choices.below(3)).map(|_| choices.pick(&NAMES)).collect()
    };
    let users: Vec<Value> = (0..choices.below(4))
        .map(|_| {
            let mut null = |value: Value| match nulls && choices.below(4) == 0 {
                true => Value::Null,
                false => value,
            };
            let (days, scheme) = (null(json!(3)), null(json!("aes")));
            let mut password = json!({
                "state": choices.pick(&STATES), "days": days, "scheme": scheme,
            });
            if nulls && choices.below(4) == 0 {
                password = Value::Null;
            }
            json!({
                "name": choices.pick(&NAMES), "uid": choices.below(4), "shell": "/bin/sh",
                "system": choices.below(2) == 0, "groups": texts(&mut choices),
                "password": password,
            })
        })
        .collect();
    let tries = if nulls && choices.below(3) == 0 { Value::Null } else { json!(choices.below(5)) };
    let kernel = if nulls && choices.below(3) == 0 { Value::Null } else { json!("root") };
    world.bodies = vec![
        Some(json!({"users": users})),
        Some(json!({
            "root": choices.pick(&NAMES), "tries": tries, "ciphers": texts(&mut choices),
            "ports": [choices.below(4)],
        })),
        Some(json!({"product": choices.pick(&["debian 12", "debian 9", "x"]), "kernel": kernel})),
        Some(json!({"mode": choices.pick(&MODES), "uid": 0})),
    ];
    world.empty_ok = choices.below(2) == 0;
    if nulls && choices.below(4) == 0 {
        let gone = choices.below(4);
        world.bodies[gone] = None;
    }
    world.approved = Some(texts(&mut choices).into_iter().map(str::to_owned).collect());
    world
}

/// Takes knowledge away, as collecting with fewer rights or less time would.
fn weaken(mut world: World, bytes: &[u8]) -> World {
    let mut choices = Choices::new(bytes);
    for _ in 0..=choices.below(4) {
        world = weaken_once(world, &mut choices);
    }
    world
}

fn weaken_once(mut world: World, choices: &mut Choices<'_>) -> World {
    let user_fields =
        ["name", "uid", "shell", "system", "groups", "password", "password.days", "password.state"];
    match choices.below(8) {
        0 => world.unknown[choices.below(4)] = true,
        1 => world.approved = None,
        2 | 3 => {
            // A field of some users was not had.
            let field = choices.pick(&user_fields);
            for user in users(&mut world).into_iter().flatten() {
                if choices.below(2) == 0 {
                    let pointer = format!("/{}", field.replace('.', "/"));
                    if let Some(place) = user.pointer_mut(&pointer) {
                        *place = Value::Null;
                    }
                }
            }
            world = world.gap(0, &format!("users[].{field}"), GapKind::Unknown);
        }
        4 | 5 => {
            // Some users were not had.
            if let Some(users) = users(&mut world) {
                users.retain(|_| choices.below(2) == 0);
            }
            world = world.gap(0, "users", GapKind::Partial);
        }
        6 => {
            let field = choices.pick(&["root", "tries", "ciphers"]);
            if let Some(body) = &mut world.bodies[1] {
                body[field] = Value::Null;
            }
            world = world.gap(1, field, GapKind::Unknown);
        }
        _ => {
            let field = choices.pick(&["ciphers", "ports"]);
            let body = world.bodies[1].as_mut();
            if let Some(list) = body.and_then(|body| body[field].as_array_mut()) {
                list.pop();
            }
            world = world.gap(1, field, GapKind::Partial);
        }
    }
    world
}

/// The users of a world, none where there is no list of them.
fn users(world: &mut World) -> Option<&mut Vec<Value>> {
    world.bodies[0].as_mut()?.get_mut("users")?.as_array_mut()
}

fn compiled(text: &str) -> Predicate {
    compile(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

/// The assertions of real checks, over the made-up schema.
const REALISTIC: [&str; 11] = [
    "accounts.users.all(u, u.uid != 0 || u.name == 'root')",
    "accounts.users.unique(u, u.uid) && accounts.users.unique(u, u.name)",
    "accounts.users.all(u, u.password.state != 'empty' || u.shell in params.allowed)",
    "accounts.users.filter(u, u.system).all(u, u.password.state == 'locked')",
    "accounts.users.all(u, u.name in registers.approved)",
    "!accounts.users.exists(u, has(u.password) && u.password.state == 'empty')",
    "ssh.tries <= params.max && ssh.ciphers.all(c, c in ['aes', 'root'])",
    "mode_within(file.mode, params.mode) && file.uid == 0",
    "now < params.ends[os.product]",
    "within_days(ssh.tries, 20000) && !within_days(ssh.tries, params.max)",
    "size(accounts.users.filter(u, u.uid == 0)) <= 1",
];

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

/// With less known, the answer is the same or unknown.
fn assert_monotone(text: &str, full: &World, less: &World) -> Result<(), TestCaseError> {
    let predicate = compiled(text);
    let (known, weaker) = (full.evaluate(&predicate), less.evaluate(&predicate));
    prop_assert!(
        weaker.truth == Truth::Unknown || weaker.truth == known.truth,
        "{text}: {:?} became {:?}\nfull: {full:?}\nless: {less:?}",
        known.truth,
        weaker.truth
    );
    for verdict in [&known, &weaker] {
        let undecided = matches!(verdict.truth, Truth::Unknown | Truth::Absent);
        prop_assert_eq!(verdict.reasons.is_empty(), !undecided, "{}", text);
        prop_assert!(verdict.terms.len() <= 20 && verdict.observed.len() <= 10);
        prop_assert!(verdict.terms.len() as u64 <= verdict.terms_total);
        prop_assert_eq!(verdict.terms_total > 0, verdict.truth == Truth::False, "{}", text);
        let longest = verdict.terms.iter().map(|term| term.path.chars().count()).max();
        prop_assert!(longest.unwrap_or(0) <= 300);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn less_evidence_never_changes_an_answer_into_another(
        text in bytes(60), body in bytes(40), less in bytes(30),
    ) {
        let full = world(&body, true);
        let weaker = weaken(full.clone(), &less);
        assert_monotone(&Writer::predicate(&text, false), &full, &weaker)?;
    }

    #[test]
    fn less_evidence_never_passes_a_real_check(
        which in 0..REALISTIC.len(), body in bytes(40), less in bytes(30),
    ) {
        let full = world(&body, true);
        let weaker = weaken(full.clone(), &less);
        assert_monotone(REALISTIC[which], &full, &weaker)?;
        // A second loss on top of the first one.
        let weakest = weaken(weaker.clone(), &body);
        assert_monotone(REALISTIC[which], &weaker, &weakest)?;
    }

    #[test]
    fn negation_exchanges_true_and_false_alone(text in bytes(60), body in bytes(40)) {
        let text = Writer::predicate(&text, false);
        let world = weaken(world(&body, true), &body);
        let plain = world.evaluate(&compiled(&text)).truth;
        let negated = world.evaluate(&compiled(&format!("!({text})"))).truth;
        let expected = match plain {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            other => other,
        };
        prop_assert_eq!(negated, expected, "{}", text);
    }

    #[test]
    fn known_evidence_is_answered_as_cel_answers(text in bytes(60), body in bytes(40)) {
        let text = Writer::predicate(&text, true);
        let mut world = world(&body, false);
        world.empty_ok = true;
        let ours = world.evaluate(&compiled(&text)).truth;
        let theirs = interpret(&text, &world);
        let ours = match ours {
            Truth::True => Ok(cel::Value::Bool(true)),
            Truth::False => Ok(cel::Value::Bool(false)),
            other => Err(format!("{other:?}")),
        };
        prop_assert_eq!(ours, theirs, "{}", text);
    }

    #[test]
    fn mutants_are_total(text in bytes(40), body in bytes(30)) {
        let world = world(&body, true);
        for mutant in compiled(&Writer::predicate(&text, false)).mutants() {
            world.evaluate(&mutant.predicate);
        }
    }

    #[test]
    fn any_text_is_refused_or_compiled(text in "[a-z0-9 .,()!&|<>='\\[\\]\"中\n-]{0,80}") {
        if let Ok(predicate) = compile(&text) {
            World::usual().evaluate(&predicate);
        }
    }
}

/// What `cel`'s own interpreter answers.
fn interpret(text: &str, world: &World) -> Result<cel::Value, String> {
    let program = cel::Program::compile(text).map_err(|error| error.to_string())?;
    let mut context = cel::Context::default();
    let mut add = |name: &str, value: Value| {
        let value = cel::to_value(value).map_err(|error| error.to_string())?;
        context.add_variable_from_value(name.to_owned(), value);
        Ok::<_, String>(())
    };
    for (name, body) in ["accounts", "ssh", "os", "file"].into_iter().zip(&world.bodies) {
        add(name, body.clone().unwrap_or_default())?;
    }
    add("params", json!({"max": 4, "allowed": ["no", "prohibit-password"], "strict": true}))?;
    add("registers", json!({"approved": world.approved}))?;
    program.execute(&context).map_err(|error| error.to_string())
}
