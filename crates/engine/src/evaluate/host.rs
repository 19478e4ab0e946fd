//! One subject's evidence and statements, looked up once for all checks.

use super::Input;
use super::prepared::digest_of;
use crate::content::Check;
use crate::predicate::BoundState;
use anji_model::{
    Body, Digest, EvidenceKey, EvidenceRecord, EvidenceStatus, EvidenceUse, Privilege, Reason,
    ReasonCategory, Register, RegisterId,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// How far a record may lie ahead of now. Clocks of two machines differ by
/// seconds; what lies further ahead shows that a clock was set back.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);

/// What one evaluation knows of its subject.
#[derive(Debug)]
pub(super) struct Host<'a> {
    facts: Vec<Fact<'a>>,
    /// Each body once, parsed when it is first asked for.
    parsed: Vec<OnceCell<Option<Value>>>,
    registers: BTreeMap<&'a RegisterId, Adopted>,
}

/// An approved list as assertions read it.
#[derive(Debug)]
struct Adopted {
    values: Vec<String>,
    digest: Digest,
}

/// A key that some check binds, with the revision of the parser whose bodies
/// the assertions were typed against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) key: &'a EvidenceKey,
    readable: Option<u32>,
}

impl<'a> Key<'a> {
    pub(super) fn new(key: &'a EvidenceKey) -> Self {
        let readable = anji_evidence::find(&key.kind).map(|kind| kind.parser_revision());
        Self { key, readable }
    }

    fn is_about(self, record: &EvidenceRecord, input: &Input<'_>) -> bool {
        record.subject == *input.subject && record.key == *self.key
    }

    /// Whether the body has the form that assertions were typed against.
    /// Another revision may name or leave out fields: what an assertion then
    /// does not find would look like an absent value.
    fn is_readable(self, record: &EvidenceRecord) -> bool {
        self.readable == Some(record.parser_revision)
    }
}

/// The state digests of whole bodies, by parser revision and the two marks of
/// trust: nearly all records of a host share one or two.
type States = BTreeMap<(u32, bool, bool), Digest>;

/// State and body of a fact.
type FactBasis = (Option<Digest>, Option<Digest>);

/// What is known of one key.
#[derive(Debug)]
pub(super) struct Fact<'a> {
    key: &'a EvidenceKey,
    known: Known<'a>,
    observed_at: Option<Timestamp>,
    privilege: Option<Privilege>,
    state: Option<Digest>,
    digest: Option<Digest>,
}

#[derive(Debug)]
enum Known<'a> {
    /// A body (none where the snapshot lacks it), and its place among the parsed ones.
    Body {
        record: &'a EvidenceRecord,
        body: Option<&'a Body>,
        parsed: usize,
    },
    Absent,
    /// It was not had, or cannot be trusted: age does not matter.
    Not(Reason),
}

impl<'a> Host<'a> {
    pub(super) fn new(keys: &[Key<'a>], input: &Input<'a>) -> Self {
        let mut parsed = BTreeMap::new();
        let mut states = States::default();
        let facts: Vec<_> =
            keys.iter().map(|key| fact(*key, input, &mut parsed, &mut states)).collect();
        let parsed = parsed.iter().map(|_| OnceCell::new()).collect();
        Self { facts, parsed, registers: adopted(input) }
    }

    pub(super) fn fact(&self, index: usize) -> &Fact<'a> {
        &self.facts[index]
    }

    /// What an assertion sees of the fact.
    pub(super) fn state<'h>(
        &'h self,
        fact: &'h Fact<'a>,
        age_max: SignedDuration,
        now: Timestamp,
    ) -> BoundState<'h> {
        if let Some(reason) = fact.stale(age_max, now) {
            return BoundState::Unknown(reason);
        }
        match &fact.known {
            Known::Not(reason) => BoundState::Unknown(reason.clone()),
            Known::Absent => BoundState::Absent,
            Known::Body { body: None, .. } => {
                BoundState::Unknown(fact.fault("the body is not in the snapshot"))
            }
            Known::Body { record, body: Some(body), parsed } => {
                match self.parsed[*parsed].get_or_init(|| serde_json::from_slice(body).ok()) {
                    Some(value) => BoundState::Collected { value, gaps: &record.gaps },
                    None => BoundState::Unknown(fact.fault("the body is not JSON")),
                }
            }
        }
    }

    /// The approved lists of `check`, in its order.
    pub(super) fn registers_of(&self, check: &Check) -> Vec<Option<&[String]>> {
        let values = |id| self.registers.get(id).map(|adopted| adopted.values.as_slice());
        check.registers.iter().map(|used| values(&used.register)).collect()
    }

    /// What all answers of this subject hang on: its facts, without their ages,
    /// and all of its approved lists.
    pub(super) fn basis(&self) -> (Vec<FactBasis>, Vec<(&str, Digest)>) {
        let facts = self.facts.iter().map(|fact| (fact.state, fact.digest)).collect();
        let lists = self.registers.iter().map(|(id, list)| (id.as_str(), list.digest)).collect();
        (facts, lists)
    }

    /// Digest over the approved lists of `check`, adopted or not.
    pub(super) fn statements(&self, check: &Check) -> Digest {
        let mut bytes = Vec::new();
        for used in &check.registers {
            // Digests have one length and ids hold no NUL: no two lists of
            // registers give the same bytes.
            bytes.extend_from_slice(used.register.as_str().as_bytes());
            bytes.push(0);
            let adopted = self.registers.get(&used.register);
            bytes.push(u8::from(adopted.is_some()));
            bytes.extend_from_slice(&adopted.map_or([0; 32], |adopted| adopted.digest.0));
        }
        anji_evidence::digest(&bytes)
    }
}

