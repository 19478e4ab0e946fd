//! Lines of a page: wrapping and cutting by display columns, and colour.

use crate::escape;
use crate::style::Style;
use anstyle::{AnsiColor, Effects};

/// The most characters of one span that are laid out.
const SPAN_MAX: usize = 2000;

/// What a piece of text is, for the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// Text.
    Plain,
    /// A heading, an id.
    Strong,
    /// Context.
    Dim,
    /// It does not hold.
    Bad,
    /// It does not hold, and that is grave.
    Grave,
    /// Middling.
    Warn,
    /// It holds.
    Good,
    /// It is not known.
    Unsure,
    /// A command to type.
    Command,
}

impl Paint {
    fn style(self) -> anstyle::Style {
        let color = |color: AnsiColor| anstyle::Style::new().fg_color(Some(color.into()));
        match self {
            Self::Plain => anstyle::Style::new(),
            Self::Strong => anstyle::Style::new().effects(Effects::BOLD),
            Self::Dim => anstyle::Style::new().effects(Effects::DIMMED),
            Self::Bad => color(AnsiColor::Red),
            Self::Grave => color(AnsiColor::Red).effects(Effects::BOLD),
            Self::Warn => color(AnsiColor::Yellow),
            Self::Good => color(AnsiColor::Green),
            Self::Unsure => color(AnsiColor::Magenta),
            Self::Command => color(AnsiColor::Cyan),
        }
    }
}

/// A piece of a line.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    text: String,
    paint: Paint,
    /// Kept on one line where it fits on one.
    glued: bool,
}

/// Text of any kind, painted.
pub(crate) fn span(text: impl Into<String>, paint: Paint) -> Span {
    Span { text: text.into(), paint, glued: false }
}

/// Plain text.
pub(crate) fn text(text: impl Into<String>) -> Span {
    span(text, Paint::Plain)
}

/// A command, kept on one line where it fits.
pub(crate) fn command(text: impl Into<String>) -> Span {
    glued(text, Paint::Command)
}

/// Text that is kept on one line where it fits.
pub(crate) fn glued(text: impl Into<String>, paint: Paint) -> Span {
    Span { text: text.into(), paint, glued: true }
}

type Cell = (char, Paint);

/// What is never torn apart while it fits on a line.
#[derive(Debug, Default)]
struct Atom {
    cells: Vec<Cell>,
    blanks_before: usize,
    glued: bool,
}

/// A text under construction.
pub(crate) struct Page<'a> {
    pub(crate) style: &'a Style,
    out: String,
}

impl<'a> Page<'a> {
    pub(crate) fn new(style: &'a Style) -> Self {
        Self { style, out: String::new() }
    }

    /// The text so far.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// The text without its last newline, for single lines.
    pub(crate) fn finish_line(mut self) -> String {
        self.out.truncate(self.out.trim_end_matches('\n').len());
        self.out
    }

    /// An empty line, unless the page is empty or ends with one.
    pub(crate) fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A heading after an empty line.
    pub(crate) fn heading(&mut self, title: &str) {
        self.blank();
        self.wrap(0, 0, &[span(title, Paint::Strong)]);
    }

    /// Spans as one paragraph: the first line begins at column `first`,
    /// every other one at `rest`, or at the middle of the page if that is nearer.
    pub(crate) fn wrap(&mut self, first: usize, rest: usize, spans: &[Span]) {
        let width = self.style.columns();
        let (first, rest) = (first.min(width / 2), rest.min(width / 2));
        let mut line: Vec<Cell> = blanks(first);
        let mut used = first;
        let mut fresh = true;
        let mut pending = atoms(spans, self.style.ascii);
        pending.reverse();
        while let Some(atom) = pending.pop() {
            let wide = cells_columns(&atom.cells);
            let gap = if fresh { 0 } else { atom.blanks_before };
            if used + gap + wide <= width {
                line.extend(blanks(gap));
                line.extend(atom.cells);
                used += gap + wide;
                fresh = false;
            } else if wide > width - rest {
                // Too long for any line: torn where it can be, then anywhere.
                pending.extend(torn(atom, width.saturating_sub(used + gap), width - rest));
                if !fits(pending.last(), width, used, fresh) {
                    self.emit(&line);
                    (line, used, fresh) = (blanks(rest), rest, true);
                }
            } else {
                self.emit(&line);
                pending.push(atom);
                (line, used, fresh) = (blanks(rest), rest, true);
            }
        }
        self.emit(&line);
    }

    /// Spans on one line, cut with an ellipsis where the page ends.
    pub(crate) fn cut(&mut self, indent: usize, spans: &[Span]) {
        let width = self.style.columns();
        let mut line = blanks(indent);
        line.extend(cells(spans, self.style.ascii).map(|(cell, _)| cell));
        if cells_columns(&line) > width {
            let mark = self.style.ellipsis();
            let room = width - escape::columns(mark);
            let mut used = 0;
            let fits = line.iter().take_while(|(c, _)| {
                used += escape::columns_of(*c);
                used <= room
            });
            let keep = fits.count();
            line.truncate(keep);
            line.extend(mark.chars().map(|c| (c, Paint::Dim)));
        }
        self.emit(&line);
    }

