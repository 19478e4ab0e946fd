//! The parser.

use super::super::dump::{Dump, Found};
use super::super::file_stat::Mode;
use super::super::{decimal, whole_lines};
use super::{Body, Family, LogFile, ROTATE, Rotation, TREE, logrotate, name};
use crate::body::canonical_list;
use crate::escape::escape;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, whole};
use crate::status;
use anji_model::{FailureCategory, Gap};
use std::collections::BTreeMap;

const AUDITD: &str = "/etc/audit/auditd.conf";
const AUDIT_LOG: &str = "/var/log/audit/audit.log";
const JOURNAL: &str = "/var/log/journal";
const R: [&str; 4] = logrotate::PATTERNS;

/// Every file that the type reads.
pub(super) const PATTERNS: [&str; 5] = [R[0], R[1], R[2], R[3], AUDITD];

const DAY: i64 = 86_400;

/// What the capture of the files says.
#[derive(Default)]
struct Tree {
    files: Vec<LogFile>,
    /// Logs by their path: class, the oldest change of a rotated file, the
    /// oldest first line; whether there is a current file without one.
    logs: BTreeMap<String, Log>,
    denied: Vec<String>,
    more: bool,
    host_day: Option<i64>,
    last_run_day: Option<i64>,
    program: bool,
    scheduled_by: Vec<String>,
    end: bool,
    unread: bool,
}

#[derive(Default)]
struct Log {
    class: &'static str,
    oldest_day: Option<i64>,
    /// The last change of the current file.
    current_day: Option<i64>,
    first_line: bool,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = arrived(frames, TREE)?;
    if frame.exit == Some(status::ABSENT) && whole_lines(frame).next().is_none() {
        return Ok(Parsed::absent("no folder /var/log"));
    }
    let mut gaps = Vec::new();
    let tree = Tree::read(whole(frames, TREE)?)?;
    let configuration = arrived(frames, ROTATE).and_then(Dump::read);
    let (rotations, audit) = match &configuration {
        Ok(dump) => {
            let (rotations, problems) = logrotate::rotations(dump);
            gaps.extend(problems.iter().map(|problem| problem.partial("rotations")));
            (rotations, audit(dump))
        }
        Err(problem) => {
            gaps.push(problem.partial("rotations"));
            (Vec::new(), Err(problem.clone()))
        }
    };
    tree.gaps(&mut gaps);
    let mut families: Vec<Family> = Vec::new();
    for (path, log) in &tree.logs {
        families.push(log.family(path, &rotations, &audit, &mut gaps));
    }
    let body = Body {
        files: canonical_list(tree.files),
        families: canonical_list(families),
        host_day: tree.host_day,
        logrotate: Some(tree.program),
        scheduled_by: canonical_list(tree.scheduled_by),
        last_run_day: tree.last_run_day,
        rotations: canonical_list(rotations),
    };
    Ok(Parsed::collected(&body, gaps))
}

impl Tree {
    fn read(frame: &Frame) -> Result<Self, Problem> {
        let mut tree = Self::default();
        for line in whole_lines(frame) {
            if tree.line(line).is_none() {
                tree.unread = true;
            }
        }
        if tree.unread || !tree.end {
            let detail = "the capture of the log files has another form";
            return Err(Problem::new(FailureCategory::Unparsable, detail));
        }
        Ok(tree)
    }

