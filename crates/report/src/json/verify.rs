//! The document of `anji verify`.

use super::Document;
use super::common::{number, text, words};
use crate::view::{VerifyProblem, VerifyProblemKind, VerifyView};
use schemars::JsonSchema;
use serde::Serialize;

words! {
    /// The kind of damage.
    Kind from VerifyProblemKind {
        VerifyProblemKind::Database => Database,
        VerifyProblemKind::Schema => Schema,
        VerifyProblemKind::RunMissing => RunMissing,
        VerifyProblemKind::Manifest => Manifest,
        VerifyProblemKind::Signature => Signature,
        VerifyProblemKind::Key => Key,
        VerifyProblemKind::Chain => Chain,
        VerifyProblemKind::Content => Content,
        VerifyProblemKind::Form => Form,
        VerifyProblemKind::Span => Span,
        VerifyProblemKind::Unreferenced => Unreferenced,
        VerifyProblemKind::BodyMissing => BodyMissing,
        VerifyProblemKind::Body => Body,
        VerifyProblemKind::Audit => Audit,
        VerifyProblemKind::Register => Register,
        VerifyProblemKind::Setting => Setting,
        VerifyProblemKind::Pruned => Pruned,
        VerifyProblemKind::End => End,
        VerifyProblemKind::Head => Head,
    }
}

/// One thing that is wrong.
#[derive(Debug, Serialize, JsonSchema)]
struct Problem {
    /// The kind of damage.
    kind: Kind,
    /// The run that it is in.
    run: Option<String>,
    /// What it is about.
    object: String,
    /// More, in a few English words.
    detail: String,
}

impl From<&VerifyProblem> for Problem {
    fn from(problem: &VerifyProblem) -> Self {
        Self {
            kind: Kind::from(&problem.kind),
            run: problem.run.as_ref().map(text),
            object: text(&problem.object),
            detail: text(&problem.detail),
        }
    }
}

/// What verification came to.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Verify {
    /// The document's format and version.
    format: String,
    /// Whether everything holds.
    holds: bool,
    /// Runs looked at.
    runs: u64,
    /// Signed evidence records looked at.
    records: u64,
    /// Signed results looked at.
    results: u64,
    /// Bodies whose digest was computed again.
    bodies: u64,
    /// Bodies that retention has removed.
    pruned: u64,
    /// Audit entries looked at.
    audit_entries: u64,
    /// Versions of approved lists looked at.
    registers: u64,
    /// The public key that all signatures were checked with.
    public_key: Option<String>,
    /// The head of the chain that was found.
    head: Option<String>,
    /// The head that the caller expected.
    expected_head: Option<String>,
    /// What is wrong.
    problems: Vec<Problem>,
}

impl From<&VerifyView> for Verify {
    fn from(view: &VerifyView) -> Self {
        Self {
            format: Document::Verify.format(),
            holds: view.holds(),
            runs: number(view.runs),
            records: number(view.records),
            results: number(view.results),
            bodies: number(view.bodies),
            pruned: number(view.pruned),
            audit_entries: number(view.audit_entries),
            registers: number(view.registers),
            public_key: view.public_key.as_ref().map(text),
            head: view.head.map(text),
            expected_head: view.expected_head.map(text),
            problems: view.problems.iter().map(Problem::from).collect(),
        }
    }
}
