//! Typed values of every shape, as evidence holds them.

use anji_model::{FailureCategory, Gap, GapKind, Readable, ReadableField, ReadableList};

fn gap(path: &str, kind: GapKind, category: FailureCategory, detail: &str) -> Gap {
    Gap { path: path.to_owned(), kind, category, detail: detail.to_owned() }
}

fn word(text: &str) -> Readable {
    Readable::Text(text.to_owned())
}

fn record<const N: usize>(fields: [(&str, Readable); N]) -> Readable {
    let field = |(n, (name, value)): (usize, (&str, Readable))| ReadableField {
        name: name.to_owned(),
        label: n == 0,
        value,
    };
    Readable::Record(fields.into_iter().enumerate().map(field).collect())
}

fn list(items: Vec<Readable>, lacks: Vec<Gap>) -> Readable {
    Readable::List(ReadableList { items, lacks, ..ReadableList::default() })
}

/// Single values of every kind, and what could be taken for a mark.
pub(crate) fn os() -> Readable {
    let steers = word("6.1.0-\u{1b}[31m\u{202e}");
    record([
        ("id", word("debian")),
        ("kernel", record([("release", steers), ("sysname", word("Linux"))])),
        ("product", Readable::Absent),
        ("build", word("?")),
        ("note", word(" begins with a blank")),
        ("supported_day", Readable::Day(20_781)),
        ("live", Readable::Bool(true)),
        ("seen_at", Readable::Time(crate::fixtures::now())),
        ("broken", Readable::Unknown(Vec::new())),
        ("long", word(&"a long value ".repeat(200))),
        ("empty", list(Vec::new(), Vec::new())),
    ])
}

/// Lists of records that fit a page, with gaps and hidden values.
pub(crate) fn accounts() -> Readable {
    let closed = gap(
        "users[].password",
        GapKind::Unknown,
        FailureCategory::Permission,
        "cannot open /etc/shadow",
    );
    let cut = gap("groups", GapKind::Partial, FailureCategory::Truncated, "");
    let user = |name: &str, uid, password| {
        record([
            ("name", word(name)),
            ("uid", Readable::Int(uid)),
            ("gecos", Readable::Hidden),
            ("expire_day", Readable::Absent),
            ("password", password),
        ])
    };
    let known = record([("state", word("set")), ("scheme", word("yescrypt"))]);
    let users = vec![
        user("root", 0, known),
        user("backup", 1000, Readable::Unknown(vec![closed.clone()])),
        user("li", 1001, Readable::Unknown(vec![closed])),
        user("wang", 1002, Readable::Absent),
        user("zhao", 1003, Readable::Absent),
    ];
    let group = |name: &str| {
        record([("name", word(name)), ("members", list(vec![word("li")], Vec::new()))])
    };
    record([
        ("sources", list(vec![word("files"), word("systemd")], Vec::new())),
        ("users", list(users, Vec::new())),
        ("groups", list(vec![group("root"), group("adm")], vec![cut])),
    ])
}

/// Records that are too wide for a table, with lists of records in them, and a
/// list that a filter has thinned out.
pub(crate) fn mounts() -> Readable {
    let option = |name: &str| record([("name", word(name)), ("value", Readable::Absent)]);
    let mount = |place: &str| {
        record([
            ("mounted_on", word(place)),
            ("source", word(&format!("/dev/disk/by-id/{}", "a".repeat(70)))),
            ("mode", word("0755")),
            ("options", list(vec![option("nosuid"), option("nodev")], Vec::new())),
        ])
    };
    let found = ReadableList {
        items: vec![mount("/"), mount("/srv/data")],
        lacks: Vec::new(),
        filtered: 40,
        untold: 2,
    };
    record([("mounts", Readable::List(found))])
}

#[test]
fn elements_are_looked_for_as_they_are_shown() {
    use anji_model::Lang::{En, Zh};
    let kept = |wanted: &str, lang| {
        let account = |name: &str, locked, day| {
            record([("name", word(name)), ("locked", locked), ("day", day)])
        };
        let mut users = list(
            vec![
                account("li", Readable::Bool(true), Readable::Day(20_780)),
                account("wang", Readable::Bool(false), Readable::Absent),
                account("wu", Readable::Unknown(Vec::new()), Readable::Absent),
            ],
            Vec::new(),
        );
        let style = anji_report::Style::plain(80, lang);
        anji_report::terminal::keep_elements(&mut users, wanted, &style);
        let Readable::List(list) = users else { panic!("a list stays one") };
        (list.items.len(), list.filtered, list.untold)
    };
    assert_eq!(kept("YES", En), (1, 1, 1));
    assert_eq!(kept("yes", Zh), (0, 2, 1));
    assert_eq!(kept("是", Zh), (1, 1, 1));
    assert_eq!(kept("2026-11-23", En), (1, 1, 1));
    assert_eq!(kept("20780", En), (0, 2, 1));
    assert_eq!(kept("wu", En), (1, 2, 0));
}
