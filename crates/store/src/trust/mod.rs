//! What makes stored runs provable: salted Merkle leaves, signatures, the chain.

use anji_model::{Digest, EvidenceKey, ResultIdentity, SignedManifest, Subject};

/// Which leaf of a run a proof is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeafName {
    /// What stands beside the records: rights, drift counts, the audit log's end.
    Context,
    /// One evidence record.
    Record(Subject, EvidenceKey),
    /// One result.
    Result(ResultIdentity),
    /// The command log.
    Commands,
}

/// That one record stands in a signed run, without anything of its siblings.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct InclusionProof {
    /// The signed manifest.
    pub signed: SignedManifest,
    /// The leaf's place, from 0.
    pub index: u64,
    /// How many leaves there are.
    pub size: u64,
    /// The leaf's salt, hexadecimal.
    pub salt: String,
    /// The canonical record.
    pub leaf: String,
    /// The hashes from the leaf's sibling up to the root's child.
    pub path: Vec<Digest>,
}
