use super::*;
use crate::samples::{any_result, observation, result, summary, term, used};
use anji_model::Digest;
use anji_model::DriftCause;
use proptest::prelude::*;

fn scope() -> Scope {
    let one = result("A-1", RawResult::Pass, Severity::High).identity;
    Scope {
        baseline: one.baseline,
        system: one.system,
        subjects: BTreeSet::from([one.subject]),
        checks: ScopeChecks::AllBut(BTreeSet::new()),
        privilege: Privilege::Root,
    }
}

fn high(id: &str, raw: RawResult) -> CheckResult {
    result(id, raw, Severity::High)
}

fn with_rights(mut result: CheckResult, privilege: Privilege) -> CheckResult {
    result.evidence = vec![used("accounts", Some(privilege))];
    result
}

fn failing(terms: &[(&str, &str)], total: u64) -> CheckResult {
    let mut result = high("A-1", RawResult::Fail);
    result.failed_terms = terms.iter().map(|(path, observed)| term(path, observed)).collect();
    result.failed_terms_total = total;
    result
}

fn kinds(comparison: &Comparison) -> Vec<DriftKind> {
    comparison.drift.iter().map(|drift| drift.kind).collect()
}

fn one_day(before: CheckResult, after: CheckResult) -> Comparison {
    compare(&[summary(1, before)], &[summary(2, after)], &scope())
}

#[test]
fn a_failure_that_is_seen_no_more_is_never_recovered() {
    let lost = one_day(high("A-1", RawResult::Fail), high("A-1", RawResult::Unknown));
    assert_eq!(kinds(&lost), [DriftKind::EvidenceLost]);
    assert!(lost.drift[0].gone_terms.is_empty());
    let back = one_day(high("A-1", RawResult::Unknown), high("A-1", RawResult::Fail));
    assert_eq!(kinds(&back), [DriftKind::EvidenceRestored]);
    assert!(newly_failing(&back.drift[0]));
}

#[test]
fn terms_that_are_not_seen_any_more_are_not_gone() {
    let mut unknown = high("A-1", RawResult::Unknown);
    unknown.failed_terms_total = 0;
    let drift = &one_day(failing(&[("users[toor].uid", "0")], 1), unknown).drift[0];
    assert_eq!((drift.kind, drift.gone_terms.len()), (DriftKind::EvidenceLost, 0));
}

#[test]
fn other_failing_terms_are_a_moved_value() {
    let before = failing(&[("a", "1"), ("b", "1")], 2);
    let after = failing(&[("b", "1"), ("c", "1")], 2);
    let comparison = one_day(before.clone(), after);
    assert_eq!(kinds(&comparison), [DriftKind::ValueMoved]);
    assert_eq!(comparison.drift[0].new_terms, [term("c", "1")]);
    assert_eq!(comparison.drift[0].gone_terms, [term("a", "1")]);
    assert!(kinds(&one_day(before.clone(), before)).is_empty());
}

#[test]
fn a_bounded_list_proves_nothing_of_what_it_leaves_out() {
    let before = failing(&[("a", "1"), ("b", "1")], 50);
    let after = failing(&[("a", "1"), ("c", "1")], 2);
    let comparison = one_day(before, after);
    assert_eq!(kinds(&comparison), [DriftKind::ValueMoved]);
    assert!(comparison.drift[0].new_terms.is_empty(), "it may have stood among the fifty");
    assert_eq!(comparison.drift[0].gone_terms, [term("b", "1")]);
}

#[test]
fn a_pass_moves_only_by_values_that_it_compares() {
    let with = |value: &str, path: &str| {
        let mut result = high("A-1", RawResult::Pass);
        result.observed = vec![observation(path, value)];
        result
    };
    assert_eq!(kinds(&one_day(with("4", "max"), with("3", "max"))), [DriftKind::ValueMoved]);
    assert!(kinds(&one_day(with("4", "max"), with("4", "max"))).is_empty());
    assert!(kinds(&one_day(with("4", "x[a]"), with("4", "x[b]"))).is_empty());
}

