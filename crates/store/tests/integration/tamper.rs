//! Whoever can write the file but has no key cannot change a row unseen.

use crate::support::{Dice, fill, problems};
use anji_store::{Store, key_file, store_file};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::tempdir;

/// Every table, and so results (span, form, topic), records (the same), bodies, manifests, salts
/// and command logs (run), the audit log, registers, settings, retention and the signed end.
const TABLES: [&str; 10] =
    ["run", "span", "form", "topic", "body", "audit", "register", "setting", "pruned", "chain_end"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Changed,
    Removed,
    Added,
    Reordered,
}

type Row = Vec<Value>;

struct Table<'a> {
    conn: &'a Connection,
    name: &'static str,
    rows: Vec<Row>,
    columns: Vec<String>,
}

impl<'a> Table<'a> {
    fn read(conn: &'a Connection, name: &'static str) -> Self {
        let mut statement = conn.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let read = |row: &rusqlite::Row<'_>| (0..columns.len()).map(|i| row.get(i)).collect();
        let rows = statement.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap();
        Self { conn, name, rows, columns }
    }

    fn delete(&self, row: &Row) {
        let terms: Vec<_> = self.columns.iter().map(|name| format!("{name} IS ?")).collect();
        let sql = format!("DELETE FROM {} WHERE {}", self.name, terms.join(" AND "));
        assert_eq!(self.conn.execute(&sql, params_from_iter(row)).unwrap(), 1);
    }

    fn insert(&self, row: &Row) -> bool {
        let marks = vec!["?"; row.len()].join(", ");
        let sql = format!("INSERT INTO {} VALUES ({marks})", self.name);
        self.conn.execute(&sql, params_from_iter(row)).is_ok()
    }

    /// Whether two values say the same: packed blobs may differ in bytes and not in content.
    fn same(&self, column: usize, a: &Value, b: &Value) -> bool {
        let packed = matches!(
            (self.name, self.columns[column].as_str()),
            ("body", "data") | ("run", "detail" | "commands")
        );
        match (a, b) {
            (Value::Blob(a), Value::Blob(b)) if packed => {
                let unpack = |bytes: &[u8]| zstd::stream::decode_all(bytes).ok();
                a == b || (unpack(a).is_some() && unpack(a) == unpack(b))
            }
            _ => a == b,
        }
    }

    /// Makes the change; `None` when it came out as none, or the table does not take it.
    fn make(&self, change: Change, dice: &mut Dice) -> Option<()> {
        let row = &self.rows[dice.below(self.rows.len())];
        match change {
            Change::Changed => {
                let mut other = row.clone();
                let column = dice.below(row.len());
                other[column] = twist(&row[column], dice);
                if self.same(column, &row[column], &other[column]) {
                    return None;
                }
                self.delete(row);
                self.insert(&other).then_some(())
            }
            Change::Removed => {
                self.delete(row);
                Some(())
            }
            Change::Added => {
                let twisted = |value: &Value, dice: &mut Dice| match dice.below(2) {
                    0 => value.clone(),
                    _ => twist(value, dice),
                };
                (0..100)
                    .any(|_| {
                        let other: Row = row.iter().map(|value| twisted(value, dice)).collect();
                        self.insert(&other)
                    })
                    .then_some(())
            }
            Change::Reordered => {
                let (column, other) =
                    (dice.below(row.len()), &self.rows[dice.below(self.rows.len())]);
                if self.same(column, &row[column], &other[column]) {
                    return None;
                }
                let (mut first, mut second) = (row.clone(), other.clone());
                std::mem::swap(&mut first[column], &mut second[column]);
                // With two columns the swap of one is the swap of the other.
                self.delete(row);
                self.delete(other);
                let is_same_set = (&first == other) && (&second == row);
                (self.insert(&first) && self.insert(&second) && !is_same_set).then_some(())
            }
        }
    }
}

/// Another value of the same type.
fn twist(value: &Value, dice: &mut Dice) -> Value {
    match value {
        Value::Integer(n) => Value::Integer(match dice.below(3) {
            0 => n + 1,
            1 => n - 1,
            _ => i64::try_from(dice.below(1000)).unwrap(),
        }),
        Value::Text(text) => {
            let mut bytes = text.clone().into_bytes();
            let place = dice.below(bytes.len());
            match dice.below(3) {
                0 => bytes[place] = b"0123456789abcdefghijklmnopqrstuvwxyz"[dice.below(36)],
                1 => drop(bytes.remove(place)),
                _ => bytes.insert(place, b' '),
            }
            Value::Text(String::from_utf8(bytes).unwrap())
        }
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            let place = dice.below(bytes.len());
            match dice.below(8) {
                0 => drop(bytes.pop()),
                _ => bytes[place] ^= 1 << dice.below(8),
            }
            Value::Blob(bytes)
        }
        other => other.clone(),
    }
}