    fn line(&mut self, line: &[u8]) -> Option<()> {
        let at = line.iter().position(|&b| b == b' ');
        let (word, rest) = match at {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &[][..]),
        };
        match word {
            b"f" => self.file(rest)?,
            b"t" | b"j" => self.first_line(word, rest)?,
            b"denied" => self.denied.push(escape(rest)),
            b"more" => self.more = true,
            b"link" => {
                let class = name::class(&name::base(&escape(rest)).0);
                self.more |= class != "other";
            }
            b"host" => self.host_day = Some(day(decimal(rest)?)),
            b"status" => self.last_run_day = self.last_run_day.max(Some(day(decimal(rest)?))),
            b"program" => self.program = true,
            b"timer" | b"cron.daily" => self.scheduled_by.push(escape(word)),
            b"end" => self.end = true,
            _ => return None,
        }
        Some(())
    }

    fn file(&mut self, rest: &[u8]) -> Option<()> {
        let mut words = rest.splitn(5, |&b| b == b' ');
        let mode = Mode::parse(words.next()?)?;
        let [uid, gid] = [decimal(words.next()?)?, decimal(words.next()?)?];
        let changed: i64 = decimal(words.next()?)?;
        let path = escape(words.next()?);
        let (base, rotated) = name::base(&path);
        let class = name::class(&base);
        if class == "messages" || base == AUDIT_LOG {
            let log = self.log(base.clone(), class);
            if rotated {
                log.older(day(changed));
            } else {
                log.current_day = Some(day(changed));
            }
        }
        if class == "journal" {
            let log = self.log(JOURNAL.to_owned(), "journal");
            if let Some(first) = path.rsplit_once('@').and_then(|(_, end)| archived(end)) {
                log.older(day(first));
            }
        }
        self.files.push(LogFile {
            path: base,
            rotated,
            class: class.to_owned(),
            mode: format!("{:04o}", mode.bits),
            uid,
            gid,
        });
        Some(())
    }

    fn log(&mut self, path: String, class: &'static str) -> &mut Log {
        let log = self.logs.entry(path).or_default();
        log.class = class;
        log
    }

    /// The time of a first line: `2026-11-23 PATH`, `Nov 23 PATH`, `SECONDS PATH`,
    /// and for the journal microseconds in hex.
    fn first_line(&mut self, word: &[u8], rest: &[u8]) -> Option<()> {
        let at = rest.iter().position(|&b| b == b'/')?;
        let (time, path) = rest.split_at(at);
        let (time, path) = (std::str::from_utf8(time).ok()?.trim_end(), escape(path));
        let (base, _) = name::base(&path);
        if word == b"j" {
            let first = i64::from_str_radix(time, 16).ok()? / 1_000_000;
            let log = self.log(JOURNAL.to_owned(), "journal");
            log.first_line = true;
            if first > 0 {
                log.older(day(first));
            }
            return Some(());
        }
        let class = name::class(&base);
        if class != "messages" && base != AUDIT_LOG {
            return Some(());
        }
        let log = self.log(base, class);
        log.first_line = true;
        let found = match time.parse::<i64>() {
            Ok(seconds) => Some(day(seconds)),
            Err(_) => date(time, log.current_day),
        };
        found.map(|day| log.older(day))
    }

    fn gaps(&self, gaps: &mut Vec<Gap>) {
        for folder in &self.denied {
            let detail = format!("{folder}: permission denied");
            let problem = Problem::new(FailureCategory::Permission, detail);
            gaps.push(problem.partial("files"));
            gaps.push(problem.partial("families"));
        }
        if self.more {
            let detail = "links in another root, or more files than are read";
            let problem = Problem::new(FailureCategory::Unsupported, detail);
            gaps.push(problem.partial("files"));
            gaps.push(problem.partial("families"));
        }
    }
}

impl Log {
    fn older(&mut self, day: i64) {
        self.oldest_day = Some(self.oldest_day.map_or(day, |have| have.min(day)));
    }

    fn family(
        &self,
        path: &str,
        rotations: &[Rotation],
        audit: &Result<Keeps, Problem>,
        gaps: &mut Vec<Gap>,
    ) -> Family {
        let oldest_day = self.oldest_day;
        if oldest_day.is_none() && !self.first_line {
            let detail = format!("{path}: its first line was not had");
            let problem = Problem::new(FailureCategory::Permission, detail);
            gaps.push(problem.unknown("families[].oldest_day"));
        }
        let rule = rotations.iter().find(|rule| rule.holds_for(path));
        let by_rule = match rule {
            None => Keeps::All,
            Some(rule) if rule.by_size() => Keeps::Size,
            Some(rule) => rule.kept_days.map_or(Keeps::All, Keeps::Days),
        };
        let keeps = match (self.class, audit) {
            ("journal", _) => Keeps::Size,
            ("audit", Ok(own)) => by_rule.less(*own),
            ("audit", Err(problem)) => {
                gaps.push(problem.unknown("families[].kept_days"));
                gaps.push(problem.unknown("families[].unlimited"));
                return Family {
                    path: path.to_owned(),
                    class: self.class.to_owned(),
                    oldest_day,
                    kept_days: None,
                    unlimited: None,
                };
            }
            _ => by_rule,
        };
        if keeps == Keeps::Size {
            let detail = format!("{path}: a size decides how long lines are kept");
            let problem = Problem::new(FailureCategory::Unsupported, detail);
            gaps.push(problem.unknown("families[].kept_days"));
            if self.class == "journal" {
                // It goes by the free space too.
                gaps.push(problem.unknown("families[].unlimited"));
            }
        }
        Family {
            path: path.to_owned(),
            class: self.class.to_owned(),
            oldest_day,
            kept_days: match keeps {
                Keeps::Days(days) => Some(days),
                _ => None,
            },
            unlimited: (self.class != "journal").then_some(keeps == Keeps::All),
        }
    }
}

