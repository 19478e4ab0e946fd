//! `anji evidence query`: what an expression came to, and what can be asked.

use super::parts;
use super::readable::{self, Bounds};
use crate::layout::{Page, Paint, glued, shown, span, text};
use crate::style::Style;
use crate::view::{FieldsView, QueryAnswer, QueryNameView, QueryView};
use crate::words::{self, query as phrases};
use anji_model::{RawResult, Readable, ReadableList, Reason, ReasonCategory};

/// The answer with its type, the witnesses of a truth, and every reason for doubt.
pub fn query(view: &QueryView, style: &Style) -> String {
    let mut page = Page::new(style);
    answer(&mut page, view);
    for term in &view.terms {
        page.wrap(2, 4, &parts::term(term, style.lang));
    }
    let rest = view.terms_total.saturating_sub(view.terms.len() as u64);
    if rest > 0 {
        page.wrap(2, 4, &[span(words::MORE.get(style.lang, rest), Paint::Dim)]);
    }
    if view.terms.is_empty() {
        for one in &view.observed {
            let (path, value) = (parts::path(&one.path), parts::value(&one.value));
            let line = phrases::LOOKED_AT.fill(style.lang, &[("path", &path), ("value", &value)]);
            page.wrap(2, 4, &[span(line, Paint::Dim)]);
        }
    }
    let bounds = Bounds { elements: view.elements_max.unwrap_or(usize::MAX) };
    if !view.doubtful.is_empty() {
        let title = span(phrases::DOUBTFUL.get(style.lang), Paint::Unsure);
        page.wrap(2, 4, &[span("? ", Paint::Unsure), title]);
        let items = view.doubtful.clone();
        let list = Readable::List(ReadableList { items, ..ReadableList::default() });
        readable::value(&mut page, &list, 4, bounds);
    }
    if view.absent > 0 {
        let line = phrases::ABSENT_IN.get(style.lang, view.absent);
        page.wrap(2, 4, &[span(line, Paint::Dim)]);
    }
    for reason in &view.reasons {
        because(&mut page, reason);
    }
    page.finish()
}

/// Why something is not known, or not there. An absence is no doubt.
fn because(page: &mut Page<'_>, reason: &Reason) {
    let lang = page.style.lang;
    let (mark, paint) = match reason.category {
        ReasonCategory::Absent => {
            (words::symbol(RawResult::NotApplicable, page.style.ascii).0, Paint::Dim)
        }
        _ => ("?", Paint::Unsure),
    };
    let line = span(parts::reason(reason, lang), paint);
    page.wrap(2, 4, &[span(format!("{mark} "), paint), line]);
    let said = parts::path(&reason.detail);
    let said = match reason.category {
        _ if said.is_empty() => None,
        // What a collector said, as it said it.
        ReasonCategory::Evidence(_) => Some(words::ORIGINAL.fill(lang, &[("text", &said)])),
        _ => Some(phrases::own(&said, lang)),
    };
    let key = reason
        .key
        .as_ref()
        .map(|key| words::EVIDENCE_OF.fill(lang, &[("key", &parts::path(&key.to_string()))]));
    let told: Vec<_> = key.into_iter().chain(said).collect();
    if !told.is_empty() {
        page.wrap(4, 6, &[text(told.join(words::SEMICOLON.get(lang)))]);
    }
}

fn answer(page: &mut Page<'_>, view: &QueryView) {
    let lang = page.style.lang;
    let ascii = page.style.ascii;
    let ty = phrases::TYPE.fill(lang, &[("type", &view.ty)]);
    let ty = glued(ty, Paint::Dim);
    let word = |word: RawResult, phrase: words::Phrase| {
        let (symbol, paint) = words::symbol(word, ascii);
        glued(format!("{symbol} {}", phrase.get(lang)), paint)
    };
    let head = match &view.answer {
        QueryAnswer::Value(Readable::Bool(true)) => word(RawResult::Pass, phrases::TRUE),
        QueryAnswer::Value(Readable::Bool(false)) => word(RawResult::Fail, phrases::FALSE),
        QueryAnswer::Unknown => word(RawResult::Unknown, phrases::UNKNOWN),
        QueryAnswer::Absent => word(RawResult::NotApplicable, phrases::ABSENT),
        QueryAnswer::Value(value @ (Readable::List(_) | Readable::Record(_))) => {
            let count = match value {
                Readable::List(list) => phrases::ELEMENTS.get(lang, list.items.len() as u64),
                _ => String::new(),
            };
            let mut head = vec![ty];
            if !count.is_empty() {
                head.insert(0, text(count));
            }
            page.wrap(0, 2, &parts::joined(head));
            let bounds = Bounds { elements: view.elements_max.unwrap_or(usize::MAX) };
            readable::value(page, value, 2, bounds);
            return;
        }
        QueryAnswer::Value(value) => span(readable::single_text(page, value), Paint::Strong),
    };
    page.wrap(0, 2, &parts::joined(vec![head, ty]));
}

/// What can be asked, by name.
pub fn query_names(names: &[QueryNameView], style: &Style) -> String {
    let mut page = Page::new(style);
    let widest = names.iter().map(|one| one.name.chars().count()).max().unwrap_or(0);
    for one in names {
        let (symbol, paint) = words::symbol(
            match (one.is_collected, &one.reason) {
                (true, _) => RawResult::Pass,
                (false, Some(_)) => RawResult::Unknown,
                (false, None) => RawResult::NotApplicable,
            },
            style.ascii,
        );
        let name = parts::padded(&shown(&one.name, style.ascii), widest + 2);
        let mut line = vec![
            span(format!("{symbol} "), paint),
            span(name, Paint::Strong),
            text(one.title.get(style.lang)),
        ];
        if let Some(reason) = &one.reason {
            line.push(parts::dot());
            line.push(span(parts::reason(reason, style.lang), Paint::Unsure));
        }
        page.wrap(0, widest + 4, &line);
    }
    page.finish()
}

/// The fields of an evidence type with their types and meanings.
pub fn query_fields(view: &FieldsView, style: &Style) -> String {
    let mut page = Page::new(style);
    let title = [
        span(parts::path(&view.name), Paint::Strong),
        parts::dot(),
        text(view.title.get(style.lang)),
    ];
    page.wrap(0, 2, &title);
    for field in &view.fields {
        let mut line = vec![
            span(parts::path(&field.path), Paint::Strong),
            parts::dot(),
            glued(&field.ty, Paint::Command),
        ];
        if field.personal {
            line.push(parts::dot());
            line.push(span(phrases::PERSONAL.get(style.lang), Paint::Warn));
        }
        page.wrap(2, 4, &line);
        page.wrap(6, 6, &[span(&*field.doc, Paint::Dim)]);
    }
    page.finish()
}

/// What can be typed.
pub fn query_help(subject_name: &str, style: &Style) -> String {
    let mut page = Page::new(style);
    let subject = parts::path(subject_name);
    let title = phrases::ASKING.fill(style.lang, &[("subject", &subject)]);
    page.wrap(0, 2, &[span(title, Paint::Strong)]);
    page.wrap(0, 2, &phrases::HELP.spans(style.lang, &[]));
    page.finish()
}
