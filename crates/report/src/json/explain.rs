//! The document of `anji explain`.

use super::Document;
use super::common::{Check, CheckResult, Privilege, Text, Word, number, text};
use crate::view::{ExplainView, ExplainedResult, HistoryView, ParamView};
use schemars::JsonSchema;
use serde::Serialize;

/// A parameter in force.
#[derive(Debug, Serialize, JsonSchema)]
struct Param {
    /// Its name in the assertion, without `params.`.
    name: String,
    /// The value in force as JSON text.
    value: String,
    /// The check's own default as JSON text, where the baseline differs from it.
    overrides: Option<String>,
}

impl From<&ParamView> for Param {
    fn from(param: &ParamView) -> Self {
        Self {
            name: text(&param.name),
            value: text(&param.value),
            overrides: param.overrides.as_ref().map(text),
        }
    }
}

/// A stretch of time during which a result stayed the same.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct History {
    /// The first run that said so.
    run: String,
    /// When that run evaluated (RFC 3339).
    since: String,
    /// The last run that said so.
    last_run: String,
    /// When that run evaluated (RFC 3339).
    until: String,
    /// The rights that these runs had.
    privilege: Privilege,
    /// The answer.
    result: Word,
    /// How many comparisons did not hold.
    failed_terms_total: u64,
}

impl From<&HistoryView> for History {
    fn from(entry: &HistoryView) -> Self {
        Self {
            run: text(&entry.run),
            since: text(entry.since),
            last_run: text(&entry.last_run),
            until: text(entry.until),
            privilege: Privilege::from(&entry.privilege),
            result: Word::from(entry.raw),
            failed_terms_total: number(entry.failed_terms_total),
        }
    }
}

/// A result with its history.
#[derive(Debug, Serialize, JsonSchema)]
struct Explained {
    /// The run that the result stands in; null when it was not stored.
    run: Option<String>,
    /// When that run evaluated (RFC 3339).
    as_of: String,
    /// What people call the subject.
    subject_name: String,
    /// The result.
    result: CheckResult,
    /// How it came about over time, newest first.
    history: Vec<History>,
}

impl From<&ExplainedResult> for Explained {
    fn from(explained: &ExplainedResult) -> Self {
        Self {
            run: explained.run.as_ref().map(text),
            as_of: text(explained.as_of),
            subject_name: text(&explained.subject_name),
            result: CheckResult::from(&explained.result),
            history: explained.history.iter().map(History::from).collect(),
        }
    }
}

/// A check, how it is decided, and what it came to.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Explain {
    /// The document's format and version.
    format: String,
    /// The check.
    check: Check,
    /// The parameters in force.
    params: Vec<Param>,
    /// The evidence that the check is decided from.
    evidence: Vec<String>,
    /// Why the check cannot be decided in one or both directions yet.
    undecided: Option<Text>,
    /// Its latest results.
    results: Vec<Explained>,
}

impl From<&ExplainView> for Explain {
    fn from(view: &ExplainView) -> Self {
        Self {
            format: Document::Explain.format(),
            check: Check::from(&view.check),
            params: view.params.iter().map(Param::from).collect(),
            evidence: view.evidence.iter().map(text).collect(),
            undecided: view.check.undecided.as_ref().map(Text::from),
            results: view.results.iter().map(Explained::from).collect(),
        }
    }
}
