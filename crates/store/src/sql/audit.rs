//! The hash-chained audit log, and the signed end of it and of the chain of runs.

use super::Fault;
use super::rows::{self, parse, signed, unsigned};
use crate::codec::{canonical, digest};
use crate::error::StoreError;
use crate::trust::KeyPair;
use crate::types::NewAudit;
use anji_model::{AuditEntry, AuditOutcome, Digest};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value, json};

/// What an audit entry of the store itself is about: most hold a digest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Stored {
    /// A version of an approved list.
    Register,
    /// A setting.
    Setting,
    /// A set of removed bodies.
    Pruned,
    /// A new epoch of the chain, with its reason.
    Epoch,
}

impl Stored {
    const ALL: [Self; 4] = [Self::Register, Self::Setting, Self::Pruned, Self::Epoch];

    /// The words that begin the detail of such an entry.
    fn words(self) -> &'static str {
        match self {
            Self::Register => "stored register, SHA-256 ",
            Self::Setting => "stored setting, SHA-256 ",
            Self::Pruned => "removed bodies, SHA-256 of their list ",
            Self::Epoch => "new epoch of the chain: ",
        }
    }

    /// Refuses an entry that would pass for one of the store's own.
    pub(super) fn refuse(entry: &NewAudit) -> Result<NewAudit, StoreError> {
        if Self::ALL.iter().any(|stored| entry.detail.starts_with(stored.words())) {
            return Err(StoreError::invalid("the detail begins like an entry of the store itself"));
        }
        Ok(entry.clone())
    }
}

/// The detail of an entry that holds the digest of `text`.
pub(crate) fn stored_detail(stored: Stored, text: &str) -> String {
    format!("{}{}", stored.words(), digest(&[text.as_bytes()]))
}

/// What an entry with this detail holds the digest of.
pub(crate) fn parse_stored(detail: &str) -> Option<(Stored, &str)> {
    let strip = |stored: Stored| Some((stored, detail.strip_prefix(stored.words())?));
    Stored::ALL.into_iter().find_map(strip)
}

/// Appends an entry and signs the new end.
pub(super) fn append(
    conn: &Connection,
    key: &KeyPair,
    entry: NewAudit,
) -> Result<AuditEntry, Fault> {
    let last = last(conn)?;
    let mut whole = AuditEntry {
        sequence: last.map_or(0, |(sequence, _)| sequence + 1),
        at: entry.at,
        actor: entry.actor,
        use_case: entry.use_case,
        object: entry.object,
        outcome: entry.outcome,
        detail: entry.detail,
        previous: last.map(|(_, hash)| hash),
        hash: Digest([0; 32]),
    };
    let mut value = serde_json::to_value(&whole)
        .map_err(|error| StoreError::invalid(format!("not JSON: {error}")))?;
    value.as_object_mut().and_then(|object| object.remove("hash"));
    let text = canonical(&value)?;
    whole.hash = digest(&[text.as_bytes()]);
    conn.prepare_cached("INSERT INTO audit (sequence, entry, hash) VALUES (?1, ?2, ?3)")?
        .execute(params![signed(whole.sequence)?, text, whole.hash.0])?;
    sign_end(conn, key)?;
    Ok(whole)
}

/// Entries from number `from` on.
pub(super) fn list(conn: &Connection, from: u64, limit: u64) -> Result<Vec<AuditEntry>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT entry, hash FROM audit WHERE sequence >= ?1 ORDER BY sequence LIMIT ?2",
    )?;
    let limit = limit.min(i64::MAX.unsigned_abs());
    let rows = statement.query_map([signed(from)?, signed(limit)?], |row| {
        Ok((row.get::<_, String>(0)?, Digest(row.get(1)?)))
    })?;
    let entry = |row: rusqlite::Result<(String, Digest)>| {
        let (text, hash) = row?;
        let mut object: Map<String, Value> = parse(&text)?;
        object.insert("hash".to_owned(), Value::String(hash.to_string()));
        rows::typed(Value::Object(object))
    };
    rows.map(entry).collect()
}

/// How many epochs began in entries from number `from` on.
pub(super) fn epochs_since(conn: &Connection, from: u64) -> Result<u64, Fault> {
    let entries = list(conn, from, u64::MAX)?;
    let begins = |entry: &&AuditEntry| {
        parse_stored(&entry.detail).is_some_and(|(stored, _)| stored == Stored::Epoch)
    };
    Ok(entries.iter().filter(begins).count() as u64)
}

/// Begins an epoch.
pub(super) fn begin_epoch(
    conn: &Connection,
    key: &KeyPair,
    reason: &str,
    actor: &str,
    at: Timestamp,
) -> Result<AuditEntry, Fault> {
    let epoch = epochs_since(conn, 0)? + 1;
    let entry = NewAudit {
        at,
        actor: actor.to_owned(),
        use_case: "store.epoch".to_owned(),
        object: format!("epoch {epoch}"),
        outcome: AuditOutcome::Done,
        detail: format!("{}{reason}", Stored::Epoch.words()),
    };
    append(conn, key, entry)
}

/// Number and hash of the last entry.
pub(crate) fn last(conn: &Connection) -> Result<Option<(u64, Digest)>, Fault> {
    let mut statement =
        conn.prepare_cached("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")?;
    let read = |row: &rusqlite::Row<'_>| Ok((unsigned(row, 0)?, Digest(row.get(1)?)));
    Ok(statement.query_row([], read).optional()?)
}

/// Where chain and audit log end now, as it is signed.
pub(crate) fn end_statement(conn: &Connection) -> Result<String, Fault> {
    let audit = last(conn)?;
    let run = conn
        .prepare_cached("SELECT sequence, head FROM run ORDER BY sequence DESC LIMIT 1")?
        .query_row([], |row| Ok((unsigned(row, 0)?, Digest(row.get(1)?))))
        .optional()?;
    let end = json!({
        "kind": "anji-end",
        "runs": run.map_or(0, |(sequence, _)| sequence + 1),
        "head": run.map(|(_, head)| head),
        "audit_entries": audit.map_or(0, |(sequence, _)| sequence + 1),
        "audit_hash": audit.map(|(_, hash)| hash),
    });
    Ok(canonical(&end)?)
}

/// Signs where chain and audit log end now.
pub(super) fn sign_end(conn: &Connection, key: &KeyPair) -> Result<(), Fault> {
    let statement = end_statement(conn)?;
    let signature = key.sign(statement.as_bytes());
    conn.prepare_cached(
        "INSERT INTO chain_end (id, statement, public_key, signature) VALUES (1, ?1, ?2, ?3) \
         ON CONFLICT (id) DO UPDATE SET statement = excluded.statement, \
         public_key = excluded.public_key, signature = excluded.signature",
    )?
    .execute(params![statement, key.public(), signature])?;
    Ok(())
}
