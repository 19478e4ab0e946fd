//! The parser.

use super::super::dump::Dump;
use super::super::{decimal, whole_lines};
use super::rule::{self, Line, Rule};
use super::{Body, FILES, LOADED, STATE, config, effect};
use crate::escape::escape_bounded;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped, whole};
use crate::status;
use anji_model::{FailureCategory, Gap};

/// Loaded rules may name so many system calls in all.
const CALLS_MAX: usize = 20_000;

/// What the capture of the state says.
#[derive(Default)]
struct State {
    machine: Option<String>,
    /// Something of the audit system is there.
    any: bool,
    hidden: bool,
    enabled: Option<i64>,
    failure: Option<i64>,
    backlog_limit: Option<i64>,
    rate_limit: Option<i64>,
    pid: Option<i64>,
    unread: bool,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = arrived(frames, STATE)?;
    let state = State::read(frame);
    let gone = frame.exit == Some(status::ABSENT) && stopped(frame).is_none();
    if gone && !state.any && !state.unread && state.machine.is_some() {
        if state.hidden {
            let detail = "no audit program, but not every process can be seen";
            return Err(Problem::new(FailureCategory::Permission, detail));
        }
        return Ok(Parsed::absent("no audit program, daemon or configuration"));
    }
    let mut gaps = Vec::new();
    let word = kernels_word(frame, &state);
    if let Err(problem) = &word {
        for field in ["enabled", "failure", "backlog_limit", "rate_limit", "daemon_running"] {
            gaps.push(problem.unknown(field));
        }
    }
    if state.machine.is_none() {
        let detail = "the capture does not name the machine";
        gaps.push(Problem::new(FailureCategory::Unparsable, detail).unknown("machine"));
    }
    let state =
        if word.is_ok() { state } else { State { machine: state.machine, ..State::default() } };
    let mut body = Body {
        machine: state.machine,
        enabled: state.enabled,
        failure: state.failure,
        backlog_limit: state.backlog_limit,
        rate_limit: state.rate_limit,
        daemon_running: state.pid.map(|pid| pid != 0),
        loaded: Vec::new(),
        syscalls: Vec::new(),
        watches: Vec::new(),
        configured: Vec::new(),
        configured_enabled: None,
        auditd: None,
        plugins: Vec::new(),
        unit: None,
    };
    loaded(frames, &mut body, &mut gaps);
    configuration(frames, &mut body, &mut gaps);
    Ok(Parsed::collected(&body, gaps))
}

fn kernels_word(frame: &Frame, state: &State) -> Result<(), Problem> {
    if frame.exit == Some(status::ABSENT) {
        let detail = "there is no auditctl to ask the kernel with";
        return Err(Problem::new(FailureCategory::ToolMissing, detail));
    }
    if let Some(problem) = stopped(frame).or_else(|| exit_problem(frame)) {
        return Err(problem);
    }
    if state.unread || state.enabled.is_none() || state.pid.is_none() {
        let detail = "the kernel's word on auditing could not be read";
        return Err(Problem::new(FailureCategory::Unparsable, detail));
    }
    Ok(())
}

impl State {
    fn read(frame: &Frame) -> Self {
        let mut state = Self::default();
        let mut status = false;
        for line in whole_lines(frame) {
            if status {
                state.status(line);
                continue;
            }
            let (word, rest) = split(line);
            match word {
                b"machine" => state.machine = Some(escape_bounded(rest, 64)),
                b"program" | b"process" | b"folder" => state.any = true,
                b"hidden" => state.hidden = true,
                b"status" => status = true,
                _ => state.unread = true,
            }
        }
        state
    }

