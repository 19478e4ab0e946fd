//! The text of the document: headings, paragraphs, tables, contents.

use super::xml::Xml;
use crate::words::{self, docx as d};
use anji_model::{Lang, Severity};

/// The width of the text in twentieths of a point: A4 less its margins.
pub(super) const WIDTH: u32 = 9386;

/// A stretch of text in one look.
pub(super) struct Run<'t> {
    text: &'t str,
    style: Option<&'static str>,
}

/// Text as it is.
pub(super) fn plain(text: &str) -> Run<'_> {
    Run { text, style: None }
}

/// Text that stands out.
pub(super) fn strong(text: &str) -> Run<'_> {
    Run { text, style: Some("Strong") }
}

/// Text that must be seen.
pub(super) fn grave(text: &str) -> Run<'_> {
    Run { text, style: Some("Grave") }
}

/// A cell of a table: lines, each with a look.
#[derive(Default)]
pub(super) struct Cell {
    lines: Vec<(String, Option<&'static str>)>,
    fill: Option<&'static str>,
    span: Span,
}

/// Whether a cell reaches over rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Span {
    #[default]
    One,
    /// It goes on below.
    Begins,
    /// It belongs to the cell above.
    Goes,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { lines: vec![(text.into(), None)], fill: None, ..Self::default() }
    }

    pub(super) fn lines(lines: Vec<String>) -> Self {
        Self {
            lines: lines.into_iter().map(|line| (line, None)).collect(),
            fill: None,
            ..Self::default()
        }
    }

    /// Lines, each with whether it is a digest.
    pub(super) fn mixed(lines: Vec<(String, bool)>) -> Self {
        let line = |(text, digest): (String, bool)| (text, digest.then_some("Digest"));
        Self { lines: lines.into_iter().map(line).collect(), fill: None, ..Self::default() }
    }

    pub(super) fn strong(text: impl Into<String>) -> Self {
        Self { lines: vec![(text.into(), Some("Strong"))], fill: None, ..Self::default() }
    }

    pub(super) fn grave(text: impl Into<String>) -> Self {
        Self { lines: vec![(text.into(), Some("Grave"))], fill: None, ..Self::default() }
    }

    pub(super) fn digest(text: impl Into<String>) -> Self {
        Self { lines: vec![(text.into(), Some("Digest"))], fill: None, ..Self::default() }
    }

    /// A severity: its word on a ground that prints apart in grey as well.
    pub(super) fn severity(severity: Severity, word: &str) -> Self {
        let (style, fill) = match severity {
            Severity::Critical => (Some("Grave"), Some("F4B6BC")),
            Severity::High => (Some("Strong"), Some("FADADD")),
            Severity::Medium => (None, Some("FFF2CC")),
            Severity::Low | Severity::Info => (None, None),
        };
        Self { lines: vec![(word.to_owned(), style)], fill, ..Self::default() }
    }

    /// The cell over the rows below it.
    pub(super) fn spanning(self) -> Self {
        Self { span: Span::Begins, ..self }
    }

    /// What goes on from the cell above.
    pub(super) fn above() -> Self {
        Self { span: Span::Goes, ..Self::default() }
    }

    /// With a ground that says what the row is about.
    pub(super) fn label(text: impl Into<String>) -> Self {
        Self { fill: Some("F2F2F2"), ..Self::strong(text) }
    }
}

/// A column: its title and its share of the width.
pub(super) type Column<'t> = (&'t str, u32);

/// A heading that the contents name.
pub(super) struct Heading {
    level: u8,
    text: String,
    anchor: String,
}

/// The text as it is written.
pub(super) struct Body {
    xml: Xml,
    lang: Lang,
    headings: Vec<Heading>,
    bookmarks: u32,
    chapter: u32,
}

impl Body {
    pub(super) fn new(lang: Lang) -> Self {
        Self { xml: Xml::new(), lang, headings: Vec::new(), bookmarks: 0, chapter: 0 }
    }

    pub(super) fn headings(&self) -> &[Heading] {
        &self.headings
    }

    pub(super) fn append(&mut self, other: Self) {
        self.xml.append(other.xml);
    }

    pub(super) fn into_xml(self) -> Xml {
        self.xml
    }

    /// A numbered chapter.
    pub(super) fn chapter(&mut self, title: &str) {
        self.chapter += 1;
        let text = format!("{}  {title}", self.chapter);
        self.heading(1, text);
    }

