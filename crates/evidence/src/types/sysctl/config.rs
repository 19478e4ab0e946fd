//! What the configuration assigns, as `systemd-sysctl` and `procps` resolve it.
//!
//! An assignment to a key wins over every pattern, and the last one wins over
//! those before it; of patterns the last that matches wins. `-key` without a
//! value keeps patterns away from the key; a hyphen before an assignment only
//! makes its failure silent.

use super::super::conf_files::matches;
use crate::escape::escape_bounded;
use std::collections::BTreeMap;

/// Longer keys than any of the kernel are not kept.
const KEY_MAX: usize = 256;

/// More patterns than any real configuration has.
const PATTERNS_MAX: usize = 200;

/// One assignment: its value, where it stands, and its place in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assigned {
    /// The value; none where the line keeps patterns away.
    pub(super) value: Option<String>,
    /// The file that decides.
    pub(super) file: String,
    order: usize,
}

/// The assignments of all files.
#[derive(Debug, Default)]
pub(super) struct Config {
    keys: BTreeMap<Vec<u8>, Assigned>,
    patterns: Vec<(Vec<u8>, Assigned)>,
    count: usize,
    /// Whether there were more patterns than are kept.
    pub(super) overfull: bool,
}

impl Config {
    /// Reads the next file in the order of reading.
    pub(super) fn file<'a>(&mut self, path: &str, lines: impl IntoIterator<Item = &'a [u8]>) {
        for line in lines {
            let line = line.trim_ascii();
            if line.is_empty() || matches!(line[0], b'#' | b';') {
                continue;
            }
            let (name, value) = match line.iter().position(|&b| b == b'=') {
                Some(at) => {
                    let name = line[..at].trim_ascii();
                    let name = name.strip_prefix(b"-").unwrap_or(name);
                    (name.trim_ascii(), Some(number(line[at + 1..].trim_ascii())))
                }
                None => match line.strip_prefix(b"-") {
                    Some(name) => (name.trim_ascii(), None),
                    // No assignment: skipped by the programs too.
                    None => continue,
                },
            };
            if name.is_empty() || name.len() > KEY_MAX {
                continue;
            }
            self.assign(path_of(name), value, path);
        }
    }

    fn assign(&mut self, key: Vec<u8>, value: Option<String>, file: &str) {
        self.count += 1;
        let assigned = Assigned { value, file: file.to_owned(), order: self.count };
        if key.iter().any(|b| matches!(b, b'*' | b'?' | b'[')) {
            self.overfull |= self.patterns.len() >= PATTERNS_MAX;
            if !self.overfull {
                self.patterns.push((key, assigned));
            }
        } else {
            self.keys.insert(key, assigned);
        }
    }

    /// What is assigned to the key of this path under `/proc/sys`.
    pub(super) fn get(&self, path: &str) -> Option<&Assigned> {
        let found = self.keys.get(path.as_bytes()).or_else(|| {
            let mut all = self.patterns.iter().rev();
            all.find(|(pattern, _)| matches(pattern, path.as_bytes())).map(|(_, found)| found)
        });
        found.filter(|assigned| assigned.value.is_some())
    }

    /// The last of the assignments to two names of one value.
    pub(super) fn either(&self, path: &str, other: &str) -> Option<&Assigned> {
        let (a, b) = (self.get(path), self.get(other));
        match (a, b) {
            (Some(a), Some(b)) => Some(if a.order > b.order { a } else { b }),
            _ => a.or(b),
        }
    }

    /// The interfaces of a family that the files name.
    pub(super) fn interfaces(&self, family: &str) -> impl Iterator<Item = String> {
        let prefix = format!("net/{family}/conf/").into_bytes();
        self.keys.keys().filter_map(move |key| {
            let name = key.strip_prefix(prefix.as_slice())?;
            let end = name.iter().position(|&b| b == b'/')?;
            Some(escape_bounded(&name[..end], 64))
        })
    }
}

