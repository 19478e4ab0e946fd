//! What people read of a check; its logic stays in the engine.

use crate::grade::{Guard, Severity};
use crate::id::{CheckId, ClauseId, FrameworkId, RegisterId};
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// How far a mapping line takes a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingStatus {
    /// The checks decide the clause.
    Automated,
    /// The checks decide a part; the line says what is left.
    Partial,
    /// A person states it.
    Attested,
    /// Not wired yet.
    Planned,
    /// The clause does not apply.
    NotApplicable,
}

/// A clause that a check answers, from the mapping of a rule book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseLink {
    /// The rule book.
    pub framework: FrameworkId,
    /// The clause, as the rule book numbers it.
    pub clause: ClauseId,
    /// How far the mapping takes the clause.
    pub status: MappingStatus,
    /// How the check decides or contributes.
    pub how: Text,
}

/// The readable side of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckInfo {
    /// The catalogue's id.
    pub id: CheckId,
    /// A readable second name, for instance `linux-sshd-no-root-login`.
    pub alias: String,
    /// Raised whenever the check's meaning changes.
    pub revision: u32,
    /// The pack that holds it, for instance `host-linux`.
    pub pack: String,
    /// The property that is verified.
    pub title: Text,
    /// What goes wrong without it.
    pub why: Text,
    /// What to do about a failure.
    pub fix: Text,
    /// How grave a failure is.
    pub severity: Severity,
    /// Which harms it guards against; the first is the main one.
    pub guards: Vec<Guard>,
    /// The clauses it answers.
    pub clauses: Vec<ClauseLink>,
    /// The approved lists it needs.
    pub registers: Vec<RegisterId>,
    /// The assertion as written.
    pub assertion: String,
    /// Why it cannot give every answer yet; absent where it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undecided: Option<Text>,
}