/// Changes the file at `path` as somebody with `sqlite3` would, leaving the schema as it was.
fn change(path: &Path, table: &'static str, change: Change, dice: &mut Dice) -> Option<()> {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; \
         PRAGMA ignore_check_constraints = ON;",
    )
    .unwrap();
    let mut statement =
        conn.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let triggers: Vec<(String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    drop(statement);
    for (name, _) in &triggers {
        conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    let made = Table::read(&conn, table).make(change, dice);
    for (_, sql) in &triggers {
        conn.execute_batch(sql).unwrap();
    }
    made
}

#[test]
fn a_thousand_changed_rows_are_all_found() {
    let (dir, copy) = (tempdir().unwrap(), tempdir().unwrap());
    drop(fill(dir.path()));
    let whole = std::fs::read(store_file(dir.path())).unwrap();
    std::fs::copy(key_file(dir.path()), key_file(copy.path())).unwrap();
    let untouched = Store::open_read_only(dir.path()).unwrap().verify(None).unwrap();
    assert!(untouched.is_intact(), "{}", problems(&untouched));

    let kinds = [Change::Changed, Change::Removed, Change::Added, Change::Reordered];
    // One row cannot trade places with itself, and a set has no order.
    let cases: Vec<_> = TABLES
        .into_iter()
        .flat_map(|table| kinds.map(|kind| (table, kind)))
        .filter(|(table, kind)| {
            !(["chain_end", "pruned"].contains(table) && *kind == Change::Reordered)
        })
        .collect();
    let made = RefCell::new(BTreeMap::<_, u32>::new());
    let config = Config {
        cases: 1000,
        max_global_rejects: 4000,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&(0..cases.len(), any::<u64>()), |(case, seed)| {
            let (table, kind) = cases[case];
            std::fs::write(store_file(copy.path()), &whole).unwrap();
            let change = change(&store_file(copy.path()), table, kind, &mut Dice(seed));
            prop_assume!(change.is_some());
            let report = Store::open_read_only(copy.path()).and_then(|store| store.verify(None));
            match report {
                Ok(report) => prop_assert!(!report.is_intact(), "{table} {kind:?} went unseen"),
                Err(error) => prop_assert!(false, "{table} {kind:?}: {error:?}"),
            }
            *made.borrow_mut().entry((table, kind)).or_default() += 1;
            Ok(())
        })
        .unwrap();
    let made = made.into_inner();
    assert_eq!(made.values().sum::<u32>(), 1000);
    assert_eq!(made.len(), cases.len(), "every kind of change to every table: {made:?}");
}

#[test]
fn append_only_tables_refuse_changes() {
    let dir = tempdir().unwrap();
    drop(fill(dir.path()));
    let conn = Connection::open(store_file(dir.path())).unwrap();
    let fixed = ["audit", "run", "register", "pruned", "topic", "form"];
    for table in fixed {
        let column = &Table::read(&conn, table).columns[0];
        assert!(conn.execute(&format!("UPDATE {table} SET {column} = {column}"), []).is_err());
        assert!(conn.execute(&format!("DELETE FROM {table}"), []).is_err());
    }
    assert!(conn.execute("UPDATE body SET size = 0", []).is_err());
    assert!(conn.execute("UPDATE span SET form = 1", []).is_err());
    assert!(conn.execute("DELETE FROM span", []).is_err());
}

#[test]
fn a_schema_without_its_triggers_is_found() {
    let dir = tempdir().unwrap();
    drop(fill(dir.path()));
    Connection::open(store_file(dir.path()))
        .unwrap()
        .execute_batch("DROP TRIGGER audit_kept")
        .unwrap();
    let report = Store::open_read_only(dir.path()).unwrap().verify(None).unwrap();
    let object = "trigger audit_kept".to_owned();
    assert_eq!(report.problems, [anji_store::Problem::SchemaChanged { object }]);
}

#[test]
fn problems_name_what_was_changed() {
    let dir = tempdir().unwrap();
    drop(fill(dir.path()));
    let conn = Connection::open(store_file(dir.path())).unwrap();
    conn.execute_batch(
        "DROP TRIGGER form_fixed; DROP TRIGGER register_kept; DROP TRIGGER run_kept;
         UPDATE form SET json = replace(json, '\"fail\"', '\"pass\"') WHERE id =
           (SELECT form FROM span JOIN topic ON topic.id = topic WHERE name LIKE '%LNX-003%' LIMIT 1);
         PRAGMA foreign_keys = OFF;
         DELETE FROM register WHERE version = 2;
         DELETE FROM run WHERE sequence = 1;",
    )
    .unwrap();
    drop(conn);
    let report = Store::open_read_only(dir.path()).unwrap().verify(None).unwrap();
    let text = problems(&report);
    for expected in [
        "LNX-003 of asset:local was changed; it stands in runs 0 to 3",
        "LNX-003 of asset:root:/mnt was changed; it stands in runs 4 to 4",
        "run 1 is missing",
        "run 2 `20261123T010000Z-0002",
        "register suid-files of asset:local version 2: is missing",
    ] {
        assert!(text.contains(expected), "no `{expected}` in\n{text}");
    }
}
