//! Bytes as lossless, printable text of one line.
//!
//! Valid UTF-8 that is safe to print stands as it is. A backslash becomes
//! `\\`, a newline `\n`, a tab `\t`; every byte of any other control character,
//! of bidirectional, zero-width and other format controls, of line separators,
//! and of invalid UTF-8 becomes `\xNN`. Distinct bytes give distinct texts.

use std::fmt::Write as _;

/// The printable text of `bytes`.
pub fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => text.push_str("\\\\"),
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                c if is_printable(c) => text.push(c),
                c => push_hex(&mut text, c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        push_hex(&mut text, chunk.invalid());
    }
    text
}

/// [`escape`] of the first `max` bytes, with a mark when there were more.
pub fn escape_bounded(bytes: &[u8], max: usize) -> String {
    match bytes.get(..max) {
        Some(head) if bytes.len() > max => format!("{}...", escape(head)),
        _ => escape(bytes),
    }
}

/// The bytes that `text` was escaped from. A malformed escape is `None`.
/// Characters that [`escape`] would have escaped are taken as they are, so a
/// target's simpler escaping is understood too.
pub fn unescape(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next()? {
            b'\\' => b'\\',
            b'n' => b'\n',
            b't' => b'\t',
            b'x' => hex_digit(*rest.next()?)? * 16 + hex_digit(*rest.next()?)?,
            _ => return None,
        });
    }
    Some(bytes)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ignored = write!(text, "\\x{byte:02x}");
    }
}

/// Whether a character can be shown without moving, hiding or reordering others.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            u32::from(c),
            0x00ad
                | 0x061c
                | 0x115f
                | 0x1160
                | 0x180b..=0x180f
                | 0x200b..=0x200f
                | 0x2028..=0x202e
                | 0x2060..=0x206f
                | 0x3164
                | 0xfe00..=0xfe0f
                | 0xfeff
                | 0xffa0
                | 0xfff0..=0xfffb
                | 0x110bd
                | 0x110cd
                | 0x13430..=0x1343f
                | 0x1bca0..=0x1bca3
                | 0x1d173..=0x1d17a
                | 0xe0000..=0xe0fff
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dangerous_text_becomes_visible() {
        assert_eq!(escape("影像 a".as_bytes()), "影像 a");
        assert_eq!(escape(b"a\\b\nc\td"), "a\\\\b\\nc\\td");
        assert_eq!(escape(b"\x1b[31m\x07\x7f"), "\\x1b[31m\\x07\\x7f");
        assert_eq!(escape(b"latin-\xe9"), "latin-\\xe9");
        assert_eq!(escape("\u{202e}x\u{85}".as_bytes()), "\\xe2\\x80\\xaex\\xc2\\x85");
    }

    #[test]
    fn malformed_escapes_are_refused() {
        for bad in ["\\", "\\x1", "\\xg0", "\\q"] {
            assert_eq!(unescape(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn escaping_loses_nothing(bytes: Vec<u8>) {
            let text = escape(&bytes);
            prop_assert!(!text.chars().any(char::is_control));
            prop_assert_eq!(unescape(text.as_bytes()), Some(bytes));
        }
    }
}
