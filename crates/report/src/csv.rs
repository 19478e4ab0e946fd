//! A run as a table for spreadsheets: RFC 4180 in UTF-8 with a byte order
//! mark, lines that end with CR LF, one row for each result.
//!
//! # What stands in a cell
//!
//! Texts are bounded, and a control or unseen character stands in its escaped
//! form (`\n`, `\x1b`), so that a row is a line. A spreadsheet takes a cell
//! for a formula by its first character, also after blanks and quotes, and cuts
//! a row at other places than we did where its separator is a semicolon. So
//! wherever a cell, or what follows a semicolon in it, begins (blanks and
//! double quotes left aside) with one of `= + - @`, their full-width forms, or
//! an apostrophe, an apostrophe is put before that character. To have the text
//! again, take away the first of the apostrophes at such places.

use crate::machine::{self, Around, LIST_MAX};
use crate::style::Style;
use crate::view::ReportView;
use crate::words::{self, Phrase, machine as phrases};
use anji_model::{CheckResult, EvidenceUse};
use csv::{Terminator, WriterBuilder};

/// Tells spreadsheets that the bytes are UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// The most characters of one cell; a spreadsheet holds 32,767.
const CELL_MAX: usize = 16_000;

type Cell = fn(&Around<'_>, &CheckResult) -> String;

/// The columns in their order.
const COLUMNS: [(Phrase, Cell); 23] = [
    (phrases::RUN, |around, _| optional(around.view.report.run.as_ref())),
    (phrases::AS_OF, |around, _| machine::time(around.view.report.assessment.as_of)),
    (phrases::BASELINE, |_, one| one.identity.baseline.to_string()),
    (phrases::SYSTEM, |_, one| one.identity.system.to_string()),
    (phrases::SUBJECT, |_, one| machine::text(&one.identity.subject.to_string())),
    (phrases::SUBJECT_NAME, |around, one| {
        machine::text(around.view.subject_name(&one.identity.subject))
    }),
    (phrases::CHECK, |_, one| one.identity.check.to_string()),
    (phrases::ELEMENT, |_, one| machine::text(one.identity.element.as_deref().unwrap_or_default())),
    (phrases::TITLE, |around, one| around.title(one)),
    (phrases::SEVERITY, |around, one| words::severity(one.severity).get(around.lang).to_owned()),
    (phrases::SEVERITY_CODE, |_, one| machine::severity(one.severity).to_owned()),
    (phrases::RESULT, |around, one| words::raw(one.raw).get(around.lang).to_owned()),
    (phrases::RESULT_CODE, |_, one| one.raw.to_string()),
    (phrases::WHY, |around, one| around.why(one).join(words::SEMICOLON.get(around.lang))),
    (phrases::REMEDY, |around, one| around.remedy(one).unwrap_or_default()),
    (phrases::CLAUSES, |around, one| around.clauses(one).join(", ")),
    (phrases::GUARDS, guards),
    (phrases::EVIDENCE, |around, one| {
        evidence(around, one, |used| Some(machine::text(&used.key.to_string())))
    }),
    (phrases::SEEN, |around, one| {
        evidence(around, one, |used| used.observed_at.map(machine::time))
    }),
    (phrases::DIGESTS, |around, one| {
        evidence(around, one, |used| used.body.map(|body| body.to_string()))
    }),
    (phrases::SINCE, |around, one| around.seen(one).0.map(machine::time).unwrap_or_default()),
    (phrases::CHANGE, |around, one| around.change_words(one).unwrap_or_default().to_owned()),
    (phrases::QUESTION, |around, one| machine::question(around.view, &one.identity)),
];

/// `anji report --format csv`: one row for each result, under a header in the
/// reader's language. The columns with codes say the same in every language.
pub fn run(view: &ReportView, style: &Style) -> String {
    let around = Around::new(view, style.lang);
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let mut row = |cells: Vec<String>| {
        writer
            .write_record(cells)
            .expect("writing into memory cannot fail, and rows are as long as the header");
    };
    row(COLUMNS.iter().map(|(name, _)| name.get(style.lang).to_owned()).collect());
    for result in &view.report.assessment.results {
        row(COLUMNS.iter().map(|(_, cell)| neutral(&cell(&around, result))).collect());
    }
    let bytes = writer.into_inner().expect("writing into memory cannot fail");
    BYTE_ORDER_MARK.to_owned() + std::str::from_utf8(&bytes).expect("cells are texts")
}

fn optional(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn guards(around: &Around<'_>, one: &CheckResult) -> String {
    let guards = around.check(one).map_or(&[][..], |check| &check.guards);
    let words: Vec<&str> =
        guards.iter().map(|guard| words::guard(*guard).get(around.lang)).collect();
    words.join(words::LIST.get(around.lang))
}

/// Something of each piece of evidence, in their order, with an empty place
/// where there is nothing, and how many more there are.
fn evidence(
    around: &Around<'_>,
    one: &CheckResult,
    what: impl Fn(&EvidenceUse) -> Option<String>,
) -> String {
    let all = one.evidence.iter().take(LIST_MAX);
    let mut parts: Vec<String> = all.map(|used| what(used).unwrap_or_default()).collect();
    parts.extend(around.more(one.evidence.len()));
    parts.join(", ")
}

/// A cell in which no spreadsheet finds a formula: see the module.
fn neutral(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len() + 1);
    let mut begins = true;
    for c in cell.chars().take(CELL_MAX) {
        match c {
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\'' if begins => {
                out.push('\'');
                begins = false;
            }
            ' ' | '\u{3000}' | '"' => {}
            ';' => begins = true,
            _ => begins = false,
        }
        out.push(c);
    }
    if cell.chars().nth(CELL_MAX).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::neutral;

    #[test]
    fn formulas_are_neutralised_wherever_a_cell_may_begin() {
        for (cell, safe) in [
            ("=1+1", "'=1+1"),
            ("-2+3", "'-2+3"),
            ("  =1", "  '=1"),
            ("\"=1\"", "\"'=1\""),
            ("a;=1;b", "a;'=1;b"),
            ("a; \"@SUM(1)", "a; \"'@SUM(1)"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("a-b=c+d@e", "a-b=c+d@e"),
            ("it's", "it's"),
            ("", ""),
        ] {
            assert_eq!(neutral(cell), safe);
        }
    }

    #[test]
    fn cells_are_bounded() {
        assert_eq!(neutral(&"x".repeat(40_000)).chars().count(), super::CELL_MAX + 1);
    }
}
