//! The encodings that everything stored goes through: canonical JSON, SHA-256, zstd.

use crate::error::StoreError;
use anji_model::Digest;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::io::Read;

/// Most bytes that a stored blob may unpack to; a damaged length must not eat the memory.
pub(crate) const UNPACKED_MAX: u64 = 1 << 30;

/// Canonical JSON (RFC 8785).
pub(crate) fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json_canonicalizer::to_string(&value)
        .map_err(|error| StoreError::invalid(format!("not canonical JSON: {error}")))
}

/// SHA-256 of `parts` one after the other.
pub(crate) fn digest(parts: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    Digest(hash.finalize().into())
}

/// Compresses `bytes`.
pub(crate) fn pack(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::stream::encode_all(bytes, 6)
        .map_err(|error| StoreError::invalid(format!("not compressible: {error}")))
}

/// What [`pack`] was given; `None` when the bytes are not such a blob or unpack to too much.
pub(crate) fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(packed).ok()?;
    decoder.take(UNPACKED_MAX + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= UNPACKED_MAX).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_gives_back_what_it_took_and_refuses_damage() {
        let bytes: Vec<u8> = (0..10_000u32).map(|n| (n % 7) as u8).collect();
        let packed = pack(&bytes).unwrap();
        assert!(packed.len() < 200);
        assert_eq!(unpack(&packed).as_deref(), Some(&bytes[..]));
        assert_eq!(unpack(&packed[..packed.len() - 1]), None);
        assert_eq!(unpack(b"not zstd"), None);
    }

    #[test]
    fn canonical_json_sorts_keys_and_has_no_blanks() {
        let value = serde_json::json!({"b": 1, "a": [true, null]});
        assert_eq!(canonical(&value).unwrap(), r#"{"a":[true,null],"b":1}"#);
    }
}
