//! Puts the captures together.

use super::super::whole_lines;
use super::legacy::{self, Legacy, Line};
use super::listing::Lister;
use super::live::{self, Live};
use super::state::{self, Definition, Search};
use super::unit_file::{Files, drop_ins, settings};
use super::{Body, Timer, UNITS, Unit, manager};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded};
use crate::frame::Frames;
use crate::kind::Parsed;
use crate::problem::{Problem, whole};
use anji_model::{FailureCategory, Gap};
use std::collections::BTreeSet;

/// Longer texts of unit files are cut.
const TEXT_MAX: usize = 256;

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let mut gaps = Vec::new();
    let systemd = Systemd::read(frames)?;
    for problem in &systemd.problems {
        gaps.push(problem.partial("units"));
        gaps.push(problem.partial("timers"));
    }
    let legacy = match legacy::read(frames) {
        Ok(legacy) => legacy,
        Err(problem) => {
            gaps.push(problem.partial("units"));
            gaps.push(problem.unknown("manager"));
            gaps.push(problem.unknown("init"));
            Legacy::default()
        }
    };
    gaps.extend(legacy.problems.iter().map(|problem| problem.partial("units")));
    let live = live::read(frames);
    let lacking = match &live {
        Ok(live) => live.refused.as_ref(),
        Err(problem) => Some(problem),
    };
    if let Some(problem) = lacking {
        for path in ["units[].active", "units[].failed", "units[].load", "timers[].active"] {
            gaps.push(problem.unknown(path));
        }
    }
    let live = live.ok();
    let manager = manager_of(live.as_ref(), &legacy, &mut gaps);
    let init = init_of(live.as_ref(), &legacy, &mut gaps);
    let mut reader =
        Reader { systemd, legacy, live, manager, units: Vec::new(), timers: Vec::new() };
    reader.read_systemd();
    reader.read_scripts();
    reader.read_supervised(&mut gaps);
    reader.read_inittab();
    reader.read_super_servers();
    let body = Body {
        default_target: reader.default_target(),
        manager: manager.map(str::to_owned),
        init,
        units: canonical_list(reader.units),
        timers: canonical_list(reader.timers),
    };
    Ok(Parsed::collected(&body, gaps))
}

fn manager_of(live: Option<&Live>, legacy: &Legacy, gaps: &mut Vec<Gap>) -> Option<&'static str> {
    let Some(live) = live else {
        return (!legacy.init.is_empty()).then(|| manager::of_files(&legacy.init, &legacy.there));
    };
    let named = !live.name.is_empty() || live.program.is_some() || !live.booted.is_empty();
    if !named {
        let detail = "process 1 cannot be seen";
        gaps.push(Problem::new(FailureCategory::Permission, detail).unknown("manager"));
        return None;
    }
    Some(manager::live(&live.booted, live.program.as_deref(), &live.name, &legacy.there))
}

fn init_of(live: Option<&Live>, legacy: &Legacy, gaps: &mut Vec<Gap>) -> Option<String> {
    let program = match live {
        Some(live) => {
            if live.program.is_none() {
                let detail = "the program of process 1 cannot be seen";
                gaps.push(Problem::new(FailureCategory::Permission, detail).unknown("init"));
            }
            live.program.as_deref()
        }
        None => match legacy.init.as_slice() {
            b"" | b"none" => None,
            b"file" => Some(&b"/sbin/init"[..]),
            path => Some(path),
        },
    };
    program.map(|program| escape_bounded(program, TEXT_MAX))
}

/// The unit files of systemd, as captured.
#[derive(Debug, Default)]
struct Systemd {
    folders: Vec<Vec<u8>>,
    lister: Lister,
    files: Files,
    problems: Vec<Problem>,
}

