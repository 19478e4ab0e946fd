//! The files of `pam_limits` and of systemd.

use super::super::conf_files::in_order;
use super::super::dump::{Dump, DumpedFile, Found};
use super::{LIMIT_FILES, LIMIT_FOLDERS, Limit};
use crate::escape::{escape, escape_bounded};
use crate::problem::Problem;
use std::collections::BTreeMap;

/// Where systemd looks, from the folder that wins to the one that yields.
const SYSTEMD_FOLDERS: [&str; 4] =
    ["/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd"];
const SYSTEMD_FILES: [&str; 2] = ["coredump.conf", "system.conf"];

/// What systemd's files say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Systemd {
    pub(super) storage: String,
    pub(super) process_size_max: Option<i64>,
    pub(super) default_limit: Option<String>,
}

/// The files that are read for it.
pub(super) fn systemd_patterns() -> Vec<String> {
    let all = SYSTEMD_FILES.iter().flat_map(|name| {
        SYSTEMD_FOLDERS.iter().flat_map(move |folder| {
            [format!("{folder}/{name}"), format!("{folder}/{name}.d/*.conf")]
        })
    });
    all.collect()
}

type Lines<'d> = Vec<(String, &'d [&'d [u8]])>;

/// The drop-ins of these folders, in the order in which they are read.
fn drop_ins<'d>(dump: &'d Dump<'_>, folders: &[String]) -> Result<Lines<'d>, Problem> {
    let mut files: Lines<'d> = Vec::new();
    for folder in folders {
        let pattern = format!("{folder}/*.conf");
        let (found, problems) = dump.matching(&pattern);
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        for file in found {
            files.push((escape(&file.path), lines_of(file)?));
        }
        // A link to /dev/null stands for an empty file.
        files.extend(dump.masks(&pattern).map(|path| (escape(path), &[][..])));
    }
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let ordered = in_order(&folders, files.iter().map(|(path, lines)| (path.as_str(), *lines)));
    Ok(ordered.into_iter().map(|(path, lines)| (path.to_owned(), lines)).collect())
}

fn lines_of<'d>(file: &'d DumpedFile<'_>) -> Result<&'d [&'d [u8]], Problem> {
    match &file.problem {
        Some(problem) => Err(problem.clone()),
        None => Ok(&file.lines),
    }
}

/// The first of these files that is there.
fn first<'d>(dump: &'d Dump<'_>, paths: &[String]) -> Result<Option<&'d [&'d [u8]]>, Problem> {
    for path in paths {
        match dump.file(path) {
            Found::File(file) => return lines_of(file).map(Some),
            Found::Absent => {}
            Found::Failed(problem) => return Err(problem),
        }
    }
    Ok(None)
}

/// The `core` lines of `limits.conf` and `limits.d`: of one name the last one holds.
pub(super) fn limits_of(dump: &Dump<'_>) -> Result<Vec<Limit>, Problem> {
    let mut limits: BTreeMap<String, (Option<String>, Option<String>)> = BTreeMap::new();
    let main = first(dump, &LIMIT_FILES.map(str::to_owned))?;
    let folders = LIMIT_FOLDERS.map(str::to_owned);
    let dropped = drop_ins(dump, &folders)?;
    let lines = main.into_iter().chain(dropped.iter().map(|(_, lines)| *lines)).flatten();
    for line in lines {
        let line = line.split(|&b| b == b'#').next().unwrap_or_default();
        let words: Vec<&[u8]> =
            line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
        let [domain, kind, item, value] = words.as_slice() else { continue };
        if !item.eq_ignore_ascii_case(b"core") {
            continue;
        }
        let Some(value) = limit(value) else { continue };
        let entry = limits.entry(escape_bounded(domain, 100)).or_default();
        match kind.to_ascii_lowercase().as_slice() {
            b"soft" => entry.0 = Some(value),
            b"hard" => entry.1 = Some(value),
            b"-" => *entry = (Some(value.clone()), Some(value)),
            _ => {}
        }
    }
    let limits = limits.into_iter().filter(|(_, (soft, hard))| soft.is_some() || hard.is_some());
    Ok(limits.map(|(domain, (soft, hard))| Limit { domain, soft, hard }).collect())
}

/// A limit as `pam_limits` reads it; it skips a line with another value.
fn limit(value: &[u8]) -> Option<String> {
    let word = value.to_ascii_lowercase();
    if matches!(word.as_slice(), b"-1" | b"unlimited" | b"infinity") {
        return Some("unlimited".to_owned());
    }
    let digits = std::str::from_utf8(&word).ok()?;
    let read: u64 = match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()?,
        None if digits.len() > 1 && digits.starts_with('0') => {
            u64::from_str_radix(digits, 8).ok()?
        }
        None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
        None => return None,
    };
    Some(read.to_string())
}

