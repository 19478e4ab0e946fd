//! Examining this machine: what is missing for the product to see and prove
//! all that it could, what that costs, and what mends it.
//!
//! `facts` looks, through the ports that the caller gives; `judge` is pure.

mod facts;
mod judge;

use crate::context::Home;
use crate::error::AppError;
use anji_model::{Finding, Health};
use anji_transport::Transport;
use jiff::Timestamp;
use std::path::Path;

/// What the surroundings of the program tell, as far as an examination needs it.
pub struct Surroundings<'a> {
    /// The effective user id.
    pub uid: u32,
    /// The options that commands to mend must carry to speak of the same state
    /// and content, as words of a shell.
    pub options: Vec<String>,
    /// The channel by which sudo is asked what it would allow.
    pub transport: &'a dyn Transport,
    /// Whether this account may write into a folder.
    pub may_write: &'a dyn Fn(&Path) -> bool,
    /// Bytes that are free on the file system of a folder.
    pub free_bytes: &'a dyn Fn(&Path) -> Option<u64>,
    /// The locale of messages, if any is set.
    pub locale: Option<String>,
    /// The name of the time zone; none where the system does not say.
    pub zone: Option<String>,
}

/// What an examination came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The instant that it took as now.
    pub at: Timestamp,
    /// The findings, by part.
    pub findings: Vec<Finding>,
}

impl Examination {
    /// Whether something is missing.
    pub fn is_lacking(&self) -> bool {
        self.findings.iter().any(|finding| finding.health == Health::Missing)
    }
}

/// Examines this machine. Nothing is changed; sudo is only asked what it would
/// allow. What cannot be looked at is a finding, and no error.
///
/// # Errors
/// When the built-in content itself cannot be loaded.
pub fn doctor(
    home: &Home,
    now: Timestamp,
    surroundings: &Surroundings<'_>,
) -> Result<Examination, AppError> {
    let facts = facts::gather(home, now, surroundings)?;
    Ok(Examination { at: now, findings: judge::judge(&facts, now) })
}
