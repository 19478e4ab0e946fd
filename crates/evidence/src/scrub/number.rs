//! The same thing gets the same number; numbers that stand in the input
//! already are left to what bears them.

use anji_model::Personal;
use std::collections::{BTreeMap, BTreeSet};

/// What is numbered: each has replacements of its own form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Series {
    Person,
    Host,
    Domain,
    Network4,
    Network6,
    Interface6,
    Hardware,
    Digest,
    Uuid,
    Volume,
    Serial,
    Key,
    Process,
}

/// The numbers given so far, and what was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    given: BTreeMap<(Series, Vec<u8>), u64>,
    taken: BTreeSet<(Series, u64)>,
    next: BTreeMap<Series, u64>,
    found: BTreeMap<(Personal, Vec<u8>), u64>,
}

impl Numbers {
    /// A replacement that stands in the input bears this number.
    pub(super) fn take(&mut self, series: Series, number: u64) {
        self.taken.insert((series, number));
    }

    /// The number of `thing`, from 1.
    pub(super) fn of(&mut self, series: Series, thing: &[u8]) -> u64 {
        if let Some(number) = self.given.get(&(series, thing.to_vec())) {
            return *number;
        }
        let next = self.next.entry(series).or_insert(1);
        while self.taken.contains(&(series, *next)) {
            *next += 1;
        }
        let number = *next;
        *next += 1;
        self.given.insert((series, thing.to_vec()), number);
        number
    }

    /// Counts one replacement of `text`.
    pub(super) fn found(&mut self, kind: Personal, text: &[u8]) {
        *self.found.entry((kind, text.to_vec())).or_default() += 1;
    }

    /// What was replaced, and how often.
    pub(super) fn replaced(self) -> BTreeMap<(Personal, Vec<u8>), u64> {
        self.found
    }
}

/// The number in `prefix` + at least two digits, a form that we give.
pub(super) fn numbered(text: &[u8], prefix: &str) -> Option<u64> {
    let (head, digits) = text.split_at_checked(prefix.len())?;
    let ours = head.eq_ignore_ascii_case(prefix.as_bytes())
        && (2..=9).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && (digits.len() == 2 || digits[0] != b'0');
    if !ours {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}
