//! `cron.jobs`: what cron and anacron start, as whom and when, and who may
//! change it.
//!
//! Commands may hold passwords. Of each job its schedule, its user and its
//! program are kept on the target, never an argument; of variables the name.
//! Whether the daemon heeds a file of that name and mode is not told here.

mod read;
mod script;

use super::{text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::Problem;
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The jobs of cron and anacron with their files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The lines that start something. Scripts of the periodic folders are in `files`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub jobs: Vec<Job>,
    /// The files and folders that say what is started, and by whose wish.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub files: Vec<CronFile>,
    /// The accounts of `/etc/cron.allow`; absent where there is no such file.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub allow: Option<Vec<String>>,
    /// The accounts of `/etc/cron.deny`; absent where there is no such file.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub deny: Option<Vec<String>>,
    /// Variables that the files set, as `file name`; a name of another form is `?`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub variables: Vec<String>,
    /// Lines that do not have their file's form, as `file:line number`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub malformed: Vec<String>,
}

/// One job, or several that differ in their arguments alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Job {
    /// `file user schedule program`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: String,
    /// The file that it stands in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: String,
    /// The account that it runs as.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub user: String,
    /// The five fields, a word such as `@reboot`, or anacron's days and delay.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub schedule: String,
    /// The command's first word behind assignments of variables, which may be one
    /// of the shell's own such as `test` or `cd`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub program: Option<String>,
}

/// One file or folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct CronFile {
    /// Its path.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// `system` (`/etc/crontab` and those of `/etc/cron.d`), `user` (of a spool),
    /// `anacrontab`, `hourly`, `daily`, `weekly`, `monthly` (a script of that
    /// folder), `allow`, `deny`, `folder`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kind: String,
    /// The permission bits as four octal digits, behind any links.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: Option<String>,
    /// The owner's user id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: Option<u32>,
    /// The owning group's id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gid: Option<u32>,
}

/// The type `cron.jobs`.
#[derive(Debug, Clone, Copy)]
pub struct CronJobs;

const TABLES: &str = "cron.tables";
const SCRIPTS: &str = "cron.scripts";

impl EvidenceKind for CronJobs {
    fn name(&self) -> EvidenceType {
        type_name("cron.jobs")
    }

    fn title(&self) -> Text {
        text("计划任务（cron 与 anacron）", "Scheduled jobs (cron and anacron)")
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
        vec![script::tables(TABLES, self.limits()), script::scripts(SCRIPTS, self.limits())]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(Problem::failed)
    }
}
