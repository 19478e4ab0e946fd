//! Whether yesterday's results of a whole subject stand as they are.
//!
//! Taking results over one by one still costs a look at each. On most days most
//! subjects have not changed at all, and then all of their results stand: this
//! is decided from the records alone, without a body and without a result.

use super::host::Host;
use super::prepared::{Prepared, digest_of};
use super::{Evaluator, Input};
use anji_model::{BaselineVersion, CheckResult, Digest, RawResult};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What has to be kept of an evaluation to tell later whether it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Digest over everything that the results hang on, apart from time.
    pub basis: Digest,
    /// The time of the evaluation.
    pub as_of: Timestamp,
    /// The first instant at which time alone, the age of the evidence left
    /// aside, could change some answer.
    pub until: Option<Timestamp>,
    /// Whether the results may stand at all: none of them is an error, which
    /// may be mended, and none had stale evidence, which may be seen again.
    pub sound: bool,
}

impl Evaluator<'_> {
    /// What to keep of `results`, which came from [`Evaluator::evaluate`] over
    /// this `input`.
    pub fn standing(&self, input: &Input<'_>, results: &[CheckResult]) -> Standing {
        let faulty = |result: &CheckResult| {
            result.raw == RawResult::Error || result.evidence.iter().any(|used| used.stale)
        };
        Standing {
            basis: self.basis(&Host::new(&self.keys, input), input),
            as_of: input.now,
            until: results.iter().filter_map(|result| result.answer_until).min(),
            sound: !results.iter().any(faulty),
        }
    }

    /// Whether an evaluation over `input` would give the same results again,
    /// except for when the evidence was seen and, with it, `valid_until`.
    /// Bodies are not looked at and need not be in the snapshot.
    pub fn stands(&self, input: &Input<'_>, earlier: &Standing) -> bool {
        let in_time =
            earlier.as_of <= input.now && earlier.until.is_none_or(|until| input.now < until);
        if !earlier.sound || !in_time {
            return false;
        }
        let host = Host::new(&self.keys, input);
        let fresh = |check: &Prepared<'_>| {
            check.facts(&host).all(|(fact, age_max)| !fact.is_stale(age_max, input.now))
        };
        self.basis(&host, input) == earlier.basis && self.checks.iter().all(fresh)
    }

    fn basis(&self, host: &Host<'_>, input: &Input<'_>) -> Digest {
        let selection = (&input.selection.only, input.selection.skip_walk);
        digest_of(&(self.questions, input.subject, input.system, selection, host.basis()))
    }
}

/// Digest over all that is asked, for every subject the same.
pub(super) fn questions(version: &BaselineVersion, checks: &[Prepared<'_>]) -> Digest {
    let asked: Vec<_> = checks.iter().map(|check| (check.definition, check.parameters)).collect();
    digest_of(&(version, asked))
}
