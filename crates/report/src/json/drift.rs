//! Changes, and the document of `anji diff`.

use super::Document;
use super::common::{Check, LIST_MAX, Reason, RunSummary, Severity, Word, number, text, words};
use crate::moved::{Moved, moved};
use crate::view::DiffView;
use anji_model as model;
use schemars::JsonSchema;
use serde::Serialize;

words! {
    /// What a change means.
    Kind from model::DriftKind {
        model::DriftKind::Regressed => Regressed,
        model::DriftKind::EvidenceLost => EvidenceLost,
        model::DriftKind::Appeared => Appeared,
        model::DriftKind::Gone => Gone,
        model::DriftKind::Recovered => Recovered,
        model::DriftKind::EvidenceRestored => EvidenceRestored,
        model::DriftKind::ValueMoved => ValueMoved,
    }
}

words! {
    /// What brought a change about.
    Cause from model::DriftCause {
        model::DriftCause::Evidence => Evidence,
        model::DriftCause::Baseline => Baseline,
        model::DriftCause::Content => Content,
        model::DriftCause::Waiver => Waiver,
        model::DriftCause::Statement => Statement,
        model::DriftCause::Time => Time,
    }
}

/// One side of a change.
#[derive(Debug, Serialize, JsonSchema)]
struct Side {
    /// The run that it stands in.
    run: String,
    /// When that run evaluated (RFC 3339).
    as_of: String,
    /// The answer then.
    result: Word,
    /// Why it was neither pass nor fail.
    reasons: Vec<Reason>,
}

impl From<&model::ResultSummary> for Side {
    fn from(side: &model::ResultSummary) -> Self {
        Self {
            run: text(&side.run),
            as_of: text(side.as_of),
            result: Word::from(side.result.raw),
            reasons: side.result.reasons.iter().take(LIST_MAX).map(Reason::from).collect(),
        }
    }
}

/// One value behind a change.
#[derive(Debug, Serialize, JsonSchema)]
struct Value {
    /// Where it stands in the evidence.
    path: String,
    /// The value before as JSON text; null where it is not known.
    before: Option<String>,
    /// The value after as JSON text; null where it is not known.
    after: Option<String>,
    /// The comparison that does not hold now.
    operator: Option<String>,
    /// What would hold, as JSON text.
    allowed: Option<String>,
}

impl From<&Moved<'_>> for Value {
    fn from(moved: &Moved<'_>) -> Self {
        Self {
            path: text(moved.path),
            before: moved.old.map(text),
            after: moved.new.map(text),
            operator: moved.term.map(|term| text(&term.operator)),
            allowed: moved.term.map(|term| text(&term.allowed)),
        }
    }
}

/// One change.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Change {
    /// The check.
    check: String,
    /// The subject, for instance `asset:local`.
    subject: String,
    /// The element, for checks with one result per element.
    element: Option<String>,
    /// The severity of the check.
    severity: Severity,
    /// What the change means.
    kind: Kind,
    /// What brought it about.
    cause: Cause,
    /// The last comparable result; null when appeared.
    before: Option<Side>,
    /// The result now; null when gone.
    after: Option<Side>,
    /// The values behind it; at most 200.
    values: Vec<Value>,
}

impl From<&model::Drift> for Change {
    fn from(drift: &model::Drift) -> Self {
        Self {
            check: text(&drift.identity.check),
            subject: text(&drift.identity.subject),
            element: drift.identity.element.as_ref().map(text),
            severity: Severity::from(&drift.severity),
            kind: Kind::from(&drift.kind),
            cause: Cause::from(&drift.cause),
            before: drift.before.as_ref().map(Side::from),
            after: drift.after.as_ref().map(Side::from),
            values: moved(drift).iter().take(LIST_MAX).map(Value::from).collect(),
        }
    }
}

/// What changed between two runs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Diff {
    /// The document's format and version.
    format: String,
    /// What people call the subject.
    subject_name: String,
    /// The earlier run; null when there is none to compare with.
    before: Option<RunSummary>,
    /// The later run.
    after: RunSummary,
    /// How many results had a comparable one before.
    compared_results: u64,
    /// The changes.
    changes: Vec<Change>,
    /// The checks that the changes refer to.
    checks: Vec<Check>,
}

impl From<&DiffView> for Diff {
    fn from(view: &DiffView) -> Self {
        Self {
            format: Document::Diff.format(),
            subject_name: text(&view.subject_name),
            before: view.before.as_ref().map(RunSummary::from),
            after: RunSummary::from(&view.after),
            compared_results: number(view.compared),
            changes: view.drift.iter().map(Change::from).collect(),
            checks: view.checks.iter().map(Check::from).collect(),
        }
    }
}
