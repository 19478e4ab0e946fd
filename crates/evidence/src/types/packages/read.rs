//! From the lines of the captures to the list of packages.

use super::{APK, Body, DPKG, Package, RPM};
use crate::body::canonical_list;
use crate::escape::escape;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped};
use crate::status;
use crate::types::{decimal, whole_lines};
use anji_model::{FailureCategory, Gap};
use std::collections::BTreeMap;

/// What came of one manager's database.
enum Found {
    /// It is not there.
    None,
    /// Its packages, and what is wrong with the list.
    Packages(Vec<Package>, Option<Problem>),
    /// It is there, or could be, and could not be read.
    Failed(Problem),
}

pub(super) fn read(frames: &Frames) -> Parsed {
    let mut body = Body { managers: Vec::new(), packages: Vec::new() };
    let mut gaps: Vec<Gap> = Vec::new();
    let mut problems = Vec::new();
    for (manager, id) in [("apk", APK), ("dpkg", DPKG), ("rpm", RPM)] {
        match database(frames, manager, id) {
            Found::None => {}
            Found::Packages(packages, problem) => {
                body.managers.push(manager.to_owned());
                body.packages.extend(packages);
                gaps.extend(problem.map(|problem| problem.partial("packages")));
            }
            Found::Failed(problem) => problems.push(problem),
        }
    }
    match problems.first() {
        // One database of several failed: the others are told all the same.
        Some(problem) if body.managers.is_empty() => return problem.clone().failed(),
        Some(_) => gaps
            .extend(problems.iter().flat_map(|p| [p.partial("packages"), p.partial("managers")])),
        None if body.managers.is_empty() => {
            return Parsed::absent("no database of dpkg, rpm or apk");
        }
        None => {}
    }
    label(&mut body.packages);
    body.packages = canonical_list(body.packages);
    Parsed::collected(&body, gaps)
}

fn database(frames: &Frames, manager: &str, id: &str) -> Found {
    let frame = match arrived(frames, id) {
        Ok(frame) => frame,
        Err(problem) => return Found::Failed(problem),
    };
    if frame.exit == Some(status::ABSENT) && stopped(frame).is_none() {
        return Found::None;
    }
    let broken = stopped(frame).or_else(|| exit_problem(frame));
    let mut reading = Reading { manager, packages: Vec::new(), problem: None, ended: false };
    whole_lines(frame).for_each(|line| reading.line(line));
    let packages = reading.packages;
    let problem = broken.or(reading.problem).or_else(|| complaint(frame)).or_else(|| {
        let cut = || Problem::new(FailureCategory::Incomplete, format!("capture {id} has no end"));
        (!reading.ended).then(cut)
    });
    match problem {
        Some(problem) if packages.is_empty() => Found::Failed(problem),
        problem => Found::Packages(packages, problem),
    }
}

/// rpm goes on after what it could not read, and says so on standard error alone.
fn complaint(frame: &Frame) -> Option<Problem> {
    let said = &frame.diagnostics;
    let at = said.windows(6).position(|window| window == b"error:")?;
    let detail = crate::escape::escape_bounded(said[at..].trim_ascii(), 240);
    Some(Problem::new(FailureCategory::CommandFailed, detail))
}

struct Reading<'a> {
    manager: &'a str,
    packages: Vec<Package>,
    problem: Option<Problem>,
    ended: bool,
}

