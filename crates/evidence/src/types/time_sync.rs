//! `time.sync`: who keeps the clock right, by which sources, and whether it is.
//!
//! What changes by itself (the source of the moment, its stratum, the offset)
//! is told beside the body; the body holds the offset's class.

mod config;
mod read;
mod script;

use super::dump::{dump_capture, hushed};
use super::{capture, text, type_name, vector};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::Problem;
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Who keeps the clock right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The time daemons that run, by the names of their processes.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub daemons: Vec<String>,
    /// Whether one of them runs.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub daemon_running: Option<bool>,
    /// Whether it follows a source other than this host's own clock. Absent where
    /// no daemon runs.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub synchronised: Option<bool>,
    /// The clock is less than so many milliseconds off its source: 100, 1000,
    /// 10000 and so on. Absent where it follows none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub offset_under_ms: Option<i64>,
    /// The sources in the configurations of the daemons.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sources: Vec<TimeSource>,
    /// The time zone; absent where the host does not name it.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub timezone: Option<String>,
}

/// A configured source of time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct TimeSource {
    /// Its name or address, or the driver of a clock at hand.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub address: String,
    /// `server`, `pool`, `peer` or `refclock`; `fallback` is asked where no other is set.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kind: String,
    /// Whose configuration it stands in: `chronyd`, `ntpd`, `openntpd`, `systemd-timesyncd`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub daemon: String,
    /// The file.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: String,
}

/// What changes by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
struct Moment {
    /// The source that is followed.
    selected: Option<String>,
    /// How far it is from a clock.
    stratum: Option<i64>,
    /// The clock's offset, without its sign.
    offset_us: Option<i64>,
}

/// The type `time.sync`.
#[derive(Debug, Clone, Copy)]
pub struct TimeSync;

const STATE: &str = "time.state";
const ZONE: &str = "time.zone";
const FILES: &str = "time.files";

impl EvidenceKind for TimeSync {
    fn name(&self) -> EvidenceType {
        type_name("time.sync")
    }

    fn title(&self) -> Text {
        text("时间同步", "Clock synchronisation")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 1 << 20, timeout_seconds: 30, age_seconds_max: 86_400 }
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
        let chronyc = |report| vector(&["/usr/bin/chronyc", "-n", "-c", report]);
        vec![
            Capture {
                sudo: vec![chronyc("tracking"), chronyc("sources")],
                ..capture(STATE, Source::Live, limits, script::STATE_BODY)
            },
            capture(ZONE, Source::Files, limits, script::ZONE_BODY),
            hushed(dump_capture(FILES, limits, &config::PATTERNS)),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(Problem::failed)
    }
}
