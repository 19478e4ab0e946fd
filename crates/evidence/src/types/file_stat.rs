//! `file.stat`: kind, mode and owner of one path.
//!
//! A symbolic link is followed: what counts is the thing that a reader of the
//! path gets. Owner names come from the target's own account files, never from
//! a directory service.

use super::{capture, text, type_name, whole_lines};
use crate::escape::{escape, unescape};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::{Problem, arrived, exit_problem, stopped};
use crate::schema;
use crate::shell::quote;
use anji_model::{Capture, EvidenceType, FailureCategory, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Kind, mode and owner of one path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct FileFacts {
    /// The path that was asked for.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// What stands there, links followed: `file`, `directory`, `fifo`, `socket`, `char_device`, `block_device`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kind: String,
    /// The permission bits as four octal digits: `0640`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: String,
    /// The owner's user id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: u32,
    /// The owning group's id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gid: u32,
    /// The owner's name in the target's passwd file, absent where it has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub owner: Option<String>,
    /// The group's name in the target's group file, absent where it has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub group: Option<String>,
}

/// The type `file.stat`.
#[derive(Debug, Clone, Copy)]
pub struct FileStat;

const STAT: &str = "file.stat";

/// Shell functions shared with other captures. `anji_stat_one PATH` writes one
/// line; `anji_stat_names` puts owner names into such lines, from account files
/// that are files of a bearable size.
pub(crate) const STAT_FUNCTIONS: &str = r#"anji_stat_one() {
  p=$1
  if [ -n "$R" ]; then p=$(anji_path "$1"); fi
  if anji_have stat; then
    if o=$(stat -L -c '%f %u %g' "$p" 2>&1); then
      printf 's %s %s\n' "$o" "$(anji_esc "$1")"
      return
    fi
  elif o=$(ls -lLdn "$p" 2>&1); then
    o=$(set -f; set -- $o; printf '%s %s %s' "$1" "$3" "$4")
    printf 's %s %s\n' "$o" "$(anji_esc "$1")"
    return
  fi
  w=failed
  case $p in /unresolved-link*) o= w=loop ;; esac
  case $o in
    *'Too many levels of symbolic links' | *'ymbolic link loop') w=loop ;;
    *'ermission denied') w=denied ;;
    *'No such file or directory' | *'Not a directory')
      w=absent d=$p
      while d=${d%/*}; [ -n "$d" ]; do
        if [ -d "$d" ]; then [ -x "$d" ] || w=denied; break; fi
      done ;;
  esac
  printf '%s - - - %s\n' "$w" "$(anji_esc "$1")"
}
anji_stat_small() {
  [ -f "$1" ] && [ -r "$1" ] || return
  [ "$(ls -ldnL "$1" | awk 'NR == 1 { print $5 }')" -le 4194304 ]
}
anji_stat_names() {
  u=$(anji_path /etc/passwd); anji_stat_small "$u" || u=/dev/null
  g=$(anji_path /etc/group); anji_stat_small "$g" || g=/dev/null
  awk -F: 'FILENAME == ARGV[1] { if (NF > 2 && !($3 in u)) u[$3] = $1; next }
    FILENAME == ARGV[2] { if (NF > 2 && !($3 in g)) g[$3] = $1; next }
    { split($0, a, " "); match($0, /^[^ ]+ [^ ]+ [^ ]+ [^ ]+ /)
      o = a[3] in u ? u[a[3]] : "-"; if (o ~ /[ \t]/ || o == "") o = "-"
      h = a[4] in g ? g[a[4]] : "-"; if (h ~ /[ \t]/ || h == "") h = "-"
      print a[1] " " a[2] " " a[3] " " a[4] " " o " " h " " substr($0, RLENGTH + 1) }' "$u" "$g" -
}"#;

impl EvidenceKind for FileStat {
    fn name(&self) -> EvidenceType {
        type_name("file.stat")
    }

    fn title(&self) -> Text {
        text("文件的类型、权限与属主", "Kind, mode and owner of a file")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 1 << 20, timeout_seconds: 30, age_seconds_max: 86_400 }
    }

    fn selector(&self) -> SelectorKind {
        SelectorKind::Path
    }

    fn source(&self) -> Source {
        Source::Files
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<FileFacts>()
    }

    fn captures(&self, selectors: &[Selector]) -> Vec<Capture> {
        if selectors.is_empty() {
            return Vec::new();
        }
        let mut words = String::new();
        for selector in selectors {
            match selector {
                Selector::Path(path) => {
                    words.push_str(" \\\n  ");
                    words.push_str(&quote(path.as_str()));
                }
                // Other selectors are of other types.
                _ => continue,
            }
        }
        let command = format!(
            "{STAT_FUNCTIONS}\nfor f in{words}; do\n  anji_stat_one \"$f\"\ndone | anji_stat_names"
        );
        vec![capture(STAT, Source::Files, self.limits(), &command)]
    }

    fn parse(&self, selector: Option<&Selector>, frames: &Frames) -> Parsed {
        let Some(Selector::Path(path)) = selector else {
            return Parsed::failed(FailureCategory::Unsupported, "file.stat needs a path");
        };
        match read(path.as_str(), frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}

fn read(path: &str, frames: &Frames) -> Result<Parsed, Problem> {
    let frame = arrived(frames, STAT)?;
    let found = whole_lines(frame).find_map(|line| {
        let line = StatLine::parse(line)?;
        (line.path == path.as_bytes()).then_some(line)
    });
    let Some(line) = found else {
        return Err(stopped(frame).or_else(|| exit_problem(frame)).unwrap_or_else(|| {
            Problem::new(FailureCategory::Incomplete, "the capture says nothing of the path")
        }));
    };
    match line.answer {
        Answer::Facts(facts) => Ok(Parsed::collected(&facts, Vec::new())),
        Answer::Absent => Ok(Parsed::absent("no such path")),
        Answer::Failed(problem) => Err(problem),
    }
}

/// What one line of the capture says of its path.
pub(crate) struct StatLine {
    pub(crate) path: Vec<u8>,
    pub(crate) answer: Answer,
}

pub(crate) enum Answer {
    Facts(FileFacts),
    Absent,
    Failed(Problem),
}

impl StatLine {
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        let mut words = line.splitn(7, |&b| b == b' ');
        let verdict = words.next()?;
        let [mode, uid, gid, owner, group] =
            [words.next()?, words.next()?, words.next()?, words.next()?, words.next()?];
        let path = unescape(words.next()?)?;
        let failed = |category, detail: &str| Answer::Failed(Problem::new(category, detail));
        let answer = match verdict {
            b"s" => match facts(&path, mode, [uid, gid], [owner, group]) {
                Some(facts) => Answer::Facts(facts),
                None => failed(FailureCategory::Unparsable, "stat gave an unknown form"),
            },
            b"absent" => Answer::Absent,
            b"denied" => failed(FailureCategory::Permission, "a folder above may not be searched"),
            b"loop" => failed(FailureCategory::CommandFailed, "a loop of links"),
            b"failed" => failed(FailureCategory::CommandFailed, "stat failed"),
            _ => return None,
        };
        Some(Self { path, answer })
    }
}

fn facts(path: &[u8], mode: &[u8], ids: [&[u8]; 2], names: [&[u8]; 2]) -> Option<FileFacts> {
    let Mode { kind, bits } = Mode::parse(mode)?;
    let name = |raw: &[u8]| (raw != b"-").then(|| escape(raw));
    Some(FileFacts {
        path: escape(path),
        kind: kind.to_owned(),
        mode: format!("{bits:04o}"),
        uid: super::decimal(ids[0])?,
        gid: super::decimal(ids[1])?,
        owner: name(names[0]),
        group: name(names[1]),
    })
}

/// A file's kind and permission bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mode {
    pub(crate) kind: &'static str,
    pub(crate) bits: u16,
}

impl Mode {
    /// From `stat`'s hexadecimal `st_mode`, or from the first word of `ls -l`.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        if text.len() >= 10 { Self::from_listing(text) } else { Self::from_hex(text) }
    }

    fn from_hex(text: &[u8]) -> Option<Self> {
        if text.is_empty() || !text.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let raw = u32::from_str_radix(std::str::from_utf8(text).ok()?, 16).ok()?;
        let kind = match raw >> 12 {
            0x8 => "file",
            0x4 => "directory",
            0xa => "symlink",
            0x1 => "fifo",
            0xc => "socket",
            0x2 => "char_device",
            0x6 => "block_device",
            _ => return None,
        };
        Some(Self { kind, bits: u16::try_from(raw & 0o7777).ok()? })
    }

    fn from_listing(text: &[u8]) -> Option<Self> {
        let (&kind, rest) = text.split_first()?;
        let kind = kind_of_letter(if kind == b'-' { b'f' } else { kind })?;
        let (permissions, mark) = rest.split_at_checked(9)?;
        if !matches!(mark, b"" | b"." | b"+" | b"@") {
            return None;
        }
        let mut bits = 0;
        for (index, &letter) in permissions.iter().enumerate() {
            let bit = 1 << (8 - index);
            let special = 1 << (11 - index / 3);
            bits |= match (index % 3, letter) {
                (_, b'-') => 0,
                (0, b'r') | (1, b'w') | (2, b'x') => bit,
                (2, b's') if index < 8 => bit | special,
                (2, b'S') if index < 8 => special,
                (2, b't') if index == 8 => bit | special,
                (2, b'T') if index == 8 => special,
                _ => return None,
            };
        }
        Some(Self { kind, bits })
    }
}

/// The kind that a letter of `find -printf %y` names.
pub(crate) fn kind_of_letter(letter: u8) -> Option<&'static str> {
    Some(match letter {
        b'f' => "file",
        b'd' => "directory",
        b'l' => "symlink",
        b'p' => "fifo",
        b's' => "socket",
        b'c' => "char_device",
        b'b' => "block_device",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_mode_say_the_same() {
        for (hex, listing, kind, bits) in [
            ("81a0", "-rw-r-----", "file", 0o640),
            ("89ed", "-rwsr-xr-x", "file", 0o4755),
            ("8d6d", "-r-xr-sr-x+", "file", 0o2555),
            ("43ff", "drwxrwxrwt.", "directory", 0o1777),
            ("43fe", "drwxrwxrwT", "directory", 0o1776),
            ("8924", "-r-Sr--r--", "file", 0o4444),
            ("2190", "crw--w----", "char_device", 0o620),
        ] {
            let expected = Some(Mode { kind, bits });
            assert_eq!(Mode::parse(listing.as_bytes()), expected, "{listing}");
            if kind != "file" || bits != 0o2555 && bits != 0o4444 {
                assert_eq!(Mode::parse(hex.as_bytes()), expected, "{hex}");
            }
        }
    }

    #[test]
    fn unknown_modes_are_refused() {
        for bad in
            ["", "zz", "ffffffffff", "-rw-r----", "?rw-r-----", "-rwxrwxrws", "0", "-rwzr-xr-x"]
        {
            assert_eq!(Mode::parse(bad.as_bytes()), None, "{bad}");
        }
    }
}
