//! The parser: running values, configured ones, and what comes of both.

use super::super::conf_files::in_order;
use super::super::dump::{Dump, Found};
use super::super::whole_lines;
use super::config::{Config, number};
use super::kernel::{FAMILIES, effective};
use super::{
    Body, FILES, FOLDERS, Family, Interface, KEYS, MAIN_FILE, PARAMETERS, PROGRAM, Parameters,
    RUNNING, Setting,
};
use crate::body::canonical_list;
use crate::escape::{escape, unescape};
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped, whole};
use anji_model::{FailureCategory, Gap};
use std::collections::{BTreeMap, BTreeSet};

/// Fields that rest on running values, and on the configuration.
const RUNNING_FIELDS: [&str; 5] = [
    "settings[].running",
    "families[].running",
    "interfaces[].running",
    "interfaces[].effective",
    "interfaces[].after_start",
];
const CONFIGURED_FIELDS: [&str; 5] = [
    "settings[].configured",
    "settings[].file",
    "families[].configured",
    "interfaces[].configured",
    "interfaces[].after_start",
];

/// What the kernel says.
#[derive(Debug, Default)]
struct Running {
    values: BTreeMap<String, String>,
    /// Keys that the kernel does not have.
    absent: BTreeSet<String>,
    denied: BTreeSet<String>,
    interfaces: BTreeSet<(&'static str, String)>,
    /// Families that the kernel does not have.
    without: BTreeSet<&'static str>,
    unread: usize,
    /// Whether there were more interfaces than are kept.
    crowded: bool,
}

/// More interfaces, in both families, than hosts have.
const INTERFACES_MAX: usize = 2000;

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let mut gaps = Vec::new();
    let running = match running(frames, &mut gaps) {
        Ok(running) => Some(running),
        Err(problem) => {
            gaps.extend(RUNNING_FIELDS.map(|field| problem.unknown(field)));
            gaps.push(problem.partial("interfaces"));
            None
        }
    };
    let program = whole(frames, PROGRAM).and_then(program);
    let configured = match program {
        Ok(program) => configured(frames, program).map(|config| (program, config)),
        Err(problem) => {
            gaps.push(problem.unknown("applied_by"));
            Err(problem)
        }
    };
    let configured = match configured {
        Ok(configured) => Some(configured),
        Err(problem) => {
            gaps.extend(CONFIGURED_FIELDS.map(|field| problem.unknown(field)));
            None
        }
    };
    if running.is_none() && configured.is_none() {
        let gap = gaps.swap_remove(0);
        return Err(Problem::new(gap.category, gap.detail));
    }
    let (program, config) = configured.unzip();
    let view = View { running: running.as_ref(), config: config.as_ref() };
    let body = Body {
        settings: KEYS.iter().map(|key| view.setting(key)).collect(),
        families: view.families(),
        interfaces: view.interfaces(),
        applied_by: program.map(str::to_owned),
    };
    Ok(Parsed::collected(&body, gaps))
}

fn program(frame: &Frame) -> Result<&'static str, Problem> {
    let lines: Vec<&[u8]> = whole_lines(frame).take(2).collect();
    let known = ["systemd-sysctl", "procps"];
    match lines.as_slice() {
        [line] => known.into_iter().find(|name| name.as_bytes() == *line),
        _ => None,
    }
    .ok_or_else(|| {
        let detail = "what applies the configuration was not told";
        Problem::new(FailureCategory::Unparsable, detail)
    })
}

fn running(frames: &Frames, gaps: &mut Vec<Gap>) -> Result<Running, Problem> {
    let frame = arrived(frames, RUNNING)?;
    let cut = stopped(frame);
    if cut.is_none()
        && let Some(problem) = exit_problem(frame)
    {
        return Err(problem);
    }
    let mut running = Running::default();
    whole_lines(frame).for_each(|line| running.line(line));
    if running.values.is_empty() {
        let detail = "no value of the kernel was told";
        return Err(cut.unwrap_or_else(|| Problem::new(FailureCategory::Unparsable, detail)));
    }
    let mut lacking = |problem: Problem| {
        gaps.extend(RUNNING_FIELDS.map(|field| problem.unknown(field)));
        gaps.push(problem.partial("interfaces"));
    };
    if let Some(problem) = cut {
        lacking(problem);
    } else if running.unread > 0 {
        let detail = format!("{} lines could not be read", running.unread);
        lacking(Problem::new(FailureCategory::Unparsable, detail));
    } else if running.crowded {
        let problem = Problem::new(FailureCategory::Truncated, "more interfaces than are kept");
        lacking(problem);
    } else if let Some(missing) = running.missing() {
        let detail = format!("not told: {missing}");
        lacking(Problem::new(FailureCategory::Incomplete, detail));
    }
    if !running.denied.is_empty() {
        let detail = format!("{} keys are closed to this account", running.denied.len());
        gaps.push(Problem::new(FailureCategory::Permission, detail).unknown("settings[].running"));
    }
    Ok(running)
}

