//! The configuration: rules files, the daemon's own file, its plugins, its unit.

use super::super::dump::{Dump, DumpedFile, Found};
use super::rule::{self, Line, Rule};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded};
use crate::problem::Problem;
use anji_model::{FailureCategory, Gap};
use schemars::JsonSchema;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::VecDeque;

pub(super) const RULES: &str = "/etc/audit/audit.rules";
pub(super) const RULES_D: &str = "/etc/audit/rules.d/*.rules";
pub(super) const AUDITD: &str = "/etc/audit/auditd.conf";
const PLUGINS: [&str; 2] = ["/etc/audit/plugins.d/*.conf", "/etc/audisp/plugins.d/*.conf"];
const UNITS: [&str; 3] = [
    "/etc/systemd/system/auditd.service",
    "/run/systemd/system/auditd.service",
    "/usr/lib/systemd/system/auditd.service",
];
const DROP_INS: [&str; 3] = [
    "/usr/lib/systemd/system/auditd.service.d/*.conf",
    "/run/systemd/system/auditd.service.d/*.conf",
    "/etc/systemd/system/auditd.service.d/*.conf",
];

/// Every file that the type reads.
pub(super) const PATTERNS: [&str; 11] = [
    RULES,
    RULES_D,
    AUDITD,
    PLUGINS[0],
    PLUGINS[1],
    UNITS[0],
    UNITS[1],
    UNITS[2],
    DROP_INS[0],
    DROP_INS[1],
    DROP_INS[2],
];

/// The daemon's configuration. What the file does not set is absent: the
/// daemon's own default holds, which differs between its versions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Auditd {
    /// Where records are written.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub log_file: Option<String>,
    /// The group that may read them.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub log_group: Option<String>,
    /// Whether they are written at all: `yes` or `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub write_logs: Option<String>,
    /// How they are put on the disk: `none`, `incremental`, `incremental_async`, `data`, `sync`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub flush: Option<String>,
    /// The size in MiB at which `max_log_file_action` is taken.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub max_log_file: Option<i64>,
    /// How many files `rotate` keeps.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub num_logs: Option<i64>,
    /// `ignore`, `syslog`, `suspend`, `rotate`, `keep_logs`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub max_log_file_action: Option<String>,
    /// What is done when space gets low.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub space_left_action: Option<String>,
    /// What is done when it gets very low.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub admin_space_left_action: Option<String>,
    /// What is done when there is none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub disk_full_action: Option<String>,
    /// What is done when writing fails.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub disk_error_action: Option<String>,
}

/// A plugin that gets the records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Plugin {
    /// The name of its file without the ending: `syslog`, `au-remote`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// Whether the daemon starts it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub active: bool,
}

/// The unit of the daemon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unit {
    /// The file that holds, and the files that add to it, each with mode and owner.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub files: Vec<UnitFile>,
    /// Whether systemd refuses to stop it by hand (`RefuseManualStop=`).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub refuse_manual_stop: bool,
}

/// A file of the unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct UnitFile {
    /// Its path.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// The permission bits as four octal digits; absent where no tool tells.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: Option<String>,
    /// The owner's user id; absent where no tool tells.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: Option<u32>,
}

/// What the next start loads.
pub(super) struct Configured {
    pub(super) rules: Vec<Rule>,
    pub(super) enabled: Option<i64>,
}

/// More rules than the kernel would take in a day's patience are not read.
pub(super) const RULES_MAX: usize = 5_000;

