//! Proof that what is stored is what was signed.

use crate::context::Home;
use crate::error::AppError;
use anji_model::Digest;
use anji_store::{Store, VerifyReport};

/// Recomputes every digest, root, signature and chain of the store.
/// `expect_head` is a head printed by an earlier report: it finds a chain whose
/// tail was cut off since.
///
/// # Errors
/// When there is no store, or it cannot be read at all.
pub fn verify(home: &Home, expect_head: Option<Digest>) -> Result<VerifyReport, AppError> {
    Ok(Store::open_read_only(&home.state)?.verify(expect_head)?)
}
