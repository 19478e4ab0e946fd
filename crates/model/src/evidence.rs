//! What was observed, by whom, when, and how completely.

use crate::id::Digest;
use crate::key::EvidenceKey;
use crate::subject::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rights that a piece of evidence was collected with. Ordered:
/// evidence collected with less is not comparable downward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Privilege {
    /// An ordinary account.
    User,
    /// An ordinary account with listed sudo commands.
    Sudo,
    /// Effective user id 0.
    Root,
}

/// Who collected, and with which program.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Collector {
    /// The way to the target: `local`, `root`, later `ssh`, `bundle`.
    pub transport: String,
    /// The version of the program that collected.
    pub version: String,
}

/// Why a piece of evidence was not had. Reports and drift depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureCategory {
    /// The account may not read it.
    Permission,
    /// The command ran out of its time.
    TimedOut,
    /// More bytes or entries than the limit came.
    Truncated,
    /// The bytes did not have the form that the type's parser knows.
    Unparsable,
    /// The target lacks the tool, and there is no other way.
    ToolMissing,
    /// A live fact was asked of a root directory.
    NotLive,
    /// The frame's end, or the frame, did not arrive.
    Incomplete,
    /// The target's platform is not supported by the type.
    Unsupported,
    /// The touch policy of the asset forbids it.
    Refused,
    /// The command itself reported a fault.
    CommandFailed,
    /// No channel to the target could be opened.
    Unreachable,
    /// It needs data that people bring, and that was not imported or is too old.
    NotImported,
}

/// Whether evidence was had.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum EvidenceStatus {
    /// There is a body; [`EvidenceRecord::gaps`] says what it lacks.
    Collected,
    /// The thing is not there, by fact.
    Absent {
        /// What showed that, in a few English words.
        detail: String,
    },
    /// It was not had.
    Failed {
        /// The kind of failure.
        category: FailureCategory,
        /// What happened, in a few English words; bounded and escaped.
        detail: String,
    },
}

/// What a [`Gap`] means for the value at its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// The value (a null in the body) was not had.
    Unknown,
    /// The list lacks elements; those present are true.
    Partial,
}

/// A part of a collected body that was not had. Paths are field names joined
/// by dots; `[]` stands for every element of a list: `shadow`,
/// `sockets[].process`. An `Unknown` gap turns the nulls at its path into
/// unknowns; a `Partial` gap makes the list at its path incomplete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Gap {
    /// Where in the body.
    pub path: String,
    /// What it means there.
    pub kind: GapKind,
    /// Why.
    pub category: FailureCategory,
    /// What happened, in a few English words; bounded and escaped.
    pub detail: String,
}

/// One piece of evidence about one subject. Immutable once made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EvidenceRecord {
    /// What was asked.
    pub key: EvidenceKey,
    /// Whom it is about.
    pub subject: Subject,
    /// When it was seen, by the collector's clock.
    pub observed_at: Timestamp,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Who collected it.
    pub collector: Collector,
    /// With which rights.
    pub privilege: Privilege,
    /// Whether it was had.
    pub status: EvidenceStatus,
    /// What the body lacks; empty means complete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// The revision of the type's parser.
    pub parser_revision: u32,
    /// Digest of the canonical body, present when collected.
    pub body: Option<Digest>,
    /// Digest of the body of volatile values, where the type has any.
    pub volatile: Option<Digest>,
    /// Digest of the redacted capture that the parser read.
    pub capture: Option<Digest>,
}

/// Canonical JSON (RFC 8785) of a typed evidence body.
pub type Body = Arc<[u8]>;

/// All evidence of one subject in one run, with the bodies it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Whom it is about.
    pub subject: Subject,
    /// The records by key.
    pub records: BTreeMap<EvidenceKey, EvidenceRecord>,
    /// Bodies, volatile bodies and captures by digest.
    pub bodies: BTreeMap<Digest, Body>,
}

impl Snapshot {
    /// A snapshot without evidence.
    pub fn empty(subject: Subject) -> Self {
        Self { subject, records: BTreeMap::new(), bodies: BTreeMap::new() }
    }
}