/// The rules as `augenrules` puts them together, or as the one file holds them
/// where there is nothing to put together.
pub(super) fn configured(dump: &Dump<'_>, gaps: &mut Vec<Gap>) -> Configured {
    let (mut files, problems) = dump.matching(RULES_D);
    let mut note = |problem: &Problem| {
        gaps.push(problem.partial("configured"));
        gaps.push(problem.unknown("configured_enabled"));
    };
    problems.iter().for_each(&mut note);
    files.sort_by(|a, b| by_version(&a.path, &b.path));
    if files.is_empty() && problems.is_empty() {
        match dump.file(RULES) {
            Found::File(file) => files.push(file),
            Found::Absent => {}
            Found::Failed(problem) => note(&problem),
        }
    }
    let mut rules: VecDeque<Rule> = VecDeque::new();
    let mut enabled = None;
    for file in files {
        if let Some(problem) = &file.problem {
            note(problem);
        }
        for (number, line) in file.lines.iter().enumerate() {
            match rule::read(line) {
                Line::Rule { .. } if rules.len() >= RULES_MAX => {
                    let detail = "more rules than are read";
                    note(&Problem::new(FailureCategory::Truncated, detail));
                    break;
                }
                Line::Rule { rule, first: true } => rules.push_front(*rule),
                Line::Rule { rule, .. } => rules.push_back(*rule),
                // augenrules puts `-D` before all rules of all files.
                Line::Clear | Line::Nothing | Line::Other => {}
                Line::Remove(removed) => rules.retain(|rule| rule.rule != removed.rule),
                Line::Setting("enabled", value) => enabled = Some(value),
                Line::Setting(..) => {}
                Line::Unreadable => {
                    let path = escape_bounded(&file.path, 200);
                    let detail = format!("{path}: line {} is no rule", number + 1);
                    note(&Problem::new(FailureCategory::Unparsable, detail));
                }
            }
        }
    }
    Configured { rules: numbered(rules.into()), enabled }
}

/// Rules with their places in the list.
pub(super) fn numbered(mut rules: Vec<Rule>) -> Vec<Rule> {
    for (rule, position) in rules.iter_mut().zip(1..) {
        rule.position = position;
    }
    rules
}

/// The order of `ls -v` for the names that rules files have: numbers by value.
fn by_version(a: &[u8], b: &[u8]) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
        let (x, y) = (digits(a), digits(b));
        if x > 0 && y > 0 {
            let plain = |text: &[u8]| {
                let zeros = text.iter().take_while(|b| **b == b'0').count();
                text[zeros..].to_vec()
            };
            let (one, two) = (plain(&a[..x]), plain(&b[..y]));
            match one.len().cmp(&two.len()).then(one.cmp(&two)) {
                Ordering::Equal => (a, b) = (&a[x..], &b[y..]),
                other => return other,
            }
            continue;
        }
        match (a.split_first(), b.split_first()) {
            (Some((one, rest)), Some((two, other))) if one == two => (a, b) = (rest, other),
            (one, two) => return one.map(|pair| pair.0).cmp(&two.map(|pair| pair.0)),
        }
    }
}

/// `name = value` lines, names in lower case.
fn settings(file: &DumpedFile<'_>) -> Vec<(String, String)> {
    let lines = file.lines.iter().map(|line| line.trim_ascii());
    lines
        .filter(|line| !line.starts_with(b"#"))
        .filter_map(|line| {
            let at = line.iter().position(|&b| b == b'=')?;
            let name = escape_bounded(line[..at].trim_ascii(), 64).to_ascii_lowercase();
            Some((name, escape_bounded(line[at + 1..].trim_ascii(), 1024)))
        })
        .collect()
}

pub(super) fn auditd(dump: &Dump<'_>, gaps: &mut Vec<Gap>) -> Option<Auditd> {
    let file = match dump.file(AUDITD) {
        Found::File(file) => file,
        Found::Absent => return None,
        Found::Failed(problem) => {
            gaps.push(problem.unknown("auditd"));
            return None;
        }
    };
    if let Some(problem) = &file.problem {
        gaps.push(problem.unknown("auditd"));
        return None;
    }
    let mut body = Auditd::default();
    for (name, value) in settings(file) {
        let word = Some(value.to_ascii_lowercase());
        match name.as_str() {
            "log_file" => body.log_file = Some(value),
            "log_group" => body.log_group = Some(value),
            "write_logs" => body.write_logs = word,
            "flush" => body.flush = word,
            "max_log_file" => body.max_log_file = value.parse().ok(),
            "num_logs" => body.num_logs = value.parse().ok(),
            "max_log_file_action" => body.max_log_file_action = word,
            "space_left_action" => body.space_left_action = word,
            "admin_space_left_action" => body.admin_space_left_action = word,
            "disk_full_action" => body.disk_full_action = word,
            "disk_error_action" => body.disk_error_action = word,
            _ => {}
        }
    }
    Some(body)
}

