//! Proof that what is stored is what was signed.

use crate::context::Home;
use crate::error::AppError;
use anji_model::Digest;
use anji_store::{Problem, Store, VerifyReport};

/// Recomputes every digest, root, signature and chain of the store.
/// `expect_head` is a head printed by an earlier report: it finds a chain whose
/// tail was cut off since. `expect_key` is the public key (64 hexadecimal
/// digits) of the one who should have signed; without it that is the key file
/// of the state folder, and where that cannot be read either, a key that nobody
/// vouches for is a problem.
///
/// # Errors
/// When there is no store, or it cannot be read at all.
pub fn verify(
    home: &Home,
    expect_head: Option<Digest>,
    expect_key: Option<&str>,
) -> Result<VerifyReport, AppError> {
    let mut report = Store::open_read_only(&home.state)?.verify(expect_head)?;
    if let Some(found) = report.public_key.clone() {
        let known = expect_key.map_or(report.key_known, |key| key.eq_ignore_ascii_case(&found));
        if !known {
            report.problems.push(Problem::KeyUnknown { found });
        }
    }
    Ok(report)
}
