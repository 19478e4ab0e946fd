//! Small pieces that every part of a page uses.

use super::Safe;
use crate::told;
use crate::words::{self, Phrase};
use anji_model::{CheckInfo, Lang, RawResult, Reason, Severity};
use maud::{Markup, html};

/// A sentence; what stands between backticks is a command.
pub(super) fn prose(phrase: Phrase, lang: Lang, values: &[(&str, &str)]) -> Markup {
    let pieces: Vec<_> = phrase.get(lang).split('`').collect();
    html! {
        @for (place, piece) in pieces.iter().enumerate() {
            @let filled = words::fill(piece, values);
            @if place % 2 == 1 { code { (Safe(filled)) } } @else { (Safe(filled)) }
        }
    }
}

/// A text of the content, paragraph by paragraph.
pub(super) fn paragraphs(text: &str) -> Markup {
    html! {
        @for line in text.lines().filter(|line| !line.trim().is_empty()) {
            p { (Safe(line)) }
        }
    }
}

/// How grave, by shape and word.
pub(super) fn severity(severity: Severity, lang: Lang) -> Markup {
    let (class, shape) = match severity {
        Severity::Critical => ("sev s4", "◆"),
        Severity::High => ("sev s3", "▲"),
        Severity::Medium => ("sev s2", "■"),
        Severity::Low => ("sev s1", "●"),
        Severity::Info => ("sev s0", "○"),
    };
    html! { span class=(class) { span aria-hidden="true" { (shape) } " " (words::severity(severity).get(lang)) } }
}

/// The class of a result's word.
pub(super) fn class(raw: RawResult) -> &'static str {
    match raw {
        RawResult::Pass | RawResult::Fixed => "pass",
        RawResult::Fail => "fail",
        RawResult::Unknown | RawResult::Error => "open",
        _ => "other",
    }
}

/// What it came to, by shape and word.
pub(super) fn word(raw: RawResult, lang: Lang) -> Markup {
    let (symbol, _) = words::symbol(raw, false);
    html! {
        span class={ "word " (class(raw)) } { span aria-hidden="true" { (symbol) } " " (words::raw(raw).get(lang)) }
    }
}

/// Facts in one line, with dots between.
pub(super) fn dotted(facts: &[Markup]) -> Markup {
    html! {
        @for (place, fact) in facts.iter().enumerate() {
            @if place > 0 { " · " }
            (fact)
        }
    }
}

/// Why something could not be decided.
pub(super) fn reason(reason: &Reason, check: Option<&CheckInfo>, lang: Lang) -> Markup {
    let reported = told::reported_of(reason, check, lang);
    html! {
        p.reason {
            (Safe(told::reason(reason, lang)))
            @if !reported.is_empty() { (words::SEMICOLON.get(lang)) (Safe(reported)) }
        }
    }
}
