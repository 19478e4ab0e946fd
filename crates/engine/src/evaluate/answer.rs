//! From a verdict to a result word with its reasons.

use super::host::Host;
use super::prepared::Prepared;
use crate::content::{AbsentAnswer, Check, Decides};
use crate::predicate::{Bound, Environment, Predicate, Truth, Verdict};
use anji_model::{CheckResult, Digest, Observation, RawResult, Reason, ReasonCategory, Term};
use jiff::Timestamp;
use serde_json::Value;

/// Most reasons that a result carries; a hundred denied keys are one finding.
const REASONS_MAX: usize = 10;
/// Most values that are shown for adoption.
pub(crate) const OBSERVED_MAX: usize = 100;
/// Most characters of a reason's detail.
const DETAIL_MAX: usize = 300;

/// A check that was not named.
pub(super) fn not_selected(mut blank: CheckResult) -> CheckResult {
    blank.raw = RawResult::NotSelected;
    blank
}

/// A check that needs the walk which this run leaves out.
pub(super) fn walk_left_out(mut blank: CheckResult) -> CheckResult {
    blank.raw = RawResult::NotChecked;
    blank.reasons = vec![Reason {
        category: ReasonCategory::NotCollected,
        key: None,
        detail: "left out by --skip-walk".to_owned(),
    }];
    blank
}

/// The answer of `check` from the evidence itself.
pub(super) fn fresh(
    check: &Prepared<'_>,
    mut blank: CheckResult,
    host: &Host<'_>,
    now: Timestamp,
) -> CheckResult {
    let answer = match &check.check.assertion {
        Some(assertion) if check.check.decides != Decides::Nothing => {
            let environment = environment(check, host, now);
            let mut answer = judge(check.check, assertion.evaluate(&environment));
            if answer.raw == RawResult::Pass {
                demand_registers(check.check, &environment, &mut answer);
            }
            if lacks_register(&answer) {
                answer.observed = to_adopt(check.check, assertion, &environment);
            }
            answer
        }
        // Planned: what it waits for is no evidence of this host.
        _ => Answer {
            raw: RawResult::NotChecked,
            reasons: vec![undecidable(check.check)],
            ..Answer::default()
        },
    };
    blank.raw = answer.raw;
    blank.observed = answer.observed;
    blank.failed_terms = answer.terms;
    blank.failed_terms_total = answer.terms_total;
    blank.failed_terms_rest = answer.terms_rest;
    blank.reasons = bounded(answer.reasons);
    blank.answer_until = answer.until;
    blank.valid_until = answer.until.into_iter().chain(check.aged_at(host, now)).min();
    blank
}

fn environment<'h>(check: &'h Prepared<'_>, host: &'h Host<'_>, now: Timestamp) -> Environment<'h> {
    let bindings = check
        .facts(host)
        .zip(&check.check.bindings)
        .map(|((fact, age_max), binding)| Bound {
            key: &binding.key,
            state: host.state(fact, age_max, now),
            empty_ok: binding.empty_ok,
        })
        .collect();
    Environment { bindings, params: &check.params, registers: host.registers_of(check.check), now }
}

/// Nothing passes against a list that nobody has adopted, not even a host where
/// there is nothing to hold against it: the absence of the list is what people
/// have to know.
fn demand_registers(check: &Check, env: &Environment<'_>, answer: &mut Answer) {
    for (used, list) in check.registers.iter().zip(&env.registers) {
        if list.is_none() {
            answer.raw = RawResult::Unknown;
            answer.until = None;
            answer.reasons.push(Reason {
                category: ReasonCategory::NoRegister(used.register.clone()),
                key: None,
                detail: format!("no approved list `{}` has been adopted", used.register),
            });
        }
    }
}

fn lacks_register(answer: &Answer) -> bool {
    answer.reasons.iter().any(|reason| matches!(reason.category, ReasonCategory::NoRegister(_)))
}

/// What the lists that nobody has adopted would have to hold, so that people
/// see what they would adopt. That these values fail is not said: no list has
/// been stated yet.
fn to_adopt(check: &Check, assertion: &Predicate, env: &Environment<'_>) -> Vec<Observation> {
    let lists = check.registers.iter().enumerate().zip(&env.registers);
    let missing = lists.filter(|(_, list)| list.is_none());
    let observed = missing.flat_map(|((index, used), _)| {
        let values = assertion.looked_up(env, index).into_iter();
        values.map(|value| Observation {
            path: used.register.to_string(),
            value: Value::String(value).to_string(),
        })
    });
    observed.take(OBSERVED_MAX).collect()
}

/// What a verdict comes to under the rules of its check.
#[derive(Debug)]
struct Answer {
    raw: RawResult,
    observed: Vec<Observation>,
    terms: Vec<Term>,
    terms_total: u64,
    terms_rest: Option<Digest>,
    reasons: Vec<Reason>,
    until: Option<Timestamp>,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            raw: RawResult::Unknown,
            observed: Vec::new(),
            terms: Vec::new(),
            terms_total: 0,
            terms_rest: None,
            reasons: Vec::new(),
            until: None,
        }
    }
}

