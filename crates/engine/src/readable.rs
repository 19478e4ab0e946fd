//! Evidence as people read it: by the schema of its type, with the gaps where
//! they are and the personal values taken out.

use crate::predicate::{covers, lacks_elements};
use anji_evidence::{Field, Sensitivity, ValueType};
use anji_model::{Gap, GapKind, Readable, ReadableField, ReadableList};
use serde_json::Value;

/// A body of evidence by its schema. What `gaps` say is unknown is unknown
/// here, with the same meaning that it has for predicates. Personal values
/// are hidden unless `personal`.
pub fn readable(body: &Value, shape: &ValueType, gaps: &[Gap], personal: bool) -> Readable {
    let reading = Reading { gaps, personal };
    reading.value(body, shape, "", false)
}

/// A part of a body: the value at `path`, which names it as gaps do.
pub(crate) fn readable_part(
    value: &Value,
    body: &ValueType,
    path: &str,
    gaps: &[Gap],
    personal: bool,
) -> Readable {
    let Some(Place { shape, is_day, is_personal }) = place(body, path) else {
        return Readable::Unknown(Vec::new());
    };
    match is_personal && !personal && !value.is_null() {
        true => Readable::Hidden,
        false => Reading { gaps, personal }.value(value, shape, path, is_day),
    }
}

/// A place in a body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'t> {
    shape: &'t ValueType,
    is_day: bool,
    /// Whether it, or what holds it, is personal.
    pub(crate) is_personal: bool,
}

/// What stands at `path` of a body: field names joined by dots, `[]` for every
/// element of a list.
pub(crate) fn place<'t>(body: &'t ValueType, path: &str) -> Option<Place<'t>> {
    let mut at = Place { shape: body, is_day: false, is_personal: false };
    let parts = path.split('.').filter(|part| !part.is_empty());
    for part in parts {
        let name = part.trim_end_matches("[]");
        if !name.is_empty() {
            let ValueType::Record(fields) = plain(at.shape) else { return None };
            let field = fields.iter().find(|field| field.name == name)?;
            let is_personal = at.is_personal || field.sensitivity == Sensitivity::Personal;
            at = Place { shape: &field.ty, is_day: field.is_day(), is_personal };
        }
        for _ in 0..(part.len() - name.len()) / 2 {
            let ValueType::List(element) = plain(at.shape) else { return None };
            at = Place { shape: element, is_day: false, ..at };
        }
    }
    Some(at)
}

/// The paths of the personal values at `path` of a body and below it.
pub(crate) fn personal_below(body: &ValueType, path: &str) -> Vec<String> {
    fn walk(shape: &ValueType, path: &str, is_personal: bool, out: &mut Vec<String>) {
        match shape {
            _ if is_personal => out.push(path.to_owned()),
            ValueType::Optional(inner) => walk(inner, path, false, out),
            ValueType::List(element) => walk(element, &format!("{path}[]"), false, out),
            ValueType::Record(fields) => {
                for field in fields {
                    let dot = if path.is_empty() { "" } else { "." };
                    let path = format!("{path}{dot}{}", field.name);
                    walk(&field.ty, &path, field.sensitivity == Sensitivity::Personal, out);
                }
            }
            ValueType::Bool | ValueType::Int | ValueType::Text => {}
        }
    }
    let mut out = Vec::new();
    if let Some(at) = place(body, path) {
        walk(at.shape, path, at.is_personal, &mut out);
    }
    out
}

fn plain(shape: &ValueType) -> &ValueType {
    match shape {
        ValueType::Optional(inner) => inner,
        shape => shape,
    }
}

struct Reading<'r> {
    gaps: &'r [Gap],
    personal: bool,
}

