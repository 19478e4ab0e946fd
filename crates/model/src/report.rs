//! Everything that a report of one run shows, ready for rendering.

use crate::assessment::Assessment;
use crate::check::CheckInfo;
use crate::drift::Drift;
use crate::evidence::Privilege;
use crate::id::{BaselineVersion, CheckId, Digest, RegisterId, RunId};
use crate::result::{Reason, ReasonCategory};
use crate::run::RunSummary;
use crate::subject::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Results that are unknown (or in error) for one and the same cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownGroup {
    /// The cause.
    pub category: ReasonCategory,
    /// One reason as an example.
    pub example: Reason,
    /// The checks that it leaves undecided, sorted.
    pub checks: Vec<CheckId>,
}

/// Something to do first, most urgent first in its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NextStep {
    /// Repair what this failing check found.
    Repair(CheckId),
    /// Look at the observed list and adopt it as the first approved one.
    Adopt(RegisterId),
    /// Run again with more rights: as many verdicts would be added.
    MoreRights(u64),
}

/// What one command of the script cost the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandCost {
    /// The capture.
    pub capture: String,
    /// Milliseconds that it ran there; none where the host could not tell.
    pub milliseconds: Option<u64>,
    /// Bytes of data that it brought.
    pub bytes: u64,
    /// Its exit status; none when its frame was damaged.
    pub exit: Option<i32>,
    /// Whether its output was cut at the byte limit.
    pub truncated: bool,
    /// Whether it was ended at its time limit.
    pub timed_out: bool,
    /// Whether its frame is not to be trusted.
    pub damaged: bool,
}

/// One run with its context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// The run; none for a run that was not stored.
    pub run: Option<RunId>,
    /// When collecting began.
    pub started_at: Timestamp,
    /// When the run was whole.
    pub ended_at: Timestamp,
    /// Whom it is about.
    pub subject: Subject,
    /// What people call it: host name or root directory, and operating system.
    pub subject_name: String,
    /// The baseline.
    pub baseline: BaselineVersion,
    /// The program's version.
    pub program: String,
    /// Digest of the content.
    pub content: Digest,
    /// The checks that the results refer to.
    pub checks: Vec<CheckInfo>,
    /// Results and scores.
    pub assessment: Assessment,
    /// The newest earlier run with comparable results, if any.
    pub compared_with: Option<RunSummary>,
    /// What changed since the last comparable results.
    pub drift: Vec<Drift>,
    /// How many results had a comparable one before.
    pub compared_results: u64,
    /// Undecided results by cause, largest first.
    pub unknown: Vec<UnknownGroup>,
    /// The rights that the run had.
    pub privilege: Privilege,
    /// How many verdicts root, or the printed sudo rule, would add.
    pub verdicts_with_more_rights: u64,
    /// The three things to do first (fewer where there are fewer).
    pub next: Vec<NextStep>,
    /// The head of the signed chain after this run.
    pub head: Option<Digest>,
    /// What each command of the script cost, in the order they ran.
    pub commands: Vec<CommandCost>,
    /// Sentences of caution for the reader: clock set back, state not written, and the like.
    pub notices: Vec<crate::text::Text>,
}
