//! Runs, put together again from their spans and stamps.

use super::rows::{RunRow, Spans, parse, typed};
use super::{Fault, bodies};
use crate::codec::{canonical_value, unpack};
use crate::error::StoreError;
use crate::span::{self, Detail, Kind, Observed};
use crate::trust::{InclusionProof, LeafName, leaf_hashes, leaf_text, merkle};
use crate::types::{CommandRecord, DriftCounts, StoredBody, StoredRun};
use anji_model::{
    CheckResult, Digest, EvidenceRecord, Privilege, RunId, RunManifest, RunSummary, SignedManifest,
    Snapshot, Subject,
};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is signed of a run beside its records: the first leaf.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Context {
    pub(crate) privilege: Privilege,
    pub(crate) drift: DriftCounts,
    pub(crate) audit: AuditEnd,
}

/// Where the audit log ended when a run was stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AuditEnd {
    pub(crate) entries: u64,
    pub(crate) hash: Option<Digest>,
}

/// A run's row with its detail unpacked.
pub(crate) struct Loaded {
    pub(crate) row: RunRow,
    pub(crate) detail: Detail,
    /// The span of each record, in order.
    pub(crate) records: Vec<i64>,
    /// The span of each result, in order.
    pub(crate) results: Vec<i64>,
}

impl Loaded {
    /// Unpacks the detail of `row`.
    pub(crate) fn new(row: RunRow) -> Result<Self, Fault> {
        let damaged = |what: &str| Fault::damaged(format!("{what} of run `{}`", row.run));
        let json = unpack(&row.detail).ok_or_else(|| damaged("detail"))?;
        let detail: Detail = serde_json::from_slice(&json).map_err(|_| damaged("detail"))?;
        let records = span::sums(&detail.records);
        let results = span::sums(&detail.results);
        if detail.observed.len() != records.len()
            || detail.received.len() != records.len()
            || detail.valid_until.len() != results.len()
        {
            return Err(damaged("detail"));
        }
        Ok(Self { row, detail, records, results })
    }

    /// The records as JSON, in order.
    pub(crate) fn record_values(
        &self,
        conn: &Connection,
        spans: &mut Spans,
    ) -> Result<Vec<Value>, Fault> {
        let stamps = self.detail.observed.iter().zip(&self.detail.received);
        let mut values = Vec::with_capacity(self.records.len());
        for (id, (observed, received)) in self.records.iter().zip(stamps) {
            let span = spans.get(conn, *id)?;
            let value = (span.kind == Kind::Record as i64)
                .then(|| span::join_record(&span.topic, &span.form, observed, received));
            values.push(value.flatten().ok_or_else(|| self.damaged(*id))?);
        }
        Ok(values)
    }

    /// The results at `places` as JSON, on these records.
    pub(crate) fn result_values(
        &self,
        conn: &Connection,
        spans: &mut Spans,
        records: &[Value],
        places: impl Iterator<Item = usize>,
    ) -> Result<Vec<Value>, Fault> {
        let mut observed = Observed::new();
        for record in records {
            span::observe(record, &mut observed)?;
        }
        let other = span::other(&self.detail);
        let mut values = Vec::new();
        for place in places {
            let id = self.results.get(place).copied().unwrap_or_default();
            let span = spans.get(conn, id)?;
            let join = || {
                let (topic, form) = (&span.topic, &span.form);
                span::join_result(topic, form, place, &self.detail, &other, &observed)
            };
            let value = (span.kind == Kind::Result as i64).then(join);
            values.push(value.flatten().ok_or_else(|| self.damaged(id))?);
        }
        Ok(values)
    }

    /// All results as JSON, in order.
    pub(crate) fn all_results(
        &self,
        conn: &Connection,
        spans: &mut Spans,
        records: &[Value],
    ) -> Result<Vec<Value>, Fault> {
        self.result_values(conn, spans, records, 0..self.results.len())
    }

    /// The command log as JSON text.
    pub(crate) fn commands(&self) -> Result<String, Fault> {
        unpack(&self.row.commands)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| Fault::damaged(format!("command log of run `{}`", self.row.run)))
    }

    /// The texts of all leaves, in order.
    pub(crate) fn leaves(
        &self,
        records: &[Value],
        results: &[Value],
    ) -> Result<Vec<String>, Fault> {
        leaves(&self.row.context, records, results, &self.commands()?)
    }

    fn damaged(&self, span: i64) -> Fault {
        Fault::damaged(format!("span {span} does not fit run `{}`", self.row.run))
    }
}

/// The texts of a run's leaves, in order.
pub(crate) fn leaves(
    context: &str,
    records: &[Value],
    results: &[Value],
    commands: &str,
) -> Result<Vec<String>, Fault> {
    let mut leaves = Vec::with_capacity(records.len() + results.len() + 2);
    leaves.push(leaf_text("context", context));
    for record in records {
        leaves.push(leaf_text("record", &canonical_value(record)?));
    }
    for result in results {
        leaves.push(leaf_text("result", &canonical_value(result)?));
    }
    leaves.push(leaf_text("commands", commands));
    Ok(leaves)
}

