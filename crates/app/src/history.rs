//! Looking back: runs, differences, the audit log.

use crate::content;
use crate::context::Home;
use crate::error::AppError;
use anji_engine::{Comparison, Scope, ScopeChecks};
use anji_model::{
    AuditEntry, CheckInfo, CheckResult, RawResult, ResultSummary, RunId, RunSummary, Subject, Text,
};
use anji_store::{Interval, Reader, Store, StoreError, StoredRun};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The changes between two runs.
#[derive(Debug)]
pub struct Difference {
    /// The earlier run, or the one that most results were compared with; none
    /// when there was none to compare with.
    pub before: Option<RunSummary>,
    /// The later run.
    pub after: RunSummary,
    /// Whom the later run is about.
    pub subject_name: String,
    /// The changes.
    pub comparison: Comparison,
    /// The checks that the changes refer to.
    pub checks: Vec<CheckInfo>,
}

/// Compares two stored runs. Without `after` it is the last run; without
/// `before` each result is compared with the last comparable one before, as it
/// was when the later run was stored.
///
/// # Errors
/// When a run is unknown, nothing was stored yet, or the runs have no subject
/// in common.
pub fn diff(
    home: &Home,
    before: Option<&RunId>,
    after: Option<&RunId>,
) -> Result<Difference, AppError> {
    let content = content::load(home.content.as_deref())?;
    let store = Store::open_read_only(&home.state)?;
    store.read(|reader| {
        let runs = newest_first(reader)?;
        let after = one_of(&runs, after)?;
        let before = before.map(|run| find(&runs, run)).transpose()?;
        let (before, after) = in_order(&runs, before, after);
        let later = stored(reader, &after.run)?;
        let subjects: BTreeSet<_> = later.signed.manifest.subjects.iter().cloned().collect();
        let earlier: Vec<&RunSummary> = match before {
            Some(run) => vec![run],
            None => older_about(reader, &runs, after, &subjects)?,
        };
        if let ([only], Some(_)) = (earlier.as_slice(), before) {
            let manifest = stored(reader, &only.run)?.signed.manifest;
            if manifest.subjects.iter().all(|subject| !subjects.contains(subject)) {
                return Err(AppError::NotComparable {
                    before: only.run.clone(),
                    after: after.run.clone(),
                });
            }
        }
        let names = subject_names(&later);
        let comparison = compare(reader, &earlier, after, &later, subjects)?;
        Ok(Difference {
            subject_name: names.into_values().collect::<Vec<_>>().join(", "),
            checks: content.checks().iter().map(|check| check.info.clone()).collect(),
            before: before.or_else(|| basis(&runs, &comparison)).cloned(),
            after: after.clone(),
            comparison,
        })
    })
}

/// Two runs in the order of the chain, whichever was named first.
fn in_order<'a>(
    runs: &[RunSummary],
    before: Option<&'a RunSummary>,
    after: &'a RunSummary,
) -> (Option<&'a RunSummary>, &'a RunSummary) {
    let place = |run: &RunSummary| runs.iter().position(|one| one.run == run.run);
    match before {
        // The newest is first.
        Some(before) if place(before) < place(after) => (Some(after), before),
        before => (before, after),
    }
}

/// The run that most results were compared with.
pub(crate) fn basis<'a>(runs: &'a [RunSummary], comparison: &Comparison) -> Option<&'a RunSummary> {
    let basis = comparison.basis()?;
    runs.iter().find(|run| run.run == *basis)
}

/// What the reader must know where a clock stands before that of the run before.
pub(crate) fn clock_notice(last: Option<Timestamp>, as_of: Timestamp) -> Option<Text> {
    let last = last.filter(|last| *last > as_of)?;
    Some(Text {
        zh: format!("系统时钟比上次运行（{last}）还早：请检查对时；先后顺序以签名链为准。"),
        en: format!(
            "the clock stands before the last run ({last}): check time synchronisation; the order of runs follows the signed chain"
        ),
    })
}

/// The place of each run in the chain, the newest is 0.
pub(crate) type Places<'a> = BTreeMap<&'a RunId, usize>;

/// The places of runs that stand newest first.
pub(crate) fn places(runs: &[RunSummary]) -> Places<'_> {
    runs.iter().map(|run| &run.run).zip(0..).collect()
}

/// Stretches that answer the question, the one that was seen last first. A run
/// that left the question out interrupts nothing, and neither does one with
/// other rights: what they part is one stretch again.
pub(crate) fn answered(stretches: Vec<Interval>, places: &Places<'_>) -> Vec<Interval> {
    let mut found: Vec<Interval> = Vec::new();
    for one in stretches.into_iter().filter(|one| answers(&one.result)) {
        match found.iter_mut().rfind(|before| before.privilege == one.privilege) {
            Some(before) if alike(before, &one) => {
                before.last_run = one.last_run;
                before.last_as_of = one.last_as_of;
                before.result = one.result;
            }
            _ => found.push(one),
        }
    }
    // By the chain and not by clocks, which may be set back.
    found.sort_by_key(|one| places.get(&one.last_run).copied().unwrap_or(usize::MAX));
    found
}

/// Whether two stretches say the same: only the evidence behind them is newer.
fn alike(a: &Interval, b: &Interval) -> bool {
    a.result.raw == b.result.raw
        && a.result.failed_terms == b.result.failed_terms
        && a.result.failed_terms_total == b.result.failed_terms_total
        && a.result.reasons == b.result.reasons
}