impl Reading<'_> {
    fn line(&mut self, line: &[u8]) {
        let mut fields = line.split(|&b| b == b'\t');
        match fields.next() {
            Some(b"p") => match self.package(fields) {
                Some(Some(package)) => self.packages.push(package),
                Some(None) => {}
                None => self.unreadable("a package's line is not understood"),
            },
            Some(b"end") => {
                self.ended = true;
                let told = fields.next().map(decimal::<usize>);
                if told.is_some_and(|told| told != Some(self.packages.len())) {
                    self.unreadable("packages were lost on the way");
                }
            }
            Some(b"journal") => {
                self.problem.get_or_insert_with(|| {
                    let detail = "dpkg was interrupted: its journal is not merged yet";
                    Problem::new(FailureCategory::Incomplete, detail)
                });
            }
            _ => self.unreadable("a line is not understood"),
        }
    }

    fn unreadable(&mut self, what: &str) {
        let unparsable =
            || Problem::new(FailureCategory::Unparsable, format!("{}: {what}", self.manager));
        self.problem.get_or_insert_with(unparsable);
    }

    /// `Some(None)` for what stands in the database and is no package.
    fn package<'f>(&self, fields: impl Iterator<Item = &'f [u8]>) -> Option<Option<Package>> {
        let fields: Vec<&[u8]> = fields.take(6).collect();
        let &[name, arch, version, source, last] = fields.as_slice() else { return None };
        if name.is_empty() {
            return None;
        }
        let state = match self.manager {
            // Keys that rpm keeps among its packages.
            "rpm" if name == b"gpg-pubkey" => return Some(None),
            "dpkg" => dpkg_state(last)?,
            _ => "installed".to_owned(),
        };
        let present = unpacked_states(&state);
        // dpkg keeps no version of what it only has a wish for.
        if present && (version.is_empty() || arch.is_empty()) {
            return None;
        }
        let (source, source_version) = match self.manager {
            "rpm" => rpm_source(source).unwrap_or((name, version)),
            "dpkg" => dpkg_source(source)
                .unwrap_or((if source.is_empty() { name } else { source }, version)),
            _ => (if source.is_empty() { name } else { source }, version),
        };
        let vendor = (self.manager == "rpm" && last != b"(none)").then(|| escape(last));
        Some(Some(Package {
            package: String::new(),
            manager: self.manager.to_owned(),
            name: escape(name),
            arch: escape(arch),
            version: escape(version),
            source: escape(source),
            source_version: escape(source_version),
            status: state,
            present,
            vendor,
        }))
    }
}

/// Whether a package in this state of dpkg has programs on the disk.
pub(crate) fn unpacked_states(state: &str) -> bool {
    !matches!(state, "config-files" | "not-installed")
}

/// The state among `want flag state`.
fn dpkg_state(status: &[u8]) -> Option<String> {
    let words: Vec<&[u8]> = status.split(u8::is_ascii_whitespace).take(4).collect();
    let &[_, _, state] = words.as_slice() else { return None };
    let known = matches!(
        state,
        b"not-installed"
            | b"config-files"
            | b"half-installed"
            | b"unpacked"
            | b"half-configured"
            | b"triggers-awaited"
            | b"triggers-pending"
            | b"installed"
    );
    known.then(|| escape(state))
}

/// Name and version in `openssl (3.0.20-1)`.
fn dpkg_source(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let open = text.iter().position(|&b| b == b'(')?;
    let version = text[open + 1..].strip_suffix(b")")?;
    Some((text[..open].trim_ascii(), version.trim_ascii()))
}

/// Name and version in `openssl-3.0.12-6.oe2403.src.rpm`.
fn rpm_source(file: &[u8]) -> Option<(&[u8], &[u8])> {
    let stem = file.strip_suffix(b".rpm")?;
    let stem = stem.strip_suffix(b".src").or_else(|| stem.strip_suffix(b".nosrc"))?;
    let release = stem.iter().rposition(|&b| b == b'-')?;
    let version = stem[..release].iter().rposition(|&b| b == b'-')?;
    Some((&stem[..version], &stem[version + 1..]))
}

/// Gives each package its name in lists.
fn label(packages: &mut [Package]) {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for package in packages.iter() {
        *counts.entry((package.name.clone(), package.arch.clone())).or_default() += 1;
    }
    for package in packages {
        let key = (package.name.clone(), package.arch.clone());
        package.package = if counts.get(&key).is_some_and(|&count| count > 1) {
            format!("{}-{}:{}", package.name, package.version, package.arch)
        } else {
            format!("{}:{}", package.name, package.arch)
        };
    }
}

#[cfg(test)]
mod tests;
