//! A check as its page of documentation shows it.

use crate::check::{CheckInfo, MappingStatus};
use crate::id::{CheckId, ClauseId, EvidenceType, FrameworkId};
use crate::key::EvidenceKey;
use crate::plan::Source;
use crate::text::Text;

/// Which answers a check can give by its assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Pass and fail.
    Both,
    /// Fail alone.
    FailOnly,
    /// Pass alone.
    PassOnly,
    /// Neither yet.
    Neither,
}

/// What a check answers where a piece of its evidence is absent by fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhenAbsent {
    /// It passes.
    Pass,
    /// It fails.
    Fail,
    /// It does not apply.
    NotApplicable,
    /// It is unknown.
    Unknown,
}

/// A piece of evidence that a check is decided from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEvidence {
    /// Its name in the assertion.
    pub name: String,
    /// The evidence.
    pub key: EvidenceKey,
    /// What its type is.
    pub title: Text,
    /// Where it is read.
    pub source: Source,
    /// Whether some of it needs more rights than an ordinary account has.
    pub needs_rights: bool,
    /// The answer where it is absent.
    pub when_absent: WhenAbsent,
    /// Whether a complete list in it may be empty and still decides.
    pub empty_decides: bool,
    /// Seconds after which it no longer decides.
    pub age_seconds_max: u32,
}

/// Which change of a parameter makes the check stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StricterWay {
    /// A smaller number, an earlier date.
    Lower,
    /// A larger number, a later date.
    Higher,
    /// Fewer members or bits.
    Subset,
    /// More members or bits.
    Superset,
    /// No change is provably stricter.
    None,
}

/// A parameter of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageParam {
    /// Its name.
    pub name: String,
    /// Its type, as packs write it.
    pub kind: &'static str,
    /// Its default as canonical JSON text.
    pub default: String,
    /// Which way a baseline may move it without anybody's approval.
    pub stricter: StricterWay,
}

/// A clause that the check answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageClause {
    /// The rule book.
    pub framework: FrameworkId,
    /// Its title.
    pub framework_title: Text,
    /// The clause.
    pub clause: ClauseId,
    /// How far the mapping takes it.
    pub status: MappingStatus,
    /// How the checks decide or contribute.
    pub how: Text,
    /// What is left.
    pub left: Option<Text>,
    /// How sure the authors are.
    pub confidence: String,
}

/// A check that has something in common with this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedCheck {
    /// The check.
    pub id: CheckId,
    /// Its title.
    pub title: Text,
    /// The evidence types that both are decided from.
    pub evidence: Vec<EvidenceType>,
    /// The clauses that both answer.
    pub clauses: Vec<ClauseId>,
}

/// Everything on the page of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckPage {
    /// What people read of it.
    pub check: CheckInfo,
    /// Which answers it can give.
    pub decision: Decision,
    /// Its evidence, in the order of its file.
    pub evidence: Vec<PageEvidence>,
    /// Its parameters, in the order of its file.
    pub params: Vec<PageParam>,
    /// Its clauses.
    pub clauses: Vec<PageClause>,
    /// Checks with much in common, the closest first.
    pub related: Vec<RelatedCheck>,
}
