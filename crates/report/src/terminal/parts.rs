//! Pieces that several reports share.

use crate::escape;
use crate::layout::{Page, Paint, Span, glued, span, text};
use crate::told;
use crate::words;
use anji_model::{CheckId, CheckInfo, CheckResult, Lang, Reason, Term};
use std::collections::BTreeMap;

pub(super) use crate::told::{
    allowed, id, ids, names_itself, path, percent, place, reason, roughly, scope, short, value,
};

/// How many comparisons of one result are shown.
pub(super) const TERMS_SHOWN: usize = 3;
/// Checks by id, for their titles.
pub(super) struct Checks<'a>(BTreeMap<&'a CheckId, &'a CheckInfo>);

impl<'a> Checks<'a> {
    pub(super) fn new(checks: &'a [CheckInfo]) -> Self {
        Self(checks.iter().map(|check| (&check.id, check)).collect())
    }

    pub(super) fn get(&self, id: &CheckId) -> Option<&'a CheckInfo> {
        self.0.get(id).copied()
    }

    /// The title, or nothing for a check that content no longer has.
    pub(super) fn title(&self, id: &CheckId, lang: Lang) -> &'a str {
        self.get(id).map_or("", |check| check.title.get(lang))
    }
}

/// `text` and blanks up to `columns`.
pub(super) fn padded(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(escape::columns(text));
    format!("{text}{}", " ".repeat(missing))
}

/// `path: observed X, allowed Y`.
pub(super) fn term(term: &Term, lang: Lang) -> Vec<Span> {
    let (path, observed) = (place(&term.path, lang), value(&term.observed));
    let allowed = allowed(term, lang);
    let phrase = match names_itself(&term.path, &term.observed) {
        true => words::TERM_BARE,
        false => words::TERM,
    };
    phrase.spans(lang, &[("path", &path), ("observed", &observed), ("allowed", &allowed)])
}

/// The comparisons of a result, `shown` of them, and how many more there are.
pub(super) fn terms(page: &mut Page<'_>, result: &CheckResult, shown: usize) {
    let lang = page.style.lang;
    for one in result.failed_terms.iter().take(shown) {
        page.wrap(4, 6, &term(one, lang));
    }
    let total = result.failed_terms_total.max(result.failed_terms.len() as u64);
    let rest = total - result.failed_terms.len().min(shown) as u64;
    if rest > 0 {
        page.wrap(4, 6, &[span(words::MORE.get(lang, rest), Paint::Dim)]);
    }
}

/// The severity word, padded to one column for all.
pub(super) fn severity(severity: anji_model::Severity, lang: Lang) -> Span {
    let columns = if lang == Lang::En { 8 } else { 4 };
    let word = padded(words::severity(severity).get(lang), columns);
    glued(word, words::severity_paint(severity))
}

/// The evidence and the words of the collector behind a reason, if any.
pub(super) fn reported(reason: &Reason, lang: Lang) -> Vec<Span> {
    let said = told::reported(reason, lang);
    if said.is_empty() { Vec::new() } else { vec![text(said)] }
}

/// The separator of facts on one line.
pub(super) fn dot() -> Span {
    span(" · ", Paint::Dim)
}

/// Facts with separators.
pub(super) fn joined(facts: Vec<Span>) -> Vec<Span> {
    let mut spans = Vec::new();
    for fact in facts {
        if !spans.is_empty() {
            spans.push(dot());
        }
        spans.push(fact);
    }
    spans
}

/// A text of people, cut to about four lines of the page.
pub(super) fn few_lines(text: &str, page: &Page<'_>, indent: usize) -> String {
    let room = 4 * page.style.columns().saturating_sub(indent + 4);
    let mut used = 0;
    let fits = text.chars().take_while(|c| {
        used += escape::columns_of(*c);
        used <= room
    });
    let kept = fits.count();
    if kept == text.chars().count() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(kept).collect();
    // An English word is not cut in two.
    let inside = kept.ends_with(|c: char| c.is_ascii_graphic())
        && text[kept.len()..].starts_with(|c: char| c.is_ascii_graphic());
    let whole = match kept.rfind([' ', '，', '、', '；', '。']) {
        Some(end) if inside && kept.len() - end < 30 => &kept[..end],
        _ => &kept,
    };
    format!("{}…", whole.trim_end_matches(['，', '、', ',', ' ', '；', ';']))
}
