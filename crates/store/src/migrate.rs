//! Schema versions: forward only, each migration one transaction.

use crate::sql::Fault;
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// Says that a SQLite file is ours: `ANJI`.
pub(crate) const APPLICATION_ID: i32 = 0x414E_4A49;

/// One step; its place in the list, from 1, is the schema it leads to.
pub(crate) struct Migration {
    /// The statements.
    pub(crate) sql: &'static str,
}

/// Every step since the first day. Only ever appended to.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { sql: include_str!("../migrations/0001_initial.sql") },
    Migration { sql: include_str!("../migrations/0002_vulnerabilities.sql") },
];

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// A database without anything in it.
    Empty,
    /// Ours, with this schema.
    Ours(u32),
    /// Something else.
    Foreign,
}

/// The newest schema of `migrations`.
pub(crate) fn newest(migrations: &[Migration]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}

/// What the open file is.
pub(crate) fn found(conn: &Connection) -> Result<Found, Fault> {
    let id: i32 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version: i32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let objects: i64 =
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(match (id, u32::try_from(version), objects) {
        (0, Ok(0), 0) => Found::Empty,
        (APPLICATION_ID, Ok(version @ 1..), _) => Found::Ours(version),
        _ => Found::Foreign,
    })
}

/// Brings the file to the newest schema of `migrations`. A file that is newer, or foreign, is left
/// as it is and returned as found.
pub(crate) fn upgrade(conn: &Connection, migrations: &[Migration]) -> Result<Found, Fault> {
    loop {
        let done = match found(conn)? {
            Found::Empty => 0,
            Found::Ours(version) if version < newest(migrations) => version,
            other => return Ok(other),
        };
        // Another process may be upgrading too, so the step is chosen again under the lock.
        let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        let current = match found(&transaction)? {
            Found::Empty => 0,
            Found::Ours(version) => version,
            Found::Foreign => return Ok(Found::Foreign),
        };
        if current != done {
            continue;
        }
        let Some(step) = migrations.get(done as usize) else {
            return found(conn);
        };
        transaction.execute_batch(step.sql)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", done + 1)?;
        transaction.commit()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: &[Migration] = &[
        Migration { sql: include_str!("../migrations/0001_initial.sql") },
        Migration { sql: include_str!("../migrations/0002_vulnerabilities.sql") },
        Migration { sql: "CREATE TABLE later (a INTEGER NOT NULL) STRICT;" },
    ];
    const BROKEN: &[Migration] = &[
        Migration { sql: include_str!("../migrations/0001_initial.sql") },
        Migration { sql: "CREATE TABLE later (a INTEGER) STRICT; CREATE TABLE nonsense (" },
    ];

    #[test]
    fn steps_are_applied_once_and_in_order() {
        let conn = Connection::open_in_memory().unwrap();
        assert_eq!(found(&conn).unwrap(), Found::Empty);
        assert_eq!(upgrade(&conn, MIGRATIONS).unwrap(), Found::Ours(2));
        assert_eq!(upgrade(&conn, MIGRATIONS).unwrap(), Found::Ours(2));
        assert_eq!(upgrade(&conn, LATER).unwrap(), Found::Ours(3));
        conn.execute("INSERT INTO later VALUES (1)", []).unwrap();
        // An older program sees the newer store and leaves it alone.
        assert_eq!(upgrade(&conn, MIGRATIONS).unwrap(), Found::Ours(3));
    }

    #[test]
    fn a_step_that_fails_leaves_the_schema_before_it() {
        let conn = Connection::open_in_memory().unwrap();
        assert!(upgrade(&conn, BROKEN).is_err());
        assert_eq!(found(&conn).unwrap(), Found::Ours(1));
        assert!(conn.execute("INSERT INTO later VALUES (1)", []).is_err());
    }

    #[test]
    fn other_databases_are_foreign() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE theirs (a)").unwrap();
        assert_eq!(upgrade(&conn, MIGRATIONS).unwrap(), Found::Foreign);
    }
}
