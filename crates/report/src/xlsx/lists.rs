//! The lists over all subjects: what to put right, what changed, the evidence.

use super::book::{A3, Book, Cell, Column, Look};
use crate::office::Teller;
use crate::office::cells::name;
use crate::terminal;
use crate::told;
use crate::words::{self, Phrase, office as w, xlsx as x};
use anji_model::{CheckResult, Drift, EvidenceRecord};
use jiff::Timestamp;
use rust_xlsxwriter::{DataValidation, XlsxError};

pub(super) const fn column(title: Phrase, width: f64) -> Column {
    Column { title, width, zoned: false }
}

/// A column of times.
pub(super) const fn times(title: Phrase) -> Column {
    Column { title, width: 20.0, zoned: true }
}

/// Whether any result is about an element of its subject.
pub(super) fn has_elements(teller: &Teller<'_>) -> bool {
    teller.view.report.assessment.results.iter().any(|one| one.identity.element.is_some())
}

/// When the oldest evidence of a result was seen: no answer is fresher.
pub(super) fn seen_oldest(one: &CheckResult) -> Option<Timestamp> {
    one.evidence.iter().filter_map(|used| used.observed_at).min()
}

/// The states that an entry of the list goes through.
const STATES: [Phrase; 5] =
    [x::STATUS_OPEN, x::STATUS_DOING, x::STATUS_REVIEW, x::STATUS_DONE, x::STATUS_ACCEPTED];

/// Everything that fails, is open or was not checked, with columns to fill in.
pub(super) fn to_put_right(book: &mut Book, teller: &Teller<'_>) -> Result<(), XlsxError> {
    let lang = teller.lang;
    let elements = has_elements(teller);
    let mut columns = vec![
        column(w::ID, 10.0),
        column(w::SEVERITY, 9.0),
        column(w::RESULT, 9.0),
        column(w::CHECK, 28.0),
        column(w::SYSTEM, 12.0),
        column(w::SUBJECT, 22.0),
    ];
    if elements {
        columns.push(column(w::ELEMENT, 20.0));
    }
    columns.extend([
        column(w::OBSERVED, 36.0),
        column(w::ALLOWED, 24.0),
        column(x::REASON, 34.0),
        column(w::FIX, 38.0),
        column(w::CLAUSES, 24.0),
        column(w::EVIDENCE, 26.0),
        times(x::SEEN_OLDEST),
        times(w::SINCE),
        column(w::OWNER, 11.0),
        column(w::DUE, 12.0),
        column(w::STATUS, 12.0),
    ]);
    let results = teller.view.findings().into_iter().chain(teller.view.open());
    let results = results.chain(teller.not_checked());
    let rows: Vec<_> = results.map(|one| row(teller, one, elements)).collect();
    let status = u16::try_from(columns.len() - 1).unwrap_or(u16::MAX);
    let states = DataValidation::new()
        .allow_list_strings(&STATES.map(|state| state.get(lang)))?
        .set_error_message(x::HINT_STATUS.get(lang))?;
    let mut look = Look::new(&columns, w::NO_FINDINGS.get(lang));
    (look.paper, look.frozen) = (A3, 1);
    for (name, last) in book.table(x::SHEET_LIST.get(lang), &look, rows)? {
        if last > 0 {
            let (sheet, _) = book.again(&name)?;
            sheet.add_data_validation(1, status, last, status, &states)?;
        }
    }
    Ok(())
}

fn row(teller: &Teller<'_>, one: &CheckResult, elements: bool) -> Vec<Cell> {
    let identity = &one.identity;
    let mut cells = vec![
        Cell::Text(identity.check.to_string()),
        Cell::Severity(one.severity),
        Cell::Word(one.raw),
        Cell::Text(teller.title(&identity.check)),
        Cell::Text(told::system(&identity.system, teller.lang)),
        Cell::Text(teller.subject(&identity.subject)),
    ];
    if elements {
        cells.push(Cell::Text(teller.element(one)));
    }
    cells.extend([
        Cell::lines(teller.observed(one)),
        Cell::lines(teller.allowed(one)),
        Cell::lines(teller.reason(one)),
        Cell::lines(teller.advice(one)),
        Cell::lines(teller.clauses(&identity.check)),
        Cell::lines(teller.evidence(one)),
        Cell::Time(seen_oldest(one)),
        Cell::Time(teller.since(one)),
        Cell::Blank,
        Cell::Day,
        Cell::Blank,
    ]);
    cells
}

