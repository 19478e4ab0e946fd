//! The workbook: its formats, and tables with a header that stays in sight.

use super::names::Names;
use crate::escape;
use crate::style::Style;
use crate::words::{self, Phrase, office as w, xlsx as x};
use anji_model::{Lang, RawResult, Severity};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook,
    Worksheet, XlsxError,
};

/// The rows of a sheet under its header; Excel has 1,048,576 in all.
const ROWS_MAX: usize = 1_048_575;
/// Paper sizes of Excel.
pub(super) const A4: u8 = 9;
pub(super) const A3: u8 = 8;
/// The most UTF-16 units of a cell.
const UNITS_MAX: usize = 32_767;

/// A column of a table.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) title: Phrase,
    /// In characters.
    pub(super) width: f64,
    /// Whether it holds times, whose zone the title has to name.
    pub(super) zoned: bool,
}

impl Column {
    /// The columns of text that a line holds, less its padding.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and positive"
    )]
    fn room(self) -> usize {
        (self.width as usize).saturating_sub(1).max(2)
    }
}

/// How a table is laid out.
pub(super) struct Look<'a> {
    pub(super) columns: &'a [Column],
    /// Columns that stay in sight.
    pub(super) frozen: u16,
    pub(super) paper: u8,
    /// What is said where there is no row.
    pub(super) empty: &'a str,
    /// Rows of one sheet.
    rows_max: usize,
}

impl<'a> Look<'a> {
    pub(super) fn new(columns: &'a [Column], empty: &'a str) -> Self {
        Self { columns, frozen: 0, paper: A4, empty, rows_max: ROWS_MAX }
    }
}

/// A cell of a table.
pub(super) enum Cell {
    /// Text that may come from evidence.
    Text(String),
    Severity(Severity),
    Word(RawResult),
    Count(u64),
    /// A time that can be sorted and filtered by.
    Time(Option<Timestamp>),
    /// For the reader to fill in.
    Blank,
    /// For the reader to fill in with a date.
    Day,
    /// The name of a sheet, which leads there.
    Link(String),
}

impl Cell {
    /// Lines of one cell.
    pub(super) fn lines(lines: Vec<String>) -> Self {
        Self::Text(lines.join("\n"))
    }
}

/// The looks of cells.
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) section: Format,
    pub(super) label: Format,
    pub(super) value: Format,
    pub(super) grave: Format,
    pub(super) note: Format,
    empty: Format,
    pub(super) head: Format,
    pub(super) text: Format,
    pub(super) count: Format,
    pub(super) total: Format,
    pub(super) blank: Format,
    pub(super) day: Format,
    time: Format,
    pub(super) link: Format,
    severities: [Format; 5],
    words: [Format; 4],
}

impl Formats {
    fn new(plain: &Format) -> Self {
        let body = plain
            .clone()
            .set_align(FormatAlign::Top)
            .set_text_wrap()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xBF_BF_BF));
        let mid = body.clone().set_align(FormatAlign::Center);
        let filled = |ground: u32, ink: u32| {
            mid.clone().set_background_color(Color::RGB(ground)).set_font_color(Color::RGB(ink))
        };
        let ink = |ink: u32| mid.clone().set_font_color(Color::RGB(ink));
        Self {
            title: plain.clone().set_bold().set_font_size(16),
            section: plain.clone().set_bold().set_font_size(12),
            label: body.clone().set_bold().set_background_color(Color::RGB(0xF2_F2_F2)),
            value: body.clone().set_quote_prefix(),
            grave: body
                .clone()
                .set_bold()
                .set_font_color(Color::RGB(0x9C_00_06))
                .set_quote_prefix(),
            empty: plain.clone(),
            note: plain.clone().set_text_wrap().set_align(FormatAlign::Top),
            head: body
                .clone()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x1F_4E_79)),
            text: body.clone().set_quote_prefix(),
            count: body.clone().set_align(FormatAlign::Right).set_num_format("#,##0"),
            total: body.clone().set_bold().set_align(FormatAlign::Right).set_num_format("#,##0"),
            blank: body.clone(),
            day: body.clone().set_num_format("yyyy-mm-dd"),
            time: body.clone().set_align(FormatAlign::Left).set_num_format("yyyy-mm-dd hh:mm:ss"),
            link: body.set_font_color(Color::RGB(0x05_63_C1)),
            severities: [
                mid.clone(),
                filled(0xDD_EB_F7, 0x1F_3F_5F),
                filled(0xFF_EB_9C, 0x5F_45_00),
                filled(0xFF_DD_E1, 0x7A_00_05),
                filled(0xF2_A3_AB, 0x5E_00_04).set_bold(),
            ],
            words: [ink(0x1E_6B_2E), ink(0x9C_00_06).set_bold(), ink(0x7F_4F_00).set_bold(), mid],
        }
    }

    fn severity(&self, severity: Severity) -> &Format {
        &self.severities[severity as usize]
    }

    fn word(&self, word: RawResult) -> &Format {
        match word {
            RawResult::Pass | RawResult::Fixed => &self.words[0],
            RawResult::Fail => &self.words[1],
            RawResult::Unknown | RawResult::Error => &self.words[2],
            _ => &self.words[3],
        }
    }
}

