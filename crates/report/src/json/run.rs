//! The document of `anji check`.

use super::Document;
use super::common::{Check, CheckResult, Privilege, Reason, RunSummary, Text, number, text};
use super::drift::Change;
use anji_model as model;
use schemars::JsonSchema;
use serde::Serialize;

/// Weighted share of passing checks among the applicable ones.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Conformance {
    /// The passing share in tenths of a percent, rounded down; null over nothing.
    rate_permille: Option<u64>,
    /// The unknown share in tenths of a percent, rounded up; null over nothing.
    unknown_permille: Option<u64>,
    /// Weight that passes.
    pass_weight: u64,
    /// Weight that fails.
    fail_weight: u64,
    /// Weight that is unknown or in error.
    unknown_weight: u64,
    /// Whether a critical check fails: red whatever the rate.
    critical_failing: bool,
}

impl From<&model::Conformance> for Conformance {
    fn from(from: &model::Conformance) -> Self {
        Self {
            rate_permille: from.rate_permille().map(number),
            unknown_permille: from.unknown_permille().map(number),
            pass_weight: number(from.pass_weight),
            fail_weight: number(from.fail_weight),
            unknown_weight: number(from.unknown_weight),
            critical_failing: from.critical_failing,
        }
    }
}

/// How many results carry each word.
#[derive(Debug, Serialize, JsonSchema)]
struct Counts {
    pass: u64,
    fail: u64,
    error: u64,
    unknown: u64,
    notapplicable: u64,
    notchecked: u64,
    notselected: u64,
    informational: u64,
    fixed: u64,
}

impl From<&model::Coverage> for Counts {
    fn from(coverage: &model::Coverage) -> Self {
        use model::RawResult as Raw;
        let count = |word| number(coverage.count(word));
        Self {
            pass: count(Raw::Pass),
            fail: count(Raw::Fail),
            error: count(Raw::Error),
            unknown: count(Raw::Unknown),
            notapplicable: count(Raw::NotApplicable),
            notchecked: count(Raw::NotChecked),
            notselected: count(Raw::NotSelected),
            informational: count(Raw::Informational),
            fixed: count(Raw::Fixed),
        }
    }
}

/// Results that are unknown or in error for one and the same cause.
#[derive(Debug, Serialize, JsonSchema)]
struct UnknownGroup {
    /// One reason as an example.
    reason: Reason,
    /// The checks that it leaves undecided.
    checks: Vec<String>,
}

/// What kind of step is next.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Action {
    /// Repair what `check` found.
    Repair,
    /// Review the observed list and adopt it as `register`.
    Adopt,
    /// Run again with more rights: `verdicts` would be added.
    MoreRights,
    /// Newer than this version of the document.
    Other,
}

/// Something to do first.
#[derive(Debug, Serialize, JsonSchema)]
struct Step {
    /// What to do.
    action: Action,
    /// The check to repair.
    check: Option<String>,
    /// The list to adopt.
    register: Option<String>,
    /// How many verdicts it would add.
    verdicts: Option<u64>,
}

impl From<&model::NextStep> for Step {
    fn from(step: &model::NextStep) -> Self {
        let none = Self { action: Action::Other, check: None, register: None, verdicts: None };
        match step {
            model::NextStep::Repair(check) => {
                Self { action: Action::Repair, check: Some(text(check)), ..none }
            }
            model::NextStep::Adopt(register) => {
                Self { action: Action::Adopt, register: Some(text(register)), ..none }
            }
            model::NextStep::MoreRights(count) => {
                Self { action: Action::MoreRights, verdicts: Some(number(*count)), ..none }
            }
            _ => none,
        }
    }
}

/// What one command of the script cost the host.
#[derive(Debug, Serialize, JsonSchema)]
struct Command {
    /// The capture, for instance `accounts.passwd`.
    capture: String,
    /// Milliseconds that it ran there; null where the host could not tell.
    milliseconds: Option<u64>,
    /// Bytes of data that it brought.
    bytes: u64,
    /// Its exit status; null when its frame was damaged.
    exit: Option<i32>,
    /// Whether its output was cut at the byte limit.
    truncated: bool,
    /// Whether it was ended at its time limit.
    timed_out: bool,
    /// Whether its frame is not to be trusted.
    damaged: bool,
}

impl From<&model::CommandCost> for Command {
    fn from(cost: &model::CommandCost) -> Self {
        Self {
            capture: text(&cost.capture),
            milliseconds: cost.milliseconds.map(number),
            bytes: number(cost.bytes),
            exit: cost.exit,
            truncated: cost.truncated,
            timed_out: cost.timed_out,
            damaged: cost.damaged,
        }
    }
}

/// One run with its results, changes and scores.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Run {
    /// The document's format and version.
    format: String,
    /// The run; null for one that was not stored.
    run: Option<String>,
    /// When collecting began (RFC 3339).
    started_at: String,
    /// When the run was whole (RFC 3339).
    ended_at: String,
    /// The instant that the evaluation took as now (RFC 3339).
    as_of: String,
    /// Whom it is about, for instance `asset:local`.
    subject: String,
    /// What people call it.
    subject_name: String,
    /// The baseline, for instance `starter@1`.
    baseline: String,
    /// The program's version.
    program: String,
    /// SHA-256 of the content.
    content: String,
    /// The rights that the run had.
    privilege: Privilege,
    /// The rate.
    conformance: Conformance,
    /// Results by word.
    counts: Counts,
    /// The results.
    results: Vec<CheckResult>,
    /// The checks that the results refer to.
    checks: Vec<Check>,
    /// Undecided results by cause.
    unknown: Vec<UnknownGroup>,
    /// How many verdicts root, or the printed sudo rule, would add.
    verdicts_with_more_rights: u64,
    /// The newest earlier run with comparable results.
    compared_with: Option<RunSummary>,
    /// How many results had a comparable one before.
    compared_results: u64,
    /// What changed since then.
    changes: Vec<Change>,
    /// What to do first, most urgent first.
    next: Vec<Step>,
    /// The head of the signed chain after this run.
    head: Option<String>,
    /// Sentences of caution.
    notices: Vec<Text>,
    /// What each command of the script cost, in the order they ran.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    commands: Vec<Command>,
}

impl From<&model::RunReport> for Run {
    fn from(report: &model::RunReport) -> Self {
        let group = |group: &model::UnknownGroup| UnknownGroup {
            reason: Reason::from(&group.example),
            checks: group.checks.iter().map(text).collect(),
        };
        Self {
            format: Document::Run.format(),
            run: report.run.as_ref().map(text),
            started_at: text(report.started_at),
            ended_at: text(report.ended_at),
            as_of: text(report.assessment.as_of),
            subject: text(&report.subject),
            subject_name: text(&report.subject_name),
            baseline: text(&report.baseline),
            program: text(&report.program),
            content: text(report.content),
            privilege: Privilege::from(&report.privilege),
            conformance: Conformance::from(&report.assessment.conformance),
            counts: Counts::from(&report.assessment.coverage),
            results: report.assessment.results.iter().map(CheckResult::from).collect(),
            checks: report.checks.iter().map(Check::from).collect(),
            unknown: report.unknown.iter().map(group).collect(),
            verdicts_with_more_rights: number(report.verdicts_with_more_rights),
            compared_with: report.compared_with.as_ref().map(RunSummary::from),
            compared_results: number(report.compared_results),
            changes: report.drift.iter().map(Change::from).collect(),
            next: report.next.iter().map(Step::from).collect(),
            head: report.head.map(text),
            notices: report.notices.iter().map(Text::from).collect(),
            commands: report.commands.iter().map(Command::from).collect(),
        }
    }
}
