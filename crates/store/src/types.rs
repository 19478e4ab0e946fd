//! The values that go into and come out of the store, beyond the shared nouns.

use anji_model::{
    AuditOutcome, BaselineVersion, CheckResult, Digest, DriftKind, Privilege, ResultSummary, RunId,
    RunSummary, SignedManifest, Snapshot, Subject, VulnSource,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything of a run that the caller knows. The store adds its place in the chain, the Merkle
/// root and the signature inside the transaction that writes it.
#[derive(Debug, Clone)]
pub struct NewRun<'a> {
    /// Its id, new to the store.
    pub run: RunId,
    /// When it began, by our clock.
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
    /// The rights that the run had.
    pub privilege: Privilege,
    /// The evidence, one snapshot per subject. Bodies that no record names are not stored.
    pub snapshots: &'a [Snapshot],
    /// The results, in the order in which they are to come back.
    pub results: &'a [CheckResult],
    /// What ran on the targets, in order.
    pub commands: &'a [CommandRecord],
    /// How much changed since the last comparable results.
    pub drift: DriftCounts,
    /// What people call the subjects; one without a name is called by its id.
    pub names: &'a BTreeMap<Subject, String>,
}

/// One command that ran on a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandRecord {
    /// Where it ran.
    pub subject: Subject,
    /// The capture's id, as the printed script names it.
    pub capture: String,
    /// Its exit status; none when it was killed or never ended.
    pub exit: Option<i32>,
    /// How many bytes came.
    pub bytes: u64,
    /// How long it took in milliseconds, where the target can tell.
    pub ms: Option<u64>,
    /// Whether its output was cut at the limit.
    pub truncated: bool,
    /// Whether it was killed at its time limit.
    pub timed_out: bool,
}

/// Drift entries by kind; kinds without any are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DriftCounts(pub BTreeMap<DriftKind, u64>);

impl DriftCounts {
    /// Counts `kinds`.
    pub fn count(kinds: impl IntoIterator<Item = DriftKind>) -> Self {
        let mut counts = BTreeMap::new();
        for kind in kinds {
            *counts.entry(kind).or_insert(0) += 1;
        }
        Self(counts)
    }

    /// All entries together.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

/// A stored run: what is signed, and what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRun {
    /// The signed manifest.
    pub signed: SignedManifest,
    /// The head of the chain after this run.
    pub head: Digest,
    /// The rights that the run had.
    pub privilege: Privilege,
    /// How much changed since the last comparable results.
    pub drift: DriftCounts,
}

impl StoredRun {
    /// The run as a listing shows it.
    pub fn summary(&self) -> RunSummary {
        let manifest = &self.signed.manifest;
        RunSummary {
            run: manifest.run.clone(),
            as_of: manifest.as_of,
            counts: manifest.counts,
            head: self.head,
        }
    }
}

/// The last result of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestResult {
    /// The rights that its run had.
    pub privilege: Privilege,
    /// The run, when it evaluated, and the result.
    pub summary: ResultSummary,
}

/// A stretch of runs over which the answer to one question stayed the same, as seen with one
/// level of rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The rights that its runs had.
    pub privilege: Privilege,
    /// The first run of the stretch.
    pub first_run: RunId,
    /// When that run evaluated.
    pub first_as_of: Timestamp,
    /// The last run of the stretch, so far.
    pub last_run: RunId,
    /// When that run evaluated.
    pub last_as_of: Timestamp,
    /// The result as it stands in the last run.
    pub result: CheckResult,
}

/// What became of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredBody {
    /// Its bytes.
    Present(anji_model::Body),
    /// Removed by retention; the audit log says when.
    Pruned,
}

/// A line for the audit log; the store adds its number and hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
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
}

/// An imported set of vulnerability data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VulnSetSummary {
    /// Where it came from.
    pub source: VulnSource,
    /// How many advisories it holds.
    pub advisories: u64,
    /// How many flaws it says are used by attackers.
    pub exploited: u64,
}