/// What people call the subjects of a run: by its manifest, else by their ids.
pub(crate) fn subject_names(run: &StoredRun) -> BTreeMap<Subject, String> {
    let manifest = &run.signed.manifest;
    let named = manifest.subject_names.iter().cloned().map(Some).chain(std::iter::repeat(None));
    let subjects = manifest.subjects.iter().zip(named);
    subjects
        .map(|(subject, name)| (subject.clone(), name.unwrap_or_else(|| subject.to_string())))
        .collect()
}

pub(crate) fn compare(
    reader: &Reader<'_>,
    earlier: &[&RunSummary],
    after: &RunSummary,
    later: &StoredRun,
    subjects: BTreeSet<Subject>,
) -> Result<Comparison, AppError> {
    let mut before = Vec::new();
    // The comparison takes its sides oldest first.
    for run in earlier.iter().rev() {
        before.extend(summaries(run, reader.results_of(&run.run)?));
    }
    let results = reader.results_of(&after.run)?;
    let scope = Scope {
        baseline: later.signed.manifest.baseline.clone(),
        system: results
            .first()
            .map_or_else(crate::context::unassigned, |one| one.identity.system.clone()),
        subjects,
        checks: ScopeChecks::Only(
            results
                .iter()
                .filter(|one| answers(one))
                .map(|one| one.identity.check.clone())
                .collect(),
        ),
        privilege: later.privilege,
    };
    Ok(anji_engine::compare(&before, &summaries(after, results), &scope))
}

/// Whether the run set out to answer the question at all.
pub(crate) fn answers(result: &CheckResult) -> bool {
    !matches!(result.raw, RawResult::NotSelected | RawResult::NotChecked)
}

fn summaries(run: &RunSummary, results: Vec<CheckResult>) -> Vec<ResultSummary> {
    let summary = |result| ResultSummary { run: run.run.clone(), as_of: run.as_of, result };
    results.into_iter().filter(answers).map(summary).collect()
}

/// The stored runs, newest first by place in the chain and not by clock.
pub(crate) fn newest_first(reader: &Reader<'_>) -> Result<Vec<RunSummary>, StoreError> {
    let mut runs = reader.runs()?;
    runs.reverse();
    Ok(runs)
}

/// How many runs back a result is looked for that the last run can be compared
/// with: a run with `--only` in between answers little.
const LOOK_BACK_MAX: usize = 30;

pub(crate) fn older_about<'a>(
    reader: &Reader<'_>,
    runs: &'a [RunSummary],
    after: &RunSummary,
    subjects: &BTreeSet<Subject>,
) -> Result<Vec<&'a RunSummary>, AppError> {
    let older = runs.iter().skip_while(|run| run.run != after.run).skip(1);
    let mut about = Vec::new();
    for run in older {
        let manifest = stored(reader, &run.run)?.signed.manifest;
        if manifest.subjects.iter().any(|subject| subjects.contains(subject)) {
            about.push(run);
        }
        if about.len() == LOOK_BACK_MAX {
            break;
        }
    }
    Ok(about)
}

/// The run that was asked for, or the last one.
pub(crate) fn one_of<'a>(
    runs: &'a [RunSummary],
    asked: Option<&RunId>,
) -> Result<&'a RunSummary, AppError> {
    match asked {
        Some(run) => find(runs, run),
        None => runs.first().ok_or_else(|| AppError::NoRunYet(Subject::local())),
    }
}

fn find<'a>(runs: &'a [RunSummary], run: &RunId) -> Result<&'a RunSummary, AppError> {
    runs.iter().find(|summary| summary.run == *run).ok_or_else(|| AppError::NoSuchRun(run.clone()))
}

pub(crate) fn stored(reader: &Reader<'_>, run: &RunId) -> Result<StoredRun, AppError> {
    reader.run(run)?.ok_or_else(|| AppError::NoSuchRun(run.clone()))
}

/// The newest run about `subject`, by place in the chain.
pub(crate) fn last_run_about(reader: &Reader<'_>, subject: &Subject) -> Result<RunId, AppError> {
    for run in newest_first(reader)? {
        if stored(reader, &run.run)?.signed.manifest.subjects.contains(subject) {
            return Ok(run.run);
        }
    }
    Err(AppError::NoRunYet(subject.clone()))
}

/// The stored runs, newest first; none when nothing was stored yet.
///
/// # Errors
/// When the store cannot be read.
pub fn runs(home: &Home, limit: usize) -> Result<Vec<RunSummary>, AppError> {
    let store = match Store::open_read_only(&home.state) {
        Ok(store) => store,
        Err(StoreError::Missing { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut runs = store.read(newest_first)?;
    runs.truncate(limit);
    Ok(runs)
}

/// The newest `limit` entries of the audit log, newest first.
///
/// # Errors
/// When the store cannot be read.
pub fn audit_log(home: &Home, limit: u64) -> Result<Vec<AuditEntry>, AppError> {
    let store = match Store::open_read_only(&home.state) {
        Ok(store) => store,
        Err(StoreError::Missing { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    Ok(store.read(|reader| reader.newest_audit(limit))?)
}

#[cfg(test)]
mod tests;
