//! The rules that come back when the host starts, by what is configured.

use super::super::dump::{Dump, DumpedFile, Found};
use super::super::whole_lines;
use super::model::{Chain, Family, Hook, Scope, Table};
use super::packet::Reading;
use super::{BOOT, firewalld, iptables, nft};
use crate::escape::escape_bounded;
use crate::frame::{Frame, Frames};
use crate::problem::{Problem, whole};
use anji_model::FailureCategory;
use std::collections::{BTreeMap, BTreeSet};

/// The files that hold rules, and say which are used.
pub(super) const FILES: [&str; 27] = [
    "/etc/nftables.conf",
    "/etc/nftables.nft",
    "/etc/sysconfig/nftables.conf",
    "/etc/nftables/*",
    "/etc/nftables.d/*",
    "/etc/iptables/rules.v4",
    "/etc/iptables/rules.v6",
    "/etc/iptables/iptables.rules",
    "/etc/iptables/ip6tables.rules",
    "/etc/iptables/rules-save",
    "/etc/iptables/rules6-save",
    "/etc/sysconfig/iptables",
    "/etc/sysconfig/ip6tables",
    "/etc/ufw/ufw.conf",
    "/etc/default/ufw",
    "/etc/ufw/before.rules",
    "/etc/ufw/before6.rules",
    "/etc/ufw/after.rules",
    "/etc/ufw/after6.rules",
    "/etc/ufw/user.rules",
    "/etc/ufw/user6.rules",
    "/lib/ufw/user.rules",
    "/lib/ufw/user6.rules",
    firewalld::CONF,
    firewalld::OWN_ZONES,
    firewalld::SHIPPED_ZONES[0],
    firewalld::SHIPPED_ZONES[1],
];

/// The rules that will be loaded, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Boot {
    pub(super) tables: Vec<Table>,
    /// What loads rules, and whether they are understood.
    pub(super) loaders: BTreeMap<String, bool>,
    /// By family, why there may be more.
    pub(super) unseen: Vec<(Family, Problem)>,
    pub(super) zones: Option<firewalld::Configuration>,
}

/// What the capture of starters says.
#[derive(Default)]
struct Starters {
    begins: BTreeSet<String>,
    masked: BTreeSet<String>,
    mentions: BTreeSet<String>,
    closed: BTreeSet<String>,
    /// Whether there is a way of starting services that is known.
    init: bool,
}

fn starters(frame: &Frame) -> Result<Starters, Problem> {
    let mut found = Starters::default();
    let mut ended = false;
    for line in whole_lines(frame) {
        let text = escape_bounded(line, 300);
        let list = match text.split_once(' ') {
            Some(("begins", name)) => (&mut found.begins, name),
            Some(("masked", name)) => (&mut found.masked, name),
            Some(("mentions", path)) => (&mut found.mentions, path),
            Some(("closed", path)) => (&mut found.closed, path),
            Some(("end", seen @ ("0" | "1"))) => {
                (found.init, ended) = (seen == "1", true);
                continue;
            }
            _ => {
                let detail = "the capture of what begins at boot has another form";
                return Err(Problem::new(FailureCategory::Unparsable, detail));
            }
        };
        list.0.insert(list.1.to_owned());
    }
    if ended {
        return Ok(found);
    }
    let detail = "the capture of what begins at boot broke off";
    Err(Problem::new(FailureCategory::Incomplete, detail))
}

/// Reads what begins at boot and the files that it loads.
pub(super) fn read(frames: &Frames, dump: Result<&Dump<'_>, Problem>) -> Boot {
    let mut boot = Boot::default();
    let starters = whole(frames, BOOT).and_then(starters);
    let (starters, dump) = match (starters, dump) {
        (Ok(starters), Ok(dump)) => (starters, dump),
        (starters, dump) => {
            let zones = dump.as_ref().ok().map(|dump| firewalld::read(dump));
            boot.zones = zones.and_then(Result::ok).flatten();
            let problems = [starters.err(), dump.err()];
            problems.into_iter().flatten().for_each(|problem| boot.unknown(&problem));
            return boot;
        }
    };
    match firewalld::read(dump) {
        Ok(zones) => boot.zones = zones,
        Err(problem) => boot.unknown(&problem),
    }
    if !starters.init {
        let detail = "services begin in a way that is not known here";
        boot.unknown(&Problem::new(FailureCategory::Unsupported, detail));
    }
    for path in &starters.closed {
        let detail = format!("{path}: permission denied");
        boot.unknown(&Problem::new(FailureCategory::Permission, detail));
    }
    for path in &starters.mentions {
        boot.loaders.insert(path.clone(), false);
        let detail = format!("{path} runs at boot and speaks of firewall rules");
        boot.unknown(&Problem::new(FailureCategory::Unsupported, detail));
    }
    let mut flushed = false;
    for name in starters.begins.difference(&starters.masked) {
        match boot.loader(name, dump, &mut flushed) {
            Ok(used) => {
                if used {
                    boot.loaders.insert(name.clone(), true);
                }
            }
            Err(problem) => {
                boot.loaders.insert(name.clone(), false);
                boot.unknown(&problem);
            }
        }
    }
    if flushed && boot.loaders.len() > 1 {
        // Who comes last stays, and the order is not known.
        boot.tables.retain(|table| table.name.starts_with("nftables "));
        let detail = "nftables removes the rules of others, and the order is not known";
        boot.unknown(&Problem::new(FailureCategory::Unsupported, detail));
    }
    boot
}

