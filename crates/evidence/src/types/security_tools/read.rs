//! The parser.

use super::super::{decimal, whole_lines};
use super::products::{PRODUCTS, Product};
use super::{Body, FILES, RUNNING, Tool, schedule};
use crate::body::canonical_list;
use crate::escape::escape_bounded;
use crate::frame::Frames;
use crate::kind::Parsed;
use crate::problem::{Problem, whole};
use anji_model::{FailureCategory, Gap};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400;

/// What the files say.
#[derive(Debug, Default)]
struct Files {
    /// The last change of each mark, in days; `None` where no tool tells it.
    marks: BTreeMap<Vec<u8>, Option<i64>>,
    /// The database that the configuration of AIDE names.
    aide: Option<Option<i64>>,
    /// The day of the newest signatures of ClamAV.
    signatures: Option<i64>,
    /// The last day on which the manager of an OSSEC or Wazuh agent answered.
    answered: Option<i64>,
    connected: bool,
    /// Whether jobs run once a week, by the product's word.
    jobs: BTreeMap<Vec<u8>, Option<bool>>,
    versions: BTreeMap<Vec<u8>, Vec<u8>>,
    denied: Vec<Vec<u8>>,
    unread: bool,
}

/// What runs.
#[derive(Debug, Default)]
struct Running {
    names: BTreeSet<Vec<u8>>,
    folders: BTreeSet<Vec<u8>>,
    hidden: bool,
    unseen: bool,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let files = Files::read(frames)?;
    let running = Running::read(frames);
    let mut gaps = files.gaps();
    match &running {
        Err(problem) => {
            gaps.push(problem.partial("tools"));
            gaps.push(problem.unknown("tools[].running"));
        }
        Ok(running) if running.hidden => {
            let detail = "processes of other accounts cannot be seen";
            let problem = Problem::new(FailureCategory::Permission, detail);
            gaps.push(problem.partial("tools"));
            gaps.push(problem.unknown("tools[].running"));
        }
        Ok(_) => {}
    }
    let running = running.ok();
    let tools =
        PRODUCTS.iter().filter_map(|product| tool(product, &files, running.as_ref(), &mut gaps));
    let body = Body { tools: canonical_list(tools) };
    Ok(Parsed::collected(&body, gaps))
}

fn unreadable() -> Problem {
    Problem::new(FailureCategory::Unparsable, "the capture of security tools has another form")
}

fn split(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|&b| b == b' ') {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, &[]),
    }
}

impl Files {
    fn read(frames: &Frames) -> Result<Self, Problem> {
        let frame = whole(frames, FILES)?;
        let (mut files, mut ended) = (Self::default(), false);
        for line in whole_lines(frame) {
            if ended {
                return Err(unreadable());
            }
            let (word, rest) = split(line);
            let (first, second) = split(rest);
            match word {
                b"file" => {
                    files.marks.insert(second.to_vec(), day(first));
                }
                b"aide" if first == b"none" => files.aide = Some(None),
                b"aide" => {
                    files.unread |= day(first).is_none();
                    files.aide = Some(day(first));
                }
                b"denied" => files.denied.push(rest.to_vec()),
                b"cvd" => match signatures_day(second) {
                    Some(day) => files.signatures = files.signatures.max(Some(day)),
                    None => files.unread = true,
                },
                b"state" => files.state(rest),
                b"cron" => files.cron(rest),
                b"timer" => {
                    let known = schedule::timer_is_weekly(second);
                    files.job(first, known);
                }
                b"version" => {
                    files.versions.insert(first.to_vec(), second.to_vec());
                }
                b"end" => ended = true,
                _ => return Err(unreadable()),
            }
        }
        if ended { Ok(files) } else { Err(unreadable()) }
    }

    fn state(&mut self, rest: &[u8]) {
        let at = rest.iter().position(|&b| b == b'=').unwrap_or(rest.len());
        let value = rest.get(at + 1..).unwrap_or_default();
        match &rest[..at] {
            b"status" => self.connected = value == b"connected",
            // Empty before the first answer.
            b"last_ack" => self.answered = civil_day(value),
            _ => {}
        }
    }

    fn cron(&mut self, rest: &[u8]) {
        let words: Vec<&[u8]> = rest.split(|&b| b == b' ').collect();
        if let Some((name, fields)) = words.split_last() {
            self.job(name, Some(schedule::cron_is_weekly(fields)));
        }
    }