impl Reading<'_> {
    fn value(&self, value: &Value, shape: &ValueType, path: &str, is_day: bool) -> Readable {
        let optional = matches!(shape, ValueType::Optional(_));
        if value.is_null() {
            let why = self.lacks(path);
            let absent = optional && why.is_empty();
            return if absent { Readable::Absent } else { Readable::Unknown(why) };
        }
        let scalar = matches!(shape, ValueType::Bool | ValueType::Int | ValueType::Text);
        // A value that cannot be null cannot show that it was not had.
        let exact = |gap: &&Gap| gap.kind == GapKind::Unknown && gap.path == path;
        let why: Vec<_> = self.gaps.iter().filter(exact).cloned().collect();
        if scalar && !why.is_empty() {
            return Readable::Unknown(why);
        }
        self.known(value, shape, path, is_day)
    }

    fn known(&self, value: &Value, shape: &ValueType, path: &str, is_day: bool) -> Readable {
        match (shape, value) {
            (ValueType::Optional(inner), value) => self.known(value, inner, path, is_day),
            (ValueType::Bool, Value::Bool(value)) => Readable::Bool(*value),
            (ValueType::Text, Value::String(text)) => Readable::Text(text.clone()),
            (ValueType::Int, Value::Number(number)) => match number.as_i64() {
                // Day 0 stands for something else wherever it is used.
                Some(day) if is_day && day > 0 => Readable::Day(day),
                Some(number) => Readable::Int(number),
                None => Readable::Unknown(Vec::new()),
            },
            (ValueType::List(inner), Value::Array(items)) => {
                let below = format!("{path}[]");
                let items = items.iter().map(|item| self.value(item, inner, &below, false));
                Readable::List(ReadableList {
                    items: items.collect(),
                    lacks: self.lacks(path),
                    ..ReadableList::default()
                })
            }
            (ValueType::Record(fields), Value::Object(map)) => {
                let mut shown: Vec<_> = fields
                    .iter()
                    .map(|field| {
                        let value = map.get(&field.name).unwrap_or(&Value::Null);
                        self.field(value, field, path)
                    })
                    .collect();
                // What names the record is read first.
                shown.sort_by_key(|field| !field.label);
                Readable::Record(shown)
            }
            _ => Readable::Unknown(Vec::new()),
        }
    }

    fn field(&self, value: &Value, field: &Field, parent: &str) -> ReadableField {
        let path = match parent {
            "" => field.name.clone(),
            parent => format!("{parent}.{}", field.name),
        };
        let hidden = field.sensitivity == Sensitivity::Personal && !self.personal;
        let shown = match hidden && !value.is_null() {
            true => Readable::Hidden,
            false => self.value(value, &field.ty, &path, field.is_day()),
        };
        ReadableField { name: field.name.clone(), label: field.label, value: shown }
    }

    /// Why the list at `path` lacks elements, or the null there is no absence,
    /// if that is so.
    fn lacks(&self, path: &str) -> Vec<Gap> {
        let says = |gap: &&Gap| match gap.kind {
            GapKind::Unknown => covers(&gap.path, path),
            GapKind::Partial => lacks_elements(&gap.path, path),
        };
        self.gaps.iter().filter(says).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_evidence::{find, value_type};
    use anji_model::{EvidenceType, FailureCategory};
    use serde_json::json;

    fn gap(path: &str, kind: GapKind) -> Gap {
        let (category, detail) = (FailureCategory::Permission, "closed".to_owned());
        Gap { path: path.to_owned(), kind, category, detail }
    }

    fn accounts(gaps: &[Gap], personal: bool) -> Readable {
        let kind = EvidenceType::new("accounts").expect("a type");
        let shape = value_type(find(&kind).expect("registered")).expect("a lowered schema");
        let body = json!({
            "users": [
                {"name": "root", "uid": 0, "gid": 0, "home": "/root", "shell": "", "gecos": "r",
                 "password": {"state": "set", "scheme": null, "last_change_day": 20_000,
                    "min_days": 0, "max_days": null, "warn_days": null, "inactive_days": null,
                    "expire_day": null}},
                {"name": "li", "uid": 1000, "gid": 1000, "home": "/home/li", "shell": "/bin/sh",
                 "gecos": "李", "password": null},
            ],
            "groups": [], "compat_entries": [], "malformed_lines": [],
            "shadow_without_account": [], "sources": ["files"],
        });
        readable(&body, &shape, gaps, personal)
    }

    /// The value at a path of field names and places in lists.
    fn at<'v>(value: &'v Readable, path: &str) -> &'v Readable {
        path.split('.').fold(value, |value, step| match value {
            Readable::Record(fields) => {
                &fields.iter().find(|field| field.name == step).expect("a field").value
            }
            Readable::List(list) => &list.items[step.parse::<usize>().expect("a place")],
            other => panic!("{step} of {other:?}"),
        })
    }

    #[test]
    fn the_label_comes_first_days_are_days_and_nulls_are_absent() {
        let shown = accounts(&[], true);
        let Readable::Record(fields) = at(&shown, "users.0") else { panic!("a record") };
        assert_eq!(fields[0].name, "name");
        assert_eq!(*at(&shown, "users.0.password.last_change_day"), Readable::Day(20_000));
        assert_eq!(*at(&shown, "users.0.password.min_days"), Readable::Int(0));
        assert_eq!(*at(&shown, "users.0.password.max_days"), Readable::Absent);
        assert_eq!(*at(&shown, "users.1.password"), Readable::Absent);
        assert_eq!(*at(&shown, "users.1.gecos"), Readable::Text("李".to_owned()));
    }

    #[test]
    fn gaps_stand_where_values_are_missing_and_nowhere_else() {
        let closed = gap("users[].password", GapKind::Unknown);
        let partial = gap("groups", GapKind::Partial);
        let shown = accounts(&[closed.clone(), partial.clone()], true);
        assert_eq!(*at(&shown, "users.1.password"), Readable::Unknown(vec![closed.clone()]));
        assert_eq!(*at(&shown, "users.0.password.max_days"), Readable::Unknown(vec![closed]));
        assert_eq!(*at(&shown, "users.0.password.min_days"), Readable::Int(0));
        let Readable::List(groups) = at(&shown, "groups") else { panic!("a list") };
        assert_eq!(groups.lacks, [partial]);
        let Readable::List(users) = at(&shown, "users") else { panic!("a list") };
        assert!(users.lacks.is_empty());
    }

    #[test]
    fn personal_values_are_hidden_unless_asked_for() {
        let shown = accounts(&[], false);
        assert_eq!(*at(&shown, "users.0.gecos"), Readable::Hidden);
        assert_eq!(*at(&shown, "users.0.home"), Readable::Text("/root".to_owned()));
    }
}
