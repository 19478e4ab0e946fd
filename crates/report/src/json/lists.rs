//! Documents that are lists: evidence, problems in content, approved lists,
//! runs, the audit log.

use super::Document;
use super::common::{Failure, Privilege, RunSummary, Text, number, text, words};
use crate::view::{EvidenceItem, EvidenceView, LintView};
use anji_model as model;
use schemars::JsonSchema;
use serde::Serialize;

/// Whether evidence was had.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    /// There is a body; `gaps` says what it lacks.
    Collected,
    /// The thing is not there, by fact.
    Absent,
    /// It was not had; `failure` says why.
    Failed,
}

words! {
    /// What a gap means for the value at its path.
    GapKind from model::GapKind {
        model::GapKind::Unknown => Unknown,
        model::GapKind::Partial => Partial,
    }
}

/// A part of a body that was not had.
#[derive(Debug, Serialize, JsonSchema)]
struct Gap {
    /// Where in the body.
    path: String,
    /// What it means there.
    kind: GapKind,
    /// Why.
    failure: Failure,
    /// More, in a few English words.
    detail: String,
}

/// One record.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Evidence {
    /// The evidence key.
    key: String,
    /// Whether it was had.
    state: State,
    /// Why it was not, where `state` is `failed`.
    failure: Option<Failure>,
    /// More, in a few English words.
    detail: String,
    /// What the body lacks.
    gaps: Vec<Gap>,
    /// When it was seen (RFC 3339).
    observed_at: String,
    /// The rights that it was collected with.
    privilege: Privilege,
    /// The way to the target.
    transport: String,
    /// SHA-256 of the body.
    digest: Option<String>,
    /// The typed value, where it was asked for; its form is that of the evidence type.
    body: Option<serde_json::Value>,
    /// How many personal values were taken out of `body`.
    hidden_values: u64,
}

impl From<&EvidenceItem> for Evidence {
    fn from(item: &EvidenceItem) -> Self {
        let record = &item.record;
        let (state, failure, detail) = match &record.status {
            model::EvidenceStatus::Collected => (State::Collected, None, String::new()),
            model::EvidenceStatus::Absent { detail } => (State::Absent, None, text(detail)),
            model::EvidenceStatus::Failed { category, detail } => {
                (State::Failed, Some(Failure::from(category)), text(detail))
            }
        };
        let gap = |gap: &model::Gap| Gap {
            path: text(&gap.path),
            kind: GapKind::from(&gap.kind),
            failure: Failure::from(&gap.category),
            detail: text(&gap.detail),
        };
        Self {
            key: text(&record.key),
            state,
            failure,
            detail,
            gaps: record.gaps.iter().map(gap).collect(),
            observed_at: text(record.observed_at),
            privilege: Privilege::from(&record.privilege),
            transport: text(&record.collector.transport),
            digest: record.body.map(text),
            body: item.body.clone(),
            hidden_values: number(item.hidden),
        }
    }
}

/// Evidence of one run.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct EvidenceList {
    /// The document's format and version.
    format: String,
    /// The run.
    run: String,
    /// What people call the subject.
    subject_name: String,
    /// The records.
    evidence: Vec<Evidence>,
}

impl From<&EvidenceView> for EvidenceList {
    fn from(view: &EvidenceView) -> Self {
        Self {
            format: Document::Evidence.format(),
            run: text(&view.run),
            subject_name: text(&view.subject_name),
            evidence: view.items.iter().map(Evidence::from).collect(),
        }
    }
}

/// One problem in a content file.
#[derive(Debug, Serialize, JsonSchema)]
struct Problem {
    /// A stable code.
    code: String,
    /// The file, as it was named to the loader.
    file: String,
    /// Line, from 1.
    line: u64,
    /// Column of the first marked character, from 1, in characters.
    column: u64,
    /// How many characters are marked.
    length: u64,
    /// The text of that line, bounded.
    line_text: String,
    /// What is wrong.
    message: Text,
    /// What would be right, where that is known.
    help: Option<Text>,
}

impl From<&model::Diagnostic> for Problem {
    fn from(diagnostic: &model::Diagnostic) -> Self {
        Self {
            code: text(&diagnostic.code),
            file: text(&diagnostic.file),
            line: number(diagnostic.line as u64),
            column: number(diagnostic.column as u64),
            length: number(diagnostic.length as u64),
            line_text: text(&diagnostic.line_text),
            message: Text::from(&diagnostic.message),
            help: diagnostic.help.as_ref().map(Text::from),
        }
    }
}

