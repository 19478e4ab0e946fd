//! `anji lint`: problems as a compiler marks them.

use super::parts;
use crate::escape;
use crate::layout::{Page, Paint, span, text};
use crate::style::Style;
use crate::view::LintView;
use crate::words;
use anji_model::{Diagnostic, RawResult};
use std::collections::BTreeSet;

/// `anji lint`: every problem with file, line and column, the marked text and
/// what would be right; then how many there are.
pub fn lint(view: &LintView, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    for diagnostic in &view.diagnostics {
        problem(&mut page, diagnostic);
    }
    page.blank();
    if view.diagnostics.is_empty() {
        let (symbol, paint) = words::symbol(RawResult::Pass, style.ascii);
        let files = words::FILES.get(lang, view.files);
        let checks = words::CHECKS.get(lang, view.checks);
        let line = words::LINT_CLEAN.fill(lang, &[("files", &files), ("checks", &checks)]);
        page.wrap(0, 2, &[span(format!("{symbol} "), paint), text(line)]);
    } else {
        let (symbol, paint) = words::symbol(RawResult::Fail, style.ascii);
        let files: BTreeSet<&str> = view.diagnostics.iter().map(|d| d.file.as_str()).collect();
        let files = words::FILES.get(lang, files.len() as u64);
        let problems = words::PROBLEMS.get(lang, view.diagnostics.len() as u64);
        let line = words::LINT_SUMMARY.fill(lang, &[("problems", &problems), ("files", &files)]);
        page.wrap(0, 2, &[span(format!("{symbol} "), paint), text(line)]);
    }
    page.finish()
}

/// Problems in an expression, each with its mark and what would be right.
pub fn problems(diagnostics: &[Diagnostic], style: &Style) -> String {
    let mut page = Page::new(style);
    diagnostics.iter().for_each(|diagnostic| problem(&mut page, diagnostic));
    page.finish()
}

fn problem(page: &mut Page<'_>, diagnostic: &Diagnostic) {
    let lang = page.style.lang;
    page.blank();
    let title = [
        span(words::LINT_ERROR.get(lang), Paint::Grave),
        span(format!("[{}]", parts::value(&diagnostic.code)), Paint::Grave),
        span(words::COLON.get(lang), Paint::Strong),
        span(diagnostic.message.get(lang), Paint::Strong),
    ];
    page.wrap(0, 2, &title);
    let number = diagnostic.line.to_string();
    let gutter = number.len();
    let place = format!("{}:{}:{}", diagnostic.file, diagnostic.line, diagnostic.column);
    let bar = |left: &str| span(format!("{left:>gutter$} | "), Paint::Dim);
    page.wrap(gutter, gutter + 4, &[span("--> ", Paint::Dim), text(place)]);
    if !diagnostic.line_text.trim().is_empty() {
        let room = page.style.columns().saturating_sub(gutter + 3).max(8);
        let marked = marked(diagnostic, room, page.style.ellipsis());
        page.cut(0, &[bar("")]);
        page.cut(0, &[bar(&number), text(marked.line)]);
        let carets = "^".repeat(marked.columns);
        let indent = " ".repeat(marked.before);
        page.cut(0, &[bar(""), text(indent), span(carets, Paint::Bad)]);
    }
    if let Some(help) = &diagnostic.help {
        let help = words::LINT_HELP.fill(lang, &[("text", help.get(lang))]);
        page.wrap(gutter + 1, gutter + 3, &[span("= ", Paint::Dim), text(help)]);
    }
}

/// The line, or the part of it around the mark, and where the mark stands.
struct Marked {
    line: String,
    before: usize,
    columns: usize,
}

fn marked(diagnostic: &Diagnostic, room: usize, ellipsis: &str) -> Marked {
    // A tab is one blank here, so that the marks stand right under any tab width.
    let cells: Vec<String> =
        diagnostic
            .line_text
            .chars()
            .map(|c| {
                if c == '\t' {
                    " ".to_owned()
                } else {
                    escape::printable(c.encode_utf8(&mut [0; 4]))
                }
            })
            .collect();
    let start = diagnostic.column.saturating_sub(1).min(cells.len());
    let end = start.saturating_add(diagnostic.length.max(1)).min(cells.len()).max(start);
    let columns = |cells: &[String]| cells.iter().map(|cell| escape::columns(cell)).sum::<usize>();
    let mut first = 0;
    let mut lead = String::new();
    if columns(&cells) > room && columns(&cells[..start]) > room / 3 {
        // A third of the room stays for what stands before the mark.
        while columns(&cells[first..start]) > room / 3 {
            first += 1;
        }
        ellipsis.clone_into(&mut lead);
    }
    let before = escape::columns(&lead) + columns(&cells[first..start]);
    let marks = columns(&cells[start..end]).max(1).min(room.saturating_sub(before).max(1));
    Marked { line: lead + &cells[first..].concat(), before, columns: marks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_model::Text;

    fn mark(line_text: &str, column: usize, length: usize, room: usize) -> (String, String) {
        let message = Text { zh: String::new(), en: String::new() };
        let diagnostic = Diagnostic {
            code: String::new(),
            file: String::new(),
            line: 1,
            column,
            length,
            line_text: line_text.to_owned(),
            message,
            help: None,
        };
        let marked = marked(&diagnostic, room, "…");
        (marked.line, " ".repeat(marked.before) + &"^".repeat(marked.columns))
    }

    #[test]
    fn marks_stand_under_wide_and_escaped_characters() {
        let (line, marks) = mark("zh: 空口令", 5, 3, 60);
        assert_eq!((line.as_str(), marks.as_str()), ("zh: 空口令", "    ^^^^^^"));
        let (line, marks) = mark("\t\u{1b}x: 1", 3, 1, 60);
        assert_eq!((line.as_str(), marks.as_str()), (" \\x1bx: 1", "     ^"));
    }

    #[test]
    fn marks_outside_the_line_do_no_harm() {
        assert_eq!(mark("ab", 99, 50, 20), ("ab".to_owned(), "  ^".to_owned()));
        assert_eq!(mark("", 0, 0, 20), (String::new(), "^".to_owned()));
        let (line, marks) = mark(&"y".repeat(500), usize::MAX, usize::MAX, 20);
        assert!(line.starts_with('…') && marks.len() <= 20);
    }
}