    fn emit(&mut self, line: &[Cell]) {
        let end = line.iter().rposition(|(c, _)| *c != ' ').map_or(0, |last| last + 1);
        let mut rest = &line[..end];
        while let Some((_, paint)) = rest.first() {
            let run = rest.iter().take_while(|(_, other)| other == paint).count();
            let words: String = rest[..run].iter().map(|(c, _)| *c).collect();
            if self.style.color && *paint != Paint::Plain {
                let style = paint.style();
                self.out.push_str(&format!("{style}{words}{style:#}"));
            } else {
                self.out.push_str(&words);
            }
            rest = &rest[run..];
        }
        self.out.push('\n');
    }
}

fn fits(atom: Option<&Atom>, width: usize, used: usize, fresh: bool) -> bool {
    atom.is_none_or(|atom| {
        let gap = if fresh { 0 } else { atom.blanks_before };
        used + gap + cells_columns(&atom.cells) <= width
    })
}

fn blanks(count: usize) -> Vec<Cell> {
    vec![(' ', Paint::Plain); count]
}

fn cells_columns(cells: &[Cell]) -> usize {
    cells.iter().map(|(c, _)| escape::columns_of(*c)).sum()
}

/// The text as a page shows it: what has to be escaped is, so that its columns
/// can be counted.
pub(crate) fn shown(text: &str, ascii: bool) -> String {
    let text = escape::printable(text);
    if ascii { to_ascii(&text) } else { text }
}

/// The printable characters of the spans, and whether each is glued.
fn cells(spans: &[Span], ascii: bool) -> impl Iterator<Item = (Cell, bool)> {
    spans.iter().flat_map(move |span| {
        let text = shown(&escape::bounded(&span.text, SPAN_MAX), ascii);
        text.chars().map(|c| ((c, span.paint), span.glued)).collect::<Vec<_>>()
    })
}

/// The symbols of our own texts in ASCII.
fn to_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '…' => out.push_str("..."),
            '→' => out.push_str("->"),
            '·' | '–' | '—' => out.push('-'),
            '✓' => out.push('+'),
            '✗' => out.push('x'),
            '↓' => out.push('v'),
            '↑' => out.push('^'),
            '≤' => out.push_str("<="),
            _ => out.push(c),
        }
    }
    out
}

/// Cuts spans into atoms: at blanks, and between CJK characters as the rules
/// of Chinese typesetting allow (no closing mark begins a line, no opening
/// mark ends one).
fn atoms(spans: &[Span], ascii: bool) -> Vec<Atom> {
    let mut atoms = Vec::new();
    let mut now = Atom::default();
    let mut blanks = 0;
    for (cell, glued) in cells(spans, ascii) {
        let last = now.cells.last().map(|(c, _)| *c);
        if cell.0 == ' ' && !(glued && now.glued) {
            flush(&mut atoms, &mut now, &mut blanks);
            blanks += 1;
            continue;
        }
        if last.is_some_and(|last| breaks_between(last, cell.0)) && !(glued && now.glued) {
            flush(&mut atoms, &mut now, &mut blanks);
        }
        now.glued |= glued;
        now.cells.push(cell);
    }
    flush(&mut atoms, &mut now, &mut blanks);
    keep_separators_back(atoms)
}

/// A separator between facts ends a line and never begins one.
fn keep_separators_back(atoms: Vec<Atom>) -> Vec<Atom> {
    let mut kept: Vec<Atom> = Vec::with_capacity(atoms.len());
    for atom in atoms {
        let separator = matches!(atom.cells[..], [('·' | '-', Paint::Dim)]);
        match kept.last_mut() {
            Some(last) if separator && atom.blanks_before == 1 => {
                last.cells.push((' ', Paint::Plain));
                last.cells.extend(atom.cells);
                last.glued = true;
            }
            _ => kept.push(atom),
        }
    }
    kept
}

fn flush(atoms: &mut Vec<Atom>, now: &mut Atom, blanks: &mut usize) {
    if !now.cells.is_empty() {
        now.blanks_before = std::mem::take(blanks);
        atoms.push(std::mem::take(now));
    }
}

fn breaks_between(last: char, next: char) -> bool {
    let wide = |c| escape::columns_of(c) == 2;
    let opening = |c| "（【《「『“‘〔".contains(c);
    !opening(last) && !is_closing(next) && (wide(last) || wide(next) || opening(next))
}

fn is_closing(c: char) -> bool {
    "，。、；：？！）】》」』”’〕…％%!,.;:?)]}".contains(c)
}

