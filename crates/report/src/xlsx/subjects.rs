//! One sheet per subject with all its results, and the way to them.

use super::book::{Book, Cell, Look};
use super::lists::{column, has_elements, seen_oldest, times};
use crate::office::Teller;
use crate::office::cells::host;
use crate::words::{office as w, xlsx as x};
use anji_model::{CheckResult, RawResult, Severity, Subject};
use rust_xlsxwriter::XlsxError;
use std::cmp::Reverse;

/// How many subjects have a sheet of their own. Excel opens more, but slowly,
/// and nobody finds a tab among them; the results of the others share a sheet.
const SHEETS_MAX: usize = 200;

/// A subject with its results, worst first.
pub(super) struct Part<'a> {
    subject: &'a Subject,
    results: Vec<&'a CheckResult>,
    /// The sheet that they stand in.
    sheet: String,
}

impl Part<'_> {
    fn count(&self, words: &[RawResult]) -> u64 {
        self.results.iter().filter(|one| words.contains(&one.raw)).count() as u64
    }

    fn critical(&self) -> u64 {
        let grave =
            |one: &&&CheckResult| one.raw == RawResult::Fail && one.severity == Severity::Critical;
        self.results.iter().filter(grave).count() as u64
    }
}

/// Which subject stands in which sheet.
pub(super) struct Plan<'a> {
    parts: Vec<Part<'a>>,
    /// The sheet that the others share.
    rest: Option<String>,
}

impl Plan<'_> {
    /// How many subjects share a sheet, and its name.
    pub(super) fn rest(&self) -> Option<(u64, &str)> {
        let rest = self.rest.as_deref()?;
        Some((self.parts.iter().filter(|part| part.sheet == rest).count() as u64, rest))
    }

    /// The names of the sheets that subjects have for themselves.
    pub(super) fn own(&self) -> impl Iterator<Item = &str> {
        let rest = self.rest.as_deref();
        self.parts.iter().map(|part| part.sheet.as_str()).filter(move |name| Some(*name) != rest)
    }

    /// Whether a sheet gives an overview of the subjects.
    pub(super) fn has_overview(&self) -> bool {
        self.parts.len() > 1
    }
}

pub(super) const SUBJECTS_MAX: u64 = SHEETS_MAX as u64;

/// Gives every subject its sheet.
pub(super) fn plan<'a>(book: &mut Book, teller: &Teller<'a>) -> Plan<'a> {
    let lang = teller.lang;
    let of_subject = |(subject, mut results): (&'a Subject, Vec<&'a CheckResult>)| {
        results
            .sort_by_cached_key(|one| (rank(one.raw), Reverse(one.severity), one.identity.clone()));
        Part { subject, results, sheet: String::new() }
    };
    let mut parts: Vec<_> = teller.view.by_subject().into_iter().map(of_subject).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_cached_key(|place| {
        let part = &parts[*place];
        let open = part.count(&[RawResult::Unknown, RawResult::Error]);
        (Reverse(part.critical()), Reverse(part.count(&[RawResult::Fail])), Reverse(open))
    });
    let rest = (parts.len() > SHEETS_MAX).then(|| x::SHEET_REST.get(lang).to_owned());
    let mut own = vec![false; parts.len()];
    order.into_iter().take(SHEETS_MAX).for_each(|place| own[place] = true);
    for (part, own) in parts.iter_mut().zip(own) {
        part.sheet = match &rest {
            Some(rest) if !own => rest.clone(),
            _ => {
                let name = teller.view.subject_name(part.subject);
                book.names.take(host(name), x::SHEET_SUBJECT.get(lang))
            }
        };
    }
    Plan { parts, rest }
}

fn rank(raw: RawResult) -> u8 {
    match raw {
        RawResult::Fail => 0,
        RawResult::Error => 1,
        RawResult::Unknown => 2,
        RawResult::NotChecked => 3,
        RawResult::Fixed => 4,
        RawResult::Pass => 5,
        RawResult::Informational => 6,
        RawResult::NotApplicable => 7,
        RawResult::NotSelected => 8,
    }
}

