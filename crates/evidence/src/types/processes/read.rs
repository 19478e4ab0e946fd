//! The parser.

use super::super::{decimal, whole_lines};
use super::{Body, PROCESSES, Process, cgroup};
use crate::body::canonical_list;
use crate::escape::{escape_bounded, unescape};
use crate::frame::Frames;
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped};
use anji_model::FailureCategory;

/// Longer paths are cut.
const TEXT_MAX: usize = 512;

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = arrived(frames, PROCESSES)?;
    let half = stopped(frame);
    if half.is_none()
        && let Some(problem) = exit_problem(frame)
    {
        return Err(problem);
    }
    let mut gaps = Vec::new();
    let (mut processes, mut unread, mut ended): (Vec<Process>, _, _) = (Vec::new(), 0_u64, false);
    for line in whole_lines(frame) {
        let (word, rest) = match line.iter().position(|&b| b == b' ') {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &[][..]),
        };
        ended = false;
        match (word, processes.last_mut()) {
            (b"hidden", _) => {
                let detail = "processes of other accounts cannot be seen";
                gaps.push(Problem::new(FailureCategory::Permission, detail).partial("processes"));
            }
            (b"end", _) => ended = true,
            (b"p", _) => match begin(rest) {
                Some(process) => processes.push(process),
                None => unread += 1,
            },
            (b"n", Some(process)) => process.name = name(rest),
            (b"e", Some(process)) => program(process, rest),
            (b"c", Some(process)) => place(process, rest),
            (b"h", Some(process)) => process.runs = Some(escape_bounded(rest, TEXT_MAX)),
            _ => unread += 1,
        }
    }
    if processes.is_empty() || processes.iter().any(|process| process.name.is_empty()) {
        unread += 1;
    }
    if let Some(problem) = half {
        gaps.push(problem.partial("processes"));
    } else if !ended {
        let detail = "the capture of processes breaks off";
        gaps.push(Problem::new(FailureCategory::Incomplete, detail).partial("processes"));
    }
    if unread > 0 {
        let detail = format!("{unread} lines could not be read");
        gaps.push(Problem::new(FailureCategory::Unparsable, detail).partial("processes"));
    }
    if processes.is_empty() {
        let detail = "the capture names no process";
        return Err(Problem::new(FailureCategory::Unparsable, detail));
    }
    if processes.iter().any(|process| process.exe.is_none()) {
        let detail = "programs of other accounts' processes cannot be seen";
        let problem = Problem::new(FailureCategory::Permission, detail);
        gaps.push(problem.unknown("processes[].exe"));
        gaps.push(problem.unknown("processes[].program"));
    }
    Ok(Parsed::collected(&Body { processes: canonical_list(processes) }, gaps))
}

/// `0 0 1 root`.
fn begin(rest: &[u8]) -> Option<Process> {
    let words: Vec<&[u8]> = rest.split(|&b| b == b' ').collect();
    let [uid, euid, depth, user] = <[&[u8]; 4]>::try_from(words).ok()?;
    let nested = decimal::<u32>(depth)? > 1;
    Some(Process {
        name: String::new(),
        exe: None,
        program: None,
        uid: decimal(uid)?,
        euid: decimal(euid)?,
        user: (user != b"-").then(|| escape_bounded(user, TEXT_MAX)),
        container: nested.then(|| "other".to_owned()),
        unit: None,
        runs: None,
    })
}

/// The kernel escapes newlines and backslashes in it.
fn name(rest: &[u8]) -> String {
    let raw = unescape(rest).unwrap_or_else(|| rest.to_vec());
    escape_bounded(&raw, TEXT_MAX)
}

/// A program that was replaced since is named as it was.
fn program(process: &mut Process, rest: &[u8]) {
    let path = rest.strip_suffix(b" (deleted)").unwrap_or(rest);
    let base = path.rsplit(|&b| b == b'/').next().unwrap_or_default();
    if path.starts_with(b"/") && !base.is_empty() {
        process.exe = Some(escape_bounded(path, TEXT_MAX));
        process.program = Some(escape_bounded(base, TEXT_MAX));
    }
}

fn place(process: &mut Process, rest: &[u8]) {
    let place = cgroup::place(rest);
    if let Some(container) = place.container {
        process.container = Some(container.to_owned());
    }
    process.unit = place.unit.map(|unit| escape_bounded(&unit, TEXT_MAX));
}

#[cfg(test)]
mod tests {
    use super::super::Processes;
    use crate::frame::Frame;
    use crate::kind::{EvidenceKind, Parsed};
    use anji_model::GapKind;

    fn parse(data: &str) -> Parsed {
        let frame = Frame { exit: Some(0), ..Frame::empty("processes") };
        let frame = Frame { data: data.as_bytes().to_vec(), ..frame };
        Processes.parse(None, &[frame].into_iter().collect())
    }

    #[test]
    fn equal_processes_are_one_record() {
        let one = "p 0 0 1 root\nn a b\\n\ne /usr/bin/x (deleted)\nc /system.slice/x.service\n";
        let parsed = parse(&format!("{one}{one}end\n"));
        assert_eq!(parsed.gaps, []);
        let body = String::from_utf8(parsed.body.unwrap()).unwrap();
        assert_eq!(body.matches("\"exe\"").count(), 1, "{body}");
        assert!(body.contains(r#""name":"a b\\n""#), "{body}");
        assert!(body.contains(r#""exe":"/usr/bin/x""#), "{body}");
    }

    #[test]
    fn programs_that_cannot_be_seen_are_unknown() {
        let parsed = parse("p 0 0 1 root\nn x\ne \nc \nend\n");
        let paths: Vec<_> = parsed.gaps.iter().map(|gap| (gap.path.as_str(), gap.kind)).collect();
        assert_eq!(
            paths,
            [("processes[].exe", GapKind::Unknown), ("processes[].program", GapKind::Unknown)]
        );
    }

    #[test]
    fn what_breaks_off_is_partial() {
        for data in
            ["p 0 0 1 root\nn x\ne /x\nc /\n", "hidden\np 0 0 1 root\nn x\ne /x\nc /\nend\n"]
        {
            assert!(parse(data).gaps.iter().any(|gap| gap.kind == GapKind::Partial), "{data}");
        }
    }
}
