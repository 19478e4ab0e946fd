//! The captures put together.

use super::running::{RUNNING_FIELDS, gap, running, stale};
use super::{APK, APT, Body, HISTORY, RPM, RUNNING, STALE, apt, history, rpm};
use crate::body::canonical_list;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped};
use crate::status;
use anji_model::{FailureCategory, Gap};
use std::collections::{BTreeMap, BTreeSet};

/// A capture of one manager: there, not there by fact, or not had.
enum Part<'f> {
    There(&'f Frame, Option<Problem>),
    None,
    Failed(Problem),
}

fn part<'f>(frames: &'f Frames, id: &str) -> Part<'f> {
    let frame = match arrived(frames, id) {
        Ok(frame) => frame,
        Err(problem) => return Part::Failed(problem),
    };
    match (stopped(frame), frame.exit) {
        (Some(problem), _) => Part::There(frame, Some(problem)),
        (None, Some(status::ABSENT)) => Part::None,
        (None, _) => match exit_problem(frame) {
            Some(problem) => Part::Failed(problem),
            None => Part::There(frame, None),
        },
    }
}

/// Leaves all that lists tell open.
fn open_all(problem: &Problem, gaps: &mut Vec<Gap>) {
    gaps.extend(["lists", "security", "updates", "held"].map(|field| problem.partial(field)));
    gaps.push(problem.unknown("lists_day"));
}

pub(super) fn read(frames: &Frames) -> Parsed {
    let mut body = Body::default();
    let mut gaps = Vec::new();
    let (apt, rpm) = (part(frames, APT), part(frames, RPM));
    let apk = apk(frames);
    if let (Part::None, Part::None, Ok(false)) = (&apt, &rpm, &apk) {
        return Parsed::absent("no database of dpkg, rpm or apk");
    }
    if let (Part::Failed(problem), Part::Failed(_), Err(_)) = (&apt, &rpm, &apk) {
        return problem.clone().failed();
    }
    let mut offered = BTreeMap::new();
    let mut has_apt = true;
    match apt {
        Part::None => has_apt = false,
        Part::Failed(problem) => open_all(&problem, &mut gaps),
        Part::There(frame, problem) => {
            if let Some(problem) = problem {
                open_all(&problem, &mut gaps);
            }
            offered = take_apt(frame, &mut body, &mut gaps);
        }
    }
    if let Ok(true) = apk {
        let problem = Problem::new(FailureCategory::Unsupported, "the index of apk is not read");
        open_all(&problem, &mut gaps);
    } else if let Err(problem) = apk {
        open_all(&problem, &mut gaps);
    }
    take_history(frames, &offered, has_apt, &mut body, &mut gaps);
    match rpm {
        Part::None => {}
        Part::Failed(problem) => {
            open_all(&problem, &mut gaps);
            gaps.push(problem.unknown("last_upgrade_day"));
        }
        Part::There(frame, problem) => take_rpm(frame, problem, &mut body, &mut gaps),
    }
    body.lists = canonical_list(body.lists);
    let days: Vec<_> = body.lists.iter().filter(|l| l.security).map(|l| l.release_day).collect();
    if days.contains(&None) {
        let detail = "a list of security updates tells no day";
        gaps.push(Problem::new(FailureCategory::Unparsable, detail).unknown("lists_day"));
    } else {
        body.lists_day = days.into_iter().flatten().min();
    }
    live(frames, RUNNING, &RUNNING_FIELDS, running, &mut body, &mut gaps);
    live(frames, STALE, &["stale_processes"], stale, &mut body, &mut gaps);
    Parsed::collected(&body, gaps)
}

/// Whether this is a host of apk.
fn apk(frames: &Frames) -> Result<bool, Problem> {
    let frame = crate::problem::whole(frames, APK)?;
    match frame.data.as_slice() {
        b"end\n" => Ok(false),
        data if data.starts_with(b"apk\n") && data.ends_with(b"end\n") => Ok(true),
        _ => Err(Problem::new(FailureCategory::Unparsable, format!("capture {APK}"))),
    }
}