#[test]
fn nothing_appears_on_the_first_day() {
    let after = [summary(1, high("A-1", RawResult::Fail))];
    assert_eq!(compare(&[], &after, &scope()), Comparison::default());
    let before = [summary(0, high("A-2", RawResult::Pass))];
    let comparison = compare(&before, &after, &scope());
    assert_eq!(kinds(&comparison), [DriftKind::Appeared, DriftKind::Gone]);
    assert_eq!(comparison.compared, 0);
}

#[test]
fn what_a_run_did_not_look_at_is_not_gone() {
    let mut elsewhere = high("A-2", RawResult::Fail);
    elsewhere.identity.subject = Subject::asset("other").expect("test id");
    let before = [
        summary(1, high("A-1", RawResult::Pass)),
        summary(1, high("A-3", RawResult::Pass)),
        summary(1, elsewhere),
    ];
    let after = [summary(2, high("A-1", RawResult::Pass))];
    let only = BTreeSet::from([after[0].result.identity.check.clone()]);
    let left = BTreeSet::from([before[1].result.identity.check.clone()]);
    for checks in [ScopeChecks::Only(only), ScopeChecks::AllBut(left)] {
        let comparison = compare(&before, &after, &Scope { checks, ..scope() });
        assert_eq!((comparison.drift.len(), comparison.compared), (0, 1));
    }
    let whole = compare(&before, &after, &scope());
    assert_eq!(kinds(&whole), [DriftKind::Gone], "the check is there no more");
    assert_eq!(whole.drift[0].cause, DriftCause::Content);
    let none = compare(&before, &[], &scope());
    assert!(none.drift.is_empty(), "a host of which nothing came back was not looked at");
}

#[test]
fn fewer_rights_make_nothing_gone_and_lose_nothing() {
    let before = [
        summary(1, with_rights(high("A-1", RawResult::Fail), Privilege::Root)),
        summary(1, with_rights(high("A-2", RawResult::Fail), Privilege::Root)),
    ];
    let after = [summary(2, with_rights(high("A-1", RawResult::Unknown), Privilege::User))];
    let comparison = compare(&before, &after, &Scope { privilege: Privilege::User, ..scope() });
    assert_eq!(comparison, Comparison::default());
}

#[test]
fn a_day_without_root_does_not_hide_a_regression() {
    let before = [
        summary(1, with_rights(high("A-1", RawResult::Pass), Privilege::Root)),
        summary(2, with_rights(high("A-1", RawResult::Unknown), Privilege::User)),
    ];
    let after = [summary(3, with_rights(high("A-1", RawResult::Fail), Privilege::Root))];
    let comparison = compare(&before, &after, &scope());
    assert_eq!(kinds(&comparison), [DriftKind::Regressed]);
    assert_eq!(comparison.drift[0].before.as_ref().map(|side| side.as_of), Some(before[0].as_of));
}

#[test]
fn a_day_without_walk_does_not_hide_a_regression() {
    let skipped = high("A-1", RawResult::NotChecked);
    let before = [summary(1, high("A-1", RawResult::Pass)), summary(2, skipped.clone())];
    let after = [summary(3, high("A-1", RawResult::Fail))];
    assert_eq!(kinds(&compare(&before, &after, &scope())), [DriftKind::Regressed]);
    let still = [summary(3, skipped)];
    assert!(compare(&before, &still, &scope()).drift.is_empty(), "lost once, not each day");
}

#[test]
fn another_version_of_the_baseline_asks_the_same() {
    let mut after = high("A-1", RawResult::Fail);
    after.identity.baseline = BaselineVersion::new("starter@2").expect("test id");
    let comparison = one_day(high("A-1", RawResult::Pass), after.clone());
    assert_eq!(kinds(&comparison), [DriftKind::Regressed]);
    assert_eq!(comparison.drift[0].cause, DriftCause::Baseline);
    after.identity.baseline = BaselineVersion::new("strict@1").expect("test id");
    let other = one_day(high("A-1", RawResult::Pass), after);
    assert_eq!(other, Comparison::default(), "another baseline is outside the scope");
}

