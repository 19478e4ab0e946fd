//! Predicates: the assertions of checks, typed and evaluated in Kleene logic.
//!
//! `cel` parses; `lower` turns its tree into ours and types it against the
//! evidence schemas; `evaluate` answers over evidence of which parts may be
//! unknown, partial or absent by fact. The one rule above all: with less known,
//! the answer is the same or unknown.
//!
//! What a value can be, beside known:
//!
//! - *unknown*: the evidence was not had, or a gap names its place. A gap makes
//!   the nulls at and below its place unknown, and at exactly its place also a
//!   value that cannot be null.
//! - *absent*: the null of an optional field without a gap, or evidence that is
//!   not there by fact. False dominates it in `&&` and true in `||`; unknown
//!   dominates it everywhere.
//!
//! What a list can be:
//!
//! - *partial*, by a gap: a witness decides (`all` with a violator is false,
//!   `exists` and `in` with one are true, `unique` with a repetition is false),
//!   anything else is unknown. Lists inside its elements are whole.
//! - *complete and empty*: unknown to `all`, `exists`, `unique`, `filter` and
//!   `map` unless the binding says `empty: ok`. `in` and `size` directly over
//!   it take it as it is. Parameters and approved lists may be empty.
//! - *filtered*: an element of which the filter is unknown may or may not be in
//!   it, and decides nothing alone.

mod cause;
mod evaluate;
mod iterate;
mod lower;
mod mutate;
mod parse;
mod problem;
mod query;
mod trace;
mod tree;
mod types;
mod value;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub(crate) use cause::{covers, lacks_elements};
pub(crate) use lower::{Scope, Uses, Wanted};
pub(crate) use problem::Problem;
pub use problem::did_you_mean;
pub use query::{Answer, Found, Query};
pub(crate) use types::{FieldType, RecordType, Type};
pub(crate) use value::mode_bits;

use crate::content::{Param, ParamValue, RegisterUse};
use anji_model::{Digest, EvidenceKey, Gap, Observation, Reason, RegisterId, Term};
use jiff::Timestamp;
use mutate::Nudge;
use std::collections::BTreeSet;
use std::sync::Arc;
use tree::Node;

/// A typed assertion. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Predicate {
    root: Arc<Node>,
    names: Arc<Names>,
    params: Arc<[Param]>,
    /// Changes of parameters, in mutants only.
    nudges: Vec<(usize, Nudge)>,
}

/// The names that paths and reasons show.
#[derive(Debug)]
struct Names {
    bindings: Vec<String>,
    params: Vec<String>,
    registers: Vec<RegisterUse>,
}

impl Names {
    fn binding(&self, index: usize) -> &str {
        self.bindings.get(index).map_or("", String::as_str)
    }

    fn param(&self, index: usize) -> &str {
        self.params.get(index).map_or("", String::as_str)
    }

    fn register(&self, index: usize) -> &str {
        self.registers.get(index).map_or("", |register| &register.name)
    }

    fn register_id(&self, index: usize) -> Option<RegisterId> {
        self.registers.get(index).map(|register| register.register.clone())
    }
}

impl Predicate {
    /// Parses and types `text`.
    pub(crate) fn compile(
        text: &str,
        bindings: &[(String, Option<Type>)],
        params: &[Param],
        registers: &[RegisterUse],
    ) -> Result<(Self, Uses), Vec<Problem>> {
        let register_names: Vec<String> =
            registers.iter().map(|register| register.name.clone()).collect();
        let scope = Scope { bindings, params, registers: &register_names };
        let (root, uses) = lower::lower(text, scope, Wanted::Truth)?;
        Ok((Self::of(root, bindings, params, registers), uses))
    }

    /// Parses and types `text`, which may be of any type.
    fn compile_value(
        text: &str,
        bindings: &[(String, Option<Type>)],
        params: &[Param],
        registers: &[RegisterUse],
    ) -> Result<Self, Vec<Problem>> {
        let register_names: Vec<String> =
            registers.iter().map(|register| register.name.clone()).collect();
        let scope = Scope { bindings, params, registers: &register_names };
        let (root, _) = lower::lower(text, scope, Wanted::Value)?;
        Ok(Self::of(root, bindings, params, registers))
    }

