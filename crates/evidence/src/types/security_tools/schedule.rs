//! How often a job runs.

/// Whether a line of cron runs at least once a week: five fields, or one word.
pub(super) fn cron_is_weekly(fields: &[&[u8]]) -> bool {
    match fields {
        [word] => [&b"hourly"[..], b"daily", b"midnight", b"weekly"].contains(word),
        // A day of the month or a month of the year leaves weeks out, unless it
        // is a step that is small enough; a day of the week does not.
        [_, _, days, months, _] => {
            *months == b"*" && (*days == b"*" || step(days).is_some_and(|days| days <= 7))
        }
        _ => false,
    }
}

fn step(field: &[u8]) -> Option<u32> {
    super::super::decimal(field.strip_prefix(b"*/")?)
}

/// Whether a timer runs at least once a week. `None` where that is not read.
pub(super) fn timer_is_weekly(setting: &[u8]) -> Option<bool> {
    let at = setting.iter().position(|&b| b == b'=')?;
    let (key, value) = (&setting[..at], setting[at + 1..].trim_ascii());
    if key != b"OnCalendar" {
        return period(value).map(|seconds| seconds <= 7 * 86_400);
    }
    match value {
        b"minutely" | b"hourly" | b"daily" | b"weekly" => return Some(true),
        b"monthly" | b"quarterly" | b"semiannually" | b"yearly" | b"annually" => {
            return Some(false);
        }
        _ => {}
    }
    // `Mon *-*-* 01:50:00`, with or without the day of the week; a time alone is daily.
    let mut words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let date =
        words.find(|word| word.contains(&b'-') && word.iter().any(|b| b"*0123456789".contains(b)));
    match date {
        Some(b"*-*-*") => Some(true),
        Some(date) if date.ends_with(b"-*") => Some(date == b"*-*"),
        Some(_) => Some(false),
        None if value.contains(&b':') => Some(true),
        None => None,
    }
}

/// A time of one number and its unit, in seconds.
fn period(value: &[u8]) -> Option<u64> {
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    let number: u64 = super::super::decimal(&value[..digits])?;
    let unit = match &value[digits..] {
        b"" | b"s" | b"sec" => 1,
        b"m" | b"min" => 60,
        b"h" | b"hr" | b"hour" | b"hours" => 3_600,
        b"d" | b"day" | b"days" => 86_400,
        b"w" | b"week" | b"weeks" => 7 * 86_400,
        _ => return None,
    };
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_told_from_months() {
        let cron =
            |text: &str| cron_is_weekly(&text.split(' ').map(str::as_bytes).collect::<Vec<_>>());
        for yes in ["daily", "weekly", "0 5 * * *", "0 5 * * 0", "0 5 */2 * *", "*/5 * * * *"] {
            assert!(cron(yes), "{yes}");
        }
        for no in ["monthly", "reboot", "0 5 1 * *", "0 5 * 1 *", "0 5 */10 * *", "0 5"] {
            assert!(!cron(no), "{no}");
        }
        for (setting, expected) in [
            ("OnCalendar=daily", Some(true)),
            ("OnCalendar=*-*-* 01:50:00", Some(true)),
            ("OnCalendar=Mon *-*-* 01:50:00", Some(true)),
            ("OnCalendar=03:30", Some(true)),
            ("OnCalendar=monthly", Some(false)),
            ("OnCalendar=*-*-01 01:50:00", Some(false)),
            ("OnUnitActiveSec=1d", Some(true)),
            ("OnUnitActiveSec=2w", Some(false)),
            ("OnUnitActiveSec=1h 30min", None),
        ] {
            assert_eq!(timer_is_weekly(setting.as_bytes()), expected, "{setting}");
        }
    }
}
