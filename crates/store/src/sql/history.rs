//! Results over time: what a run is compared with, and when an answer changed.

use super::put::privilege_number;
use super::rows::{RunRow, Spans, parse, typed, unsigned};
use super::runs::{Context, Loaded};
use super::{Fault, subject_text};
use crate::codec::canonical;
use crate::span::Kind;
use crate::types::{Interval, LatestResult};
use anji_model::{CheckResult, Privilege, ResultIdentity, ResultSummary, RunManifest, Subject};
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::BTreeMap;

/// A run read as far as its results need.
struct Past {
    loaded: Loaded,
    manifest: RunManifest,
    privilege: Privilege,
    records: Vec<Value>,
}

/// Runs that were read already.
#[derive(Default)]
struct Pasts {
    spans: Spans,
    runs: BTreeMap<u64, Past>,
}

impl Pasts {
    fn load(&mut self, conn: &Connection, sequence: u64) -> Result<(), Fault> {
        if self.runs.contains_key(&sequence) {
            return Ok(());
        }
        let row = RunRow::find(conn, "sequence", &sequence.cast_signed())?
            .ok_or_else(|| Fault::damaged(format!("run {sequence} is missing")))?;
        let loaded = Loaded::new(row)?;
        let context: Context = parse(&loaded.row.context)?;
        let manifest = parse(&loaded.row.manifest)?;
        let records = loaded.record_values(conn, &mut self.spans)?;
        let past = Past { loaded, manifest, privilege: context.privilege, records };
        self.runs.insert(sequence, past);
        Ok(())
    }

    /// The result that span `id` stands for in run `sequence`.
    fn result(
        &mut self,
        conn: &Connection,
        sequence: u64,
        id: i64,
    ) -> Result<(&Past, CheckResult), Fault> {
        self.load(conn, sequence)?;
        let damaged = || Fault::damaged(format!("span {id} is not in run {sequence}"));
        let past = self.runs.get(&sequence).ok_or_else(damaged)?;
        let place = past.loaded.results.iter().position(|span| *span == id).ok_or_else(damaged)?;
        let places = std::iter::once(place);
        let mut values = past.loaded.result_values(conn, &mut self.spans, &past.records, places)?;
        let result = typed(values.pop().ok_or_else(damaged)?)?;
        Ok((past, result))
    }
}

pub(super) fn latest(
    conn: &Connection,
    subject: &Subject,
    privilege: Privilege,
) -> Result<Vec<LatestResult>, Fault> {
    // With max(), the other columns are those of the row that holds the maximum.
    let mut statement = conn.prepare_cached(
        "SELECT s.id, max(s.last_sequence) FROM topic t JOIN span s ON s.topic = t.id \
         WHERE t.kind = ?1 AND t.subject = ?2 AND s.privilege <= ?3 \
         GROUP BY t.id, s.privilege ORDER BY max(s.last_sequence), t.id",
    )?;
    let spans = statement
        .query_map(
            params![Kind::Result as i64, subject_text(subject)?, privilege_number(privilege)],
            |row| Ok((row.get::<_, i64>(0)?, unsigned(row, 1)?)),
        )?
        .collect::<Result<Vec<_>, _>>()?;
    let mut pasts = Pasts::default();
    let mut latest = Vec::with_capacity(spans.len());
    for (id, sequence) in spans {
        let (past, result) = pasts.result(conn, sequence, id)?;
        let (run, as_of) = (past.manifest.run.clone(), past.manifest.as_of);
        let summary = ResultSummary { run, as_of, result };
        latest.push(LatestResult { privilege: past.privilege, summary });
    }
    Ok(latest)
}

/// The stretches of several questions, in their order. Runs are read once for all of them.
pub(super) fn intervals<'a>(
    conn: &Connection,
    identities: impl IntoIterator<Item = &'a ResultIdentity>,
) -> Result<Vec<Vec<Interval>>, Fault> {
    let mut pasts = Pasts::default();
    identities.into_iter().map(|identity| intervals_of(conn, identity, &mut pasts)).collect()
}

fn intervals_of(
    conn: &Connection,
    identity: &ResultIdentity,
    pasts: &mut Pasts,
) -> Result<Vec<Interval>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT s.id, s.first_sequence, s.last_sequence \
         FROM topic t JOIN span s ON s.topic = t.id WHERE t.kind = ?1 AND t.name = ?2 \
         ORDER BY s.first_sequence",
    )?;
    let spans = statement
        .query_map(params![Kind::Result as i64, canonical(identity)?], |row| {
            Ok((row.get::<_, i64>(0)?, unsigned(row, 1)?, unsigned(row, 2)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let mut intervals = Vec::with_capacity(spans.len());
    for (id, first, last) in spans {
        let (past, _) = pasts.result(conn, first, id)?;
        let (first_run, first_as_of) = (past.manifest.run.clone(), past.manifest.as_of);
        let (past, result) = pasts.result(conn, last, id)?;
        let (last_run, last_as_of) = (past.manifest.run.clone(), past.manifest.as_of);
        let privilege = past.privilege;
        intervals.push(Interval {
            privilege,
            first_run,
            first_as_of,
            last_run,
            last_as_of,
            result,
        });
    }
    Ok(intervals)
}
