//! What apt would do, from the lists that it has fetched.

use super::{List, Update, day};
use crate::body::canonical_list;
use crate::escape::escape;
use crate::frame::Frame;
use crate::problem::Problem;
use crate::types::packages::unpacked_states;
use crate::types::whole_lines;
use crate::version::Scheme::Dpkg;
use anji_model::FailureCategory;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Priorities that apt gives where nobody has set others.
const NORMAL: i32 = 500;
const INSTALLED: i32 = 100;
const BUT_AUTOMATIC: i32 = 100;
const NOT_AUTOMATIC: i32 = 1;

/// What the lists of apt say.
#[derive(Debug, Default)]
pub(super) struct Apt {
    pub(super) lists: Vec<List>,
    pub(super) security: Vec<Update>,
    pub(super) updates: Vec<Update>,
    pub(super) held: Vec<String>,
    /// Versions that security lists offer, by package.
    pub(super) offered: BTreeMap<String, BTreeSet<String>>,
    /// Why more security updates may wait than are told.
    pub(super) security_open: Option<Problem>,
    /// Why other updates may wait than are told.
    pub(super) updates_open: Option<Problem>,
    /// Why the lines themselves cannot be trusted to be all.
    pub(super) broken: Option<Problem>,
}

struct Installed {
    label: String,
    name: Vec<u8>,
    arch: Vec<u8>,
    version: String,
    held: bool,
}

#[derive(Default)]
struct Release {
    list: List,
    not_automatic: bool,
    but_automatic: bool,
}

struct Offer {
    arch: Vec<u8>,
    version: String,
    priority: i32,
    security: bool,
}

/// Name, architecture and version.
type Stanza<'f> = (&'f [u8], &'f [u8], &'f [u8]);

#[derive(Default)]
struct Reading<'f> {
    installed: Vec<Installed>,
    releases: BTreeMap<&'f [u8], Release>,
    /// Files that are read, in order of their names.
    files: BTreeSet<&'f [u8]>,
    /// Offers of each file of packages.
    offers: BTreeMap<&'f [u8], Vec<Stanza<'f>>>,
    current: &'f [u8],
    unread: Option<Problem>,
    pinned: bool,
    ended: bool,
    broken: Option<Problem>,
}

pub(super) fn read(frame: &Frame) -> Apt {
    let mut reading = Reading::default();
    for line in whole_lines(frame) {
        if reading.line(line).is_none() {
            let detail = format!("capture {} has a line of another form", frame.id);
            let problem = || Problem::new(FailureCategory::Unparsable, detail);
            reading.broken.get_or_insert_with(problem);
        }
    }
    if !reading.ended {
        let detail = format!("capture {} has no end", frame.id);
        let problem = || Problem::new(FailureCategory::Incomplete, detail);
        reading.broken.get_or_insert_with(problem);
    }
    reading.decide()
}

impl<'f> Reading<'f> {
    fn line(&mut self, line: &'f [u8]) -> Option<()> {
        let fields: Vec<&[u8]> = line.splitn(6, |&b| b == b'\t').collect();
        match fields.as_slice() {
            [b"i", name, arch, version, status] => self.package(name, arch, version, status)?,
            [b"pin"] => self.pinned = true,
            [b"end"] => self.ended = true,
            [b"x", file, why] => {
                let file = crate::escape::escape_bounded(file, 200);
                let problem = match *why {
                    b"closed" => Problem::new(FailureCategory::Permission, file),
                    b"failed" => {
                        let detail = format!("package list {file} could not be unpacked");
                        Problem::new(FailureCategory::CommandFailed, detail)
                    }
                    _ => {
                        let detail = format!("compressed package list {file}");
                        Problem::new(FailureCategory::Unsupported, detail)
                    }
                };
                self.unread.get_or_insert(problem);
            }
            [b"F", file] => {
                self.files.insert(file);
            }
            [b"f", file] => self.current = file,
            [b"R", line] => {
                let current = self.current;
                self.releases.entry(current).or_default().line(line);
            }
            [b"e", name, arch, version] => {
                let offers = self.offers.entry(self.current).or_default();
                offers.push((name, arch, version));
            }
            _ => return None,
        }
        Some(())
    }

    fn package(&mut self, name: &[u8], arch: &[u8], version: &[u8], status: &[u8]) -> Option<()> {
        let words: Vec<&[u8]> = status.split(|&b| b == b' ').collect();
        let &[want, _, state] = words.as_slice() else { return None };
        let present = std::str::from_utf8(state).is_ok_and(unpacked_states);
        if present && !version.is_empty() {
            self.installed.push(Installed {
                label: format!("{}:{}", escape(name), escape(arch)),
                name: name.to_vec(),
                arch: arch.to_vec(),
                version: escape(version),
                held: want == b"hold",
            });
        }
        Some(())
    }

