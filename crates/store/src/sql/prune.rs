//! Retention: captures and volatile bodies go, and the audit log says which.

use super::Fault;
use super::audit::{self, Stored, stored_detail};
use super::rows::{parse, signed};
use crate::span::Kind;
use crate::trust::KeyPair;
use crate::types::NewAudit;
use anji_model::{AuditOutcome, Digest, RunManifest};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::BTreeSet;

/// The text whose digest the audit log holds for a set of removed bodies.
pub(crate) fn pruned_text(digests: &BTreeSet<Digest>) -> String {
    digests.iter().map(|digest| format!("{digest}\n")).collect()
}

/// Removes what only runs evaluated before `before` name as capture or volatile body.
pub(super) fn captures(
    conn: &Connection,
    key: &KeyPair,
    before: Timestamp,
    actor: &str,
    at: Timestamp,
) -> Result<u64, Fault> {
    let Some(keep_from) = first_run_from(conn, before)? else {
        return Ok(0);
    };
    let (mut old, mut kept) = (BTreeSet::new(), BTreeSet::new());
    let mut statement = conn.prepare_cached(
        "SELECT f.json, max(s.last_sequence) FROM span s JOIN topic t ON t.id = s.topic \
         JOIN form f ON f.id = s.form WHERE t.kind = ?1 GROUP BY f.id",
    )?;
    let mut rows = statement.query([Kind::Record as i64])?;
    while let Some(row) = rows.next()? {
        let form: Value = parse(&row.get::<_, String>(0)?)?;
        let last: i64 = row.get(1)?;
        let digest = |name: &str| form[name].as_str().and_then(|text| text.parse::<Digest>().ok());
        kept.extend(digest("body"));
        let others = [digest("volatile"), digest("capture")].into_iter().flatten();
        if last < keep_from { old.extend(others) } else { kept.extend(others) }
    }
    let mut gone = BTreeSet::new();
    for digest in old.difference(&kept) {
        let Digest(name) = digest;
        if conn.prepare_cached("DELETE FROM body WHERE digest = ?1")?.execute([name])? > 0 {
            gone.insert(*digest);
        }
    }
    if !gone.is_empty() {
        record(conn, key, &gone, actor, at)?;
    }
    Ok(gone.len() as u64)
}

/// The first run, in the order of the chain, from which on everything is kept: one evaluated at or
/// after `before`, or the end of the chain. `None` without runs.
fn first_run_from(conn: &Connection, before: Timestamp) -> Result<Option<i64>, Fault> {
    let mut statement =
        conn.prepare_cached("SELECT sequence, manifest FROM run ORDER BY sequence")?;
    let mut rows = statement.query([])?;
    let mut end = None;
    while let Some(row) = rows.next()? {
        let sequence: i64 = row.get(0)?;
        let manifest: RunManifest = parse(&row.get::<_, String>(1)?)?;
        if manifest.as_of >= before {
            return Ok(Some(sequence));
        }
        end = Some(sequence.saturating_add(1));
    }
    Ok(end)
}

fn record(
    conn: &Connection,
    key: &KeyPair,
    gone: &BTreeSet<Digest>,
    actor: &str,
    at: Timestamp,
) -> Result<(), Fault> {
    let entry = NewAudit {
        at,
        actor: actor.to_owned(),
        use_case: "store.prune".to_owned(),
        object: format!("{} captures", gone.len()),
        outcome: AuditOutcome::Done,
        detail: stored_detail(Stored::Pruned, &pruned_text(gone)),
    };
    let entry = audit::append(conn, key, entry)?;
    for Digest(name) in gone {
        conn.prepare_cached("INSERT INTO pruned (audit, digest) VALUES (?1, ?2)")?
            .execute(params![signed(entry.sequence)?, name])?;
    }
    Ok(())
}