/// An atom that is too long for a line in pieces, last piece first: at its
/// blanks if it was glued, else as many characters as the lines hold.
fn torn(atom: Atom, room: usize, line: usize) -> Vec<Atom> {
    let mut pieces = Vec::new();
    let mut blanks = atom.blanks_before;
    if atom.glued && atom.cells.iter().any(|(c, _)| *c == ' ') {
        let mut now = Atom::default();
        for cell in atom.cells {
            if cell.0 == ' ' {
                flush(&mut pieces, &mut now, &mut blanks);
                blanks += 1;
            } else {
                now.cells.push(cell);
            }
        }
        flush(&mut pieces, &mut now, &mut blanks);
    } else {
        // A stub of a few characters at the end of a line helps nobody.
        let mut room = if room >= 12 { room } else { line };
        let mut now = Atom::default();
        let mut used = 0;
        for cell in atom.cells {
            let wide = escape::columns_of(cell.0);
            if used + wide > room {
                let rest = now.cells.split_off(good_place(&now.cells, cell.0));
                flush(&mut pieces, &mut now, &mut blanks);
                (used, room) = (cells_columns(&rest), line);
                now.cells = rest;
            }
            now.cells.push(cell);
            used += wide;
        }
        flush(&mut pieces, &mut now, &mut blanks);
    }
    pieces.reverse();
    pieces
}

/// Where to tear: after a dot, slash or bracket in the last third, else at
/// the end, but never so that a closing mark begins the next line.
fn good_place(cells: &[Cell], next: char) -> usize {
    let from = cells.len() * 2 / 3;
    let tail = &cells[from..];
    match tail.iter().rposition(|(c, _)| "/.,;:])}=&|".contains(*c)) {
        Some(place) => from + place + 1,
        None if is_closing(next) && cells.len() > 1 => cells.len() - 1,
        None => cells.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_model::Lang;
    use proptest::prelude::*;

    fn wrapped(width: usize, spans: &[Span]) -> Vec<String> {
        let style = Style::plain(width, Lang::En);
        let mut page = Page::new(&style);
        page.wrap(2, 4, spans);
        page.finish().lines().map(str::to_owned).collect()
    }

    #[test]
    fn words_stay_whole_and_lines_hang() {
        let lines = wrapped(30, &[text("the quick brown fox jumps over the lazy dog")]);
        assert_eq!(lines, ["  the quick brown fox jumps", "    over the lazy dog"]);
    }

    #[test]
    fn chinese_breaks_anywhere_but_before_closing_marks() {
        let lines = wrapped(30, &[text("禁止空口令账户登录系统，确有需要时，须登记。")]);
        assert_eq!(lines, ["  禁止空口令账户登录系统，确有", "    需要时，须登记。"]);
        let lines = wrapped(30, &[text("一二三四五六七八九十一二三四，五")]);
        assert_eq!(lines, ["  一二三四五六七八九十一二三", "    四，五"]);
    }

    #[test]
    fn commands_stay_on_one_line_where_they_fit() {
        let lines = wrapped(30, &[text("then type "), command("anji explain LNX-001")]);
        assert_eq!(lines, ["  then type", "    anji explain LNX-001"]);
    }

    #[test]
    fn long_tokens_are_torn_and_lose_nothing() {
        let token = "/a".repeat(50);
        let lines = wrapped(30, &[text(token.clone())]);
        let joined: String = lines.iter().map(|line| line.trim()).collect();
        assert_eq!(joined, token);
        assert!(lines.iter().all(|line| line.len() <= 30));
    }

    #[test]
    fn cut_lines_end_with_an_ellipsis_and_never_split_a_wide_character() {
        let style = Style::plain(30, Lang::Zh);
        let mut page = Page::new(&style);
        page.cut(1, &[text("安".repeat(20))]);
        let line = page.finish();
        assert_eq!(line, format!(" {}…\n", "安".repeat(14)));
    }

    #[test]
    fn colour_is_written_only_when_asked_for() {
        let mut style = Style::plain(80, Lang::En);
        style.color = true;
        let mut page = Page::new(&style);
        page.wrap(0, 0, &[span("red", Paint::Bad)]);
        assert_eq!(page.finish(), "\x1b[31mred\x1b[0m\n");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_page(
            parts in proptest::collection::vec((any::<String>(), any::<bool>()), 0..6),
            width in WIDTHS, first in 0usize..200, rest in 0usize..200,
        ) {
            let style = Style::plain(width, Lang::En);
            let mut page = Page::new(&style);
            let spans: Vec<Span> = parts.into_iter()
                .map(|(part, keep)| if keep { command(part) } else { text(part) })
                .collect();
            page.wrap(first, rest, &spans);
            page.cut(first, &spans);
            for line in page.finish().lines() {
                prop_assert!(escape::columns(line) <= width, "{line:?}");
                prop_assert!(!line.chars().any(escape::is_unsafe), "{line:?}");
            }
        }
    }

    const WIDTHS: std::ops::Range<usize> = 30..130;
}
