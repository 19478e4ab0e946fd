//! `security.tools`: anti-malware, intrusion agents and integrity monitors.
//!
//! A product is told by the folders that it is installed in and by the names of
//! its processes. Those marked `recalled` were never seen by us on a system, and
//! their marks were not compared with the vendors' documents: of most no more is
//! told than whether they are there and run. Of OSSEC, Wazuh, osquery and Samhain
//! the day of the last report is told as well, in a form that is recalled too.

mod products;
mod read;
mod schedule;
mod script;

use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The security tools of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The products that are there, by name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub tools: Vec<Tool>,
}

/// One product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Tool {
    /// Its name: `clamav`, `aide`, `wazuh`, `qianxin` ...
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub tool: String,
    /// What it is for: `antimalware`, `intrusion` (an agent that watches the host),
    /// `integrity` (compares files with a database), `rootkit` (looks for traces).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub purposes: Vec<String>,
    /// How we know its marks: `seen` on systems of our own, or `recalled`,
    /// which may be wrong.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub marks: String,
    /// Whether its programs are installed, not only a process of its name seen.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub installed: bool,
    /// Whether a process of it runs.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub running: Option<bool>,
    /// Whether a check or scan is started once a week or more often, by cron or a timer.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub scheduled: Option<bool>,
    /// The version of its package, absent where none is known.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub version: Option<String>,
    /// The day on which its newest signatures were made, counted from 1970-01-01;
    /// absent where it has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub signatures_day: Option<i64>,
    /// The day on which its database of files was last written, counted from
    /// 1970-01-01; absent where it has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub database_day: Option<i64>,
    /// The day of its last report, or of its manager's last answer, counted from
    /// 1970-01-01; absent where there was none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub last_report_day: Option<i64>,
}

/// The type `security.tools`.
#[derive(Debug, Clone, Copy)]
pub struct SecurityTools;

const FILES: &str = "security.files";
const RUNNING: &str = "security.running";

impl EvidenceKind for SecurityTools {
    fn name(&self) -> EvidenceType {
        type_name("security.tools")
    }

    fn title(&self) -> Text {
        text(
            "防病毒、入侵检测与完整性工具",
            "Anti-malware, intrusion agents and integrity monitors",
        )
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 256 << 10, timeout_seconds: 20, age_seconds_max: 86_400 }
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
            capture(FILES, Source::Files, limits, &script::files_body()),
            capture(RUNNING, Source::Live, limits, &script::running_body()),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(crate::problem::Problem::failed)
    }
}
