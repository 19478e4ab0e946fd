//! `log.files`: the log files of the host, how old their oldest line is, and
//! when they are thrown away.
//!
//! Files that a rotation put aside stand under the name that they came from,
//! so that a rotation by itself changes little here.

mod logrotate;
mod name;
mod read;
mod script;

use super::dump::{closed_capture, hushed};
use super::{capture, text, type_name, vector};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::Problem;
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
pub use logrotate::Rotation;
use schemars::JsonSchema;
use serde::Serialize;

/// The log files of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The files in /var/log, /var/log/audit and /var/log/journal.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub files: Vec<LogFile>,
    /// The logs that tell what happened, each with all its files.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub families: Vec<Family>,
    /// The day since which the system has its identity (the time of its
    /// machine-id), counted from 1970-01-01; absent where it has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub host_day: Option<i64>,
    /// Whether the program logrotate is there.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub logrotate: Option<bool>,
    /// What starts it: `timer` (enabled in systemd), `cron.daily`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub scheduled_by: Vec<String>,
    /// The day on which it last ran to its end, counted from 1970-01-01; absent
    /// where it never did.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub last_run_day: Option<i64>,
    /// The rules of its configuration, one for each name or pattern.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub rotations: Vec<Rotation>,
}

/// Log files of one name with the same mode and owner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct LogFile {
    /// Where it stands, without what a rotation adds to the name; `*` stands
    /// for the journal's folder of the machine.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// Whether a rotation put it aside.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub rotated: bool,
    /// `messages` (of syslog), `audit`, `journal`, `logins` (wtmp, lastlog,
    /// faillog), `failed_logins` (btmp), `other`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub class: String,
    /// The permission bits as four octal digits.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: String,
    /// The owner's user id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: u32,
    /// The owning group's id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gid: u32,
}

/// One log over all its files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Family {
    /// The file that is written to: `/var/log/auth.log`; `/var/log/journal` for the journal.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// `messages`, `audit` or `journal`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub class: String,
    /// A day of which a line is surely still there, counted from 1970-01-01: that
    /// of the first line, or of the last change of the oldest file. Absent where
    /// there is no line.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub oldest_day: Option<i64>,
    /// How many days a line is kept by the configured rotation; a month counts
    /// 30 days. Unknown where a size decides, absent where nothing deletes.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kept_days: Option<i64>,
    /// Whether nothing that is configured deletes lines; unknown of the journal,
    /// which goes by sizes and free space.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub unlimited: Option<bool>,
}

/// The type `log.files`.
#[derive(Debug, Clone, Copy)]
pub struct LogFiles;

const TREE: &str = "log.tree";
const ROTATE: &str = "log.rotate";

impl EvidenceKind for LogFiles {
    fn name(&self) -> EvidenceType {
        type_name("log.files")
    }

    fn title(&self) -> Text {
        text("日志文件与留存", "Log files and how long they are kept")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 4 << 20, timeout_seconds: 20, age_seconds_max: 86_400 }
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
        vec![
            Capture {
                sudo: vec![vector(&script::AUDIT_FILES)],
                ..capture(TREE, Source::Files, limits, &script::tree_body())
            },
            hushed(closed_capture(ROTATE, limits, &read::PATTERNS)),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(Problem::failed)
    }
}
