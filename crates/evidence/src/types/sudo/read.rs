//! The parser: frames to the body.

use super::super::dump::{Dump, DumpedFile, Facts, Found};
use super::super::file_stat::Mode;
use super::super::{decimal, whole_lines};
use super::aliases::Budget;
use super::policy::{Policy, Surroundings};
use super::rules::{Host, rules};
use super::settings::{Effective, settings};
use super::{Body, FILES, NAMES, PROGRAMS};
use crate::body::canonical_list;
use crate::escape::unescape;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, whole};
use anji_model::{FailureCategory, Gap};

/// How many members, rules and settings a policy may come to.
const BUDGET: usize = 40_000;

/// What the capture of the programs says.
#[derive(Default)]
struct Programs {
    sudo: bool,
    other: Vec<String>,
    around: Surroundings,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let programs = programs(whole(frames, PROGRAMS)?)?;
    let dump = Dump::read(arrived(frames, FILES)?)?;
    let mut gaps = Vec::new();
    elsewhere(frames, &programs, &dump, &mut gaps);
    let mut policy = Policy::default();
    match main_file(&dump) {
        Ok(file) => policy.file(&dump, &programs.around, file, 0),
        Err(None) if !programs.sudo && programs.other.is_empty() => {
            return Ok(Parsed::absent("no sudo program and no sudoers file"));
        }
        Err(None) if !programs.sudo => {}
        Err(None) => {
            // sudo does nothing at all without its file.
            let detail = "there is a sudo program and no sudoers file";
            gaps.push(Problem::new(FailureCategory::Incomplete, detail).partial("rules"));
        }
        Err(Some(problem)) => return Err(problem),
    }
    Ok(finish(policy, &programs, gaps))
}

/// The file that sudo begins with; `None` where there is none.
fn main_file<'d, 'f>(dump: &'d Dump<'f>) -> Result<&'d DumpedFile<'f>, Option<Problem>> {
    for path in ["/etc/sudoers", "/usr/etc/sudoers"] {
        match dump.file(path) {
            Found::File(file) => return Ok(file),
            Found::Absent => {}
            Found::Failed(problem) => return Err(Some(problem)),
        }
    }
    Err(None)
}

/// Rules that do not stand in the files that are read.
fn elsewhere(frames: &Frames, programs: &Programs, dump: &Dump<'_>, gaps: &mut Vec<Gap>) {
    let mut gap = |category, detail: &str| {
        for list in ["rules", "settings"] {
            gaps.push(Problem::new(category, detail).partial(list));
        }
    };
    for other in &programs.other {
        gap(FailureCategory::Unsupported, &format!("{other} has rules of its own"));
    }
    if !matches!(dump.file("/etc/sudoers-rs"), Found::Absent) {
        gap(FailureCategory::Unsupported, "/etc/sudoers-rs may take the place of /etc/sudoers");
    }
    let names = match arrived(frames, NAMES).and_then(Dump::read) {
        Ok(names) => names,
        Err(problem) => return gap(problem.category, &problem.detail),
    };
    let directory = |line: &[u8]| {
        let line = line.split(|&b| b == b'#').next().unwrap_or_default().trim_ascii();
        let sources = line.strip_prefix(b"sudoers").map(<[u8]>::trim_ascii_start);
        let sources = sources.and_then(|rest| rest.strip_prefix(b":")).unwrap_or_default();
        let mut words = sources.split(u8::is_ascii_whitespace);
        words.any(|word| !matches!(word, b"" | b"files") && !word.starts_with(b"["))
    };
    let plugin = |line: &[u8]| {
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        words.next().is_some_and(|word| word.eq_ignore_ascii_case(b"plugin"))
            && (words.next().is_some_and(|name| !name.starts_with(b"sudoers_"))
                || words.any(|option| option.starts_with(b"sudoers_")))
    };
    for (path, is_odd, detail) in [
        (
            "/etc/nsswitch.conf",
            &directory as &dyn Fn(&[u8]) -> bool,
            "nsswitch.conf lets sudo ask a directory service",
        ),
        ("/etc/sudo.conf", &plugin, "sudo.conf names another plugin or policy file"),
    ] {
        match names.file(path) {
            Found::Absent => {}
            Found::Failed(problem) => gap(problem.category, &problem.detail),
            Found::File(file) => {
                if let Some(problem) = &file.problem {
                    gap(problem.category, &problem.detail);
                }
                if file.lines.iter().any(|line| is_odd(line)) {
                    gap(FailureCategory::Unsupported, detail);
                }
            }
        }
    }
}

