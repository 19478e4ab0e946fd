//! Rows as they stand, before anything is believed of them.

use super::Fault;
use anji_model::Digest;
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;
use std::collections::HashMap;
use std::rc::Rc;

/// A row of `run`.
pub(crate) struct RunRow {
    pub(crate) sequence: u64,
    pub(crate) run: String,
    pub(crate) manifest: String,
    pub(crate) public_key: [u8; 32],
    pub(crate) signature: [u8; 64],
    pub(crate) head: Digest,
    pub(crate) seed: [u8; 32],
    pub(crate) context: String,
    pub(crate) detail: Vec<u8>,
    pub(crate) commands: Vec<u8>,
}

const RUN: &str = "SELECT sequence, run, manifest, public_key, signature, head, seed, context, \
                   detail, commands FROM run";

impl RunRow {
    /// The row whose `column` (`sequence` or `run`) is `value`.
    pub(crate) fn find(
        conn: &Connection,
        column: &str,
        value: &dyn rusqlite::ToSql,
    ) -> Result<Option<Self>, Fault> {
        let mut statement = conn.prepare_cached(&format!("{RUN} WHERE {column} = ?1"))?;
        Ok(statement.query_row([value], Self::read).optional()?)
    }

    /// The last row of the chain.
    pub(crate) fn last(conn: &Connection) -> Result<Option<Self>, Fault> {
        let mut statement =
            conn.prepare_cached(&format!("{RUN} ORDER BY sequence DESC LIMIT 1"))?;
        Ok(statement.query_row([], Self::read).optional()?)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            sequence: unsigned(row, 0)?,
            run: row.get(1)?,
            manifest: row.get(2)?,
            public_key: row.get(3)?,
            signature: row.get(4)?,
            head: Digest(row.get(5)?),
            seed: row.get(6)?,
            context: row.get(7)?,
            detail: row.get(8)?,
            commands: row.get(9)?,
        })
    }
}

/// A row of `span` with its topic and form.
pub(crate) struct SpanRow {
    pub(crate) kind: i64,
    pub(crate) privilege: i64,
    pub(crate) topic: Rc<Value>,
    pub(crate) form: Rc<Value>,
}

/// Spans that were read already; runs share most of theirs.
#[derive(Default)]
pub(crate) struct Spans(HashMap<i64, Rc<SpanRow>>);

impl Spans {
    /// The span `id`.
    pub(crate) fn get(&mut self, conn: &Connection, id: i64) -> Result<Rc<SpanRow>, Fault> {
        if let Some(span) = self.0.get(&id) {
            return Ok(Rc::clone(span));
        }
        let mut statement = conn.prepare_cached(
            "SELECT t.kind, s.privilege, t.name, f.json FROM span s \
             JOIN topic t ON t.id = s.topic JOIN form f ON f.id = s.form WHERE s.id = ?1",
        )?;
        let parts = statement
            .query_row([id], |row| {
                let (name, json): (String, String) = (row.get(2)?, row.get(3)?);
                Ok((row.get(0)?, row.get(1)?, name, json))
            })
            .optional()?;
        let Some((kind, privilege, name, json)) = parts else {
            return Err(Fault::damaged(format!("span {id} is missing")));
        };
        let span = Rc::new(SpanRow {
            kind,
            privilege,
            topic: Rc::new(parse(&name)?),
            form: Rc::new(parse(&json)?),
        });
        self.0.insert(id, Rc::clone(&span));
        Ok(span)
    }
}

/// Reads JSON that we wrote.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, Fault> {
    serde_json::from_str(json).map_err(|error| Fault::damaged(format!("stored JSON: {error}")))
}

/// Reads a JSON value that we wrote as one of the model's types.
pub(crate) fn typed<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_json::from_value(value).map_err(|error| Fault::damaged(format!("stored JSON: {error}")))
}

/// A column that counts from 0.
pub(crate) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// A number for a column.
pub(crate) fn signed(value: u64) -> Result<i64, Fault> {
    i64::try_from(value).map_err(|_| Fault::damaged(format!("{value} is out of range")))
}

/// All values of one column.
pub(crate) fn column<T: FromSql>(conn: &Connection, sql: &str) -> Result<Vec<T>, Fault> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
