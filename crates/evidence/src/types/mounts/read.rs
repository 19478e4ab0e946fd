//! The parser.

use super::super::whole_lines;
use super::table::{self, Row};
use super::{Body, Configured, FSTAB, RUNNING, TEMPORARY, Temporary, UNITS, config};
use crate::body::canonical_list;
use crate::escape::{escape, unescape};
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped};
use anji_model::{FailureCategory, Gap};

/// What rests on the running system.
const RUNNING_FIELDS: [&str; 5] = [
    "temporary[].exists",
    "temporary[].mount",
    "temporary[].nosuid",
    "temporary[].nodev",
    "temporary[].noexec",
];

/// More configured mounts than any real host has.
const CONFIGURED_MAX: usize = 2000;

#[derive(Debug, Default)]
struct Running {
    rows: Vec<Row>,
    /// Folders with their real paths; none where there is no such folder.
    folders: Vec<(String, Option<Vec<u8>>)>,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let mut gaps = Vec::new();
    let running = arrived(frames, RUNNING).and_then(|frame| running(frame, &mut gaps));
    let running = running.unwrap_or_else(|problem| {
        gaps.push(problem.partial("mounted"));
        gaps.extend(RUNNING_FIELDS.map(|field| problem.unknown(field)));
        Running::default()
    });
    let mut failures = 0;
    let mut configured: Vec<Configured> = Vec::new();
    let sides = [
        arrived(frames, UNITS).and_then(config::units),
        arrived(frames, FSTAB).and_then(config::fstab),
    ];
    for side in sides {
        match side {
            Ok(entries) if entries.len() > CONFIGURED_MAX => {
                failures += 1;
                let problem = Problem::new(FailureCategory::Truncated, "too many entries");
                gaps.push(problem.partial("configured"));
                gaps.push(problem.unknown("temporary[].configured"));
            }
            Ok(entries) => configured.extend(entries),
            Err(problem) => {
                failures += 1;
                gaps.push(problem.partial("configured"));
                gaps.push(problem.unknown("temporary[].configured"));
            }
        }
    }
    if running.rows.is_empty()
        && failures == 2
        && let Some(gap) = gaps.first()
    {
        return Err(Problem::new(gap.category, gap.detail.clone()));
    }
    let temporary = TEMPORARY.map(|path| {
        let mut one = running.temporary(path);
        if failures == 0 {
            one.configured = config::flags(&configured, path, 0);
        }
        one
    });
    let body = Body {
        mounted: canonical_list(table::lasting(&running.rows)),
        configured: canonical_list(configured),
        temporary: canonical_list(temporary),
    };
    Ok(Parsed::collected(&body, gaps))
}

fn running(frame: &Frame, gaps: &mut Vec<Gap>) -> Result<Running, Problem> {
    let cut = stopped(frame);
    if cut.is_none()
        && let Some(problem) = exit_problem(frame)
    {
        return Err(problem);
    }
    let mut running = Running::default();
    let mut unread = 0;
    for line in whole_lines(frame) {
        unread += usize::from(running.line(line).is_none());
    }
    let known = TEMPORARY.iter().all(|path| running.folders.iter().any(|(name, _)| name == path));
    let problem = cut.or_else(|| {
        let detail = if unread > 0 {
            format!("{unread} lines could not be read")
        } else if !known {
            "not every folder was told".to_owned()
        } else if table::holder(&running.rows, b"/").is_none() {
            "the table of mounts has no root".to_owned()
        } else {
            return None;
        };
        Some(Problem::new(FailureCategory::Unparsable, detail))
    });
    match problem {
        None => Ok(running),
        Some(problem) if running.rows.is_empty() => Err(problem),
        Some(problem) => {
            // Which mount a folder lies on can only be told from the whole table.
            gaps.push(problem.partial("mounted"));
            gaps.extend(RUNNING_FIELDS.map(|field| problem.unknown(field)));
            Ok(Running { folders: Vec::new(), ..running })
        }
    }
}

impl Running {
    fn line(&mut self, line: &[u8]) -> Option<()> {
        let (mark, rest) = line.split_at_checked(2)?;
        let known = |name: &[u8]| {
            TEMPORARY.iter().find(|path| path.as_bytes() == name).map(|path| (*path).to_owned())
        };
        match mark {
            b"m " => self.rows.push(Row::parse(rest)?),
            b"- " => self.folders.push((known(rest)?, None)),
            b"t " => {
                let at = rest.iter().position(|&b| b == b' ')?;
                let real = unescape(&rest[at + 1..]).filter(|real| real.starts_with(b"/"))?;
                self.folders.push((known(&rest[..at])?, Some(real)));
            }
            _ => return None,
        }
        Some(())
    }

    fn temporary(&self, path: &str) -> Temporary {
        let found = self.folders.iter().find(|(name, _)| name == path);
        let real = found.and_then(|(_, real)| real.as_ref());
        let mount = real.and_then(|real| table::holder(&self.rows, real));
        Temporary {
            path: path.to_owned(),
            exists: found.map(|(_, real)| real.is_some()),
            mount: mount.map(|row| escape(&row.target)),
            nosuid: mount.map(|row| row.has("nosuid")),
            nodev: mount.map(|row| row.has("nodev")),
            noexec: mount.map(|row| row.has("noexec")),
            configured: None,
        }
    }
}
