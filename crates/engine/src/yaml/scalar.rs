//! From an offset in a text back to the place in the file.

use super::{Scalar, Span, Style};

impl Scalar {
    /// The place in `file` of `len` bytes at byte `offset` of the text.
    /// Folding only ever changes white space, so the other characters of the
    /// text and of its source follow each other in the same order.
    pub(crate) fn locate(&self, file: &str, offset: usize, len: usize) -> Span {
        let before = self.text.get(..offset.min(self.text.len())).unwrap_or(&self.text);
        let ink_before = before.chars().filter(|c| !c.is_whitespace()).count();
        let rest = self.text.get(before.len()..).unwrap_or("");
        let places = self.ink();
        let places = places(file);
        let on_ink = rest.chars().next().is_some_and(|c| !c.is_whitespace());
        let start = if on_ink {
            places.get(ink_before).copied()
        } else {
            // Just behind the last character before it.
            ink_before.checked_sub(1).and_then(|last| places.get(last)).map(|last| last + 1)
        };
        let start = start.unwrap_or(self.source.start);
        let marked = rest.get(..len).unwrap_or(rest);
        position(file, start, marked.chars().count())
    }

    /// The places in the file, counted in characters, of all characters of the
    /// text that are not white space.
    fn ink(&self) -> impl FnOnce(&str) -> Vec<usize> + '_ {
        move |file| {
            let source: Vec<(usize, char)> =
                file.chars().enumerate().skip(self.source.start).take(self.source.len()).collect();
            match self.style {
                Style::Bare => source
                    .into_iter()
                    .filter(|(_, c)| !c.is_whitespace())
                    .map(|(at, _)| at)
                    .collect(),
                Style::SingleQuoted => single_quoted(&source),
                Style::DoubleQuoted => double_quoted(&source),
            }
        }
    }
}

fn inner(source: &[(usize, char)]) -> &[(usize, char)] {
    match source {
        [_, inner @ .., _] => inner,
        _ => &[],
    }
}

fn single_quoted(source: &[(usize, char)]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut chars = inner(source).iter().peekable();
    while let Some((at, c)) = chars.next() {
        if *c == '\'' {
            chars.next();
        }
        if !c.is_whitespace() {
            places.push(*at);
        }
    }
    places
}

fn double_quoted(source: &[(usize, char)]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut chars = inner(source).iter();
    while let Some((at, c)) = chars.next() {
        let ink = if *c != '\\' {
            !c.is_whitespace()
        } else {
            let escape = chars.next().map_or('\\', |(_, c)| *c);
            let digits = match escape {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let code: String = chars.by_ref().take(digits).map(|(_, c)| *c).collect();
            match escape {
                'x' | 'u' | 'U' => u32::from_str_radix(&code, 16)
                    .ok()
                    .and_then(char::from_u32)
                    .is_some_and(|c| !c.is_whitespace()),
                // Line breaks, tabs and blanks are white space; so are \N, \_, \L, \P and \v, \f.
                'n' | 't' | 'r' | ' ' | '\t' | '\n' | '\r' | 'N' | '_' | 'L' | 'P' | 'v' | 'f' => {
                    false
                }
                _ => true,
            }
        };
        if ink {
            places.push(*at);
        }
    }
    places
}

/// Line and column of a character of `file`.
fn position(file: &str, char_index: usize, length: usize) -> Span {
    let (mut line, mut column) = (1, 1);
    for c in file.chars().take(char_index) {
        if c == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    Span { line, column, length: length.max(1) }
}

#[cfg(test)]
mod tests {
    use super::super::{Node, Yaml, read};

    /// The place that the word `here` of the scalar under `key` is found at.
    fn place(file: &str) -> (usize, usize, String) {
        let (tree, problems) = read(file);
        assert_eq!(problems, []);
        let Some(Node { value: Yaml::Map(entries), .. }) = tree else { panic!("not a map") };
        let Yaml::Text(scalar) = &entries[0].1.value else { panic!("not a text") };
        let offset = scalar.text.find("here").expect("the test's text has the word");
        let span = scalar.locate(file, offset, 4);
        let line = file.lines().nth(span.line - 1).expect("a line of the file");
        let marked = line.chars().skip(span.column - 1).take(span.length).collect();
        (span.line, span.column, marked)
    }

    #[test]
    fn offsets_are_found_in_every_style() {
        for (file, line) in [
            ("key: some words here now\n", 1),
            ("key: some\n  words\n\n  here now\n", 4),
            ("key: 'it''s  here'\n", 1),
            ("key: 'it''s\n  over here'\n", 2),
            ("key: \"a\\\"b\\u4e2d\\x20\\n\\t here\"\n", 1),
            ("key: \"fold\\\n   ed\n  中文 here\"\n", 3),
            ("key: |\n  one\n    two\n  中文 here\n", 4),
            ("key: |2- # note\n    one\n   here\n", 3),
            ("key: >-\n  one\n  two\n\n  three here\n", 5),
            ("key: >+\n\n  one\n   more indented here\n", 4),
        ] {
            let (found, _, marked) = place(file);
            assert_eq!((found, marked.as_str()), (line, "here"), "{file}");
        }
    }
}
