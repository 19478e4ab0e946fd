//! Approved lists: what people have said may be there.

use crate::id::{RegisterId, RunId};
use crate::subject::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who approved a person's value, and who recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who recorded it (the operating system user, or a named user).
    pub recorded_by: String,
    /// Who approved it; none means self-recorded.
    pub approved_by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Why, in the recorder's words.
    pub reason: Option<String>,
}

impl Approval {
    /// Whether recorder and approver are one.
    pub fn is_self_recorded(&self) -> bool {
        self.approved_by.as_ref().is_none_or(|approver| *approver == self.recorded_by)
    }
}

/// One approved thing, named exactly as the evidence names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RegisterEntry {
    /// The value that evidence is compared with, for instance
    /// `tcp 0.0.0.0:22 sshd`.
    pub value: String,
}

/// One version of an approved list for one subject. An empty list is a list:
/// it approves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// Which list.
    pub id: RegisterId,
    /// For whom.
    pub subject: Subject,
    /// Counts from 1.
    pub version: u32,
    /// The approved things, sorted, without repetition.
    pub entries: Vec<RegisterEntry>,
    /// The run whose evidence the list was adopted from, if it was.
    pub adopted_from: Option<RunId>,
    /// Who said so.
    pub approval: Approval,
}