fn take_apt(
    frame: &Frame,
    body: &mut Body,
    gaps: &mut Vec<Gap>,
) -> BTreeMap<String, BTreeSet<String>> {
    let apt = apt::read(frame);
    if let Some(problem) = &apt.broken {
        gaps.extend([problem.partial("lists"), problem.partial("held")]);
    }
    if let Some(problem) = &apt.security_open {
        gaps.push(problem.partial("security"));
        gaps.push(problem.unknown("lists_day"));
        gaps.push(problem.unknown("newest_security_update_day"));
    }
    gaps.extend(apt.updates_open.iter().map(|problem| problem.partial("updates")));
    body.lists = apt.lists;
    body.security = apt.security;
    body.updates = apt.updates;
    body.held = apt.held;
    apt.offered
}

fn take_history(
    frames: &Frames,
    offered: &BTreeMap<String, BTreeSet<String>>,
    has_apt: bool,
    body: &mut Body,
    gaps: &mut Vec<Gap>,
) {
    let fields = ["last_upgrade_day", "last_full_upgrade_day", "newest_security_update_day"];
    let problem = match part(frames, HISTORY) {
        Part::None => None,
        Part::Failed(problem) => Some(problem),
        Part::There(frame, stopped) => {
            let found = history::read(frame, offered);
            if has_apt {
                body.last_upgrade_day = found.last;
                body.last_full_upgrade_day = found.last_full;
                body.newest_security_update_day = found.last_security;
                if found.some && found.last_full.is_none() {
                    let detail = "only runs that upgrade what their rules allow are in apt's logs";
                    let problem = Problem::new(FailureCategory::Unsupported, detail);
                    gaps.push(problem.unknown("last_full_upgrade_day"));
                }
            }
            stopped.or(found.problem)
        }
    };
    gaps.extend(problem.iter().flat_map(|problem| fields.map(|field| problem.unknown(field))));
}

fn take_rpm(frame: &Frame, stopped: Option<Problem>, body: &mut Body, gaps: &mut Vec<Gap>) {
    let rpm = rpm::read(frame);
    if let Some(problem) = stopped.or(rpm.broken) {
        gaps.extend([problem.partial("lists"), problem.partial("security")]);
        gaps.extend([problem.unknown("lists_day"), problem.unknown("last_upgrade_day")]);
    }
    if let Some(problem) = rpm.open {
        gaps.extend([problem.partial("security"), problem.unknown("lists_day")]);
    }
    let updates = Problem::new(
        FailureCategory::Unsupported,
        "only advisories are read of rpm's repositories, not their packages",
    );
    gaps.extend([updates.partial("updates"), updates.partial("held")]);
    body.lists.extend(rpm.lists);
    body.security.extend(rpm.security);
    body.security = canonical_list(std::mem::take(&mut body.security));
    body.last_upgrade_day = body.last_upgrade_day.max(rpm.last);
}

/// A live capture: where it was not had, its fields are not known.
fn live(
    frames: &Frames,
    id: &str,
    fields: &[&str],
    take: fn(&Frame, &mut Body, &mut Vec<Gap>),
    body: &mut Body,
    gaps: &mut Vec<Gap>,
) {
    match part(frames, id) {
        Part::There(frame, stopped) => {
            take(frame, body, gaps);
            gaps.extend(stopped.iter().flat_map(|p| fields.iter().map(|field| gap(p, field))));
        }
        Part::None => {
            let detail = format!("capture {id} says that there is none");
            let problem = Problem::new(FailureCategory::Unparsable, detail);
            gaps.extend(fields.iter().map(|field| gap(&problem, field)));
        }
        Part::Failed(problem) => gaps.extend(fields.iter().map(|field| gap(&problem, field))),
    }
}