/// The workbook that is being written.
pub(super) struct Book {
    workbook: Workbook,
    pub(super) formats: Formats,
    pub(super) names: Names,
    pub(super) lang: Lang,
    zone: TimeZone,
    /// What the zone is called in titles.
    zone_name: String,
    footer: String,
}

impl Book {
    /// An empty workbook with its fixed names taken.
    pub(super) fn new(
        style: &Style,
        made_at: Timestamp,
        footer: String,
    ) -> Result<Self, XlsxError> {
        let (lang, zone) = (style.lang, style.zone.clone());
        let mut workbook = Workbook::new();
        let family = if lang == Lang::Zh { "Microsoft YaHei" } else { "Calibri" };
        let plain = Format::new().set_font_name(family).set_font_size(10);
        workbook.set_default_format(&plain, 20, 64)?;
        // A clock before 1900 or after 9999 leaves a date that says nothing.
        let made = ExcelDateTime::from_timestamp(made_at.as_second())
            .or_else(|_| ExcelDateTime::from_timestamp(0))?;
        let properties = DocProperties::new()
            .set_title(w::TITLE.get(lang))
            .set_author(w::PRODUCT.get(lang))
            .set_creation_datetime(&made);
        workbook.set_properties(&properties);
        let names = Names::new(x::FIXED.map(|name| name.get(lang)));
        let formats = Formats::new(&plain);
        let offset = || made_at.to_zoned_datetime(zone.clone()).strftime("%:z").to_string();
        let zone_name = zone.iana_name().map_or_else(offset, str::to_owned);
        Ok(Self { workbook, formats, names, lang, zone, zone_name, footer })
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer()
    }

    /// A new sheet, set up for print.
    pub(super) fn sheet(&mut self, name: &str, paper: u8) -> Result<&mut Worksheet, XlsxError> {
        let sheet = self.workbook.add_worksheet().set_name(name)?;
        sheet.set_paper_size(paper).set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_header("&C&A").set_footer(&self.footer);
        Ok(sheet)
    }

    /// A table with a header that stays in sight and filters. More rows than a
    /// sheet holds go on in the next. Where there are none, `empty` says so.
    /// Gives the sheets with the last row of each.
    pub(super) fn table(
        &mut self,
        name: &str,
        look: &Look<'_>,
        rows: Vec<Vec<Cell>>,
    ) -> Result<Vec<(String, u32)>, XlsxError> {
        let mut written = Vec::new();
        let mut rows = rows.into_iter().peekable();
        let mut next = name.to_owned();
        loop {
            let part: Vec<_> = rows.by_ref().take(look.rows_max).collect();
            let last = self.one_sheet(&next, look, part)?;
            written.push((next, last));
            if rows.peek().is_none() {
                return Ok(written);
            }
            next = self.names.take(name, name);
        }
    }

    fn one_sheet(
        &mut self,
        name: &str,
        look: &Look<'_>,
        rows: Vec<Vec<Cell>>,
    ) -> Result<u32, XlsxError> {
        let lang = self.lang;
        self.sheet(name, look.paper)?;
        let Self { workbook, formats, zone, zone_name, .. } = self;
        let sheet = workbook.worksheet_from_name(name)?;
        let last_column = u16::try_from(look.columns.len() - 1).unwrap_or(u16::MAX);
        sheet.set_freeze_panes(1, look.frozen)?.set_repeat_rows(0, 0)?.set_row_height(0, 24)?;
        for (place, column) in (0..).zip(look.columns) {
            sheet.set_column_width(place, column.width)?;
            let mut title = column.title.get(lang).to_owned();
            if column.zoned {
                let values = [("text", title.as_str()), ("aside", zone_name.as_str())];
                title = words::ASIDE.fill(lang, &values);
            }
            sheet.write_string_with_format(0, place, title, &formats.head)?;
        }
        let last = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        sheet.autofilter(0, 0, last, last_column)?;
        if rows.is_empty() {
            sheet.write_string_with_format(1, 0, look.empty, &formats.empty)?;
        }
        for (row, cells) in (1..).zip(rows) {
            sheet.set_row_height(row, height(look.columns, &cells, lang))?;
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Time(at) => time(sheet, formats, (row, column), at, zone)?,
                    cell => write(sheet, formats, lang, row, column, cell)?,
                }
            }
        }
        Ok(last)
    }

    /// The sheet of that name, to be written to further.
    pub(super) fn again(&mut self, name: &str) -> Result<(&mut Worksheet, &Formats), XlsxError> {
        Ok((self.workbook.worksheet_from_name(name)?, &self.formats))
    }
}

