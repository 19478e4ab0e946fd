//! `anji evidence`: records, and the values of those that carry a body.

use super::parts;
use super::readable::{self, Bounds};
use crate::layout::{Page, Paint, glued, span, text};
use crate::style::Style;
use crate::view::{EvidenceItem, EvidenceView};
use crate::words::{self, readable as phrases};
use anji_model::{EvidenceStatus, RawResult};

/// `anji evidence`: a listing, and the values of items that carry a body.
pub fn evidence(view: &EvidenceView, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    let name = parts::path(&view.subject_name);
    let title = words::EVIDENCE_TITLE.fill(lang, &[("subject", &name), ("run", view.run.as_str())]);
    page.wrap(0, 2, &[span(title, Paint::Strong)]);
    page.blank();
    if view.items.is_empty() {
        page.wrap(0, 2, &[text(words::NO_EVIDENCE.get(lang))]);
    }
    for item in &view.items {
        record(&mut page, item);
        body(&mut page, item, view.elements_max);
    }
    page.finish()
}

fn record(page: &mut Page<'_>, item: &EvidenceItem) {
    let lang = page.style.lang;
    let record = &item.record;
    let ascii = page.style.ascii;
    let (symbol, state, detail) = match &record.status {
        EvidenceStatus::Collected if record.gaps.is_empty() => {
            (words::symbol(RawResult::Pass, ascii), words::STATE_COLLECTED.get(lang).to_owned(), "")
        }
        EvidenceStatus::Collected => (
            words::symbol(RawResult::Unknown, ascii),
            words::STATE_PARTIAL.get(lang).to_owned(),
            "",
        ),
        EvidenceStatus::Absent { detail } => (
            words::symbol(RawResult::NotApplicable, ascii),
            words::STATE_ABSENT.get(lang).to_owned(),
            detail.as_str(),
        ),
        EvidenceStatus::Failed { category, detail } => {
            let category = words::failure(*category).get(lang);
            let state = words::STATE_FAILED.fill(lang, &[("category", category)]);
            (words::symbol(RawResult::Unknown, ascii), state, detail.as_str())
        }
    };
    let mut line = vec![
        span(format!("{} ", symbol.0), symbol.1),
        span(parts::path(&record.key.to_string()), Paint::Strong),
        parts::dot(),
        text(state),
    ];
    if let Some(title) = &item.title {
        line.extend([parts::dot(), text(title.get(lang))]);
    }
    page.wrap(0, 4, &line);
    if !detail.is_empty() {
        let detail = parts::path(detail);
        page.wrap(4, 6, &[text(words::ORIGINAL.fill(lang, &[("text", &detail)]))]);
    }
    let time = page.style.time(record.observed_at);
    let mut facts = vec![
        glued(words::SEEN.fill(lang, &[("time", &time)]), Paint::Dim),
        glued(words::privilege(record.privilege).get(lang), Paint::Dim),
    ];
    if let Some(body) = &record.body {
        let digest = parts::short(body);
        facts.push(glued(words::DIGEST.fill(lang, &[("digest", &digest)]), Paint::Dim));
    }
    page.wrap(4, 4, &parts::joined(facts));
    for gap in &record.gaps {
        let path = parts::path(&gap.path);
        let kind = words::gap_kind(gap.kind).get(lang);
        let category = words::failure(gap.category).get(lang);
        let values = [("path", path.as_str()), ("kind", kind), ("category", category)];
        page.wrap(4, 6, &[span(words::GAP.fill(lang, &values), Paint::Unsure)]);
        if !gap.detail.is_empty() {
            let detail = parts::path(&gap.detail);
            page.wrap(6, 8, &[text(words::ORIGINAL.fill(lang, &[("text", &detail)]))]);
        }
    }
}

fn body(page: &mut Page<'_>, item: &EvidenceItem, elements_max: Option<usize>) {
    let lang = page.style.lang;
    if item.pruned {
        page.wrap(4, 6, &[span(phrases::PRUNED.get(lang), Paint::Unsure)]);
    }
    let Some(value) = &item.value else { return };
    page.blank();
    readable::value(page, value, 4, Bounds { elements: elements_max.unwrap_or(usize::MAX) });
    if item.hidden > 0 {
        page.blank();
        page.wrap(4, 4, &words::HIDDEN.spans(lang, item.hidden, &[]));
    }
    page.blank();
}
