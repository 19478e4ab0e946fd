//! `logins.last`: when each account that has a login shell logged in last.
//!
//! Three records are read where there are programs that keep them: `lastlog`
//! (one slot for each user id), `wtmp` through `last`, and `lastlog2`. What an
//! account without a login in them means depends on how far back they reach.

mod read;
mod script;

use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The last logins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The accounts of the passwd file whose shell does not end at once.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accounts: Vec<LastLogin>,
    /// The records that were read: `lastlog`, `lastlog2`, `wtmp`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sources: Vec<String>,
}

/// The last login of one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct LastLogin {
    /// The account's name.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// The day of its last login in any record, counted from 1970-01-01 in UTC;
    /// absent where no record has one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub last_login_day: Option<i64>,
    /// The first day from which on a login would stand in a record.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub since_day: Option<i64>,
}

/// The type `logins.last`.
#[derive(Debug, Clone, Copy)]
pub struct LastLogins;

const RECORDS: &str = "logins.records";
const WTMP: &str = "logins.wtmp";

impl EvidenceKind for LastLogins {
    fn name(&self) -> EvidenceType {
        type_name("logins.last")
    }

    fn title(&self) -> Text {
        text("账户最近登录", "Last login of each account")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 2 << 20, timeout_seconds: 30, age_seconds_max: 86_400 }
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
            capture(RECORDS, Source::Files, limits, script::RECORDS_BODY),
            capture(WTMP, Source::Live, limits, script::WTMP_BODY),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read::read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}
