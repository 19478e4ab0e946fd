//! A check with everything that is the same for every subject.

use super::Input;
use super::host::{Fact, Host};
use crate::content::{AbsentAnswer, Baseline, Binding, Check, Decides, ParamValue};
use crate::plan::binding_limits;
use anji_evidence::{canonical, digest};
use anji_model::{BaselineVersion, CheckResult, Digest, EvidenceKey, RawResult, ResultIdentity};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// Raised whenever the meaning of an assertion changes without a change of its
/// text, so that no result of an earlier program is taken over.
const SEMANTICS: u32 = 1;

/// A check made ready.
#[derive(Debug)]
pub(super) struct Prepared<'c> {
    pub(super) check: &'c Check,
    /// Its parameters in force.
    pub(super) params: Vec<ParamValue>,
    /// Digest over them by name.
    pub(super) parameters: Digest,
    /// Digest over the check's own definition.
    pub(super) definition: Digest,
    /// For each binding the place of its key among all keys, and how long the
    /// evidence decides.
    pub(super) slots: Vec<Slot>,
}

/// Where a binding's evidence stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Index into the keys of the evaluator.
    pub(super) key: usize,
    /// Age after which it no longer decides.
    pub(super) age_max: SignedDuration,
}

/// What a check is, apart from its words for people.
#[derive(Serialize)]
struct Definition<'a> {
    semantics: u32,
    id: &'a str,
    revision: u32,
    assertion: &'a str,
    bindings: Vec<BindingDefinition<'a>>,
    registers: Vec<(&'a str, &'a str)>,
    decides: Decides,
    undecided: Option<&'a str>,
}

#[derive(Serialize)]
struct BindingDefinition<'a> {
    name: &'a str,
    key: &'a EvidenceKey,
    empty_ok: bool,
    age_seconds_max: Option<u32>,
    when_absent: Option<AbsentAnswer>,
}

impl<'c> Prepared<'c> {
    pub(super) fn new(check: &'c Check, baseline: &Baseline, keys: &[&EvidenceKey]) -> Self {
        let params = baseline.params_of(check);
        let named: Vec<_> =
            check.params.iter().zip(&params).map(|(param, value)| (&param.name, value)).collect();
        let parameters = digest_of(&named);
        let slot = |binding: &Binding| {
            let key = keys
                .binary_search(&&binding.key)
                .expect("the keys were collected from these very bindings");
            // A type that is not registered decides nothing, at any age.
            let age = binding_limits(&binding.key, binding.age_seconds_max)
                .map_or(0, |limits| limits.age_seconds_max);
            Slot { key, age_max: SignedDuration::from_secs(i64::from(age)) }
        };
        let slots = check.bindings.iter().map(slot).collect();
        Self { check, params, parameters, definition: definition(check), slots }
    }

    /// The result as far as it does not hang on evidence, with no answer yet.
    pub(super) fn blank(
        &self,
        version: &BaselineVersion,
        host: &Host<'_>,
        input: &Input<'_>,
    ) -> CheckResult {
        let info = &self.check.info;
        let statements = host.statements(self.check);
        let mut inputs = Vec::with_capacity(96);
        for part in [self.definition, self.parameters, statements] {
            inputs.extend_from_slice(&part.0);
        }
        CheckResult {
            identity: ResultIdentity {
                baseline: version.clone(),
                system: input.system.clone(),
                check: info.id.clone(),
                subject: input.subject.clone(),
                element: None,
            },
            revision: info.revision,
            severity: info.severity,
            raw: RawResult::Unknown,
            observed: Vec::new(),
            failed_terms: Vec::new(),
            failed_terms_total: 0,
            failed_terms_rest: None,
            reasons: Vec::new(),
            evidence: Vec::new(),
            valid_until: None,
            answer_until: None,
            inputs: digest(&inputs),
            parameters: self.parameters,
            statements,
        }
    }

    /// The facts that the bindings stand for, with how old each may be.
    pub(super) fn facts<'h, 'a>(
        &'h self,
        host: &'h Host<'a>,
    ) -> impl Iterator<Item = (&'h Fact<'a>, SignedDuration)> {
        self.slots.iter().map(|slot| (host.fact(slot.key), slot.age_max))
    }

    /// Writes down from what evidence the answer will come.
    pub(super) fn bind_uses(&self, result: &mut CheckResult, host: &Host<'_>, now: Timestamp) {
        result.evidence =
            self.facts(host).map(|(fact, age_max)| fact.usage(age_max, now)).collect();
    }

    /// The first instant at which the age of the evidence could change the answer.
    pub(super) fn aged_at(&self, host: &Host<'_>, now: Timestamp) -> Option<Timestamp> {
        // What is unknown whatever the evidence says is so at any age.
        let facts = self.facts(host).filter(|_| self.check.decides != Decides::Nothing);
        facts.filter_map(|(fact, age_max)| fact.changes_at(age_max, now)).min()
    }

    /// An earlier answer, on the evidence of now.
    pub(super) fn take_over(
        &self,
        mut blank: CheckResult,
        earlier: &CheckResult,
        host: &Host<'_>,
        now: Timestamp,
    ) -> CheckResult {
        blank.raw = earlier.raw;
        blank.observed = earlier.observed.clone();
        blank.failed_terms = earlier.failed_terms.clone();
        blank.failed_terms_total = earlier.failed_terms_total;
        blank.failed_terms_rest = earlier.failed_terms_rest;
        blank.reasons = earlier.reasons.clone();
        blank.answer_until = earlier.answer_until;
        blank.valid_until = earlier.answer_until.into_iter().chain(self.aged_at(host, now)).min();
        blank
    }
}

fn definition(check: &Check) -> Digest {
    fn bound(binding: &Binding) -> BindingDefinition<'_> {
        BindingDefinition {
            name: &binding.name,
            key: &binding.key,
            empty_ok: binding.empty_ok,
            age_seconds_max: binding.age_seconds_max,
            when_absent: binding.when_absent,
        }
    }
    digest_of(&Definition {
        semantics: SEMANTICS,
        id: check.info.id.as_str(),
        revision: check.info.revision,
        assertion: &check.info.assertion,
        bindings: check.bindings.iter().map(bound).collect(),
        registers: check
            .registers
            .iter()
            .map(|used| (used.name.as_str(), used.register.as_str()))
            .collect(),
        decides: check.decides,
        undecided: check.info.undecided.as_ref().map(|text| text.en.as_str()),
    })
}

/// Digest over the canonical form of `value`.
pub(super) fn digest_of<T: Serialize>(value: &T) -> Digest {
    digest(&canonical(value).expect("text, numbers and lists of them have a canonical form"))
}
