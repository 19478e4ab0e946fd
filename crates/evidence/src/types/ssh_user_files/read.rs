//! The parser: lines of the capture to the body.

use super::super::file_stat::Mode;
use super::super::{decimal, whole_lines};
use super::{AuthorizedKeys, Body, FILES, PrivateKey, UserFile};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded, unescape};
use crate::frame::Frames;
use crate::kind::Parsed;
use crate::problem::{Problem, whole};
use anji_model::{FailureCategory, Gap};
use std::collections::BTreeMap;

const KINDS: [&str; 10] = [
    "ssh_folder",
    "authorized_keys",
    "config",
    "known_hosts",
    "private_key",
    "rhosts",
    "shosts",
    "netrc",
    "hosts_equiv",
    "shosts_equiv",
];

/// The capture tells fewer.
const FILES_MAX: usize = 4000;
const GROUPS_MAX: usize = 4000;

/// What lines of one file with the same key type and options have in common: the
/// place of the file, the type, the options.
type Group = (usize, String, Vec<String>);

/// One file for one account; accounts may share a home folder.
struct Line {
    path: String,
    kind: &'static str,
    account: Option<String>,
    mode: Option<String>,
    uid: Option<u32>,
    gid: Option<u32>,
}

#[derive(Default)]
struct Reader {
    files: Vec<Line>,
    keys: BTreeMap<Group, i64>,
    private: BTreeMap<String, Option<bool>>,
    /// The place of each path's first line.
    first: BTreeMap<String, usize>,
    /// How many private keys' states are told.
    states: usize,
    gaps: Vec<Gap>,
    ended: bool,
    /// Whether there are more kinds of keys than are told.
    overfull: bool,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = whole(frames, FILES)?;
    let mut reader = Reader::default();
    for line in whole_lines(frame) {
        let words: Vec<&[u8]> = line.splitn(8, |&b| b == b'\t').collect();
        if reader.ended || reader.line(&words).is_none() {
            return Err(another_form());
        }
    }
    let keys_told = reader.files.iter().filter(|file| file.kind == "private_key").count();
    if !reader.ended || keys_told != reader.states {
        return Err(another_form());
    }
    if reader.overfull {
        let detail = "more types and options of keys than are told";
        let problem = Problem::new(FailureCategory::Truncated, detail);
        reader.gaps.push(problem.partial("authorized_keys"));
    }
    if reader.files.iter().any(|file| file.mode.is_none()) {
        let detail = "mode and owner of a file were not told";
        let problem = Problem::new(FailureCategory::Incomplete, detail);
        for field in ["mode", "uid", "gid"] {
            reader.gaps.push(problem.unknown(&format!("files[].{field}")));
        }
    }
    let body = reader.body();
    Ok(Parsed::collected(&body, reader.gaps))
}

fn another_form() -> Problem {
    Problem::new(FailureCategory::Unparsable, format!("capture {FILES} has another form"))
}

impl Reader {
    fn body(&self) -> Body {
        let mut owners: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for file in &self.files {
            owners.entry(&file.path).or_default().extend(file.account.clone());
        }
        let accounts = |path: &str| canonical_list(owners.get(path).cloned().unwrap_or_default());
        let first = self.first.values().map(|at| &self.files[*at]);
        let files = first.map(|file| UserFile {
            path: file.path.clone(),
            kind: file.kind.to_owned(),
            accounts: accounts(&file.path),
            mode: file.mode.clone(),
            uid: file.uid,
            gid: file.gid,
        });
        let authorized_keys = self.keys.iter().map(|((file, key_type, options), count)| {
            let path = &self.files[*file].path;
            let shown = if options.is_empty() { "-".to_owned() } else { options.join(",") };
            AuthorizedKeys {
                entry: format!("{path} {key_type} {shown}"),
                path: path.clone(),
                accounts: accounts(path),
                key_type: key_type.clone(),
                restricted: options.iter().any(|name| name == "from" || name == "command"),
                options: options.clone(),
                count: *count,
            }
        });
        let private_keys = self.private.iter().map(|(path, encrypted)| PrivateKey {
            path: path.clone(),
            accounts: accounts(path),
            encrypted: *encrypted,
        });
        Body {
            files: canonical_list(files),
            authorized_keys: canonical_list(authorized_keys),
            private_keys: canonical_list(private_keys),
        }
    }

    fn line(&mut self, words: &[&[u8]]) -> Option<()> {
        match words {
            [b"f", mode, uid, gid, kind, account, path] => {
                self.file([mode, uid, gid], kind, account, path)?;
            }
            [b"k", key_type, options] => self.key(key_type, options)?,
            [b"e", state] => self.encrypted(state)?,
            [word @ (b"cut" | b"unread")] => {
                let path = &self.files.last().filter(|f| f.kind == "authorized_keys")?.path;
                let problem = if *word == b"cut" {
                    let detail = format!("{path}: larger than is read of a file");
                    Problem::new(FailureCategory::Truncated, detail)
                } else {
                    denied(path)
                };
                self.gaps.push(problem.partial("authorized_keys"));
            }
            [b"closed", path] => {
                let problem = denied(&escape_bounded(&unescape(path)?, 200));
                self.everything(&problem);
            }
            [b"more"] => {
                let detail = "more accounts or files than are told";
                self.everything(&Problem::new(FailureCategory::Truncated, detail));
            }
            [b"end"] => self.ended = true,
            _ => return None,
        }
        Some(())
    }

