//! Listings: approved lists, runs, the audit log.

use super::parts;
use crate::layout::{Page, Paint, Span, glued, span, text};
use crate::style::Style;
use crate::words;
use anji_model::{AuditEntry, AuditOutcome, RawResult, Register, RunSummary};

/// `anji register list`: one line or two for each list.
pub fn registers(registers: &[Register], style: &Style) -> String {
    let mut page = Page::new(style);
    if registers.is_empty() {
        page.wrap(0, 2, &words::REGISTERS_NONE.spans(style.lang, &[]));
    }
    for register in registers {
        let facts = facts(&page, register);
        page.wrap(0, 4, &facts);
    }
    page.finish()
}

/// `anji register show`, and the outcome of `adopt`: one list with its entries.
pub fn register(register: &Register, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    let facts = facts(&page, register);
    page.wrap(0, 4, &facts);
    if let Some(reason) = &register.approval.reason {
        let reason = parts::path(reason);
        page.wrap(2, 4, &[text(words::REASON.fill(lang, &[("text", &reason)]))]);
    }
    if register.entries.is_empty() {
        page.wrap(2, 4, &[text(words::REGISTER_EMPTY.get(lang))]);
    }
    for entry in &register.entries {
        page.wrap(2, 6, &[text(parts::path(&entry.value))]);
    }
    page.finish()
}

fn facts(page: &Page<'_>, register: &Register) -> Vec<Span> {
    let lang = page.style.lang;
    let approval = &register.approval;
    let time = page.style.time(approval.at);
    let recorder = parts::value(&approval.recorded_by);
    let who = parts::value(approval.approved_by.as_ref().unwrap_or(&approval.recorded_by));
    let phrase =
        if approval.is_self_recorded() { words::SELF_RECORDED } else { words::APPROVED_BY };
    let values = [("who", who.as_str()), ("recorder", recorder.as_str()), ("time", time.as_str())];
    let version = words::VERSION.fill(lang, &[("n", &register.version.to_string())]);
    let mut facts = vec![
        span(register.id.as_str(), Paint::Strong),
        text(parts::path(&register.subject.to_string())),
        glued(version, Paint::Plain),
        glued(words::ENTRIES.get(lang, register.entries.len() as u64), Paint::Plain),
        text(phrase.fill(lang, &values)),
    ];
    if let Some(run) = &register.adopted_from {
        facts.push(text(words::ADOPTED_FROM.fill(lang, &[("run", run.as_str())])));
    }
    parts::joined(facts)
}

/// `anji runs`: stored runs, in the order given.
pub fn runs(runs: &[RunSummary], style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    if runs.is_empty() {
        page.wrap(0, 2, &words::RUNS_NONE.spans(lang, &[]));
    }
    for run in runs {
        let facts = vec![
            span(run.run.as_str(), Paint::Strong),
            glued(style.time(run.as_of), Paint::Plain),
            glued(words::RESULTS.get(lang, run.counts.results), Paint::Plain),
            glued(words::DRIFTS.get(lang, run.counts.drift), Paint::Plain),
            span(parts::short(&run.head), Paint::Dim),
        ];
        page.wrap(0, 4, &parts::joined(facts));
    }
    page.finish()
}

/// `anji audit`: entries, in the order given.
pub fn audit(entries: &[AuditEntry], style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    if entries.is_empty() {
        page.wrap(0, 2, &[text(words::AUDIT_NONE.get(lang))]);
    }
    for entry in entries {
        let (symbol, paint) = match entry.outcome {
            AuditOutcome::Done => words::symbol(RawResult::Pass, style.ascii),
            AuditOutcome::Refused | AuditOutcome::Failed => {
                words::symbol(RawResult::Fail, style.ascii)
            }
        };
        let mut facts = vec![
            glued(format!("{symbol} #{}", entry.sequence), paint),
            glued(style.time(entry.at), Paint::Plain),
            text(parts::value(&entry.actor)),
            span(parts::value(&entry.use_case), Paint::Strong),
            text(parts::path(&entry.object)),
            glued(words::outcome(entry.outcome).get(lang), paint),
        ];
        if !entry.detail.is_empty() {
            facts.push(span(parts::path(&entry.detail), Paint::Dim));
        }
        page.wrap(0, 4, &parts::joined(facts));
    }
    page.finish()
}
