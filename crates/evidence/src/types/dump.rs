//! Files as they stand, for the types that read configuration.
//!
//! The script's helper `anji_dump` (`dump.sh`) writes files with their mode and
//! owner; this module makes the captures that call it and takes their frames
//! apart again. What it could not read is told for each file, so that a type
//! can say which of its facts are not known.

use super::file_stat::Mode;
use super::{capture, decimal, vector};
use crate::escape::{escape_bounded, unescape};
use crate::frame::Frame;
use crate::problem::{Problem, exit_problem, stopped};
use crate::shell::quote;
use anji_model::{Capture, FailureCategory, Limits, Source};
use std::collections::BTreeMap;

/// How a closed folder's files are read through sudo; stands in `dump.sh` too.
const FOLDER_PROGRAM: &str = concat!(
    r#"FNR==1{if(o)print"//E";f=FILENAME;gsub(/[^!-~]/,"?",f);"#,
    r#"print"//F\t-\t-\t-\t-\t"f;o=1}{print"\040"$0}END{if(o)print"//E"}"#
);

/// A capture of files that everybody may read. `patterns` are absolute paths,
/// of which the last component may hold `*` and `?`, each known to the caller.
pub(super) fn dump_capture(id: &str, limits: Limits, patterns: &[&str]) -> Capture {
    let words: Vec<String> = patterns.iter().map(|pattern| quote(pattern)).collect();
    capture(id, Source::Files, limits, &format!("anji_dump {}", words.join(" \\\n  ")))
}

/// As [`dump_capture`], of files that an ordinary account may not read: their
/// commands are among those that a sudo rule can allow.
pub(super) fn closed_capture(id: &str, limits: Limits, patterns: &[&str]) -> Capture {
    let sudo = patterns.iter().map(|pattern| match pattern.rsplit_once('/') {
        Some((folder, name)) if is_glob(name.as_bytes()) => {
            let head = ["/usr/bin/find", "-L", folder, "-maxdepth", "1", "-type", "f", "-name"];
            let tail = [name, "-exec", "/usr/bin/awk", FOLDER_PROGRAM, "{}", "+"];
            vector(&[&head[..], &tail[..]].concat())
        }
        _ => vector(&["/usr/bin/cat", pattern]),
    });
    Capture { sudo: sudo.collect(), ..dump_capture(id, limits, patterns) }
}

/// The same capture without comments and without what looks like a secret: for
/// files that hold commands, which may hold passwords.
pub(super) fn hushed(capture: Capture) -> Capture {
    let program = include_str!("hush.awk").trim_end();
    Capture { command: format!("{} | awk '\n{program}'", capture.command), ..capture }
}

/// Mode, owner and size of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// The permission bits.
    pub(super) mode: u16,
    /// The owner's user id.
    pub(super) uid: u32,
    /// The owning group's id.
    pub(super) gid: u32,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DumpedFile<'f> {
    /// Its path, as it was asked for.
    pub(super) path: Vec<u8>,
    /// Not had through sudo, or without a tool that tells.
    pub(super) facts: Option<Facts>,
    /// Its lines, without their newlines.
    pub(super) lines: Vec<&'f [u8]>,
    /// Why lines may be missing at the end, if they may.
    pub(super) problem: Option<Problem>,
}

/// What the dump says of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found<'d, 'f> {
    File(&'d DumpedFile<'f>),
    /// There is no such file.
    Absent,
    Failed(Problem),
}

/// The files of one capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dump<'f> {
    files: BTreeMap<Vec<u8>, DumpedFile<'f>>,
    /// Paths and patterns that were not read, with the reason's word.
    refused: BTreeMap<Vec<u8>, &'f [u8]>,
    /// Patterns of which every name is told.
    told: Vec<&'f [u8]>,
    /// Why what is not told is not known.
    rest: Problem,
}

