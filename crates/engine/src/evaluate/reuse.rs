//! Earlier results that still answer.

use anji_model::{CheckId, CheckResult, EvidenceUse, RawResult};
use jiff::Timestamp;
use std::collections::HashMap;

/// Earlier results by check.
#[derive(Debug)]
pub(super) struct Prior<'a> {
    by_check: HashMap<&'a CheckId, Vec<&'a CheckResult>>,
}

impl<'a> Prior<'a> {
    pub(super) fn new(results: &'a [CheckResult]) -> Self {
        let mut by_check: HashMap<_, Vec<_>> = HashMap::with_capacity(results.len());
        for result in results {
            by_check.entry(&result.identity.check).or_default().push(result);
        }
        Self { by_check }
    }

    /// The earlier result that `blank`, with its evidence written down, would
    /// come to again. Everything that an answer hangs on is compared; what is
    /// left aside is when the evidence was seen, whose age is looked at anew.
    ///
    /// Results that had stale evidence, or that came to an error, are not
    /// taken over: an error may have lain with us, and be mended. Nor is one
    /// whose evidence lies after now: then a clock was set back, and what is
    /// known of the answer's future says nothing of its past.
    pub(super) fn reusable(&self, blank: &CheckResult, now: Timestamp) -> Option<&'a CheckResult> {
        let same = |earlier: &&&'a CheckResult| {
            earlier.inputs == blank.inputs
                && earlier.revision == blank.revision
                && earlier.identity == blank.identity
                && matches!(
                    earlier.raw,
                    RawResult::Pass
                        | RawResult::Fail
                        | RawResult::Unknown
                        | RawResult::NotApplicable
                        | RawResult::Informational
                )
                && earlier.answer_until.is_none_or(|until| now < until)
                && earlier.evidence.iter().all(|used| used.observed_at.is_none_or(|at| at <= now))
                && same_evidence(&earlier.evidence, &blank.evidence)
        };
        self.by_check.get(&blank.identity.check)?.iter().find(same).copied()
    }
}

fn same_evidence(earlier: &[EvidenceUse], now: &[EvidenceUse]) -> bool {
    let same = |(earlier, now): (&EvidenceUse, &EvidenceUse)| {
        !earlier.stale
            && !now.stale
            && earlier.state == now.state
            && earlier.body == now.body
            && earlier.key == now.key
    };
    earlier.len() == now.len() && earlier.iter().zip(now).all(same)
}