#[test]
fn an_element_is_gone_only_when_the_elements_are_known() {
    let mut element = high("A-1", RawResult::Fail);
    element.identity.element = Some("tcp 443".to_owned());
    let before = [summary(1, element)];
    let unknown = [summary(2, high("A-1", RawResult::Unknown))];
    let comparison = compare(&before, &unknown, &scope());
    assert_eq!(kinds(&comparison), [DriftKind::Appeared]);
    let none = [summary(2, high("A-1", RawResult::NotApplicable))];
    let comparison = compare(&before, &none, &scope());
    assert_eq!(kinds(&comparison), [DriftKind::Gone]);
    assert_eq!(comparison.drift[0].cause, DriftCause::Evidence);
}

#[test]
fn new_failures_stand_first_then_the_graver() {
    let words = [
        ("A-1", RawResult::Unknown, RawResult::Fail, Severity::Low),
        ("A-2", RawResult::Fail, RawResult::Pass, Severity::Critical),
        ("A-3", RawResult::Pass, RawResult::Fail, Severity::Medium),
        ("A-4", RawResult::Pass, RawResult::Fail, Severity::High),
        ("A-5", RawResult::Pass, RawResult::Unknown, Severity::Critical),
    ];
    let side = |day, pick: fn((RawResult, RawResult)) -> RawResult| {
        words.map(|(id, before, after, severity)| {
            summary(day, result(id, pick((before, after)), severity))
        })
    };
    let comparison = compare(&side(1, |w| w.0), &side(2, |w| w.1), &scope());
    let shown: Vec<&str> =
        comparison.drift.iter().map(|drift| drift.identity.check.as_str()).collect();
    assert_eq!(shown, ["A-4", "A-3", "A-1", "A-5", "A-2"]);
    assert_eq!(comparison.compared, 5);
}

/// Results of one run: each question once.
fn any_run() -> impl Strategy<Value = Vec<CheckResult>> {
    prop::collection::vec(any_result(), 0..12).prop_map(|results| {
        let by_check: BTreeMap<_, _> =
            results.into_iter().map(|result| (result.identity.clone(), result)).collect();
        by_check.into_values().collect()
    })
}

fn run(day: i64, results: &[CheckResult]) -> Vec<ResultSummary> {
    results.iter().map(|result| summary(day, result.clone())).collect()
}

proptest! {
    #[test]
    fn a_run_against_itself_shows_nothing(results in any_run(), privilege in prop::sample::select(vec![Privilege::User, Privilege::Root])) {
        let scope = Scope { privilege, ..scope() };
        prop_assert!(compare(&run(1, &results), &run(2, &results), &scope).drift.is_empty());
    }

    #[test]
    fn the_way_back_swaps_the_terms(a in any_run(), b in any_run()) {
        let (there, back) = (
            compare(&run(1, &a), &run(2, &b), &scope()),
            compare(&run(1, &b), &run(2, &a), &scope()),
        );
        prop_assert_eq!(there.compared, back.compared);
        for drift in &there.drift {
            let opposite = back.drift.iter().find(|other| other.identity == drift.identity);
            if let Some(opposite) = opposite {
                prop_assert_eq!(drift.words(), { let (x, y) = opposite.words(); (y, x) });
                prop_assert_eq!(drift.cause == DriftCause::Time, opposite.cause == DriftCause::Time);
                let decided = [drift.words().0, drift.words().1]
                    .into_iter().flatten().all(|word| matches!(word, RawResult::Pass | RawResult::Fail));
                if decided {
                    prop_assert_eq!(&drift.new_terms, &opposite.gone_terms);
                    prop_assert_eq!(&drift.gone_terms, &opposite.new_terms);
                }
            } else {
                let (before, after) = drift.words();
                prop_assert!(before != after, "a moved value moves back");
            }
        }
    }

    #[test]
    fn order_of_results_does_not_matter(a in any_run(), b in any_run(), turn in 0usize..12) {
        let mut turned = b.clone();
        turned.rotate_left(turn % b.len().max(1));
        prop_assert_eq!(
            compare(&run(1, &a), &run(2, &b), &scope()),
            compare(&run(1, &a), &run(2, &turned), &scope())
        );
    }

    #[test]
    fn every_new_failure_is_told(a in any_run(), b in any_run()) {
        let comparison = compare(&run(1, &a), &run(2, &b), &scope());
        let told = |result: &CheckResult| comparison.drift.iter().any(|drift| drift.identity == result.identity);
        for after in b.iter().filter(|result| result.raw == RawResult::Fail) {
            let before = a.iter().find(|result| result.identity == after.identity);
            if !a.is_empty() && before.is_none_or(|before| before.raw != RawResult::Fail) {
                prop_assert!(told(after), "{after:?}");
            }
        }
    }
}

