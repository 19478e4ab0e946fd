//! What every use case is given: who asks, where state lives, and the ports
//! to the world.

use anji_model::{AbsPath, IdError, Subject, SystemId};
use anji_transport::Transport;
use jiff::Timestamp;
use std::path::PathBuf;

/// Who carries out a use case; written into the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The operating system account, or a named user.
    pub name: String,
}

impl Actor {
    /// Whether the actor is the superuser, directly or through sudo.
    pub fn is_root(&self) -> bool {
        self.name == "root" || self.name.starts_with("root (")
    }
}

/// Where the product keeps and finds its things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The state folder: store and signing key.
    pub state: PathBuf,
    /// Content laid over the built-in one.
    pub content: Option<PathBuf>,
}

/// The world outside, as far as use cases need it.
pub struct Ports<'a> {
    /// The clock.
    pub clock: &'a dyn Fn() -> Timestamp,
    /// Chance, for run ids and nonces.
    pub random: &'a dyn Fn() -> [u8; 16],
    /// The channel to the target.
    pub transport: &'a dyn Transport,
    /// Whether somebody has asked for the end of the use case.
    pub interrupted: &'a dyn Fn() -> bool,
}

/// The subject that a local run is about: this machine, or another root file
/// system in a folder of it.
///
/// # Errors
/// [`IdError`] when the folder's name cannot be part of an asset id.
pub fn local_subject(root: Option<&AbsPath>) -> Result<Subject, IdError> {
    match root {
        None => Ok(Subject::local()),
        Some(root) => Subject::asset(format!("root:{root}")),
    }
}

/// The business system of assets that no inventory has placed yet.
pub(crate) fn unassigned() -> SystemId {
    SystemId::new("unassigned").expect("a lower-case word is a system id")
}
