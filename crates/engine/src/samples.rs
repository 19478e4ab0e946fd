//! Small values that the unit tests of this crate are made of.

use crate::content::{Baseline, Binding, Check, Content, Decides, Platform};
use anji_model::{
    AbsPath, BaselineVersion, CheckId, CheckInfo, CheckResult, Digest, EvidenceKey, EvidenceType,
    EvidenceUse, FailureCategory, Guard, Observation, Privilege, RawResult, Reason, ReasonCategory,
    ResultIdentity, ResultSummary, RunId, Selector, Severity, Subject, SystemId, Term, Text,
};
use jiff::Timestamp;
use proptest::prelude::*;

/// A key without selector.
pub(crate) fn key(kind: &str) -> EvidenceKey {
    EvidenceKey { kind: EvidenceType::new(kind).expect("test type"), selector: None }
}

/// The metadata of a path.
pub(crate) fn stat(path: &str) -> EvidenceKey {
    let path = AbsPath::new(path).expect("test path");
    EvidenceKey { selector: Some(Selector::Path(path)), ..key("file.stat") }
}

/// A binding named after its place.
pub(crate) fn binding(name: &str, key: EvidenceKey) -> Binding {
    Binding {
        name: name.to_owned(),
        key,
        empty_ok: false,
        age_seconds_max: None,
        when_absent: None,
    }
}

/// A check that collects its evidence and decides nothing.
pub(crate) fn check(id: &str, bindings: Vec<Binding>) -> Check {
    Check {
        info: info(id, &[Guard::Data]),
        platform: Platform::Linux,
        layer: "host".to_owned(),
        bindings,
        params: Vec::new(),
        registers: Vec::new(),
        assertion: None,
        decides: Decides::Nothing,
        cure: Vec::new(),
        cases: Vec::new(),
    }
}

/// Content of these checks alone.
pub(crate) fn content(checks: Vec<Check>) -> Content {
    let names = |(index, check): (usize, &Check)| {
        [(check.info.id.to_string(), index), (check.info.alias.clone(), index)]
    };
    Content {
        by_name: checks.iter().enumerate().flat_map(names).collect(),
        checks,
        mappings: Vec::new(),
        baselines: Vec::new(),
        registers: Vec::new(),
        digest: Digest([6; 32]),
    }
}

/// A baseline of all checks with their defaults.
pub(crate) fn baseline(content: &Content) -> Baseline {
    Baseline {
        id: "starter".to_owned(),
        version: 1,
        title: text("starter"),
        imports: Vec::new(),
        checks: content.checks().iter().map(|check| check.info.id.clone()).collect(),
        params: std::collections::BTreeMap::new(),
    }
}

/// A text in both languages.
pub(crate) fn text(words: &str) -> Text {
    Text { zh: words.to_owned(), en: words.to_owned() }
}

/// A reason without evidence.
pub(crate) fn reason(category: ReasonCategory) -> Reason {
    Reason { category, key: None, detail: "test".to_owned() }
}

/// A denied read.
pub(crate) fn permission() -> Reason {
    reason(ReasonCategory::Evidence(FailureCategory::Permission))
}

/// A use of evidence collected with `privilege`.
pub(crate) fn used(kind: &str, privilege: Option<Privilege>) -> EvidenceUse {
    EvidenceUse {
        key: key(kind),
        body: Some(Digest([1; 32])),
        observed_at: Some(Timestamp::UNIX_EPOCH),
        privilege,
        state: Some(Digest([2; 32])),
        stale: false,
    }
}

/// A check of which only id and harms matter.
pub(crate) fn info(id: &str, guards: &[Guard]) -> CheckInfo {
    CheckInfo {
        id: CheckId::new(id).expect("test id"),
        alias: id.to_lowercase(),
        revision: 1,
        pack: "test".to_owned(),
        title: text("title"),
        why: text("why"),
        fix: text("fix"),
        severity: Severity::High,
        guards: guards.to_vec(),
        clauses: Vec::new(),
        registers: Vec::new(),
        assertion: "true".to_owned(),
        undecided: Some(text("more would have to be known")),
    }
}

/// A result of which only check, word and severity matter.
pub(crate) fn result(id: &str, raw: RawResult, severity: Severity) -> CheckResult {
    CheckResult {
        identity: ResultIdentity {
            baseline: BaselineVersion::new("starter@1").expect("test id"),
            system: SystemId::new("his").expect("test id"),
            check: CheckId::new(id).expect("test id"),
            subject: Subject::local(),
            element: None,
        },
        revision: 1,
        severity,
        raw,
        observed: Vec::new(),
        failed_terms: Vec::new(),
        failed_terms_total: 0,
        failed_terms_rest: None,
        reasons: Vec::new(),
        evidence: vec![used("accounts", Some(Privilege::Root))],
        valid_until: None,
        answer_until: None,
        inputs: Digest([3; 32]),
        parameters: Digest([4; 32]),
        statements: Digest([5; 32]),
    }
}

/// `result` as it stands in the run of day `day`.
pub(crate) fn summary(day: i64, result: CheckResult) -> ResultSummary {
    ResultSummary {
        run: RunId::new(format!("run-{day}")).expect("test id"),
        as_of: Timestamp::from_second(day * 86_400).expect("test time"),
        result,
    }
}

/// A comparison that did not hold.
pub(crate) fn term(path: &str, observed: &str) -> Term {
    Term {
        path: path.to_owned(),
        observed: observed.to_owned(),
        operator: "==".to_owned(),
        allowed: "0".to_owned(),
    }
}

/// A value that was looked at.
pub(crate) fn observation(path: &str, value: &str) -> Observation {
    Observation { path: path.to_owned(), value: value.to_owned() }
}

/// Any word and severity, with a few terms and observations, over few identities.
pub(crate) fn any_result() -> impl Strategy<Value = CheckResult> {
    let severity = prop::sample::select(vec![
        Severity::Info,
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ]);
    let words = prop::sample::select(RawResult::ALL.to_vec());
    (words, severity, 0u8..12, prop::collection::btree_set(0u8..5, 0..4), 0u8..3).prop_map(
        |(raw, severity, id, terms, inputs)| {
            let mut result = result(&format!("T-{id}"), raw, severity);
            result.observed =
                terms.iter().map(|n| observation(&format!("p{n}"), &inputs.to_string())).collect();
            if raw == RawResult::Fail {
                result.failed_terms = terms.iter().map(|n| term(&format!("p{n}"), "1")).collect();
                result.failed_terms_total = terms.len() as u64;
            }
            result.inputs = Digest([inputs; 32]);
            result
        },
    )
}
