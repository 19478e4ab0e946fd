//! Names of sheets that Excel takes: at most 31 UTF-16 units, none of
//! `[]:*?/\`, no apostrophe at an end, not `History`, and no two alike
//! whatever their case and width.

use crate::escape::printable;
use std::collections::BTreeSet;

/// The most UTF-16 units of a name.
const UNITS_MAX: usize = 31;

/// The names of a workbook.
pub(super) struct Names {
    used: BTreeSet<String>,
}

impl Names {
    /// `fixed` are the names that the workbook uses anyway.
    pub(super) fn new<const N: usize>(fixed: [&str; N]) -> Self {
        // Excel keeps these for itself.
        let kept = ["history", "历史记录"];
        Self { used: kept.into_iter().chain(fixed).map(folded).collect() }
    }

    /// A name like `wanted` that no other sheet has, and that Excel takes.
    pub(super) fn take(&mut self, wanted: &str, fallback: &str) -> String {
        let clean = clean(wanted);
        let base = if clean.is_empty() { fallback.to_owned() } else { clean };
        let mut name = cut(&base, UNITS_MAX);
        let mut number = 1u32;
        while !self.used.insert(folded(&name)) {
            number += 1;
            let tail = format!(" ({number})");
            name = cut(&base, UNITS_MAX - tail.len()) + &tail;
        }
        name
    }
}

fn clean(wanted: &str) -> String {
    let safe = |c| match c {
        '[' | ']' | ':' | '*' | '?' | '/' | '\\' => '-',
        // In formulas of links an apostrophe ends a name; the curly one does not.
        '\'' => '’',
        _ => c,
    };
    let text: String = printable(wanted).chars().map(safe).collect();
    // Excel reads `_x0041_` in a name as an escaped character.
    text.replace("_x", "-x").trim().to_owned()
}

/// The first `max` UTF-16 units, without a blank at the end.
fn cut(text: &str, max: usize) -> String {
    let mut units = 0;
    let fits = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= max
    });
    let kept: String = fits.collect();
    kept.trim_end().to_owned()
}

/// What Excel compares: case and full width do not tell names apart.
fn folded(name: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    name.chars().map(narrow).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_readable_and_apart() {
        let mut names = Names::new(["Summary"]);
        let mut take = |wanted: &str| names.take(wanted, "Subject");
        assert_eq!(take("his-db01"), "his-db01");
        assert_eq!(take("HIS-DB01"), "HIS-DB01 (2)");
        assert_eq!(take("summary"), "summary (2)");
        assert_eq!(take("ｈｉｓ-db01"), "ｈｉｓ-db01 (3)");
        assert_eq!(take("a[b]:c*d?e/f\\g"), "a-b--c-d-e-f-g");
        assert_eq!(take("'quoted'"), "’quoted’");
        assert_eq!(take("History"), "History (2)");
        assert_eq!(take(" \t "), "-t");
        assert_eq!(take(""), "Subject");
        assert_eq!(take("_x0041_"), "-x0041_");
        assert_eq!(take(&"很长的主机名".repeat(9)).chars().count(), 31);
        let again = take(&"很长的主机名".repeat(9));
        assert!(again.ends_with(" (2)") && again.chars().count() == 31, "{again}");
    }

    proptest! {
        #[test]
        fn every_name_is_one_that_the_library_takes(texts in prop::collection::vec(any::<String>(), 1..40)) {
            let mut names = Names::new(["Summary"]);
            let mut seen = BTreeSet::new();
            for text in &texts {
                let name = names.take(text, "Subject");
                prop_assert!(rust_xlsxwriter::utility::check_sheet_name(&name).is_ok(), "{name}");
                prop_assert!(seen.insert(name.to_lowercase()));
            }
        }
    }
}