pub(super) fn plugins(dump: &Dump<'_>, gaps: &mut Vec<Gap>) -> Vec<Plugin> {
    let mut plugins = Vec::new();
    for pattern in PLUGINS {
        let (files, problems) = dump.matching(pattern);
        gaps.extend(problems.iter().map(|problem| problem.partial("plugins")));
        for file in files {
            gaps.extend(file.problem.iter().map(|problem| problem.partial("plugins")));
            let name = file.path.rsplit(|&b| b == b'/').next().unwrap_or_default();
            let active = settings(file).into_iter().rfind(|(name, _)| name == "active");
            plugins.push(Plugin {
                name: escape(name.strip_suffix(b".conf").unwrap_or(name)),
                active: active.is_some_and(|(_, value)| value.eq_ignore_ascii_case("yes")),
            });
        }
    }
    canonical_list(plugins)
}

/// The unit: the first file in systemd's order of folders, and all drop-ins.
pub(super) fn unit(dump: &Dump<'_>, gaps: &mut Vec<Gap>) -> Option<Unit> {
    let mut found: Vec<&DumpedFile<'_>> = Vec::new();
    for path in UNITS {
        match dump.file(path) {
            Found::File(file) => {
                found.push(file);
                break;
            }
            Found::Absent => {}
            Found::Failed(problem) => {
                gaps.push(problem.unknown("unit"));
                return None;
            }
        }
    }
    if found.is_empty() {
        return None;
    }
    for pattern in DROP_INS {
        let (files, problems) = dump.matching(pattern);
        if let Some(problem) = problems.first() {
            gaps.push(problem.unknown("unit"));
            return None;
        }
        found.extend(files);
    }
    if let Some(problem) = found.iter().find_map(|file| file.problem.as_ref()) {
        gaps.push(problem.unknown("unit"));
        return None;
    }
    if found.iter().any(|file| file.facts.is_none()) {
        let detail = "mode and owner of the unit's files were not had";
        let problem = Problem::new(FailureCategory::ToolMissing, detail);
        gaps.push(problem.unknown("unit.files[].mode"));
        gaps.push(problem.unknown("unit.files[].uid"));
    }
    let mut refuse = false;
    for file in &found {
        for (name, value) in settings(file) {
            if name == "refusemanualstop" {
                let value = value.to_ascii_lowercase();
                refuse = matches!(value.as_str(), "yes" | "true" | "on" | "1" | "y" | "t");
            }
        }
    }
    let files = found.iter().map(|file| UnitFile {
        path: escape(&file.path),
        mode: file.facts.map(|facts| format!("{:04o}", facts.mode)),
        uid: file.facts.map(|facts| facts.uid),
    });
    Some(Unit { files: canonical_list(files), refuse_manual_stop: refuse })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_files_are_read_in_the_order_of_versions() {
        let mut names = [
            &b"/r/100-x.rules"[..],
            b"/r/99-b.rules",
            b"/r/audit.rules",
            b"/r/9-a.rules",
            b"/r/099-c.rules",
        ];
        names.sort_by(|a, b| by_version(a, b));
        assert_eq!(names[0], b"/r/9-a.rules");
        assert_eq!(names[3], b"/r/100-x.rules");
        assert_eq!(names[4], b"/r/audit.rules");
    }
}