impl Systemd {
    fn read(frames: &Frames) -> Result<Self, Problem> {
        let frame = whole(frames, UNITS)?;
        let unreadable =
            || Problem::new(FailureCategory::Unparsable, "the capture of units has another form");
        let mut found = Self::default();
        let (mut part, mut file) = (0, None);
        for line in whole_lines(frame) {
            let strip = |word: &[u8]| line.strip_prefix(word);
            if strip(b"denied ").is_some() {
                found.problem(FailureCategory::Permission, "a folder or file");
                continue;
            }
            match part {
                0 if line == b"listed" => part = 1,
                0 => found.folders.push(strip(b"dir ").ok_or_else(unreadable)?.to_vec()),
                1 if line == b"files" => part = 2,
                1 if line == b"unlisted" => {
                    found.problem(FailureCategory::CommandFailed, "a folder");
                }
                1 => found.lister.line(line),
                2 if line == b"end" => part = 3,
                2 if line == b"long" => found.problem(FailureCategory::Truncated, "a long file"),
                2 => match (strip(b"f "), &file) {
                    (Some(path), _) => {
                        found.files.insert(path.to_vec(), Vec::new());
                        file = Some(path.to_vec());
                    }
                    (None, Some(path)) => {
                        found.files.entry(path.clone()).or_default().push(line.to_vec());
                    }
                    (None, None) => return Err(unreadable()),
                },
                _ => return Err(unreadable()),
            }
        }
        if part != 3 {
            return Err(unreadable());
        }
        if found.lister.unread > 0 {
            found.problem(FailureCategory::Unparsable, "a line of a listing");
        }
        Ok(found)
    }

    fn problem(&mut self, category: FailureCategory, what: &str) {
        let detail = format!("{what} of systemd's units could not be read");
        self.problems.push(Problem::new(category, detail));
    }
}

struct Reader {
    systemd: Systemd,
    legacy: Legacy,
    live: Option<Live>,
    manager: Option<&'static str>,
    units: Vec<Unit>,
    timers: Vec<Timer>,
}

impl Reader {
    fn default_target(&self) -> Option<String> {
        match self.manager? {
            "systemd" => {
                let search = Search::new(&self.systemd.folders, &self.systemd.lister.folders);
                match search.definition(b"default.target")? {
                    Definition::Alias(target) => Some(escape(&target)),
                    _ => Some("default.target".to_owned()),
                }
            }
            "openrc" => Some("default".to_owned()),
            _ => self.legacy.default_level.as_deref().map(escape),
        }
    }

    fn read_systemd(&mut self) {
        let search = Search::new(&self.systemd.folders, &self.systemd.lister.folders);
        let drop_ins = drop_ins(&self.systemd.files);
        let wanted = search.wanted();
        let triggered = triggered(&self.systemd.files);
        let shown = self.live.as_ref().map(|live| &live.units);
        let running = shown.into_iter().flatten();
        let running = running.filter(|(_, shown)| shown.load == b"loaded");
        let names: BTreeSet<&[u8]> = search
            .names()
            .into_iter()
            .chain(running.map(|(name, _)| name.as_slice()))
            .filter(|name| !comes_by_itself(name))
            .collect();
        for name in names {
            let (Some(kind), Some(definition)) = (state::kind(name), search.definition(name))
            else {
                continue;
            };
            let file = fragment(&definition, name);
            let folders = &self.systemd.folders;
            let found = settings(name, file.as_deref(), folders, &self.systemd.files, &drop_ins);
            let state = search.state(name, &definition, &found);
            let masked = state.starts_with("masked");
            let starts = !masked && wanted.contains(name);
            let fleeting = kind == "service"
                && (found.ends() || !starts && (found.by_bus() || triggered.contains(name)));
            let mut now = self.now(name, matches!(definition, Definition::Alias(_)));
            now.active = now.active.filter(|_| !fleeting);
            let program = optional(&found.program);
            if kind == "timer" && !masked && !matches!(definition, Definition::Alias(_)) {
                let other = [state::short(name), b".service"].concat();
                let unit = if found.starts.is_empty() { &other } else { &found.starts };
                self.timers.push(Timer {
                    timer: escape(name),
                    starts_unit: escape_bounded(unit, TEXT_MAX),
                    schedule: canonical_list(
                        found.schedule.iter().take(50).map(|when| escape_bounded(when, TEXT_MAX)),
                    ),
                    starts,
                    active: now.active,
                });
            }
            self.units.push(Unit {
                unit: escape(name),
                name: escape(state::short(name)),
                manager: "systemd".to_owned(),
                kind: kind.to_owned(),
                state: state.to_owned(),
                starts,
                load: now.load,
                active: now.active,
                failed: now.failed,
                user: optional(&found.user),
                dynamic_user: found.dynamic_user,
                program_name: name_of(program.as_deref()),
                program,
                fragment: file.map(|file| escape(file.strip_prefix(b".").unwrap_or(&file))),
                tcp_ports: found.tcp.into_iter().collect(),
                udp_ports: found.udp.into_iter().collect(),
            });
        }
    }

