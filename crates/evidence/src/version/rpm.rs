//! The order of rpm: epoch, version, release, each by `rpmvercmp`.

use super::{compare_numbers, take_number, take_while};
use std::cmp::Ordering;

pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (Parts::of(a), Parts::of(b));
    compare_numbers(a.epoch, b.epoch).then_with(|| compare_part(a.version, b.version)).then_with(
        || match (a.release, b.release) {
            (Some(a), Some(b)) => compare_part(a, b),
            // As rpm has it: a version without a release comes before all its releases.
            (a, b) => a.is_some().cmp(&b.is_some()),
        },
    )
}

struct Parts<'a> {
    epoch: &'a [u8],
    version: &'a [u8],
    release: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    /// A missing epoch is 0.
    fn of(text: &'a [u8]) -> Self {
        let mut rest = text;
        let epoch = take_number(&mut rest);
        let (epoch, rest) = match rest.strip_prefix(b":") {
            Some(rest) => (epoch, rest),
            None => (&[][..], text),
        };
        match rest.iter().rposition(|&b| b == b'-') {
            Some(at) => Self { epoch, version: &rest[..at], release: Some(&rest[at + 1..]) },
            None => Self { epoch, version: rest, release: None },
        }
    }
}

/// Compares runs of digits and of letters; whatever stands between them only
/// separates. A tilde sorts before everything, a caret after the end alone.
fn compare_part(mut a: &[u8], mut b: &[u8]) -> Ordering {
    let counts = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'~' | b'^');
    if a == b {
        return Ordering::Equal;
    }
    loop {
        take_while(&mut a, |byte| !counts(byte));
        take_while(&mut b, |byte| !counts(byte));
        match (a.first(), b.first()) {
            (Some(b'~'), Some(b'~')) | (Some(b'^'), Some(b'^')) => (a, b) = (&a[1..], &b[1..]),
            (Some(b'~'), _) | (None, Some(b'^')) => return Ordering::Less,
            (_, Some(b'~')) | (Some(b'^'), None) => return Ordering::Greater,
            (Some(b'^'), Some(_)) => return Ordering::Less,
            (Some(_), Some(b'^')) => return Ordering::Greater,
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(first), Some(second)) => {
                let (number, other) = (first.is_ascii_digit(), second.is_ascii_digit());
                if number != other {
                    return number.cmp(&other);
                }
                let order = if number {
                    compare_numbers(take_number(&mut a), take_number(&mut b))
                } else {
                    let text = u8::is_ascii_alphabetic;
                    take_while(&mut a, text).cmp(take_while(&mut b, text))
                };
                if order != Ordering::Equal {
                    return order;
                }
            }
        }
    }
}
