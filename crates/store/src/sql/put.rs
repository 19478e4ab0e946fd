//! Storing a run: the one write that everything else is there for.

use super::rows::{RunRow, parse, signed};
use super::runs::{AuditEnd, Context, leaves, stored};
use super::{Fault, audit, bodies};
use crate::codec::{canonical, digest, pack};
use crate::error::StoreError;
use crate::span::{
    Detail, Kind, Observed, Split, deltas, record_value, result_value, split_record, split_result,
};
use crate::trust::{KeyPair, head, leaf_hashes, merkle, random};
use crate::types::{NewRun, StoredRun};
use anji_model::{Digest, EvidenceRecord, Privilege, RunCounts, RunManifest, Subject};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// The format of manifests that this program writes.
const MANIFEST_FORMAT: u32 = 1;

/// Stores `run` after the last one.
pub(super) fn run(conn: &Connection, key: &KeyPair, run: &NewRun<'_>) -> Result<StoredRun, Fault> {
    let records = checked_records(run)?;
    if RunRow::find(conn, "run", &run.run.as_str())?.is_some() {
        return Err(StoreError::RunExists { run: run.run.clone() }.into());
    }
    let previous = RunRow::last(conn)?;
    let sequence = previous.as_ref().map_or(0, |row| row.sequence + 1);
    put_bodies(conn, run, &records)?;

    let mut spans = SpanWriter { conn, sequence: signed(sequence)?, privilege: run.privilege };
    let (mut detail, mut observed) = (Detail::default(), Observed::new());
    let record_values = records.iter().map(|record| record_value(record));
    let record_values = record_values.collect::<Result<Vec<_>, _>>()?;
    let result_values = run.results.iter().map(result_value).collect::<Result<Vec<_>, _>>()?;
    let mut ids = Vec::with_capacity(records.len());
    for record in &record_values {
        let split = split_record(record, &mut detail, &mut observed)?;
        ids.push(spans.put(Kind::Record, &split)?);
    }
    detail.records = deltas(&ids);
    ids.clear();
    for result in &result_values {
        let split = split_result(result, &mut detail, &observed)?;
        ids.push(spans.put(Kind::Result, &split)?);
    }
    detail.results = deltas(&ids);

    let context = canonical(&context(conn, run)?)?;
    let commands = canonical(run.commands)?;
    let mut seed = [0; 32];
    random(&mut seed)?;
    let texts = leaves(&context, &record_values, &result_values, &commands)?;
    let root = merkle::root(&leaf_hashes(&seed, &texts));
    let epoch = epoch(conn, previous.as_ref())?;
    let manifest = canonical(&manifest(run, &records, root, previous.as_ref(), epoch))?;
    let signature = key.sign(manifest.as_bytes());
    let row = RunRow {
        sequence,
        run: run.run.to_string(),
        public_key: key.public(),
        head: head(&manifest, &signature),
        manifest,
        signature,
        seed,
        context,
        detail: pack(canonical(&detail)?.as_bytes())?,
        commands: pack(commands.as_bytes())?,
    };
    insert(conn, &row)?;
    audit::sign_end(conn, key)?;
    stored(&row)
}

/// The records in the order of their leaves: by subject, then key.
fn checked_records<'a>(run: &'a NewRun<'_>) -> Result<Vec<&'a EvidenceRecord>, StoreError> {
    let mut snapshots: Vec<_> = run.snapshots.iter().collect();
    snapshots.sort_by_key(|snapshot| &snapshot.subject);
    if snapshots.windows(2).any(|pair| pair[0].subject == pair[1].subject) {
        return Err(StoreError::invalid("two snapshots of one subject"));
    }
    let mut records = Vec::new();
    for snapshot in snapshots {
        for (key, record) in &snapshot.records {
            if record.subject != snapshot.subject || record.key != *key {
                let problem = format!("the record `{key}` stands under another subject or key");
                return Err(StoreError::invalid(problem));
            }
            records.push(record);
        }
    }
    let identities: BTreeSet<_> = run.results.iter().map(|result| &result.identity).collect();
    if identities.len() != run.results.len() {
        return Err(StoreError::invalid("two results of one identity"));
    }
    Ok(records)
}

/// Stores every body that a record names.
fn put_bodies(
    conn: &Connection,
    run: &NewRun<'_>,
    records: &[&EvidenceRecord],
) -> Result<(), Fault> {
    for record in records {
        for name in [record.body, record.volatile, record.capture].into_iter().flatten() {
            let given = run.snapshots.iter().find_map(|snapshot| snapshot.bodies.get(&name));
            match given {
                Some(body) => bodies::put(conn, &name, body)?,
                None if bodies::is_stored(conn, &name)? => {}
                None => {
                    let problem = format!("the body `{name}` of `{}` is missing", record.key);
                    return Err(StoreError::invalid(problem).into());
                }
            }
        }
    }
    Ok(())
}

/// Moves a span's end, or begins a new one.
struct SpanWriter<'a> {
    conn: &'a Connection,
    sequence: i64,
    privilege: Privilege,
}

