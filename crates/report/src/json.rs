//! Reports for programs: versioned documents with a published schema.

use crate::view::{DiffView, EvidenceView, ExplainView, LintView, VerifyView};
use anji_model::{AuditEntry, Plan, Register, RunReport, RunSummary};

/// `anji check --format json`, format `anji.run/1`.
pub fn run(report: &RunReport) -> String {
    let _ = report;
    String::new()
}

/// `anji diff --format json`, format `anji.diff/1`.
pub fn diff(view: &DiffView) -> String {
    let _ = view;
    String::new()
}

/// `anji explain --format json`, format `anji.explain/1`.
pub fn explain(view: &ExplainView) -> String {
    let _ = view;
    String::new()
}

/// `anji evidence --format json`, format `anji.evidence/1`.
pub fn evidence(view: &EvidenceView) -> String {
    let _ = view;
    String::new()
}

/// `anji plan --format json`, format `anji.plan/1`.
pub fn plan(plan: &Plan) -> String {
    let _ = plan;
    String::new()
}

/// `anji lint --format json`, format `anji.lint/1`.
pub fn lint(view: &LintView) -> String {
    let _ = view;
    String::new()
}

/// `anji verify --format json`, format `anji.verify/1`.
pub fn verify(view: &VerifyView) -> String {
    let _ = view;
    String::new()
}

/// `anji register --format json`, format `anji.registers/1`.
pub fn registers(registers: &[Register]) -> String {
    let _ = registers;
    String::new()
}

/// `anji runs --format json`, format `anji.runs/1`.
pub fn runs(runs: &[RunSummary]) -> String {
    let _ = runs;
    String::new()
}

/// `anji audit --format json`, format `anji.audit/1`.
pub fn audit(entries: &[AuditEntry]) -> String {
    let _ = entries;
    String::new()
}
