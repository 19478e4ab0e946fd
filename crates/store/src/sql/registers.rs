//! Approved lists and settings: each write leaves its digest in the audit log.

use super::audit::{self, Stored, stored_detail};
use super::rows::{parse, signed};
use super::{Fault, subject_text};
use crate::codec::canonical;
use crate::error::StoreError;
use crate::trust::KeyPair;
use crate::types::NewAudit;
use anji_model::{AuditEntry, AuditOutcome, Register, RegisterId, Subject};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, ToSql, params};

/// Appends a version and its audit entry.
pub(super) fn put(
    conn: &Connection,
    key: &KeyPair,
    register: &Register,
    use_case: &str,
) -> Result<AuditEntry, Fault> {
    let newest = versions(conn, &register.id, &register.subject)?.pop();
    let next = newest.map_or(1, |newest| newest.version.saturating_add(1));
    if register.version != next {
        let (id, given) = (register.id.clone(), register.version);
        return Err(StoreError::RegisterConflict { register: id, given, next }.into());
    }
    if register.entries.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(StoreError::invalid("the entries are not sorted, or one repeats").into());
    }
    let value = canonical(register)?;
    let entry = NewAudit {
        at: register.approval.at,
        actor: register.approval.recorded_by.clone(),
        use_case: use_case.to_owned(),
        object: format!("{} of {} version {next}", register.id, register.subject),
        outcome: AuditOutcome::Done,
        detail: stored_detail(Stored::Register, &value),
    };
    let entry = audit::append(conn, key, entry)?;
    conn.prepare_cached(
        "INSERT INTO register (list, subject, version, value, audit) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        register.id.as_str(),
        subject_text(&register.subject)?,
        register.version,
        value,
        signed(entry.sequence)?
    ])?;
    Ok(entry)
}

pub(super) fn versions(
    conn: &Connection,
    id: &RegisterId,
    subject: &Subject,
) -> Result<Vec<Register>, Fault> {
    let subject = subject_text(subject)?;
    query(
        conn,
        "SELECT value FROM register WHERE list = ?1 AND subject = ?2 ORDER BY version",
        &[&id.as_str(), &subject],
    )
}

pub(super) fn newest(conn: &Connection, subject: &Subject) -> Result<Vec<Register>, Fault> {
    let subject = subject_text(subject)?;
    query(
        conn,
        "SELECT value FROM register r WHERE subject = ?1 AND version = \
         (SELECT max(version) FROM register WHERE list = r.list AND subject = r.subject) \
         ORDER BY list",
        &[&subject],
    )
}

fn query(conn: &Connection, sql: &str, params: &[&dyn ToSql]) -> Result<Vec<Register>, Fault> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| row.get::<_, String>(0))?;
    rows.map(|value| parse(&value?)).collect()
}

pub(super) fn setting(conn: &Connection, name: &str) -> Result<Option<String>, Fault> {
    let mut statement = conn.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// The text whose digest the audit log holds for a setting.
pub(crate) fn setting_text(name: &str, value: &str) -> Result<String, StoreError> {
    canonical(&(name, value))
}

/// Sets `setting` (name and value) with its audit entry.
pub(super) fn put_setting(
    conn: &Connection,
    key: &KeyPair,
    setting: (&str, &str),
    actor: &str,
    at: Timestamp,
) -> Result<AuditEntry, Fault> {
    let (name, value) = setting;
    let entry = NewAudit {
        at,
        actor: actor.to_owned(),
        use_case: "setting.put".to_owned(),
        object: name.to_owned(),
        outcome: AuditOutcome::Done,
        detail: stored_detail(Stored::Setting, &setting_text(name, value)?),
    };
    let entry = audit::append(conn, key, entry)?;
    conn.prepare_cached(
        "INSERT INTO setting (name, value, audit) VALUES (?1, ?2, ?3) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, audit = excluded.audit",
    )?
    .execute(params![name, value, signed(entry.sequence)?])?;
    Ok(entry)
}
