//! The configured sources.

use super::super::dump::{Dump, DumpedFile, Found};
use super::TimeSource;
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded};
use crate::problem::Problem;
use anji_model::{FailureCategory, Gap};
use std::collections::{BTreeMap, BTreeSet};

const CHRONY: [&str; 2] = ["/etc/chrony/chrony.conf", "/etc/chrony.conf"];
const CHRONY_MORE: [&str; 5] = [
    "/etc/chrony/conf.d/*.conf",
    "/etc/chrony.d/*.conf",
    "/etc/chrony/sources.d/*.sources",
    "/run/chrony-dhcp/*.sources",
    "/run/chrony-helper/*.sources",
];
const NTP: [&str; 2] = ["/etc/ntp.conf", "/etc/ntpsec/ntp.conf"];
const NTP_MORE: [&str; 1] = ["/etc/ntpsec/ntp.d/*.conf"];
const OPENNTPD: [&str; 2] = ["/etc/openntpd/ntpd.conf", "/etc/ntpd.conf"];
const TIMESYNCD: &str = "/etc/systemd/timesyncd.conf";
const TIMESYNCD_MORE: [&str; 3] = [
    "/usr/lib/systemd/timesyncd.conf.d/*.conf",
    "/run/systemd/timesyncd.conf.d/*.conf",
    "/etc/systemd/timesyncd.conf.d/*.conf",
];

/// Every file that the type reads.
pub(super) const PATTERNS: [&str; 16] = [
    CHRONY[0],
    CHRONY[1],
    CHRONY_MORE[0],
    CHRONY_MORE[1],
    CHRONY_MORE[2],
    CHRONY_MORE[3],
    CHRONY_MORE[4],
    NTP[0],
    NTP[1],
    NTP_MORE[0],
    OPENNTPD[0],
    OPENNTPD[1],
    TIMESYNCD,
    TIMESYNCD_MORE[0],
    TIMESYNCD_MORE[1],
    TIMESYNCD_MORE[2],
];

struct Sources<'d, 'f> {
    dump: &'d Dump<'f>,
    found: Vec<TimeSource>,
    gaps: Vec<Gap>,
}

/// The sources of every configuration that is there.
pub(super) fn sources(dump: &Dump<'_>, gaps: &mut Vec<Gap>) -> Vec<TimeSource> {
    let mut sources = Sources { dump, found: Vec::new(), gaps: Vec::new() };
    for path in CHRONY {
        if let Some(file) = sources.file(path) {
            sources.chrony(file);
        }
    }
    for (daemon, paths) in [("ntpd", NTP), ("openntpd", OPENNTPD)] {
        for path in paths {
            if let Some(file) = sources.file(path) {
                sources.ntp(daemon, file);
            }
        }
    }
    sources.timesyncd();
    gaps.append(&mut sources.gaps);
    canonical_list(sources.found)
}

impl<'d, 'f> Sources<'d, 'f> {
    fn note(&mut self, problem: &Problem) {
        // More would say no more.
        if self.gaps.len() >= 64 {
            return;
        }
        self.gaps.push(problem.partial("sources"));
    }

    fn file(&mut self, path: &str) -> Option<&'d DumpedFile<'f>> {
        match self.dump.file(path) {
            Found::File(file) => {
                if let Some(problem) = &file.problem {
                    self.note(problem);
                }
                Some(file)
            }
            Found::Absent => None,
            Found::Failed(problem) => {
                self.note(&problem);
                None
            }
        }
    }

    fn folder(&mut self, pattern: &str) -> Vec<&'d DumpedFile<'f>> {
        let (files, problems) = self.dump.matching(pattern);
        problems.iter().for_each(|problem| self.note(problem));
        for file in &files {
            if let Some(problem) = &file.problem {
                self.note(problem);
            }
        }
        files
    }

    fn unread(&mut self, what: &str, at: &DumpedFile<'_>) {
        let detail = format!("{}: {what} is not read", escape_bounded(&at.path, 200));
        self.note(&Problem::new(FailureCategory::Unsupported, detail));
    }

    fn add(&mut self, daemon: &str, kind: &str, address: &[u8], file: &DumpedFile<'_>) {
        self.found.push(TimeSource {
            address: escape_bounded(address, 253),
            kind: kind.to_owned(),
            daemon: daemon.to_owned(),
            file: escape(&file.path),
        });
    }