impl<'f> Dump<'f> {
    /// Takes a frame of `anji_dump` apart.
    ///
    /// # Errors
    /// [`Problem`] where the command failed, or wrote something else.
    pub(super) fn read(frame: &'f Frame) -> Result<Self, Problem> {
        let cut = stopped(frame);
        if cut.is_none()
            && let Some(problem) = exit_problem(frame)
        {
            return Err(problem);
        }
        let rest = cut.unwrap_or_else(|| {
            let detail = format!("capture {} says nothing of it", frame.id);
            Problem::new(FailureCategory::Incomplete, detail)
        });
        let mut dump =
            Self { files: BTreeMap::new(), refused: BTreeMap::new(), told: Vec::new(), rest };
        let mut open: Option<DumpedFile<'f>> = None;
        for line in super::whole_lines(frame) {
            let unknown = || {
                let detail = format!("capture {} has a line of another form", frame.id);
                Problem::new(FailureCategory::Unparsable, detail)
            };
            if let Some(content) = line.strip_prefix(b" ") {
                open.as_mut().ok_or_else(unknown)?.lines.push(content);
                continue;
            }
            let (mark, words) = line.split_at_checked(3).ok_or_else(unknown)?;
            let words = words.strip_prefix(b" ").or(words.strip_prefix(b"\t")).unwrap_or(words);
            match mark {
                b"//F" => {
                    dump.close(open.take(), false);
                    open = Some(begin(words).ok_or_else(unknown)?);
                }
                b"//E" => {
                    let mut file = open.take().ok_or_else(unknown)?;
                    if !matches!(words, b"0" | b"") {
                        let detail = "a file was not read to its end";
                        file.problem = Some(Problem::new(FailureCategory::Incomplete, detail));
                    }
                    dump.close(Some(file), true);
                }
                b"//D" => dump.told.push(words),
                b"//-" => {
                    let at = words.iter().position(|&b| b == b' ').ok_or_else(unknown)?;
                    let path = unescape(&words[at + 1..]).ok_or_else(unknown)?;
                    dump.refused.insert(path, &words[..at]);
                }
                _ => return Err(unknown()),
            }
        }
        dump.close(open, false);
        Ok(dump)
    }

    fn close(&mut self, file: Option<DumpedFile<'f>>, ended: bool) {
        let Some(mut file) = file else { return };
        if !ended {
            file.problem = Some(self.rest.clone());
        }
        self.files.entry(file.path.clone()).or_insert(file);
    }

    /// The file at `path`, one of the plain paths that were asked for.
    pub(super) fn file(&self, path: &str) -> Found<'_, 'f> {
        if let Some(file) = self.files.get(path.as_bytes()) {
            return Found::File(file);
        }
        match self.refused.get(path.as_bytes()) {
            Some(&b"absent") => Found::Absent,
            Some(word) => Found::Failed(refusal(path.as_bytes(), word)),
            None => Found::Failed(self.rest.clone()),
        }
    }

    /// Whether `path`, a name of `pattern`, is surely not there.
    pub(super) fn lacks(&self, pattern: &str, path: &str) -> bool {
        if self.files.contains_key(path.as_bytes()) {
            return false;
        }
        match (self.refused.get(path.as_bytes()), self.refused.get(pattern.as_bytes())) {
            (Some(word), _) | (None, Some(word)) => *word == b"absent",
            (None, None) => self.told.contains(&pattern.as_bytes()),
        }
    }

    /// The files of `pattern`, one of those that were asked for, in order of
    /// their names; and what keeps the list from being whole. Folders among the
    /// names are passed over, and so are links that lead nowhere.
    pub(super) fn matching(&self, pattern: &str) -> (Vec<&DumpedFile<'f>>, Vec<Problem>) {
        let pattern = pattern.as_bytes();
        let files = self.files.values().filter(|file| fits(&file.path, pattern)).collect();
        let mut problems: Vec<_> = self
            .refused
            .iter()
            .filter(|(path, word)| fits(path, pattern) && !matches!(**word, b"kind" | b"absent"))
            .map(|(path, word)| refusal(path, word))
            .collect();
        match self.refused.get(pattern) {
            // The folder itself is not there, and so there is no file.
            Some(&b"absent") => {}
            Some(word) => problems.push(refusal(pattern, word)),
            None if self.told.contains(&pattern) => {}
            None => problems.push(self.rest.clone()),
        }
        problems.dedup();
        (files, problems)
    }

