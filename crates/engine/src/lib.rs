//! Content in, verdicts out: load packs, plan the collection, evaluate
//! evidence, compare runs and score them.
//!
//! Everything here is pure: no files, no network, no clock; `now` and the text
//! of content files are arguments. It is the only crate that names `cel`, and
//! `cel` only parses: see [`predicate`](Predicate) for what is done with the tree.

mod adoptable;
mod case;
mod compare;
mod content;
mod cure;
mod derived;
mod error;
mod evaluate;
mod load;
mod plan;
mod predicate;
mod readable;
mod recorded;
#[cfg(test)]
mod samples;
mod score;
pub mod vulns;
mod yaml;

pub use adoptable::observed_entries;
pub use case::{CaseOutcome, PreparedCase, run_case};
pub use compare::{Comparison, Scope, ScopeChecks, compare, newly_failing};
pub use content::{
    AbsentAnswer, Baseline, Binding, Case, CasePatch, Check, Content, ContentFile, CureStep,
    Decides, Mapping, MappingLine, Param, ParamType, ParamValue, Platform, RegisterUse, Stricter,
};
pub use cure::{Cure, CureCommand, cure};
pub use derived::{derive, derived_keys, lookup};
pub use error::EngineError;
pub use evaluate::{Evaluator, Input, Standing, evaluate, evaluate_check};
pub use load::load;
pub use plan::{Selection, plan, plan_everything};
pub use predicate::{
    Answer, Bound, BoundState, Environment, Found, Mutant, Predicate, Query, Truth, Verdict,
    did_you_mean,
};
pub use readable::readable;
pub use recorded::{NamedEvidence, recorded};
pub use score::{
    assess, conformance, coverage, next_steps, unknown_groups, verdicts_with_more_rights,
};
