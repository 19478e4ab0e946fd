//! The parser.

use super::super::file_stat::{Answer, StatLine};
use super::super::whole_lines;
use super::{Body, Docker, FILES, LIVE, Runtime, Socket};
use crate::body::canonical_list;
use crate::escape::escape_bounded;
use crate::frame::Frames;
use crate::kind::Parsed;
use crate::problem::{Problem, whole};
use anji_model::{FailureCategory, Gap};
use std::collections::{BTreeMap, BTreeSet};

const TEXT_MAX: usize = 300;

/// What the files say.
#[derive(Debug, Default)]
struct Files {
    there: BTreeSet<Vec<u8>>,
    settings: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>,
    problems: Vec<Problem>,
}

/// What runs.
#[derive(Debug, Default)]
struct Live {
    names: BTreeSet<Vec<u8>>,
    sockets: Vec<Socket>,
    hidden: bool,
    problems: Vec<Problem>,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let files = Files::read(frames)?;
    let live = Live::read(frames);
    let mut gaps: Vec<Gap> = Vec::new();
    match &live {
        Err(problem) => {
            gaps.push(problem.unknown("runtimes[].running"));
            gaps.push(problem.partial("sockets"));
        }
        Ok(live) => {
            gaps.extend(live.problems.iter().map(|problem| problem.partial("sockets")));
            if live.hidden {
                let detail = "processes of other accounts cannot be seen";
                let problem = Problem::new(FailureCategory::Permission, detail);
                gaps.push(problem.unknown("runtimes[].running"));
                gaps.push(problem.partial("runtimes"));
            }
        }
    }
    // Settings that are not known for sure are not told at all.
    if let Some(problem) = files.problems.first() {
        gaps.push(problem.unknown("docker"));
    }
    let live = live.ok();
    let mut names = files.there.clone();
    names.extend(live.iter().flat_map(|live| live.names.iter().cloned()));
    let running = |name: &[u8]| {
        let live = live.as_ref()?;
        let runs = live.names.contains(name);
        (runs || !live.hidden).then_some(runs)
    };
    let runtimes = names
        .iter()
        .map(|name| Runtime { runtime: escape_bounded(name, TEXT_MAX), running: running(name) });
    let docker = names.contains(&b"docker"[..]) && files.problems.is_empty();
    let body = Body {
        runtimes: canonical_list(runtimes),
        docker: docker.then(|| files.docker()),
        sockets: canonical_list(live.into_iter().flat_map(|live| live.sockets)),
    };
    Ok(Parsed::collected(&body, gaps))
}

fn unreadable() -> Problem {
    Problem::new(FailureCategory::Unparsable, "the capture of containers has another form")
}

impl Files {
    fn read(frames: &Frames) -> Result<Self, Problem> {
        let frame = whole(frames, FILES)?;
        let (mut files, mut ended) = (Self::default(), false);
        let mut unit: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        for line in whole_lines(frame) {
            if ended {
                return Err(unreadable());
            }
            let at = line.iter().position(|&b| b == b' ').unwrap_or(line.len());
            let rest = line.get(at + 1..).unwrap_or_default();
            match &line[..at] {
                b"there" => {
                    files.there.insert(rest.to_vec());
                }
                b"json" => {
                    let (key, value) = setting(rest);
                    files.settings.entry(key).or_default().insert(value);
                }
                b"unit" => {
                    let rest = rest.strip_prefix(b"--").ok_or_else(unreadable)?;
                    let (key, value) = setting(rest);
                    let key = match key.as_slice() {
                        b"host" => b"hosts".to_vec(),
                        b"insecure-registry" => b"insecure-registries".to_vec(),
                        _ => key,
                    };
                    unit.push((key, value));
                }
                b"reset" => unit.clear(),
                b"denied" => files.problem(FailureCategory::Permission, rest, "may not be read"),
                b"long" => files.problem(FailureCategory::Truncated, b"a file", "is too long"),
                b"broken" => {
                    files.problem(FailureCategory::Unparsable, b"daemon.json", "is not JSON");
                }
                b"end" => ended = true,
                _ => return Err(unreadable()),
            }
        }
        if !ended {
            return Err(unreadable());
        }
        for (key, value) in unit {
            files.settings.entry(key).or_default().insert(value);
        }
        Ok(files)
    }

    fn problem(&mut self, category: FailureCategory, what: &[u8], how: &str) {
        let detail = format!("{} {how}", escape_bounded(what, 120));
        self.problems.push(Problem::new(category, detail));
    }