    /// Names of `pattern` that stand for no regular file. A link to `/dev/null`
    /// is such a one: it hides the file of that name in a later folder.
    pub(super) fn masks<'d>(&'d self, pattern: &'d str) -> impl Iterator<Item = &'d [u8]> {
        let refused = self.refused.iter();
        let names =
            refused.filter(move |(path, word)| **word == b"kind" && fits(path, pattern.as_bytes()));
        names.map(|(path, _)| path.as_slice())
    }
}

fn begin<'f>(words: &'f [u8]) -> Option<DumpedFile<'f>> {
    let mut words = words.splitn(5, |&b| b == b' ' || b == b'\t');
    let [mode, uid, gid, size] = [words.next()?, words.next()?, words.next()?, words.next()?];
    let path = unescape(words.next()?)?;
    let facts = match mode {
        b"-" => None,
        _ => {
            let _: u64 = decimal(size)?;
            let mode = Mode::parse(mode)?;
            Some(Facts { mode: mode.bits, uid: decimal(uid)?, gid: decimal(gid)? })
        }
    };
    Some(DumpedFile { path, facts, lines: Vec::new(), problem: None })
}

fn refusal(path: &[u8], word: &[u8]) -> Problem {
    let (category, why) = match word {
        b"denied" => (FailureCategory::Permission, "permission denied"),
        b"large" => (FailureCategory::Truncated, "larger than is read of a file"),
        b"loop" => (FailureCategory::CommandFailed, "a loop of links"),
        b"kind" => (FailureCategory::Unsupported, "not a regular file"),
        _ => (FailureCategory::CommandFailed, "could not be read"),
    };
    Problem::new(category, format!("{}: {why}", escape_bounded(path, 200)))
}

fn is_glob(name: &[u8]) -> bool {
    name.iter().any(|b| matches!(b, b'*' | b'?'))
}

/// Whether `path` is among the names that the shell makes of `pattern`.
fn fits(path: &[u8], pattern: &[u8]) -> bool {
    let split = |text: &[u8]| text.iter().rposition(|&b| b == b'/').map(|at| at + 1);
    let (Some(at), Some(name)) = (split(pattern), split(path)) else { return false };
    pattern[..at] == path[..name]
        && !path[name..].starts_with(b".")
        && matches(&pattern[at..], &path[name..])
}

