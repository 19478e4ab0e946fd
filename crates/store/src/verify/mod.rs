//! Recomputing everything that was signed.

mod problem;

pub use problem::{Place, Problem, VerifyReport};