    /// chrony.conf, with the files and folders that it names.
    fn chrony(&mut self, main: &'d DumpedFile<'f>) {
        let mut files = vec![main];
        let mut followed: BTreeSet<&str> = BTreeSet::new();
        let mut at = 0;
        while let Some(file) = files.get(at).copied() {
            at += 1;
            for line in &file.lines {
                let Some((name, words)) = directive(line, b"!;#%") else { continue };
                let Some(first) = words.first() else { continue };
                match name.as_str() {
                    "server" | "pool" | "peer" => self.add("chronyd", &name, first, file),
                    "refclock" => {
                        let driver = words.iter().take(2).copied().collect::<Vec<_>>().join(&b' ');
                        self.add("chronyd", &name, &driver, file);
                    }
                    "include" | "confdir" | "sourcedir" => {
                        let ending: &[u8] = match name.as_str() {
                            "include" => b"",
                            "confdir" => b"/*.conf",
                            _ => b"/*.sources",
                        };
                        for word in &words {
                            let wanted = [word, ending].concat();
                            match CHRONY_MORE.iter().find(|known| known.as_bytes() == wanted) {
                                Some(pattern) if followed.insert(pattern) => {
                                    files.extend(self.folder(pattern));
                                }
                                Some(_) => {}
                                None => self.unread(&escape_bounded(&wanted, 120), file),
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// ntp.conf and the files that ntpsec adds.
    fn ntp(&mut self, daemon: &'static str, main: &'d DumpedFile<'f>) {
        let mut files = vec![main];
        if main.path == NTP[1].as_bytes() {
            files.extend(self.folder(NTP_MORE[0]));
        }
        for file in files {
            for line in &file.lines {
                let Some((name, words)) = directive(line, b"#") else { continue };
                // `server -4 address` names the family first.
                let address = words.iter().find(|word| !word.starts_with(b"-"));
                match (name.as_str(), address) {
                    ("server" | "peer", Some(address)) if address.starts_with(b"127.127.") => {
                        self.add(daemon, "refclock", address, file);
                    }
                    ("server" | "pool" | "peer" | "servers" | "broadcastclient", Some(address)) => {
                        let kind = if name == "servers" { "pool" } else { name.as_str() };
                        self.add(daemon, kind, address, file);
                    }
                    ("sensor" | "refclock", Some(address)) => {
                        self.add(daemon, "refclock", address, file);
                    }
                    ("includefile", Some(path)) => self.unread(&escape_bounded(path, 120), file),
                    _ => {}
                }
            }
        }
    }

    /// timesyncd.conf and its drop-ins, in the order of their names, of equal
    /// names the one in /etc.
    fn timesyncd(&mut self) {
        let mut drop_ins: BTreeMap<&[u8], &'d DumpedFile<'f>> = BTreeMap::new();
        let main = self.file(TIMESYNCD);
        for pattern in TIMESYNCD_MORE {
            for file in self.folder(pattern) {
                let name = file.path.rsplit(|&b| b == b'/').next().unwrap_or_default();
                drop_ins.insert(name, file);
            }
        }
        let files = main.into_iter().chain(drop_ins.into_values());
        let mut kept: [Vec<(&[u8], &DumpedFile<'_>)>; 2] = [Vec::new(), Vec::new()];
        for file in files {
            for line in &file.lines {
                let line = line.trim_ascii();
                let Some(at) = line.iter().position(|&b| b == b'=') else { continue };
                let slot = match line[..at].trim_ascii() {
                    b"NTP" => &mut kept[0],
                    b"FallbackNTP" => &mut kept[1],
                    _ => continue,
                };
                let value = line[at + 1..].trim_ascii();
                // An empty value takes back what was set before.
                if value.is_empty() {
                    slot.clear();
                }
                let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
                slot.extend(words.map(|word| (word, file)));
            }
        }
        for (kind, words) in ["server", "fallback"].into_iter().zip(kept) {
            for (word, file) in words {
                self.add("systemd-timesyncd", kind, word, file);
            }
        }
    }
}

/// The name of a directive in lower case, and its words.
fn directive<'l>(line: &'l [u8], comments: &[u8]) -> Option<(String, Vec<&'l [u8]>)> {
    let line = line.trim_ascii();
    if line.first().is_none_or(|first| comments.contains(first)) {
        return None;
    }
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let name = escape_bounded(words.next()?, 64).to_ascii_lowercase();
    Some((name, words.take_while(|word| !word.starts_with(b"#")).take(64).collect()))
}
