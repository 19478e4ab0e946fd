//! What to collect, printable before anything is touched.

use crate::check::ClauseLink;
use crate::id::CheckId;
use crate::key::{AbsPath, EvidenceKey};
use crate::subject::Subject;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The bounds of one piece of evidence. Merging two wants takes the larger
/// byte and time limit and the smaller age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limits {
    /// Most bytes that a capture may bring.
    pub bytes_max: u64,
    /// Seconds after which its command is killed.
    pub timeout_seconds: u32,
    /// Seconds after which the evidence no longer decides.
    pub age_seconds_max: u32,
}

impl Limits {
    /// The limits that satisfy both wants.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self {
            bytes_max: self.bytes_max.max(other.bytes_max),
            timeout_seconds: self.timeout_seconds.max(other.timeout_seconds),
            age_seconds_max: self.age_seconds_max.min(other.age_seconds_max),
        }
    }
}

/// Where a capture looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Files of the target: can be read in another root directory too.
    Files,
    /// The running system: has no answer in another root directory.
    Live,
}

/// One command that a host script runs, with its frame's name and limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// The frame's name in the output, for instance `accounts.passwd`;
    /// letters, digits, dots and hyphens.
    pub id: String,
    /// The body of a POSIX shell function that writes the capture to standard
    /// output. It may call the helpers of the script contract, and `$R` holds
    /// the root directory without its last slash (empty on a live host).
    pub command: String,
    /// Where it looks.
    pub source: Source,
    /// Most bytes it may bring.
    pub bytes_max: u64,
    /// Seconds after which it is killed.
    pub timeout_seconds: u32,
    /// Exact commands that need more rights than an ordinary account, as
    /// argument vectors; `anji_sudo` in the script runs them directly as root
    /// and through `sudo -n` otherwise.
    pub sudo: Vec<Vec<String>>,
}

/// One key to collect, with its bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedEvidence {
    /// What.
    pub key: EvidenceKey,
    /// Its bounds, merged over every check that wants it.
    pub limits: Limits,
}

/// What to collect from one subject. It names no check: the collector need
/// not know what its evidence is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionPlan {
    /// From whom.
    pub subject: Subject,
    /// The root directory to look in, where it is not the live host.
    pub root: Option<AbsPath>,
    /// Every key once, in key order.
    pub wanted: Vec<WantedEvidence>,
    /// The commands, in the order they run: cheap ones first, walks last.
    pub captures: Vec<Capture>,
}

/// A check that a key serves, with the clauses that the check answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// The check.
    pub check: CheckId,
    /// The clauses.
    pub clauses: Vec<ClauseLink>,
}

/// A collection plan with the reason for each of its keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What the collector gets.
    pub collection: CollectionPlan,
    /// For each key the checks that it serves.
    #[serde(with = "crate::key::map_by_name")]
    pub serves: BTreeMap<EvidenceKey, Vec<Served>>,
}