    /// A section of a chapter, in the contents.
    pub(super) fn section(&mut self, title: String) {
        self.heading(2, title);
    }

    /// A heading that the contents leave out.
    pub(super) fn point(&mut self, title: &str) {
        self.paragraph("Heading3", &[plain(title)]);
    }

    fn heading(&mut self, level: u8, text: String) {
        self.bookmarks += 1;
        let id = self.bookmarks.to_string();
        let anchor = format!("_Toc{:06}", self.bookmarks);
        let style = if level == 1 { "Heading1" } else { "Heading2" };
        self.xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", style));
            xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &anchor)]);
            run(xml, &plain(&text));
            xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
        });
        self.headings.push(Heading { level, text, anchor });
    }

    pub(super) fn paragraph(&mut self, style: &str, runs: &[Run<'_>]) {
        paragraph(&mut self.xml, style, runs);
    }

    /// A paragraph of running text.
    pub(super) fn say(&mut self, text: &str) {
        self.paragraph("Text", &[plain(text)]);
    }

    /// A paragraph that begins with what it is about.
    pub(super) fn labelled(&mut self, label: &str, text: &str) {
        let label = d::LABELLED.fill(self.lang, &[("label", label)]);
        self.paragraph("Text", &[strong(&label), plain(text)]);
    }

    /// A paragraph that is kept together with the table that follows.
    pub(super) fn introduce(&mut self, text: &str) {
        self.paragraph("Intro", &[plain(text)]);
    }

    /// A paragraph whose words before the colon say what it is about.
    pub(super) fn lead(&mut self, text: &str) {
        let colon = words::COLON.get(self.lang).trim_end();
        let end = text.find(colon).map_or(0, |end| end + colon.len());
        let (head, rest) = text.split_at(end);
        self.paragraph("Text", &[strong(head), plain(rest)]);
    }

    /// A numbered list.
    pub(super) fn list(&mut self, items: &[String]) {
        for (place, item) in items.iter().enumerate() {
            self.say(&format!("{}. {item}", place + 1));
        }
    }

    pub(super) fn page_break(&mut self) {
        self.xml.element("w:p", &[], |xml| {
            xml.element("w:r", &[], |xml| xml.empty("w:br", &[("w:type", "page")]));
        });
    }

    /// A table; its header is repeated on every page. Without titles there is
    /// no header.
    pub(super) fn table(&mut self, columns: &[Column<'_>], rows: Vec<Vec<Cell>>) {
        self.table_in("Cell", columns, rows, false);
    }

    /// A table of long rows, which may go on over the end of a page.
    pub(super) fn table_flowing(&mut self, columns: &[Column<'_>], rows: Vec<Vec<Cell>>) {
        self.table_in("Cell", columns, rows, true);
    }

    /// A short table that stays on one page.
    pub(super) fn table_kept(&mut self, columns: &[Column<'_>], rows: Vec<Vec<Cell>>) {
        self.table_in("CellKept", columns, rows, false);
    }

    fn table_in(
        &mut self,
        style: &str,
        columns: &[Column<'_>],
        rows: Vec<Vec<Cell>>,
        splits: bool,
    ) {
        let widths = widths(columns);
        self.xml.element("w:tbl", &[], |xml| {
            table_head(xml, &widths);
            if columns.iter().any(|(title, _)| !title.is_empty()) {
                row(xml, &widths, &["w:cantSplit", "w:tblHeader"], |xml, place| {
                    paragraph(xml, "CellHead", &[plain(columns[place].0)]);
                    (Some("D9E2F3"), Span::One)
                });
            }
            let marks: &[&str] = if splits { &[] } else { &["w:cantSplit"] };
            for cells in &rows {
                row(xml, &widths, marks, |xml, place| {
                    let cell = &cells[place];
                    for (text, look) in &cell.lines {
                        paragraph(xml, style, &[Run { text, style: *look }]);
                    }
                    if cell.lines.is_empty() {
                        paragraph(xml, style, &[]);
                    }
                    (cell.fill, cell.span)
                });
            }
        });
        // Two tables without text between them would become one.
        self.paragraph("Gap", &[]);
    }

    /// What is said where a list was cut.
    pub(super) fn more(&mut self, rest: usize) {
        if rest > 0 {
            let text = d::MORE_IN_SHEET.plain(self.lang, rest as u64, &[]);
            self.paragraph("Note", &[strong(&text)]);
        }
    }

    /// The contents: a field with its entries there already, each leading to
    /// its place. On which page that is only a word processor knows; how to
    /// have it filled in stands inside the field, and goes when that is done.
    pub(super) fn contents(&mut self, headings: &[Heading]) {
        self.paragraph("TOCHeading", &[plain(d::CONTENTS.get(self.lang))]);
        for (place, heading) in headings.iter().enumerate() {
            let style = if heading.level == 1 { "TOC1" } else { "TOC2" };
            self.xml.element("w:p", &[], |xml| {
                xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", style));
                if place == 0 {
                    field_begin(xml, r#" TOC \o "1-2" \h \z \u "#);
                }
                let link = [("w:anchor", heading.anchor.as_str()), ("w:history", "1")];
                xml.element("w:hyperlink", &link, |xml| run(xml, &plain(&heading.text)));
            });
        }
        let hint = d::CONTENTS_HINT.get(self.lang);
        self.xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", "Note"));
            run(xml, &plain(hint));
            field_end(xml);
        });
        self.page_break();
    }
}

/// The widths of columns from their shares.
fn widths(columns: &[Column<'_>]) -> Vec<String> {
    let all: u32 = columns.iter().map(|(_, share)| share).sum();
    columns.iter().map(|(_, share)| (WIDTH * share / all.max(1)).to_string()).collect()
}

fn table_head(xml: &mut Xml, widths: &[String]) {
    xml.element("w:tblPr", &[], |xml| {
        xml.value("w:tblStyle", "TableGrid");
        xml.empty("w:tblW", &[("w:w", "5000"), ("w:type", "pct")]);
        xml.empty("w:tblLayout", &[("w:type", "fixed")]);
    });
    xml.element("w:tblGrid", &[], |xml| {
        for width in widths {
            xml.empty("w:gridCol", &[("w:w", width)]);
        }
    });
}

/// One row with its marks; `cell` writes the paragraphs of a column and gives
/// its ground and span.
fn row(
    xml: &mut Xml,
    widths: &[String],
    marks: &[&str],
    cell: impl Fn(&mut Xml, usize) -> (Option<&'static str>, Span),
) {
    xml.element("w:tr", &[], |xml| {
        xml.element("w:trPr", &[], |xml| {
            marks.iter().for_each(|mark| xml.empty(mark, &[]));
        });
        for (place, width) in widths.iter().enumerate() {
            let mut inside = Xml::new();
            let (fill, span) = cell(&mut inside, place);
            xml.element("w:tc", &[], |xml| {
                xml.element("w:tcPr", &[], |xml| {
                    xml.empty("w:tcW", &[("w:w", width), ("w:type", "dxa")]);
                    match span {
                        Span::One => {}
                        Span::Begins => xml.value("w:vMerge", "restart"),
                        Span::Goes => xml.value("w:vMerge", "continue"),
                    }
                    if let Some(fill) = fill {
                        let ground = [("w:val", "clear"), ("w:color", "auto"), ("w:fill", fill)];
                        xml.empty("w:shd", &ground);
                    }
                });
                xml.append(inside);
            });
        }
    });
}

/// A paragraph in a style.
pub(super) fn paragraph(xml: &mut Xml, style: &str, runs: &[Run<'_>]) {
    xml.element("w:p", &[], |xml| {
        xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", style));
        for one in runs {
            run(xml, one);
        }
    });
}

/// A stretch of text.
pub(super) fn run(xml: &mut Xml, run: &Run<'_>) {
    xml.element("w:r", &[], |xml| {
        if let Some(style) = run.style {
            xml.element("w:rPr", &[], |xml| xml.value("w:rStyle", style));
        }
        xml.leaf("w:t", &[("xml:space", "preserve")], run.text);
    });
}

/// A field with the text that it shows until it is computed.
pub(super) fn field(xml: &mut Xml, code: &str, shown: &str) {
    field_begin(xml, code);
    run(xml, &plain(shown));
    field_end(xml);
}

fn field_begin(xml: &mut Xml, code: &str) {
    let mark = |xml: &mut Xml, kind| {
        xml.element("w:r", &[], |xml| xml.empty("w:fldChar", &[("w:fldCharType", kind)]));
    };
    mark(xml, "begin");
    xml.element("w:r", &[], |xml| {
        xml.leaf("w:instrText", &[("xml:space", "preserve")], code);
    });
    mark(xml, "separate");
}

fn field_end(xml: &mut Xml) {
    xml.element("w:r", &[], |xml| xml.empty("w:fldChar", &[("w:fldCharType", "end")]));
}