    fn decide(mut self) -> Apt {
        let mut apt = Apt { broken: self.broken.take(), ..Apt::default() };
        let mut offers: BTreeMap<&[u8], Vec<Offer>> = BTreeMap::new();
        let mut orphans = false;
        let mut served: BTreeSet<&[u8]> = BTreeSet::new();
        for file in self.files.iter().filter(|file| !is_release(file)) {
            let release = self.release_of(file);
            orphans |= release.is_none();
            served.extend(release);
            let release = release.and_then(|release| self.releases.get(release));
            let priority = release.map_or(NORMAL, Release::priority);
            let security = release.is_some_and(Release::is_security);
            for &(name, arch, version) in self.offers.get(file).into_iter().flatten() {
                let version = escape(version);
                let arch = arch.to_vec();
                offers.entry(name).or_default().push(Offer { arch, version, priority, security });
            }
        }
        let mut lacking = false;
        for (file, release) in &self.releases {
            let list = List {
                list: escape(file),
                security: release.is_security(),
                ..release.list.clone()
            };
            // A release without its packages was fetched in part.
            lacking |= list.security && !served.contains(file);
            apt.lists.push(list);
        }
        apt.lists = canonical_list(apt.lists);
        let native = self.installed.iter().find(|p| p.name == b"dpkg").map(|p| p.arch.clone());
        for package in &self.installed {
            let own = offers.get(package.name.as_slice()).map_or(&[][..], Vec::as_slice);
            apt.judge(package, own, native.as_deref());
        }
        apt.held = canonical_list(std::mem::take(&mut apt.held));
        apt.security = canonical_list(std::mem::take(&mut apt.security));
        apt.updates = canonical_list(std::mem::take(&mut apt.updates));
        let incomplete = |detail: &str| Problem::new(FailureCategory::Incomplete, detail);
        apt.security_open = apt.broken.clone().or(self.unread.take()).or_else(|| {
            if !apt.lists.iter().any(|list| list.security) {
                return Some(incomplete("no list of security updates has been fetched"));
            }
            lacking.then(|| incomplete("a list of security updates was fetched in part"))
        });
        apt.updates_open = apt.security_open.clone().or_else(|| {
            if self.pinned {
                let detail = "priorities or a default release are configured for apt";
                return Some(Problem::new(FailureCategory::Unsupported, detail));
            }
            orphans.then(|| incomplete("a list of packages has no release file"))
        });
        apt
    }

    /// The release file that a file of packages belongs to: its name up to the component.
    fn release_of(&self, file: &[u8]) -> Option<&'f [u8]> {
        let stem = |release: &'f [u8]| {
            let stem = release.strip_suffix(b"InRelease").or(release.strip_suffix(b"Release"))?;
            file.starts_with(stem).then_some((stem.len(), release))
        };
        let releases = self.files.iter().copied().filter(|file| is_release(file));
        releases.filter_map(stem).max().map(|(_, release)| release)
    }
}

fn is_release(file: &[u8]) -> bool {
    file.ends_with(b"Release")
}

impl Release {
    fn line(&mut self, line: &[u8]) {
        let Some(at) = line.iter().position(|&b| b == b':') else { return };
        let (name, value) = (&line[..at], line[at + 1..].trim_ascii());
        let yes = value.eq_ignore_ascii_case(b"yes");
        match name {
            b"Origin" => self.list.origin = Some(escape(value)),
            b"Label" => self.list.label = Some(escape(value)),
            b"Suite" => self.list.suite = Some(escape(value)),
            b"Codename" if self.list.suite.is_none() => self.list.suite = Some(escape(value)),
            b"Date" => self.list.release_day = day::rfc2822(value),
            b"NotAutomatic" => self.not_automatic = yes,
            b"ButAutomaticUpgrades" => self.but_automatic = yes,
            _ => {}
        }
    }

    fn priority(&self) -> i32 {
        match (self.not_automatic, self.but_automatic) {
            (false, _) => NORMAL,
            (true, true) => BUT_AUTOMATIC,
            (true, false) => NOT_AUTOMATIC,
        }
    }

    /// Debian labels it so; Ubuntu and its kin name the suite so.
    fn is_security(&self) -> bool {
        let label = self.list.label.as_deref().unwrap_or_default().to_ascii_lowercase();
        let suite = self.list.suite.as_deref().unwrap_or_default();
        label.ends_with("-security") || label == "security" || suite.ends_with("-security")
    }
}

impl Apt {
    fn judge(&mut self, package: &Installed, offers: &[Offer], native: Option<&[u8]>) {
        if package.held {
            self.held.push(package.label.clone());
        }
        let fits = |offer: &&Offer| {
            offer.arch == package.arch
                || offer.arch == b"all"
                || (package.arch == b"all" && native == Some(&offer.arch))
        };
        let newer = |a: &str, b: &str| Dpkg.compare(a, b);
        let mut best = (INSTALLED, package.version.as_str());
        let mut secure: Option<&str> = None;
        for offer in offers.iter().filter(fits) {
            let version = offer.version.as_str();
            if offer.security {
                let known = self.offered.entry(package.label.clone()).or_default();
                known.insert(offer.version.clone());
            }
            if newer(version, &package.version) == Ordering::Less {
                continue;
            }
            let order = offer.priority.cmp(&best.0).then_with(|| newer(version, best.1));
            if order == Ordering::Greater {
                best = (offer.priority, version);
            }
            if offer.security && newer(version, secure.unwrap_or(&package.version)).is_gt() {
                secure = Some(version);
            }
        }
        let update = |available: &str| Update {
            package: package.label.clone(),
            installed: package.version.clone(),
            available: available.to_owned(),
            held: package.held,
            published_day: None,
        };
        self.security.extend(secure.map(update));
        if newer(best.1, &package.version).is_gt() {
            self.updates.push(update(best.1));
        }
    }
}

#[cfg(test)]
mod tests;
