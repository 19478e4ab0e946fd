//! Evaluation.
use super::{Environment, Predicate, Truth, Verdict};

pub(super) fn evaluate(_predicate: &Predicate, _env: &Environment<'_>) -> Verdict {
    Verdict {
        truth: Truth::Unknown,
        terms: Vec::new(),
        terms_total: 0,
        observed: Vec::new(),
        reasons: Vec::new(),
        absent: Vec::new(),
        valid_until: None,
    }
}