/// Problems in content.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Lint {
    /// The document's format and version.
    format: String,
    /// How many files were read.
    files: u64,
    /// How many checks are in them; 0 when they could not be loaded.
    checks: u64,
    /// The problems by file and line.
    problems: Vec<Problem>,
}

impl From<&LintView> for Lint {
    fn from(view: &LintView) -> Self {
        Self {
            format: Document::Lint.format(),
            files: number(view.files),
            checks: number(view.checks),
            problems: view.diagnostics.iter().map(Problem::from).collect(),
        }
    }
}

/// One version of an approved list.
#[derive(Debug, Serialize, JsonSchema)]
struct Register {
    /// Which list.
    id: String,
    /// For whom, for instance `asset:local`.
    subject: String,
    /// Counts from 1.
    version: u32,
    /// The approved things.
    entries: Vec<String>,
    /// The run whose evidence the list was adopted from, if it was.
    adopted_from: Option<String>,
    /// Who recorded it.
    recorded_by: String,
    /// Who approved it.
    approved_by: Option<String>,
    /// Whether recorder and approver are one.
    self_recorded: bool,
    /// When (RFC 3339).
    at: String,
    /// Why, in the recorder's words.
    reason: Option<String>,
}

impl From<&model::Register> for Register {
    fn from(register: &model::Register) -> Self {
        let approval = &register.approval;
        Self {
            id: text(&register.id),
            subject: text(&register.subject),
            version: register.version,
            entries: register.entries.iter().map(|entry| text(&entry.value)).collect(),
            adopted_from: register.adopted_from.as_ref().map(text),
            recorded_by: text(&approval.recorded_by),
            approved_by: approval.approved_by.as_ref().map(text),
            self_recorded: approval.is_self_recorded(),
            at: text(approval.at),
            reason: approval.reason.as_ref().map(text),
        }
    }
}

/// Approved lists.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Registers {
    /// The document's format and version.
    format: String,
    /// The lists.
    registers: Vec<Register>,
}

impl From<&[model::Register]> for Registers {
    fn from(registers: &[model::Register]) -> Self {
        Self {
            format: Document::Registers.format(),
            registers: registers.iter().map(Register::from).collect(),
        }
    }
}

/// Stored runs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Runs {
    /// The document's format and version.
    format: String,
    /// The runs.
    runs: Vec<RunSummary>,
}

impl From<&[model::RunSummary]> for Runs {
    fn from(runs: &[model::RunSummary]) -> Self {
        Self { format: Document::Runs.format(), runs: runs.iter().map(RunSummary::from).collect() }
    }
}

words! {
    /// How a use case ended.
    Outcome from model::AuditOutcome {
        model::AuditOutcome::Done => Done,
        model::AuditOutcome::Refused => Refused,
        model::AuditOutcome::Failed => Failed,
    }
}

/// One entry of the audit log.
#[derive(Debug, Serialize, JsonSchema)]
struct Entry {
    /// Counts from 0.
    sequence: u64,
    /// When (RFC 3339).
    at: String,
    /// Who.
    actor: String,
    /// Which use case.
    use_case: String,
    /// On what.
    object: String,
    /// How it ended.
    outcome: Outcome,
    /// More, in a few English words.
    detail: String,
    /// Hash of the entry.
    hash: String,
}

impl From<&model::AuditEntry> for Entry {
    fn from(entry: &model::AuditEntry) -> Self {
        Self {
            sequence: number(entry.sequence),
            at: text(entry.at),
            actor: text(&entry.actor),
            use_case: text(&entry.use_case),
            object: text(&entry.object),
            outcome: Outcome::from(&entry.outcome),
            detail: text(&entry.detail),
            hash: text(entry.hash),
        }
    }
}

/// The audit log.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Audit {
    /// The document's format and version.
    format: String,
    /// The entries.
    entries: Vec<Entry>,
}

impl From<&[model::AuditEntry]> for Audit {
    fn from(entries: &[model::AuditEntry]) -> Self {
        Self {
            format: Document::Audit.format(),
            entries: entries.iter().map(Entry::from).collect(),
        }
    }
}
