//! A run as a document that leaves the terminal, with what is known around it.

use super::HistoryView;
use anji_model::{
    CheckId, CheckInfo, CheckResult, Conformance, DriftKind, EvidenceKey, EvidenceRecord,
    FrameworkId, RawResult, ReasonCategory, ResultIdentity, RunId, RunReport, Severity, Subject,
    Text,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A run about the same subjects, of the way that led to the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendView {
    /// The run.
    pub run: RunId,
    /// The instant that its evaluation took as now.
    pub as_of: Timestamp,
    /// Its rate; none where it cannot be held beside the run's.
    pub conformance: Option<Conformance>,
    /// What changed with it, by kind; none where it had nothing to compare with.
    pub changes: Option<BTreeMap<DriftKind, u64>>,
}

/// A run with everything that a document about it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportView {
    /// The run.
    pub report: RunReport,
    /// When the document was made.
    pub made_at: Timestamp,
    /// What people call the subjects of the results. One that is missing is
    /// called by its id.
    pub subjects: BTreeMap<Subject, String>,
    /// Titles of the rule books that the checks answer.
    pub frameworks: BTreeMap<FrameworkId, Text>,
    /// The evidence of the run, without its bodies.
    pub records: Vec<EvidenceRecord>,
    /// How results came about over time, newest stretch first. Results without
    /// an entry have no history.
    pub history: BTreeMap<ResultIdentity, Vec<HistoryView>>,
    /// The runs of the last days up to this one, oldest first.
    pub trend: Vec<TrendView>,
}

impl ReportView {
    /// The findings: results that fail, most severe first, those of one check together.
    pub fn findings(&self) -> Vec<&CheckResult> {
        self.sorted(|raw| raw == RawResult::Fail)
    }

    /// The open questions: results that are unknown or in error, most severe first.
    pub fn open(&self) -> Vec<&CheckResult> {
        self.sorted(|raw| matches!(raw, RawResult::Unknown | RawResult::Error))
    }

    /// Everything else, by check and subject.
    pub fn settled(&self) -> Vec<&CheckResult> {
        let outside = |raw| !matches!(raw, RawResult::Fail | RawResult::Unknown | RawResult::Error);
        let of_check = |one: &&CheckResult| {
            let identity = &one.identity;
            (identity.check.clone(), identity.subject.clone(), identity.element.clone())
        };
        let results = self.report.assessment.results.iter();
        let mut found: Vec<_> = results.filter(|one| outside(one.raw)).collect();
        found.sort_by_cached_key(of_check);
        found
    }

    fn sorted(&self, wanted: impl Fn(RawResult) -> bool) -> Vec<&CheckResult> {
        let results = self.report.assessment.results.iter();
        let mut found: Vec<_> = results.filter(|one| wanted(one.raw)).collect();
        found.sort_by(|a, b| {
            let (x, y) = (&a.identity, &b.identity);
            let by_severity = b.severity.cmp(&a.severity).then(x.check.cmp(&y.check));
            by_severity.then(x.subject.cmp(&y.subject)).then(x.element.cmp(&y.element))
        });
        found
    }

    /// Since when the answer to a question has been what it is.
    pub fn since(&self, identity: &ResultIdentity) -> Option<Timestamp> {
        let stretches = self.history.get(identity)?;
        let word = stretches.first()?.raw;
        stretches.iter().take_while(|one| one.raw == word).last().map(|one| one.since)
    }

    /// Checks that this run left out, though they are part of its baseline:
    /// not selected, or not checked though they could be.
    pub fn left_out(&self) -> u64 {
        self.report.assessment.results.iter().filter(|one| is_left_out(one)).count() as u64
    }

    /// What people call `subject`.
    pub fn subject_name<'a>(&'a self, subject: &'a Subject) -> &'a str {
        self.subjects.get(subject).map_or(subject.id.as_str(), String::as_str)
    }

    /// Results of every subject, in the order of subjects.
    pub fn by_subject(&self) -> BTreeMap<&Subject, Vec<&CheckResult>> {
        let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for result in &self.report.assessment.results {
            found.entry(&result.identity.subject).or_default().push(result);
        }
        found
    }

    /// Failing results by severity, most severe first; levels without any are left out.
    pub fn failing_by_severity(&self) -> BTreeMap<std::cmp::Reverse<Severity>, u64> {
        let mut counts = BTreeMap::new();
        for result in self.report.assessment.results.iter().filter(|r| r.raw == RawResult::Fail) {
            *counts.entry(std::cmp::Reverse(result.severity)).or_insert(0) += 1;
        }
        counts
    }
}

/// Whether a run left the question out, though it is part of its baseline.
pub(crate) fn is_left_out(one: &CheckResult) -> bool {
    let planned =
        || one.reasons.iter().any(|reason| reason.category == ReasonCategory::Undecidable);
    match one.raw {
        RawResult::NotSelected => true,
        RawResult::NotChecked => !planned(),
        _ => false,
    }
}

/// The checks and records of a [`ReportView`] by name.
#[derive(Debug)]
pub(crate) struct Lookup<'a> {
    checks: BTreeMap<&'a CheckId, &'a CheckInfo>,
    records: BTreeMap<(&'a Subject, &'a EvidenceKey), &'a EvidenceRecord>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(view: &'a ReportView) -> Self {
        Self {
            checks: view.report.checks.iter().map(|check| (&check.id, check)).collect(),
            records: view
                .records
                .iter()
                .map(|record| ((&record.subject, &record.key), record))
                .collect(),
        }
    }

    /// The readable side of a check; none where the content has lost it since.
    pub(crate) fn check(&self, id: &CheckId) -> Option<&'a CheckInfo> {
        self.checks.get(id).copied()
    }

    /// The record of a piece of evidence.
    pub(crate) fn record(
        &self,
        subject: &Subject,
        key: &EvidenceKey,
    ) -> Option<&'a EvidenceRecord> {
        self.records.get(&(subject, key)).copied()
    }
}