    fn everything(&mut self, problem: &Problem) {
        for list in ["files", "authorized_keys", "private_keys"] {
            self.gaps.push(problem.partial(list));
        }
    }

    fn file(&mut self, facts: [&[u8]; 3], kind: &[u8], account: &[u8], path: &[u8]) -> Option<()> {
        let kind = KINDS.iter().find(|known| known.as_bytes() == kind)?;
        let account = match account {
            b"-" => None,
            name => Some(escape(&unescape(name)?)),
        };
        let of_system = kind.ends_with("_equiv");
        if of_system != account.is_none() {
            return None;
        }
        let (mode, uid, gid) = match facts {
            [b"-", b"-", b"-"] => (None, None, None),
            [mode, uid, gid] => {
                let mode = format!("{:04o}", Mode::parse(mode)?.bits);
                (Some(mode), Some(decimal(uid)?), Some(decimal(gid)?))
            }
        };
        let path = escape(&unescape(path)?);
        if self.files.len() >= FILES_MAX {
            return None;
        }
        self.first.entry(path.clone()).or_insert(self.files.len());
        self.files.push(Line { path, kind, account, mode, uid, gid });
        Some(())
    }

    fn key(&mut self, key_type: &[u8], options: &[u8]) -> Option<()> {
        let last = self.files.len().checked_sub(1)?;
        if self.files[last].kind != "authorized_keys" {
            return None;
        }
        let options = match options {
            b"-" => Vec::new(),
            names => {
                canonical_list(names.split(|&b| b == b',').map(|name| escape_bounded(name, 64)))
            }
        };
        if self.first.get(&self.files[last].path) != Some(&last) {
            // Told already, of another account with this home folder.
            return Some(());
        }
        let group = (last, escape_bounded(key_type, 64), options);
        if self.keys.len() >= GROUPS_MAX && !self.keys.contains_key(&group) {
            self.overfull = true;
            return Some(());
        }
        *self.keys.entry(group).or_default() += 1;
        Some(())
    }

    fn encrypted(&mut self, state: &[u8]) -> Option<()> {
        let file = self.files.last().filter(|file| file.kind == "private_key")?;
        let encrypted = match state {
            b"yes" => Some(true),
            b"no" => Some(false),
            b"unknown" => None,
            _ => return None,
        };
        if encrypted.is_none() {
            let detail = format!("{}: its header was not read, or does not tell", file.path);
            let problem = Problem::new(FailureCategory::Unsupported, detail);
            self.gaps.push(problem.unknown("private_keys[].encrypted"));
        }
        self.private.insert(file.path.clone(), encrypted);
        self.states += 1;
        Some(())
    }
}

fn denied(path: &str) -> Problem {
    Problem::new(FailureCategory::Permission, format!("{path}: permission denied"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;
    use serde_json::{Value, json};

    fn of(data: &str) -> Result<Parsed, Problem> {
        let data = data.replace('|', "\t").into_bytes();
        read(&[Frame { data, exit: Some(0), ..Frame::empty(FILES) }].into_iter().collect())
    }

    #[test]
    fn keys_are_counted_by_type_and_options() {
        let parsed = of("f|8180|1000|1000|authorized_keys|li|/home/li/.ssh/authorized_keys\n\
            k|ssh-ed25519|-\nk|ssh-ed25519|-\nk|ssh-rsa|no-pty,from\nend\n")
        .unwrap();
        assert_eq!(parsed.gaps, []);
        let body: Value = serde_json::from_slice(&parsed.body.unwrap()).unwrap();
        let keys = &body["authorized_keys"];
        assert_eq!((&keys[0]["count"], &keys[0]["restricted"]), (&json!(2), &json!(false)));
        assert_eq!(keys[1]["options"], json!(["from", "no-pty"]));
        assert_eq!(keys[1]["restricted"], true);
    }

    #[test]
    fn what_is_not_known_is_a_gap() {
        for (line, path) in [
            ("closed|/home/x", "files"),
            ("more", "private_keys"),
            ("f|-|-|-|netrc|a|/a/.netrc", "files[].mode"),
            ("f|8180|0|0|private_key|a|/a/.ssh/id_x\ne|unknown", "private_keys[].encrypted"),
            ("f|8180|0|0|authorized_keys|a|/a/.ssh/authorized_keys\nunread", "authorized_keys"),
        ] {
            let parsed = of(&format!("{line}\nend\n")).unwrap();
            assert!(parsed.gaps.iter().any(|gap| gap.path == path), "{line}: {parsed:?}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for bad in [
            "",
            "junk\nend\n",
            "k|ssh-rsa|-\nend\n",
            "e|yes\nend\n",
            "f|8180|0|0|private_key|a|/a/.ssh/id_x\nend\n",
            "f|8180|0|0|netrc|-|/a\nend\n",
            "f|8180|0|0|other|a|/a\nend\n",
            "f|8180|0|netrc|a|/a\nend\n",
            "end\nmore\n",
        ] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