/// How long lines are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    All,
    Days(i64),
    Size,
}

impl Keeps {
    /// The one that deletes earlier; of a size nobody knows.
    fn less(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, keeps) | (keeps, Self::All) => keeps,
            (Self::Days(one), Self::Days(two)) => Self::Days(one.min(two)),
            _ => Self::Size,
        }
    }
}

/// What the audit daemon itself deletes.
fn audit(dump: &Dump<'_>) -> Result<Keeps, Problem> {
    let file = match dump.file(AUDITD) {
        Found::File(file) => file,
        Found::Absent => return Ok(Keeps::All),
        Found::Failed(problem) => return Err(problem),
    };
    if let Some(problem) = &file.problem {
        return Err(problem.clone());
    }
    let mut action = String::new();
    for line in &file.lines {
        let text = escape(line.trim_ascii());
        if let Some((key, value)) = text.split_once('=')
            && key.trim().eq_ignore_ascii_case("max_log_file_action")
        {
            action = value.trim().to_ascii_lowercase();
        }
    }
    Ok(match action.as_str() {
        "ignore" | "keep_logs" | "syslog" => Keeps::All,
        _ => Keeps::Size,
    })
}

/// The second of an archived journal's first entry, from its name
/// `SEQUENCE-NUMBER-TIME.journal`.
fn archived(end: &str) -> Option<i64> {
    let time = end.strip_suffix('~').unwrap_or(end).strip_suffix(".journal")?;
    let micros = i64::from_str_radix(time.rsplit_once('-')?.1, 16).ok()?;
    (micros > 0).then_some(micros / 1_000_000)
}

fn day(seconds: i64) -> i64 {
    seconds.div_euclid(DAY)
}

/// `2026-11-23`, or `Nov 23` in the last year in which it is not after the
/// file's last change.
fn date(text: &str, changed: Option<i64>) -> Option<i64> {
    let number = |digits: &str| decimal::<i64>(digits.trim().as_bytes());
    if let [year, month, day] = text.split('-').collect::<Vec<_>>().as_slice() {
        return civil(number(year)?, number(month)?, number(day)?);
    }
    let (month, day) = text.split_once(' ')?;
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1;
    let changed = changed?;
    let year = 1970 + changed.div_euclid(366);
    let days = (-1..3).filter_map(|more| civil(year + more, month, number(day)?));
    // A clock in another zone may be a day ahead.
    days.filter(|day| *day <= changed + 1).max()
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn civil(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_days() {
        assert_eq!(civil(1970, 1, 1), Some(0));
        assert_eq!(civil(2026, 11, 23), Some(20_780));
        assert_eq!(civil(2024, 2, 29), Some(19_782));
        assert_eq!(civil(2026, 13, 1), None);
        assert_eq!(date("2026-11-23", None), Some(20_780));
        assert_eq!(date("Nov 23", Some(20_781)), Some(20_780));
        // Not yet this year: it was the year before.
        assert_eq!(date("Dec 31", Some(20_781)), civil(2025, 12, 31));
        assert_eq!(date("Feb  3", Some(20_781)), civil(2026, 2, 3));
        assert_eq!(date("Nov 23", None), None);
    }

    #[test]
    fn names_of_the_journal_tell_their_first_entry() {
        assert_eq!(archived("0a-0001-000660f6abffa89f.journal"), Some(1_795_462_424));
        assert_eq!(archived("0a.journal"), None);
    }
}
