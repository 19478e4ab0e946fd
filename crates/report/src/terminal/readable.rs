//! A typed value laid out: single values as pairs, lists of records as tables
//! where they fit the page and as blocks where they do not, and what is not
//! known at its place.

use super::parts;
use super::readable_table as table;
use crate::escape;
use crate::layout::{Page, Paint, glued, shown, span, text};
use crate::style::Style;
use crate::words::{self, readable as phrases};
use anji_model::{Gap, Readable, ReadableField, ReadableList};

/// The most columns that the name of a pair takes before its value.
const NAME_MAX: usize = 28;
/// How deep records and lists in each other are indented.
const INDENT_MAX: usize = 24;

/// How much of a value is laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// The most elements of one list.
    pub(super) elements: usize,
}

/// One line, or a table, or blocks: whatever the value is.
pub(super) fn value(page: &mut Page<'_>, value: &Readable, indent: usize, bounds: Bounds) {
    match value {
        Readable::Record(fields) => record(page, fields, indent, bounds),
        Readable::List(list) => self::list(page, list, indent, bounds),
        single => page.wrap(indent, indent + 2, &single_value(page, single)),
    }
}

/// Single values first, as pairs in two columns, then what holds more.
fn record(page: &mut Page<'_>, fields: &[ReadableField], indent: usize, bounds: Bounds) {
    let lang = page.style.lang;
    if fields.is_empty() {
        page.wrap(indent, indent, &[span(phrases::NO_FIELDS.get(lang), Paint::Dim)]);
    }
    let pairs = table::flat(fields);
    let widest = pairs.iter().map(|(name, _)| escape::columns(name)).max().unwrap_or(0);
    let column = indent + widest.min(NAME_MAX) + 2;
    for (name, value) in pairs {
        let mut line = vec![span(parts::padded(&name, column - indent), Paint::Dim)];
        line.extend(single_value(page, value));
        page.wrap(indent, column, &line);
    }
    for (name, value) in table::nested(fields) {
        let below = (indent + 2).min(INDENT_MAX);
        let Readable::List(list) = value else { continue };
        page.blank();
        let title = [
            span(shown(&name, page.style.ascii), Paint::Strong),
            parts::dot(),
            text(words::ENTRIES.get(lang, list.items.len() as u64)),
        ];
        page.wrap(indent, indent + 2, &title);
        self::list(page, list, below, bounds);
    }
}

fn list(page: &mut Page<'_>, list: &ReadableList, indent: usize, bounds: Bounds) {
    let lang = page.style.lang;
    let items = &list.items[..list.items.len().min(bounds.elements)];
    let records: Option<Vec<&[ReadableField]>> = items
        .iter()
        .map(|item| match item {
            Readable::Record(fields) => Some(fields.as_slice()),
            _ => None,
        })
        .collect();
    match records {
        Some(records) if !records.is_empty() => {
            if !table::table(page, &records, indent) {
                blocks(page, &records, indent, bounds);
            }
        }
        _ => {
            for item in items {
                value(page, item, indent, bounds);
            }
        }
    }
    let rest = (list.items.len() - items.len()) as u64;
    if rest > 0 {
        page.wrap(indent, indent + 2, &phrases::MORE_ELEMENTS.spans(lang, rest, &[]));
    }
    if list.filtered > 0 {
        let left_out = phrases::FILTERED.get(lang, list.filtered);
        page.wrap(indent, indent + 2, &[span(left_out, Paint::Dim)]);
    }
    if list.untold > 0 {
        let untold = phrases::UNTOLD.get(lang, list.untold);
        page.wrap(indent, indent + 2, &[span("? ", Paint::Unsure), span(untold, Paint::Unsure)]);
    }
    lacks(page, list, indent);
}

/// Keeps the elements of lists in which `wanted` stands as they are shown, in
/// any case of letters.
pub fn keep_elements(value: &mut Readable, wanted: &str, style: &Style) {
    let page = Page::new(style);
    let wanted = wanted.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&wanted);
    value.keep_elements(&|single| match single {
        // What stands beyond the room of a cell is part of it too.
        Readable::Text(text) => holds(text) || holds(&single_text(&page, single)),
        single => holds(&single_text(&page, single)),
    });
}

/// Why a list is not all there is.
fn lacks(page: &mut Page<'_>, list: &ReadableList, indent: usize) {
    for gap in &list.lacks {
        let line = phrases::INCOMPLETE.fill(page.style.lang, &[("why", &why(page, gap))]);
        page.wrap(indent, indent + 2, &[span("? ", Paint::Unsure), span(line, Paint::Unsure)]);
    }
}

