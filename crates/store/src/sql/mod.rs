//! Every statement on state, behind [`Reader`] and [`Writer`].

mod audit;
mod bodies;
mod fault;
mod history;
mod prune;
mod put;
mod registers;
pub(crate) mod rows;
pub(crate) mod runs;
mod vulns;

pub(crate) use fault::{Fault, sort};

use crate::codec::canonical;
use crate::error::StoreError;
use crate::trust::{InclusionProof, KeyPair, LeafName};
use crate::types::{
    CommandRecord, Interval, LatestResult, NewAudit, NewRun, StoredBody, StoredRun, VulnSetSummary,
};
use anji_model::{
    AuditEntry, CheckResult, Digest, EvidenceRecord, Privilege, Register, RegisterId,
    ResultIdentity, RunId, RunSummary, Snapshot, Subject, VulnKnowledge, VulnSet,
};
use jiff::Timestamp;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::path::Path;
use std::time::Duration;

pub(crate) use audit::{Stored, end_statement, parse_stored};
pub(crate) use prune::pruned_text;
pub(crate) use put::privilege_number;
pub(crate) use registers::setting_text;

/// Where statements run, and what errors need to say.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) file: &'a Path,
    pub(crate) busy: Duration,
}

impl Place<'_> {
    /// Sorts a fault by what a person has to do.
    pub(crate) fn lift<T>(&self, result: Result<T, Fault>) -> Result<T, StoreError> {
        result.map_err(|fault| sort(self.file, self.busy, fault))
    }
}

/// One consistent state of the store, lent by [`crate::Store::read`].
pub struct Reader<'a> {
    place: Place<'a>,
}

/// A write transaction, lent by [`crate::Store::write`]. It reads too, and sees what it wrote.
pub struct Writer<'a> {
    reader: Reader<'a>,
    key: &'a KeyPair,
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;
    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

/// All fail with [`StoreError`]: the database cannot be read, or holds what no program wrote
/// ([`StoreError::Corrupt`]); those that name a run also with [`StoreError::NoRun`].
#[allow(clippy::missing_errors_doc, reason = "one sentence above says it for all")]
impl<'a> Reader<'a> {
    pub(crate) fn new(place: Place<'a>) -> Self {
        Self { place }
    }

    /// All runs in the order of the chain, oldest first.
    pub fn runs(&self) -> Result<Vec<RunSummary>, StoreError> {
        self.lift(runs::list(self.conn()))
    }

    /// One run; `None` when there is none of that id.
    pub fn run(&self, run: &RunId) -> Result<Option<StoredRun>, StoreError> {
        self.lift(runs::by_id(self.conn(), run))
    }

    /// The last run of the chain.
    pub fn last_run(&self) -> Result<Option<StoredRun>, StoreError> {
        self.lift(runs::last(self.conn()))
    }

    /// The head of the chain.
    pub fn head(&self) -> Result<Option<Digest>, StoreError> {
        Ok(self.last_run()?.map(|run| run.head))
    }

    /// The evidence records of a run, by subject and key.
    pub fn records_of(&self, run: &RunId) -> Result<Vec<EvidenceRecord>, StoreError> {
        self.lift(runs::records(self.conn(), run))
    }

    /// The evidence of one subject in a run with the bodies that are still there.
    pub fn snapshot_of(&self, run: &RunId, subject: &Subject) -> Result<Snapshot, StoreError> {
        self.lift(runs::snapshot(self.conn(), run, subject))
    }

    /// The body of that digest; `None` when it was never stored. Its digest is recomputed.
    pub fn body(&self, digest: &Digest) -> Result<Option<StoredBody>, StoreError> {
        self.lift(bodies::get(self.conn(), digest))
    }

    /// The results of a run exactly as they were put.
    pub fn results_of(&self, run: &RunId) -> Result<Vec<CheckResult>, StoreError> {
        self.lift(runs::results(self.conn(), run))
    }

    /// For each question about `subject`, and for each level of rights up to `privilege`, the last
    /// result of a run that had them; in the order of the chain, oldest first.
    pub fn latest_results(
        &self,
        subject: &Subject,
        privilege: Privilege,
    ) -> Result<Vec<LatestResult>, StoreError> {
        self.lift(history::latest(self.conn(), subject, privilege))
    }

    /// The change intervals of one question, by their first run. Intervals seen with different
    /// rights may overlap.
    pub fn history(&self, identity: &ResultIdentity) -> Result<Vec<Interval>, StoreError> {
        Ok(self.histories([identity])?.pop().unwrap_or_default())
    }