    /// What systemd says of a unit now.
    fn now(&self, name: &[u8], alias: bool) -> Now {
        let Some(live) = self.live.as_ref().filter(|live| live.refused.is_none()) else {
            return Now::default();
        };
        if alias || name.windows(2).any(|two| two == b"@.") || self.manager != Some("systemd") {
            return Now::default();
        }
        let Some(shown) = live.units.get(name) else {
            // Not loaded: nothing of it runs.
            return Now { active: Some(false), failed: Some(false), load: None };
        };
        let at_work: [&[u8]; 5] =
            [b"active", b"activating", b"reloading", b"refreshing", b"deactivating"];
        Now {
            load: optional(&shown.load),
            active: Some(at_work.contains(&shown.active.as_slice())),
            failed: Some(shown.active == b"failed"),
        }
    }

    /// Scripts of SysV init and OpenRC.
    fn read_scripts(&mut self) {
        let openrc = self.manager == Some("openrc");
        let started = match (self.manager, self.legacy.default_level.as_deref()) {
            (Some("openrc"), _) => self.legacy.in_runlevels(),
            (Some("sysvinit"), Some([level])) => self.legacy.started_in(&[*level, b'S']),
            (Some("busybox"), _) => self.legacy.numbered(),
            _ => self.legacy.started_in(b"2345S"),
        };
        let names: BTreeSet<&[u8]> =
            self.legacy.scripts().into_iter().chain(started.iter().copied()).collect();
        let native: BTreeSet<&str> = self.units.iter().map(|unit| unit.unit.as_str()).collect();
        let mut units = Vec::new();
        for name in names {
            // systemd takes its own unit of that name instead of the script.
            let own = format!("{}.service", escape(name).trim_end_matches(".sh"));
            if self.manager == Some("systemd") && native.contains(own.as_str()) {
                continue;
            }
            let up = self.live.as_ref().filter(|_| openrc).map(|live| live.up.contains_key(name));
            let failed =
                self.live.as_ref().filter(|_| openrc).map(|live| live.failed.contains(name));
            let manager = if openrc { "openrc" } else { "sysv" };
            units.push(Unit {
                active: up,
                failed,
                fragment: Some(format!("/etc/init.d/{}", escape(name))),
                ..plain(manager, name, started.contains(name))
            });
        }
        self.units.append(&mut units);
    }

    /// Services in the folders of runit, daemontools or s6.
    fn read_supervised(&mut self, gaps: &mut Vec<Gap>) {
        let names = self.legacy.supervised();
        let own = matches!(self.manager, Some("runit" | "s6" | "daemontools"));
        let other = ["runsvdir", "runit", "svscan", "svscanboot", "daemontools", "runsvdir-start"];
        let runs = own || self.units.iter().any(|unit| is_started(unit, &other));
        let mut units = Vec::new();
        for (name, starts) in names {
            let live = self.live.as_ref();
            if live.is_some_and(|live| live.unseen.contains(name)) {
                let detail = "the state of a supervised service may not be seen";
                gaps.push(
                    Problem::new(FailureCategory::Permission, detail).unknown("units[].active"),
                );
            }
            units.push(Unit {
                active: live.and_then(|live| live.up.get(name).copied()),
                ..plain("runit", name, starts && runs)
            });
        }
        self.units.append(&mut units);
    }

    /// Programs that `inittab` starts, where it counts.
    fn read_inittab(&mut self) {
        let counts = !matches!(self.manager, Some("systemd" | "runit" | "s6"));
        let lines: Vec<_> =
            self.legacy.inittab.iter().map(|line| entry("inittab", line, counts)).collect();
        self.units.extend(lines);
    }

    /// Entries of super-servers, which count where their server is started.
    fn read_super_servers(&mut self) {
        let inetd = ["inetd", "openbsd-inetd", "inetutils-inetd", "busybox-inetd", "rlinetd"];
        let inetd = self.units.iter().any(|unit| is_started(unit, &inetd));
        let xinetd = self.units.iter().any(|unit| is_started(unit, &["xinetd"]));
        // xinetd reads inetd.conf too where its start script says so.
        let inetd_lines =
            self.legacy.inetd.iter().map(|line| entry("inetd", line, inetd || xinetd));
        let xinetd_lines = self.legacy.xinetd.iter().map(|line| entry("xinetd", line, xinetd));
        let all: Vec<_> = inetd_lines.chain(xinetd_lines).collect();
        self.units.extend(all);
    }
}

