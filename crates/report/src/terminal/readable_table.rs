//! Records as the rows of a table, where that fits the page.

use super::parts;
use super::readable::{single_text, why};
use crate::escape;
use crate::layout::{Page, Paint, shown, span, text};
use crate::words::{self, readable as phrases};
use anji_model::{Readable, ReadableField};

/// Blanks between two columns.
const GAP: usize = 2;
/// The last column may wrap while it has this much room.
const LAST_MIN: usize = 20;
/// More columns than this are no table that anybody reads.
const COLUMNS_MAX: usize = 12;

/// Every value that stands on one line, with its path; records in records are
/// part of it, lists of records are not.
pub(super) fn flat(fields: &[ReadableField]) -> Vec<(String, &Readable)> {
    fn walk<'f>(fields: &'f [ReadableField], prefix: &str, out: &mut Vec<(String, &'f Readable)>) {
        for field in fields {
            let name = format!("{prefix}{}", field.name);
            match &field.value {
                Readable::Record(below) => walk(below, &format!("{name}."), out),
                value if holds_records(value) => {}
                value => out.push((name, value)),
            }
        }
    }
    let mut out = Vec::new();
    walk(fields, "", &mut out);
    out
}

/// Every list of records, with its path.
pub(super) fn nested(fields: &[ReadableField]) -> Vec<(String, &Readable)> {
    fn walk<'f>(fields: &'f [ReadableField], prefix: &str, out: &mut Vec<(String, &'f Readable)>) {
        for field in fields {
            let name = format!("{prefix}{}", field.name);
            match &field.value {
                Readable::Record(below) => walk(below, &format!("{name}."), out),
                value if holds_records(value) => out.push((name, value)),
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    walk(fields, "", &mut out);
    out
}

/// Whether the value is a list of records, or one that a filter has thinned
/// out: that must be said below it.
fn holds_records(value: &Readable) -> bool {
    let is_record = |item: &Readable| matches!(item, Readable::Record(_));
    matches!(value, Readable::List(list) if list.filtered + list.untold > 0 || list.items.iter().any(is_record))
}

/// A column: its name and one cell for each row, empty where a row has no such value.
struct Column<'v> {
    name: String,
    cells: Vec<String>,
    values: Vec<Option<&'v Readable>>,
}

impl Column<'_> {
    fn width(&self) -> usize {
        let widest = self.cells.iter().map(|cell| escape::columns(cell)).max().unwrap_or(0);
        widest.max(escape::columns(&self.name))
    }

    /// Whether there is nothing to see in it.
    fn is_absent(&self) -> bool {
        self.values.iter().all(|value| value.is_none_or(|value| *value == Readable::Absent))
    }
}

/// Lays the records out as a table; false, and nothing is written, where that
/// would not fit or would leave something out.
pub(super) fn table(page: &mut Page<'_>, records: &[&[ReadableField]], indent: usize) -> bool {
    if records.iter().any(|fields| !nested(fields).is_empty()) {
        return false;
    }
    let (absent, mut columns): (Vec<_>, Vec<_>) =
        columns(page, records).into_iter().partition(Column::is_absent);
    let room = page.style.columns().saturating_sub(indent);
    let total: usize = columns.iter().map(|column| column.width() + GAP).sum::<usize>();
    if columns.is_empty() || columns.len() > COLUMNS_MAX {
        return false;
    }
    if total > room + GAP {
        // One wide column may stand last and wrap.
        let widest = (1..columns.len()).max_by_key(|place| columns[*place].width()).unwrap_or(0);
        let last = columns.remove(widest);
        let others: usize = columns.iter().map(|column| column.width() + GAP).sum();
        if others + LAST_MIN.max(escape::columns(&last.name)) > room {
            return false;
        }
        columns.push(last);
    }
    rows(page, &columns, indent);
    below(page, &columns, &absent, indent);
    true
}

fn columns<'v>(page: &Page<'_>, records: &[&'v [ReadableField]]) -> Vec<Column<'v>> {
    let rows: Vec<_> = records.iter().map(|fields| flat(fields)).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    // A record that is absent or unknown as a whole has no values below its name:
    // its mark stands in each of their columns.
    let parents: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| names.iter().any(|other| other.starts_with(&format!("{name}."))))
        .collect();
    let value = |row: &[(String, &'v Readable)], name: &str| {
        let exact = row.iter().find(|(known, _)| known == name);
        let parent = || row.iter().find(|(known, _)| name.starts_with(&format!("{known}.")));
        exact.or_else(parent).map(|(_, value)| *value)
    };
    let column = |name: &&str| {
        let values: Vec<_> = rows.iter().map(|row| value(row, name)).collect();
        let cell = |value: &Option<&Readable>| {
            value.map_or_else(String::new, |value| single_text(page, value))
        };
        let cells = values.iter().map(cell).collect();
        Column { name: shown(name, page.style.ascii), cells, values }
    };
    names.iter().filter(|name| !parents.contains(*name)).map(column).collect()
}

fn rows(page: &mut Page<'_>, columns: &[Column<'_>], indent: usize) {
    let widths: Vec<_> = columns.iter().map(Column::width).collect();
    let last = columns.len() - 1;
    let start = indent + widths[..last].iter().map(|width| width + GAP).sum::<usize>();
    let head: String =
        (0..last).map(|place| parts::padded(&columns[place].name, widths[place] + GAP)).collect();
    page.wrap(indent, start, &[span(head + &columns[last].name, Paint::Dim)]);
    for row in 0..columns[0].cells.len() {
        let mut line = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            let cell = match place == last {
                true => column.cells[row].clone(),
                false => parts::padded(&column.cells[row], widths[place] + GAP),
            };
            line.push(match (place, column.values[row]) {
                (0, _) => span(cell, Paint::Strong),
                (_, Some(Readable::Unknown(_))) => span(cell, Paint::Unsure),
                (_, Some(Readable::Absent | Readable::Hidden) | None) => span(cell, Paint::Dim),
                _ => text(cell),
            });
        }
        page.wrap(indent, start, &line);
    }
}

/// What the marks in the cells mean, and the columns that hold nothing.
fn below(page: &mut Page<'_>, columns: &[Column<'_>], absent: &[Column<'_>], indent: usize) {
    let lang = page.style.lang;
    let mut legend: Vec<String> = Vec::new();
    for column in columns {
        for value in column.values.iter().flatten() {
            let gaps = match value {
                Readable::Unknown(gaps) => gaps,
                Readable::List(list) => &list.lacks,
                _ => continue,
            };
            for gap in gaps {
                let phrase = match value {
                    Readable::List(_) => phrases::CELL_INCOMPLETE,
                    _ => phrases::CELL_UNKNOWN,
                };
                let path = parts::path(gap.path.rsplit("[].").next().unwrap_or(&gap.path));
                let line = phrase.fill(lang, &[("path", &path), ("why", &why(page, gap))]);
                if !legend.contains(&line) {
                    legend.push(line);
                }
            }
        }
    }
    for line in legend {
        page.wrap(indent, indent + 2, &[span("? ", Paint::Unsure), span(line, Paint::Unsure)]);
    }
    if !absent.is_empty() {
        let names: Vec<_> = absent.iter().map(|column| column.name.as_str()).collect();
        let names = names.join(words::LIST.get(lang));
        let line = phrases::ABSENT_IN_ALL.fill(lang, &[("names", &names)]);
        page.wrap(indent, indent + 2, &[span(line, Paint::Dim)]);
    }
}
