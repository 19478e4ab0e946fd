//! `file.walk`: files and folders of the local file systems whose mode is dangerous.
//!
//! One walk serves every check that needs one. It covers every local file
//! system once, also those mounted twice; what is on the network, or no file
//! system at all (`/proc`), is left out. Types of file systems that are not
//! known are walked.

mod read;
mod script;

use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Files and folders whose mode is dangerous.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// Regular files that are set-user-id, set-group-id or writable by all;
    /// device files outside `/dev` writable by all; folders writable by all
    /// without the sticky bit. Ordered by path.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub entries: Vec<Entry>,
    /// The mount points that were walked.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub roots: Vec<String>,
}

/// One file or folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Entry {
    /// Its path.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// `file`, `directory`, `char_device` or `block_device`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kind: String,
    /// Its permission bits as four octal digits: `4755`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: String,
    /// Its owner's user id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: u32,
    /// Its group's id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gid: u32,
    /// Whether it runs with its owner's rights (regular files only).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub set_uid: bool,
    /// Whether it runs with its group's rights (regular files only).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub set_gid: bool,
    /// Whether everyone may write it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub world_writable: bool,
    /// Whether only owners may delete in it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sticky: bool,
    /// Mode, owner and path as an approved list holds them: `4755 0:0 /usr/bin/passwd`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub entry: String,
}

/// The type `file.walk`.
#[derive(Debug, Clone, Copy)]
pub struct FileWalk;

const WALK: &str = "file.walk";

impl EvidenceKind for FileWalk {
    fn name(&self) -> EvidenceType {
        type_name("file.walk")
    }

    fn title(&self) -> Text {
        text("危险权限的文件与目录", "Files and folders with dangerous modes")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 16 << 20, timeout_seconds: 1800, age_seconds_max: 86_400 }
    }

    fn selector(&self) -> SelectorKind {
        SelectorKind::None
    }

    fn source(&self) -> Source {
        Source::Files
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<Body>()
    }

    fn captures(&self, _selectors: &[Selector]) -> Vec<Capture> {
        vec![capture(WALK, Source::Files, self.limits(), script::BODY)]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read::read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}
