//! What is shown of things that no noun of the model holds as one: the inputs
//! of the smaller reports, filled in by the use cases.

use anji_model::{
    CheckInfo, CheckResult, Digest, Drift, EvidenceKey, EvidenceRecord, RawResult, RunId,
    RunSummary, Text,
};
use jiff::Timestamp;

/// How far a run has come, for one line that is overwritten in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressView {
    /// Checks with a verdict.
    pub done: u64,
    /// Checks in all.
    pub total: u64,
    /// The capture that runs now, for instance `walk.files`.
    pub current: Option<String>,
    /// Seconds since the run began.
    pub seconds: u64,
}

/// What changed between two runs, or since the last comparable results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffView {
    /// What people call the subject.
    pub subject_name: String,
    /// The earlier run; none when there is none to compare with.
    pub before: Option<RunSummary>,
    /// The later run.
    pub after: RunSummary,
    /// The changes.
    pub drift: Vec<Drift>,
    /// How many results had a comparable one before.
    pub compared: u64,
    /// The checks that the changes refer to.
    pub checks: Vec<CheckInfo>,
}

/// A parameter in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamView {
    /// Its name in the assertion, without `params.`.
    pub name: String,
    /// The value in force as canonical JSON text.
    pub value: String,
    /// The check's own default as canonical JSON text, where the baseline differs from it.
    pub overrides: Option<String>,
}

/// A stretch of time during which a result stayed the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryView {
    /// The first run that said so.
    pub run: RunId,
    /// When that run evaluated.
    pub since: Timestamp,
    /// The word.
    pub raw: RawResult,
    /// How many comparisons did not hold.
    pub failed_terms_total: u64,
}

/// One result of the explained check, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedResult {
    /// The run that the result stands in; none when it was not stored.
    pub run: Option<RunId>,
    /// When that run evaluated.
    pub as_of: Timestamp,
    /// What people call the subject.
    pub subject_name: String,
    /// The result.
    pub result: CheckResult,
    /// How the result came about over time, newest first.
    pub history: Vec<HistoryView>,
}

/// A check, how it is decided, and what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainView {
    /// The check.
    pub check: CheckInfo,
    /// The parameters in force.
    pub params: Vec<ParamView>,
    /// The evidence that the check is decided from.
    pub evidence: Vec<EvidenceKey>,
    /// Why the check cannot be decided in one or both directions yet.
    pub undecided: Option<Text>,
    /// Its latest results; empty when it never ran.
    pub results: Vec<ExplainedResult>,
}

/// One record with what may be shown of its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceItem {
    /// The record.
    pub record: EvidenceRecord,
    /// Its body as JSON; none in a listing, and when there is none.
    pub body: Option<serde_json::Value>,
    /// How many personal values were taken out of `body`.
    pub hidden: u64,
}

/// Evidence of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceView {
    /// The run.
    pub run: RunId,
    /// What people call the subject.
    pub subject_name: String,
    /// The records, in key order.
    pub items: Vec<EvidenceItem>,
}

/// Problems in content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintView {
    /// How many files were read.
    pub files: u64,
    /// How many checks are in them; 0 when they could not be loaded.
    pub checks: u64,
    /// The problems by file and line.
    pub diagnostics: Vec<anji_model::Diagnostic>,
}

/// The kinds of damage that verification finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VerifyProblemKind {
    /// A record is not what was signed.
    Changed,
    /// A signed record is missing.
    Removed,
    /// A record was never signed.
    Added,
    /// The records are in another order than signed.
    Reordered,
    /// A body does not have the digest that it is stored under.
    Body,
    /// A body that retention has not removed is missing.
    BodyMissing,
    /// The manifest's signature does not hold.
    Signature,
    /// The manifest was signed with another key than the chain's.
    Key,
    /// A manifest does not follow the one before it.
    Chain,
    /// The head is not the expected one: the end of the chain was cut off.
    Head,
    /// An audit entry does not follow the one before it.
    Audit,
    /// The database's own integrity check complains.
    Database,
}

/// One thing that verification found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyProblem {
    /// The kind.
    pub kind: VerifyProblemKind,
    /// The run that it is in.
    pub run: Option<RunId>,
    /// What it is about: a record's key, a digest, a sequence number.
    pub object: String,
    /// More, in a few English words, as the checking code says it; may be empty.
    pub detail: String,
}

/// What verification came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyView {
    /// Runs looked at.
    pub runs: u64,
    /// Signed records looked at.
    pub records: u64,
    /// Bodies whose digest was computed again.
    pub bodies: u64,
    /// Bodies that retention has removed; their digests remain proved.
    pub pruned: u64,
    /// Audit entries looked at.
    pub audit_entries: u64,
    /// The head of the chain that was found.
    pub head: Option<Digest>,
    /// The head that the caller expected.
    pub expected_head: Option<Digest>,
    /// What is wrong; empty means that everything holds.
    pub problems: Vec<VerifyProblem>,
}

impl VerifyView {
    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }
}