fn finish(policy: Policy, programs: &Programs, mut gaps: Vec<Gap>) -> Parsed {
    let mut budget = Budget::new(BUDGET);
    let settings = settings(&policy.lines, &policy.aliases, &mut budget);
    let effective = Effective::of(&settings);
    let host = Host { name: programs.around.host.as_deref() };
    let rules = rules(&policy.specs, &policy.aliases, &effective, &host, &mut budget);
    let lists =
        |problem: &Problem| ["rules", "settings", "files"].map(|list| problem.partial(list));
    for problem in &policy.problems {
        gaps.extend(lists(problem));
    }
    if budget.spent() {
        let detail = "more rules than are told";
        gaps.extend(lists(&Problem::new(FailureCategory::Truncated, detail)));
    }
    for line in &policy.unread {
        let detail = format!("{line} has not the form of a sudoers file");
        let problem = Problem::new(FailureCategory::Unparsable, detail);
        gaps.extend(["rules", "settings"].map(|list| problem.partial(list)));
    }
    if rules.iter().any(|rule| rule.on_this_host.is_none()) {
        let detail = "addresses, netgroups and patterns of hosts are not compared with this host";
        let problem = Problem::new(FailureCategory::Unsupported, detail);
        gaps.push(problem.unknown("rules[].on_this_host"));
    }
    if policy.files.values().any(|file| file.effective.is_none()) {
        let detail = "mode and owner cannot be told of a file that sudo let read";
        let problem = Problem::new(FailureCategory::Permission, detail);
        for field in ["mode", "uid", "gid", "effective"] {
            gaps.push(problem.unknown(&format!("files[].{field}")));
        }
    }
    let body = Body {
        files: policy.files.into_values().collect(),
        rules: canonical_list(rules),
        settings: canonical_list(settings),
        unread_lines: canonical_list(policy.unread),
    };
    Parsed::collected(&body, gaps)
}

fn programs(frame: &Frame) -> Result<Programs, Problem> {
    let mut programs = Programs::default();
    let mut done = false;
    for line in whole_lines(frame) {
        let (word, rest) = match line.iter().position(|&b| b == b' ') {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &b""[..]),
        };
        match word {
            b"sudo" => programs.sudo = true,
            b"other" => programs.other.push(crate::escape::escape_bounded(rest, 200)),
            b"host" => {
                let name = unescape(rest).and_then(|name| String::from_utf8(name).ok());
                programs.around.host = name.filter(|name| !name.is_empty());
            }
            b"folder" => {
                let Some((path, facts)) = folder(rest) else { return Err(unknown_line()) };
                programs.around.folders.insert(path, facts);
            }
            b"done" if rest.is_empty() => done = true,
            _ => return Err(unknown_line()),
        }
    }
    if done { Ok(programs) } else { Err(unknown_line()) }
}

fn unknown_line() -> Problem {
    let detail = format!("capture {PROGRAMS} has another form");
    Problem::new(FailureCategory::Unparsable, detail)
}

fn folder(words: &[u8]) -> Option<(Vec<u8>, Facts)> {
    let words: Vec<&[u8]> = words.split(|&b| b == b' ').collect();
    let [mode, uid, gid, path] = words.as_slice() else { return None };
    let mode = Mode::parse(mode)?;
    let facts = Facts { mode: mode.bits, uid: decimal(uid)?, gid: decimal(gid)? };
    Some((path.to_vec(), facts))
}
