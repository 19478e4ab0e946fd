//! Taking records and results apart into what stays the same from day to day and what does not,
//! and putting them together again exactly.
//!
//! A value is split into its *topic* (what it is about), its *form* (what stays the same while
//! nothing changes; stored once) and a *stamp* (times; stored per run). All of this works on JSON
//! values and not on the model's types, so that what an older program signed is put together byte
//! for byte even when the types have grown fields since.

use crate::codec::canonical_value;
use crate::error::StoreError;
use anji_model::{CheckResult, EvidenceRecord};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// What a topic is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// An evidence record, named by its subject and key.
    Record = 0,
    /// A result, named by its identity.
    Result = 1,
}

/// A value taken apart, ready to store.
pub(crate) struct Split {
    /// Canonical JSON of what the value is about.
    pub(crate) topic: String,
    /// The subject's canonical JSON.
    pub(crate) subject: String,
    /// Canonical JSON of what stays the same.
    pub(crate) form: String,
}

/// What differs from run to run, column by column because that packs well.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Detail {
    /// The span of each record: differences to the one before.
    pub(crate) records: Vec<i64>,
    /// When each record was observed.
    pub(crate) observed: Vec<Value>,
    /// When each record was received.
    pub(crate) received: Vec<Value>,
    /// The span of each result: differences to the one before.
    pub(crate) results: Vec<i64>,
    /// Until when each result is valid.
    pub(crate) valid_until: Vec<Value>,
    /// Evidence of results that is not this run's record of the same subject and key: the result's
    /// place, the evidence's place in it, body, and time of observation.
    pub(crate) other_evidence: Vec<(usize, usize, Value, Value)>,
}

/// Body and observation time of a run's records by subject and key, both canonical JSON.
pub(crate) type Observed = HashMap<(String, String), (Value, Value)>;

/// Numbers as differences, each to the one before it.
pub(crate) fn deltas(ids: &[i64]) -> Vec<i64> {
    let before = std::iter::once(&0).chain(ids);
    ids.iter().zip(before).map(|(id, before)| id.wrapping_sub(*before)).collect()
}

/// The numbers that [`deltas`] was given.
pub(crate) fn sums(deltas: &[i64]) -> Vec<i64> {
    let sum = |sum: &mut i64, delta: &i64| {
        *sum = sum.wrapping_add(*delta);
        Some(*sum)
    };
    deltas.iter().scan(0, sum).collect()
}

/// A record as JSON, with every field that is taken apart there, be it null.
pub(crate) fn record_value(record: &EvidenceRecord) -> Result<Value, StoreError> {
    let mut value = json(record)?;
    complete(&mut value, &["observed_at", "received_at"]);
    Ok(value)
}

/// A result as JSON, with every field that is taken apart there, be it null.
pub(crate) fn result_value(result: &CheckResult) -> Result<Value, StoreError> {
    let mut value = json(result)?;
    complete(&mut value, &["valid_until"]);
    for used in value.get_mut("evidence").and_then(Value::as_array_mut).into_iter().flatten() {
        complete(used, &["body", "observed_at"]);
    }
    Ok(value)
}

/// Takes a record apart; its times go to `detail`.
pub(crate) fn split_record(
    record: &Value,
    detail: &mut Detail,
    observed: &mut Observed,
) -> Result<Split, StoreError> {
    let mut form = record.as_object().cloned().unwrap_or_default();
    let (key, subject) = (take(&mut form, "key"), take(&mut form, "subject"));
    let at = take(&mut form, "observed_at");
    detail.observed.push(at.clone());
    detail.received.push(take(&mut form, "received_at"));
    let subject_text = canonical_value(&subject)?;
    let body = form.get("body").cloned().unwrap_or(Value::Null);
    observed.insert((subject_text.clone(), canonical_value(&key)?), (body, at));
    let topic =
        Value::Object(Map::from_iter([("key".to_owned(), key), ("subject".to_owned(), subject)]));
    Ok(Split {
        topic: canonical_value(&topic)?,
        subject: subject_text,
        form: canonical_value(&Value::Object(form))?,
    })
}

/// Puts a record together; `None` when the parts cannot be of a record.
pub(crate) fn join_record(
    topic: &Value,
    form: &Value,
    observed: &Value,
    received: &Value,
) -> Option<Value> {
    let mut whole = form.as_object()?.clone();
    for (name, value) in topic.as_object()? {
        whole.insert(name.clone(), value.clone());
    }
    whole.insert("observed_at".to_owned(), observed.clone());
    whole.insert("received_at".to_owned(), received.clone());
    Some(Value::Object(whole))
}

/// What a run's record is to the results that use it.
pub(crate) fn observe(record: &Value, observed: &mut Observed) -> Result<(), StoreError> {
    let part = |name: &str| record.get(name).cloned().unwrap_or(Value::Null);
    let place = (canonical_value(&part("subject"))?, canonical_value(&part("key"))?);
    observed.insert(place, (part("body"), part("observed_at")));
    Ok(())
}