    /// The same of several questions, in their order, with each run read once.
    pub fn histories<'i>(
        &self,
        identities: impl IntoIterator<Item = &'i ResultIdentity>,
    ) -> Result<Vec<Vec<Interval>>, StoreError> {
        self.lift(history::intervals(self.conn(), identities))
    }

    /// What ran on the targets in a run.
    pub fn command_log(&self, run: &RunId) -> Result<Vec<CommandRecord>, StoreError> {
        self.lift(runs::commands(self.conn(), run))
    }

    /// The newest version of an approved list; `None` when none was ever recorded.
    pub fn register(
        &self,
        id: &RegisterId,
        subject: &Subject,
    ) -> Result<Option<Register>, StoreError> {
        Ok(self.register_history(id, subject)?.pop())
    }

    /// The newest version of every approved list of `subject`, by id.
    pub fn registers(&self, subject: &Subject) -> Result<Vec<Register>, StoreError> {
        self.lift(registers::newest(self.conn(), subject))
    }

    /// Every version of an approved list, oldest first.
    pub fn register_history(
        &self,
        id: &RegisterId,
        subject: &Subject,
    ) -> Result<Vec<Register>, StoreError> {
        self.lift(registers::versions(self.conn(), id, subject))
    }

    /// Audit entries from number `from` on, at most `limit`.
    pub fn audit(&self, from: u64, limit: u64) -> Result<Vec<AuditEntry>, StoreError> {
        self.lift(audit::list(self.conn(), from, limit))
    }

    /// The last `limit` audit entries, newest first.
    pub fn newest_audit(&self, limit: u64) -> Result<Vec<AuditEntry>, StoreError> {
        let entries = audit::last(self.conn()).and_then(|last| {
            let count = last.map_or(0, |(sequence, _)| sequence + 1);
            audit::list(self.conn(), count.saturating_sub(limit), limit)
        });
        let mut entries = self.lift(entries)?;
        entries.reverse();
        Ok(entries)
    }

    /// A setting; `None` when it was never set.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.lift(registers::setting(self.conn(), name))
    }

    /// The imported sets of vulnerability data, by name.
    pub fn vulnerability_sets(&self) -> Result<Vec<VulnSetSummary>, StoreError> {
        self.lift(vulns::list(self.conn()))
    }

    /// What the imported vulnerability data says of these packages in these releases.
    pub fn vulnerabilities(
        &self,
        distributions: &[String],
        packages: &BTreeSet<String>,
    ) -> Result<VulnKnowledge, StoreError> {
        self.lift(vulns::knowledge(self.conn(), distributions, packages))
    }

    /// Proves that a record, result, context or command log stands in a run; fails with
    /// [`StoreError::Invalid`] when it does not.
    pub fn prove(&self, run: &RunId, leaf: &LeafName) -> Result<InclusionProof, StoreError> {
        self.lift(runs::prove(self.conn(), run, leaf))
    }

    pub(crate) fn conn(&self) -> &Connection {
        self.place.conn
    }

    fn lift<T>(&self, result: Result<T, Fault>) -> Result<T, StoreError> {
        self.place.lift(result)
    }
}

/// All fail with [`StoreError`] as [`Reader`]'s, and when the value contradicts itself or what is
/// stored; the transaction should then be given up by returning the error.
#[allow(clippy::missing_errors_doc, reason = "one sentence above says it for all")]
impl<'a> Writer<'a> {
    pub(crate) fn new(place: Place<'a>, key: &'a KeyPair) -> Self {
        Self { reader: Reader { place }, key }
    }

    /// Stores a run: bodies, records, results, command log; chains and signs its manifest.
    pub fn put_run(&self, run: &NewRun<'_>) -> Result<StoredRun, StoreError> {
        self.lift(put::run(self.conn(), self.key, run))
    }

    /// Appends a version of an approved list, which must follow the newest one, together with an
    /// audit entry of the use case `use_case` that holds its digest.
    pub fn put_register(
        &self,
        register: &Register,
        use_case: &str,
    ) -> Result<AuditEntry, StoreError> {
        self.lift(registers::put(self.conn(), self.key, register, use_case))
    }

    /// Appends a line to the audit log.
    pub fn append_audit(&self, entry: &NewAudit) -> Result<AuditEntry, StoreError> {
        let entry = Stored::refuse(entry).map_err(Fault::from);
        self.lift(entry.and_then(|entry| audit::append(self.conn(), self.key, entry)))
    }

    /// Sets a setting, with an audit entry that holds its digest.
    pub fn put_setting(
        &self,
        name: &str,
        value: &str,
        actor: &str,
        at: Timestamp,
    ) -> Result<AuditEntry, StoreError> {
        self.lift(registers::put_setting(self.conn(), self.key, (name, value), actor, at))
    }

    /// Stores sets of vulnerability data, each in the place of an earlier one of its name, with
    /// an audit entry that tells of it.
    pub fn put_vulnerabilities(
        &self,
        sets: &[VulnSet],
        entry: &NewAudit,
    ) -> Result<AuditEntry, StoreError> {
        let entry = self.append_audit(entry)?;
        self.lift(vulns::put(self.conn(), sets, &entry))?;
        Ok(entry)
    }

    /// Begins a new epoch of the chain, for instance after a recovery from a backup: an audit entry
    /// with the reason, and every later run carries the epoch's number.
    pub fn begin_epoch(
        &self,
        reason: &str,
        actor: &str,
        at: Timestamp,
    ) -> Result<AuditEntry, StoreError> {
        self.lift(audit::begin_epoch(self.conn(), self.key, reason, actor, at))
    }

    /// Removes captures and volatile bodies that only runs evaluated before `before` name, with
    /// an audit entry that holds the digest of the set. Bodies that results rest on stay. Returns
    /// how many were removed.
    pub fn prune_captures(
        &self,
        before: Timestamp,
        actor: &str,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        self.lift(prune::captures(self.conn(), self.key, before, actor, at))
    }
}

/// The text that stands for a subject in a column.
pub(crate) fn subject_text(subject: &Subject) -> Result<String, StoreError> {
    canonical(subject)
}
