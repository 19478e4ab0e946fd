//! What brought a change about.

use anji_model::{
    BaselineVersion, CheckResult, Digest, DriftCause, EvidenceKey, EvidenceUse, ResultIdentity,
};
use std::collections::{BTreeMap, BTreeSet};

/// The cause of a change between two results of one question. Where several
/// things differ, the first in this order is named: content, baseline,
/// statement, evidence, time. What changed the question goes before what
/// changed the answer: across different questions the target need not have
/// moved at all, so that blaming it would send people looking for nothing.
pub(super) fn between(before: &CheckResult, after: &CheckResult) -> DriftCause {
    if before.revision != after.revision {
        DriftCause::Content
    } else if before.parameters != after.parameters
        || before.identity.baseline != after.identity.baseline
    {
        DriftCause::Baseline
    } else if before.statements != after.statements {
        DriftCause::Statement
    } else if before.inputs != after.inputs {
        // The check is another one under the same revision.
        DriftCause::Content
    } else if basis(before) != basis(after) {
        DriftCause::Evidence
    } else {
        DriftCause::Time
    }
}

/// What the evidence of a result came to, leaving aside when it was seen.
fn basis(result: &CheckResult) -> BTreeMap<&EvidenceKey, (Option<Digest>, Option<Digest>)> {
    let facts = |used: &EvidenceUse| (used.state, used.body);
    result.evidence.iter().map(|used| (&used.key, facts(used))).collect()
}

/// The cause of a question's beginning or end: elements come and go with the
/// target, whole checks with the baseline where that is another version, and
/// with the content otherwise.
/// `others` are the versions of the baseline on the other side.
pub(super) fn of_one_side(
    identity: &ResultIdentity,
    others: &BTreeSet<&BaselineVersion>,
) -> DriftCause {
    if identity.element.is_some() {
        DriftCause::Evidence
    } else if others.contains(&identity.baseline) {
        DriftCause::Content
    } else {
        DriftCause::Baseline
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::result;
    use anji_model::{RawResult, Severity};

    fn base() -> CheckResult {
        result("A-1", RawResult::Pass, Severity::High)
    }

    #[test]
    fn the_first_difference_in_order_is_the_cause() {
        let mut after = base();
        assert_eq!(between(&base(), &after), DriftCause::Time);
        after.evidence[0].stale = true;
        assert_eq!(between(&base(), &after), DriftCause::Time, "age is time");
        after.evidence[0].body = None;
        assert_eq!(between(&base(), &after), DriftCause::Evidence);
        after.inputs = Digest([9; 32]);
        assert_eq!(between(&base(), &after), DriftCause::Content);
        after.statements = Digest([9; 32]);
        assert_eq!(between(&base(), &after), DriftCause::Statement);
        after.parameters = Digest([9; 32]);
        assert_eq!(between(&base(), &after), DriftCause::Baseline);
        after.revision = 2;
        assert_eq!(between(&base(), &after), DriftCause::Content);
        let mut other = base();
        other.identity.baseline = BaselineVersion::new("starter@2").expect("test id");
        assert_eq!(between(&base(), &other), DriftCause::Baseline);
    }

    #[test]
    fn other_gaps_or_status_are_evidence() {
        let mut after = base();
        after.evidence[0].state = Some(Digest([7; 32]));
        assert_eq!(between(&base(), &after), DriftCause::Evidence);
        after = base();
        after.evidence.clear();
        assert_eq!(between(&base(), &after), DriftCause::Evidence);
    }
}
