//! Expressions of every kind of answer.

use crate::fixtures::{key, observation, term, text};
use crate::readable;
use anji_model::{FailureCategory, Readable, Reason, ReasonCategory};
use anji_report::{FieldView, FieldsView, QueryAnswer, QueryNameView, QueryView, Style, terminal};

fn reason() -> Reason {
    Reason {
        category: ReasonCategory::Evidence(FailureCategory::Permission),
        key: Some(key("accounts")),
        detail: "accounts.users[].password: cannot open /etc/shadow\u{1b}[31m".to_owned(),
    }
}

fn absence() -> Reason {
    Reason {
        category: ReasonCategory::Absent,
        key: Some(key("accounts")),
        detail: "`accounts`, or an optional value in it, is absent by fact".to_owned(),
    }
}

fn blank(expression: &str, ty: &str, answer: QueryAnswer) -> QueryView {
    QueryView {
        expression: expression.to_owned(),
        ty: ty.to_owned(),
        answer,
        terms: Vec::new(),
        terms_total: 0,
        observed: Vec::new(),
        doubtful: Vec::new(),
        absent: 0,
        reasons: Vec::new(),
        elements_max: Some(3),
    }
}

/// Every kind of answer.
pub(crate) fn all() -> Vec<QueryView> {
    let truth = |value| QueryAnswer::Value(Readable::Bool(value));
    let users = |value: &Readable| match value {
        Readable::Record(fields) => {
            let found = fields.iter().find(|field| field.name == "users");
            found.expect("the fixture has users").value.clone()
        }
        other => other.clone(),
    };
    let users = users(&readable::accounts());
    vec![
        QueryView {
            observed: vec![observation("sshd.contexts[base].permitrootlogin", "\"no\"")],
            ..blank("true", "bool", truth(true))
        },
        QueryView {
            terms: vec![term("accounts.users[toor].uid", "0", "!=", "0")],
            terms_total: 3,
            ..blank("accounts.users.all(u, u.uid != 0)", "bool", truth(false))
        },
        QueryView { reasons: vec![reason()], ..blank("unknown", "bool", QueryAnswer::Unknown) },
        blank("absent", "int", QueryAnswer::Absent),
        blank("size(accounts.users)", "int", QueryAnswer::Value(Readable::Int(4))),
        QueryView {
            doubtful: vec![readable::os()],
            absent: 2,
            reasons: vec![reason(), absence()],
            ..blank("accounts.users", "list<record>", QueryAnswer::Value(users))
        },
        blank("os.release", "record", QueryAnswer::Value(readable::os())),
    ]
}

/// Answers, names and fields below each other.
pub(crate) fn shown(style: &Style) -> String {
    let answers: String = all().iter().map(|view| terminal::query(view, style)).collect();
    let name = |name: &str, is_collected, reason| QueryNameView {
        name: name.to_owned(),
        title: text("账户和组", "Accounts and groups"),
        is_collected,
        reason,
    };
    let names = [
        name("accounts", true, None),
        name("sshd.effective", false, Some(reason())),
        name("containers", false, None),
    ];
    let field = |path: &str, personal| FieldView {
        path: path.to_owned(),
        ty: "string".to_owned(),
        personal,
        doc: "The comment, mostly a person's name.".to_owned(),
    };
    let fields = FieldsView {
        name: "accounts".to_owned(),
        title: text("账户和组", "Accounts and groups"),
        fields: vec![field("users[].name", false), field("users[].gecos", true)],
    };
    let help = terminal::query_help("his-db01", style);
    format!(
        "{help}{answers}{}{}",
        terminal::query_names(&names, style),
        terminal::query_fields(&fields, style)
    )
}

#[test]
fn what_a_list_lacks_keeps_its_cause_in_json() {
    use anji_model::{Gap, GapKind, ReadableList};
    let gap = |path: &str| Gap {
        path: path.to_owned(),
        kind: GapKind::Partial,
        category: FailureCategory::Truncated,
        detail: "the list is cut".to_owned(),
    };
    let items = vec![Readable::Int(1), Readable::Unknown(vec![gap("users[].uid")])];
    let list = ReadableList { items, lacks: vec![gap("")], ..ReadableList::default() };
    let answer = QueryAnswer::Value(Readable::List(list));
    let view = QueryView { absent: 3, ..blank("accounts.users", "list<int>", answer) };
    let text = anji_report::json::query_line(&view);
    assert_eq!(text.matches('\n').count(), 1, "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).expect("a document");
    let lack = serde_json::json!({"failure": "truncated", "detail": "the list is cut"});
    assert_eq!(json["value"]["$because"], serde_json::json!([lack]));
    assert_eq!(json["value"]["$partial"][0], 1);
    assert_eq!(json["value"]["$partial"][1]["$unknown"][0]["path"], "users[].uid");
    assert_eq!(json["absent_elements"], 3);
}
