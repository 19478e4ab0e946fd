//! The commands that would cure a finding. They are told, and never run.

use crate::content;
use crate::context::Home;
use crate::error::AppError;
use crate::explain::explain;
use anji_engine::Cure;
use anji_model::{CheckInfo, RawResult, RunId, Subject};
use jiff::Timestamp;

/// What would cure a check's latest finding.
#[derive(Debug, Clone)]
pub struct Fix {
    /// The check.
    pub check: CheckInfo,
    /// The run that found it, with its time; none where the check never ran.
    pub found: Option<(RunId, Timestamp)>,
    /// What the latest results say: failing where one of them fails.
    pub raw: Option<RawResult>,
    /// The commands; empty where the check states none, or nothing fails.
    pub cure: Cure,
    /// Whether the check states steps at all.
    pub known: bool,
}

/// What would cure what `name` (an id or alias) last found on `subject`.
///
/// # Errors
/// When there is no such check, or content or store cannot be read.
pub fn fix(home: &Home, subject: &Subject, name: &str) -> Result<Fix, AppError> {
    let explained = explain(home, subject, name)?;
    let content = content::load(home.content.as_deref())?;
    let check = content
        .check(explained.check.id.as_str())
        .ok_or_else(|| AppError::NoSuchCheck { name: name.to_owned(), near: None })?;
    let params: Vec<_> = explained.params.iter().map(|param| param.value.clone()).collect();
    let latest = || explained.results.iter().map(|(latest, _)| &latest.summary);
    let results: Vec<_> = latest().map(|summary| &summary.result).collect();
    let failing = latest().rfind(|summary| summary.result.raw == RawResult::Fail);
    let newest = failing.or_else(|| latest().next_back());
    Ok(Fix {
        cure: anji_engine::cure(check, &params, &results),
        known: !check.cure.is_empty(),
        found: newest.map(|summary| (summary.run.clone(), summary.as_of)),
        raw: newest.map(|summary| summary.result.raw),
        check: explained.check,
    })
}
