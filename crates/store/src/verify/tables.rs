//! Bodies, approved lists, settings, and the signed end.

use super::{Problem, Verifier};
use crate::codec::{digest, unpack};
use crate::sql::rows::{column, unsigned};
use crate::sql::{Fault, Stored, end_statement, pruned_text, setting_text};
use crate::trust::signature_holds;
use anji_model::Digest;
use rusqlite::OptionalExtension;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};

impl Verifier<'_> {
    /// Every body that a record names is there with its digest, or was removed by retention.
    pub(super) fn bodies(&mut self) -> Result<(), Fault> {
        self.pruned_sets()?;
        let conn = self.conn;
        let mut statement = conn.prepare("SELECT digest, size, data FROM body")?;
        let mut rows = statement.query([])?;
        let mut present = HashSet::new();
        while let Some(row) = rows.next()? {
            let name = Digest(row.get(0)?);
            let (size, data): (u64, Vec<u8>) = (unsigned(row, 1)?, row.get(2)?);
            let body = unpack(&data).unwrap_or_default();
            if body.len() as u64 != size || digest(&[&body]) != name {
                self.found(Problem::BodyChanged { digest: name.to_string() });
            }
            if !self.named_bodies.contains(&name) {
                self.found(Problem::Unreferenced { row: format!("body `{name}`") });
            }
            self.report.bodies += 1;
            present.insert(name);
        }
        let mut missing: Vec<Digest> = self.named_bodies.difference(&present).copied().collect();
        missing.sort();
        for digest in missing {
            if self.pruned.contains(&digest) {
                self.report.pruned += 1;
            } else {
                self.found(Problem::BodyMissing { digest });
            }
        }
        Ok(())
    }

    /// The sets of removed bodies are those whose digests the audit log holds.
    fn pruned_sets(&mut self) -> Result<(), Fault> {
        let mut sets: BTreeMap<u64, BTreeSet<Digest>> = BTreeMap::new();
        let mut statement = self.conn.prepare("SELECT audit, digest FROM pruned")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            sets.entry(unsigned(row, 0)?).or_default().insert(Digest(row.get(1)?));
        }
        for sequence in self.all_held(Stored::Pruned) {
            if !sets.contains_key(&sequence) {
                let what = format!("the set of audit entry {sequence} is missing");
                self.found(Problem::PrunedChanged { what });
            }
        }
        for (sequence, set) in sets {
            let text = digest(&[pruned_text(&set).as_bytes()]).to_string();
            if self.held(sequence, Stored::Pruned).is_some_and(|held| held.digest == text) {
                self.pruned.extend(set);
            } else {
                let what = format!("audit entry {sequence} holds another set");
                self.found(Problem::PrunedChanged { what });
            }
        }
        Ok(())
    }

    /// Every version of an approved list is one whose digest the audit log holds, and the other
    /// way round.
    pub(super) fn registers(&mut self) -> Result<(), Fault> {
        let conn = self.conn;
        let mut statement = conn.prepare(
            "SELECT list, subject, version, value, audit FROM register \
             ORDER BY list, subject, version",
        )?;
        let mut rows = statement.query([])?;
        let mut held = HashSet::new();
        let mut before: Option<(String, String, u64)> = None;
        while let Some(row) = rows.next()? {
            let (list, subject): (String, String) = (row.get(0)?, row.get(1)?);
            let (version, value): (u64, String) = (unsigned(row, 2)?, row.get(3)?);
            let sequence = unsigned(row, 4)?;
            let name = format!("{list} of {subject} version {version}");
            let mut changed = |what: &str| {
                let (name, what) = (name.clone(), what.to_owned());
                self.report.problems.push(Problem::RegisterChanged { name, what });
            };
            let json: Value = serde_json::from_str(&value).unwrap_or_default();
            let its_subject = serde_json::from_str::<Value>(&subject).unwrap_or_default();
            if json["id"].as_str() != Some(&list)
                || json["subject"] != its_subject
                || json["version"].as_u64() != Some(version)
            {
                changed("stands under another name, subject or version");
            }
            let last = before.take().filter(|(l, s, _)| *l == list && *s == subject);
            if last.map_or(0, |(_, _, version)| version).checked_add(1) != Some(version) {
                changed("the version before it is missing");
            }
            let text = digest(&[value.as_bytes()]).to_string();
            if self.held(sequence, Stored::Register).is_none_or(|held| held.digest != text) {
                self.found(Problem::RegisterChanged {
                    name,
                    what: "is not what the audit log says".to_owned(),
                });
            }
            held.insert(sequence);
            self.report.registers += 1;
            before = Some((list, subject, version));
        }
        for sequence in self.all_held(Stored::Register) {
            if !held.contains(&sequence) {
                let name = self.held(sequence, Stored::Register).map(|held| held.object.clone());
                let what = "is missing".to_owned();
                self.found(Problem::RegisterChanged { name: name.unwrap_or_default(), what });
            }
        }
        Ok(())
    }

    /// Every setting has the value that the audit log holds the digest of last.
    pub(super) fn settings(&mut self) -> Result<(), Fault> {
        let mut expected: BTreeMap<String, (u64, String)> = BTreeMap::new();
        for held in self.audit_stored.iter().filter(|held| held.stored == Stored::Setting) {
            expected.insert(held.object.clone(), (held.sequence, held.digest.clone()));
        }
        let mut statement = self.conn.prepare("SELECT name, value, audit FROM setting")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (name, value): (String, String) = (row.get(0)?, row.get(1)?);
            let text = digest(&[setting_text(&name, &value)?.as_bytes()]).to_string();
            if expected.remove(&name) != Some((unsigned(row, 2)?, text)) {
                self.report.problems.push(Problem::SettingChanged { name });
            }
        }
        for (name, _) in expected {
            self.report.problems.push(Problem::SettingChanged { name });
        }
        Ok(())
    }

    /// Chain and audit log end where the signed end says.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        let end = self
            .conn
            .query_row(
                "SELECT statement, public_key, signature FROM chain_end WHERE id = 1",
                [],
                |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let rows = column::<i64>(
            self.conn,
            "SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM audit)",
        )?;
        for id in column::<i64>(self.conn, "SELECT id FROM chain_end WHERE id <> 1")? {
            self.found(Problem::Unreferenced { row: format!("signed end {id}") });
        }
        let what = match end {
            None if rows == [0] => return Ok(()),
            None => "it is missing".to_owned(),
            Some((statement, public_key, signature)) => {
                let key = *self.key.get_or_insert(public_key);
                let now = end_statement(self.conn)?;
                if public_key != key || !signature_holds(&key, statement.as_bytes(), &signature) {
                    "its signature does not hold".to_owned()
                } else if statement != now {
                    format!("signed is {statement}, found is {now}")
                } else {
                    return Ok(());
                }
            }
        };
        self.found(Problem::EndChanged { what });
        Ok(())
    }
}
