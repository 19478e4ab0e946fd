//! The parser of the walk's records.

use super::super::file_stat::{Mode, kind_of_letter};
use super::super::{decimal, whole_lines};
use super::{Body, Entry, WALK};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded};
use crate::frame::Frames;
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped};
use anji_model::{FailureCategory, Gap};
use std::collections::BTreeSet;

#[derive(Default)]
struct Walk {
    entries: Vec<Entry>,
    roots: Vec<String>,
    /// FUSE mounts that were left out; that they refuse us is no gap.
    left_out: BTreeSet<Vec<u8>>,
    /// The entry whose name may go on in the next line.
    pending: Option<Vec<u8>>,
    /// Whether a walk has begun and not ended.
    walking: bool,
    began: u64,
    ended: u64,
    no_mounts: bool,
    denied: u64,
    /// Errors of the present walk that were shown.
    shown: u64,
    unshown: u64,
    unread: u64,
    faults: u64,
    fault: Option<String>,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = arrived(frames, WALK)?;
    let half = stopped(frame);
    if half.is_none()
        && let Some(problem) = exit_problem(frame)
    {
        return Err(problem);
    }
    let mut walk = Walk::default();
    for line in whole_lines(frame) {
        walk.line(line);
    }
    if half.is_none() {
        walk.finish_entry();
    }
    if let Some(problem) = &half
        && walk.entries.is_empty()
    {
        return Err(problem.clone());
    }
    if walk.began == 0 {
        let detail = "the walk names no file system";
        return Err(half.unwrap_or_else(|| Problem::new(FailureCategory::Unparsable, detail)));
    }
    let mut gaps = walk.gaps();
    if let Some(problem) = half {
        gaps.extend([problem.partial("entries"), problem.partial("roots")]);
    }
    let body = Body { entries: canonical_list(walk.entries), roots: canonical_list(walk.roots) };
    Ok(Parsed::collected(&body, gaps))
}

impl Walk {
    fn line(&mut self, line: &[u8]) {
        let Some(rest) = line.strip_prefix(b"//") else {
            match &mut self.pending {
                Some(name) => {
                    name.push(b'\n');
                    name.extend_from_slice(line);
                }
                None => self.unread += u64::from(!line.is_empty()),
            }
            return;
        };
        self.finish_entry();
        match rest.split_first() {
            Some((b'R', rest)) if rest.starts_with(b" ") => {
                self.began += 1;
                self.walking = true;
                self.shown = 0;
                self.roots.push(escape(&unescape_mount(&rest[1..])));
            }
            Some((b'S', rest)) if rest.starts_with(b" ") => {
                self.left_out.insert(unescape_mount(&rest[1..]));
            }
            Some((b'E', rest)) => self.error(rest.trim_ascii()),
            Some((b'X', rest)) => {
                self.ended += 1;
                match decimal::<u32>(rest.trim_ascii()) {
                    Some(0 | 1) => {}
                    _ => self.fault("the walk was broken off"),
                }
            }
            Some((b'N', rest)) => match decimal::<u64>(rest.trim_ascii()) {
                Some(count) => {
                    self.unshown += count.saturating_sub(self.shown);
                    self.walking = false;
                }
                None => self.unread += 1,
            },
            Some((b'G', rest)) if rest.starts_with(b" ") => {
                self.fault(&escape_bounded(&rest[1..], 160));
            }
            Some((b'M', b"")) => self.no_mounts = true,
            _ => self.pending = Some(rest.to_vec()),
        }
    }

    fn fault(&mut self, what: &str) {
        self.faults += 1;
        self.fault.get_or_insert_with(|| what.to_owned());
    }

    fn error(&mut self, said: &[u8]) {
        self.shown += 1;
        let Some(subject) = said.strip_suffix(b": Permission denied") else {
            return self.fault(&escape_bounded(said, 160));
        };
        let subject = subject.strip_prefix(b"find: ").unwrap_or(subject);
        let quote = |b: &u8| matches!(b, b'\'' | b'`');
        let bare = match subject {
            [first, inner @ .., last] if quote(first) && quote(last) => inner,
            subject => subject,
        };
        self.denied += u64::from(!self.left_out.contains(bare));
    }

    fn finish_entry(&mut self) {
        let Some(record) = self.pending.take() else { return };
        match parse_entry(&record) {
            Some(Some(entry)) => self.entries.push(entry),
            Some(None) => {}
            None => self.unread += 1,
        }
    }

    fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let mut partial = |category, detail: String| {
            gaps.push(Problem::new(category, detail).partial("entries"));
        };
        let denied = self.denied + self.unshown;
        if denied > 0 {
            partial(FailureCategory::Permission, format!("{denied} folders could not be read"));
        }
        if self.faults > 0 {
            let first = self.fault.as_deref().unwrap_or_default();
            let detail = format!("{} errors, first: {first}", self.faults);
            partial(FailureCategory::CommandFailed, detail);
        }
        if self.unread > 0 {
            let detail = format!("{} lines could not be read", self.unread);
            partial(FailureCategory::Unparsable, detail);
        }
        if self.walking || self.ended < self.began {
            partial(FailureCategory::Incomplete, "a walk did not come to its end".to_owned());
        }
        if self.no_mounts {
            let detail = "the mount table cannot be read; only / was walked".to_owned();
            partial(FailureCategory::Permission, detail);
        }
        gaps
    }
}

/// An entry; `Some(None)` for one that is none of ours.
fn parse_entry(record: &[u8]) -> Option<Option<Entry>> {
    let mut words = record.splitn(4, |&b| b == b' ');
    let (&letter, digits) = words.next()?.split_first()?;
    let Mode { kind, bits } = match letter {
        b'x' => Mode::parse(digits)?,
        letter => Mode { kind: kind_of_letter(letter)?, bits: octal(digits)? },
    };
    let (uid, gid) = (decimal(words.next()?)?, decimal(words.next()?)?);
    let path = absolute(words.next()?)?;
    let is = |bit: u16| bits & bit != 0;
    let file = kind == "file";
    let (set_uid, set_gid) = (file && is(0o4000), file && is(0o2000));
    let (world_writable, sticky) = (is(0o0002), is(0o1000));
    let selected = match kind {
        "file" => set_uid || set_gid || world_writable,
        "directory" => world_writable && !sticky,
        // Terminals and the null device are for everybody; a disk never is.
        "char_device" => world_writable && !path.starts_with(b"/dev/"),
        "block_device" => world_writable,
        _ => false,
    };
    if !selected {
        return Some(None);
    }
    let (path, mode) = (escape(&path), format!("{bits:04o}"));
    let entry = format!("{mode} {uid}:{gid} {path}");
    let kind = kind.to_owned();
    Some(Some(Entry {
        path,
        kind,
        mode,
        uid,
        gid,
        set_uid,
        set_gid,
        world_writable,
        sticky,
        entry,
    }))
}

fn octal(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

/// The path on the target: a walk of a given root names it `.`.
fn absolute(path: &[u8]) -> Option<Vec<u8>> {
    match path {
        b"." => Some(b"/".to_vec()),
        [b'.', rest @ ..] | rest if rest.starts_with(b"/") => Some(rest.to_vec()),
        _ => None,
    }
}

/// The mount table writes blanks, newlines and backslashes as `\ooo`.
fn unescape_mount(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..3).filter(|_| byte == b'\\').and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            digits
                .bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| u8::from_str_radix(digits, 8).ok())?
        });
        match code {
            Some(code) => {
                out.push(code);
                rest = &after[3..];
            }
            None => {
                out.push(byte);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_points_are_unescaped() {
        assert_eq!(unescape_mount(br"/a\040b\134c\012"), b"/a b\\c\n");
        assert_eq!(unescape_mount(br"/a\9\04"), br"/a\9\04");
        assert_eq!(unescape_mount(br"/a\777"), br"/a\777");
    }

    #[test]
    fn only_dangerous_modes_are_entries() {
        let path = |record: &str| parse_entry(record.as_bytes()).map(|e| e.map(|e| e.entry));
        let some = |text: &str| Some(Some(text.to_owned()));
        assert_eq!(path("f4755 0 0 /usr/bin/su"), some("4755 0:0 /usr/bin/su"));
        assert_eq!(path("x89ed 0 0 ./bin/su"), some("4755 0:0 /bin/su"));
        assert_eq!(path("f666 1000 4 /a\nb"), some("0666 1000:4 /a\\nb"));
        assert_eq!(path("d777 0 0 ."), some("0777 0:0 /"));
        assert_eq!(path("c666 0 0 /srv/chroot/dev/null"), some("0666 0:0 /srv/chroot/dev/null"));
        for none in ["c666 0 0 /dev/null", "d1777 0 0 /tmp", "f644 0 0 /etc/passwd"] {
            assert_eq!(path(none), Some(None), "{none}");
        }
        for bad in
            ["", "f", "f4755 0 0", "f4755 -1 0 /a", "f9 0 0 /a", "f4755 0 0 relative", "q1 0 0 /"]
        {
            assert_eq!(path(bad), None, "{bad}");
        }
    }
}
