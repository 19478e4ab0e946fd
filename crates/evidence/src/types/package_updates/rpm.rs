//! What waits on a host with rpm, from the advisories that its tools have cached.

use super::{List, Update, day};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded};
use crate::frame::Frame;
use crate::problem::Problem;
use crate::types::{decimal, whole_lines};
use crate::version::Scheme;
use anji_model::FailureCategory;
use std::collections::BTreeMap;

/// What the cached advisories say.
#[derive(Debug, Default)]
pub(super) struct Rpm {
    pub(super) lists: Vec<List>,
    pub(super) security: Vec<Update>,
    pub(super) last: Option<i64>,
    /// Why more may wait than is told.
    pub(super) open: Option<Problem>,
    /// Whether the lines themselves may be lost.
    pub(super) broken: Option<Problem>,
}

type Package<'f> = (&'f [u8], &'f [u8]);

struct Advised {
    version: String,
    day: Option<i64>,
}

#[derive(Default)]
struct Reading<'f> {
    /// The newest installed version of each package.
    installed: BTreeMap<Package<'f>, String>,
    advised: BTreeMap<Package<'f>, Vec<Advised>>,
    days: BTreeMap<&'f [u8], i64>,
    rpm: Rpm,
    ended: bool,
}

pub(super) fn read(frame: &Frame) -> Rpm {
    let mut reading = Reading::default();
    for line in whole_lines(frame) {
        if reading.line(line).is_none() {
            let detail = format!("capture {} has a line of another form", frame.id);
            let problem = || Problem::new(FailureCategory::Unparsable, detail);
            reading.rpm.broken.get_or_insert_with(problem);
        }
    }
    if !reading.ended {
        let detail = format!("capture {} has no end", frame.id);
        let problem = || Problem::new(FailureCategory::Incomplete, detail);
        reading.rpm.broken.get_or_insert_with(problem);
    }
    reading.decide()
}

impl<'f> Reading<'f> {
    fn line(&mut self, line: &'f [u8]) -> Option<()> {
        let fields: Vec<&[u8]> = line.splitn(6, |&b| b == b'\t').collect();
        match fields.as_slice() {
            [b"i", b"gpg-pubkey", ..] => {}
            [b"i", name, arch, version, seconds] => {
                let when = day::of_seconds(decimal(seconds)?);
                self.rpm.last = self.rpm.last.max(Some(when));
                let version = escape(version);
                let known = self.installed.entry((name, arch)).or_insert_with(|| version.clone());
                if Scheme::Rpm.compare(&version, known).is_gt() {
                    *known = version;
                }
            }
            [b"a", name, arch, version, date] => {
                let advised = Advised { version: escape(version), day: day::iso(date) };
                self.advised.entry((name, arch)).or_default().push(advised);
            }
            [b"t", list, seconds] => {
                let when = day::of_seconds(decimal(seconds)?);
                let known = self.days.entry(list).or_insert(when);
                *known = when.max(*known);
            }
            [b"l", list] => {
                self.rpm.lists.push(List { list: escape(list), security: true, ..List::default() })
            }
            [b"x", list, why] => {
                let list = escape_bounded(list, 200);
                let (category, detail) = match *why {
                    b"closed" => (FailureCategory::Permission, "cannot be read"),
                    b"tool" => (FailureCategory::ToolMissing, "cannot be unpacked here"),
                    b"none" => (FailureCategory::Incomplete, "publishes none, or none is cached"),
                    _ => (FailureCategory::Incomplete, "are cut"),
                };
                let detail = format!("advisories of {list}: {detail}");
                self.rpm.open.get_or_insert_with(|| Problem::new(category, detail));
            }
            [b"end"] => self.ended = true,
            _ => return None,
        }
        Some(())
    }

    fn decide(mut self) -> Rpm {
        let mut streams = false;
        for (package, version) in &self.installed {
            let advised = self.advised.get(package).map_or(&[][..], Vec::as_slice);
            let newer = advised.iter().filter(|a| Scheme::Rpm.compare(&a.version, version).is_gt());
            let mut update: Option<Update> = None;
            for one in newer {
                // Several streams of a module have advisories side by side; which
                // of them this host follows is not told here.
                if one.version.contains(".module") {
                    streams = true;
                    continue;
                }
                let update = update.get_or_insert_with(|| Update {
                    package: format!("{}:{}", escape(package.0), escape(package.1)),
                    installed: version.clone(),
                    available: one.version.clone(),
                    held: false,
                    published_day: one.day,
                });
                if Scheme::Rpm.compare(&one.version, &update.available).is_gt() {
                    update.available.clone_from(&one.version);
                }
                update.published_day = match (update.published_day, one.day) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            self.rpm.security.extend(update);
        }
        for list in &mut self.rpm.lists {
            list.release_day = self.days.get(list.list.as_bytes()).copied();
        }
        self.rpm.lists = canonical_list(std::mem::take(&mut self.rpm.lists));
        let why = if self.rpm.lists.is_empty() {
            Some("no advisories are cached")
        } else {
            streams.then_some("advisories of modules that may or may not be enabled")
        };
        if let Some(detail) = why {
            let problem = || Problem::new(FailureCategory::Incomplete, detail);
            self.rpm.open.get_or_insert_with(problem);
        }
        self.rpm
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(data: &[u8]) -> Rpm {
        read(&Frame { data: data.to_vec(), exit: Some(0), ..Frame::empty("x") })
    }

    const TWO: &str = "i\topenssl\tx86_64\t1:3.0.7-24.el9\t1795463624\n\
        i\tkernel\tx86_64\t5.14.0-70.el9\t1795463624\n\
        i\tkernel\tx86_64\t5.14.0-362.el9\t1795463624\n\
        t\tbaseos\t1795463624\nl\tbaseos\n";

    #[test]
    fn advisories_are_held_against_the_newest_installed_version() {
        let rpm = of(format!(
            "{TWO}a\topenssl\tx86_64\t1:3.0.7-25.el9\t2026-03-01 00:00:00\n\
             a\topenssl\tx86_64\t1:3.0.7-27.el9\t2026-05-01 00:00:00\n\
             a\topenssl\tx86_64\t1:3.0.7-1.el9\t2025-05-01 00:00:00\n\
             a\topenssl\ti686\t1:3.0.7-30.el9\t2026-05-01 00:00:00\n\
             a\tkernel\tx86_64\t5.14.0-284.el9\t2025-05-01 00:00:00\nend\n"
        )
        .as_bytes());
        assert!(rpm.open.is_none() && rpm.broken.is_none());
        let [update] = rpm.security.as_slice() else { panic!("{:?}", rpm.security) };
        assert_eq!(update.available, "1:3.0.7-27.el9");
        assert_eq!(update.published_day, day::iso(b"2026-03-01"));
        assert_eq!(rpm.lists[0].release_day, Some(20780));
        assert_eq!(rpm.last, Some(20780));
    }

    #[test]
    fn what_is_not_known_stays_open() {
        let none = of(b"i\ta\tnoarch\t1-1\t1\nend\n");
        assert!(none.open.is_some());
        let cut = of(format!("{TWO}x\tappstream\tcut\nend\n").as_bytes());
        assert!(cut.open.is_some());
        let module = "a\topenssl\tx86_64\t1:9-1.module+el8\t2026-01-01\nend\n";
        let module = of(format!("{TWO}{module}").as_bytes());
        assert!(module.open.is_some() && module.security.is_empty());
        assert!(of(TWO.as_bytes()).broken.is_some());
        assert!(of(b"junk\nend\n").broken.is_some());
    }
}