impl SpanWriter<'_> {
    fn put(&mut self, kind: Kind, split: &Split) -> Result<i64, Fault> {
        let topic = self.topic(kind, split)?;
        let form = self.form(&split.form)?;
        let privilege = privilege_number(self.privilege);
        let current: Option<(i64, i64)> = self
            .conn
            .prepare_cached(
                "SELECT id, form FROM span WHERE topic = ?1 AND privilege = ?2 \
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row([topic, privilege], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((id, _)) = current.filter(|(_, current)| *current == form) {
            self.conn
                .prepare_cached("UPDATE span SET last_sequence = ?1 WHERE id = ?2")?
                .execute([self.sequence, id])?;
            return Ok(id);
        }
        Ok(self
            .conn
            .prepare_cached(
                "INSERT INTO span (topic, privilege, form, first_sequence, last_sequence) \
                 VALUES (?1, ?2, ?3, ?4, ?4)",
            )?
            .insert([topic, privilege, form, self.sequence])?)
    }

    fn topic(&self, kind: Kind, split: &Split) -> Result<i64, Fault> {
        let found = self
            .conn
            .prepare_cached("SELECT id FROM topic WHERE kind = ?1 AND name = ?2")?
            .query_row(params![kind as i64, split.topic], |row| row.get(0))
            .optional()?;
        match found {
            Some(id) => Ok(id),
            None => Ok(self
                .conn
                .prepare_cached("INSERT INTO topic (kind, subject, name) VALUES (?1, ?2, ?3)")?
                .insert(params![kind as i64, split.subject, split.topic])?),
        }
    }

    fn form(&self, json: &str) -> Result<i64, Fault> {
        let Digest(name) = digest(&[json.as_bytes()]);
        let found = self
            .conn
            .prepare_cached("SELECT id FROM form WHERE digest = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        match found {
            Some(id) => Ok(id),
            None => Ok(self
                .conn
                .prepare_cached("INSERT INTO form (digest, json) VALUES (?1, ?2)")?
                .insert(params![name, json])?),
        }
    }
}

/// The number that stands for rights in a column; more rights, higher number.
pub(crate) fn privilege_number(privilege: Privilege) -> i64 {
    match privilege {
        Privilege::User => 0,
        Privilege::Sudo => 1,
        Privilege::Root => 2,
    }
}

fn context(conn: &Connection, run: &NewRun<'_>) -> Result<Context, Fault> {
    let last = audit::last(conn)?;
    let audit = AuditEnd {
        entries: last.map_or(0, |(sequence, _)| sequence + 1),
        hash: last.map(|(_, hash)| hash),
    };
    Ok(Context { privilege: run.privilege, drift: run.drift.clone(), audit })
}

/// The epoch of the run before, and those that began since.
fn epoch(conn: &Connection, previous: Option<&RunRow>) -> Result<u64, Fault> {
    let Some(previous) = previous else { return audit::epochs_since(conn, 0) };
    let (manifest, context): (RunManifest, Context) =
        (parse(&previous.manifest)?, parse(&previous.context)?);
    Ok(manifest.epoch + audit::epochs_since(conn, context.audit.entries)?)
}

fn manifest(
    run: &NewRun<'_>,
    records: &[&EvidenceRecord],
    merkle_root: Digest,
    previous: Option<&RunRow>,
    epoch: u64,
) -> RunManifest {
    let subjects: BTreeSet<&Subject> = (run.snapshots.iter().map(|snapshot| &snapshot.subject))
        .chain(run.results.iter().map(|result| &result.identity.subject))
        .collect();
    let name = |subject: &&Subject| run.names.get(*subject).unwrap_or(&subject.id).clone();
    RunManifest {
        format: MANIFEST_FORMAT,
        run: run.run.clone(),
        subject_names: subjects.iter().map(name).collect(),
        subjects: subjects.into_iter().cloned().collect(),
        started_at: run.started_at,
        ended_at: run.ended_at,
        as_of: run.as_of,
        baseline: run.baseline.clone(),
        program: run.program.clone(),
        content: run.content,
        parameters: run.parameters,
        plan: run.plan,
        counts: RunCounts {
            records: records.len() as u64,
            results: run.results.len() as u64,
            drift: run.drift.total(),
        },
        algorithm: "sha-256".to_owned(),
        merkle_root,
        sequence: previous.map_or(0, |row| row.sequence + 1),
        epoch,
        previous_head: previous.map(|row| row.head),
    }
}

fn insert(conn: &Connection, row: &RunRow) -> Result<(), Fault> {
    conn.prepare_cached(
        "INSERT INTO run (sequence, run, manifest, public_key, signature, head, seed, context, \
         detail, commands) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        signed(row.sequence)?,
        row.run,
        row.manifest,
        row.public_key,
        row.signature,
        row.head.0,
        row.seed,
        row.context,
        row.detail,
        row.commands
    ])?;
    Ok(())
}