/// What systemd says now.
#[derive(Debug, Default)]
struct Now {
    load: Option<String>,
    active: Option<bool>,
    failed: Option<bool>,
}

/// Whether a unit of one of these names or programs is started or runs.
fn is_started(unit: &Unit, names: &[&str]) -> bool {
    let named = names.contains(&unit.name.as_str())
        || unit.program_name.as_deref().is_some_and(|program| names.contains(&program));
    named && (unit.starts || unit.active == Some(true))
}

/// The services that sockets, timers and paths start.
fn triggered(files: &Files) -> BTreeSet<Vec<u8>> {
    let mut names = BTreeSet::new();
    for (path, lines) in files {
        let name = super::listing::base(path);
        if !matches!(state::kind(name), Some("socket" | "timer" | "path")) {
            continue;
        }
        let named = lines.iter().find_map(|line| {
            line.strip_prefix(b"Socket Service=").or_else(|| line.strip_prefix(b"Timer Unit="))
        });
        let own = [state::short(name), b".service"].concat();
        names.insert(named.map_or(own, <[u8]>::to_vec));
    }
    names
}

fn optional(text: &[u8]) -> Option<String> {
    (!text.is_empty()).then(|| escape_bounded(text, TEXT_MAX))
}

fn name_of(program: Option<&str>) -> Option<String> {
    let name = program?.rsplit('/').next().unwrap_or_default();
    (!name.is_empty()).then(|| name.to_owned())
}

fn fragment(definition: &Definition, name: &[u8]) -> Option<Vec<u8>> {
    match definition {
        Definition::File(folder, file) => Some([folder, &b"/"[..], file].concat()),
        Definition::Linked(folder) => Some([folder, &b"/"[..], name].concat()),
        Definition::Masked(_) | Definition::Alias(_) => None,
    }
}

/// Units of one login or one connection.
fn comes_by_itself(name: &[u8]) -> bool {
    let starts = |word: &[u8]| name.starts_with(word);
    let instance = name.split(|&b| b == b'@').nth(1).unwrap_or_default();
    let digits = instance.iter().take_while(|b| b.is_ascii_digit()).count();
    // `3-192.0.2.1:23-192.0.2.9:1024`: the connection that a socket accepted.
    let connection = digits > 0 && instance.get(digits) == Some(&b'-') && instance.contains(&b':');
    let local = digits > 0 && instance.iter().filter(|&&b| b == b'-').count() == 2;
    connection
        || local && instance.iter().all(|b| b.is_ascii_digit() || b"-.service".contains(b))
        || digits > 0 && (starts(b"user@") || starts(b"user-runtime-dir@"))
        || starts(b"run-user-")
}

fn plain(manager: &str, name: &[u8], starts: bool) -> Unit {
    Unit {
        unit: format!("{manager}:{}", escape_bounded(name, TEXT_MAX)),
        name: escape_bounded(name, TEXT_MAX),
        manager: manager.to_owned(),
        kind: "service".to_owned(),
        state: if starts { "enabled" } else { "disabled" }.to_owned(),
        starts,
        load: None,
        active: None,
        failed: None,
        user: None,
        dynamic_user: false,
        program: None,
        program_name: None,
        fragment: None,
        tcp_ports: Vec::new(),
        udp_ports: Vec::new(),
    }
}

fn entry(manager: &str, line: &Line, server: bool) -> Unit {
    let program = optional(&line.program).filter(|program| program != "internal");
    Unit {
        kind: if manager == "inittab" { "service" } else { "socket" }.to_owned(),
        state: if line.enabled { "enabled" } else { "disabled" }.to_owned(),
        starts: line.enabled && server,
        user: optional(&line.user),
        program_name: name_of(program.as_deref()),
        program,
        fragment: Some(line.file.to_owned()),
        tcp_ports: line.tcp.into_iter().collect(),
        udp_ports: line.udp.into_iter().collect(),
        ..plain(manager, &line.name, false)
    }
}
