//! Verdicts that can be told while evidence is still coming in.

use crate::plan::Prepared;
use anji_collect::Collected;
use anji_engine::Input;
use anji_model::{
    Body, CheckId, CheckInfo, CheckResult, EvidenceRecord, Register, Snapshot, Subject, SystemId,
};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The checks that wait for evidence, and what has come so far. What it tells
/// early is the same evaluation that the finished run makes once more over the
/// whole snapshot.
pub(crate) struct LiveVerdicts<'a> {
    prepared: &'a Prepared<'a>,
    registers: &'a [Register],
    snapshot: Snapshot,
    system: SystemId,
    waiting: BTreeSet<CheckId>,
}

impl<'a> LiveVerdicts<'a> {
    pub(crate) fn new(
        prepared: &'a Prepared<'a>,
        registers: &'a [Register],
        system: SystemId,
    ) -> Self {
        let waiting = prepared.baseline.checks.iter().cloned().collect();
        let snapshot = Snapshot::empty(prepared.subject.clone());
        Self { prepared, registers, snapshot, system, waiting }
    }

    /// Takes a record in, and gives the verdicts that were waiting for it.
    pub(crate) fn add(
        &mut self,
        record: &EvidenceRecord,
        body: Option<&Body>,
        now: Timestamp,
    ) -> Vec<(CheckResult, &'a CheckInfo)> {
        self.snapshot.records.insert(record.key.clone(), record.clone());
        self.snapshot.bodies.extend(record.body.zip(body.cloned()));
        let mut verdicts = Vec::new();
        for check in self.prepared.content.checks() {
            let needs_it = check.bindings.iter().any(|binding| binding.key == record.key);
            if !needs_it || !self.waiting.contains(&check.info.id) {
                continue;
            }
            let input = Input {
                subject: &self.prepared.subject,
                system: &self.system,
                snapshot: &self.snapshot,
                registers: self.registers,
                now,
                selection: &self.prepared.selection,
                prior: None,
            };
            let results = anji_engine::evaluate_check(check, self.prepared.baseline, &input);
            if let Some(results) = results {
                self.waiting.remove(&check.info.id);
                verdicts.extend(results.into_iter().map(|result| (result, &check.info)));
            }
        }
        verdicts
    }
}

/// What people call the subject: the host's name or the root directory, and
/// the operating system's.
pub(crate) fn subject_name(subject: &Subject, collected: &Collected) -> String {
    let system = collected
        .snapshot
        .records
        .values()
        .find(|record| record.key.kind.as_str() == "os.release")
        .and_then(|record| collected.snapshot.bodies.get(&record.body?))
        .and_then(|body| serde_json::from_slice::<serde_json::Value>(body).ok())
        .and_then(|body| body.get("pretty_name")?.as_str().map(str::to_owned));
    let place = match subject.id.strip_prefix("root:") {
        Some(root) => root.to_owned(),
        None if collected.host.host_name.is_empty() => subject.id.clone(),
        None => collected.host.host_name.clone(),
    };
    match system {
        Some(system) => format!("{place} ({system})"),
        None => place,
    }
}
