//! Reports for programs: versioned documents with a published schema.
//!
//! The documents are made of types of their own, so that the nouns of the
//! product can change without a reader noticing. Within one version fields are
//! only added. Every text is bounded, every number fits a double, and no
//! character that could steer a terminal stands unescaped in a document.

mod common;
mod doctor;
mod document;
mod drift;
mod explain;
mod lists;
mod plan;
mod query;
mod report;
mod run;
mod verify;
mod vulns;

pub use document::Document;

use crate::escape;
use crate::view::{
    DiffView, DoctorView, EvidenceView, ExplainView, LintView, QueryView, ReportView, VerifyView,
    VulnsView,
};
use anji_model::{AuditEntry, CheckInfo, Plan, Register, RunReport, RunSummary};
use serde::Serialize;
use std::fmt::Write as _;

/// `anji check --format json` and `anji report --format json`, format `anji.run/1`.
pub fn run(report: &RunReport) -> String {
    render(&run::Run::from(report))
}

/// `anji report --format json-report`, format `anji.report/1`.
pub fn report(view: &ReportView) -> String {
    render(&report::Report::from(view))
}

/// `anji diff --format json`, format `anji.diff/1`.
pub fn diff(view: &DiffView) -> String {
    render(&drift::Diff::from(view))
}

/// `anji explain --format json`, format `anji.explain/1`.
pub fn explain(view: &ExplainView) -> String {
    render(&explain::Explain::from(view))
}

/// `anji evidence --format json`, format `anji.evidence/1`.
pub fn evidence(view: &EvidenceView) -> String {
    render(&lists::EvidenceList::from(view))
}

/// `anji doctor --format json`, format `anji.doctor/1`.
pub fn doctor(view: &DoctorView) -> String {
    render(&doctor::Doctor::from(view))
}

/// `anji evidence query --format json`, format `anji.query/1`.
pub fn query(view: &QueryView) -> String {
    render(&query::Query::from(view))
}

/// The same on one line, for one of many expressions.
pub fn query_line(view: &QueryView) -> String {
    line(&query::Query::from(view))
}

/// `anji plan --format json`, format `anji.plan/1`.
pub fn plan(plan: &Plan, checks: &[CheckInfo]) -> String {
    render(&plan::PlanDocument::new(plan, checks))
}

/// `anji lint --format json`, format `anji.lint/1`.
pub fn lint(view: &LintView) -> String {
    render(&lists::Lint::from(view))
}

/// `anji verify --format json`, format `anji.verify/1`.
pub fn verify(view: &VerifyView) -> String {
    render(&verify::Verify::from(view))
}

/// `anji register --format json`, format `anji.registers/1`.
pub fn registers(registers: &[Register]) -> String {
    render(&lists::Registers::from(registers))
}

/// `anji runs --format json`, format `anji.runs/1`.
pub fn runs(runs: &[RunSummary]) -> String {
    render(&lists::Runs::from(runs))
}

/// `anji audit --format json`, format `anji.audit/1`.
pub fn audit(entries: &[AuditEntry]) -> String {
    render(&lists::Audit::from(entries))
}

/// `anji content vulns --format json`, format `anji.vulns/1`.
pub fn vulns(view: &VulnsView) -> String {
    render(&vulns::Vulns::from(view))
}

/// The document as text, with a newline at its end.
pub(crate) fn render<T: Serialize>(document: &T) -> String {
    escaped(&serde_json::to_string_pretty(document).expect(PLAIN))
}

/// The document on one line, with a newline at its end.
pub(crate) fn line<T: Serialize>(document: &T) -> String {
    escaped(&serde_json::to_string(document).expect(PLAIN))
}

/// Why a document can be written.
const PLAIN: &str = "documents hold texts, integers, lists and maps with text keys";

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if c != '\n' && escape::is_unsafe(c) {
            // Only inside a JSON string can such a character stand.
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").expect("writing to a string cannot fail");
            }
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_reads_back() {
        let text = "a\u{1b}[2J\u{202e}b\u{e0041}\u{200b}安基\n";
        let json = render(&[text]);
        assert!(json.contains("\\u202e") && json.contains("\\udb40\\udc41"), "{json}");
        assert!(json.contains("安基"));
        let back: Vec<String> = serde_json::from_str(&json).expect("valid JSON");
        assert_eq!(back, [text]);
    }
}
