use super::*;
use crate::predicate::{Bound, BoundState, Truth};
use anji_model::{EvidenceType, FailureCategory, GapKind};
use serde_json::json;

fn key(name: &str) -> EvidenceKey {
    EvidenceKey { kind: EvidenceType::new(name).expect("a type"), selector: None }
}

fn bindings() -> Vec<(String, EvidenceKey)> {
    ["accounts", "sshd.effective", "os.release"].map(|name| (name.to_owned(), key(name))).into()
}

fn compile(text: &str) -> Result<Query, Vec<Diagnostic>> {
    Query::compile(text, &bindings(), &[], &[])
}

fn user(name: &str, uid: i64, password: Value) -> Value {
    json!({"name": name, "uid": uid, "gid": uid, "home": "/", "shell": "", "gecos": "G",
           "password": password})
}

fn password(state: &str) -> Value {
    json!({"state": state, "scheme": null, "last_change_day": 20_000, "min_days": null,
           "max_days": null, "warn_days": null, "inactive_days": null, "expire_day": null})
}

fn body(users: &[Value]) -> Value {
    json!({"users": users, "groups": [], "compat_entries": [], "malformed_lines": [],
           "shadow_without_account": [], "sources": ["files"]})
}

fn gap(path: &str, kind: GapKind) -> Gap {
    let (category, detail) = (FailureCategory::Permission, "closed".to_owned());
    Gap { path: path.to_owned(), kind, category, detail }
}

