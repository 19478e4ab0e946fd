//! What a check came to, and from what.

use crate::evidence::{FailureCategory, Privilege};
use crate::grade::Severity;
use crate::id::{BaselineVersion, CheckId, Digest, RegisterId, SystemId};
use crate::key::EvidenceKey;
use crate::subject::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The nine result words of XCCDF 1.2 (NISTIR 7275 rev. 4, table 26).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RawResult {
    /// True on known, fresh, complete evidence.
    Pass,
    /// False.
    Fail,
    /// Our fault or the content's.
    Error,
    /// The evidence was not had.
    Unknown,
    /// The check has no meaning for this subject, by fact.
    NotApplicable,
    /// Not wired yet, or refused by the touch policy.
    NotChecked,
    /// Left out by the selection.
    NotSelected,
    /// Tells, does not judge.
    Informational,
    /// Failed, and was mended during the run.
    Fixed,
}

impl RawResult {
    /// Every word, in order.
    pub const ALL: [Self; 9] = [
        Self::Pass,
        Self::Fail,
        Self::Error,
        Self::Unknown,
        Self::NotApplicable,
        Self::NotChecked,
        Self::NotSelected,
        Self::Informational,
        Self::Fixed,
    ];

    /// The word as XCCDF writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Unknown => "unknown",
            Self::NotApplicable => "notapplicable",
            Self::NotChecked => "notchecked",
            Self::NotSelected => "notselected",
            Self::Informational => "informational",
            Self::Fixed => "fixed",
        }
    }
}

impl fmt::Display for RawResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What makes two results of different runs the same question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResultIdentity {
    /// The baseline that asked.
    pub baseline: BaselineVersion,
    /// The business system.
    pub system: SystemId,
    /// The check.
    pub check: CheckId,
    /// The subject.
    pub subject: Subject,
    /// The element, for checks with one result per element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
}

/// A value that the check looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Where it stands, for instance `sshd.contexts[1].permitrootlogin`.
    pub path: String,
    /// Its value as canonical JSON text; bounded.
    pub value: String,
}

/// One comparison that did not hold: "observed ..., allowed ...".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Where the value stands.
    pub path: String,
    /// The value as canonical JSON text; bounded.
    pub observed: String,
    /// The comparison as the content wrote it, for instance `<=` or `in`.
    pub operator: String,
    /// What would have held, as canonical JSON text; bounded.
    pub allowed: String,
}

/// The kinds of reason for a result that is neither pass nor fail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasonCategory {
    /// The evidence was not had.
    Evidence(FailureCategory),
    /// No record of this key is in the snapshot.
    NotCollected,
    /// The evidence is older than allowed, or from the future.
    Stale,
    /// No approved list has been adopted.
    NoRegister(RegisterId),
    /// The list is complete and empty, and the content does not say that this is well.
    Empty,
    /// The thing is absent by fact.
    Absent,
    /// The check cannot be decided by the evidence types there are yet.
    Undecidable,
    /// The content or the program is at fault.
    Fault,
}

/// Why a result is neither pass nor fail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// The kind, by which reports group.
    pub category: ReasonCategory,
    /// The evidence that it is about.
    pub key: Option<EvidenceKey>,
    /// In a few English words; bounded and escaped.
    pub detail: String,
}

/// A piece of evidence that a result was decided from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceUse {
    /// Which.
    pub key: EvidenceKey,
    /// Digest of its body, if it had one.
    pub body: Option<Digest>,
    /// When it was seen, if it was.
    pub observed_at: Option<Timestamp>,
    /// The rights that it was collected with; none when there was no record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privilege: Option<Privilege>,
    /// Digest over status, gaps and parser revision of the record; none when
    /// there was no record. With the body's digest it says whether two uses
    /// had the same thing to go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Digest>,
    /// Whether it was too old, or from the future, and so decided nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
}

/// What one check came to for one subject (or one element of it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The question.
    pub identity: ResultIdentity,
    /// The revision of the check that answered.
    pub revision: u32,
    /// The severity at that time.
    pub severity: Severity,
    /// The answer.
    pub raw: RawResult,
    /// Values looked at, bounded; most telling first.
    pub observed: Vec<Observation>,
    /// The comparisons that did not hold, bounded; empty unless failing.
    pub failed_terms: Vec<Term>,
    /// How many comparisons did not hold in all.
    pub failed_terms_total: u64,
    /// Digest over those that `failed_terms` leaves out, if it does: whether
    /// they are the same as in another result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_terms_rest: Option<Digest>,
    /// Why it is neither pass nor fail.
    pub reasons: Vec<Reason>,
    /// From what it was decided.
    pub evidence: Vec<EvidenceUse>,
    /// The first instant at which time alone could change the answer.
    pub valid_until: Option<Timestamp>,
    /// The same with evidence that never ages: what `valid_until` is when the
    /// ages of the evidence are left aside. A result is reused on newer records
    /// of equal evidence before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_until: Option<Timestamp>,
    /// Digest over everything but evidence that went in: the check with its
    /// revision, `parameters` and `statements`.
    pub inputs: Digest,
    /// Digest over the parameters in force.
    pub parameters: Digest,
    /// Digest over the contents of the registers that the check names.
    pub statements: Digest,
}