/// The path under `/proc/sys` that a key names. Where the first separator is a
/// dot, dots and slashes change places: `net.ipv4.conf.eth0/100.rp_filter`.
fn path_of(key: &[u8]) -> Vec<u8> {
    let first = key.iter().find(|b| matches!(b, b'.' | b'/'));
    let key: Vec<u8> = if first == Some(&b'.') {
        let swap = |&b: &u8| match b {
            b'.' => b'/',
            b'/' => b'.',
            other => other,
        };
        key.iter().map(swap).collect()
    } else {
        key.to_vec()
    };
    // Slashes at the ends and in a row say nothing.
    let parts: Vec<&[u8]> = key.split(|&b| b == b'/').filter(|part| !part.is_empty()).collect();
    let path = parts.join(&b'/');
    path.strip_prefix(b"proc/sys/").map(<[u8]>::to_vec).unwrap_or(path)
}

/// A value as text; numbers as the kernel shows them, which takes hexadecimal
/// and octal ones too.
pub(super) fn number(value: &[u8]) -> String {
    let text = escape_bounded(value, 200);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.as_str()),
    };
    let read = if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        i64::from_str_radix(hex, 16)
    } else if digits.len() > 1 && digits.starts_with('0') {
        i64::from_str_radix(digits, 8)
    } else {
        digits.parse()
    };
    match read {
        Ok(read) if digits.starts_with(|c: char| c.is_ascii_digit()) => (sign * read).to_string(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(files: &[(&str, &str)]) -> Config {
        let mut config = Config::default();
        for (path, text) in files {
            config.file(path, text.as_bytes().split(|&b| b == b'\n'));
        }
        config
    }

    fn value(config: &Config, path: &str) -> Option<String> {
        config.get(path).and_then(|assigned| assigned.value.clone())
    }

    #[test]
    fn the_last_assignment_to_a_key_holds() {
        let config = config(&[
            ("/a", "# net.x = 9\n ; net.x=8\nnet.x=1\n  net/y = 2  \nno assignment\n=5\n"),
            ("/b", "- net.x = 0x10\nnet.ipv4.conf.eth0/100.rp_filter=01\n"),
        ]);
        assert_eq!(value(&config, "net/x").as_deref(), Some("16"));
        assert_eq!(config.get("net/x").map(|found| found.file.as_str()), Some("/b"));
        assert_eq!(value(&config, "net/y").as_deref(), Some("2"));
        assert_eq!(value(&config, "net/ipv4/conf/eth0.100/rp_filter").as_deref(), Some("1"));
        assert_eq!(config.interfaces("ipv4").collect::<Vec<_>>(), ["eth0.100"]);
    }

    #[test]
    fn keys_win_over_patterns_and_exclusions_keep_them_away() {
        let config = config(&[
            ("/a", "net.ipv4.conf.eth0.rp_filter=0\nnet.ipv4.conf.*.rp_filter=1\n"),
            ("/b", "net.ipv4.conf.e*.rp_filter=2\n-net.ipv4.conf.eth9.rp_filter\n"),
        ]);
        for (name, expected) in
            [("eth0", Some("0")), ("eth1", Some("2")), ("lo", Some("1")), ("eth9", None)]
        {
            let met = value(&config, &format!("net/ipv4/conf/{name}/rp_filter"));
            assert_eq!(met.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn values_are_shown_as_the_kernel_shows_them() {
        for (raw, shown) in [
            ("0", "0"),
            ("00", "0"),
            ("-1", "-1"),
            ("0x1", "1"),
            ("010", "8"),
            ("09", "09"),
            ("4 4 1 7", "4 4 1 7"),
            ("|/bin/false", "|/bin/false"),
            ("--1", "--1"),
            ("+1", "+1"),
            ("", ""),
        ] {
            assert_eq!(number(raw.as_bytes()), shown, "{raw}");
        }
    }
}