    /// One job that runs each week is enough; else one that is not understood counts.
    fn job(&mut self, name: &[u8], weekly: Option<bool>) {
        let known = self.jobs.entry(name.to_vec()).or_insert(Some(false));
        *known = either(*known, weekly);
    }

    fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for path in &self.denied {
            let detail = format!("{} may not be read", escape_bounded(path, 120));
            let problem = Problem::new(FailureCategory::Permission, detail);
            if path.starts_with(b"/etc/cron") || path.starts_with(b"/var/spool/cron") {
                gaps.push(problem.unknown("tools[].scheduled"));
            } else if path.starts_with(b"/var/lib/clamav") {
                gaps.push(problem.unknown("tools[].signatures_day"));
            } else if path.starts_with(b"/var/log/") {
                gaps.push(problem.unknown("tools[].last_report_day"));
            } else if path.starts_with(b"/var/lib/") || path.starts_with(b"/etc/aide") {
                gaps.push(problem.unknown("tools[].database_day"));
            } else {
                gaps.push(problem.partial("tools"));
                gaps.push(problem.unknown("tools[].last_report_day"));
            }
        }
        if self.unread {
            let detail = "a date of a database could not be read";
            let problem = Problem::new(FailureCategory::Unparsable, detail);
            gaps.push(problem.unknown("tools[].signatures_day"));
            gaps.push(problem.unknown("tools[].database_day"));
        }
        gaps
    }

    /// The newest last change of any of the files that are there.
    fn newest(&self, paths: &[&str]) -> Option<i64> {
        paths.iter().filter_map(|path| *self.marks.get(path.as_bytes())?).max()
    }
}

impl Running {
    fn read(frames: &Frames) -> Result<Self, Problem> {
        let frame = whole(frames, RUNNING)?;
        let (mut running, mut ended) = (Self::default(), false);
        for line in whole_lines(frame) {
            if ended {
                return Err(unreadable());
            }
            let (word, rest) = split(line);
            match word {
                b"hidden" => running.hidden = true,
                b"unseen" => running.unseen = true,
                b"comm" => {
                    running.names.insert(rest.to_vec());
                }
                b"exe" => {
                    running.folders.insert(rest.to_vec());
                }
                b"end" => ended = true,
                _ => return Err(unreadable()),
            }
        }
        if ended { Ok(running) } else { Err(unreadable()) }
    }

    /// Whether the product runs; `None` where that cannot be seen.
    fn runs(&self, product: &Product) -> Option<bool> {
        let named = product.processes.iter().any(|name| self.names.contains(name.as_bytes()));
        let placed = product.paths.iter().any(|path| self.folders.contains(path.as_bytes()));
        // Of a product that we never saw, the names of its processes may be others.
        (named || placed || product.seen || !self.unseen).then_some(named || placed)
    }
}

fn tool(
    product: &Product,
    files: &Files,
    running: Option<&Running>,
    gaps: &mut Vec<Gap>,
) -> Option<Tool> {
    let installed = product.paths.iter().any(|path| files.marks.contains_key(path.as_bytes()));
    let runs = running.and_then(|running| running.runs(product));
    if !installed && runs != Some(true) {
        return None;
    }
    let mut unknown = |path: &str, detail: &str| {
        let problem = Problem::new(FailureCategory::Unsupported, detail);
        gaps.push(problem.unknown(path));
    };
    if running.is_some() && runs.is_none() {
        unknown("tools[].running", "the program of a product may not be seen");
    }
    let is = |purpose: &str| product.purposes.contains(&purpose);
    if is("antimalware") && product.name != "clamav" {
        unknown("tools[].signatures_day", "the signatures of a product cannot be dated");
    }
    let mut last_report_day = files.newest(product.reports);
    let mut database_day = files.newest(product.databases);
    match product.name {
        "aide" => database_day = files.aide.unwrap_or(database_day),
        "wazuh" | "ossec" => last_report_day = files.answered.filter(|_| files.connected),
        _ if !product.seen && product.reports.is_empty() => {
            unknown("tools[].last_report_day", "the reports of a product cannot be dated");
        }
        _ => {}
    }
    if is("integrity") && product.databases.is_empty() {
        unknown("tools[].database_day", "the database of a product cannot be dated");
    }
    let jobs = product.jobs.iter().filter_map(|job| files.jobs.get(job.as_bytes()));
    let mut scheduled = Some(false);
    jobs.for_each(|job| scheduled = either(scheduled, *job));
    if scheduled.is_none() {
        unknown("tools[].scheduled", "how often a timer runs is not understood");
    }
    // An agent that compares files does so by its own clock.
    let own_clock = is("integrity") && !product.processes.is_empty() && product.jobs.is_empty();
    let own_clock = own_clock && runs != Some(false);
    if own_clock {
        unknown("tools[].scheduled", "how often an agent compares files is not read");
    }
    let scheduled = scheduled.filter(|weekly| *weekly || !own_clock);
    // What may not be read may hold a job.
    let closed = files.denied.iter().any(|path| path.windows(4).any(|four| four == b"cron"));
    let scheduled = scheduled.filter(|weekly| *weekly || !closed);
    let version =
        product.packages.iter().find_map(|package| files.versions.get(package.as_bytes()));
    Some(Tool {
        tool: product.name.to_owned(),
        purposes: canonical_list(product.purposes.iter().map(|&purpose| purpose.to_owned())),
        marks: if product.seen { "seen" } else { "recalled" }.to_owned(),
        installed,
        running: runs,
        scheduled,
        version: version.map(|version| escape_bounded(version, 100)),
        signatures_day: files.signatures.filter(|_| product.name == "clamav"),
        database_day,
        last_report_day,
    })
}

