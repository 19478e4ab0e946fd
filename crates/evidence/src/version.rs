//! Comparing versions as the package managers do: each family has its own
//! rules, and an answer by another's rules is a wrong one.
//!
//! Total over any text: what a manager would refuse as malformed is compared
//! by the same walk that it uses for well-formed text.

mod apk;
mod dpkg;
mod rpm;

use std::cmp::Ordering;

/// A package manager's rules for versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Debian and what is made from it: `[epoch:]upstream[-revision]`.
    Dpkg,
    /// Red Hat, SUSE, openEuler ...: `[epoch:]version[-release]`.
    Rpm,
    /// Alpine: `1.2.3b_rc4_p5-r6`.
    Apk,
}

impl Scheme {
    /// Which of two versions is the newer one.
    pub fn compare(self, a: &str, b: &str) -> Ordering {
        let (a, b) = (a.as_bytes(), b.as_bytes());
        match self {
            Self::Dpkg => dpkg::compare(a, b),
            Self::Rpm => rpm::compare(a, b),
            Self::Apk => apk::compare(a, b),
        }
    }
}

/// Takes the decimal digits at the front of `text`, without leading zeros.
fn take_number<'a>(text: &mut &'a [u8]) -> &'a [u8] {
    let digits = take_while(text, u8::is_ascii_digit);
    let zeros = digits.iter().take_while(|&&b| b == b'0').count();
    &digits[zeros..]
}

/// Compares numbers of any length, given without leading zeros.
fn compare_numbers(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Takes the front of `text` for which `wanted` holds.
fn take_while<'a>(text: &mut &'a [u8], wanted: impl Fn(&u8) -> bool) -> &'a [u8] {
    let end = text.iter().take_while(|byte| wanted(byte)).count();
    let (front, rest) = text.split_at(end);
    *text = rest;
    front
}

#[cfg(test)]
mod tests;
