//! The parser: slots and lines to days.

use super::super::{decimal, whole_lines};
use super::{Body, LastLogin, RECORDS, WTMP};
use crate::body::canonical_list;
use crate::escape::{escape, unescape};
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, whole};
use crate::status;
use anji_model::FailureCategory;
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400;

/// What the records say together.
#[derive(Default)]
struct Records {
    sources: BTreeSet<String>,
    /// The first day that some record covers.
    since: Option<i64>,
    /// The last login of each account by name.
    last: BTreeMap<Vec<u8>, i64>,
}

impl Records {
    fn covers(&mut self, source: &str, day: i64) {
        self.sources.insert(source.to_owned());
        self.since = Some(self.since.map_or(day, |since| since.min(day)));
    }

    fn seen(&mut self, name: &[u8], day: i64) {
        let last = self.last.entry(name.to_vec()).or_insert(day);
        *last = (*last).max(day);
    }
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = whole(frames, RECORDS)?;
    let mut records = Records::default();
    let (names, mut problems) = slots(frame, &mut records)?;
    match arrived(frames, WTMP) {
        // Another root has no program to ask; what its files say is had.
        Ok(frame) if frame.exit == Some(status::NOT_LIVE) => {
            let detail = "the login history of another root is not read";
            problems.push(Problem::new(FailureCategory::NotLive, detail));
        }
        Ok(frame) => match exit_problem(frame).or_else(|| crate::problem::stopped(frame)) {
            Some(problem) => problems.push(problem),
            None => problems.extend(history(frame, &mut records)?),
        },
        Err(problem) => problems.push(problem),
    }
    let none = records.since.is_none();
    if none && problems.is_empty() {
        let detail = "no record of logins reaches back";
        problems.push(Problem::new(FailureCategory::ToolMissing, detail));
    }
    let mut gaps = Vec::new();
    for problem in &problems {
        // A login may stand in what was not read; the record that was read covers
        // what it covers nonetheless.
        gaps.push(problem.unknown("accounts[].last_login_day"));
        gaps.push(problem.partial("sources"));
        if none {
            gaps.push(problem.unknown("accounts[].since_day"));
        }
    }
    let accounts = names.into_iter().map(|name| LastLogin {
        last_login_day: records.last.get(&name).copied(),
        since_day: records.since,
        name: escape(&name),
    });
    let body = Body {
        accounts: canonical_list(accounts),
        sources: canonical_list(records.sources.clone()),
    };
    Ok(Parsed::collected(&body, gaps))
}

fn unknown_line(id: &str) -> Problem {
    Problem::new(FailureCategory::Unparsable, format!("capture {id} has another form"))
}

fn denied(source: &str) -> Problem {
    Problem::new(FailureCategory::Permission, format!("{source} may not be read"))
}

/// The accounts, and the slots of lastlog.
fn slots(frame: &Frame, records: &mut Records) -> Result<(Vec<Vec<u8>>, Vec<Problem>), Problem> {
    let mut problems = Vec::new();
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut slots: Option<(u64, i64)> = None;
    let mut first: Option<i64> = None;
    let mut record = 292;
    // Whether the slot of the last account has to come yet.
    let mut awaited = false;
    let mut missing = false;
    let mut done = false;
    for line in whole_lines(frame) {
        let words: Vec<&[u8]> = line.splitn(3, |&b| b == b' ').collect();
        match words.as_slice() {
            [b"lastlog", b"none"] => {}
            [b"lastlog", b"denied"] => problems.push(denied("lastlog")),
            [b"lastlog", size, birth] => {
                let (size, birth) = (decimal(size), decimal(birth));
                slots = Some(size.zip(birth).ok_or_else(|| unknown_line(RECORDS))?);
            }
            [b"slot", bytes] => {
                record = decimal(bytes).filter(|b| *b > 0).ok_or_else(|| unknown_line(RECORDS))?;
            }
            [b"account", uid, name] => {
                let uid: u32 = decimal(uid).ok_or_else(|| unknown_line(RECORDS))?;
                names.push(unescape(name).ok_or_else(|| unknown_line(RECORDS))?);
                missing |= awaited;
                let end = (u64::from(uid) + 1).saturating_mul(record);
                awaited = slots.is_some_and(|(size, _)| end <= size);
            }
            [b"time", seconds] => {
                let seconds: i64 = decimal(seconds).ok_or_else(|| unknown_line(RECORDS))?;
                let name = names.last().ok_or_else(|| unknown_line(RECORDS))?.clone();
                awaited = false;
                if seconds > 0 {
                    let day = seconds / DAY;
                    records.seen(&name, day);
                    first = Some(first.map_or(day, |first| first.min(day)));
                }
            }
            [b"done"] => done = true,
            _ => return Err(unknown_line(RECORDS)),
        }
    }
    if !done {
        return Err(unknown_line(RECORDS));
    }
    if names.is_empty() {
        let detail = "no account has a login shell";
        problems.push(Problem::new(FailureCategory::Unparsable, detail));
    }
    if let Some((size, birth)) = slots {
        if size % record != 0 || missing || awaited {
            let detail = "lastlog has slots of an unknown size, or they could not be read";
            problems.push(Problem::new(FailureCategory::Unparsable, detail));
        }
        cover(records, birth, first);
    }
    Ok((names, problems))
}

