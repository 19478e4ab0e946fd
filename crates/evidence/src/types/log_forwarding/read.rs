//! The parser.

use super::super::dump::Dump;
use super::super::whole_lines;
use super::{Body, Collector, FILES, PROGRAMS, journald, rsyslog, syslog_ng};
use crate::body::canonical_list;
use crate::escape::{escape_bounded, unescape};
use crate::frame::Frames;
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, whole};
use anji_model::{FailureCategory, Gap};

const J: [&str; 10] = journald::PATTERNS;

/// Every file that the type reads.
pub(super) const PATTERNS: [&str; 14] = [
    rsyslog::MAIN,
    rsyslog::MORE,
    syslog_ng::MAIN,
    syslog_ng::MORE,
    J[0],
    J[1],
    J[2],
    J[3],
    J[4],
    J[5],
    J[6],
    J[7],
    J[8],
    J[9],
];

const DAEMONS: [&str; 6] = [
    "rsyslogd",
    "syslog-ng",
    "syslogd",
    "systemd-journald",
    "systemd-journal-remote",
    "systemd-journal-upload",
];

/// The programs that run.
struct Programs {
    daemons: Vec<String>,
    agents: Vec<String>,
    /// Collectors of a plain syslogd's arguments.
    collectors: Vec<Collector>,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    arrived(frames, PROGRAMS)?;
    let mut gaps = Vec::new();
    let programs = programs(frames, &mut gaps);
    let mut body =
        Body { daemons: Vec::new(), agents: Vec::new(), collectors: Vec::new(), journald: None };
    match arrived(frames, FILES).and_then(Dump::read) {
        Err(problem) => {
            gaps.push(problem.partial("collectors"));
            gaps.push(problem.unknown("journald"));
        }
        Ok(dump) => {
            for (collectors, problems) in
                [rsyslog::collectors(&dump), syslog_ng::collectors(&dump), journald::upload(&dump)]
            {
                body.collectors.extend(collectors);
                gaps.extend(problems.iter().map(|problem| problem.partial("collectors")));
            }
            match journald::journald(&dump) {
                Ok(journald) => body.journald = journald,
                Err(problem) => gaps.push(problem.unknown("journald")),
            }
        }
    }
    match programs {
        Ok(programs) => {
            body.collectors.extend(programs.collectors);
            let hidden = gaps.iter().any(|gap| gap.path == "daemons");
            for collector in &mut body.collectors {
                let name = match collector.program.as_str() {
                    "rsyslog" => "rsyslogd",
                    "journal-upload" => "systemd-journal-upload",
                    other => other,
                };
                let runs = programs.daemons.iter().any(|daemon| daemon == name);
                collector.running = (runs || !hidden).then_some(runs);
            }
            body.daemons = programs.daemons;
            body.agents = programs.agents;
        }
        Err(problem) => {
            gaps.push(problem.partial("daemons"));
            gaps.push(problem.partial("agents"));
            gaps.push(problem.partial("collectors"));
        }
    }
    note_unknown(&body.collectors, &mut gaps);
    body.collectors = canonical_list(body.collectors);
    Ok(Parsed::collected(&body, gaps))
}

/// Says of which facts of the collectors a null means that they are not known.
fn note_unknown(collectors: &[Collector], gaps: &mut Vec<Gap>) {
    if collectors.iter().any(|collector| collector.everything.is_none()) {
        let detail = "a condition decides, and conditions are not evaluated";
        let problem = Problem::new(FailureCategory::Unsupported, detail);
        gaps.push(problem.unknown("collectors[].everything"));
        gaps.push(problem.unknown("collectors[].authentication"));
    }
    if collectors.iter().any(|collector| collector.running.is_none()) {
        let detail = "it is not known whether its program runs";
        let problem = Problem::new(FailureCategory::Incomplete, detail);
        gaps.push(problem.unknown("collectors[].running"));
    }
}

fn programs(frames: &Frames, gaps: &mut Vec<Gap>) -> Result<Programs, Problem> {
    let frame = whole(frames, PROGRAMS)?;
    let mut programs = Programs { daemons: Vec::new(), agents: Vec::new(), collectors: Vec::new() };
    let (mut seen, mut hidden) = (false, false);
    for line in whole_lines(frame) {
        if let Some(name) = line.strip_prefix(b"process ") {
            let name = escape_bounded(name, 64);
            if DAEMONS.contains(&name.as_str()) {
                programs.daemons.push(name);
            } else {
                programs.agents.push(name);
            }
        } else if let Some(arguments) = line.strip_prefix(b"args ") {
            programs.collectors.extend(syslogd(arguments));
        } else {
            match line {
                b"seen" => seen = true,
                b"hidden" => hidden = true,
                _ => {
                    let detail = "the capture of programs has another form";
                    return Err(Problem::new(FailureCategory::Unparsable, detail));
                }
            }
        }
    }
    if !seen {
        let detail = "not every process was looked at";
        return Err(Problem::new(FailureCategory::Incomplete, detail));
    }
    if hidden {
        let problem = Problem::new(FailureCategory::Permission, "not every process can be seen");
        gaps.push(problem.partial("daemons"));
        gaps.push(problem.partial("agents"));
    }
    programs.daemons = canonical_list(programs.daemons);
    programs.agents = canonical_list(programs.agents);
    Ok(programs)
}

/// `syslogd -R host:port`, as busybox has it.
fn syslogd(arguments: &[u8]) -> Option<Collector> {
    let arguments = unescape(arguments)?;
    let mut words = arguments.split(|&b| b == b'\t').filter(|word| !word.is_empty());
    let target = words.find_map(|word| word.strip_prefix(b"-R").map(<[u8]>::to_vec))?;
    let target = if target.is_empty() { words.next()?.to_vec() } else { target };
    let text = escape_bounded(&target, 253);
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host.to_owned(), port.parse().ok()),
        None => (text, Some(514)),
    };
    Some(Collector {
        entry: super::entry("syslogd", "udp", &host, port),
        program: "syslogd".to_owned(),
        protocol: "udp".to_owned(),
        host,
        port,
        tls: false,
        selector: "*.*".to_owned(),
        everything: Some(true),
        authentication: Some(true),
        running: None,
    })
}
