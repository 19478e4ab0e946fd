//! The parser: what the daemon says, overlaid with its `Match` blocks.

use super::super::file_stat::{Answer, FileFacts, StatLine};
use super::super::{decimal, whole_lines};
use super::context::{Context, Settings, adds_up, today_name};
use super::{Body, CONFIG, HOSTKEYS, PRESENCE, SETTINGS, config, listener};
use crate::body::canonical_list;
use crate::escape::escape;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped, whole};
use crate::status;
use anji_model::{FailureCategory, Gap};

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let settings = arrived(frames, SETTINGS)?;
    if settings.exit == Some(status::ABSENT) && stopped(settings).is_none() {
        return nothing_to_ask(frames);
    }
    let base = base(whole(frames, SETTINGS).map_err(|problem| advised(problem, settings))?);
    let mut gaps = presence_gaps(frames);
    let contexts = contexts(&base, frames, &mut gaps)?;
    let list = |name: &str| {
        let values = base.get(name).into_iter().flatten();
        let names = values.flat_map(|value| value.split(|&b| b == b','));
        canonical_list(names.filter(|name| !name.is_empty()).map(escape))
    };
    let body = Body {
        contexts,
        ports: ports(&base),
        protocols: protocols(list("protocol")),
        ciphers: list("ciphers"),
        macs: list("macs"),
        kexalgorithms: list("kexalgorithms"),
        hostkeyalgorithms: list("hostkeyalgorithms"),
        hostkeys: hostkeys(frames, &mut gaps),
    };
    for (field, values) in [
        ("ciphers", &body.ciphers),
        ("macs", &body.macs),
        ("kexalgorithms", &body.kexalgorithms),
        ("hostkeyalgorithms", &body.hostkeyalgorithms),
    ] {
        if values.is_empty() {
            let detail = format!("the daemon does not print {field}");
            gaps.push(Problem::new(FailureCategory::Unsupported, detail).partial(field));
        }
    }
    Ok(Parsed::collected(&body, gaps))
}

/// Daemons that can speak the first version name what they speak; a bare
/// `2` may be told of the others, or nothing.
fn protocols(named: Vec<String>) -> Vec<String> {
    if named.is_empty() { vec!["2".to_owned()] } else { named }
}

/// What to do about a daemon that answers nothing because its runtime folder,
/// which only its service makes, is not there.
fn advised(problem: Problem, frame: &Frame) -> Problem {
    let said = b"Missing privilege separation directory: /run/sshd";
    let mut lines = frame.diagnostics.split(|&b| b == b'\n');
    if stopped(frame).is_none() && lines.any(|line| line.trim_ascii() == said) {
        let detail = "sshd is installed but not running: its runtime folder /run/sshd is \
                      missing; start it (systemctl start ssh) or create the folder, then check \
                      again";
        return Problem::new(problem.category, detail);
    }
    problem
}

/// There is no program to ask: the daemon is absent only if nothing else of it
/// is there either.
fn nothing_to_ask(frames: &Frames) -> Result<Parsed, Problem> {
    let found = listener::presence(whole(frames, PRESENCE)?);
    if found.any {
        let detail = "there is a configuration or a process, but no sshd program to ask";
        return Err(Problem::new(FailureCategory::ToolMissing, detail));
    }
    if found.hidden {
        let detail = "no sshd program, but not every process can be seen";
        return Err(Problem::new(FailureCategory::Permission, detail));
    }
    Ok(Parsed::absent("no sshd program, configuration or process"))
}

/// What `sshd -T` prints, by keyword.
fn base(frame: &Frame) -> Settings {
    let mut settings = Settings::new();
    for line in whole_lines(frame) {
        let line = line.trim_ascii();
        let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
        let (keyword, value) = line.split_at(end);
        let value = value.trim_ascii();
        let keyword = escape(keyword).to_ascii_lowercase();
        let name = today_name(&keyword);
        let values = settings.entry(name.to_owned()).or_default();
        if adds_up(name) {
            let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
            values.extend(words.map(<[u8]>::to_vec));
        } else {
            values.push(value.to_vec());
        }
    }
    // A keyword that is printed once per item, and one that is printed once.
    for name in ["banner", "authenticationmethods", "forcecommand"] {
        if let Some(values) = settings.get_mut(name) {
            values.truncate(1);
        }
    }
    settings
}

