//! Looking at evidence: what a run collected, with personal values hidden
//! unless they are asked for.

use crate::context::{Actor, Home};
use crate::error::AppError;
use anji_evidence::{Sensitivity, ValueType};
use anji_model::{AuditOutcome, EvidenceRecord, EvidenceType, Readable, RunId, Subject, Text};
use anji_store::{NewAudit, Reader, Store, StoredBody};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// Which evidence is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceQuery {
    /// About whom; none means everybody in the run, and this machine where no
    /// run is named either.
    pub subject: Option<Subject>,
    /// Of which run; none means the last about the subject.
    pub run: Option<RunId>,
    /// An evidence type or a whole key; none lists all records without bodies.
    pub key: Option<String>,
    /// Whether personal values are wanted: that leaves an audit entry.
    pub personal: bool,
}

/// Evidence of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceFound {
    /// The run.
    pub run: RunId,
    /// What people call those whom it is about.
    pub subject_name: String,
    /// The records, in key order.
    pub shown: Vec<EvidenceShown>,
}

/// One record with what may be shown of its body.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceShown {
    /// The record.
    pub record: EvidenceRecord,
    /// What its type is, where this program knows it.
    pub title: Option<Text>,
    /// Its body; none in a listing, when it has none, or when retention removed it.
    pub body: Option<Value>,
    /// The body as people read it, with gaps in their places; none where the
    /// type is not known.
    pub value: Option<Readable>,
    /// Whether retention has removed the body.
    pub pruned: bool,
    /// How many personal values were taken out of it.
    pub hidden: u64,
}

/// Whether `text` is an evidence type that this program knows, or a key of one:
/// `accounts`, `file.stat[/etc/shadow]`.
fn names_evidence(text: &str) -> bool {
    let name = text.split_once('[').map_or(text, |(name, _)| name);
    EvidenceType::new(name).is_ok_and(|name| anji_evidence::find(&name).is_some())
}

/// The subject or the evidence that one word alone means: evidence where a type
/// has that name, else a subject.
///
/// # Errors
/// When it is neither, and when the store cannot be read.
pub fn subject_or_evidence(home: &Home, word: &str) -> Result<SubjectOrEvidence, AppError> {
    if names_evidence(word) {
        return Ok(SubjectOrEvidence::Evidence(word.to_owned()));
    }
    match crate::subjects::subject_called(home, word) {
        Ok(subject) => Ok(SubjectOrEvidence::Subject(subject)),
        Err(AppError::NoSuchSubject { name, known }) => {
            let types = anji_evidence::registry().iter().map(|kind| kind.name().to_string());
            let types: Vec<_> = types.collect();
            let near = anji_engine::did_you_mean(&name, types.iter().map(String::as_str));
            Err(AppError::NeitherEvidenceNorSubject { name, known, near })
        }
        Err(error) => Err(error),
    }
}

/// What one word alone means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectOrEvidence {
    /// A subject.
    Subject(Subject),
    /// An evidence type or key.
    Evidence(String),
}

/// The evidence of a run.
///
/// # Errors
/// When there is no such run or evidence, the run is not about the subject, or
/// the store cannot be read (or, for personal values, not written: without the
/// audit entry nothing is shown).
pub fn evidence(
    home: &Home,
    actor: &Actor,
    now: Timestamp,
    query: &EvidenceQuery,
) -> Result<EvidenceFound, AppError> {
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
            object: format!("{} of {}", query.key.as_deref().unwrap_or("all evidence"), found.run),
            outcome: AuditOutcome::Done,
            detail: format!("{} records about {}", found.shown.len(), found.subject_name),
        })?;
        Ok(found)
    })
}

/// The run that is asked for, and what people call those of it who are.
pub(crate) fn run_of(
    reader: &Reader<'_>,
    subject: Option<&Subject>,
    run: Option<&RunId>,
) -> Result<(RunId, BTreeMap<Subject, String>), AppError> {
    let local = Subject::local();
    let run = match run {
        Some(run) => run.clone(),
        None => crate::history::last_run_about(reader, subject.unwrap_or(&local))?,
    };
    let mut names = crate::history::subject_names(&crate::history::stored(reader, &run)?);
    if let Some(subject) = subject {
        names.retain(|known, _| known == subject);
    }
    match subject {
        Some(subject) if names.is_empty() => {
            Err(AppError::RunNotAbout { run, subject: subject.clone() })
        }
        _ => Ok((run, names)),
    }
}

fn select(reader: &Reader<'_>, query: &EvidenceQuery) -> Result<EvidenceFound, AppError> {
    let (run, names) = run_of(reader, query.subject.as_ref(), query.run.as_ref())?;
    let mut records = reader.records_of(&run)?;
    records.retain(|record| names.contains_key(&record.subject));
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
        _ => Ok(EvidenceFound {
            run,
            subject_name: names.into_values().collect::<Vec<_>>().join(", "),
            shown,
        }),
    }
}

fn show(
    reader: &Reader<'_>,
    record: &EvidenceRecord,
    query: &EvidenceQuery,
) -> Result<EvidenceShown, AppError> {
    let kind = anji_evidence::find(&record.key.kind);
    let mut shown = EvidenceShown {
        record: record.clone(),
        title: kind.map(|kind| kind.title()),
        body: None,
        value: None,
        pruned: false,
        hidden: 0,
    };
    let (Some(digest), true) = (&record.body, query.key.is_some()) else { return Ok(shown) };
    let bytes = match reader.body(digest)? {
        Some(StoredBody::Present(bytes)) => bytes,
        Some(StoredBody::Pruned) => {
            shown.pruned = true;
            return Ok(shown);
        }
        None => return Ok(shown),
    };
    let mut body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let shape = kind.and_then(|kind| anji_evidence::value_type(kind).ok());
    shown.value = shape
        .as_ref()
        .map(|shape| anji_engine::readable(&body, shape, &record.gaps, query.personal));
    if !query.personal {
        shown.hidden = match &shape {
            Some(shape) => hide_personal(&mut body, shape),
            // A type that this program does not know could hold anything.
            None => {
                body = Value::Null;
                1
            }
        };
    }
    shown.body = Some(body);
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