    fn of(
        root: Node,
        bindings: &[(String, Option<Type>)],
        params: &[Param],
        registers: &[RegisterUse],
    ) -> Self {
        let names = Names {
            bindings: bindings.iter().map(|(name, _)| name.clone()).collect(),
            params: params.iter().map(|param| param.name.clone()).collect(),
            registers: registers.to_vec(),
        };
        Self {
            root: Arc::new(root),
            names: Arc::new(names),
            params: params.into(),
            nudges: Vec::new(),
        }
    }

    fn root(&self) -> &Node {
        &self.root
    }

    fn with_root(&self, root: Node) -> Self {
        Self { root: Arc::new(root), ..self.clone() }
    }

    /// The answer over `env`. Total and bounded: what exceeds a limit is
    /// unknown, with a reason of category fault.
    pub fn evaluate(&self, env: &Environment<'_>) -> Verdict {
        evaluate::evaluate(self, env)
    }

    /// Every text that the assertion looks up in the approved list at this
    /// place of the check's registers: what a first list would have to hold.
    pub(crate) fn looked_up(&self, env: &Environment<'_>, register: usize) -> BTreeSet<String> {
        evaluate::looked_up(self, env, register)
    }

    /// Every small change of the assertion that its cases have to notice.
    pub fn mutants(&self) -> Vec<Mutant> {
        mutate::mutants(self)
    }
}

/// An assertion with one small change.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// The change, in English, for instance `` `<=` to `<` at 14 ``.
    pub description: String,
    /// The changed assertion.
    pub predicate: Predicate,
}

/// What an assertion is evaluated over. The lists stand in the order of the
/// check's own: [`Check::bindings`](crate::Check), `params`, `registers`.
#[derive(Debug, Clone)]
pub struct Environment<'a> {
    /// The evidence, one for each binding of the check.
    pub bindings: Vec<Bound<'a>>,
    /// The parameters, one for each of the check.
    pub params: &'a [ParamValue],
    /// The approved lists, one for each of the check; none where none is adopted.
    pub registers: Vec<Option<&'a [String]>>,
    /// The time of evaluation.
    pub now: Timestamp,
}

/// Evidence under a name.
#[derive(Debug, Clone)]
pub struct Bound<'a> {
    /// What it is.
    pub key: &'a EvidenceKey,
    /// What is known of it.
    pub state: BoundState<'a>,
    /// Whether complete empty lists in it are an answer.
    pub empty_ok: bool,
}

/// What is known of a piece of evidence.
#[derive(Debug, Clone)]
pub enum BoundState<'a> {
    /// It was had, except for its gaps.
    Collected {
        /// The parsed body.
        value: &'a serde_json::Value,
        /// What the body lacks.
        gaps: &'a [Gap],
    },
    /// It is not there, by fact.
    Absent,
    /// It was not had, is too old, or is not to be trusted.
    Unknown(Reason),
}

/// A truth value of the Kleene logic with absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// True on known, complete evidence.
    True,
    /// False; a single known witness suffices.
    False,
    /// What is known does not decide.
    Unknown,
    /// It hangs on something that is absent by fact: see
    /// [`Check::absent_answer`](crate::Check::absent_answer).
    Absent,
}

/// The answer of an assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub truth: Truth,
    /// The comparisons that made it false, at most 20.
    pub terms: Vec<Term>,
    /// How many comparisons made it false in all.
    pub terms_total: u64,
    /// Digest over those that are not kept, if there are any.
    pub terms_rest: Option<Digest>,
    /// Values that it was decided from, at most 10.
    pub observed: Vec<Observation>,
    /// Why it is unknown or absent; empty when true or false.
    pub reasons: Vec<Reason>,
    /// The bindings (by index) whose absence it hangs on; empty unless absent.
    pub absent: Vec<usize>,
    /// The first instant after `now` at which time alone could change the answer.
    pub valid_until: Option<Timestamp>,
}
