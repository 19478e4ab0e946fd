//! The encodings that everything stored goes through: canonical JSON, SHA-256, zstd.

use crate::error::StoreError;
use anji_model::Digest;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::io::Read;

/// Most bytes that a stored blob may unpack to; a damaged length must not eat the memory.
pub(crate) const UNPACKED_MAX: u64 = 1 << 30;

/// Canonical JSON (RFC 8785).
pub(crate) fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json_canonicalizer::to_string(&value)
        .map_err(|error| StoreError::invalid(format!("not canonical JSON: {error}")))
}

/// Canonical JSON of a value: as [`canonical`], and several times faster for what we store.
pub(crate) fn canonical_value(value: &Value) -> Result<String, StoreError> {
    let mut text = String::with_capacity(512);
    match write_plain(value, &mut text) {
        Some(()) => Ok(text),
        None => canonical(value),
    }
}

/// Writes what needs none of the finer rules: whole numbers that a double holds exactly, and ASCII
/// keys, whose order is the same in bytes and in UTF-16. `None` for anything else.
fn write_plain(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => {
            let number = number.as_i64().filter(|n| n.unsigned_abs() < 1 << 53)?;
            text.push_str(&number.to_string());
        }
        // Escapes of serde_json are those of the canonical form: the short ones, else `\u00xx`.
        Value::String(string) => text.push_str(&serde_json::to_string(string).ok()?),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_plain(item, text)?;
            }
            text.push(']');
        }
        Value::Object(map) => {
            let mut fields: Vec<(&String, &Value)> = map.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (index, (name, field)) in fields.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&serde_json::to_string(name).ok().filter(|_| name.is_ascii())?);
                text.push(':');
                write_plain(field, text)?;
            }
            text.push('}');
        }
    }
    Some(())
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
    use proptest::prelude::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-9i64..99).prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[\\x00-\\x7f]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            let key = prop_oneof!["[ -~]{0,3}", any::<String>()];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(key, inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]
        #[test]
        fn the_fast_way_writes_the_same(value in any_json()) {
            prop_assert_eq!(canonical_value(&value).ok(), canonical(&value).ok());
        }
    }

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
