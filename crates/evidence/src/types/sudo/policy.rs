//! The files of the policy in the order in which sudo reads them.

use super::super::dump::{Dump, DumpedFile, Facts, Found};
use super::PolicyFile;
use super::aliases::Aliases;
use super::lex::entries;
use super::parse::{Statement, statement};
use super::rules::Spec;
use super::settings::Line;
use crate::escape::{escape, escape_bounded};
use crate::problem::Problem;
use anji_model::FailureCategory;
use std::collections::BTreeMap;

/// Deeper than sudo itself follows includes on some versions.
const DEPTH_MAX: usize = 32;
/// More files than any host has; a file may be included many times.
const FILES_MAX: usize = 1000;

/// What the capture of the programs says.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    pub(super) host: Option<String>,
    /// Mode and owner of the folders of the policy.
    pub(super) folders: BTreeMap<Vec<u8>, Facts>,
}

/// Everything that the files say, and why something may be missing.
#[derive(Default)]
pub(super) struct Policy {
    pub(super) files: BTreeMap<String, PolicyFile>,
    pub(super) aliases: Aliases,
    pub(super) lines: Vec<Line>,
    pub(super) specs: Vec<Spec>,
    pub(super) unread: Vec<String>,
    pub(super) problems: Vec<Problem>,
    read: usize,
}

/// Why sudo leaves a file or folder out, if it does.
fn refused(facts: Facts) -> bool {
    facts.uid != 0 || facts.mode & 0o002 != 0 || (facts.mode & 0o020 != 0 && facts.gid != 0)
}

impl Policy {
    /// Reads a file and what it includes.
    pub(super) fn file(
        &mut self,
        dump: &Dump<'_>,
        around: &Surroundings,
        file: &DumpedFile<'_>,
        depth: usize,
    ) {
        let path = escape(&file.path);
        let effective = file.facts.map(|facts| !refused(facts));
        self.files.insert(
            path.clone(),
            PolicyFile {
                path: path.clone(),
                mode: file.facts.map(|facts| format!("{:04o}", facts.mode)),
                uid: file.facts.map(|facts| facts.uid),
                gid: file.facts.map(|facts| facts.gid),
                effective,
            },
        );
        if effective == Some(false) {
            return;
        }
        self.read += 1;
        if depth > DEPTH_MAX || self.read > FILES_MAX {
            let detail = format!("{path}: includes nested too deep, or too many of them");
            self.problems.push(Problem::new(FailureCategory::Truncated, detail));
            return;
        }
        self.problems.extend(file.problem.clone());
        for entry in entries(&file.lines) {
            match statement(&entry) {
                None => self.unread.push(format!("{path}:{}", entry.line)),
                Some(Statement::Include { path: of, folder }) => {
                    self.include(dump, around, &file.path, &of, folder, depth);
                }
                Some(Statement::Aliases(kind, aliases)) => {
                    for (name, members) in aliases {
                        if !self.aliases.define(kind, name, members) {
                            self.unread.push(format!("{path}:{}", entry.line));
                        }
                    }
                }
                Some(Statement::Defaults { binding, of, settings }) => {
                    self.lines.push(Line { file: path.clone(), binding, of, settings });
                }
                Some(Statement::Grant { users, privileges }) => {
                    self.specs.push(Spec { file: path.clone(), users, privileges });
                }
            }
        }
    }

    fn include(
        &mut self,
        dump: &Dump<'_>,
        around: &Surroundings,
        from: &[u8],
        of: &[u8],
        folder: bool,
        depth: usize,
    ) {
        let Some(path) = included_path(from, of, around.host.as_deref()) else {
            let detail = format!("{}: the host's name is not known", escape_bounded(of, 200));
            self.problems.push(Problem::new(FailureCategory::Incomplete, detail));
            return;
        };
        let path = String::from_utf8_lossy(&path).into_owned();
        if !folder {
            match dump.file(&path) {
                Found::File(file) => self.file(dump, around, file, depth + 1),
                Found::Absent => self.missing(&path),
                Found::Failed(problem) if problem.category == FailureCategory::Incomplete => {
                    self.missing(&path);
                }
                Found::Failed(problem) => self.problems.push(problem),
            }
            return;
        }
        let path = path.trim_end_matches('/');
        if around.folders.get(path.as_bytes()).is_some_and(|facts| refused(*facts)) {
            return;
        }
        let (files, problems) = dump.matching(&format!("{path}/*"));
        self.problems.extend(problems);
        for file in files {
            let name = file.path.rsplit(|&b| b == b'/').next().unwrap_or_default();
            if !name.contains(&b'.') && !name.ends_with(b"~") {
                self.file(dump, around, file, depth + 1);
            }
        }
    }

    fn missing(&mut self, path: &str) {
        let detail =
            format!("{} is included and is not read", escape_bounded(path.as_bytes(), 200));
        self.problems.push(Problem::new(FailureCategory::Incomplete, detail));
    }
}

/// The path that an include means: beside the including file unless it begins
/// at the root, with `%h` for the host's short name.
fn included_path(from: &[u8], of: &[u8], host: Option<&str>) -> Option<Vec<u8>> {
    let mut path = Vec::new();
    if !of.starts_with(b"/") {
        let folder = from.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1);
        path.extend_from_slice(&from[..folder]);
    }
    let mut rest = of;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"%h") {
        let host = host?;
        path.extend_from_slice(&rest[..at]);
        path.extend_from_slice(host.split('.').next().unwrap_or(host).as_bytes());
        rest = &rest[at + 2..];
    }
    path.extend_from_slice(rest);
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn includes_stand_beside_the_file_that_names_them() {
        for (of, path) in [
            ("/etc/x", "/etc/x"),
            ("sudoers.local", "/etc/sudoers.local"),
            ("sudoers.%h", "/etc/sudoers.db01"),
        ] {
            let found = included_path(b"/etc/sudoers", of.as_bytes(), Some("db01.example"));
            assert_eq!(found.as_deref(), Some(path.as_bytes()));
        }
        assert_eq!(included_path(b"/etc/sudoers", b"a.%h", None), None);
    }

    #[test]
    fn files_that_others_may_write_are_left_out() {
        for (mode, uid, gid, out) in [
            (0o440, 0, 0, false),
            (0o644, 0, 0, false),
            (0o460, 0, 0, false),
            (0o460, 0, 4, true),
            (0o442, 0, 0, true),
            (0o440, 1000, 0, true),
        ] {
            assert_eq!(refused(Facts { mode, uid, gid }), out, "{mode:o} {uid} {gid}");
        }
    }
}
