//! Telling apart why a frame cannot be trusted, once for all types.

use crate::escape::escape_bounded;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::status;
use anji_model::{FailureCategory, Gap, GapKind};

/// Why something was not had, ready to become a failure or a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) category: FailureCategory,
    pub(crate) detail: String,
}

impl Problem {
    pub(crate) fn new(category: FailureCategory, detail: impl Into<String>) -> Self {
        Self { category, detail: detail.into() }
    }

    pub(crate) fn failed(self) -> Parsed {
        Parsed::failed(self.category, self.detail)
    }

    pub(crate) fn gap(&self, path: &str, kind: GapKind) -> Gap {
        Gap { path: path.to_owned(), kind, category: self.category, detail: self.detail.clone() }
    }

    pub(crate) fn unknown(&self, path: &str) -> Gap {
        self.gap(path, GapKind::Unknown)
    }

    pub(crate) fn partial(&self, path: &str) -> Gap {
        self.gap(path, GapKind::Partial)
    }
}

/// The frame `id`, if its end arrived.
pub(crate) fn arrived<'a>(frames: &'a Frames, id: &str) -> Result<&'a Frame, Problem> {
    frames.get(id).ok_or_else(|| {
        let what = if frames.cut(id) { "broke off or was damaged" } else { "did not arrive" };
        Problem::new(FailureCategory::Incomplete, format!("capture {id} {what}"))
    })
}

/// What stopped the capture before its own end, if anything did.
pub(crate) fn stopped(frame: &Frame) -> Option<Problem> {
    if frame.timed_out {
        let detail = format!("capture {} ran out of its time", frame.id);
        Some(Problem::new(FailureCategory::TimedOut, detail))
    } else if frame.truncated {
        let detail = format!("capture {} brought more than its limit", frame.id);
        Some(Problem::new(FailureCategory::Truncated, detail))
    } else {
        None
    }
}

/// What the exit status says went wrong, if anything did.
pub(crate) fn exit_problem(frame: &Frame) -> Option<Problem> {
    let category = match frame.exit {
        Some(0) => return None,
        Some(status::DENIED) => FailureCategory::Permission,
        Some(status::NO_TOOL) => FailureCategory::ToolMissing,
        Some(status::NOT_LIVE) => FailureCategory::NotLive,
        Some(status::TOO_LARGE) => FailureCategory::Truncated,
        _ => FailureCategory::CommandFailed,
    };
    Some(Problem::new(category, format!("capture {}: {}", frame.id, outcome(frame))))
}

/// The frame `id`, if it is whole and its command succeeded.
pub(crate) fn whole<'a>(frames: &'a Frames, id: &str) -> Result<&'a Frame, Problem> {
    let frame = arrived(frames, id)?;
    match stopped(frame).or_else(|| exit_problem(frame)) {
        None => Ok(frame),
        Some(problem) => Err(problem),
    }
}

fn outcome(frame: &Frame) -> String {
    let said = frame.diagnostics.trim_ascii();
    let exit = frame.exit.map_or_else(|| "no exit status".to_owned(), |n| format!("exit {n}"));
    match frame.exit {
        Some(status::NOT_LIVE) => "not a running system".to_owned(),
        Some(status::DENIED) if said.is_empty() => "permission denied".to_owned(),
        Some(status::NO_TOOL) if said.is_empty() => "no tool for it on the target".to_owned(),
        _ if said.is_empty() => exit,
        // Our own words, not those of a command.
        Some(status::TOO_LARGE | status::NOT_A_FILE) => escape_bounded(said, 240),
        _ => format!("{exit}: {}", escape_bounded(said, 240)),
    }
}
