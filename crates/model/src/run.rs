//! A run, and what is signed of it.

use crate::id::{BaselineVersion, Digest, RunId};
use crate::subject::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How much a run holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RunCounts {
    /// Evidence records.
    pub records: u64,
    /// Check results.
    pub results: u64,
    /// Drift entries.
    pub drift: u64,
}

/// What is signed of a run: enough to find any record changed, removed, added
/// or reordered, and to chain it to the run before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunManifest {
    /// The manifest's own format, 1.
    pub format: u32,
    /// The run.
    pub run: RunId,
    /// Whom it is about.
    pub subjects: Vec<Subject>,
    /// What people call them, in their order; empty in manifests of programs
    /// that did not keep it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subject_names: Vec<String>,
    /// When it began and ended, by our clock.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// The instant that the evaluation took as now.
    pub as_of: Timestamp,
    /// The baseline.
    pub baseline: BaselineVersion,
    /// The version of the program.
    pub program: String,
    /// Digest of the content.
    pub content: Digest,
    /// Digest of the parameters in force.
    pub parameters: Digest,
    /// Digest of the collection plan.
    pub plan: Digest,
    /// How much it holds.
    pub counts: RunCounts,
    /// The hash function of all digests here: `sha-256`.
    pub algorithm: String,
    /// Merkle root over the salted records (RFC 9162 form).
    pub merkle_root: Digest,
    /// Counts runs of the chain from 0.
    pub sequence: u64,
    /// Counts chains: a recovery after failover starts a new one.
    pub epoch: u64,
    /// The head of the chain before this run; none for the first.
    pub previous_head: Option<Digest>,
}

/// A manifest with its signature. The head of the chain is the digest of the
/// canonical manifest followed by the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedManifest {
    /// What is signed.
    pub manifest: RunManifest,
    /// Ed25519 public key, 64 hexadecimal digits.
    pub public_key: String,
    /// Ed25519 signature over the canonical manifest, 128 hexadecimal digits.
    pub signature: String,
}

/// A run in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    /// The run.
    pub run: RunId,
    /// The instant that the evaluation took as now.
    pub as_of: Timestamp,
    /// How much it holds.
    pub counts: RunCounts,
    /// The head of the chain after it.
    pub head: Digest,
}
