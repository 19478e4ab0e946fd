//! What a check is about.

use crate::id::IdError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kinds of subject that a check can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// A host or device.
    Asset,
    /// A business system, 业务系统.
    System,
    /// The hospital or authority itself.
    Institution,
}

/// The subject of a check, shown as `asset:local`. The id of this machine is
/// `local`, of another root file system `root:/path`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// What kind of thing it is.
    pub kind: SubjectKind,
    /// Its id, unique within the kind.
    pub id: String,
}

impl Subject {
    /// An asset by its id.
    ///
    /// # Errors
    /// [`IdError`] when the id is empty, longer than 4096 bytes or holds control characters.
    pub fn asset(id: impl Into<String>) -> Result<Self, IdError> {
        let id = id.into();
        if id.is_empty() || id.len() > 4096 || id.chars().any(char::is_control) {
            return Err(IdError { expected: "an asset id without control characters", met: id });
        }
        Ok(Self { kind: SubjectKind::Asset, id })
    }

    /// This machine.
    pub fn local() -> Self {
        Self { kind: SubjectKind::Asset, id: "local".to_owned() }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            SubjectKind::Asset => "asset",
            SubjectKind::System => "system",
            SubjectKind::Institution => "institution",
        };
        write!(f, "{kind}:{}", self.id)
    }
}
