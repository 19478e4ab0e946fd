//! Every statement on state, behind [`Reader`] and [`Writer`].

use crate::error::StoreError;
use crate::trust::{InclusionProof, LeafName};
use crate::types::{
    CommandRecord, Interval, LatestResult, NewAudit, NewRun, StoredBody, StoredRun,
};
use anji_model::{
    AuditEntry, CheckResult, Digest, EvidenceRecord, Privilege, Register, RegisterId,
    ResultIdentity, RunId, RunSummary, Snapshot, Subject,
};
use jiff::Timestamp;
use rusqlite::Connection;
use std::marker::PhantomData;

/// One consistent state of the store.
pub struct Reader<'a> {
    _p: PhantomData<&'a Connection>,
}
/// A write transaction; also reads.
pub struct Writer<'a> {
    reader: Reader<'a>,
}
impl<'a> std::ops::Deref for Writer<'a> {
    type Target = Reader<'a>;
    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

#[allow(unused_variables, missing_docs, clippy::missing_errors_doc)]
impl Reader<'_> {
    pub fn runs(&self) -> Result<Vec<RunSummary>, StoreError> {
        todo!()
    }
    pub fn run(&self, run: &RunId) -> Result<Option<StoredRun>, StoreError> {
        todo!()
    }
    pub fn last_run(&self) -> Result<Option<StoredRun>, StoreError> {
        todo!()
    }
    pub fn head(&self) -> Result<Option<Digest>, StoreError> {
        todo!()
    }
    pub fn records_of(&self, run: &RunId) -> Result<Vec<EvidenceRecord>, StoreError> {
        todo!()
    }
    pub fn snapshot_of(&self, run: &RunId, subject: &Subject) -> Result<Snapshot, StoreError> {
        todo!()
    }
    pub fn body(&self, digest: &Digest) -> Result<Option<StoredBody>, StoreError> {
        todo!()
    }
    pub fn results_of(&self, run: &RunId) -> Result<Vec<CheckResult>, StoreError> {
        todo!()
    }
    /// Per identity the last result whose run had at most `privilege`: what a run with that privilege is comparable with.
    pub fn latest_results(
        &self,
        subject: &Subject,
        privilege: Privilege,
    ) -> Result<Vec<LatestResult>, StoreError> {
        todo!()
    }
    pub fn history(&self, identity: &ResultIdentity) -> Result<Vec<Interval>, StoreError> {
        todo!()
    }
    pub fn command_log(&self, run: &RunId) -> Result<Vec<CommandRecord>, StoreError> {
        todo!()
    }
    pub fn register(
        &self,
        id: &RegisterId,
        subject: &Subject,
    ) -> Result<Option<Register>, StoreError> {
        todo!()
    }
    pub fn registers(&self, subject: &Subject) -> Result<Vec<Register>, StoreError> {
        todo!()
    }
    pub fn register_history(
        &self,
        id: &RegisterId,
        subject: &Subject,
    ) -> Result<Vec<Register>, StoreError> {
        todo!()
    }
    /// Audit entries from number `from` on, at most `limit`.
    pub fn audit(&self, from: u64, limit: u64) -> Result<Vec<AuditEntry>, StoreError> {
        todo!()
    }
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        todo!()
    }
    pub fn prove(&self, run: &RunId, leaf: &LeafName) -> Result<InclusionProof, StoreError> {
        todo!()
    }
}

#[allow(unused_variables, missing_docs, clippy::missing_errors_doc)]
impl Writer<'_> {
    pub fn put_run(&self, run: &NewRun<'_>) -> Result<StoredRun, StoreError> {
        todo!()
    }
    /// Appends a version; the audit entry that holds its digest is written with it (use_case names it).
    pub fn put_register(
        &self,
        register: &Register,
        use_case: &str,
    ) -> Result<AuditEntry, StoreError> {
        todo!()
    }
    pub fn append_audit(&self, entry: &NewAudit) -> Result<AuditEntry, StoreError> {
        todo!()
    }
    pub fn put_setting(
        &self,
        name: &str,
        value: &str,
        actor: &str,
        at: Timestamp,
    ) -> Result<AuditEntry, StoreError> {
        todo!()
    }
    /// Removes captures and volatile bodies that only runs before `before` name. Returns how many.
    pub fn prune_captures(
        &self,
        before: Timestamp,
        actor: &str,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        todo!()
    }
}
