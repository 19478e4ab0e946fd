//! Every use case once: who asks, the ports to the world, and a value out.
//!
//! The command line and the server call these functions and hold no logic of
//! their own. A use case that changes state writes an entry of the audit log
//! in the same transaction.

mod adopt;
mod check;
mod content;
mod context;
mod derive;
mod doctor;
mod error;
mod evidence;
mod explain;
mod fix;
mod history;
mod job;
mod keep;
mod live;
mod page;
mod plan;
mod query;
mod record;
mod report;
mod subjects;
mod threshold;
mod verify;
mod vulns;

pub use adopt::{AdoptRequest, Adoption, adopt, register_history, registers};
pub use anji_collect::is_account_name;
pub use check::{CheckEvent, CheckOutcome, CheckRequest, check};
pub use content::{ContentError, LintOutcome, lint};
pub use context::{Actor, Home, Ports, local_subject};
pub use doctor::{Examination, Surroundings, doctor};
pub use error::AppError;
pub use evidence::{
    EvidenceFound, EvidenceQuery, EvidenceShown, SubjectOrEvidence, evidence, subject_or_evidence,
};
pub use explain::{Explained, ParamInForce, explain};
pub use fix::{Fix, fix};
pub use history::{Difference, audit_log, diff, runs};
pub use page::{check_page, check_pages};
pub use plan::{PlanRequest, Planned, STARTER, plan, sudoers};
pub use query::{Asked, QueryName, QueryRequest, QuerySession};
pub use record::{RecordRequest, Recording, ReplacedCount, record};
pub use report::{Report, TrendPoint, report};
pub use subjects::{KnownSubject, subject_called, subjects};
pub use threshold::FailOn;
pub use verify::verify;
pub use vulns::{VulnImport, import_vulnerabilities, vulnerability_sets};

pub use anji_engine::{Answer, Found};
pub use anji_evidence::{FieldDescription, KindDescription, Sensitivity};
pub use anji_store::{Interval, Problem, StoreError, VerifyReport, VulnSetSummary};

/// The version of the program, as it stands in manifests and records.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A use case as the command line and the server name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UseCase {
    /// Its name in the audit log.
    pub name: &'static str,
    /// The command that carries it out, without `anji`.
    pub command: &'static [&'static str],
    /// Whether it changes state, and so leaves an audit entry.
    pub changes: bool,
}

/// Every use case. A test demands a command for each.
pub const USE_CASES: &[UseCase] = &[
    UseCase { name: "check", command: &["check"], changes: true },
    UseCase { name: "plan", command: &["plan"], changes: false },
    UseCase { name: "record", command: &["record"], changes: false },
    UseCase { name: "content.lint", command: &["lint"], changes: false },
    UseCase { name: "content.docs", command: &["content", "docs"], changes: false },
    UseCase { name: "content.import-vulns", command: &["content", "import-vulns"], changes: true },
    UseCase { name: "content.vulns", command: &["content", "vulns"], changes: false },
    UseCase { name: "result.explain", command: &["explain"], changes: false },
    UseCase { name: "result.fix", command: &["fix"], changes: false },
    UseCase { name: "run.diff", command: &["diff"], changes: false },
    UseCase { name: "run.report", command: &["report"], changes: false },
    UseCase { name: "run.list", command: &["runs"], changes: false },
    UseCase { name: "evidence.show", command: &["evidence"], changes: false },
    UseCase { name: "evidence.show-personal", command: &["evidence"], changes: true },
    UseCase { name: "evidence.query", command: &["evidence", "query"], changes: false },
    UseCase { name: "register.list", command: &["register", "list"], changes: false },
    UseCase { name: "register.show", command: &["register", "show"], changes: false },
    UseCase { name: "register.adopt", command: &["register", "adopt"], changes: true },
    UseCase { name: "store.verify", command: &["verify"], changes: false },
    UseCase { name: "audit.list", command: &["audit"], changes: false },
    UseCase { name: "machine.examine", command: &["doctor"], changes: false },
    UseCase { name: "sudoers.print", command: &["doctor"], changes: false },
];