/// A name against `*` and `?`, in time bounded by the product of their lengths.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, n));
                p += 1;
            }
            Some(b'?') => (p, n) = (p + 1, n + 1),
            Some(byte) if *byte == name[n] => (p, n) = (p + 1, n + 1),
            _ => match retry {
                Some((after, at)) => {
                    retry = Some((after, at + 1));
                    (p, n) = (after, at + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|b| *b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(data: &[u8]) -> Frame {
        Frame { data: data.to_vec(), exit: Some(0), ..Frame::empty("x.files") }
    }

    const DATA: &[u8] =
        b"//D /etc/pam.d/*\n//- denied /etc/pam.d/closed\n//- kind /etc/pam.d/old\n\
        //- absent /etc/none\n//F 81a4 0 42 9 /etc/pam.d/su\n a\n  b\n//E 0\n\
        //F - - - - /etc/pam.d/a\\nb\n//E 1\n";

    #[test]
    fn files_come_with_their_facts_and_lines() {
        let frame = frame(DATA);
        let dump = Dump::read(&frame).unwrap();
        let Found::File(file) = dump.file("/etc/pam.d/su") else { panic!("{dump:?}") };
        assert_eq!(file.lines, [&b"a"[..], b" b"]);
        assert_eq!(file.facts, Some(Facts { mode: 0o644, uid: 0, gid: 42 }));
        assert_eq!(file.problem, None);
        assert_eq!(dump.file("/etc/none"), Found::Absent);
        assert!(
            matches!(dump.file("/etc/other"), Found::Failed(p) if p.category == FailureCategory::Incomplete)
        );
        assert!(
            matches!(dump.file("/etc/pam.d/closed"), Found::Failed(p) if p.category == FailureCategory::Permission)
        );
    }

    #[test]
    fn a_pattern_tells_its_files_and_what_is_missing() {
        let frame = frame(DATA);
        let dump = Dump::read(&frame).unwrap();
        let (files, problems) = dump.matching("/etc/pam.d/*");
        let names: Vec<_> = files.iter().map(|file| file.path.as_slice()).collect();
        assert_eq!(names, [&b"/etc/pam.d/a\nb"[..], b"/etc/pam.d/su"]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let (files, problems) = dump.matching("/etc/cron.d/*");
        assert!(files.is_empty() && problems[0].category == FailureCategory::Incomplete);
        let (files, _) = dump.matching("/etc/pam.d/s?");
        assert_eq!(files.len(), 1);
    }

    #[test]
    fn a_cut_dump_knows_nothing_of_the_rest() {
        let mut frame = frame(b"//F 81a4 0 0 9 /etc/a\n a\n b\n half a li");
        frame.truncated = true;
        let dump = Dump::read(&frame).unwrap();
        let Found::File(file) = dump.file("/etc/a") else { panic!("{dump:?}") };
        assert_eq!(file.lines.len(), 2);
        assert_eq!(file.problem.as_ref().unwrap().category, FailureCategory::Truncated);
        assert!(
            matches!(dump.file("/etc/b"), Found::Failed(p) if p.category == FailureCategory::Truncated)
        );
    }

    #[test]
    fn other_lines_are_refused() {
        for bad in
            [&b" a\n"[..], b"junk\n", b"//E 0\n", b"//F 81a4 0 0\n", b"//- denied\n", b"//X a\n"]
        {
            assert!(Dump::read(&frame(bad)).is_err(), "{bad:?}");
        }
        let mut failed = frame(b"");
        failed.exit = Some(2);
        assert!(Dump::read(&failed).is_err());
    }

    #[test]
    fn patterns_match_as_the_shell_does() {
        for (pattern, name, met) in [
            ("*", "a", true),
            ("*.conf", "a.conf", true),
            ("*.conf", "a.conf~", false),
            ("a*b*c", "aXbbYc", true),
            ("a?c", "ac", false),
            ("", "", true),
            ("**", "", true),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), met, "{pattern} {name}");
        }
        assert!(!fits(b"/etc/pam.d/.hidden", b"/etc/pam.d/*"));
        assert!(!fits(b"/etc/pam.d/a/b", b"/etc/pam.d/*"));
    }

    #[test]
    fn the_program_that_hushes_fits_into_quotes() {
        assert!(!include_str!("hush.awk").contains('\''));
    }

    #[test]
    fn the_sudo_rule_allows_what_the_script_calls() {
        assert!(crate::shell::DUMP.contains(&format!("'{FOLDER_PROGRAM}'")));
        assert!(!FOLDER_PROGRAM.contains([' ', '\'']));
        let limits = Limits { bytes_max: 1, timeout_seconds: 1, age_seconds_max: 1 };
        let capture = closed_capture("x", limits, &["/etc/sudoers", "/etc/sudoers.d/*"]);
        assert_eq!(capture.sudo[0], ["/usr/bin/cat", "/etc/sudoers"]);
        assert_eq!(
            capture.sudo[1][2..9],
            ["/etc/sudoers.d", "-maxdepth", "1", "-type", "f", "-name", "*"]
        );
        assert_eq!(capture.command, "anji_dump '/etc/sudoers' \\\n  '/etc/sudoers.d/*'");
    }
}
