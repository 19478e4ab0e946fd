//! What predicates answer, and what they show of it.

use super::samples::{World, compile};
use super::{Predicate, Truth};
use anji_model::{FailureCategory, GapKind, ReasonCategory};
use serde_json::{Value, json};

fn predicate(text: &str) -> Predicate {
    compile(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

fn truth(world: &World, text: &str) -> Truth {
    world.evaluate(&predicate(text)).truth
}

fn terms(world: &World, text: &str) -> Vec<String> {
    let verdict = world.evaluate(&predicate(text));
    assert_eq!(verdict.truth, Truth::False, "{text}");
    let term =
        |t: &anji_model::Term| format!("{} {} {} {}", t.path, t.observed, t.operator, t.allowed);
    verdict.terms.iter().map(term).collect()
}

#[test]
fn known_evidence_decides() {
    let world = World::usual();
    for text in [
        "ssh.tries <= params.max",
        "ssh.root in params.allowed && !(ssh.root == 'yes')",
        "accounts.users.all(u, u.uid != 0 || u.name == 'root')",
        "accounts.users.exists(u, u.name == 'alice' && u.uid >= 1000)",
        "accounts.users.unique(u, u.uid)",
        "accounts.users.filter(u, u.uid == 0).all(u, u.name.startsWith('ro'))",
        "accounts.users.map(u, u.name).all(n, n in registers.approved)",
        "'alice' in accounts.users.map(u, u.name)",
        "size(accounts.users) == 3 && accounts.users.size() > 2",
        "size(accounts.users.filter(u, u.system)) == 2",
        "mode_within(file.mode, params.mode)",
        "now < params.ends[os.product]",
        "within_days(20780, 0) && within_days(20690, 90) && !within_days(20689, 90)",
        "!has(os.kernel) && has(ssh.tries)",
        "22 in ssh.ports && !(23 in [21, 23, 25] && false)",
        "accounts.users.all(u, u.groups.exists(g, g == 'users'))",
        "params.strict",
        "accounts.users.all(u, !has(u.password) || u.password.state in ['set', 'locked'])",
        "params.allowed.all(a, a.contains('o'))",
        "!('x' in [])",
    ] {
        assert_eq!(truth(&world, text), Truth::True, "{text}");
        assert_eq!(truth(&world, &format!("!({text})")), Truth::False, "{text}");
    }
}

#[test]
fn failed_terms_name_the_element_and_what_was_allowed() {
    let mut world = World::usual();
    let toor = json!({"name": "toor", "uid": 0, "shell": "/bin/sh", "system": true,
        "groups": [], "password": null});
    world.bodies[0].as_mut().and_then(|b| b["users"].as_array_mut()).expect("users").push(toor);
    assert_eq!(
        terms(&world, "accounts.users.all(u, u.uid != 0 || u.name == 'root')"),
        ["accounts.users[toor].uid 0 != 0", "accounts.users[toor].name \"toor\" == \"root\"",]
    );
    assert_eq!(
        terms(&world, "accounts.users.unique(u, u.uid)"),
        ["accounts.users[toor].uid 0 unique \"not as accounts.users[root].uid\""]
    );
    assert_eq!(
        terms(&world, "accounts.users.all(u, u.name in registers.approved)"),
        ["accounts.users[toor].name \"toor\" in [\"root\",\"daemon\",\"alice\"]"]
    );
    assert_eq!(
        terms(&world, "!accounts.users.exists(u, u.name == 'toor' && u.uid == 0)"),
        ["accounts.users[toor].name \"toor\" != \"toor\"", "accounts.users[toor].uid 0 != 0",]
    );
    assert_eq!(terms(&world, "3 >= ssh.tries"), ["ssh.tries 4 <= 3"]);
    assert_eq!(
        terms(&world, "!(ssh.root in params.allowed)"),
        ["ssh.root \"no\" not in [\"no\",\"prohibit-password\"]"]
    );
    assert_eq!(terms(&world, "!('aes' in ssh.ciphers)")[0].split(' ').next(), Some("\"aes\""));
    assert_eq!(
        terms(&world, "ssh.ciphers.all(c, c == 'aes')"),
        ["ssh.ciphers[1] \"chacha\" == \"aes\""]
    );
    assert_eq!(
        terms(&world, "mode_within(file.mode, '0600')"),
        ["file.mode \"0640\" mode_within \"0600\""]
    );
    assert_eq!(terms(&world, "size(accounts.users) < 4"), ["size(accounts.users) 4 < 4"]);
    assert_eq!(terms(&world, "has(os.kernel)"), ["os.kernel null has true"]);
    assert_eq!(terms(&world, "!params.strict"), ["params.strict true == false"]);
    assert_eq!(
        terms(&world, "accounts.users.map(u, u.name).all(n, n != 'root')"),
        ["accounts.users[root].name \"root\" != \"root\""]
    );
}

#[test]
fn days_end_at_their_last_instant_and_say_when() {
    let world = World::usual();
    let verdict = world.evaluate(&predicate("within_days(20690, 90)"));
    assert_eq!(verdict.truth, Truth::True);
    let until = verdict.valid_until.expect("time alone can change it").to_string();
    assert_eq!(until, "2026-11-24T00:00:00Z");
    let late = predicate("accounts.users.all(u, within_days(u.uid, params.max))");
    assert_eq!(world.evaluate(&late).valid_until, None, "what is past does not come back");
    assert_eq!(terms(&world, "within_days(ssh.tries, params.max)"), ["ssh.tries 4 within_days 4"]);
    for far in ["within_days(9223372036854775807, 9)", "!within_days(-9223372036854775807, 0)"] {
        assert_eq!(truth(&world, far), Truth::True, "{far}");
    }
}

#[test]
fn a_pass_shows_what_it_saw() {
    let world = World::usual();
    let verdict = world.evaluate(&predicate("ssh.tries <= params.max && ssh.root != 'yes'"));
    let seen: Vec<_> = verdict.observed.iter().map(|o| (&*o.path, &*o.value)).collect();
    assert_eq!(seen, [("ssh.tries", "4"), ("ssh.root", "\"no\"")]);
    assert!(verdict.terms.is_empty() && verdict.reasons.is_empty());
    let verdict = world.evaluate(&predicate("now < params.ends[os.product]"));
    let seen: Vec<_> = verdict.observed.iter().map(|o| (&*o.path, &*o.value)).collect();
    assert_eq!(seen, [("now", "\"2026-11-23T12:00:00Z\""), ("os.product", "\"debian 12\"")]);
}

#[test]
fn traces_are_bounded_and_counted() {
    let mut world = World::usual();
    let user = |n: usize| {
        json!({"name": "x".repeat(n), "uid": n, "shell": "/bin/sh", "system": false,
            "groups": [], "password": null})
    };
    world.bodies[0] = Some(json!({"users": (1..=500).map(user).collect::<Vec<_>>()}));
    let verdict = world.evaluate(&predicate("accounts.users.all(u, u.name == 'root')"));
    assert_eq!((verdict.terms.len(), verdict.terms_total), (20, 500));
    assert_eq!(verdict.observed.len(), 10);
    let verdict = world.evaluate(&predicate("accounts.users.all(u, u.uid < 490)"));
    assert!(verdict.terms.iter().all(|t| t.path.chars().count() <= 300));
    let verdict = world.evaluate(&predicate("accounts.users.all(u, u.name.startsWith('y'))"));
    assert!(verdict.terms.iter().all(|t| t.observed.chars().count() <= 300));
}

#[test]
fn absence_is_answered_by_the_content_and_unknown_by_nobody() {
    let world = World::usual();
    let daemon = "accounts.users.all(u, u.password.state != 'empty')";
    let verdict = world.evaluate(&predicate(daemon));
    assert_eq!((verdict.truth, verdict.absent.as_slice()), (Truth::Absent, &[0][..]));
    assert_eq!(verdict.reasons[0].category, ReasonCategory::Absent);
    let denied = world.clone().gap(0, "users[].password", GapKind::Unknown);
    let verdict = denied.evaluate(&predicate(daemon));
    assert_eq!(verdict.truth, Truth::Unknown);
    assert!(verdict.absent.is_empty());
    let category = &verdict.reasons[0].category;
    assert_eq!(*category, ReasonCategory::Evidence(FailureCategory::Permission));
    // False dominates absence in `&&`, true in `||`, unknown dominates absence.
    assert_eq!(truth(&world, "os.kernel == 'x' && ssh.root == 'yes'"), Truth::False);
    assert_eq!(truth(&world, "os.kernel == 'x' || ssh.root == 'no'"), Truth::True);
    assert_eq!(truth(&world, "os.kernel == 'x' && ssh.root == 'no'"), Truth::Absent);
    let mut unknown = world.clone();
    unknown.unknown[1] = true;
    assert_eq!(truth(&unknown, "os.kernel == 'x' && ssh.root == 'no'"), Truth::Unknown);
    let mut absent = world;
    absent.bodies[1] = None;
    assert_eq!(truth(&absent, "ssh.root == 'no'"), Truth::Absent);
    assert_eq!(truth(&absent, "!has(ssh.tries)"), Truth::Absent);
}

#[test]
fn a_witness_decides_on_a_partial_list_and_nothing_else_does() {
    let world = World::usual().gap(0, "users", GapKind::Partial);
    for (text, expected) in [
        ("accounts.users.all(u, u.uid < 1000)", Truth::False),
        ("accounts.users.all(u, u.uid < 2000)", Truth::Unknown),
        ("accounts.users.exists(u, u.name == 'alice')", Truth::True),
        ("accounts.users.exists(u, u.name == 'bob')", Truth::Unknown),
        ("accounts.users.unique(u, u.shell)", Truth::False),
        ("accounts.users.unique(u, u.uid)", Truth::Unknown),
        ("size(accounts.users) == 3", Truth::Unknown),
        ("'alice' in accounts.users.map(u, u.name)", Truth::True),
        ("'bob' in accounts.users.map(u, u.name)", Truth::Unknown),
        // Elements that are there are whole.
        ("accounts.users.exists(u, u.groups.all(g, g == 'users'))", Truth::True),
    ] {
        assert_eq!(truth(&world, text), expected, "{text}");
    }
}

#[test]
fn empty_is_not_clean_unless_the_content_says_so() {
    let mut world = World::usual();
    world.bodies[0] = Some(json!({"users": []}));
    let looped = [
        "accounts.users.all(u, u.uid == 0)",
        "!accounts.users.exists(u, u.uid == 0)",
        "accounts.users.unique(u, u.uid)",
        "size(accounts.users.filter(u, u.uid == 0)) == 0",
        "!('x' in accounts.users.map(u, u.name))",
    ];
    for text in looped {
        let verdict = world.evaluate(&predicate(text));
        assert_eq!(verdict.truth, Truth::Unknown, "{text}");
        assert_eq!(verdict.reasons[0].category, ReasonCategory::Empty);
    }
    world.empty_ok = true;
    for text in looped {
        assert_eq!(truth(&world, text), Truth::True, "{text}");
    }
}

#[test]
fn membership_of_elements_may_be_in_doubt() {
    let mut world = World::usual().gap(0, "users[].password", GapKind::Unknown);
    let locked = "accounts.users.filter(u, u.password.state == 'set')";
    assert_eq!(truth(&world, &format!("{locked}.all(u, u.uid != 1)")), Truth::Unknown);
    assert_eq!(truth(&world, &format!("{locked}.all(u, u.uid != 0)")), Truth::False);
    assert_eq!(truth(&world, &format!("{locked}.all(u, u.uid >= 0)")), Truth::True);
    assert_eq!(truth(&world, &format!("size({locked}) == 2")), Truth::Unknown);
    world.gaps[0].clear();
    assert_eq!(truth(&world, &format!("{locked}.all(u, u.uid != 1)")), Truth::Absent);
}

#[test]
fn registers_and_tables_that_are_not_there_are_unknown() {
    let mut world = World::usual();
    world.approved = None;
    let verdict = world.evaluate(&predicate("ssh.root in registers.approved"));
    assert_eq!(verdict.truth, Truth::Unknown);
    assert!(matches!(&verdict.reasons[0].category, ReasonCategory::NoRegister(id)
        if id.as_str() == "approved-users"));
    world.bodies[2].as_mut().expect("os")["product"] = Value::from("haiku 1");
    let verdict = world.evaluate(&predicate("now < params.ends[os.product]"));
    assert_eq!(verdict.reasons[0].category, ReasonCategory::Undecidable);
    world.approved = Some(Vec::new());
    assert_eq!(truth(&world, "ssh.root in registers.approved"), Truth::False);
}

#[test]
fn answers_that_time_alone_can_change_say_until_when_they_hold() {
    let mut world = World::usual();
    let text = predicate("now < params.ends[os.product]");
    let end: jiff::Timestamp = "2028-07-01T00:00:00Z".parse().expect("a time");
    assert_eq!(world.evaluate(&text).valid_until, Some(end));
    world.now = end;
    let verdict = world.evaluate(&text);
    assert_eq!((verdict.truth, verdict.valid_until), (Truth::False, None));
    world.now = end - jiff::SignedDuration::from_nanos(1);
    assert_eq!(world.evaluate(&text).truth, Truth::True);
}

#[test]
fn evidence_that_breaks_its_schema_is_a_fault() {
    let mut world = World::usual();
    world.bodies[1] = Some(json!({"root": 5, "ciphers": "aes", "ports": [1.5, null]}));
    for text in ["ssh.root == 'no'", "'aes' in ssh.ciphers", "22 in ssh.ports"] {
        let verdict = world.evaluate(&predicate(text));
        assert_eq!(verdict.truth, Truth::Unknown, "{text}");
        assert_eq!(verdict.reasons[0].category, ReasonCategory::Fault, "{text}");
    }
}

#[test]
fn too_much_work_is_unknown() {
    let mut world = World::usual();
    let user = |n: usize| json!({"name": n.to_string(), "uid": n});
    world.bodies[0] = Some(json!({"users": (0..3000).map(user).collect::<Vec<_>>()}));
    let text = "accounts.users.all(a, accounts.users.all(b, a.uid + 0 == b.uid || true))";
    assert!(compile(text).is_err(), "there is no arithmetic");
    let text = "accounts.users.all(a, accounts.users.exists(b, b.uid == a.uid))";
    let verdict = world.evaluate(&predicate(text));
    assert_eq!(verdict.truth, Truth::Unknown);
    assert_eq!(verdict.reasons.last().map(|r| &r.category), Some(&ReasonCategory::Fault));
}

#[test]
fn wrong_assertions_are_refused_where_they_are_wrong() {
    for (text, code, marked) in [
        ("ssh.rot == 'no'", "no-such-field", "rot"),
        ("ssg.root == 'no'", "unknown-name", "ssg"),
        ("ssh.root == 5", "cel-type", "=="),
        ("ssh.tries in ['a']", "cel-type", "in"),
        ("ssh.tries in [1, 'a']", "cel-type", "'a'"),
        ("ssh.root < 'a'", "cel-type", "<"),
        ("ssh.tries", "cel-type", "tries"),
        ("params.maxx == 4", "unknown-param", "maxx"),
        ("'a' in registers.apprved", "unknown-register", "apprved"),
        ("has(ssh.root)", "cel-type", "root"),
        ("ssh.tries + 1 == 5", "cel-unsupported", "+"),
        ("ssh.tries == 1.5", "cel-unsupported", "1"),
        ("ssh.tries == null", "cel-unsupported", "null"),
        ("ssh.ciphers.al(c, c == 'a')", "unknown-function", "al"),
        ("ssh.ciphers.all(ssh, ssh == 'a')", "taken-name", "ssh"),
        ("ssh.root.all(c, c == 'a')", "cel-type", "all"),
        ("mode_within(file.mode, '0999')", "cel-type", "'0999'"),
        ("ssh.ciphers == ssh.ciphers", "cel-unsupported", "=="),
        ("ssh.root ==", "cel-syntax", ""),
        ("ssh.root $ 1", "cel-syntax", "$"),
        ("'中文' == ssh.root && ssh.rott == ''", "no-such-field", "rott"),
        ("'中文' == ssh.root $", "cel-syntax", "$"),
        ("now == now", "cel-unsupported", "=="),
        ("now < 5", "cel-type", "<"),
    ] {
        let problems = compile(text).expect_err(text);
        let first = &problems[0];
        let found = text.get(first.at..first.at + first.len).unwrap_or("");
        assert_eq!((first.code, found), (code, marked), "{text}: {problems:?}");
    }
    let problems = compile("ssh.rot == 'no' && ssg.root == 'x'").expect_err("two problems");
    assert_eq!(problems.len(), 2);
    let help = problems[0].help.as_ref().map(|help| help.en.as_str());
    assert_eq!(help, Some("did you mean `root`?"));
}

#[test]
fn hostile_texts_are_refused_in_little_stack_and_time() {
    let many = |part: &str, times: usize| part.repeat(times);
    for text in [
        many("(", 10_000),
        many("!", 10_000),
        many("[", 30),
        format!("ssh{}", many(".a", 290)),
        format!("ssh{} == 1", many("[0]", 150)),
        format!("1{}", many("+1", 290)),
        format!("1{}", many("==1", 290)),
        format!("{}true", many("- ", 501)),
        many("true ? ", 100),
        many("a.all(b,", 24),
        "'unclosed".to_owned(),
        "\"\\".to_owned(),
        String::new(),
        " ".to_owned(),
        many("中", 2000),
        many("ssh.tries == 4 &&", 240),
        format!("'{}' == ssh.root &", many("x", 5000)),
    ] {
        let short: String = text.chars().take(30).collect();
        assert!(compile(&text).is_err(), "{short}");
    }
    assert!(compile(&format!("{}true", many("!", 501))).is_ok());
    assert!(compile(&vec!["ssh.tries == 4"; 60].join(" && ")).is_ok());
}

#[test]
fn mutants_differ_from_their_origin() {
    let original = predicate(
        "ssh.root in ['no', 'never'] && !(ssh.tries > 3 || file.uid == 0) \
         && accounts.users.all(u, u.name in params.allowed) && mode_within(file.mode, params.mode)",
    );
    let mutants = original.mutants();
    let described: Vec<_> = mutants.iter().map(|mutant| mutant.description.as_str()).collect();
    for wanted in [
        "`&&` to `||` at",
        "operand 2 of `&&` dropped",
        "`!` dropped",
        "`>` to `>=`",
        "`3` to `4`",
        "`3` to `2`",
        "`==` to `!=`",
        "`all` to `exists`",
        "member 1 dropped",
        "params.allowed: `no` dropped",
        "params.mode: to `0600`",
        "params.mode: to `0644`",
    ] {
        assert!(described.iter().any(|d| d.contains(wanted)), "{wanted}: {described:#?}");
    }
    let unique: std::collections::BTreeSet<_> = described.iter().collect();
    assert_eq!(unique.len(), described.len());
}

#[test]
fn mutants_answer_differently() {
    let world = World::usual();
    let original = predicate("mode_within(file.mode, params.mode) && ssh.tries <= params.max");
    assert_eq!(world.evaluate(&original).truth, Truth::True);
    let killed = |description: &str| {
        original
            .mutants()
            .into_iter()
            .find(|mutant| mutant.description.contains(description))
            .is_some_and(|mutant| world.evaluate(&mutant.predicate).truth == Truth::False)
    };
    assert!(killed("`<=` to `<`"));
    assert!(killed("params.max: one less"));
    assert!(!killed("params.max: one more"));
    assert!(killed("params.mode: to `0600`"));
}
