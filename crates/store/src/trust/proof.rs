//! Proofs that one record stands in a signed run, told without its siblings.

use super::{head, merkle, signature_holds};
use crate::codec::canonical;
use anji_model::{Digest, EvidenceKey, ResultIdentity, SignedManifest, Subject};
use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// The signed manifest.
    pub signed: SignedManifest,
    /// The leaf's place, from 0.
    pub index: u64,
    /// How many leaves there are.
    pub size: u64,
    /// The leaf's salt, 32 hexadecimal digits.
    pub salt: String,
    /// The canonical record under its kind.
    pub leaf: String,
    /// The hashes from the leaf's sibling up to the root's child.
    pub path: Vec<Digest>,
}

/// Why an [`InclusionProof`] proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// A key, signature or salt is not hexadecimal of its length.
    #[error("the proof is malformed")]
    Malformed,
    /// Another key signed than the expected one.
    #[error("the proof is signed with another key")]
    WrongKey,
    /// The signature does not hold over the manifest.
    #[error("the signature of the proof does not hold")]
    BadSignature,
    /// The record does not lead to the signed root.
    #[error("the record does not stand in the signed run")]
    NotIncluded,
}

impl InclusionProof {
    /// Checks the proof against the public key that the reader trusts. Returns the head of the
    /// chain after the run, to compare with a printed report.
    ///
    /// # Errors
    /// [`ProofError`] with the first thing that does not hold.
    pub fn check(&self, public_key: &[u8; 32]) -> Result<Digest, ProofError> {
        let public: [u8; 32] = from_hex(&self.signed.public_key)?;
        let signature: [u8; 64] = from_hex(&self.signed.signature)?;
        let salt: [u8; 16] = from_hex(&self.salt)?;
        if public != *public_key {
            return Err(ProofError::WrongKey);
        }
        let manifest = canonical(&self.signed.manifest).map_err(|_| ProofError::Malformed)?;
        if !signature_holds(&public, manifest.as_bytes(), &signature) {
            return Err(ProofError::BadSignature);
        }
        let counts = &self.signed.manifest.counts;
        let leaf = merkle::leaf(&salt, self.leaf.as_bytes());
        let root = merkle::root_by_path(leaf, self.index, self.size, &self.path);
        // Context and command log stand beside the records and results.
        let size = counts.records.saturating_add(counts.results).saturating_add(2);
        if size != self.size || root != Some(self.signed.manifest.merkle_root) {
            return Err(ProofError::NotIncluded);
        }
        Ok(head(&manifest, &signature))
    }
}

fn from_hex<const N: usize>(digits: &str) -> Result<[u8; N], ProofError> {
    let mut bytes = [0; N];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| ProofError::Malformed)?;
    Ok(bytes)
}
