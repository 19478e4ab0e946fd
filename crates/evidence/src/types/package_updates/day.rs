//! Days of texts, counted from 1970-01-01.

use crate::types::decimal;

const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// The day of `2026-11-25`, whatever follows it.
pub(super) fn iso(text: &[u8]) -> Option<i64> {
    let mut parts = text.get(..10)?.splitn(3, |&b| b == b'-');
    let year = decimal(parts.next().filter(|year| year.len() == 4)?)?;
    count(year, decimal(parts.next()?)?, decimal(parts.next()?)?)
}

/// The day of `Tue, 24 Nov 2026 00:34:33 UTC`.
pub(super) fn rfc2822(text: &[u8]) -> Option<i64> {
    let words: Vec<&[u8]> =
        text.split(|&b| b == b' ').filter(|word| !word.is_empty()).take(5).collect();
    let &[_, day, month, year, _] = words.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    count(decimal(year)?, i64::try_from(month).ok()?, decimal(day)?)
}

/// The day of so many seconds.
pub(super) fn of_seconds(seconds: i64) -> i64 {
    seconds.div_euclid(86_400)
}

/// The day of a date in the Gregorian calendar, if there is such a date.
fn count(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) || !(1970..=9999).contains(&year) {
        return None;
    }
    // Years begin in March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year / 400, year % 400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        assert_eq!(iso(b"1970-01-01"), Some(0));
        assert_eq!(iso(b"2000-02-29 12:00"), Some(11016));
        assert_eq!(iso(b"2026-11-25"), Some(20782));
        assert_eq!(rfc2822(b"Tue, 24 Nov 2026 00:34:33 UTC"), Some(20781));
        assert_eq!(of_seconds(1_795_463_624), 20780);
        for bad in ["2026-02-30", "2026-13-01", "26-01-01xx", "", "2026/01/01"] {
            assert_eq!(iso(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(rfc2822(b"24 Nov 2026"), None);
    }
}