/// Takes the time of evaluation out of what is shown: a result that says the
/// same tomorrow has to look the same tomorrow, and the run tells its time.
fn steady(verdict: &mut Verdict) {
    // No evidence can be bound under this name.
    const NOW: &str = "now";
    verdict.observed.retain(|observation| observation.path != NOW);
    for term in verdict.terms.iter_mut().filter(|term| term.path == NOW) {
        term.observed = "\"now\"".to_owned();
    }
}

fn judge(check: &Check, mut verdict: Verdict) -> Answer {
    steady(&mut verdict);
    let (raw, extra) = match verdict.truth {
        Truth::True => (RawResult::Pass, None),
        Truth::False => (RawResult::Fail, None),
        Truth::Unknown => (RawResult::Unknown, None),
        Truth::Absent => match check.absent_answer(&verdict) {
            Some(AbsentAnswer::Pass) => (RawResult::Pass, None),
            Some(AbsentAnswer::NotApplicable) => (RawResult::NotApplicable, Some(absent())),
            Some(AbsentAnswer::Fail) => (RawResult::Fail, None),
            None => (RawResult::Unknown, Some(absent())),
        },
    };
    let absent_terms = match (raw, verdict.truth) {
        (RawResult::Fail, Truth::Absent) => missing(check, &verdict),
        _ => Vec::new(),
    };
    let mut answer = Answer {
        raw,
        observed: verdict.observed,
        terms: verdict.terms,
        terms_total: verdict.terms_total,
        terms_rest: verdict.terms_rest,
        reasons: verdict.reasons,
        until: verdict.valid_until,
    };
    match answer.raw {
        RawResult::Pass if !check.decides.can(RawResult::Pass) => {
            answer.raw = RawResult::Unknown;
            answer.reasons = vec![undecidable(check)];
        }
        RawResult::Pass => answer.reasons.clear(),
        RawResult::Fail if !check.decides.can(RawResult::Fail) => {
            answer.raw = RawResult::Unknown;
            answer.reasons = vec![undecidable(check)];
        }
        RawResult::Fail => {
            answer.reasons.clear();
            if answer.terms.is_empty() {
                answer.terms_total = absent_terms.len() as u64;
                answer.terms = absent_terms;
            }
        }
        _ => {
            answer.reasons.extend(extra.filter(|_| answer.reasons.is_empty()));
            if answer.raw == RawResult::Unknown && check.decides != Decides::Both {
                // What is missing is not all that stands in the way of a pass.
                answer.reasons.push(undecidable(check));
            }
        }
    }
    if answer.raw != RawResult::Fail {
        answer.terms.clear();
        answer.terms_total = 0;
        answer.terms_rest = None;
    }
    explain(&mut answer);
    answer
}

/// An unknown always has a reason, and one that lies with us is an error.
fn explain(answer: &mut Answer) {
    if answer.raw != RawResult::Unknown {
        return;
    }
    if answer.reasons.is_empty() {
        answer.reasons.push(Reason {
            category: ReasonCategory::Fault,
            key: None,
            detail: "the assertion gave no answer and no reason".to_owned(),
        });
    }
    if answer.reasons.iter().any(|reason| reason.category == ReasonCategory::Fault) {
        answer.raw = RawResult::Error;
    }
}

fn absent() -> Reason {
    Reason { category: ReasonCategory::Absent, key: None, detail: "not there, by fact".to_owned() }
}

fn undecidable(check: &Check) -> Reason {
    let detail =
        check.info.undecided.as_ref().map_or("no reason is given", |text| text.en.as_str());
    Reason { category: ReasonCategory::Undecidable, key: None, detail: detail.to_owned() }
}

/// The things whose absence is the failure, as comparisons that did not hold.
fn missing(check: &Check, verdict: &Verdict) -> Vec<Term> {
    let term = |path: &str| Term {
        path: path.to_owned(),
        observed: "null".to_owned(),
        operator: "!=".to_owned(),
        allowed: "null".to_owned(),
    };
    let must = verdict.absent.iter().filter_map(|index| check.bindings.get(*index));
    must.filter(|binding| binding.when_absent == Some(AbsentAnswer::Fail))
        .map(|binding| term(&binding.name))
        .collect()
}

