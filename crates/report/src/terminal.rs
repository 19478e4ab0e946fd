//! Reports for people at a terminal.

use crate::style::Style;
use crate::view::{DiffView, EvidenceView, ExplainView, LintView, ProgressView, VerifyView};
use anji_model::{AuditEntry, CheckInfo, CheckResult, Plan, Register, RunReport, RunSummary};

/// `anji check`: the whole report of one run; ends with what to do first.
pub fn run(report: &RunReport, style: &Style) -> String {
    let _ = (report, style);
    String::new()
}

/// One verdict, as it appears while the run still works; without a newline.
pub fn live_line(result: &CheckResult, check: &CheckInfo, style: &Style) -> String {
    let _ = (result, check, style);
    String::new()
}

/// How far the run is, on one line that never wraps; without a newline.
pub fn progress(view: &ProgressView, style: &Style) -> String {
    let _ = (view, style);
    String::new()
}

/// `anji diff`.
pub fn diff(view: &DiffView, style: &Style) -> String {
    let _ = (view, style);
    String::new()
}

/// `anji explain`.
pub fn explain(view: &ExplainView, style: &Style) -> String {
    let _ = (view, style);
    String::new()
}

/// `anji evidence`: a listing, and the values of items that carry a body.
pub fn evidence(view: &EvidenceView, style: &Style) -> String {
    let _ = (view, style);
    String::new()
}

/// `anji plan`: each key with the checks and clauses it serves.
pub fn plan(plan: &Plan, checks: &[CheckInfo], style: &Style) -> String {
    let _ = (plan, checks, style);
    String::new()
}

/// `anji lint`: problems as a compiler marks them.
pub fn lint(view: &LintView, style: &Style) -> String {
    let _ = (view, style);
    String::new()
}

/// `anji verify`.
pub fn verify(view: &VerifyView, style: &Style) -> String {
    let _ = (view, style);
    String::new()
}

/// `anji register list`: the newest version of each list.
pub fn registers(registers: &[Register], style: &Style) -> String {
    let _ = (registers, style);
    String::new()
}

/// `anji register show` and the outcome of `adopt`: one list with its entries.
pub fn register(register: &Register, style: &Style) -> String {
    let _ = (register, style);
    String::new()
}

/// `anji runs`: stored runs, as given.
pub fn runs(runs: &[RunSummary], style: &Style) -> String {
    let _ = (runs, style);
    String::new()
}

/// `anji audit`: entries, as given.
pub fn audit(entries: &[AuditEntry], style: &Style) -> String {
    let _ = (entries, style);
    String::new()
}
