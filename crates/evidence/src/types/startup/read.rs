//! The parser: frames to the body.

use super::super::dump::{Dump, Found};
use super::super::whole_lines;
use super::effect::{Follower, Known, Session, csh, environment, place};
use super::scan::{What, events};
use super::script::PATTERNS;
use super::{Body, FILES, LoginShell, PROGRAMS, Statement};
use crate::body::canonical_list;
use crate::escape::{escape, unescape};
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, whole};
use anji_model::{FailureCategory, Gap};

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let programs = programs(whole(frames, PROGRAMS)?)?;
    let dump = Dump::read(arrived(frames, FILES)?)?;
    let mut gaps = Vec::new();
    let statements = statements(&dump, &mut gaps);
    let mut shells = Vec::new();
    for (path, program) in programs {
        shells.push(shell(&dump, path, &program, &mut gaps));
    }
    if shells.is_empty() {
        let detail = "no account has a login shell";
        gaps.push(Problem::new(FailureCategory::Unparsable, detail).partial("shells"));
    }
    let body = Body { shells: canonical_list(shells), statements: canonical_list(statements) };
    Ok(Parsed::collected(&body, gaps))
}

fn family(program: &[u8]) -> &'static str {
    match program {
        b"bash" | b"rbash" => "bash",
        b"dash" => "dash",
        b"ash" | b"busybox" | b"busybox.static" => "ash",
        b"ksh" | b"ksh93" | b"mksh" | b"lksh" | b"pdksh" | b"oksh" => "ksh",
        b"csh" | b"tcsh" | b"bsd-csh" => "csh",
        b"nologin" | b"false" | b"true" | b"sync" | b"shutdown" | b"halt" | b"poweroff"
        | b"reboot" => "none",
        b"-" => "missing",
        _ if program == b"zsh" || program.starts_with(b"zsh-") => "zsh",
        _ => "other",
    }
}

/// What a login session of one shell comes to.
fn shell(dump: &Dump<'_>, path: String, program: &[u8], gaps: &mut Vec<Gap>) -> LoginShell {
    let by_link = path.rsplit('/').next().unwrap_or_default();
    let family = match family(program) {
        // The programs of systemd and busybox go by the name they are called with.
        "other" | "ash" if family(by_link.as_bytes()) == "none" => "none",
        family => family,
    };
    let mut session = session(dump, family);
    // Whether a shell that is made without the limit heeds the variable, or what an
    // unknown program does, cannot be told from files.
    let unsure = match family {
        "ash" => session.idle != Known::Yes(None),
        "other" => true,
        _ => false,
    };
    if unsure {
        session.idle = Known::No;
        session.readonly = Known::No;
    }
    let limited = session.idle != Known::Yes(None);
    if !limited {
        session.readonly = Known::Yes(false);
        session.exported = Known::Yes(false);
    }
    let mut gap = |field: &str| {
        let detail = format!("what {path} comes to depends on more than the text of the files");
        let problem = Problem::new(FailureCategory::Unsupported, detail);
        gaps.push(problem.unknown(&format!("shells[].{field}")));
    };
    let mut known = |value: Known<bool>, field: &str| match value {
        Known::Yes(value) => Some(value),
        Known::No => {
            gap(field);
            None
        }
    };
    let (readonly, exported) =
        (known(session.readonly, "readonly"), known(session.exported, "exported"));
    let idle_seconds = match session.idle {
        Known::Yes(seconds) => seconds,
        Known::No => {
            gap("idle_seconds");
            None
        }
    };
    let umask = match session.umask {
        Known::Yes(mask) => mask.map(|mask| format!("{mask:04o}")),
        Known::No => {
            gap("umask");
            None
        }
    };
    let family = family.to_owned();
    let (readonly, exported) = (readonly.filter(|_| limited), exported.filter(|_| limited));
    LoginShell { family, idle_seconds, readonly, exported, umask, path }
}

fn session(dump: &Dump<'_>, family: &str) -> Session {
    let mut follower = Follower::new(dump, family);
    if matches!(family, "none" | "missing" | "other") {
        return Session::new();
    }
    environment(dump, &mut follower.session);
    match family {
        "csh" => {
            let paths =
                ["/etc/csh.cshrc", "/etc/csh/csh.cshrc", "/etc/csh.login", "/etc/csh/csh.login"];
            follower.session = Session::new();
            csh(dump, &paths, &mut follower.session);
        }
        "zsh" => {
            for name in ["zshenv", "zprofile", "zshrc", "zlogin"] {
                follower.first(&[&format!("/etc/zsh/{name}"), &format!("/etc/{name}")]);
            }
        }
        _ => follower.first(&["/etc/profile", "/usr/etc/profile"]),
    }
    let mut session = follower.session;
    if family == "dash" {
        // It has no such limit, whatever the variable says.
        session.idle = Known::Yes(None);
        session.readonly = Known::Yes(false);
    }
    session
}

fn statements(dump: &Dump<'_>, gaps: &mut Vec<Gap>) -> Vec<Statement> {
    let mut all = Vec::new();
    for pattern in PATTERNS {
        let files = match pattern.contains('*') {
            true => {
                let (files, problems) = dump.matching(pattern);
                gaps.extend(problems.iter().map(|problem| problem.partial("statements")));
                files
            }
            false => match dump.file(pattern) {
                Found::File(file) => vec![file],
                Found::Absent => Vec::new(),
                Found::Failed(problem) => {
                    gaps.push(problem.partial("statements"));
                    Vec::new()
                }
            },
        };
        for file in files {
            if let Some(problem) = &file.problem {
                gaps.push(problem.partial("statements"));
            }
            if file.path.windows(4).any(|w| w == b".csh" || w == b"/csh") {
                continue;
            }
            let Some(events) = events(&file.lines) else {
                let detail =
                    format!("{} has a structure that cannot be followed", escape(&file.path));
                gaps.push(Problem::new(FailureCategory::Unparsable, detail).partial("statements"));
                continue;
            };
            for event in events {
                let (action, value) = match event.what {
                    What::Set(seconds) => ("set", seconds.map(|seconds| seconds.to_string())),
                    What::Readonly => ("readonly", None),
                    What::Export => ("export", None),
                    What::Unset => ("unset", None),
                    What::Unclear => ("unclear", None),
                    What::Umask(mask) => ("umask", mask.map(|mask| format!("{mask:04o}"))),
                    What::Source(_) | What::SourceFolder => continue,
                };
                all.push(Statement {
                    place: place(file, event.line),
                    action: action.to_owned(),
                    value,
                    conditional: event.conditional,
                });
            }
        }
    }
    all
}

/// The login shells and the programs behind them.
fn programs(frame: &Frame) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let unknown = || {
        let detail = format!("capture {PROGRAMS} has another form");
        Problem::new(FailureCategory::Unparsable, detail)
    };
    let mut shells = Vec::new();
    let mut done = false;
    for line in whole_lines(frame) {
        if line == b"done" {
            done = true;
            continue;
        }
        let rest = line.strip_prefix(b"shell ").ok_or_else(unknown)?;
        let at = rest.iter().position(|&b| b == b' ').ok_or_else(unknown)?;
        let path = unescape(&rest[at + 1..]).ok_or_else(unknown)?;
        shells.push((escape(&path), rest[..at].to_vec()));
    }
    if done { Ok(shells) } else { Err(unknown()) }
}