    fn list(&self, key: &str) -> Vec<String> {
        let values = self.settings.get(key.as_bytes()).into_iter().flatten();
        canonical_list(values.map(|value| escape_bounded(value, TEXT_MAX)))
    }

    fn flag(&self, key: &str, default: bool) -> bool {
        let value = self.list(key).into_iter().next_back();
        value.map_or(default, |value| value == "true")
    }

    fn docker(&self) -> Docker {
        let hosts = self.list("hosts");
        let default = || vec!["unix:///var/run/docker.sock".to_owned()];
        Docker {
            hosts: if hosts.is_empty() { default() } else { hosts },
            tlsverify: self.flag("tlsverify", false),
            userns_remap: self.list("userns-remap").into_iter().find(|name| !name.is_empty()),
            icc: self.flag("icc", true),
            no_new_privileges: self.flag("no-new-privileges", false),
            live_restore: self.flag("live-restore", false),
            userland_proxy: self.flag("userland-proxy", true),
            insecure_registries: self.list("insecure-registries"),
            log_driver: self
                .list("log-driver")
                .into_iter()
                .next()
                .unwrap_or_else(|| "json-file".to_owned()),
        }
    }
}

/// `icc=false`; an option without value is true.
fn setting(text: &[u8]) -> (Vec<u8>, Vec<u8>) {
    match text.iter().position(|&b| b == b'=') {
        Some(at) => (text[..at].to_vec(), text[at + 1..].to_vec()),
        None => (text.to_vec(), b"true".to_vec()),
    }
}

impl Live {
    fn read(frames: &Frames) -> Result<Self, Problem> {
        let frame = whole(frames, LIVE)?;
        let (mut live, mut ended) = (Self::default(), false);
        for line in whole_lines(frame) {
            if ended {
                return Err(unreadable());
            }
            if line == b"end" {
                ended = true;
            } else if line == b"hidden" {
                live.hidden = true;
            } else if let Some(name) = line.strip_prefix(b"comm ") {
                let name: &[u8] = if name.starts_with(b"dockerd") { b"docker" } else { name };
                live.names.insert(name.to_vec());
            } else {
                let line = StatLine::parse(line).ok_or_else(unreadable)?;
                match line.answer {
                    Answer::Facts(facts) if facts.kind == "socket" => live.sockets.push(Socket {
                        path: facts.path,
                        mode: facts.mode,
                        uid: facts.uid,
                        gid: facts.gid,
                        group: facts.group,
                    }),
                    Answer::Facts(_) | Answer::Absent => {}
                    Answer::Failed(problem) => live.problems.push(problem),
                }
            }
        }
        if ended { Ok(live) } else { Err(unreadable()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Containers;
    use crate::frame::Frame;
    use crate::kind::{EvidenceKind, Parsed};

    fn parse(files: &str, live: &str) -> Parsed {
        let frame = |id: &str, data: &str| Frame {
            data: data.as_bytes().to_vec(),
            exit: Some(0),
            ..Frame::empty(id)
        };
        let frames = [frame("containers.files", files), frame("containers.live", live)];
        Containers.parse(None, &frames.into_iter().collect())
    }

    #[test]
    fn settings_come_from_file_and_unit() {
        let parsed = parse(
            "there docker\njson icc=false\njson userns-remap=default\n\
             unit --host=fd://\nreset\nunit --host=tcp://0.0.0.0:2375\nunit --live-restore\nend\n",
            "comm dockerd\ns c1b0 0 999 root docker /run/docker.sock\nend\n",
        );
        assert_eq!(parsed.gaps, []);
        let body = String::from_utf8(parsed.body.unwrap()).unwrap();
        for part in [
            r#""hosts":["tcp://0.0.0.0:2375"]"#,
            r#""icc":false"#,
            r#""live_restore":true"#,
            r#""userns_remap":"default""#,
            r#""mode":"0660""#,
            r#""running":true"#,
        ] {
            assert!(body.contains(part), "{part} not in {body}");
        }
    }

    #[test]
    fn a_broken_file_says_nothing_of_docker() {
        let parsed = parse("there docker\nbroken\nend\n", "end\n");
        assert!(parsed.gaps.iter().any(|gap| gap.path == "docker"));
        assert!(String::from_utf8(parsed.body.unwrap()).unwrap().contains(r#""docker":null"#));
    }
}
