//! The last gate before a reader's terminal. Evidence arrives escaped, and is
//! escaped here again: no control character, no escape sequence, nothing that
//! turns the reading direction or that cannot be seen gets through.

use std::fmt::Write as _;
use unicode_width::UnicodeWidthChar;

/// Whether a character must not be written as it is: controls, everything that
/// takes no column (direction marks, joiners, combining marks), separators
/// that break lines, and blanks that only look like a space.
pub(crate) fn is_unsafe(c: char) -> bool {
    match c {
        ' ' | '\u{3000}' => false,
        // Fillers that have a width and show nothing.
        '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' => true,
        // Private use, specials and no characters at all: what they show depends on the font.
        '\u{e000}'..='\u{f8ff}'
        | '\u{fff0}'..='\u{fffc}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{fffe}'..='\u{ffff}'
        | '\u{e0000}'..='\u{10ffff}' => true,
        _ => c.is_whitespace() || c.width().is_none_or(|width| width == 0),
    }
}

/// The columns of one safe character.
pub(crate) fn columns_of(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The columns of a text as [`printable`] makes it.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Appends `c`, or its escaped form: `\n`, `\t`, `\xNN` for each byte.
pub(crate) fn push(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        _ if is_unsafe(c) => {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                write!(out, "\\x{byte:02x}").expect("writing to a string cannot fail");
            }
        }
        _ => out.push(c),
    }
}

/// The text with every unsafe character in its escaped form.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push(&mut out, c));
    out
}

/// The first `max` characters of a text, with `…` where more follow.
pub(crate) fn bounded(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_that_steers_a_terminal_gets_through() {
        assert_eq!(printable("a\x1b[31mb"), "a\\x1b[31mb");
        assert_eq!(printable("x\u{202e}y"), "x\\xe2\\x80\\xaey");
        assert_eq!(printable("\u{9b}2J\r\n\t\u{7f}"), "\\xc2\\x9b2J\\x0d\\n\\t\\x7f");
        assert_eq!(
            printable("e\u{301}\u{200d}\u{feff}"),
            "e\\xcc\\x81\\xe2\\x80\\x8d\\xef\\xbb\\xbf"
        );
        assert_eq!(printable("/etc/\u{a0}x"), "/etc/\\xc2\\xa0x");
        assert_eq!(printable("安基 anji \\x1b"), "安基 anji \\x1b");
    }

    #[test]
    fn bounds_count_characters() {
        assert_eq!(bounded("安基检查", 2), "安基…");
        assert_eq!(bounded("安基", 2), "安基");
    }

    proptest! {
        #[test]
        fn printable_text_is_safe(text in any::<String>()) {
            prop_assert!(!printable(&text).chars().any(is_unsafe));
        }
    }
}
