//! What changed between two comparable results of the same question.

use crate::grade::Severity;
use crate::id::RunId;
use crate::result::{CheckResult, RawResult, ResultIdentity, Term};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a change means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// It held, and no longer does.
    Regressed,
    /// Could be decided, and no longer can.
    EvidenceLost,
    /// A question that was not asked before, and is answered now with fail, or
    /// cannot be decided.
    Appeared,
    /// A question that was asked before and is asked no more, by fact.
    Gone,
    /// It did not hold, and does now.
    Recovered,
    /// Could not be decided, and now can; the word after says whether it holds.
    EvidenceRestored,
    /// The same word from other values.
    ValueMoved,
}

/// What brought a change about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftCause {
    /// The target is different, or is seen differently.
    Evidence,
    /// The baseline or its parameters are different.
    Baseline,
    /// The check is different.
    Content,
    /// A waiver began or ended.
    Waiver,
    /// A person's statement or approved list is different.
    Statement,
    /// Nothing but time passed.
    Time,
}

/// One side of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultSummary {
    /// The run that it stands in.
    pub run: RunId,
    /// When that run evaluated.
    pub as_of: Timestamp,
    /// The whole result.
    pub result: CheckResult,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The question.
    pub identity: ResultIdentity,
    /// The severity of the check now (or last, when gone).
    pub severity: Severity,
    /// What the change means.
    pub kind: DriftKind,
    /// What brought it about.
    pub cause: DriftCause,
    /// The last comparable result; none when appeared.
    pub before: Option<ResultSummary>,
    /// The result now; none when gone.
    pub after: Option<ResultSummary>,
    /// Terms that fail now and did not before.
    pub new_terms: Vec<Term>,
    /// Terms that failed before and no longer do.
    pub gone_terms: Vec<Term>,
}

impl Drift {
    /// The word before and the word after.
    pub fn words(&self) -> (Option<RawResult>, Option<RawResult>) {
        let word = |side: &Option<ResultSummary>| side.as_ref().map(|s| s.result.raw);
        (word(&self.before), word(&self.after))
    }
}
