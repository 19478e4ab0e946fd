//! The first sheet: what the run is, what stands, and where to find the rest.

use super::book::{A4, Book, Formats, fitting, lines, link, number};
use super::subjects::{Plan, SUBJECTS_MAX};
use crate::office::{Kind, Teller, facts, steps};
use crate::words::{self, grouped, office as w, xlsx as x};
use anji_model::{RawResult, Severity};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// The first column, and each of the others, in characters.
const LABEL_WIDTH: f64 = 26.0;
const LABEL: usize = 25;
const WIDTH: f64 = 13.0;
/// The last column: one for each severity and one for all.
const LAST: u16 = 6;
/// Columns of text that a merged line holds; a little less than there are, so
/// that fonts which run wider still fit.
const LINE: usize = 72;
const ALL_LINE: usize = 96;
/// Sheets of subjects that the first sheet names.
const NAMED_MAX: usize = 30;

const SEVERITIES: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// Writes the sheet.
pub(super) fn write(
    book: &mut Book,
    teller: &Teller<'_>,
    plan: &Plan<'_>,
) -> Result<(), XlsxError> {
    let lang = teller.lang;
    let name = x::SHEET_SUMMARY.get(lang);
    book.sheet(name, A4)?;
    let (sheet, formats) = book.again(name)?;
    sheet.set_portrait();
    sheet.set_column_width(0, LABEL_WIDTH)?;
    for column in 1..=LAST {
        sheet.set_column_width(column, WIDTH)?;
    }
    let mut page = Page { sheet, formats, row: 0 };
    page.title(w::TITLE.get(lang))?;
    for fact in facts(teller) {
        page.pair(fact.label.get(lang), fact.value, fact.kind == Kind::Grave)?;
    }
    page.section(x::COUNTS.get(lang))?;
    counts(&mut page, teller)?;
    let next = steps(teller);
    if !next.is_empty() {
        page.section(w::NEXT.get(lang))?;
        for (place, step) in next.into_iter().enumerate() {
            page.line(format!("{}. {step}", place + 1))?;
        }
    }
    page.section(x::SHEETS.get(lang))?;
    sheets(&mut page, teller, plan)?;
    page.section(x::NOTES.get(lang))?;
    for note in [x::NOTE_UNKNOWN, x::NOTE_CLAUSES, x::NOTE_TEXT, x::NOTE_CSV] {
        page.line(note.get(lang).to_owned())?;
    }
    if let Some((count, rest)) = plan.rest() {
        let values = [("max", grouped(SUBJECTS_MAX)), ("sheet", rest.to_owned())];
        let values: Vec<_> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        page.line(x::NOTE_SHEETS.plain(lang, count, &values))?;
    }
    Ok(())
}

fn counts(page: &mut Page<'_>, teller: &Teller<'_>) -> Result<(), XlsxError> {
    let lang = teller.lang;
    let mut table = [[0u64; 5]; 9];
    for one in &teller.view.report.assessment.results {
        table[one.raw as usize][one.severity as usize] += 1;
    }
    page.put(0, w::RESULT.get(lang), |f| &f.head)?;
    for (column, severity) in (1..).zip(SEVERITIES) {
        page.put(column, words::severity(severity).get(lang), |f| &f.head)?;
    }
    page.put(LAST, w::TOTAL.get(lang), |f| &f.head)?;
    page.row += 1;
    // The four that are always told, and whatever else there is.
    let always = [RawResult::Pass, RawResult::Fail, RawResult::Error, RawResult::Unknown];
    for raw in RawResult::ALL {
        let counts = table[raw as usize];
        let total: u64 = counts.iter().sum();
        if total > 0 || always.contains(&raw) {
            page.counts(words::raw(raw).get(lang), counts, total)?;
        }
    }
    let of_all = |level: usize| table.iter().map(|counts| counts[level]).sum();
    let all: [u64; 5] = std::array::from_fn(of_all);
    page.counts(w::TOTAL.get(lang), all, all.iter().sum())
}

/// The other sheets with what they hold.
fn sheets(page: &mut Page<'_>, teller: &Teller<'_>, plan: &Plan<'_>) -> Result<(), XlsxError> {
    let lang = teller.lang;
    let mut all = vec![
        (x::SHEET_LIST.get(lang), x::ABOUT_LIST),
        (x::SHEET_CHANGES.get(lang), x::ABOUT_CHANGES),
        (x::SHEET_EVIDENCE.get(lang), x::ABOUT_EVIDENCE),
    ];
    if plan.has_overview() {
        all.insert(2, (x::SHEET_SUBJECTS.get(lang), x::ABOUT_SUBJECTS));
    }
    // Many are found from the overview.
    if plan.own().count() <= NAMED_MAX {
        all.extend(plan.own().map(|name| (name, x::ABOUT_SUBJECT)));
    }
    all.extend(plan.rest().map(|(_, name)| (name, x::ABOUT_REST)));
    for (name, about) in all {
        link(page.sheet, page.formats, page.row, 0, name)?;
        page.merged(1, about.get(lang).to_owned(), lines(name, LABEL), |f| &f.value)?;
    }
    Ok(())
}

/// The sheet, written from the top down.
struct Page<'b> {
    sheet: &'b mut Worksheet,
    formats: &'b Formats,
    row: u32,
}

impl Page<'_> {
    fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 30)?;
        self.put(0, text, |f| &f.title)?;
        self.row += 1;
        Ok(())
    }

    fn section(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.set_row_height(self.row, 20)?;
        self.put(0, text, |f| &f.section)?;
        self.row += 1;
        Ok(())
    }

    fn put(&mut self, column: u16, text: &str, format: Choice) -> Result<(), XlsxError> {
        let format = format(self.formats);
        self.sheet.write_string_with_format(self.row, column, text, format)?;
        Ok(())
    }

    fn pair(&mut self, label: &str, value: String, grave: bool) -> Result<(), XlsxError> {
        self.put(0, label, |f| &f.label)?;
        self.merged(1, value, lines(label, LABEL), if grave { |f| &f.grave } else { |f| &f.value })
    }

    /// A sentence over the whole width.
    fn line(&mut self, text: String) -> Result<(), XlsxError> {
        self.merged(0, text, 1, |f| &f.note)
    }

    /// Text from `first` to the last column. Merged cells do not grow by
    /// themselves, so that the row gets the height that the text needs, or
    /// the lines of the cell beside it.
    fn merged(
        &mut self,
        first: u16,
        text: String,
        beside: usize,
        format: Choice,
    ) -> Result<(), XlsxError> {
        let text = fitting(text);
        let room = if first == 0 { ALL_LINE } else { LINE };
        let lines = lines(&text, room).max(beside).min(25);
        let height = u16::try_from(lines).unwrap_or(25) * 15 + 3;
        self.sheet.set_row_height(self.row, height)?;
        self.sheet.merge_range(self.row, first, self.row, LAST, &text, format(self.formats))?;
        self.row += 1;
        Ok(())
    }

    fn counts(&mut self, word: &str, counts: [u64; 5], total: u64) -> Result<(), XlsxError> {
        self.put(0, word, |f| &f.label)?;
        for (column, severity) in (1..).zip(SEVERITIES) {
            let count = counts[severity as usize];
            number(self.sheet, self.row, column, count, &self.formats.count)?;
        }
        number(self.sheet, self.row, LAST, total, &self.formats.total)?;
        self.row += 1;
        Ok(())
    }
}

/// The look of a cell.
type Choice = fn(&Formats) -> &Format;