/// Takes a result apart; what differs from run to run goes to `detail`.
pub(crate) fn split_result(
    result: &Value,
    detail: &mut Detail,
    observed: &Observed,
) -> Result<Split, StoreError> {
    let mut form = result.as_object().cloned().unwrap_or_default();
    let identity = take(&mut form, "identity");
    let subject = canonical_value(identity.get("subject").unwrap_or(&Value::Null))?;
    let place = detail.valid_until.len();
    detail.valid_until.push(take(&mut form, "valid_until"));
    let uses = form.get_mut("evidence").and_then(Value::as_array_mut);
    for (index, used) in uses.into_iter().flatten().enumerate() {
        let Some(used) = used.as_object_mut() else { continue };
        let stamp = (take(used, "body"), take(used, "observed_at"));
        if observed.get(&(subject.clone(), key_of(used)?)) != Some(&stamp) {
            detail.other_evidence.push((place, index, stamp.0, stamp.1));
        }
    }
    Ok(Split {
        topic: canonical_value(&identity)?,
        subject,
        form: canonical_value(&Value::Object(form))?,
    })
}

/// The evidence of a run's results that is not its own records': by result and place in it.
pub(crate) type Other<'a> = HashMap<(usize, usize), (&'a Value, &'a Value)>;

/// [`Detail::other_evidence`] as a map.
pub(crate) fn other(detail: &Detail) -> Other<'_> {
    detail.other_evidence.iter().map(|(r, e, body, at)| ((*r, *e), (body, at))).collect()
}

/// Puts the result at `place` together; `None` when the parts cannot be of a result.
pub(crate) fn join_result(
    topic: &Value,
    form: &Value,
    place: usize,
    detail: &Detail,
    other: &Other<'_>,
    observed: &Observed,
) -> Option<Value> {
    let mut whole = form.as_object()?.clone();
    let subject = canonical_value(topic.get("subject")?).ok()?;
    whole.insert("identity".to_owned(), topic.clone());
    whole.insert("valid_until".to_owned(), detail.valid_until.get(place)?.clone());
    let uses = whole.get_mut("evidence").and_then(Value::as_array_mut);
    for (index, used) in uses.into_iter().flatten().enumerate() {
        let used = used.as_object_mut()?;
        let (body, at) = match other.get(&(place, index)) {
            Some(stamp) => *stamp,
            None => {
                let (body, at) = observed.get(&(subject.clone(), key_of(used).ok()?))?;
                (body, at)
            }
        };
        used.insert("body".to_owned(), body.clone());
        used.insert("observed_at".to_owned(), at.clone());
    }
    Some(Value::Object(whole))
}

fn key_of(used: &Map<String, Value>) -> Result<String, StoreError> {
    canonical_value(used.get("key").unwrap_or(&Value::Null))
}

fn json<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::invalid(format!("not JSON: {error}")))
}

fn complete(value: &mut Value, names: &[&str]) {
    let Some(map) = value.as_object_mut() else { return };
    for name in names {
        map.entry(*name).or_insert(Value::Null);
    }
}

fn take(map: &mut Map<String, Value>, name: &str) -> Value {
    map.remove(name).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn deltas_and_sums_are_inverse() {
        for ids in [vec![], vec![5], vec![7, 8, 9, 3, i64::MAX, -1]] {
            assert_eq!(sums(&deltas(&ids)), ids);
        }
    }

    fn result(evidence: Value, valid_until: &Value) -> CheckResult {
        let digest = "00".repeat(32);
        serde_json::from_value(json!({
            "identity": {"baseline": "starter@1", "system": "unassigned", "check": "LNX-001",
                "subject": {"kind": "asset", "id": "local"}},
            "revision": 1, "severity": "high", "raw": "fail", "observed": [], "failed_terms": [],
            "failed_terms_total": 0, "reasons": [], "evidence": evidence,
            "valid_until": valid_until, "inputs": digest, "parameters": digest,
            "statements": digest,
        }))
        .unwrap()
    }

    #[test]
    fn a_result_on_evidence_of_another_run_comes_back_exactly() {
        let key = json!({"type": "os.release"});
        let subject = canonical_value(&json!({"kind": "asset", "id": "local"})).unwrap();
        let at = json!("2026-11-23T00:00:00Z");
        let body = json!("11".repeat(32));
        let observed = Observed::from([(
            (subject, canonical_value(&key).unwrap()),
            (body.clone(), at.clone()),
        )]);
        let own = json!({"key": key, "body": body, "observed_at": at});
        let older = json!({"key": key, "body": null, "observed_at": "2026-11-22T00:00:00Z"});
        let foreign = json!({"key": {"type": "accounts"}, "body": null, "observed_at": null});
        let mut detail = Detail::default();
        for evidence in [json!([own]), json!([foreign, own, older]), json!([])] {
            for valid_until in [Value::Null, json!("2026-11-24T00:00:00.5Z")] {
                let before = detail.other_evidence.len();
                let result = result(evidence.clone(), &valid_until);
                let place = detail.valid_until.len();
                let value = result_value(&result).unwrap();
                let split = split_result(&value, &mut detail, &observed).unwrap();
                let others = evidence.as_array().unwrap().iter().filter(|e| **e != own).count();
                assert_eq!(detail.other_evidence.len() - before, others);
                let topic = serde_json::from_str(&split.topic).unwrap();
                let form = serde_json::from_str(&split.form).unwrap();
                let whole = join_result(&topic, &form, place, &detail, &other(&detail), &observed);
                assert_eq!(whole.as_ref(), Some(&value));
                assert_eq!(serde_json::from_value::<CheckResult>(value).unwrap(), result);
            }
        }
    }
}
