//! A made-up evidence schema and helpers that the tests of predicates share.

use super::{
    Bound, BoundState, Environment, FieldType, Predicate, Problem, RecordType, Type, Verdict,
};
use crate::content::{Param, ParamType, ParamValue, RegisterUse, Stricter};
use anji_model::{
    EvidenceKey, EvidenceType, FailureCategory, Gap, GapKind, Reason, ReasonCategory, RegisterId,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn record(label: Option<&str>, fields: &[(&str, Type, bool)]) -> Type {
    let field = |(name, ty, optional): &(&str, Type, bool)| FieldType {
        name: (*name).into(),
        ty: ty.clone(),
        optional: *optional,
    };
    Type::Record(Arc::new(RecordType {
        fields: fields.iter().map(field).collect(),
        label: label.map(Into::into),
    }))
}

/// `accounts`, `ssh`, `os` and `file`, shaped like the real types.
pub(super) fn bindings() -> Vec<(String, Option<Type>)> {
    let password = record(
        None,
        &[("state", Type::Text, false), ("days", Type::Int, true), ("scheme", Type::Text, true)],
    );
    let user = record(
        Some("name"),
        &[
            ("name", Type::Text, false),
            ("uid", Type::Int, false),
            ("shell", Type::Text, false),
            ("system", Type::Bool, false),
            ("groups", Type::list(Type::Text), false),
            ("password", password, true),
        ],
    );
    let ssh = record(
        None,
        &[
            ("root", Type::Text, false),
            ("tries", Type::Int, true),
            ("ciphers", Type::list(Type::Text), false),
            ("ports", Type::list(Type::Int), false),
        ],
    );
    let os = record(None, &[("product", Type::Text, false), ("kernel", Type::Text, true)]);
    let file = record(None, &[("mode", Type::Text, false), ("uid", Type::Int, false)]);
    let accounts = record(None, &[("users", Type::list(user), false)]);
    [("accounts", accounts), ("ssh", ssh), ("os", os), ("file", file)]
        .into_iter()
        .map(|(name, ty)| (name.to_owned(), Some(ty)))
        .collect()
}

pub(super) fn params() -> Vec<Param> {
    let texts = |list: &[&str]| ParamValue::Texts(list.iter().map(|t| (*t).to_owned()).collect());
    let ends = BTreeMap::from([
        ("debian 12".to_owned(), "2028-06-30".parse().expect("a date")),
        ("debian 9".to_owned(), "2022-06-30".parse().expect("a date")),
    ]);
    [
        ("max", ParamType::Int, ParamValue::Int(4)),
        ("allowed", ParamType::Texts, texts(&["no", "prohibit-password"])),
        ("mode", ParamType::Mode, ParamValue::Text("0640".to_owned())),
        ("ends", ParamType::Dates, ParamValue::Dates(ends)),
        ("strict", ParamType::Bool, ParamValue::Bool(true)),
    ]
    .into_iter()
    .map(|(name, kind, default)| Param {
        name: name.to_owned(),
        kind,
        default,
        stricter: Stricter::None,
    })
    .collect()
}

pub(super) fn registers() -> Vec<RegisterUse> {
    let register = RegisterId::new("approved-users").expect("an id");
    vec![RegisterUse { name: "approved".to_owned(), register }]
}

pub(super) fn compile(text: &str) -> Result<Predicate, Vec<Problem>> {
    Predicate::compile(text, &bindings(), &params(), &registers()).map(|(predicate, _)| predicate)
}

/// Evidence for all bindings, with what is known of each.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) bodies: Vec<Option<Value>>,
    pub(super) gaps: Vec<Vec<Gap>>,
    pub(super) unknown: Vec<bool>,
    pub(super) empty_ok: bool,
    pub(super) approved: Option<Vec<String>>,
    pub(super) params: Vec<ParamValue>,
    pub(super) now: jiff::Timestamp,
}

impl World {
    pub(super) fn usual() -> Self {
        let user = |name: &str, uid: i64, state: &str| {
            serde_json::json!({
                "name": name, "uid": uid, "shell": "/bin/sh", "system": uid < 1000,
                "groups": ["users"],
                "password": {"state": state, "days": 90, "scheme": null},
            })
        };
        let mut daemon = user("daemon", 1, "disabled");
        daemon["password"] = Value::Null;
        let accounts = serde_json::json!({
            "users": [user("root", 0, "set"), daemon, user("alice", 1000, "set")],
        });
        let ssh = serde_json::json!({
            "root": "no", "tries": 4, "ciphers": ["aes", "chacha"], "ports": [22],
        });
        let os = serde_json::json!({"product": "debian 12", "kernel": null});
        let file = serde_json::json!({"mode": "0640", "uid": 0});
        Self {
            bodies: vec![Some(accounts), Some(ssh), Some(os), Some(file)],
            gaps: vec![Vec::new(); 4],
            unknown: vec![false; 4],
            empty_ok: false,
            approved: Some(vec!["root".to_owned(), "daemon".to_owned(), "alice".to_owned()]),
            params: params().into_iter().map(|param| param.default).collect(),
            now: "2026-11-23T12:00:00Z".parse().expect("a time"),
        }
    }

    pub(super) fn gap(mut self, binding: usize, path: &str, kind: GapKind) -> Self {
        self.gaps[binding].push(Gap {
            path: path.to_owned(),
            kind,
            category: FailureCategory::Permission,
            detail: "denied".to_owned(),
        });
        self
    }

    pub(super) fn evaluate(&self, predicate: &Predicate) -> Verdict {
        let key =
            EvidenceKey { kind: EvidenceType::new("test.type").expect("a type"), selector: None };
        let state = |index: usize| match &self.bodies[index] {
            _ if self.unknown[index] => BoundState::Unknown(Reason {
                category: ReasonCategory::NotCollected,
                key: None,
                detail: "not collected".to_owned(),
            }),
            None => BoundState::Absent,
            Some(value) => BoundState::Collected { value, gaps: &self.gaps[index] },
        };
        let bindings = (0..self.bodies.len())
            .map(|index| Bound { key: &key, state: state(index), empty_ok: self.empty_ok })
            .collect();
        predicate.evaluate(&Environment {
            bindings,
            params: &self.params,
            registers: vec![self.approved.as_deref()],
            now: self.now,
        })
    }
}
