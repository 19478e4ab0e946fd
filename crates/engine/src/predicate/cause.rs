//! Why something is not known: noted cheaply during evaluation, put into words
//! once an answer is wanted.

use super::BoundState;
use super::evaluate::{Evaluator, STEPS_MAX};
use super::trace::bounded;
use anji_model::{Reason, ReasonCategory};

/// Why something is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause<'a> {
    Binding(usize),
    Gap(usize, usize),
    Empty(usize, &'a str),
    Register(usize),
    NoEntry(usize, &'a str),
    Schema(usize, &'a str),
    Mode,
    Unbound,
    Steps,
}

impl Evaluator<'_> {
    fn key_of(&self, binding: usize) -> Option<anji_model::EvidenceKey> {
        self.env.bindings.get(binding).map(|bound| bound.key.clone())
    }

    pub(super) fn absence(&self, binding: usize) -> Reason {
        let name = self.predicate.names.binding(binding);
        Reason {
            category: ReasonCategory::Absent,
            key: self.key_of(binding),
            detail: format!("`{name}`, or an optional value in it, is absent by fact"),
        }
    }

    pub(super) fn reason(&self, cause: Cause<'_>) -> Reason {
        let names = &self.predicate.names;
        let place = |binding: usize, path: &str| match path {
            "" => names.binding(binding).to_owned(),
            path => format!("{}.{path}", names.binding(binding)),
        };
        let (category, binding, detail) = match cause {
            Cause::Binding(index) => {
                if let Some(BoundState::Unknown(reason)) =
                    self.env.bindings.get(index).map(|bound| &bound.state)
                {
                    return reason.clone();
                }
                (ReasonCategory::Fault, Some(index), "no evidence bound".to_owned())
            }
            Cause::Gap(binding, index) => match self.gaps(binding).get(index) {
                Some(gap) => (
                    ReasonCategory::Evidence(gap.category),
                    Some(binding),
                    bounded(&format!("{}: {}", place(binding, &gap.path), gap.detail)),
                ),
                None => (ReasonCategory::Fault, Some(binding), "no such gap".to_owned()),
            },
            Cause::Empty(binding, path) => {
                let detail = format!("`{}` is empty", place(binding, path));
                (ReasonCategory::Empty, Some(binding), detail)
            }
            Cause::Register(index) => {
                let detail = format!("no list adopted for `registers.{}`", names.register(index));
                let category = names
                    .register_id(index)
                    .map_or(ReasonCategory::Fault, ReasonCategory::NoRegister);
                (category, None, detail)
            }
            Cause::NoEntry(param, key) => {
                let detail = format!("`params.{}` has no entry for `{key}`", names.param(param));
                (ReasonCategory::Undecidable, None, bounded(&detail))
            }
            Cause::Schema(binding, path) => {
                let detail =
                    format!("`{}` does not have the form of its schema", place(binding, path));
                (ReasonCategory::Fault, Some(binding), detail)
            }
            Cause::Mode => (ReasonCategory::Fault, None, "not an octal mode".to_owned()),
            Cause::Unbound => {
                (ReasonCategory::Fault, None, "the environment does not fit the check".to_owned())
            }
            Cause::Steps => {
                let detail = format!("more than {STEPS_MAX} evaluation steps");
                (ReasonCategory::Fault, None, detail)
            }
        };
        Reason { category, key: binding.and_then(|binding| self.key_of(binding)), detail }
    }
}

/// Whether a gap at `gap` says something about the value at `path`: it is that
/// place, or one that holds it.
pub(crate) fn covers(gap: &str, path: &str) -> bool {
    path.strip_prefix(gap)
        .is_some_and(|rest| gap.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Whether a partial gap at `gap` leaves the list at `path` incomplete. The
/// elements that a partial list does hold are whole, and so are lists in them.
pub(crate) fn lacks_elements(gap: &str, path: &str) -> bool {
    path.strip_prefix(gap)
        .is_some_and(|rest| gap.is_empty() || rest.is_empty() || rest.starts_with('.'))
}
