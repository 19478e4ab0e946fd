//! `audit`: what the kernel records, by which rules, and what the audit daemon
//! is configured to do with it.
//!
//! The kernel's word (`auditctl`) and the configuration stand side by side: a
//! rule that is configured and not loaded records nothing.

mod config;
mod effect;
mod read;
mod rule;
mod script;

use super::dump::closed_capture;
use super::{capture, text, type_name, vector};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::Problem;
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
pub use config::{Auditd, Plugin, Unit};
pub use rule::Rule;
use schemars::JsonSchema;
use serde::Serialize;

/// The audit system of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The machine's architecture, which decides what system calls there are.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub machine: Option<String>,
    /// Whether the kernel audits: 0 not, 1 yes, 2 yes and locked until the next start.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub enabled: Option<i64>,
    /// What the kernel does when it cannot record: 0 nothing, 1 a message, 2 it stops.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub failure: Option<i64>,
    /// How many records may wait.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub backlog_limit: Option<i64>,
    /// Records per second beyond which they are dropped; 0 means no limit.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub rate_limit: Option<i64>,
    /// Whether a daemon takes the records from the kernel.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub daemon_running: Option<bool>,
    /// The rules that the kernel holds, in its order.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub loaded: Vec<Rule>,
    /// System calls that rule books or the loaded rules name, with whether the
    /// loaded rules record them.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub syscalls: Vec<Syscall>,
    /// Paths that the loaded rules watch.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub watches: Vec<Watch>,
    /// The rules that the next start of the service loads, in this order.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured: Vec<Rule>,
    /// The `-e` of the configured rules, absent where they have none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured_enabled: Option<i64>,
    /// The daemon's configuration, absent where there is none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub auditd: Option<Auditd>,
    /// The plugins that get the records too.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub plugins: Vec<Plugin>,
    /// The unit by which systemd starts the daemon, absent where there is none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub unit: Option<Unit>,
}

/// A system call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Syscall {
    /// Arch and name: `b64 mount`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub call: String,
    /// Its name: `mount`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub name: String,
    /// `b64` for programs of 64 bits, `b32` for those of 32.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub arch: String,
    /// Whether this machine has it; newer ones have no `unlink`, for instance.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub exists: bool,
    /// Whether every successful call is recorded that somebody makes who logged
    /// in with a user id of 1000 or more. Exceptions for processes that nobody
    /// logged in for, for one program (`exe`) or one SELinux domain leave it true;
    /// other exceptions before the rule do not.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub recorded: bool,
}

/// A watched path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Watch {
    /// The path.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// The start of the paths below it, where those are watched too: `/etc/sudoers.d/`.
    /// A watch is said to reach below whether or not a folder stands there.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub below: Option<String>,
    /// The ways of access that are recorded for everybody, as letters of `rwxa`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub perm: String,
    /// Whether every change is recorded: of the content (`w`) and of mode and
    /// owner (`a`), whoever makes it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub changes: bool,
}

/// The type `audit`.
#[derive(Debug, Clone, Copy)]
pub struct Audit;

const STATE: &str = "audit.state";
const LOADED: &str = "audit.loaded";
const FILES: &str = "audit.files";

impl EvidenceKind for Audit {
    fn name(&self) -> EvidenceType {
        type_name("audit")
    }

    fn title(&self) -> Text {
        text("审计规则与状态", "Audit rules and state")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 1 << 20, timeout_seconds: 20, age_seconds_max: 86_400 }
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
        let limits = self.limits();
        let live = |id, command, option| Capture {
            sudo: vec![vector(&["/usr/sbin/auditctl", option])],
            ..capture(id, Source::Live, limits, command)
        };
        vec![
            live(STATE, script::STATE_BODY, "-s"),
            live(LOADED, script::LOADED_BODY, "-l"),
            closed_capture(FILES, limits, &config::PATTERNS),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(Problem::failed)
    }
}
