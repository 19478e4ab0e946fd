//! What a login session of a shell has after the system's start files.

use super::super::dump::{Dump, DumpedFile, Found};
use super::scan::{Event, What, events};
use crate::escape::escape;
use std::collections::BTreeMap;

/// Something that may not be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known<T> {
    Yes(T),
    /// It depends on what cannot be told from the text.
    No,
}

impl<T: PartialEq> Known<T> {
    /// Where a statement may or may not be reached.
    fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::No }
    }
}

/// The state of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) idle: Known<Option<i64>>,
    pub(super) readonly: Known<bool>,
    pub(super) exported: Known<bool>,
    pub(super) umask: Known<Option<u16>>,
    /// Whether a read-only variable may have been assigned, which may end the
    /// reading of all files.
    broken: bool,
}

impl Session {
    pub(super) const fn new() -> Self {
        Self {
            idle: Known::Yes(None),
            readonly: Known::Yes(false),
            exported: Known::Yes(false),
            umask: Known::Yes(None),
            broken: false,
        }
    }

    const fn unknown() -> Self {
        Self {
            idle: Known::No,
            readonly: Known::No,
            exported: Known::No,
            umask: Known::No,
            broken: true,
        }
    }

    fn apply(&mut self, event: &Event) {
        let before = *self;
        match &event.what {
            What::Set(value) => self.set(value.map_or(Known::No, |v| Known::Yes(Some(v)))),
            What::Unset => {
                self.set(Known::Yes(None));
                match before.readonly {
                    Known::Yes(true) => {}
                    Known::Yes(false) => self.exported = Known::Yes(false),
                    Known::No => self.exported = self.exported.or(Known::Yes(false)),
                }
            }
            What::Unclear => {
                self.set(Known::No);
                self.exported = Known::No;
                self.readonly = self.readonly.or(Known::Yes(true));
            }
            What::Readonly => self.readonly = Known::Yes(true),
            // Not after an error that may have ended the reading.
            What::Export if self.readonly != Known::Yes(false) && self.exported == Known::No => {}
            What::Export => self.exported = Known::Yes(true),
            What::Umask(mask) => self.umask = mask.map_or(Known::No, |m| Known::Yes(Some(m))),
            What::Source(_) | What::SourceFolder => {}
        }
        if event.conditional || before.broken {
            self.idle = before.idle.or(self.idle);
            self.readonly = before.readonly.or(self.readonly);
            self.exported = before.exported.or(self.exported);
            self.umask = before.umask.or(self.umask);
        }
    }

    fn set(&mut self, value: Known<Option<i64>>) {
        match self.readonly {
            Known::Yes(true) => {
                self.broken = true;
                self.exported = Known::No;
                self.umask = Known::No;
            }
            Known::Yes(false) => self.idle = value,
            Known::No => {
                self.broken = true;
                self.idle = self.idle.or(value);
                self.exported = Known::No;
                self.umask = Known::No;
            }
        }
    }
}

/// Follows the files of a login session.
pub(super) struct Follower<'d, 'f> {
    dump: &'d Dump<'f>,
    /// The events of each file; none where its structure cannot be followed.
    files: BTreeMap<Vec<u8>, Option<Vec<Event>>>,
    bash: bool,
    depth: usize,
    steps: usize,
    pub(super) session: Session,
}

/// Files may read each other; nobody nests them deeper.
const DEPTH_MAX: usize = 8;
const STEPS_MAX: usize = 20_000;

impl<'d, 'f> Follower<'d, 'f> {
    pub(super) fn new(dump: &'d Dump<'f>, family: &str) -> Self {
        Self {
            dump,
            files: BTreeMap::new(),
            bash: family == "bash",
            depth: 0,
            steps: 0,
            session: Session::new(),
        }
    }

    /// Reads a file if it is there, as the shell does.
    pub(super) fn path(&mut self, path: &str) {
        match self.dump.file(path) {
            Found::Absent => {}
            Found::File(file) => self.file(file),
            Found::Failed(_) => self.session = self.merged_unknown(),
        }
    }

    /// The first of the paths that there is.
    pub(super) fn first(&mut self, paths: &[&str]) {
        let there = paths.iter().find(|path| self.dump.file(path) != Found::Absent);
        if let Some(path) = there {
            self.path(path);
        }
    }

    /// What may be different after a file that could not be read: all but what
    /// nothing can change any more.
    fn merged_unknown(&self) -> Session {
        match self.session.readonly {
            Known::Yes(true) => Session { exported: Known::No, umask: Known::No, ..self.session },
            _ => Session::unknown(),
        }
    }

    fn file(&mut self, file: &DumpedFile<'_>) {
        // The shells of ordinary accounts pass over what they may not read.
        if file.facts.is_some_and(|facts| facts.mode & 0o004 == 0) {
            return;
        }
        if self.depth >= DEPTH_MAX || file.problem.is_some() {
            self.session = self.merged_unknown();
            return;
        }
        let parsed = self.files.remove(&file.path).unwrap_or_else(|| events(&file.lines));
        self.depth += 1;
        match &parsed {
            None => self.session = self.merged_unknown(),
            Some(events) => {
                for event in events {
                    self.steps += 1;
                    if self.steps > STEPS_MAX {
                        self.session = Session::unknown();
                        break;
                    }
                    self.step(event);
                }
            }
        }
        self.depth -= 1;
        self.files.insert(file.path.clone(), parsed);
    }

