//! The journal's configuration and its upload.

use super::super::dump::{Dump, DumpedFile, Found};
use super::Collector;
use crate::escape::escape_bounded;
use crate::problem::Problem;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

const JOURNALD: [&str; 2] = ["/etc/systemd/journald.conf", "/usr/lib/systemd/journald.conf"];
const UPLOAD: [&str; 2] =
    ["/etc/systemd/journal-upload.conf", "/usr/lib/systemd/journal-upload.conf"];
const JOURNALD_MORE: [&str; 3] = [
    "/usr/lib/systemd/journald.conf.d/*.conf",
    "/run/systemd/journald.conf.d/*.conf",
    "/etc/systemd/journald.conf.d/*.conf",
];
const UPLOAD_MORE: [&str; 3] = [
    "/usr/lib/systemd/journal-upload.conf.d/*.conf",
    "/run/systemd/journal-upload.conf.d/*.conf",
    "/etc/systemd/journal-upload.conf.d/*.conf",
];
/// Every file that this module reads.
pub(super) const PATTERNS: [&str; 10] = [
    JOURNALD[0],
    JOURNALD[1],
    JOURNALD_MORE[0],
    JOURNALD_MORE[1],
    JOURNALD_MORE[2],
    UPLOAD[0],
    UPLOAD[1],
    UPLOAD_MORE[0],
    UPLOAD_MORE[1],
    UPLOAD_MORE[2],
];

/// The journal's configuration, drop-ins included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Journald {
    /// `Storage=`: `persistent`, `volatile`, `none`, or `auto` (the default): on
    /// the disk where /var/log/journal is there.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub storage: String,
    /// `ForwardToSyslog=`; absent where it is not set, since the default differs
    /// between distributions.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub forward_to_syslog: Option<bool>,
    /// `SystemMaxUse=` as written; absent: a tenth of the file system, at most 4 GiB.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub system_max_use: Option<String>,
    /// `MaxRetentionSec=` in whole days; absent: age alone deletes nothing.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub max_retention_days: Option<i64>,
    /// `MaxFileSec=` as written; absent: a month.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub max_file_sec: Option<String>,
}

/// The values of a unit-style configuration with drop-ins, and why they may
/// not be all.
fn values(
    dump: &Dump<'_>,
    main: &[&str],
    more: &[&str],
) -> (BTreeMap<String, String>, bool, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut files: Vec<&DumpedFile<'_>> = Vec::new();
    for path in main {
        match dump.file(path) {
            Found::File(file) => {
                files.push(file);
                break;
            }
            Found::Absent => {}
            Found::Failed(problem) => problems.push(problem),
        }
    }
    let mut drop_ins: BTreeMap<Vec<u8>, &DumpedFile<'_>> = BTreeMap::new();
    for pattern in more {
        let (found, missing) = dump.matching(pattern);
        problems.extend(missing);
        for file in found {
            let name = file.path.rsplit(|&b| b == b'/').next().unwrap_or_default();
            drop_ins.insert(name.to_vec(), file);
        }
    }
    files.extend(drop_ins.into_values());
    let mut values = BTreeMap::new();
    for file in &files {
        problems.extend(file.problem.clone());
        for line in &file.lines {
            let line = line.trim_ascii();
            if line.starts_with(b"#") || line.starts_with(b";") {
                continue;
            }
            if let Some(at) = line.iter().position(|&b| b == b'=') {
                let name = escape_bounded(line[..at].trim_ascii(), 64);
                values.insert(name, escape_bounded(line[at + 1..].trim_ascii(), 512));
            }
        }
    }
    values.retain(|_, value| !value.is_empty());
    (values, !files.is_empty(), problems)
}

/// The journal's configuration, absent where there is no file of it.
pub(super) fn journald(dump: &Dump<'_>) -> Result<Option<Journald>, Problem> {
    let (mut values, any, problems) = values(dump, &JOURNALD, &JOURNALD_MORE);
    if let Some(problem) = problems.into_iter().next() {
        return Err(problem);
    }
    let flag = |value: &String| match value.to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" | "1" | "y" | "t" => Some(true),
        "no" | "false" | "off" | "0" | "n" | "f" => Some(false),
        _ => None,
    };
    Ok(any.then(|| Journald {
        storage: values.get("Storage").map_or("auto".to_owned(), |word| word.to_ascii_lowercase()),
        forward_to_syslog: values.get("ForwardToSyslog").and_then(flag),
        system_max_use: values.remove("SystemMaxUse"),
        max_retention_days: values
            .get("MaxRetentionSec")
            .and_then(|span| days(span))
            .filter(|n| *n > 0),
        max_file_sec: values.remove("MaxFileSec"),
    }))
}

/// Where `systemd-journal-upload` sends the journal.
pub(super) fn upload(dump: &Dump<'_>) -> (Vec<Collector>, Vec<Problem>) {
    let (values, _, problems) = values(dump, &UPLOAD, &UPLOAD_MORE);
    let collectors = values.get("URL").map(|url| {
        let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
        let end = rest.find('/').unwrap_or(rest.len());
        let rest = &rest[..end];
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => {
                (host, port.parse().ok())
            }
            _ => (rest, None),
        };
        let port = port.or(Some(19532));
        let host = host.trim_matches(['[', ']']).to_owned();
        Collector {
            entry: super::entry("journal-upload", scheme, &host, port),
            program: "journal-upload".to_owned(),
            protocol: scheme.to_owned(),
            host,
            port,
            tls: scheme == "https",
            selector: "all".to_owned(),
            everything: Some(true),
            authentication: Some(true),
            running: None,
        }
    });
    (collectors.into_iter().collect(), problems)
}

/// A span of time such as `200day`, `6month`, `1w 3d`, in whole days; a bare
/// number counts seconds.
fn days(text: &str) -> Option<i64> {
    let mut seconds: i64 = 0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: i64 = rest.get(..digits)?.parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let unit = match &rest[..letters] {
            "" | "s" | "sec" | "second" | "seconds" => 1,
            "m" | "min" | "minute" | "minutes" => 60,
            "h" | "hr" | "hour" | "hours" => 3_600,
            "d" | "day" | "days" => 86_400,
            "w" | "week" | "weeks" => 604_800,
            "M" | "month" | "months" => 2_629_800,
            "y" | "year" | "years" => 31_557_600,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        rest = rest[letters..].trim_start();
    }
    Some(seconds / 86_400)
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn spans_are_those_of_systemd() {
        for (text, expected) in [
            ("200day", 200),
            ("6month", 182),
            ("1w 3d", 10),
            ("15552000", 180),
            ("1 year", 365),
            ("0", 0),
        ] {
            assert_eq!(days(text), Some(expected), "{text}");
        }
        assert_eq!(days("soon"), None);
        assert_eq!(days("99999999999999999999d"), None);
    }
}