/// The height of a row in points. Excel finds it by itself, other programs do
/// not; 409 is the most that a row can have.
fn height(columns: &[Column], cells: &[Cell], lang: Lang) -> f64 {
    let lines_of = |(column, cell): (&Column, &Cell)| match cell {
        Cell::Text(text) => lines(text, column.room()),
        _ => 1,
    };
    let lines = columns.iter().zip(cells).map(lines_of).max().unwrap_or(1);
    let line = if lang == Lang::Zh { 15.0 } else { 13.5 };
    (f64::from(u16::try_from(lines).unwrap_or(u16::MAX)) * line + 2.0).min(409.0)
}

/// How many lines a text takes where each holds `room` columns. Lines break at
/// blanks and around wide characters; a word that is too long is cut.
pub(super) fn lines(text: &str, room: usize) -> usize {
    let of_line = |line: &str| {
        let (mut lines, mut used, mut word) = (1, 0, 0);
        for c in line.chars() {
            let width = escape::columns_of(c);
            word = if c == ' ' || width > 1 { 0 } else { word + width };
            used += width;
            if used > room {
                lines += 1;
                // The word goes along, unless it fills the line by itself.
                used = if word > 0 && word < room { word } else { width };
                word = word.min(used);
            }
        }
        lines
    };
    text.split('\n').map(of_line).sum()
}

/// Writes one cell of a table.
fn write(
    sheet: &mut Worksheet,
    formats: &Formats,
    lang: Lang,
    row: u32,
    column: u16,
    cell: Cell,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, fitting(text), &formats.text)?
        }
        Cell::Severity(severity) => {
            let word = words::severity(severity).get(lang);
            sheet.write_string_with_format(row, column, word, formats.severity(severity))?
        }
        Cell::Word(raw) => {
            let word = words::raw(raw).get(lang);
            sheet.write_string_with_format(row, column, word, formats.word(raw))?
        }
        Cell::Count(count) => number(sheet, row, column, count, &formats.count)?,
        Cell::Time(_) | Cell::Blank => sheet.write_blank(row, column, &formats.blank)?,
        Cell::Day => sheet.write_blank(row, column, &formats.day)?,
        Cell::Link(name) => link(sheet, formats, row, column, &name)?,
    };
    Ok(())
}

/// An instant as a date with the time of day in `zone`. Excel knows the years
/// 1900 to 9999; what lies outside stands as text.
fn time(
    sheet: &mut Worksheet,
    formats: &Formats,
    (row, column): (u32, u16),
    at: Option<Timestamp>,
    zone: &TimeZone,
) -> Result<(), XlsxError> {
    let Some(at) = at else {
        sheet.write_blank(row, column, &formats.blank)?;
        return Ok(());
    };
    let local = at.to_zoned_datetime(zone.clone()).datetime();
    let parts = || {
        let year = u16::try_from(local.year()).ok()?;
        let [month, day, minute, second] =
            [local.month(), local.day(), local.minute(), local.second()]
                .map(|part| u8::try_from(part).unwrap_or_default());
        let hour = u16::try_from(local.hour()).ok()?;
        ExcelDateTime::from_ymd(year, month, day).ok()?.and_hms(hour, minute, second).ok()
    };
    match parts() {
        Some(when) => sheet.write_datetime_with_format(row, column, when, &formats.time)?,
        None => sheet.write_string_with_format(row, column, local.to_string(), &formats.text)?,
    };
    Ok(())
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "no sheet counts beyond 2^53")]
pub(super) fn number<'s>(
    sheet: &'s mut Worksheet,
    row: u32,
    column: u16,
    count: u64,
    format: &Format,
) -> Result<&'s mut Worksheet, XlsxError> {
    sheet.write_number_with_format(row, column, count as f64, format)
}

/// The name of a sheet, leading there.
pub(super) fn link<'s>(
    sheet: &'s mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    name: &str,
) -> Result<&'s mut Worksheet, XlsxError> {
    let url = Url::new(format!("internal:'{name}'!A1")).set_text(name);
    sheet.write_url_with_format(row, column, url, &formats.link)
}

/// The text within what a cell takes. Cells are far shorter by their making;
/// this holds whatever is added to them.
pub(super) fn fitting(text: String) -> String {
    if text.len() <= UNITS_MAX {
        return text;
    }
    let mut units = 1;
    let fits = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= UNITS_MAX
    });
    let kept: String = fits.collect();
    if kept.len() == text.len() { kept } else { kept + "…" }
}

#[cfg(test)]
mod tests;
