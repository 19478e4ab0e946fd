//! Recomputing everything that was signed.
//!
//! Nothing here repairs or believes: each row is read as it stands, put together again, hashed,
//! and compared with what the chain, the audit log and their signatures say. A row that cannot be
//! read is a finding, not an error.

mod audit;
mod content;
mod problem;
mod spans;
mod tables;

pub use problem::{Place, Problem, VerifyReport};

use crate::migrate::{self, MIGRATIONS};
use crate::sql::Fault;
use crate::sql::rows::{Spans, column};
use anji_model::Digest;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What is known while a verification goes on.
struct Verifier<'a> {
    conn: &'a Connection,
    report: VerifyReport,
    /// The key that signatures must be made with; the first one met where none was given.
    key: Option<[u8; 32]>,
    /// The heads of all runs that hold.
    heads: Vec<Digest>,
    spans: Spans,
    /// For each span the first and last run that names it.
    usage: BTreeMap<i64, (u64, u64)>,
    /// The bodies that records name.
    named_bodies: HashSet<Digest>,
    /// The audit entries' hashes, by number.
    audit_hashes: BTreeMap<u64, Digest>,
    /// What audit entries hold digests of.
    audit_stored: Vec<audit::Held>,
    /// The bodies removed by retention.
    pruned: BTreeSet<Digest>,
}

/// One part of a verification.
type Step<'a> = fn(&mut Verifier<'a>) -> Result<(), Fault>;

/// Verifies all of the store.
pub(crate) fn verify(
    conn: &Connection,
    key: Option<[u8; 32]>,
    expect_head: Option<Digest>,
) -> Result<VerifyReport, Fault> {
    let mut verifier = Verifier {
        conn,
        report: VerifyReport::default(),
        key,
        heads: Vec::new(),
        spans: Spans::default(),
        usage: BTreeMap::new(),
        named_bodies: HashSet::new(),
        audit_hashes: BTreeMap::new(),
        audit_stored: Vec::new(),
        pruned: BTreeSet::new(),
    };
    // The order matters: runs are compared with the audit log, bodies and spans with the runs.
    let steps = [
        Verifier::database as Step<'_>,
        Verifier::schema,
        Verifier::audit,
        Verifier::runs,
        Verifier::spans,
        Verifier::registers,
        Verifier::settings,
        Verifier::bodies,
        Verifier::end,
    ];
    for step in steps {
        if let Err(fault) = step(&mut verifier) {
            verifier.damaged(fault)?;
        }
    }
    if let Some(expected) = expect_head
        && !verifier.heads.contains(&expected)
    {
        verifier.found(Problem::HeadNotFound { expected });
    }
    verifier.report.head = verifier.heads.last().copied();
    verifier.report.public_key = verifier.key.map(hex::encode);
    verifier.report.key_known = key.is_some();
    Ok(verifier.report)
}

impl Verifier<'_> {
    fn found(&mut self, problem: Problem) {
        self.report.problems.push(problem);
    }

    /// Damage is a finding; any other fault ends the verification.
    fn damaged(&mut self, fault: Fault) -> Result<(), Fault> {
        let Some(detail) = fault.damage() else { return Err(fault) };
        self.found(Problem::Damaged { detail });
        Ok(())
    }

    /// The database's own checks.
    fn database(&mut self) -> Result<(), Fault> {
        for detail in column::<String>(self.conn, "PRAGMA integrity_check(20)")? {
            if detail != "ok" {
                self.found(Problem::Damaged { detail });
            }
        }
        let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, String>(2)?))
        })?;
        for row in rows {
            let (table, id, parent) = row?;
            let id = id.map_or_else(String::new, |id| format!(" {id}"));
            let detail = format!("row{id} of {table} names a missing row of {parent}");
            self.report.problems.push(Problem::Damaged { detail });
        }
        Ok(())
    }

    /// Tables, indexes and triggers are those that the migrations make.
    fn schema(&mut self) -> Result<(), Fault> {
        let fresh = Connection::open_in_memory()?;
        migrate::upgrade(&fresh, MIGRATIONS)?;
        let (expected, found) = (objects(&fresh)?, objects(self.conn)?);
        for object in expected.symmetric_difference(&found) {
            let object = object.0.clone();
            self.found(Problem::SchemaChanged { object });
        }
        Ok(())
    }
}

/// Name and text of everything in the schema, but SQLite's own notes.
fn objects(conn: &Connection) -> Result<BTreeSet<(String, String)>, Fault> {
    let mut statement = conn.prepare(
        "SELECT type || ' ' || name, coalesce(tbl_name, '') || ' ' || coalesce(sql, '') \
         FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