/// The subject's approved lists; of several versions the highest.
fn adopted<'a>(input: &Input<'a>) -> BTreeMap<&'a RegisterId, Adopted> {
    let mut newest: BTreeMap<&RegisterId, &Register> = BTreeMap::new();
    for register in input.registers.iter().filter(|register| register.subject == *input.subject) {
        let known = newest.entry(&register.id).or_insert(register);
        if register.version > known.version {
            *known = register;
        }
    }
    let read = |register: &Register| {
        let values: Vec<_> = register.entries.iter().map(|entry| entry.value.clone()).collect();
        let mut bytes = Vec::new();
        for value in &values {
            // With their lengths, no two lists give the same bytes.
            bytes.extend_from_slice(&(value.len() as u64).to_le_bytes());
            bytes.extend_from_slice(value.as_bytes());
        }
        Adopted { values, digest: anji_evidence::digest(&bytes) }
    };
    newest.into_iter().map(|(id, register)| (id, read(register))).collect()
}

fn fact<'a>(
    key: Key<'a>,
    input: &Input<'a>,
    parsed: &mut BTreeMap<Digest, usize>,
    states: &mut States,
) -> Fact<'a> {
    let Some(record) = input.snapshot.records.get(key.key) else {
        let known = Known::Not(Reason {
            category: ReasonCategory::NotCollected,
            key: Some(key.key.clone()),
            detail: "no record of it is in the snapshot".to_owned(),
        });
        let (observed_at, privilege) = (None, None);
        return Fact { key: key.key, known, observed_at, privilege, state: None, digest: None };
    };
    Fact {
        key: key.key,
        known: known(key, record, input, parsed),
        observed_at: Some(record.observed_at),
        privilege: Some(record.privilege),
        state: Some(state(key, record, input, states)),
        digest: record.body,
    }
}

/// Digest over what a record says besides its body, and whether it is believed.
fn state(key: Key<'_>, record: &EvidenceRecord, input: &Input<'_>, states: &mut States) -> Digest {
    let marks = (record.parser_revision, key.is_about(record, input), key.is_readable(record));
    let compute = || digest_of(&(&record.status, &record.gaps, marks));
    if record.status == EvidenceStatus::Collected && record.gaps.is_empty() {
        *states.entry(marks).or_insert_with(compute)
    } else {
        compute()
    }
}

/// What the record says, its age left aside.
fn known<'a>(
    key: Key<'_>,
    record: &'a EvidenceRecord,
    input: &Input<'a>,
    parsed: &mut BTreeMap<Digest, usize>,
) -> Known<'a> {
    let fault = |detail: &str| Known::Not(fault(key.key, detail));
    if !key.is_about(record, input) {
        return fault("the record is about something else");
    }
    match &record.status {
        EvidenceStatus::Failed { category, detail } => Known::Not(Reason {
            category: ReasonCategory::Evidence(*category),
            key: Some(key.key.clone()),
            detail: detail.clone(),
        }),
        EvidenceStatus::Absent { .. } => Known::Absent,
        EvidenceStatus::Collected => {
            let Some(digest) = record.body else {
                return fault("the record has no body");
            };
            if !key.is_readable(record) {
                return fault("the body was made by another revision of the parser");
            }
            let body = input.snapshot.bodies.get(&digest);
            let next = parsed.len();
            Known::Body { record, body, parsed: *parsed.entry(digest).or_insert(next) }
        }
    }
}

fn fault(key: &EvidenceKey, detail: &str) -> Reason {
    Reason { category: ReasonCategory::Fault, key: Some(key.clone()), detail: detail.to_owned() }
}

impl Fact<'_> {
    fn fault(&self, detail: &str) -> Reason {
        fault(self.key, detail)
    }

    /// Why it no longer decides, or does not decide yet. What was not had has
    /// its own reason already.
    fn stale(&self, age_max: SignedDuration, now: Timestamp) -> Option<Reason> {
        let observed_at = self.observed_at?;
        let age = now.duration_since(observed_at);
        let detail = if matches!(self.known, Known::Not(_)) {
            return None;
        } else if age > age_max {
            format!("seen {} s ago, decides for {} s", age.as_secs(), age_max.as_secs())
        } else if age < -AHEAD_MAX {
            format!("seen {} s after now: a clock was set back", -age.as_secs())
        } else {
            return None;
        };
        Some(Reason { category: ReasonCategory::Stale, key: Some(self.key.clone()), detail })
    }

    /// Whether its age, or lack of it, keeps it from deciding.
    pub(super) fn is_stale(&self, age_max: SignedDuration, now: Timestamp) -> bool {
        self.stale(age_max, now).is_some()
    }

    /// The use of it by a result.
    pub(super) fn usage(&self, age_max: SignedDuration, now: Timestamp) -> EvidenceUse {
        EvidenceUse {
            key: self.key.clone(),
            body: self.digest,
            observed_at: self.observed_at,
            privilege: self.privilege,
            state: self.state,
            stale: self.is_stale(age_max, now),
        }
    }

    /// The first instant at which its age could change an answer.
    pub(super) fn changes_at(&self, age_max: SignedDuration, now: Timestamp) -> Option<Timestamp> {
        let observed_at = self.observed_at?;
        let age = now.duration_since(observed_at);
        if matches!(self.known, Known::Not(_)) || age > age_max {
            None
        } else if age < -AHEAD_MAX {
            observed_at.checked_sub(AHEAD_MAX).ok()
        } else {
            observed_at.checked_add(age_max).ok()
        }
    }
}
