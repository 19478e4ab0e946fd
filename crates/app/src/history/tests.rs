use super::*;
use anji_model::{BaselineVersion, CheckId, Digest, Privilege, ResultIdentity, Severity};

fn run(number: usize) -> RunId {
    RunId::new(format!("run-{number}")).expect("test id")
}

fn result(raw: RawResult) -> CheckResult {
    CheckResult {
        identity: ResultIdentity {
            baseline: BaselineVersion::new("starter@1").expect("test id"),
            system: crate::context::unassigned(),
            check: CheckId::new("LNX-001").expect("test id"),
            subject: Subject::local(),
            element: None,
        },
        revision: 1,
        severity: Severity::High,
        raw,
        observed: Vec::new(),
        failed_terms: Vec::new(),
        failed_terms_total: 0,
        failed_terms_rest: None,
        reasons: Vec::new(),
        evidence: Vec::new(),
        valid_until: None,
        answer_until: None,
        inputs: Digest([0; 32]),
        parameters: Digest([0; 32]),
        statements: Digest([0; 32]),
    }
}

fn stretch(runs: [usize; 2], privilege: Privilege, raw: RawResult) -> Interval {
    // Every clock says the same: order must come from the chain.
    let at = Timestamp::UNIX_EPOCH;
    Interval {
        privilege,
        first_run: run(runs[0]),
        first_as_of: at,
        last_run: run(runs[1]),
        last_as_of: at,
        result: result(raw),
    }
}

/// First run, last run, rights and word of the stretches that are left, of ten runs.
fn left(stretches: Vec<Interval>) -> Vec<(String, String, Privilege, RawResult)> {
    let runs: Vec<RunId> = (0..10).rev().map(run).collect();
    let places: Places<'_> = runs.iter().zip(0..).collect();
    let told = |one: Interval| {
        (one.first_run.to_string(), one.last_run.to_string(), one.privilege, one.result.raw)
    };
    answered(stretches, &places).into_iter().map(told).collect()
}

#[test]
fn neither_a_run_that_left_it_out_nor_one_with_other_rights_parts_a_stretch() {
    use Privilege::{Root, User};
    use RawResult::{Fail, NotChecked, NotSelected, Pass, Unknown};
    let found = left(vec![
        stretch([0, 0], Root, Pass),
        stretch([1, 1], User, Unknown),
        stretch([2, 2], Root, NotSelected),
        stretch([3, 4], Root, Pass),
        stretch([5, 5], Root, NotChecked),
        stretch([6, 6], Root, Pass),
        stretch([7, 9], Root, Fail),
    ]);
    let told =
        |first: &str, last: &str, rights, raw| (first.to_owned(), last.to_owned(), rights, raw);
    let expected = [
        told("run-7", "run-9", Root, Fail),
        told("run-0", "run-6", Root, Pass),
        told("run-1", "run-1", User, Unknown),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_changed_and_came_back_stays_three_stretches() {
    let words = [RawResult::Pass, RawResult::Fail, RawResult::Pass];
    let stretches = words.iter().enumerate();
    let found = left(stretches.map(|(n, raw)| stretch([n, n], Privilege::Root, *raw)).collect());
    let found: Vec<_> = found.into_iter().map(|(_, _, _, raw)| raw).collect();
    assert_eq!(found, words);
}
