//! When packages were upgraded, from apt's logs.

use super::day;
use crate::escape::escape;
use crate::frame::Frame;
use crate::problem::Problem;
use crate::types::whole_lines;
use anji_model::FailureCategory;
use std::collections::{BTreeMap, BTreeSet};

/// What the logs tell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    pub(super) last: Option<i64>,
    pub(super) last_full: Option<i64>,
    /// A run that upgraded what its rules allow, which may have been all.
    pub(super) some: bool,
    pub(super) last_security: Option<i64>,
    /// Why something later may have happened.
    pub(super) problem: Option<Problem>,
}

/// Reads the logs. `offered` are the versions that security lists offer, by package.
pub(super) fn read(frame: &Frame, offered: &BTreeMap<String, BTreeSet<String>>) -> History {
    let mut history = History::default();
    let mut ended = false;
    let mut open: Option<i64> = None;
    for line in whole_lines(frame) {
        let fields: Vec<&[u8]> = line.splitn(4, |&b| b == b'\t').collect();
        let problem = match fields.as_slice() {
            [b"h", date, kind @ (b"full" | b"some" | b"part" | b"failed")] => {
                open = day::iso(date);
                history.last = history.last.max(open);
                if *kind == b"full" {
                    history.last_full = history.last_full.max(open);
                }
                history.some |= *kind == b"some";
                open.is_none().then_some((FailureCategory::Unparsable, "a day is not understood"))
            }
            [b"u", list] => {
                if is_security(list, offered) {
                    history.last_security = history.last_security.max(open);
                }
                None
            }
            [b"x", _] => Some((FailureCategory::Incomplete, "a log of apt could not be read")),
            [b"end"] => {
                ended = true;
                None
            }
            _ => Some((FailureCategory::Unparsable, "a log of apt is not understood")),
        };
        if let Some((category, detail)) = problem {
            history.problem.get_or_insert_with(|| Problem::new(category, detail));
        }
    }
    if !ended {
        let detail = format!("capture {} has no end", frame.id);
        let problem = || Problem::new(FailureCategory::Incomplete, detail);
        history.problem.get_or_insert_with(problem);
    }
    history
}

/// Whether `name:arch (old, new), ...` brought a version that a security list offers.
fn is_security(list: &[u8], offered: &BTreeMap<String, BTreeSet<String>>) -> bool {
    list.split(|&b| b == b')').any(|item| {
        let item = item.strip_prefix(b", ").unwrap_or(item);
        let Some(at) = item.iter().position(|&b| b == b' ') else { return false };
        let versions = item[at + 1..].strip_prefix(b"(").unwrap_or_default();
        let mut versions = versions.split(|&b| b == b',').skip(1);
        let Some(new) = versions.next() else { return false };
        let package = escape(&item[..at]);
        // Packages for any architecture stand in the log with the native one.
        let any = package.split_once(':').map(|(name, _)| format!("{name}:all"));
        let versions = offered.get(&package).or_else(|| offered.get(&any?));
        versions.is_some_and(|versions| versions.contains(&escape(new.trim_ascii())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(data: &[u8]) -> History {
        let versions = BTreeSet::from(["3.0.22-1".to_owned()]);
        let offered = BTreeMap::from([
            ("libssl3:amd64".to_owned(), versions),
            ("tzdata:all".to_owned(), BTreeSet::from(["2026f".to_owned()])),
        ]);
        read(&Frame { data: data.to_vec(), exit: Some(0), ..Frame::empty("x") }, &offered)
    }

    #[test]
    fn a_run_of_unattended_upgrades_is_not_taken_for_one_of_everything() {
        let history = of(b"h\t2026-01-01\tsome\nu\ttzdata:amd64 (2026a, 2026f)\nend\n");
        assert_eq!((history.last_full, history.some), (None, true));
        assert_eq!(history.last, day::iso(b"2026-01-01"));
    }

    #[test]
    fn days_are_told_apart() {
        let history = of(b"h\t2026-01-01\tfull\nu\ttzdata:amd64 (2026a, 2026f)\n\
            h\t2026-02-01\tpart\nu\ta:amd64 (1, 2), libssl3:amd64 (3.0.20-1, 3.0.22-1)\n\
            h\t2026-03-01\tfailed\nu\ta:amd64 (2, 3)\nend\n");
        assert_eq!(history.last, day::iso(b"2026-03-01"));
        assert_eq!(history.last_full, day::iso(b"2026-01-01"));
        assert_eq!(history.last_security, day::iso(b"2026-02-01"));
        assert_eq!(history.problem, None);
        assert_eq!(
            of(b"h\t2026-01-01\tfull\nu\ttzdata:amd64 (2026a, 2026f)\nend\n").last_security,
            day::iso(b"2026-01-01")
        );
    }

    #[test]
    fn what_is_not_whole_is_not_trusted() {
        assert_eq!(of(b"end\n"), History::default());
        for data in [&b""[..], b"x\t/var/log/apt\nend\n", b"h\tx\tfull\nend\n", b"junk\nend\n"] {
            assert!(of(data).problem.is_some(), "{data:?}");
        }
    }
}