/// Each reason once, sorted, so many and so long.
fn bounded(mut reasons: Vec<Reason>) -> Vec<Reason> {
    for reason in &mut reasons {
        if let Some((end, _)) = reason.detail.char_indices().nth(DETAIL_MAX) {
            reason.detail.truncate(end);
        }
    }
    reasons.sort();
    reasons.dedup();
    // A fault must stay visible however many other reasons there are.
    reasons.sort_by_key(|reason| reason.category != ReasonCategory::Fault);
    reasons.truncate(REASONS_MAX);
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{binding, check, key, permission, reason, term};
    use anji_model::FailureCategory;

    fn verdict(truth: Truth) -> Verdict {
        Verdict {
            truth,
            terms: Vec::new(),
            terms_total: 0,
            terms_rest: None,
            observed: Vec::new(),
            reasons: Vec::new(),
            absent: Vec::new(),
            valid_until: None,
        }
    }

    fn deciding(decides: Decides, when_absent: Option<AbsentAnswer>) -> Check {
        let bound = crate::content::Binding { when_absent, ..binding("it", key("accounts")) };
        Check { decides, ..check("T-1", vec![bound]) }
    }

    fn raw(check: &Check, verdict: Verdict) -> RawResult {
        judge(check, verdict).raw
    }

    #[test]
    fn a_check_that_decides_one_way_never_passes() {
        let check = deciding(Decides::Fail, Some(AbsentAnswer::Pass));
        let answer = judge(&check, verdict(Truth::True));
        assert_eq!(answer.raw, RawResult::Unknown);
        assert_eq!(answer.reasons, [undecidable(&check)]);
        assert_eq!(raw(&check, verdict(Truth::False)), RawResult::Fail);
        let absent = Verdict { absent: vec![0], ..verdict(Truth::Absent) };
        assert_eq!(raw(&check, absent), RawResult::Unknown);
    }

    #[test]
    fn a_check_that_decides_passing_alone_never_fails() {
        let check = deciding(Decides::Pass, Some(AbsentAnswer::Fail));
        let answer = judge(&check, verdict(Truth::False));
        assert_eq!(answer.raw, RawResult::Unknown);
        assert_eq!(answer.reasons, [undecidable(&check)]);
        assert_eq!(raw(&check, verdict(Truth::True)), RawResult::Pass);
        let absent = Verdict { absent: vec![0], ..verdict(Truth::Absent) };
        assert_eq!(raw(&check, absent), RawResult::Unknown);
    }

    #[test]
    fn absence_is_answered_by_the_content_alone() {
        let absent = || Verdict { absent: vec![0], ..verdict(Truth::Absent) };
        for (answer, expected) in [
            (Some(AbsentAnswer::Pass), RawResult::Pass),
            (Some(AbsentAnswer::NotApplicable), RawResult::NotApplicable),
            (Some(AbsentAnswer::Fail), RawResult::Fail),
            (None, RawResult::Unknown),
        ] {
            assert_eq!(raw(&deciding(Decides::Both, answer), absent()), expected);
        }
        let failed = judge(&deciding(Decides::Both, Some(AbsentAnswer::Fail)), absent());
        assert_eq!((failed.terms.len(), failed.terms_total), (1, 1), "a failure says what failed");
        assert_eq!(failed.terms[0].path, "it");
        let unknown = judge(&deciding(Decides::Both, None), absent());
        assert_eq!(unknown.reasons, [super::absent()]);
    }

    #[test]
    fn a_fault_makes_an_error_unless_a_witness_decides() {
        let check = deciding(Decides::Both, None);
        let fault = || reason(ReasonCategory::Fault);
        let with = |truth| Verdict { reasons: vec![permission(), fault()], ..verdict(truth) };
        assert_eq!(raw(&check, with(Truth::Unknown)), RawResult::Error);
        assert_eq!(raw(&check, with(Truth::False)), RawResult::Fail);
        assert_eq!(raw(&check, verdict(Truth::Unknown)), RawResult::Error, "no reason given");
        let denied = Verdict { reasons: vec![permission()], ..verdict(Truth::Unknown) };
        assert_eq!(raw(&check, denied), RawResult::Unknown);
    }

    #[test]
    fn only_a_failure_shows_failed_terms() {
        let check = deciding(Decides::Both, None);
        for truth in [Truth::True, Truth::Unknown] {
            let verdict = Verdict { terms: vec![term("a", "1")], terms_total: 1, ..verdict(truth) };
            let answer = judge(&check, verdict);
            assert_eq!((answer.terms.len(), answer.terms_total), (0, 0));
        }
    }

    #[test]
    fn reasons_are_bounded_and_a_fault_stays_visible() {
        let many = (0..50).map(|n| Reason {
            category: ReasonCategory::Evidence(FailureCategory::Permission),
            key: None,
            detail: format!("{:02} {}", n % 25, "长".repeat(500)),
        });
        let reasons = bounded(many.chain([reason(ReasonCategory::Fault)]).collect());
        assert_eq!(reasons.len(), REASONS_MAX);
        assert_eq!(reasons[0].category, ReasonCategory::Fault);
        assert!(reasons.iter().all(|reason| reason.detail.chars().count() <= DETAIL_MAX));
        assert!(reasons.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
