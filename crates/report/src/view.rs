//! What is shown of things that no noun of the model holds as one: the inputs
//! of the smaller reports, filled in by the use cases.

use anji_model::{
    CheckInfo, CheckResult, Digest, Drift, EvidenceKey, EvidenceRecord, Finding, Observation,
    Personal, Privilege, RawResult, Readable, Reason, RunId, RunSummary, Term, Text,
};
use jiff::Timestamp;

mod report;

pub(crate) use report::{Lookup, is_left_out};
pub use report::{ReportView, TrendView};

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

/// How much of one kind was replaced in a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedCount {
    /// The kind.
    pub kind: Personal,
    /// How many different things.
    pub things: u64,
    /// How often they stood there.
    pub times: u64,
}

/// What came of recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedView {
    /// How many captures the recording holds.
    pub captures: u64,
    /// Its size.
    pub bytes: u64,
    /// The file that it was written to; none for standard output.
    pub place: Option<String>,
    /// Captures that are not in it, with the reason in a few English words.
    pub damaged: Vec<(String, String)>,
    /// Whether the script ran to its end.
    pub complete: bool,
    /// The rights that it ran with.
    pub privilege: Privilege,
    /// What was replaced; none where everything was kept.
    pub replaced: Option<Vec<RecordedCount>>,
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
    /// The last run that said so.
    pub last_run: RunId,
    /// When that run evaluated.
    pub until: Timestamp,
    /// The rights that these runs had.
    pub privilege: Privilege,
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
    /// Its latest results; empty when it never ran.
    pub results: Vec<ExplainedResult>,
}

/// A command that cures, with its undoing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CureCommand {
    /// What to see to before it.
    pub before: Option<Text>,
    /// The command.
    pub run: String,
    /// What takes it back.
    pub undo: String,
    /// What is left to do or to watch after it.
    pub after: Option<Text>,
}

/// What would cure the latest finding of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CureView {
    /// The check.
    pub check: CheckInfo,
    /// What people call the subject.
    pub subject_name: String,
    /// The run that found it.
    pub run: RunId,
    /// The instant that its evaluation took as now.
    pub as_of: Timestamp,
    /// Whether the check fails there.
    pub failing: bool,
    /// The commands, in their order.
    pub commands: Vec<CureCommand>,
    /// Places whose value cannot be written into a command exactly.
    pub by_hand: Vec<String>,
    /// Failing comparisons beyond those that are named.
    pub unnamed: u64,
}

/// One record with what may be shown of its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceItem {
    /// The record.
    pub record: EvidenceRecord,
    /// Its body as JSON; none in a listing, and when there is none.
    pub body: Option<serde_json::Value>,
    /// The same as people read it; none in a listing, and when there is none.
    pub value: Option<Readable>,
    /// What the type is, where it is known.
    pub title: Option<Text>,
    /// Whether the body was there once and retention has removed it.
    pub pruned: bool,
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
    /// The most elements of one list that are laid out; none for all.
    pub elements_max: Option<usize>,
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
    /// The database's own check found damage.
    Database,
    /// Tables, indexes or triggers are not those of the product.
    Schema,
    /// A run is missing from the chain.
    RunMissing,
    /// A manifest is not what was signed.
    Manifest,
    /// A signature does not hold.
    Signature,
    /// A run is signed with another key than the chain's.
    Key,
    /// A run does not follow the run before it.
    Chain,
    /// A run's records or results are not those that were signed.
    Content,
    /// The stored form of a record or result is not what its digest says.
    Form,
    /// A stretch of equal records or results does not match its runs.
    Span,
    /// A stored row belongs to nothing.
    Unreferenced,
    /// A body is missing and was not removed by retention.
    BodyMissing,
    /// A body does not have the digest that it is stored under.
    Body,
    /// An audit entry is changed, missing, added or out of order.
    Audit,
    /// A version of an approved list is changed, missing or added.
    Register,
    /// A setting is not what the audit log says.
    Setting,
    /// The list of pruned bodies is not what the audit log says.
    Pruned,
    /// Chain or audit log do not end where that was signed.
    End,
    /// The expected head is not in the chain: its tail was cut, or it is another.
    Head,
}

impl VerifyProblemKind {
    /// Every kind, in order.
    pub const ALL: [Self; 19] = [
        Self::Database,
        Self::Schema,
        Self::RunMissing,
        Self::Manifest,
        Self::Signature,
        Self::Key,
        Self::Chain,
        Self::Content,
        Self::Form,
        Self::Span,
        Self::Unreferenced,
        Self::BodyMissing,
        Self::Body,
        Self::Audit,
        Self::Register,
        Self::Setting,
        Self::Pruned,
        Self::End,
        Self::Head,
    ];
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
    /// Signed evidence records looked at.
    pub records: u64,
    /// Signed results looked at.
    pub results: u64,
    /// Bodies whose digest was computed again.
    pub bodies: u64,
    /// Bodies that retention has removed; their digests remain proved.
    pub pruned: u64,
    /// Audit entries looked at.
    pub audit_entries: u64,
    /// Versions of approved lists looked at.
    pub registers: u64,
    /// The public key, 64 hexadecimal digits, that all signatures were checked with.
    pub public_key: Option<String>,
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

/// Imported vulnerability data, and what an import left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VulnsView {
    /// The sets, by name.
    pub sets: Vec<VulnSetView>,
    /// What was left out, why, and how often.
    pub skipped: Vec<(Text, u64)>,
}

/// One imported set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VulnSetView {
    /// Where it came from.
    pub source: anji_model::VulnSource,
    /// How many advisories it holds.
    pub advisories: u64,
    /// How many flaws it says are used by attackers.
    pub exploited: u64,
}

/// What an examination of this machine came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorView {
    /// The instant that it took as now.
    pub at: Timestamp,
    /// The findings, by part.
    pub findings: Vec<Finding>,
}

/// What an expression came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryView {
    /// The expression.
    pub expression: String,
    /// Its type, in the words of the language.
    pub ty: String,
    /// The answer.
    pub answer: QueryAnswer,
    /// The comparisons that make a truth false, bounded.
    pub terms: Vec<Term>,
    /// How many there are in all.
    pub terms_total: u64,
    /// What a truth was decided from, bounded.
    pub observed: Vec<Observation>,
    /// Elements that may or may not belong to a list.
    pub doubtful: Vec<Readable>,
    /// How many elements a filter has left out because a value is absent in them.
    pub absent: u64,
    /// Why it is unknown, absent or incomplete.
    pub reasons: Vec<Reason>,
    /// The most elements of one list that are laid out; none for all.
    pub elements_max: Option<usize>,
}

/// The answer of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryAnswer {
    /// Known.
    Value(Readable),
    /// Not known.
    Unknown,
    /// Absent by fact.
    Absent,
}

/// Evidence that can be asked, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryNameView {
    /// The name.
    pub name: String,
    /// What it is.
    pub title: Text,
    /// Whether it was collected.
    pub is_collected: bool,
    /// Why it is not known; none where it is, and where it is absent by fact.
    pub reason: Option<Reason>,
}

/// The fields of an evidence type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldsView {
    /// The type.
    pub name: String,
    /// What it is.
    pub title: Text,
    /// Its fields, parents before children.
    pub fields: Vec<FieldView>,
}

/// A field of an evidence type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    /// Its path, `[]` for every element of a list.
    pub path: String,
    /// Its type.
    pub ty: String,
    /// Whether it is personal.
    pub personal: bool,
    /// What it means, in English.
    pub doc: String,
}
