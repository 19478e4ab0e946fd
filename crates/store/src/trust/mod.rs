//! What makes stored runs provable: salted Merkle leaves, signatures, the chain.
//!
//! A run's leaves are, in this order, its context (rights, drift counts, the end of the audit
//! log), each evidence record, each result, and the command log, every one as canonical JSON
//! under its kind (`{"record":{...}}`). The manifest holds their root; its signature and the head
//! before it make the chain.

mod key;
pub mod merkle;
mod proof;

pub use key::{KeyPair, signature_holds};
pub use proof::{InclusionProof, LeafName, ProofError};

pub(crate) use key::random;

use crate::codec::digest;
use anji_model::Digest;

/// The head of the chain after a run: SHA-256 of its canonical manifest and the signature's bytes.
pub fn head(manifest: &str, signature: &[u8; 64]) -> Digest {
    digest(&[manifest.as_bytes(), signature])
}

/// The leaf that holds `json` (canonical) under its kind.
pub(crate) fn leaf_text(kind: &str, json: &str) -> String {
    format!("{{\"{kind}\":{json}}}")
}

/// The leaf hashes of a run's leaf texts.
pub(crate) fn leaf_hashes(seed: &merkle::Seed, leaves: &[String]) -> Vec<Digest> {
    let hash = |(index, text): (usize, &String)| {
        merkle::leaf(&merkle::salt(seed, index as u64), text.as_bytes())
    };
    leaves.iter().enumerate().map(hash).collect()
}
