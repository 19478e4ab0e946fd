//! From evidence to results: [`evaluate`].
//!
//! Pure: the snapshot, the approved lists and the time are arguments, and equal
//! arguments give equal results. Only true on known, fresh, complete evidence
//! is pass; whatever is missing makes the answer unknown, and whatever is our
//! own fault makes it an error.

mod answer;
mod host;
mod prepared;
mod reuse;
mod standing;

use crate::content::{Baseline, Check, Content};
use crate::plan::{Choice, Selection, checks_of, version_of};
use anji_model::{
    BaselineVersion, CheckResult, Digest, EvidenceKey, Register, Snapshot, Subject, SystemId,
};
use host::{Host, Key};
use jiff::Timestamp;
use prepared::Prepared;
use reuse::Prior;

pub(crate) use answer::OBSERVED_MAX;
pub use standing::Standing;

/// What is evaluated: one subject's evidence, with what people have stated.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Whom it is about.
    pub subject: &'a Subject,
    /// The business system that it belongs to.
    pub system: &'a SystemId,
    /// Its evidence. Bodies that only reused results stand on may be left out.
    pub snapshot: &'a Snapshot,
    /// The approved lists; those of other subjects are left aside, and of
    /// several versions of a list the highest counts.
    pub registers: &'a [Register],
    /// The time of evaluation.
    pub now: Timestamp,
    /// Which checks are asked.
    pub selection: &'a Selection,
    /// Earlier results, in whatever order. One is taken over where nothing that
    /// it hangs on has changed; it is then equal to a fresh one.
    pub prior: Option<&'a [CheckResult]>,
}

/// Content and baseline made ready once, to evaluate many subjects with.
#[derive(Debug)]
pub struct Evaluator<'c> {
    version: BaselineVersion,
    /// Every key that some check binds, once, sorted.
    keys: Vec<Key<'c>>,
    checks: Vec<Prepared<'c>>,
    /// Digest over all questions: checks with their parameters.
    questions: Digest,
}

impl<'c> Evaluator<'c> {
    /// Computes what is the same for every subject.
    ///
    /// # Panics
    /// When `baseline` was not loaded and its id has no valid form.
    pub fn new(content: &'c Content, baseline: &'c Baseline) -> Self {
        Self::over(checks_of(content, baseline), baseline)
    }

    fn over(checks: impl Iterator<Item = &'c Check>, baseline: &'c Baseline) -> Self {
        let checks: Vec<_> = checks.collect();
        let mut keys: Vec<_> =
            checks.iter().flat_map(|check| check.bindings.iter().map(|b| &b.key)).collect();
        keys.sort();
        keys.dedup();
        let checks: Vec<_> =
            checks.into_iter().map(|check| Prepared::new(check, baseline, &keys)).collect();
        let keys = keys.into_iter().map(Key::new).collect();
        let version = version_of(baseline);
        let questions = standing::questions(&version, &checks);
        Self { version, keys, checks, questions }
    }

    /// The results of every check of the baseline for one subject, in the
    /// order of the checks. Checks that the selection leaves out have results
    /// that say so.
    pub fn evaluate(&self, input: &Input<'_>) -> Vec<CheckResult> {
        let host = Host::new(&self.keys, input);
        let prior = Prior::new(input.prior.unwrap_or_default());
        self.checks.iter().map(|check| self.result(check, &host, &prior, input)).collect()
    }

    fn result(
        &self,
        check: &Prepared<'c>,
        host: &Host<'_>,
        prior: &Prior<'_>,
        input: &Input<'_>,
    ) -> CheckResult {
        let mut blank = check.blank(&self.version, host, input);
        match input.selection.choice(check.check) {
            Choice::NotSelected => return answer::not_selected(blank),
            Choice::WalkLeftOut => return answer::walk_left_out(blank),
            Choice::Asked => {}
        }
        check.bind_uses(&mut blank, host, input.now);
        match prior.reusable(&blank, input.now) {
            Some(earlier) => check.take_over(blank, earlier, host, input.now),
            None => answer::fresh(check, blank, host, input.now),
        }
    }
}

/// Evaluates every check of `baseline` over one subject: see
/// [`Evaluator::evaluate`], which is quicker for many.
///
/// # Panics
/// When `baseline` was not loaded and its id has no valid form.
pub fn evaluate(content: &Content, baseline: &Baseline, input: &Input<'_>) -> Vec<CheckResult> {
    Evaluator::new(content, baseline).evaluate(input)
}

/// Evaluates one check as soon as all of its evidence is there: none while a
/// record that it needs is not in the snapshot yet.
///
/// # Panics
/// When `baseline` was not loaded and its id has no valid form.
pub fn evaluate_check(
    check: &Check,
    baseline: &Baseline,
    input: &Input<'_>,
) -> Option<Vec<CheckResult>> {
    let there = |key: &EvidenceKey| input.snapshot.records.contains_key(key);
    let asked = input.selection.choice(check) == Choice::Asked;
    if asked && !check.bindings.iter().all(|binding| there(&binding.key)) {
        return None;
    }
    Some(Evaluator::over(std::iter::once(check), baseline).evaluate(input))
}

#[cfg(test)]
mod tests;
