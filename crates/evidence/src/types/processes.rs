//! `processes`: what runs, from which program and as whom.
//!
//! From `/proc` alone. Kernel threads, what has ended, and the collection itself
//! are left out, and so are arguments: for interpreters and Java alone the
//! script's or main class's name is told, where it has the form of one.

mod cgroup;
mod read;
mod script;

use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The processes of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// One record for all processes that do not differ in it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub processes: Vec<Process>,
}

/// One process, or several that are alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Process {
    /// The name that it has (`comm`), 15 bytes at most; a process can change it.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// The path of its program.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub exe: Option<String>,
    /// The last part of that path.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub program: Option<String>,
    /// Its real user id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: u32,
    /// Its effective user id, whose rights it has.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub euid: u32,
    /// The account of the effective user id in the target's passwd file, absent
    /// where it has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub user: Option<String>,
    /// The container that holds it: `docker`, `podman`, `kubernetes`, `containerd`,
    /// `lxc`, `nspawn`, `other` (it has process ids of its own); absent where none does.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub container: Option<String>,
    /// The unit of systemd that holds it; `session` for what a login started,
    /// the name without instance for what a connection started.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub unit: Option<String>,
    /// The script, module or main class that an interpreter or Java runs.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub runs: Option<String>,
}

/// The type `processes`.
#[derive(Debug, Clone, Copy)]
pub struct Processes;

const PROCESSES: &str = "processes";

impl EvidenceKind for Processes {
    fn name(&self) -> EvidenceType {
        type_name("processes")
    }

    fn title(&self) -> Text {
        text("运行中的进程及其身份", "Running processes and their accounts")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 4 << 20, timeout_seconds: 30, age_seconds_max: 86_400 }
    }

    fn selector(&self) -> SelectorKind {
        SelectorKind::None
    }

    fn source(&self) -> Source {
        Source::Live
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<Body>()
    }

    fn captures(&self, _selectors: &[Selector]) -> Vec<Capture> {
        vec![capture(PROCESSES, Source::Live, self.limits(), script::BODY)]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(crate::problem::Problem::failed)
    }
}