impl Boot {
    fn unknown(&mut self, problem: &Problem) {
        self.unseen.extend(Family::ALL.map(|family| (family, problem.clone())));
    }

    /// Adds what a service loads; says whether that is anything.
    fn loader(&mut self, name: &str, dump: &Dump<'_>, flushed: &mut bool) -> Result<bool, Problem> {
        let save = |this: &mut Self, files: &[(Family, &str)]| -> Result<bool, Problem> {
            let mut used = false;
            for (family, path) in files {
                if let Some(file) = present(dump, path)? {
                    this.restore(*family, &file.lines)?;
                    used = true;
                }
            }
            Ok(used)
        };
        match name {
            "nftables" => self.nftables(dump, flushed),
            "netfilter-persistent" | "iptables-persistent" => save(
                self,
                &[(Family::Ip4, "/etc/iptables/rules.v4"), (Family::Ip6, "/etc/iptables/rules.v6")],
            ),
            "iptables" => save(
                self,
                &[
                    (Family::Ip4, "/etc/sysconfig/iptables"),
                    (Family::Ip4, "/etc/iptables/rules-save"),
                    (Family::Ip4, "/etc/iptables/iptables.rules"),
                ],
            ),
            "ip6tables" => save(
                self,
                &[
                    (Family::Ip6, "/etc/sysconfig/ip6tables"),
                    (Family::Ip6, "/etc/iptables/rules6-save"),
                    (Family::Ip6, "/etc/iptables/ip6tables.rules"),
                ],
            ),
            "ufw" => self.ufw(dump),
            "firewalld" => match self.zones.as_ref().and_then(firewalld::Configuration::refuses) {
                Some(refuses) => {
                    let mut table = Table::new("firewalld".to_owned(), Scope::Both);
                    let hook =
                        Hook { kind: "filter".to_owned(), name: "input".to_owned(), priority: 10 };
                    let chain = Chain { hook: Some(hook), drops: refuses, rules: Vec::new() };
                    table.chains.insert("input".to_owned(), chain);
                    self.tables.push(table);
                    Ok(true)
                }
                None => Err(unsupported("the default zone of firewalld is not known")),
            },
            name => Err(unsupported(&format!("{name} begins at boot, and is not read"))),
        }
    }

    fn restore(&mut self, family: Family, lines: &[&[u8]]) -> Result<(), Problem> {
        let ip = if family == Family::Ip4 { "ip" } else { "ip6" };
        let text: Vec<u8> = lines.join(&b'\n');
        let read = iptables::read(family, ip, lines.iter().copied(), Reading::of(&text))?;
        self.tables.extend(read);
        Ok(())
    }

    fn nftables(&mut self, dump: &Dump<'_>, flushed: &mut bool) -> Result<bool, Problem> {
        let mut main = Vec::new();
        for path in ["/etc/nftables.conf", "/etc/nftables.nft", "/etc/sysconfig/nftables.conf"] {
            main.extend(present(dump, path)?);
        }
        let [file] = main.as_slice() else {
            return match main.len() {
                0 => Err(unsupported("nftables begins at boot, and its file is not found")),
                _ => Err(unsupported("more than one file of nftables")),
            };
        };
        let text =
            |file: &DumpedFile<'_>| String::from_utf8_lossy(&file.lines.join(&b'\n')).into_owned();
        let mut everything = text(file);
        for pattern in ["/etc/nftables/*", "/etc/nftables.d/*"] {
            let (files, problems) = dump.matching(pattern);
            if everything.contains("include")
                && let Some(problem) = problems.first()
            {
                return Err(problem.clone());
            }
            everything.extend(files.iter().map(|file| text(file)));
        }
        let includes = |name: &str| included(dump, name, &text);
        let ruleset = nft::read(&text(file), Some(&includes), Reading::of(everything.as_bytes()))?;
        if let Some(doubt) = ruleset.doubt {
            return Err(doubt);
        }
        *flushed |= everything.contains("flush ruleset");
        self.tables.extend(ruleset.tables.into_iter().map(|mut table| {
            table.name = format!("nftables {}", table.name);
            table
        }));
        Ok(true)
    }

