//! The order of `dpkg --compare-versions`.

use super::{compare_numbers, take_number};
use std::cmp::Ordering;

pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (Parts::of(a), Parts::of(b));
    compare_numbers(a.epoch, b.epoch)
        .then_with(|| compare_part(a.upstream, b.upstream))
        .then_with(|| compare_part(a.revision, b.revision))
}

struct Parts<'a> {
    epoch: &'a [u8],
    upstream: &'a [u8],
    revision: &'a [u8],
}

impl<'a> Parts<'a> {
    /// The epoch ends at the first colon, the revision begins after the last hyphen.
    fn of(text: &'a [u8]) -> Self {
        let mut rest = text;
        let epoch = take_number(&mut rest);
        let (epoch, rest) = match rest.strip_prefix(b":") {
            Some(rest) => (epoch, rest),
            None => (&[][..], text),
        };
        let (upstream, revision) = match rest.iter().rposition(|&b| b == b'-') {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => (rest, &[][..]),
        };
        Self { epoch, upstream, revision }
    }
}

/// Compares text and numbers in turns. A missing revision equals `0`.
fn compare_part(mut a: &[u8], mut b: &[u8]) -> Ordering {
    let is_text = |text: &[u8]| text.first().is_some_and(|byte| !byte.is_ascii_digit());
    while !(a.is_empty() && b.is_empty()) {
        while is_text(a) || is_text(b) {
            match weight(a.first()).cmp(&weight(b.first())) {
                Ordering::Equal => (a, b) = (&a[1..], &b[1..]),
                unequal => return unequal,
            }
        }
        match compare_numbers(take_number(&mut a), take_number(&mut b)) {
            Ordering::Equal => {}
            unequal => return unequal,
        }
    }
    Ordering::Equal
}

/// A tilde sorts before the end, the end before letters, letters before the rest.
fn weight(byte: Option<&u8>) -> i32 {
    match byte {
        Some(b'~') => -1,
        None => 0,
        Some(byte) if byte.is_ascii_digit() => 0,
        Some(byte) if byte.is_ascii_alphabetic() => i32::from(*byte),
        Some(byte) => i32::from(*byte) + 256,
    }
}