/// What changed since the last comparable results.
pub(super) fn changes(book: &mut Book, teller: &Teller<'_>) -> Result<(), XlsxError> {
    let lang = teller.lang;
    let columns = [
        column(w::KIND, 10.0),
        column(w::SEVERITY, 9.0),
        column(w::ID, 10.0),
        column(w::CHECK, 28.0),
        column(w::SYSTEM, 12.0),
        column(w::SUBJECT, 22.0),
        column(w::BEFORE, 10.0),
        column(w::NOW, 10.0),
        column(w::VALUES, 46.0),
        column(w::CAUSE, 18.0),
    ];
    let drift = terminal::changes_in_order(&teller.view.report.drift);
    let rows = drift.into_iter().map(|one| change(teller, one)).collect();
    let empty = teller.unchanged();
    book.table(x::SHEET_CHANGES.get(lang), &Look::new(&columns, &empty), rows)?;
    Ok(())
}

fn change(teller: &Teller<'_>, drift: &Drift) -> Vec<Cell> {
    let lang = teller.lang;
    let (before, after) = drift.words();
    let identity = &drift.identity;
    let side = |word: Option<_>, none: Phrase| match word {
        Some(word) => Cell::Word(word),
        None => Cell::Text(none.get(lang).to_owned()),
    };
    vec![
        Cell::Text(words::drift_kind(drift.kind).get(lang).to_owned()),
        Cell::Severity(drift.severity),
        Cell::Text(identity.check.to_string()),
        Cell::Text(teller.title(&identity.check)),
        Cell::Text(told::system(&identity.system, lang)),
        Cell::Text(teller.subject(&identity.subject)),
        side(before, w::NOTHING_BEFORE),
        side(after, w::NOTHING_NOW),
        Cell::lines(teller.moved(drift)),
        Cell::Text(words::drift_cause(drift.cause).get(lang).to_owned()),
    ]
}

/// All evidence of the run.
pub(super) fn evidence(book: &mut Book, teller: &Teller<'_>) -> Result<(), XlsxError> {
    let lang = teller.lang;
    let columns = [
        column(w::SUBJECT, 24.0),
        column(w::EVIDENCE_KEY, 26.0),
        column(w::STATE, 28.0),
        times(w::SEEN),
        column(w::RIGHTS, 16.0),
        column(w::COLLECTOR, 16.0),
        column(w::DIGEST, 34.0),
        column(w::CAPTURE, 34.0),
    ];
    let rows = teller.view.records.iter().map(|one| record(teller, one)).collect();
    let look = Look::new(&columns, w::NO_RECORDS.get(lang));
    book.table(x::SHEET_EVIDENCE.get(lang), &look, rows)?;
    Ok(())
}

fn record(teller: &Teller<'_>, one: &EvidenceRecord) -> Vec<Cell> {
    let digest = |digest: Option<anji_model::Digest>| {
        Cell::Text(digest.map(|digest| digest.to_string()).unwrap_or_default())
    };
    let collector = &one.collector;
    vec![
        Cell::Text(teller.subject(&one.subject)),
        Cell::Text(teller.key(&one.key)),
        Cell::lines(teller.state(one)),
        Cell::Time(Some(one.observed_at)),
        Cell::Text(words::privilege(one.privilege).get(teller.lang).to_owned()),
        Cell::Text(format!("{} {}", teller.way(&collector.transport), name(&collector.version))),
        digest(one.body),
        digest(one.capture),
    ]
}