/// The subjects with their counts and sheets.
pub(super) fn overview(
    book: &mut Book,
    teller: &Teller<'_>,
    plan: &Plan<'_>,
) -> Result<(), XlsxError> {
    if !plan.has_overview() {
        return Ok(());
    }
    let columns = [
        column(w::SUBJECT, 50.0),
        column(w::CRITICAL, 16.0),
        column(w::FINDINGS, 12.0),
        column(w::OPEN, 16.0),
        column(w::RESULTS, 12.0),
        column(x::SHEET, 34.0),
    ];
    let row = |part: &Part<'_>| {
        vec![
            Cell::Text(teller.subject(part.subject)),
            Cell::Count(part.critical()),
            Cell::Count(part.count(&[RawResult::Fail])),
            Cell::Count(part.count(&[RawResult::Unknown, RawResult::Error])),
            Cell::Count(part.results.len() as u64),
            Cell::Link(part.sheet.clone()),
        ]
    };
    let rows = plan.parts.iter().map(row).collect();
    let look = Look::new(&columns, w::NO_RESULTS.get(teller.lang));
    book.table(x::SHEET_SUBJECTS.get(teller.lang), &look, rows)?;
    Ok(())
}

/// The sheets of the subjects.
pub(super) fn sheets(
    book: &mut Book,
    teller: &Teller<'_>,
    plan: &Plan<'_>,
) -> Result<(), XlsxError> {
    let elements = has_elements(teller);
    for part in plan.parts.iter().filter(|part| Some(&part.sheet) != plan.rest.as_ref()) {
        one_sheet(book, teller, &part.sheet, &[part], (false, elements))?;
    }
    if let Some(rest) = &plan.rest {
        let parts: Vec<_> = plan.parts.iter().filter(|part| part.sheet == *rest).collect();
        one_sheet(book, teller, rest, &parts, (true, elements))?;
    }
    Ok(())
}

fn one_sheet(
    book: &mut Book,
    teller: &Teller<'_>,
    name: &str,
    parts: &[&Part<'_>],
    (subjects, elements): (bool, bool),
) -> Result<(), XlsxError> {
    let mut columns = Vec::new();
    if subjects {
        columns.push(column(w::SUBJECT, 24.0));
    }
    columns.extend([
        column(w::ID, 10.0),
        column(w::SEVERITY, 9.0),
        column(w::RESULT, 9.0),
        column(w::CHECK, 30.0),
    ]);
    if elements {
        columns.push(column(w::ELEMENT, 20.0));
    }
    columns.extend([
        column(w::OBSERVED, 40.0),
        column(w::ALLOWED, 24.0),
        column(x::REASON, 34.0),
        column(w::EVIDENCE, 28.0),
        times(x::SEEN_OLDEST),
        times(w::SINCE),
    ]);
    let row = |subject: &Subject, one: &CheckResult| {
        let mut cells = Vec::with_capacity(columns.len());
        if subjects {
            cells.push(Cell::Text(teller.subject(subject)));
        }
        cells.extend([
            Cell::Text(one.identity.check.to_string()),
            Cell::Severity(one.severity),
            Cell::Word(one.raw),
            Cell::Text(teller.title(&one.identity.check)),
        ]);
        if elements {
            cells.push(Cell::Text(teller.element(one)));
        }
        cells.extend([
            Cell::lines(teller.observed(one)),
            Cell::lines(teller.allowed(one)),
            Cell::lines(teller.reason(one)),
            Cell::lines(teller.evidence(one)),
            Cell::Time(seen_oldest(one)),
            Cell::Time(teller.since(one)),
        ]);
        cells
    };
    let results = parts.iter().flat_map(|part| part.results.iter().map(|one| (part.subject, *one)));
    let rows = results.map(|(subject, one)| row(subject, one)).collect();
    let look = Look::new(&columns, w::NO_RESULTS.get(teller.lang));
    book.table(name, &look, rows)?;
    Ok(())
}
