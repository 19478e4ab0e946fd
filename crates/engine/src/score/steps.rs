//! What to do first, and what stands in the way of knowing.

use anji_model::{
    Assessment, CheckId, CheckInfo, CheckResult, FailureCategory, Guard, NextStep, Privilege,
    RawResult, Reason, ReasonCategory, RegisterId, Severity, UnknownGroup,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many things to do first are named.
const STEPS_MAX: usize = 3;

/// The three things to do first, fewer where there are fewer: failing critical
/// and high checks by severity, then by the main harm they guard against
/// (interruption, data, compliance); then the lists to adopt, those that
/// decide the gravest questions first; then more rights; then what else fails.
pub fn next_steps(assessment: &Assessment, checks: &[CheckInfo]) -> Vec<NextStep> {
    let failing = failing(assessment, checks);
    let (grave, rest): (Vec<_>, Vec<_>) =
        failing.into_iter().partition(|(severity, _)| severity.0 >= Severity::High);
    let repair = |found: Vec<(Urgency, CheckId)>| {
        found.into_iter().map(|(_, check)| NextStep::Repair(check)).collect::<Vec<_>>()
    };
    let adopt = adoptable(&assessment.results).into_iter().map(NextStep::Adopt);
    let rights = verdicts_with_more_rights(&assessment.results);
    repair(grave)
        .into_iter()
        .chain(adopt)
        .chain((rights > 0).then_some(NextStep::MoreRights(rights)))
        .chain(repair(rest))
        .take(STEPS_MAX)
        .collect()
}

type Urgency = Reverse<Severity>;

/// The failing checks once each, most urgent first.
fn failing(assessment: &Assessment, checks: &[CheckInfo]) -> Vec<(Urgency, CheckId)> {
    let harm: BTreeMap<&CheckId, Option<&Guard>> =
        checks.iter().map(|check| (&check.id, check.guards.first())).collect();
    let mut worst: BTreeMap<&CheckId, Severity> = BTreeMap::new();
    for result in assessment.results.iter().filter(|result| result.raw == RawResult::Fail) {
        let severity = worst.entry(&result.identity.check).or_insert(result.severity);
        *severity = (*severity).max(result.severity);
    }
    let mut found: Vec<_> = worst
        .into_iter()
        .map(|(check, severity)| {
            // A check without a stated harm comes after those with one.
            let harm = harm.get(check).copied().flatten();
            (Reverse(severity), harm.is_none(), harm, check)
        })
        .collect();
    found.sort();
    found.into_iter().map(|(urgency, _, _, check)| (urgency, check.clone())).collect()
}

/// The lists whose adoption alone would decide something, gravest first. A
/// result that lacks evidence too is left out: there is nothing to adopt from.
fn adoptable(results: &[CheckResult]) -> Vec<RegisterId> {
    let mut gain: BTreeMap<&RegisterId, (Severity, u64)> = BTreeMap::new();
    for result in results.iter().filter(|result| result.raw == RawResult::Unknown) {
        let registers: Option<BTreeSet<&RegisterId>> = result
            .reasons
            .iter()
            .map(|reason| match &reason.category {
                ReasonCategory::NoRegister(register) => Some(register),
                _ => None,
            })
            .collect();
        for register in registers.into_iter().flatten() {
            let (severity, count) = gain.entry(register).or_insert((result.severity, 0));
            *severity = (*severity).max(result.severity);
            *count += 1;
        }
    }
    let mut found: Vec<_> =
        gain.into_iter().map(|(register, gain)| (Reverse(gain), register)).collect();
    found.sort();
    found.into_iter().map(|(_, register)| register.clone()).collect()
}

/// How many unknown results would be decided with more rights: those whose
/// every reason is permission, on evidence that was not collected as root
/// already.
pub fn verdicts_with_more_rights(results: &[CheckResult]) -> u64 {
    let was_root = |result: &CheckResult, reason: &Reason| {
        result
            .evidence
            .iter()
            .filter(|used| reason.key.as_ref() == Some(&used.key))
            .any(|used| used.privilege == Some(Privilege::Root))
    };
    let helped = |result: &&CheckResult| {
        result.raw == RawResult::Unknown
            && !result.reasons.is_empty()
            && result.reasons.iter().all(|reason| {
                reason.category == ReasonCategory::Evidence(FailureCategory::Permission)
                    && !was_root(result, reason)
            })
    };
    results.iter().filter(helped).count() as u64
}

/// Results that are unknown or in error, by cause: the cause that leaves most
/// checks undecided first. A result with several causes stands in each.
pub fn unknown_groups(results: &[CheckResult]) -> Vec<UnknownGroup> {
    let mut groups: BTreeMap<ReasonCategory, (Reason, BTreeSet<CheckId>)> = BTreeMap::new();
    let undecided =
        |result: &&CheckResult| matches!(result.raw, RawResult::Unknown | RawResult::Error);
    for result in results.iter().filter(undecided) {
        let unexplained = [Reason {
            category: ReasonCategory::Fault,
            key: None,
            detail: "no reason was given".to_owned(),
        }];
        let reasons =
            if result.reasons.is_empty() { &unexplained[..] } else { &result.reasons[..] };
        for reason in reasons {
            let (example, checks) = groups
                .entry(reason.category.clone())
                .or_insert_with(|| (reason.clone(), BTreeSet::new()));
            // The smallest one, so that the order of the results does not show.
            if reason < example {
                *example = reason.clone();
            }
            checks.insert(result.identity.check.clone());
        }
    }
    let mut groups: Vec<_> = groups
        .into_iter()
        .map(|(category, (example, checks))| UnknownGroup {
            category,
            example,
            checks: checks.into_iter().collect(),
        })
        .collect();
    groups.sort_by_key(|group| Reverse(group.checks.len()));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{info, key, permission, reason, result, used};
    use crate::score::assess;
    use anji_model::WeightTable;
    use jiff::Timestamp;

    fn assessed(results: Vec<CheckResult>) -> Assessment {
        assess(results, Timestamp::UNIX_EPOCH, &WeightTable::default())
    }

    fn with_reasons(id: &str, raw: RawResult, reasons: Vec<Reason>) -> CheckResult {
        CheckResult { reasons, ..result(id, raw, Severity::Medium) }
    }

    fn no_register(name: &str) -> Reason {
        let register = RegisterId::new(name).expect("test id");
        reason(ReasonCategory::NoRegister(register))
    }

    fn repair(id: &str) -> NextStep {
        NextStep::Repair(CheckId::new(id).expect("test id"))
    }

    #[test]
    fn grave_failures_come_first_by_severity_then_harm() {
        let checks = [
            info("A-1", &[Guard::Compliance]),
            info("A-2", &[Guard::Interruption]),
            info("A-3", &[Guard::Data]),
        ];
        let results = vec![
            result("A-1", RawResult::Fail, Severity::High),
            result("A-2", RawResult::Fail, Severity::High),
            result("A-3", RawResult::Fail, Severity::Critical),
        ];
        let expected = [repair("A-3"), repair("A-2"), repair("A-1")];
        assert_eq!(next_steps(&assessed(results), &checks), expected);
    }

    #[test]
    fn lists_then_rights_then_lesser_failures_fill_up() {
        let results = vec![
            result("A-1", RawResult::Fail, Severity::Low),
            with_reasons("A-2", RawResult::Unknown, vec![no_register("ports")]),
            with_reasons("A-3", RawResult::Unknown, vec![permission()]),
            result("A-4", RawResult::Pass, Severity::Critical),
        ];
        let ports = RegisterId::new("ports").expect("test id");
        let expected = [NextStep::Adopt(ports), NextStep::MoreRights(1), repair("A-1")];
        assert_eq!(next_steps(&assessed(results), &[]), expected);
        assert_eq!(next_steps(&assessed(Vec::new()), &[]), []);
    }

    #[test]
    fn a_list_is_not_adopted_from_evidence_that_is_missing() {
        let both = vec![no_register("ports"), permission()];
        let results = vec![with_reasons("A-2", RawResult::Unknown, both)];
        assert_eq!(next_steps(&assessed(results), &[]), []);
    }

    #[test]
    fn more_rights_help_only_where_permission_is_all_that_lacks() {
        let stale = reason(ReasonCategory::Stale);
        let mut as_root = with_reasons("A-4", RawResult::Unknown, vec![permission()]);
        as_root.reasons[0].key = Some(key("accounts"));
        as_root.evidence = vec![used("accounts", Some(Privilege::Root))];
        let results = [
            with_reasons("A-1", RawResult::Unknown, vec![permission()]),
            with_reasons("A-2", RawResult::Unknown, vec![permission(), stale]),
            with_reasons("A-3", RawResult::Error, vec![permission()]),
            as_root,
            with_reasons("A-5", RawResult::Unknown, Vec::new()),
        ];
        assert_eq!(verdicts_with_more_rights(&results), 1);
    }

    #[test]
    fn groups_hold_every_undecided_check_largest_first() {
        let results = [
            with_reasons("A-1", RawResult::Unknown, vec![reason(ReasonCategory::Stale)]),
            with_reasons("A-2", RawResult::Unknown, vec![permission()]),
            with_reasons("A-3", RawResult::Error, vec![permission()]),
            with_reasons("A-4", RawResult::Pass, vec![permission()]),
            with_reasons("A-5", RawResult::Error, Vec::new()),
        ];
        let groups = unknown_groups(&results);
        let shown: Vec<(ReasonCategory, Vec<String>)> = groups
            .into_iter()
            .map(|g| (g.category, g.checks.iter().map(ToString::to_string).collect()))
            .collect();
        let expected = [
            (permission().category, vec!["A-2".to_owned(), "A-3".to_owned()]),
            (ReasonCategory::Stale, vec!["A-1".to_owned()]),
            (ReasonCategory::Fault, vec!["A-5".to_owned()]),
        ];
        assert_eq!(shown, expected);
    }
}
