//! Evidence bodies by digest.

use super::Fault;
use crate::codec::{digest, pack, unpack};
use crate::error::StoreError;
use crate::types::StoredBody;
use anji_model::{Body, Digest};
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::Arc;

/// Stores `body` under its digest, once.
pub(super) fn put(conn: &Connection, name: &Digest, body: &Body) -> Result<(), Fault> {
    if digest(&[body]) != *name {
        return Err(StoreError::BodyChanged { digest: *name }.into());
    }
    if is_stored(conn, name)? {
        return Ok(());
    }
    let size = i64::try_from(body.len()).unwrap_or(i64::MAX);
    conn.prepare_cached("INSERT INTO body (digest, size, data) VALUES (?1, ?2, ?3)")?
        .execute(params![name.0, size, pack(body)?])?;
    Ok(())
}

/// Whether the bytes of that digest are there.
pub(super) fn is_stored(conn: &Connection, name: &Digest) -> Result<bool, Fault> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM body WHERE digest = ?1")?;
    Ok(statement.exists([name.0])?)
}

/// The body of that digest.
pub(super) fn get(conn: &Connection, name: &Digest) -> Result<Option<StoredBody>, Fault> {
    let mut statement = conn.prepare_cached("SELECT data FROM body WHERE digest = ?1")?;
    let packed: Option<Vec<u8>> = statement.query_row([name.0], |row| row.get(0)).optional()?;
    match packed {
        Some(packed) => match unpack(&packed).filter(|bytes| digest(&[bytes]) == *name) {
            Some(bytes) => Ok(Some(StoredBody::Present(Arc::from(bytes)))),
            None => Err(StoreError::BodyChanged { digest: *name }.into()),
        },
        None => {
            let mut statement = conn.prepare_cached("SELECT 1 FROM pruned WHERE digest = ?1")?;
            Ok(statement.exists([name.0])?.then_some(StoredBody::Pruned))
        }
    }
}
