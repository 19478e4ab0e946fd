//! The nouns of Anji: plain data that every other crate shares.
//!
//! This crate knows nothing of files, networks, clocks, SQL or rendering. It
//! depends on serde and a time crate alone; whatever needs more lives in the
//! crate that does the work. The flow these values travel is
//!
//! ```text
//! content --> Plan --> Snapshot --> Assessment --> Drift
//! ```

mod assessment;
mod audit;
mod check;
mod diagnostic;
mod doctor;
mod drift;
mod evidence;
mod grade;
mod id;
mod key;
mod page;
mod personal;
mod plan;
mod readable;
mod register;
mod report;
mod result;
mod run;
mod subject;
mod text;
mod vulns;

pub use assessment::{Assessment, Conformance, Coverage, WeightTable};
pub use audit::{AuditEntry, AuditOutcome};
pub use check::{CheckInfo, ClauseLink, MappingStatus};
pub use diagnostic::Diagnostic;
pub use doctor::{Finding, FolderProblem, Health, Symptom, Topic};
pub use drift::{Drift, DriftCause, DriftKind, ResultSummary};
pub use evidence::{
    Body, Collector, EvidenceRecord, EvidenceStatus, FailureCategory, Gap, GapKind, Privilege,
    Snapshot,
};
pub use grade::{Guard, Severity};
pub use id::{
    BaselineVersion, CheckId, ClauseId, Digest, EvidenceType, FrameworkId, IdError, RegisterId,
    RunId, SystemId,
};
pub use key::{AbsPath, EvidenceKey, Selector};
pub use page::{
    CheckPage, Decision, PageClause, PageEvidence, PageParam, RelatedCheck, StricterWay, WhenAbsent,
};
pub use personal::Personal;
pub use plan::{Capture, CollectionPlan, Limits, Plan, Served, Source, WantedEvidence};
pub use readable::{Readable, ReadableField, ReadableList};
pub use register::{Approval, Register, RegisterEntry};
pub use report::{CommandCost, NextStep, RunReport, UnknownGroup};
pub use result::{
    CheckResult, EvidenceUse, Observation, RawResult, Reason, ReasonCategory, ResultIdentity, Term,
};
pub use run::{RunCounts, RunManifest, RunSummary, SignedManifest};
pub use subject::{Subject, SubjectKind};
pub use text::{Lang, Text};
pub use vulns::{Advisory, NamedBy, VulnKnowledge, VulnSet, VulnSource};
