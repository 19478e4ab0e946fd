//! Who changed what.

use crate::id::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a use case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// Done.
    Done,
    /// Not allowed.
    Refused,
    /// Tried, and failed.
    Failed,
}

/// One line of the hash-chained, append-only audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Counts from 0.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Who: the operating system user, or a named user.
    pub actor: String,
    /// Which use case, for instance `register.adopt`.
    pub use_case: String,
    /// On what.
    pub object: String,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// More, in a few English words.
    pub detail: String,
    /// Hash of the entry before; none for the first.
    pub previous: Option<Digest>,
    /// Hash of this entry's canonical form without this field.
    pub hash: Digest,
}