    fn step(&mut self, event: &Event) {
        match &event.what {
            What::Source(path) => {
                let path = String::from_utf8_lossy(path).into_owned();
                let name = path.rsplit('/').next().unwrap_or_default();
                let known = super::script::PATTERNS.contains(&path.as_str())
                    || path.starts_with("/etc/profile.d/");
                if known && !path.starts_with("/root/") && (self.bash || !name.contains("bash")) {
                    self.sourced(&path);
                }
            }
            What::SourceFolder => self.folder("/etc/profile.d/*"),
            _ => self.session.apply(event),
        }
    }

    fn sourced(&mut self, path: &str) {
        match self.dump.file(path) {
            Found::File(file) => self.file(file),
            Found::Absent => {}
            // A name of the folder that is not there is not told by itself.
            Found::Failed(_) if path.starts_with("/etc/profile.d/") => {}
            Found::Failed(_) => self.session = self.merged_unknown(),
        }
    }

    fn folder(&mut self, pattern: &str) {
        let (files, problems) = self.dump.matching(pattern);
        if !problems.is_empty() {
            // One of them may come first and may set anything.
            self.session = self.merged_unknown();
        }
        for file in files {
            if file.path.ends_with(b".sh") {
                self.file(file);
            }
        }
    }
}

/// Assignments of `/etc/environment`, which come before any file of a shell.
pub(super) fn environment(dump: &Dump<'_>, session: &mut Session) {
    let Found::File(file) = dump.file("/etc/environment") else { return };
    for line in &file.lines {
        let line = line.trim_ascii();
        let line = line.strip_prefix(b"export ").unwrap_or(line).trim_ascii_start();
        let Some(value) = line.strip_prefix(b"TMOUT=") else { continue };
        let value = value.trim_ascii().trim_ascii_end();
        let value = value.strip_prefix(b"\"").and_then(|v| v.strip_suffix(b"\"")).unwrap_or(value);
        session.idle = super::super::decimal::<u32>(value)
            .map_or(Known::No, |seconds| Known::Yes(Some(i64::from(seconds))));
        session.exported = Known::Yes(true);
    }
}

/// What csh makes of its own files: `set -r autologout=15`, in minutes. Only
/// lines outside of any condition are sure.
pub(super) fn csh(dump: &Dump<'_>, paths: &[&str], session: &mut Session) {
    for path in paths {
        let file = match dump.file(path) {
            Found::Absent => continue,
            Found::File(file) if file.problem.is_none() => file,
            _ => {
                *session = Session::unknown();
                return;
            }
        };
        let mut depth = 0usize;
        for line in &file.lines {
            for part in line.split(|&b| b == b';') {
                csh_command(part.trim_ascii(), &mut depth, session);
            }
        }
    }
}

fn csh_command(text: &[u8], depth: &mut usize, session: &mut Session) {
    let words: Vec<&[u8]> =
        text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).take(64).collect();
    let Some((first, rest)) = words.split_first() else { return };
    let deeper = match *first {
        b"if" => words.last() == Some(&&b"then"[..]),
        b"foreach" | b"while" | b"switch" => true,
        _ => false,
    };
    *depth += usize::from(deeper);
    if matches!(*first, b"endif" | b"end" | b"endsw") {
        *depth = depth.saturating_sub(1);
    }
    let conditional = *depth > 0 || *first == b"if";
    let joined = rest.join(&b' ');
    let mut apply = |what| session.apply(&Event { line: 0, conditional, what });
    if *first == b"umask" {
        let mask = std::str::from_utf8(&joined).ok().and_then(|t| u16::from_str_radix(t, 8).ok());
        apply(What::Umask(mask));
    } else if *first == b"unset" && rest.contains(&&b"autologout"[..]) {
        apply(What::Unset);
    } else if *first == b"set" && joined.windows(10).any(|w| w == b"autologout") {
        let readonly = rest.first() == Some(&&b"-r"[..]);
        let value = joined.split(|&b| b == b'=').nth(1).unwrap_or_default().trim_ascii();
        let value = value.strip_prefix(b"(").unwrap_or(value);
        let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
        let minutes = super::super::decimal::<u32>(&value[..digits]);
        apply(What::Set(minutes.map(|minutes| i64::from(minutes) * 60)));
        if readonly {
            apply(What::Readonly);
        }
    } else if !first.starts_with(b"#") && joined.windows(10).any(|w| w == b"autologout") {
        apply(What::Unclear);
    }
}

/// The path of a file and a line in it, for people.
pub(super) fn place(file: &DumpedFile<'_>, line: usize) -> String {
    format!("{}:{line}", escape(&file.path))
}
