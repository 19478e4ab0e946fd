//! The way that led to a run: how its results came about, and its trend.

use crate::error::AppError;
use crate::history::{answered, answers, places, stored};
use anji_model::{
    BaselineVersion, CheckResult, Conformance, ResultIdentity, RunId, RunReport, RunSummary,
    Subject, WeightTable,
};
use anji_store::{DriftCounts, Interval, Reader, StoredRun};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// One run about the same subjects, of the way that led to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendPoint {
    /// The run.
    pub run: RunId,
    /// The instant that its evaluation took as now.
    pub as_of: Timestamp,
    /// Its rate; none where it cannot be held beside the reported run's: it
    /// had other rights or another baseline, or asked other questions. Of
    /// the runs of one day the last four have it.
    pub conformance: Option<Conformance>,
    /// What changed with it; none for the first, which had nothing to compare with.
    pub changes: Option<DriftCounts>,
}

/// How far back a trend looks.
const TREND_DAYS: i64 = 31;
/// How many runs of one day are rated: each has to be read whole.
const RATED_PER_DAY: u32 = 4;

/// The stretches of each result up to the run, seen with its rights.
pub(super) fn history(
    reader: &Reader<'_>,
    runs: &[RunSummary],
    run: &StoredRun,
    report: &RunReport,
) -> Result<BTreeMap<ResultIdentity, Vec<Interval>>, AppError> {
    let places = places(runs);
    let manifest = &run.signed.manifest;
    let place = |id: &RunId| places.get(id).copied().unwrap_or(usize::MAX);
    let results = &report.assessment.results;
    let known = reader.histories(results.iter().map(|result| &result.identity))?;
    let of_result = |(result, mut stretches): (&CheckResult, Vec<Interval>)| {
        // What began after the run did not exist for it, and what goes on after
        // it had come as far as the run.
        let here = place(&manifest.run);
        stretches.retain(|one| one.privilege == run.privilege && place(&one.first_run) >= here);
        for one in stretches.iter_mut().filter(|one| place(&one.last_run) < here) {
            one.last_run = manifest.run.clone();
            one.last_as_of = manifest.as_of;
            one.result = result.clone();
        }
        (result.identity.clone(), answered(stretches, &places))
    };
    Ok(results.iter().zip(known).map(of_result).collect())
}

/// What was asked, across versions of a baseline.
fn questions(results: &[CheckResult]) -> BTreeSet<(String, String, Option<String>)> {
    let asked = results.iter().filter(|result| answers(result));
    asked
        .map(|result| {
            let identity = &result.identity;
            let subject = identity.subject.to_string();
            (subject, identity.check.to_string(), identity.element.clone())
        })
        .collect()
}

/// Whether nine tenths or more of what each of two runs asked was asked by both.
fn overlap<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> bool {
    let shared = a.intersection(b).count();
    shared > 0 && shared * 10 >= a.len() * 9 && shared * 10 >= b.len() * 9
}

/// The runs about the same subjects in the days up to the run, oldest first.
pub(super) fn trend(
    reader: &Reader<'_>,
    runs: &[RunSummary],
    run: &StoredRun,
    report: &RunReport,
) -> Result<Vec<TrendPoint>, AppError> {
    let manifest = &run.signed.manifest;
    let name = |version: &BaselineVersion| crate::plan::baseline_name(version).to_owned();
    let asked = questions(&report.assessment.results);
    let begin = manifest.as_of - SignedDuration::from_hours(24 * TREND_DAYS);
    let mut points: Vec<TrendPoint> = Vec::new();
    let mut rated: BTreeMap<i64, u32> = BTreeMap::new();
    let near = |at: Timestamp| (begin..=manifest.as_of).contains(&at);
    let before = runs.iter().skip_while(|one| one.run != manifest.run);
    for summary in before.filter(|one| near(one.as_of)) {
        let one = stored(reader, &summary.run)?;
        let other = &one.signed.manifest;
        if other.subjects != manifest.subjects {
            continue;
        }
        let day = manifest.as_of.duration_since(summary.as_of).as_hours().div_euclid(24);
        let rated = rated.entry(day).or_insert(0);
        let like =
            one.privilege == run.privilege && name(&other.baseline) == name(&manifest.baseline);
        let conformance = match like && *rated < RATED_PER_DAY {
            true => rate(reader, summary, &asked)?,
            false => None,
        };
        *rated += u32::from(conformance.is_some());
        points.push(TrendPoint {
            run: summary.run.clone(),
            as_of: summary.as_of,
            conformance,
            changes: Some(one.drift),
        });
    }
    let first = first_about(reader, runs, &manifest.subjects)?;
    for point in points.iter_mut().filter(|point| Some(&point.run) == first.as_ref()) {
        point.changes = None;
    }
    // The chain has the order; a clock that was set back has not.
    points.sort_by_key(|point| point.as_of);
    Ok(points)
}

/// The first run about the same subjects: it had nothing to compare with.
fn first_about(
    reader: &Reader<'_>,
    runs: &[RunSummary],
    subjects: &[Subject],
) -> Result<Option<RunId>, AppError> {
    for summary in runs.iter().rev() {
        if stored(reader, &summary.run)?.signed.manifest.subjects == subjects {
            return Ok(Some(summary.run.clone()));
        }
    }
    Ok(None)
}

/// The rate of a run that asked what the reported run asked.
fn rate(
    reader: &Reader<'_>,
    summary: &RunSummary,
    asked: &BTreeSet<(String, String, Option<String>)>,
) -> Result<Option<Conformance>, AppError> {
    let results = reader.results_of(&summary.run)?;
    let comparable = overlap(asked, &questions(&results));
    Ok(comparable.then(|| anji_engine::conformance(&results, &WeightTable::default())))
}

#[cfg(test)]
mod tests {
    use super::overlap;
    use std::collections::BTreeSet;

    #[test]
    fn runs_that_share_too_little_either_way_are_not_comparable() {
        let set = |range: std::ops::Range<u32>| range.collect::<BTreeSet<_>>();
        assert!(overlap(&set(0..42), &set(0..42)) && overlap(&set(0..42), &set(0..39)));
        assert!(!overlap(&set(0..42), &set(0..1)) && !overlap(&set(0..1), &set(0..42)));
        assert!(!overlap(&set(0..0), &set(0..42)) && !overlap(&set(0..0), &set(0..0)));
    }
}