    fn ufw(&mut self, dump: &Dump<'_>) -> Result<bool, Problem> {
        let enabled = setting(present(dump, "/etc/ufw/ufw.conf")?, "ENABLED");
        if !enabled.is_some_and(|value| value.eq_ignore_ascii_case("yes")) {
            return Ok(false);
        }
        let defaults = present(dump, "/etc/default/ufw")?;
        let policy = setting(defaults, "DEFAULT_INPUT_POLICY");
        let ip6 = setting(defaults, "IPV6").is_some_and(|value| value.eq_ignore_ascii_case("yes"));
        let Some(policy @ ("ACCEPT" | "DROP" | "REJECT")) = policy.as_deref() else {
            return Err(unsupported("the default of ufw for incoming packets is not known"));
        };
        if !ip6 {
            // It refuses everything then.
            let all: [&[u8]; 3] = [b"*filter", b":INPUT DROP [0:0]", b"COMMIT"];
            self.restore(Family::Ip6, &all)?;
        }
        for family in Family::ALL.iter().take(if ip6 { 2 } else { 1 }) {
            let six = if *family == Family::Ip6 { "6" } else { "" };
            let frame = ufw_frame(six, policy);
            let mut lines: Vec<&[u8]> = frame.lines().map(str::as_bytes).collect();
            for name in ["before", "after"] {
                let path = format!("/etc/ufw/{name}{six}.rules");
                let file = present(dump, &path)?.ok_or_else(|| unsupported("ufw lacks a file"))?;
                lines.extend(&file.lines);
            }
            let mut user = present(dump, &format!("/etc/ufw/user{six}.rules"))?;
            if user.is_none() {
                user = present(dump, &format!("/lib/ufw/user{six}.rules"))?;
            }
            lines.extend(user.map(|file| file.lines.as_slice()).unwrap_or_default());
            self.restore(*family, &lines)?;
        }
        Ok(true)
    }
}

/// The chains that ufw makes before it reads its files.
fn ufw_frame(six: &str, policy: &str) -> String {
    let base = if policy == "ACCEPT" { "ACCEPT" } else { "DROP" };
    let mut text = format!("*filter\n:INPUT {base} [0:0]\n");
    let chains = ["before-logging", "before", "after", "after-logging", "reject", "track"];
    for chain in chains {
        text.push_str(&format!("-A INPUT -j ufw{six}-{chain}-input\n"));
    }
    for chain in chains.into_iter().chain(["skip-to-policy", "user-logging"]) {
        text.push_str(&format!(":ufw{six}-{chain}-input - [0:0]\n"));
    }
    text.push_str(&format!(":ufw{six}-logging-deny - [0:0]\n:ufw{six}-logging-allow - [0:0]\n"));
    text.push_str(&format!("-A ufw{six}-skip-to-policy-input -j {policy}\n"));
    text.push_str("COMMIT\n");
    text
}

fn unsupported(detail: &str) -> Problem {
    Problem::new(FailureCategory::Unsupported, detail)
}

/// The whole file, if there is one.
fn present<'d, 'f>(dump: &'d Dump<'f>, path: &str) -> Result<Option<&'d DumpedFile<'f>>, Problem> {
    match dump.file(path) {
        Found::File(file) => match &file.problem {
            Some(problem) => Err(problem.clone()),
            None => Ok(Some(file)),
        },
        Found::Absent => Ok(None),
        Found::Failed(problem) => Err(problem),
    }
}

/// The last assignment of a name in a file of shell variables.
fn setting(file: Option<&DumpedFile<'_>>, name: &str) -> Option<String> {
    let lines = file?.lines.iter().rev();
    lines.map(|line| String::from_utf8_lossy(line)).find_map(|line| {
        let (found, value) = line.trim().split_once('=')?;
        (found == name).then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })
}

fn included(
    dump: &Dump<'_>,
    name: &str,
    text: &dyn Fn(&DumpedFile<'_>) -> String,
) -> Option<Vec<String>> {
    let name = match name.strip_prefix("./") {
        Some(rest) => format!("/etc/{rest}"),
        None if name.starts_with('/') => name.to_owned(),
        None => format!("/etc/{name}"),
    };
    let (folder, last) = name.rsplit_once('/')?;
    let pattern = format!("{folder}/*");
    if !["/etc/nftables/*", "/etc/nftables.d/*"].contains(&pattern.as_str()) {
        return None;
    }
    let (files, problems) = dump.matching(&pattern);
    if !problems.is_empty() {
        return None;
    }
    let fits = |file: &&&DumpedFile<'_>| {
        let Some(name) = file.path.rsplit(|b| *b == b'/').next() else { return false };
        let name = String::from_utf8_lossy(name);
        match last.split_once('*') {
            Some((begin, end)) => {
                name.len() >= begin.len() + end.len()
                    && name.starts_with(begin)
                    && name.ends_with(end)
            }
            None => name == last,
        }
    };
    if last.matches('*').count() > 1 || last.contains(['?', '[']) {
        return None;
    }
    let found: Vec<_> = files.iter().filter(fits).collect();
    if found.iter().any(|file| file.problem.is_some()) || (found.is_empty() && !last.contains('*'))
    {
        return None;
    }
    Some(found.into_iter().map(|file| text(file)).collect())
}