    /// `enabled 1` a line, or all as `enabled=1` in one line, as older ones print.
    fn status(&mut self, line: &[u8]) {
        let line = line.strip_prefix(b"AUDIT_STATUS:").unwrap_or(line).trim_ascii();
        let words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let mut pairs = Vec::new();
        let mut name: Option<&[u8]> = None;
        for word in words {
            match (word.iter().position(|&b| b == b'='), name) {
                (Some(at), _) => pairs.push((&word[..at], &word[at + 1..])),
                (None, Some(first)) => {
                    pairs.push((first, word));
                    name = None;
                }
                (None, None) => name = Some(word),
            }
        }
        for (name, value) in pairs {
            let field = match name {
                b"enabled" => &mut self.enabled,
                b"failure" | b"flag" => &mut self.failure,
                b"backlog_limit" => &mut self.backlog_limit,
                b"rate_limit" => &mut self.rate_limit,
                b"pid" => &mut self.pid,
                _ => continue,
            };
            *field = decimal(value);
        }
    }
}

fn split(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|&b| b == b' ') {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, &[]),
    }
}

/// The rules that the kernel holds, and their effect. An effect is told only of
/// a whole list: what is missing could be an exclusion.
fn loaded(frames: &Frames, body: &mut Body, gaps: &mut Vec<Gap>) {
    let rules = match arrived(frames, LOADED) {
        Ok(frame) if frame.exit == Some(status::ABSENT) => {
            let detail = "there is no auditctl to ask the kernel with";
            Err(Problem::new(FailureCategory::ToolMissing, detail))
        }
        Ok(_) => whole(frames, LOADED).and_then(rules),
        Err(problem) => Err(problem),
    };
    let lists = ["loaded", "syscalls", "watches"];
    match (rules, body.machine.as_deref()) {
        (Err(problem), _) => gaps.extend(lists.map(|list| problem.partial(list))),
        (Ok(rules), machine) => {
            let machine = machine.unwrap_or_default();
            if effect::arches(machine).is_empty() {
                let detail = "the system calls of this machine are not known";
                let problem = Problem::new(FailureCategory::Unsupported, detail);
                gaps.extend(lists[1..].iter().map(|list| problem.partial(list)));
            } else {
                body.syscalls = effect::syscalls(machine, &rules);
                body.watches = effect::watches(machine, &rules);
            }
            body.loaded = rules;
        }
    }
}

fn rules(frame: &Frame) -> Result<Vec<Rule>, Problem> {
    let mut rules = Vec::new();
    let mut none = false;
    let mut names = 0;
    for line in whole_lines(frame) {
        let more = || Problem::new(FailureCategory::Truncated, "more rules than are read");
        match rule::read(line) {
            Line::Rule { rule, .. } if rule.syscalls.len() > CALLS_MAX - names => {
                return Err(more());
            }
            Line::Rule { .. } if rules.len() >= config::RULES_MAX => return Err(more()),
            Line::Rule { rule, .. } => {
                names += rule.syscalls.len();
                rules.push(*rule);
            }
            Line::Nothing => {}
            _ if line.trim_ascii() == b"No rules" => none = true,
            _ => {
                let shown = escape_bounded(line, 120);
                let detail = format!("a loaded rule of unknown form: {shown}");
                return Err(Problem::new(FailureCategory::Unparsable, detail));
            }
        }
    }
    if none == rules.is_empty() {
        return Ok(config::numbered(rules));
    }
    let detail = "auditctl says neither rules nor that there are none";
    Err(Problem::new(FailureCategory::Unparsable, detail))
}

fn configuration(frames: &Frames, body: &mut Body, gaps: &mut Vec<Gap>) {
    let dump = arrived(frames, FILES).and_then(Dump::read);
    match dump {
        Err(problem) => {
            for list in ["configured", "plugins"] {
                gaps.push(problem.partial(list));
            }
            for field in ["configured_enabled", "auditd", "unit"] {
                gaps.push(problem.unknown(field));
            }
        }
        Ok(dump) => {
            let configured = config::configured(&dump, gaps);
            body.configured = configured.rules;
            body.configured_enabled = configured.enabled;
            body.auditd = config::auditd(&dump, gaps);
            body.plugins = config::plugins(&dump, gaps);
            body.unit = config::unit(&dump, gaps);
        }
    }
}
