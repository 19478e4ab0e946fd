//! The parser.

use crate::frame::Frames;
use crate::kind::Parsed;
use crate::problem::Problem;
use anji_model::FailureCategory;

pub(super) fn read(_frames: &Frames) -> Result<Parsed, Problem> {
    Err(Problem::new(FailureCategory::Unsupported, "not read yet"))
}