/// The run in a row as the caller sees it.
pub(crate) fn stored(row: &RunRow) -> Result<StoredRun, Fault> {
    let context: Context = parse(&row.context)?;
    Ok(StoredRun {
        signed: SignedManifest {
            manifest: parse(&row.manifest)?,
            public_key: hex::encode(row.public_key),
            signature: hex::encode(row.signature),
        },
        head: row.head,
        privilege: context.privilege,
        drift: context.drift,
    })
}

pub(super) fn list(conn: &Connection) -> Result<Vec<RunSummary>, Fault> {
    let mut statement = conn.prepare_cached("SELECT manifest, head FROM run ORDER BY sequence")?;
    let rows =
        statement.query_map([], |row| Ok((row.get::<_, String>(0)?, Digest(row.get(1)?))))?;
    let summary = |row: rusqlite::Result<(String, Digest)>| {
        let (manifest, head) = row?;
        let RunManifest { run, as_of, counts, .. } = parse(&manifest)?;
        Ok(RunSummary { run, as_of, counts, head })
    };
    rows.map(summary).collect()
}

pub(super) fn by_id(conn: &Connection, run: &RunId) -> Result<Option<StoredRun>, Fault> {
    RunRow::find(conn, "run", &run.as_str())?.as_ref().map(stored).transpose()
}

pub(super) fn last(conn: &Connection) -> Result<Option<StoredRun>, Fault> {
    RunRow::last(conn)?.as_ref().map(stored).transpose()
}

fn load(conn: &Connection, run: &RunId) -> Result<Loaded, Fault> {
    let row = RunRow::find(conn, "run", &run.as_str())?;
    Loaded::new(row.ok_or_else(|| StoreError::NoRun { run: run.clone() })?)
}

pub(super) fn records(conn: &Connection, run: &RunId) -> Result<Vec<EvidenceRecord>, Fault> {
    let values = load(conn, run)?.record_values(conn, &mut Spans::default())?;
    values.into_iter().map(typed).collect()
}

pub(super) fn snapshot(
    conn: &Connection,
    run: &RunId,
    subject: &Subject,
) -> Result<Snapshot, Fault> {
    let mut snapshot = Snapshot::empty(subject.clone());
    for record in records(conn, run)? {
        if record.subject != *subject {
            continue;
        }
        for digest in [record.body, record.volatile, record.capture].into_iter().flatten() {
            if let Some(StoredBody::Present(body)) = bodies::get(conn, &digest)? {
                snapshot.bodies.insert(digest, body);
            }
        }
        snapshot.records.insert(record.key.clone(), record);
    }
    Ok(snapshot)
}

pub(super) fn results(conn: &Connection, run: &RunId) -> Result<Vec<CheckResult>, Fault> {
    let (loaded, mut spans) = (load(conn, run)?, Spans::default());
    let records = loaded.record_values(conn, &mut spans)?;
    let values = loaded.all_results(conn, &mut spans, &records)?;
    values.into_iter().map(typed).collect()
}

pub(super) fn commands(conn: &Connection, run: &RunId) -> Result<Vec<CommandRecord>, Fault> {
    parse(&load(conn, run)?.commands()?)
}

pub(super) fn prove(
    conn: &Connection,
    run: &RunId,
    name: &LeafName,
) -> Result<InclusionProof, Fault> {
    let (loaded, mut spans) = (load(conn, run)?, Spans::default());
    let records = loaded.record_values(conn, &mut spans)?;
    let results = loaded.all_results(conn, &mut spans, &records)?;
    let index = place(name, &records, &results)?
        .ok_or_else(|| StoreError::invalid(format!("no such record in run `{run}`")))?;
    let mut leaves = loaded.leaves(&records, &results)?;
    let hashes = leaf_hashes(&loaded.row.seed, &leaves);
    let path = merkle::path(&hashes, index)
        .ok_or_else(|| Fault::damaged(format!("leaves of run `{run}`")))?;
    Ok(InclusionProof {
        signed: stored(&loaded.row)?.signed,
        index: index as u64,
        size: leaves.len() as u64,
        salt: hex::encode(merkle::salt(&loaded.row.seed, index as u64)),
        leaf: leaves.swap_remove(index),
        path,
    })
}

/// The place of a leaf among those of a run.
fn place(name: &LeafName, records: &[Value], results: &[Value]) -> Result<Option<usize>, Fault> {
    let json = |value: Result<Value, serde_json::Error>| {
        value.map_err(|error| Fault::from(StoreError::invalid(format!("not JSON: {error}"))))
    };
    Ok(match name {
        LeafName::Context => Some(0),
        LeafName::Record(subject, key) => {
            let (subject, key) =
                (json(serde_json::to_value(subject))?, json(serde_json::to_value(key))?);
            let is_it = |record: &Value| record["subject"] == subject && record["key"] == key;
            records.iter().position(is_it).map(|place| place + 1)
        }
        LeafName::Result(identity) => {
            let identity = json(serde_json::to_value(identity))?;
            let is_it = |result: &Value| result["identity"] == identity;
            results.iter().position(is_it).map(|place| place + 1 + records.len())
        }
        LeafName::Commands => Some(records.len() + results.len() + 1),
    })
}