fn presence_gaps(frames: &Frames) -> Vec<Gap> {
    let found = match whole(frames, PRESENCE) {
        Ok(frame) => listener::presence(frame),
        Err(problem) => return vec![problem.partial("contexts")],
    };
    let mut gaps: Vec<Gap> = found
        .doubts
        .into_iter()
        .map(|(field, detail)| Problem::new(FailureCategory::Unsupported, detail).partial(field))
        .collect();
    if found.hidden {
        let detail = "not every process can be seen; a daemon may run with options of its own";
        gaps.push(Problem::new(FailureCategory::Permission, detail).partial("contexts"));
    }
    gaps
}

fn contexts(
    base: &Settings,
    frames: &Frames,
    gaps: &mut Vec<Gap>,
) -> Result<Vec<Context>, Problem> {
    let unreadable = |condition: &str, keyword| {
        let detail = format!("{condition}: no value of {keyword} that could be read");
        Problem::new(FailureCategory::Unparsable, detail)
    };
    // The daemon's own word must be readable before anything overrides it.
    let alone = Context::build("base", base).map_err(|keyword| unreadable("sshd -T", keyword))?;
    let frame = match arrived(frames, CONFIG) {
        Ok(frame) => frame,
        Err(problem) => {
            gaps.push(problem.partial("contexts"));
            return Ok(vec![alone]);
        }
    };
    if let Some(problem) = stopped(frame).or_else(|| exit_problem(frame)) {
        gaps.push(problem.partial("contexts"));
    }
    let configuration = config::read(frame);
    gaps.extend(configuration.problems.iter().map(|problem| problem.partial("contexts")));
    let mut contexts = Vec::new();
    for (condition, settings) in configuration.contexts(base) {
        match Context::build(&condition, &settings) {
            Ok(context) => contexts.push(context),
            Err(keyword) => gaps.push(unreadable(&condition, keyword).partial("contexts")),
        }
    }
    Ok(canonical_list(contexts))
}

/// The ports of the addresses that it listens on, else the ports as such.
fn ports(base: &Settings) -> Vec<u16> {
    let of = |name: &str| base.get(name).into_iter().flatten();
    let after_colon = |value: &Vec<u8>| {
        let at = value.iter().rposition(|&b| b == b':')?;
        decimal(value[at + 1..].split(u8::is_ascii_whitespace).next()?)
    };
    let addresses = canonical_list(of("listenaddress").filter_map(after_colon));
    if addresses.is_empty() {
        return canonical_list(of("port").filter_map(|value| decimal(value)));
    }
    addresses
}

fn hostkeys(frames: &Frames, gaps: &mut Vec<Gap>) -> Vec<FileFacts> {
    let frame = match arrived(frames, HOSTKEYS) {
        Ok(frame) => frame,
        Err(problem) => {
            gaps.push(problem.partial("hostkeys"));
            return Vec::new();
        }
    };
    if let Some(problem) = stopped(frame).or_else(|| exit_problem(frame)) {
        gaps.push(problem.partial("hostkeys"));
    }
    let mut keys = Vec::new();
    for line in whole_lines(frame).filter(|line| !line.is_empty()) {
        match StatLine::parse(line).map(|line| line.answer) {
            Some(Answer::Facts(facts)) => keys.push(facts),
            // A key that the daemon would take if it were there.
            Some(Answer::Absent) => {}
            Some(Answer::Failed(problem)) => gaps.push(problem.partial("hostkeys")),
            None => {
                let detail = "a line of the capture cannot be read";
                let problem = Problem::new(FailureCategory::Unparsable, detail);
                gaps.push(problem.partial("hostkeys"));
            }
        }
    }
    canonical_list(keys)
}