#[test]
fn digests_tell_time_from_evidence() {
    let mut after = high("A-1", RawResult::Fail);
    assert_eq!(
        one_day(high("A-1", RawResult::Pass), after.clone()).drift[0].cause,
        DriftCause::Time
    );
    after.evidence[0].body = Some(Digest([8; 32]));
    let drift = one_day(high("A-1", RawResult::Pass), after).drift;
    assert_eq!(drift[0].cause, DriftCause::Evidence);
}

#[test]
fn the_newer_of_two_results_is_the_later_in_the_chain_whatever_the_clocks_say() {
    let mut old = summary(9, high("A-1", RawResult::Pass));
    old.run = summary(1, old.result.clone()).run;
    let with_clock_set_back = summary(2, high("A-1", RawResult::Fail));
    let now = summary(10, high("A-1", RawResult::Fail));
    let comparison = compare(&[old, with_clock_set_back], &[now], &scope());
    assert_eq!((kinds(&comparison), comparison.compared), (Vec::new(), 1));
}

#[test]
fn what_fails_once_it_can_be_seen_is_shown() {
    let back = one_day(high("A-1", RawResult::Unknown), failing(&[("users[toor].uid", "0")], 1));
    assert_eq!(back.drift[0].new_terms.len(), 1);
}

#[test]
fn terms_beyond_those_that_are_kept_count_too() {
    let mut other = failing(&[("a", "1")], 300);
    other.failed_terms_rest = Some(Digest([8; 32]));
    let before = failing(&[("a", "1")], 300);
    assert_eq!(kinds(&one_day(before.clone(), other)), [DriftKind::ValueMoved]);
    assert!(one_day(before.clone(), before).drift.is_empty());
}

#[test]
fn a_failure_seen_with_fewer_rights_regresses_against_a_pass_seen_with_more() {
    let root = with_rights(high("A-1", RawResult::Pass), Privilege::Root);
    let user = with_rights(high("A-1", RawResult::Fail), Privilege::User);
    let scope = Scope { privilege: Privilege::User, ..scope() };
    let found = compare(&[summary(1, root.clone())], &[summary(2, user.clone())], &scope);
    assert_eq!(kinds(&found), [DriftKind::Regressed]);
    // On the next day the failure is held against itself.
    let again = compare(&[summary(1, root), summary(2, user.clone())], &[summary(3, user)], &scope);
    assert!(again.drift.is_empty());
}

#[test]
fn something_new_shows_even_before_a_list_is_adopted() {
    let waiting = |entries: &[&str]| {
        let mut result = high("A-1", RawResult::Unknown);
        let register = anji_model::RegisterId::new("suid-files").expect("test id");
        result.reasons = vec![anji_model::Reason {
            category: ReasonCategory::NoRegister(register),
            key: None,
            detail: String::new(),
        }];
        result.observed = entries.iter().map(|entry| observation("suid-files", entry)).collect();
        result
    };
    let found = one_day(waiting(&["a", "c"]), waiting(&["a", "b"]));
    assert_eq!(kinds(&found), [DriftKind::ValueMoved]);
    assert_eq!((found.drift[0].new_terms.len(), found.drift[0].gone_terms.len()), (1, 1));
    assert!(one_day(waiting(&["a"]), waiting(&["a"])).drift.is_empty());
}
