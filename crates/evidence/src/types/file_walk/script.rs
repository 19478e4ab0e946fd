//! The capture body.

pub(super) const BODY: &str = "return 45";