/// One record below the other, each under the value that names it.
fn blocks(page: &mut Page<'_>, records: &[&[ReadableField]], indent: usize, bounds: Bounds) {
    for (number, fields) in records.iter().enumerate() {
        let (title, rest) = match fields.split_first() {
            Some((first, rest)) if first.label => (single_text(page, &first.value), rest),
            _ => (format!("{}", number + 1), *fields),
        };
        page.wrap(indent, indent + 2, &[span(title, Paint::Strong)]);
        record(page, rest, (indent + 2).min(INDENT_MAX), bounds);
    }
}

/// Why something was not had, in words and as reported.
pub(super) fn why(page: &Page<'_>, gap: &Gap) -> String {
    let category = words::failure(gap.category).get(page.style.lang);
    match gap.detail.as_str() {
        "" => category.to_owned(),
        detail => {
            let original = words::ORIGINAL.fill(page.style.lang, &[("text", &parts::path(detail))]);
            format!("{category}{}{original}", words::SEMICOLON.get(page.style.lang))
        }
    }
}

/// A value on one line, with the reason where it is not known.
fn single_value(page: &Page<'_>, value: &Readable) -> Vec<crate::layout::Span> {
    let lang = page.style.lang;
    let short = single_text(page, value);
    match value {
        Readable::Absent => {
            vec![span(format!("{short} "), Paint::Dim), span(phrases::ABSENT.get(lang), Paint::Dim)]
        }
        Readable::Hidden => {
            vec![span(format!("{short} "), Paint::Dim), span(phrases::HIDDEN.get(lang), Paint::Dim)]
        }
        Readable::Unknown(gaps) => {
            let reasons: Vec<_> = gaps.iter().map(|gap| why(page, gap)).collect();
            let reasons = match reasons.as_slice() {
                [] => phrases::NO_FORM.get(lang).to_owned(),
                _ => reasons.join(words::SEMICOLON.get(lang)),
            };
            let line = phrases::UNKNOWN.fill(lang, &[("why", &reasons)]);
            vec![span("? ", Paint::Unsure), span(line, Paint::Unsure)]
        }
        Readable::List(list) => {
            let mut line = vec![text(short)];
            for gap in &list.lacks {
                let gap = phrases::INCOMPLETE.fill(lang, &[("why", &why(page, gap))]);
                line.push(span(" ? ", Paint::Unsure));
                line.push(span(gap, Paint::Unsure));
            }
            line
        }
        _ => vec![glued(short, Paint::Plain)],
    }
}

/// A value in a few characters: what a cell of a table shows.
pub(super) fn single_text(page: &Page<'_>, value: &Readable) -> String {
    let ascii = page.style.ascii;
    let plain = match value {
        Readable::Bool(value) => phrases::truth(*value).get(page.style.lang).to_owned(),
        Readable::Int(number) => number.to_string(),
        Readable::Day(day) => match super::vulns::day(*day) {
            none if none.is_empty() => day.to_string(),
            date => date,
        },
        Readable::Time(at) => page.style.time(*at),
        Readable::Text(text) => quoted(&escape::printable(&parts::path(text))),
        Readable::Absent => "–".to_owned(),
        Readable::Unknown(_) => "?".to_owned(),
        Readable::Hidden => "***".to_owned(),
        Readable::Record(_) => "{…}".to_owned(),
        Readable::List(list) => {
            let few: Vec<_> =
                list.items.iter().take(LINE_ITEMS).map(|item| single_text(page, item)).collect();
            let rest = list.items.len().saturating_sub(LINE_ITEMS);
            let mut line = few.join(", ");
            if list.items.is_empty() {
                line.push_str("[]");
            }
            if rest > 0 {
                line.push_str(&format!(", … (+{rest})"));
            }
            if !list.lacks.is_empty() {
                line.push_str(" ?");
            }
            line
        }
    };
    shown(&plain, ascii)
}

/// How many elements of a list are named on one line.
const LINE_ITEMS: usize = 40;

/// The text as it is, in quotes where it could be taken for something else.
fn quoted(text: &str) -> String {
    let marks = ["", "–", "-", "?", "***", "[]", "{…}", "yes", "no", "是", "否"];
    let blank = |c: Option<char>| c.is_some_and(|c| c == ' ' || c == '"');
    let ambiguous = marks.contains(&text)
        || text.contains(", ")
        || blank(text.chars().next())
        || blank(text.chars().next_back());
    if ambiguous { format!("\"{text}\"") } else { text.to_owned() }
}