/// Whether one of the two holds, where that is known.
fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, _) | (_, None) => None,
        (Some(false), Some(false)) => Some(false),
    }
}

/// The day of an instant in seconds.
fn day(seconds: &[u8]) -> Option<i64> {
    decimal::<i64>(seconds).map(|seconds| seconds / DAY)
}

/// The day on which a signature database was made, from its head: the seconds
/// of its last field, or the text of its second one.
/// `ClamAV-VDB:16 Sep 2024 04-29 -0400:27399:2067253:90:...:builder:1726475387`.
fn signatures_day(head: &[u8]) -> Option<i64> {
    let rest = head.strip_prefix(b"ClamAV-VDB:")?;
    let fields: Vec<&[u8]> = rest.split(|&b| b == b':').take(16).collect();
    let seconds = fields.get(7).map(|field| field.trim_ascii());
    let digits = |field: &[u8]| field.iter().take_while(|b| b.is_ascii_digit()).count();
    seconds
        .and_then(|field| day(&field[..digits(field)]))
        .filter(|day| *day > 0)
        .or_else(|| written_day(fields.first()?))
}

/// `16 Sep 2024 04-29 -0400`.
fn written_day(text: &[u8]) -> Option<i64> {
    const MONTHS: [&[u8]; 12] = [
        b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov",
        b"Dec",
    ];
    let mut words = text.split(|&b| b == b' ').filter(|word| !word.is_empty());
    let day: i64 = decimal(words.next()?)?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    days(decimal(words.next()?)?, i64::try_from(month).ok()? + 1, day)
}

/// `2024-09-16 08:29:47`.
fn civil_day(text: &[u8]) -> Option<i64> {
    let date = text.split(|&b| b == b' ').next()?;
    let mut parts = date.split(|&b| b == b'-');
    days(decimal(parts.next()?)?, decimal(parts.next()?)?, decimal(parts.next()?)?)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is the last one.
    let year = if month <= 2 { year - 1 } else { year };
    let months = (month + 9) % 12;
    let of_year = (153 * months + 2) / 5 + day - 1;
    Some(year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        assert_eq!(days(1970, 1, 1), Some(0));
        assert_eq!(days(2000, 3, 1), Some(11_017));
        assert_eq!(civil_day(b"2026-11-25 10:00:00"), Some(20_782));
        assert_eq!(civil_day(b""), None);
    }

    #[test]
    fn heads_of_signature_databases() {
        let head = b"ClamAV-VDB:16 Sep 2024 04-29 -0400:27399:2067253:90:0123:AB/cd+:raynman:1726475387   ";
        assert_eq!(signatures_day(head), Some(1_726_475_387 / DAY));
        assert_eq!(signatures_day(b"ClamAV-VDB:16 Sep 2024 04-29 -0400:27399"), Some(19_982));
        assert_eq!(signatures_day(b"PK??"), None);
        assert_eq!(signatures_day(b"ClamAV-VDB:"), None);
    }
}