/// What the files of systemd come to.
pub(super) fn systemd_of(dump: &Dump<'_>) -> Result<Systemd, Problem> {
    let mut found =
        Systemd { storage: "external".to_owned(), process_size_max: None, default_limit: None };
    for name in SYSTEMD_FILES {
        let paths = SYSTEMD_FOLDERS.map(|folder| format!("{folder}/{name}"));
        let folders = SYSTEMD_FOLDERS.map(|folder| format!("{folder}/{name}.d"));
        let main = first(dump, &paths)?;
        let dropped = drop_ins(dump, &folders)?;
        for lines in main.into_iter().chain(dropped.iter().map(|(_, lines)| *lines)) {
            settings(lines, name, &mut found);
        }
    }
    Ok(found)
}

fn settings(lines: &[&[u8]], file: &str, found: &mut Systemd) {
    let wanted = if file == "coredump.conf" { "[Coredump]" } else { "[Manager]" };
    let mut inside = false;
    for line in lines {
        let line = line.trim_ascii();
        if line.starts_with(b"[") {
            inside = line == wanted.as_bytes();
            continue;
        }
        let Some(at) = line.iter().position(|&b| b == b'=').filter(|_| inside) else { continue };
        let (key, value) = (line[..at].trim_ascii(), line[at + 1..].trim_ascii());
        match (file, key) {
            ("coredump.conf", b"Storage") => {
                let word = if value.is_empty() { b"external" } else { value };
                // A word that it does not know leaves what stood before.
                if [&b"external"[..], b"journal", b"none"].contains(&word) {
                    found.storage = escape(word);
                }
            }
            ("coredump.conf", b"ProcessSizeMax") if value.is_empty() => {
                found.process_size_max = None;
            }
            ("coredump.conf", b"ProcessSizeMax") => {
                found.process_size_max = size(value).or(found.process_size_max);
            }
            ("system.conf", b"DefaultLimitCORE") if value.is_empty() => found.default_limit = None,
            ("system.conf", b"DefaultLimitCORE") => {
                let soft = value.split(|&b| b == b':').next().unwrap_or_default();
                let word = if soft == b"infinity" {
                    Some("unlimited".to_owned())
                } else {
                    size(soft).map(|bytes| bytes.to_string())
                };
                found.default_limit = word.or(found.default_limit.take());
            }
            _ => {}
        }
    }
}

/// A size with the letters of systemd, to the base of 1024.
fn size(value: &[u8]) -> Option<i64> {
    if value == b"infinity" {
        return Some(i64::MAX);
    }
    let end = value.iter().position(|b| !b.is_ascii_digit()).unwrap_or(value.len());
    let number: i64 = std::str::from_utf8(&value[..end]).ok()?.parse().ok()?;
    let power = match value[end..].trim_ascii() {
        b"" | b"B" => 0,
        b"K" => 1,
        b"M" => 2,
        b"G" => 3,
        b"T" => 4,
        b"P" => 5,
        b"E" => 6,
        _ => return None,
    };
    number.checked_mul(1_i64 << (10 * power))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<&[u8]> {
        text.as_bytes().split(|&b| b == b'\n').collect()
    }

    fn read(coredump: &str, system: &str) -> Systemd {
        let mut found =
            Systemd { storage: "external".to_owned(), process_size_max: None, default_limit: None };
        settings(&lines(coredump), "coredump.conf", &mut found);
        settings(&lines(system), "system.conf", &mut found);
        found
    }

    #[test]
    fn settings_count_in_their_section_and_the_last_holds() {
        let found = read(
            "Storage=none\n[Coredump]\n# Storage=none\nStorage = journal\nStorage=nonsense\n\
             ProcessSizeMax=2G\nProcessSizeMax=0\n[Other]\nStorage=none\n",
            "[Manager]\nDefaultLimitCORE=infinity\nDefaultLimitCORE=1K:2M\n",
        );
        assert_eq!((found.storage.as_str(), found.process_size_max), ("journal", Some(0)));
        assert_eq!(found.default_limit.as_deref(), Some("1024"));
        let found =
            read("[Coredump]\nStorage=none\nStorage=\nProcessSizeMax=1\nProcessSizeMax=\n", "");
        assert_eq!((found.storage.as_str(), found.process_size_max), ("external", None));
    }

    #[test]
    fn limits_are_numbers_or_none_at_all() {
        for (raw, read) in [
            ("0", Some("0")),
            ("00", Some("0")),
            ("0x10", Some("16")),
            ("-1", Some("unlimited")),
            ("Unlimited", Some("unlimited")),
            ("1k", None),
            ("", None),
            ("-5", None),
        ] {
            assert_eq!(limit(raw.as_bytes()).as_deref(), read, "{raw}");
        }
    }
}
