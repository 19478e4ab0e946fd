//! The canonical encoding of evidence bodies and their digests.

use anji_model::Digest;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// A value that has no canonical encoding.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// The value is not representable in canonical JSON.
    #[error("value has no canonical encoding")]
    Encode(#[source] serde_json::Error),
}

/// The canonical JSON (RFC 8785) of a value.
///
/// # Errors
/// [`BodyError::Encode`] when the value is not representable, for instance a
/// map with keys that are not text.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, BodyError> {
    serde_json_canonicalizer::to_vec(value).map_err(BodyError::Encode)
}

/// The SHA-256 digest that addresses a body.
pub fn digest(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// A list in its canonical order, without repetitions.
pub fn canonical_list<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = items.into_iter().collect();
    list.sort_unstable();
    list.dedup();
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_orders_members_by_name() {
        let value = serde_json::json!({"b": [1, 2], "a": "\u{20ac}"});
        assert_eq!(canonical(&value).unwrap(), "{\"a\":\"\u{20ac}\",\"b\":[1,2]}".as_bytes());
    }

    #[test]
    fn digest_of_nothing_is_the_known_one() {
        assert!(digest(b"").to_string().starts_with("e3b0c44298fc1c14"));
    }

    #[test]
    fn lists_are_sorted_and_unique() {
        assert_eq!(canonical_list(["b", "a", "b"]), ["a", "b"]);
    }
}