fn ask(text: &str, body: &Value, gaps: &[Gap]) -> Answer {
    let query = compile(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    let bindings = bindings();
    let state = |index: usize| match index {
        0 => BoundState::Collected { value: body, gaps },
        1 => BoundState::Absent,
        _ => BoundState::Unknown(Reason {
            category: ReasonCategory::NotCollected,
            key: None,
            detail: "nothing".to_owned(),
        }),
    };
    let env = Environment {
        bindings: bindings
            .iter()
            .enumerate()
            .map(|(index, (_, key))| Bound { key, state: state(index), empty_ok: false })
            .collect(),
        params: &[],
        registers: Vec::new(),
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    query.ask(&env, false)
}

/// The name of a record, or a text.
fn name(item: &Readable) -> &str {
    match item {
        Readable::Text(text) => text,
        Readable::Record(fields) => name(&fields[0].value),
        other => panic!("{other:?} has no name"),
    }
}

fn names(items: &[Readable]) -> Vec<&str> {
    items.iter().map(name).collect()
}

fn elements(answer: &Answer) -> &ReadableList {
    match &answer.found {
        Found::Value(Readable::List(list)) => list,
        other => panic!("{other:?} is no list"),
    }
}

#[test]
fn an_expression_may_be_of_any_type_and_says_of_which() {
    let types = [
        ("accounts.users.all(u, u.uid == 0)", "bool"),
        ("size(accounts.users)", "int"),
        ("accounts.users.map(u, u.name)", "list<string>"),
        ("accounts.users.filter(u, u.uid == 0)", "list<record>"),
        ("accounts", "record"),
        ("os.release.kernel", "record"),
        ("sshd.effective.contexts.map(c, c.permitrootlogin)", "list<string>"),
        ("now", "time"),
        ("[1, 2]", "list<int>"),
    ];
    for (text, ty) in types {
        assert_eq!(compile(text).map(|query| query.type_name()).as_deref(), Ok(ty), "{text}");
    }
}

#[test]
fn problems_stand_where_they_are_and_name_what_is_near() {
    let problems = compile("accounts.users.all(u,\n  u.uidd == 0)").expect_err("no such field");
    let [one] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!((one.line, one.column, one.length), (2, 5, 4));
    assert_eq!(one.line_text, "  u.uidd == 0)");
    assert_eq!(one.help.as_ref().map(|help| help.en.as_str()), Some("did you mean `uid`?"));
    for bad in ["", "accounts.", "sshd.effectiv.contexts", "accounts == accounts", "nothing", "安"]
    {
        assert!(compile(bad).is_err(), "{bad}");
    }
    // A variable of a loop hides no evidence whose name begins with it.
    assert!(compile("accounts.users.all(sshd, sshd.uid == 0)").is_ok());
}

#[test]
fn what_a_filter_cannot_decide_is_kept_apart_and_explained() {
    let body = body(&[
        user("root", 0, password("set")),
        user("li", 1, Value::Null),
        user("wu", 2, password("empty")),
    ]);
    let text = "accounts.users.filter(u, u.password.state == \"set\")";
    let closed = [gap("users[].password", GapKind::Unknown)];
    let answer = ask(text, &body, &closed);
    assert_eq!(names(&elements(&answer).items), ["root"]);
    assert_eq!(names(&answer.doubtful), ["li"]);
    assert_eq!(answer.reasons.len(), 1, "{:?}", answer.reasons);
    // Without the gap the null is an absence: a fact, and no doubt.
    let answer = ask(text, &body, &[]);
    assert_eq!(names(&elements(&answer).items), ["root"]);
    assert_eq!((answer.doubtful.len(), answer.absent), (0, 1));
    assert_eq!(answer.reasons[0].category, ReasonCategory::Absent);
}

#[test]
fn a_partial_list_says_so_and_an_empty_one_too() {
    let partial = [gap("users", GapKind::Partial)];
    let answer = ask(
        "accounts.users.filter(u, u.uid == 0)",
        &body(&[user("root", 0, Value::Null)]),
        &partial,
    );
    assert_eq!(elements(&answer).lacks.len(), 1);
    assert!(!answer.reasons.is_empty());
    let answer = ask("accounts.users", &body(&[]), &partial);
    assert_eq!(elements(&answer).lacks, partial);
    let answer = ask("accounts.users.map(u, u.name)", &body(&[]), &[]);
    assert_eq!(answer.reasons[0].category, ReasonCategory::Empty);
}

#[test]
fn unknown_and_absent_evidence_have_no_value() {
    let body = body(&[user("root", 0, Value::Null)]);
    let unknown = ask("os.release.id", &body, &[]);
    assert_eq!((unknown.found, unknown.reasons.len()), (Found::Unknown, 1));
    let absent = ask("sshd.effective.contexts", &body, &[]);
    assert_eq!((absent.found, absent.reasons.len()), (Found::Absent, 1));
    let truth = ask("sshd.effective.contexts.all(c, true)", &body, &[]);
    assert_eq!(truth.verdict.map(|verdict| verdict.truth), Some(Truth::Absent));
    let failing = ask("accounts.users.all(u, u.uid != 0)", &body, &[]);
    assert_eq!(failing.found, Found::Value(Readable::Bool(false)));
    assert_eq!(failing.verdict.map(|verdict| verdict.terms_total), Some(1));
}

#[test]
fn values_read_from_maps_are_days_where_their_fields_are() {
    let body = body(&[user("root", 0, password("set"))]);
    let days = ask("accounts.users.map(u, u.password.last_change_day)", &body, &[]);
    assert_eq!(elements(&days).items, [Readable::Day(20_000)]);
}

#[test]
fn reading_a_personal_value_in_any_way_is_told() {
    let gecos = ["accounts.users[].gecos".to_owned()];
    for text in [
        "accounts.users.filter(u, u.gecos == \"G\")",
        "accounts.users.map(u, u.gecos)",
        "size(accounts.users.filter(u, u.gecos.startsWith(\"G\")))",
        "accounts.users.unique(u, u.gecos)",
        "accounts.users.all(u, u.uid == 0 || !(u.gecos in [\"G\"]))",
    ] {
        assert_eq!(compile(text).expect("an expression").personal(), gecos, "{text}");
    }
    for text in ["accounts.users", "accounts.users.map(u, u.name)", "size(accounts.users)"] {
        assert!(compile(text).expect("an expression").personal().is_empty(), "{text}");
    }
    // A whole record shows the personal value as hidden, and says which it holds.
    for text in ["accounts", "accounts.users", "accounts.users.filter(u, u.uid == 0)"] {
        assert_eq!(compile(text).expect("an expression").personal_shown(), gecos, "{text}");
    }
    for text in ["accounts.groups", "size(accounts.users)", "accounts.users.map(u, u.name)"] {
        assert!(compile(text).expect("an expression").personal_shown().is_empty(), "{text}");
    }
    let answer = ask("accounts.users", &body(&[user("root", 0, Value::Null)]), &[]);
    let Readable::Record(fields) = &elements(&answer).items[0] else { panic!("a record") };
    let hidden = fields.iter().find(|field| field.name == "gecos").expect("a field");
    assert_eq!(hidden.value, Readable::Hidden);
}

#[test]
fn problems_are_told_in_both_languages() {
    let cases = [
        ("accounts == accounts", "断言语言不支持 record 的相等比较"),
        ("accounts.users.map(u, u)", "断言语言不支持以类型 record 为键的 `map`"),
        ("{'a': 1}", "断言语言不支持映射字面量"),
        ("accounts.users.all(u, u.uid == 1 1)", "表达式语法错误：多余的 '1'"),
        ("accounts.", "表达式语法错误：无法理解 '.'"),
        ("1 # 2", "表达式语法错误：无法识别 '#'"),
        ("package", "表达式语法错误：保留字 package"),
    ];
    for (text, zh) in cases {
        let problems = compile(text).expect_err(text);
        assert!(problems.iter().any(|one| one.message.zh.starts_with(zh)), "{text}: {problems:?}");
    }
    // What is not known of the parser's words is marked as its own.
    for text in ["", "(", "accounts.users)", "1 +", "accounts accounts", "'\\q'", "'a"] {
        for one in compile(text).expect_err(text) {
            let zh = one.message.zh;
            let foreign = zh.contains(" input ") || zh.contains("invalid") || zh.contains("error");
            assert!(!zh.is_ascii() && (!foreign || zh.contains("解析器原文")), "{text}: {zh}");
        }
    }
}

#[test]
fn evidence_behind_a_reserved_word_is_named() {
    let bindings = [("package_updates".to_owned(), key("package.updates"))];
    let helped = |text: &str| {
        let problems = Query::compile(text, &bindings, &[], &[]).expect_err("a reserved word");
        problems.into_iter().find_map(|one| one.help).map(|help| help.en)
    };
    let hint = Some("its name is `package_updates`".to_owned());
    assert_eq!(helped("package.updates"), hint);
    assert_eq!(helped("size(package.updates.pending)"), hint);
    assert_eq!(helped("package.nothing"), None);
}
