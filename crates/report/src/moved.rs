//! The values behind a change.

use anji_model::{Drift, RawResult, ResultSummary, Term};
use std::collections::BTreeMap;

/// One value that moved.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Moved<'a> {
    pub(crate) path: &'a str,
    pub(crate) old: Option<&'a str>,
    pub(crate) new: Option<&'a str>,
    /// The comparison that fails now.
    pub(crate) term: Option<&'a Term>,
    /// Whether the old value failed.
    pub(crate) failed: bool,
}

/// The values behind a change: comparisons that began or ceased to fail, each
/// with the value on the other side where that is known, else whatever was
/// observed differently.
#[must_use]
pub(crate) fn moved(drift: &Drift) -> Vec<Moved<'_>> {
    let before = observed(drift.before.as_ref());
    let after = observed(drift.after.as_ref());
    let mut found: Vec<Moved<'_>> = Vec::new();
    for term in &drift.new_terms {
        let gone = drift.gone_terms.iter().find(|gone| gone.path == term.path);
        let old = gone.map(|gone| gone.observed.as_str());
        let old = old.or_else(|| before.get(term.path.as_str()).copied());
        let new = Some(term.observed.as_str());
        found.push(Moved { path: &term.path, old, new, term: Some(term), failed: gone.is_some() });
    }
    for term in &drift.gone_terms {
        if !drift.new_terms.iter().any(|new| new.path == term.path) {
            let new = after.get(term.path.as_str()).copied();
            found.push(Moved {
                path: &term.path,
                old: Some(&term.observed),
                new,
                term: None,
                failed: true,
            });
        }
    }
    if found.is_empty() && drift.before.is_none() {
        let terms = drift.after.iter().flat_map(|side| &side.result.failed_terms);
        found.extend(terms.map(|term| Moved {
            path: &term.path,
            old: None,
            new: Some(&term.observed),
            term: Some(term),
            failed: false,
        }));
    }
    // A side that could not be decided says nothing about values.
    let told = |side: &Option<ResultSummary>| {
        side.as_ref()
            .is_some_and(|s| !matches!(s.result.raw, RawResult::Unknown | RawResult::Error))
    };
    if found.is_empty() && told(&drift.before) && told(&drift.after) {
        for (path, new) in &after {
            let old = before.get(path).copied();
            if old != Some(*new) {
                found.push(Moved { path, old, new: Some(*new), term: None, failed: false });
            }
        }
        for (path, old) in &before {
            if !after.contains_key(path) {
                found.push(Moved { path, old: Some(*old), new: None, term: None, failed: false });
            }
        }
    }
    found
}

/// Values by path: what was compared, and what was looked at.
fn observed(side: Option<&ResultSummary>) -> BTreeMap<&str, &str> {
    let Some(side) = side else { return BTreeMap::new() };
    let seen = side.result.observed.iter().map(|one| (one.path.as_str(), one.value.as_str()));
    let terms = side.result.failed_terms.iter();
    seen.chain(terms.map(|term| (term.path.as_str(), term.observed.as_str()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_model::{
        BaselineVersion, CheckId, CheckResult, Digest, DriftCause, DriftKind, Observation,
        ResultIdentity, RunId, Severity, Subject, SystemId,
    };
    use jiff::Timestamp;

    fn side(raw: RawResult, observed: &[(&str, &str)]) -> ResultSummary {
        let seen = observed
            .iter()
            .map(|(path, value)| Observation { path: path.to_string(), value: value.to_string() });
        let result = CheckResult {
            identity: identity(),
            revision: 1,
            severity: Severity::Low,
            raw,
            observed: seen.collect(),
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
        };
        let run = RunId::new("run").expect("test id");
        ResultSummary { run, as_of: Timestamp::UNIX_EPOCH, result }
    }

    fn identity() -> ResultIdentity {
        ResultIdentity {
            baseline: BaselineVersion::new("starter@1").expect("test id"),
            system: SystemId::new("his").expect("test id"),
            check: CheckId::new("LNX-001").expect("test id"),
            subject: Subject::local(),
            element: None,
        }
    }

    fn term(path: &str, observed: &str) -> Term {
        Term {
            path: path.to_owned(),
            observed: observed.to_owned(),
            operator: "==".to_owned(),
            allowed: "0".to_owned(),
        }
    }

    fn drift(before: ResultSummary, after: ResultSummary) -> Drift {
        Drift {
            identity: identity(),
            severity: Severity::Low,
            kind: DriftKind::ValueMoved,
            cause: DriftCause::Evidence,
            before: Some(before),
            after: Some(after),
            new_terms: Vec::new(),
            gone_terms: Vec::new(),
        }
    }

    fn values(drift: &Drift) -> Vec<(&str, Option<&str>, Option<&str>)> {
        moved(drift).iter().map(|one| (one.path, one.old, one.new)).collect()
    }

    #[test]
    fn failing_values_are_paired_with_the_other_side() {
        let before = side(RawResult::Fail, &[("a", "0"), ("b", "5")]);
        let mut drift = drift(before, side(RawResult::Fail, &[("a", "7"), ("c", "0")]));
        drift.new_terms = vec![term("a", "7"), term("n", "3")];
        drift.gone_terms = vec![term("b", "5"), term("c", "4")];
        let expected = [
            ("a", Some("0"), Some("7")),
            ("n", None, Some("3")),
            ("b", Some("5"), None),
            ("c", Some("4"), Some("0")),
        ];
        assert_eq!(values(&drift), expected);
    }

    #[test]
    fn without_failing_values_the_observed_ones_are_compared() {
        let before = side(RawResult::Pass, &[("a", "1"), ("b", "1"), ("c", "1")]);
        let after = side(RawResult::Pass, &[("a", "1"), ("b", "2"), ("d", "1")]);
        let expected =
            [("b", Some("1"), Some("2")), ("d", None, Some("1")), ("c", Some("1"), None)];
        assert_eq!(values(&drift(before, after)), expected);
    }

    #[test]
    fn an_undecided_side_says_nothing_of_values() {
        let before = side(RawResult::Pass, &[("a", "1")]);
        let after = side(RawResult::Unknown, &[]);
        assert!(values(&drift(before, after)).is_empty());
    }
}