impl Running {
    fn line(&mut self, line: &[u8]) {
        let Some((mark, rest)) = line.split_at_checked(2) else {
            self.unread += 1;
            return;
        };
        let known = match mark {
            b"v " => self.value(rest),
            b"- " => self.absent.insert(escape(rest)),
            b"! " => self.denied.insert(escape(rest)),
            b"i " => self.interface(rest).is_some(),
            b"f " => match FAMILIES.iter().find(|family| family.as_bytes() == rest) {
                Some(family) => self.without.insert(family),
                None => false,
            },
            _ => false,
        };
        self.unread += usize::from(!known);
    }

    fn value(&mut self, line: &[u8]) -> bool {
        // No name of an interface holds a colon.
        let Some(at) = line.iter().position(|&b| b == b':') else { return false };
        self.values.insert(escape(&line[..at]), number(line[at + 1..].trim_ascii()));
        true
    }

    fn interface(&mut self, line: &[u8]) -> Option<()> {
        let at = line.iter().position(|&b| b == b' ')?;
        let family = FAMILIES.into_iter().find(|family| family.as_bytes() == &line[..at])?;
        let name = unescape(&line[at + 1..]).filter(|name| !name.is_empty())?;
        self.crowded |= self.interfaces.len() >= INTERFACES_MAX;
        if !self.crowded {
            self.interfaces.insert((family, escape(&name)));
        }
        Some(())
    }

    /// A key or parameter of which nothing was said, if there is one.
    fn missing(&self) -> Option<String> {
        let keys = KEYS.iter().map(|key| key.replace('.', "/"));
        let told = |path: &String| {
            self.values.contains_key(path)
                || self.absent.contains(path)
                || self.denied.contains(path)
        };
        let mut keys = keys.filter(|path| !told(path));
        let families = FAMILIES.into_iter().filter(|family| !self.without.contains(family));
        let interfaces = families.flat_map(|family| {
            let here = self.interfaces.iter().filter(move |(other, _)| *other == family);
            let lost = here.flat_map(move |(_, name)| {
                ["accept_redirects", "accept_source_route", "forwarding"]
                    .map(|parameter| format!("net/{family}/conf/{name}/{parameter}"))
            });
            let basic = ["all", "default"].map(|name| (family, name.to_owned()));
            let without = basic.into_iter().filter(|one| !self.interfaces.contains(one));
            lost.filter(|path| !self.values.contains_key(path))
                .chain(without.map(|(family, name)| format!("{family} {name}")))
        });
        keys.next().or_else(|| interfaces.into_iter().next())
    }
}

/// The files that are read when the system starts, resolved.
fn configured(frames: &Frames, program: &str) -> Result<Config, Problem> {
    let frame = arrived(frames, FILES)?;
    let dump = Dump::read(frame)?;
    let mut files: Vec<(String, &[&[u8]])> = Vec::new();
    for folder in FOLDERS {
        let pattern = format!("{folder}/*.conf");
        let (found, problems) = dump.matching(&pattern);
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        for file in found {
            if let Some(problem) = &file.problem {
                return Err(problem.clone());
            }
            files.push((escape(&file.path), &file.lines));
        }
        // A link to /dev/null stands for an empty file.
        files.extend(dump.masks(&pattern).map(|path| (escape(path), &[][..])));
    }
    let main = match dump.file(MAIN_FILE) {
        Found::File(file) => match &file.problem {
            Some(problem) => return Err(problem.clone()),
            None => Some(&file.lines),
        },
        Found::Absent => None,
        Found::Failed(problem) => return Err(problem),
    };
    let mut config = Config::default();
    for (path, lines) in
        in_order(&FOLDERS, files.iter().map(|(path, lines)| (path.as_str(), lines)))
    {
        config.file(path, lines.iter().copied());
    }
    if let Some(lines) = main.filter(|_| program == "procps") {
        config.file(MAIN_FILE, lines.iter().copied());
    }
    if config.overfull {
        let detail = "more patterns than are followed";
        return Err(Problem::new(FailureCategory::Truncated, detail));
    }
    Ok(config)
}

/// Both sides at once; where one was not had, it is `None`.
struct View<'a> {
    running: Option<&'a Running>,
    config: Option<&'a Config>,
}