/// Since when lastlog is kept: its birth, or its first record.
fn cover(records: &mut Records, birth: i64, first: Option<i64>) {
    let born = (birth > 0).then_some(birth / DAY);
    match born.into_iter().chain(first).min() {
        Some(day) => records.covers("lastlog", day),
        None => {
            records.sources.insert("lastlog".to_owned());
        }
    }
}

/// What `last` and `lastlog2` say.
fn history(frame: &Frame, records: &mut Records) -> Result<Vec<Problem>, Problem> {
    let mut problems = Vec::new();
    let mut done = false;
    for line in whole_lines(frame) {
        let (source, rest) = match line.iter().position(|&b| b == b' ') {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &b""[..]),
        };
        let of = match source {
            b"wtmp" => "wtmp",
            b"lastlog2" => "lastlog2",
            b"done" if rest.is_empty() => {
                done = true;
                continue;
            }
            _ => return Err(unknown_line(WTMP)),
        };
        if let Some(date) = rest.strip_prefix(b"begins ") {
            records.covers(of, day(date).ok_or_else(|| unknown_line(WTMP))?.0);
        } else if let Some(seconds) = rest.strip_prefix(b"born ") {
            let seconds: i64 = decimal(seconds).ok_or_else(|| unknown_line(WTMP))?;
            if seconds > 0 {
                records.covers(of, seconds / DAY);
            }
        } else if let Some(seen) = rest.strip_prefix(b"seen ") {
            let (day, name) = day(seen).ok_or_else(|| unknown_line(WTMP))?;
            records.sources.insert(of.to_owned());
            records.seen(name, day);
        } else if rest == b"denied" {
            problems.push(denied(of));
        } else if rest != b"none" {
            return Err(unknown_line(WTMP));
        }
    }
    if done { Ok(problems) } else { Err(unknown_line(WTMP)) }
}

/// The day of `Wed Nov 25 21:25:59 2026 rest`, and the rest.
fn day(text: &[u8]) -> Option<(i64, &[u8])> {
    const MONTHS: [&[u8]; 12] = [
        b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov",
        b"Dec",
    ];
    let date = text.get(..24)?;
    let month = MONTHS.iter().position(|name| *name == &date[4..7])?;
    let day: i64 = decimal(date[8..10].trim_ascii_start())?;
    let year: i64 = decimal(&date[20..24])?;
    let month = i64::try_from(month).ok()? + 1;
    if !(1..=31).contains(&day) || !(1970..=9999).contains(&year) {
        return None;
    }
    let rest = text[24..].strip_prefix(b" ").unwrap_or_default();
    Some((days_from_civil(year, month, day), rest))
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (date, days) in [
            ("Thu Jan  1 00:00:00 1970", 0),
            ("Tue Feb 29 12:00:00 2000", 11_016),
            ("Wed Nov 25 21:25:59 2026", 20_782),
            ("Thu Dec 31 23:59:59 2099", 47_481),
        ] {
            assert_eq!(day(date.as_bytes()).map(|(day, _)| day), Some(days), "{date}");
        }
        for bad in ["Wed Nov 25 2026", "Wed Xyz 25 21:25:59 2026", "Wed Nov 40 21:25:59 2026"] {
            assert_eq!(day(bad.as_bytes()), None, "{bad}");
        }
    }
}
