//! Mutants.
use super::{Mutant, Predicate};

pub(super) fn mutants(_predicate: &Predicate) -> Vec<Mutant> {
    Vec::new()
}