impl View<'_> {
    fn setting(&self, key: &str) -> Setting {
        let path = key.replace('.', "/");
        let assigned = self.config.and_then(|config| match key {
            // Two names of one value.
            "net.ipv4.ip_forward" => config.either(&path, "net/ipv4/conf/all/forwarding"),
            _ => config.get(&path),
        });
        Setting {
            key: key.to_owned(),
            running: self.running.and_then(|running| running.values.get(&path).cloned()),
            configured: assigned.and_then(|assigned| assigned.value.clone()),
            file: assigned.map(|assigned| assigned.file.clone()),
        }
    }

    fn families(&self) -> Vec<Family> {
        let there = FAMILIES
            .into_iter()
            .filter(|family| self.running.is_none_or(|running| !running.without.contains(family)));
        there
            .map(|family| Family {
                family: family.to_owned(),
                running: self.now(family, "all"),
                configured: self.assigned(family, "all"),
            })
            .collect()
    }

    fn interfaces(&self) -> Vec<Interface> {
        let mut names: BTreeSet<(&str, String)> = match self.running {
            Some(running) => running.interfaces.clone(),
            None => FAMILIES
                .into_iter()
                .flat_map(|family| {
                    let named = self.config.into_iter().flat_map(|c| c.interfaces(family));
                    named.chain(["default".to_owned()]).map(move |name| (family, name))
                })
                .collect(),
        };
        names.retain(|(_, name)| name != "all");
        canonical_list(names.into_iter().map(|(family, name)| self.interface(family, &name)))
    }

    fn interface(&self, family: &str, real: &str) -> Interface {
        let name = stable(real);
        let (all, own) = (self.now(family, "all"), self.now(family, real));
        let configured = self.assigned(family, real);
        let known = self.running.is_some() && self.config.is_some();
        let later = |now: &Parameters, then: &Parameters| {
            if known { overlay(now, then) } else { Parameters::default() }
        };
        let mut then = configured.clone();
        let assigned = self.assigned(family, "all");
        if family == "ipv4" && !matches!(real, "default" | "lo") {
            // Writing `default` writes each interface that has no address yet
            // and no value of its own, which is all of them at the start.
            then = overlay(&self.assigned(family, "default"), &then);
        }
        // Writing these two for `all` writes them for each interface.
        then.forwarding = then.forwarding.or(assigned.forwarding);
        then.disable_ipv6 = then.disable_ipv6.or(assigned.disable_ipv6);
        Interface {
            entry: format!("{family} {name}"),
            family: family.to_owned(),
            loopback: real == "lo",
            effective: effective(family, &all, &own),
            after_start: effective(family, &later(&all, &assigned), &later(&own, &then)),
            running: own,
            configured,
            name,
        }
    }

    fn now(&self, family: &str, name: &str) -> Parameters {
        parameters(family, |parameter| {
            let path = format!("net/{family}/conf/{name}/{parameter}");
            self.running?.values.get(&path)?.parse().ok()
        })
    }

    fn assigned(&self, family: &str, name: &str) -> Parameters {
        parameters(family, |parameter| {
            let path = format!("net/{family}/conf/{name}/{parameter}");
            let config = self.config?;
            let assigned = if path == "net/ipv4/conf/all/forwarding" {
                config.either("net/ipv4/ip_forward", &path)
            } else {
                config.get(&path)
            };
            assigned?.value.as_ref()?.parse().ok()
        })
    }
}

fn parameters(family: &str, value: impl Fn(&str) -> Option<i64>) -> Parameters {
    let mut all = Parameters::default();
    for (name, families) in PARAMETERS {
        if families.contains(&family)
            && let Some(field) = all.field(name)
        {
            *field = value(name);
        }
    }
    all
}

/// `then` where it has a value, else `now`.
fn overlay(now: &Parameters, then: &Parameters) -> Parameters {
    let (mut all, mut then) = (now.clone(), then.clone());
    for (name, _) in PARAMETERS {
        if let (Some(field), Some(Some(value))) = (all.field(name), then.field(name)) {
            *field = Some(*value);
        }
    }
    all
}

impl Parameters {
    fn field(&mut self, name: &str) -> Option<&mut Option<i64>> {
        Some(match name {
            "accept_ra" => &mut self.accept_ra,
            "accept_redirects" => &mut self.accept_redirects,
            "accept_source_route" => &mut self.accept_source_route,
            "disable_ipv6" => &mut self.disable_ipv6,
            "forwarding" => &mut self.forwarding,
            "log_martians" => &mut self.log_martians,
            "proxy_arp" => &mut self.proxy_arp,
            "rp_filter" => &mut self.rp_filter,
            "secure_redirects" => &mut self.secure_redirects,
            "send_redirects" => &mut self.send_redirects,
            _ => return None,
        })
    }
}

/// A name that is the same after a container or a guest was started anew.
fn stable(name: &str) -> String {
    let made_up = |rest: &str| {
        rest.len() >= 4 && rest.bytes().all(|b| b.is_ascii_hexdigit())
            || rest.len() >= 6 && rest.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    for prefix in ["veth", "cali", "lxc", "tap"] {
        if name.strip_prefix(prefix).is_some_and(made_up) {
            return format!("{prefix}*");
        }
    }
    let guest = name
        .strip_prefix("vnet")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    if guest { "vnet*".to_owned() } else { name.to_owned() }
}
