//! Looking at evidence: what a run collected, with personal values hidden
//! unless they are asked for.

use crate::context::{Actor, Home};
use crate::error::AppError;
use anji_evidence::{Sensitivity, ValueType};
use anji_model::{AuditOutcome, EvidenceRecord, RunId, Subject};
use anji_store::{NewAudit, Reader, Store, StoredBody};
use jiff::Timestamp;
use serde_json::Value;

/// Which evidence is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceQuery {
    /// About whom.
    pub subject: Subject,
    /// Of which run; none means the last about the subject.
    pub run: Option<RunId>,
    /// An evidence type or a whole key; none lists all records without bodies.
    pub key: Option<String>,
    /// Whether personal values are wanted: that leaves an audit entry.
    pub personal: bool,
}

/// One record with what may be shown of its body.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceShown {
    /// The record.
    pub record: EvidenceRecord,
    /// Its body; none in a listing, when it has none, or when retention removed it.
    pub body: Option<Value>,
    /// How many personal values were taken out of it.
    pub hidden: u64,
}

/// The evidence of a run.
///
/// # Errors
/// When there is no such run or evidence, or the store cannot be read (or, for
/// personal values, not written: without the audit entry nothing is shown).
pub fn evidence(
    home: &Home,
    actor: &Actor,
    now: Timestamp,
    query: &EvidenceQuery,
) -> Result<(RunId, Vec<EvidenceShown>), AppError> {
    if !query.personal {
        return Store::open_read_only(&home.state)?.read(|reader| select(reader, query));
    }
    let mut store = Store::open(&home.state)?;
    store.write(|writer| {
        let found = select(writer, query)?;
        writer.append_audit(&NewAudit {
            at: now,
            actor: actor.name.clone(),
            use_case: "evidence.show-personal".to_owned(),
            object: format!("{} of {}", query.key.as_deref().unwrap_or("all evidence"), found.0),
            outcome: AuditOutcome::Done,
            detail: format!("{} records about {}", found.1.len(), query.subject),
        })?;
        Ok(found)
    })
}

fn select(
    reader: &Reader<'_>,
    query: &EvidenceQuery,
) -> Result<(RunId, Vec<EvidenceShown>), AppError> {
    let run = match &query.run {
        Some(run) => {
            crate::history::stored(reader, run)?;
            run.clone()
        }
        None => crate::history::last_run_about(reader, &query.subject)?,
    };
    let records = reader.records_of(&run)?;
    let wanted = |record: &EvidenceRecord| match &query.key {
        None => true,
        Some(asked) => record.key.to_string() == *asked || record.key.kind.as_str() == asked,
    };
    let shown = records
        .iter()
        .filter(|record| wanted(record))
        .map(|record| show(reader, record, query))
        .collect::<Result<Vec<_>, _>>()?;
    match &query.key {
        Some(key) if shown.is_empty() => Err(AppError::NoSuchEvidence {
            run,
            key: key.clone(),
            known: records
                .iter()
                .map(|record| record.key.to_string())
                .collect::<Vec<_>>()
                .join(", "),
        }),
        _ => Ok((run, shown)),
    }
}

fn show(
    reader: &Reader<'_>,
    record: &EvidenceRecord,
    query: &EvidenceQuery,
) -> Result<EvidenceShown, AppError> {
    let mut shown = EvidenceShown { record: record.clone(), body: None, hidden: 0 };
    let (Some(digest), true) = (&record.body, query.key.is_some()) else { return Ok(shown) };
    if let Some(StoredBody::Present(bytes)) = reader.body(digest)? {
        let mut body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if !query.personal {
            shown.hidden =
                match anji_evidence::find(&record.key.kind).map(anji_evidence::value_type) {
                    Some(Ok(shape)) => hide_personal(&mut body, &shape),
                    // A type that this program does not know could hold anything.
                    _ => {
                        body = Value::Null;
                        1
                    }
                };
        }
        shown.body = Some(body);
    }
    Ok(shown)
}

/// Replaces every personal value by null, and counts them.
fn hide_personal(value: &mut Value, shape: &ValueType) -> u64 {
    match (value, shape) {
        (Value::Array(items), ValueType::List(item)) => {
            items.iter_mut().map(|value| hide_personal(value, item)).sum()
        }
        (value, ValueType::Optional(inner)) if !value.is_null() => hide_personal(value, inner),
        (Value::Object(map), ValueType::Record(fields)) => {
            let mut hidden = 0;
            for field in fields {
                let Some(value) = map.get_mut(&field.name) else { continue };
                if field.sensitivity == Sensitivity::Personal {
                    hidden += u64::from(!value.is_null());
                    *value = Value::Null;
                } else {
                    hidden += hide_personal(value, &field.ty);
                }
            }
            hidden
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_evidence::find;
    use anji_model::EvidenceType;

    #[test]
    fn full_names_of_accounts_are_hidden_and_counted() {
        let kind = find(&EvidenceType::new("accounts").expect("a type")).expect("registered");
        let shape = anji_evidence::value_type(kind).expect("a lowered schema");
        let mut body = serde_json::json!({"users": [
            {"name": "zhang", "uid": 1000, "gecos": "张医生"},
            {"name": "root", "uid": 0, "gecos": null},
        ]});
        assert_eq!(hide_personal(&mut body, &shape), 1);
        assert_eq!(body["users"][0]["gecos"], Value::Null);
        assert_eq!(body["users"][0]["name"], "zhang");
    }
}
