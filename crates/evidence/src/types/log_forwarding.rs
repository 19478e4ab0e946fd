//! `log.forwarding`: which programs handle the host's messages, and to whom
//! they send them.
//!
//! A collector is what a configuration names; whether lines arrive there is
//! known only on its side. Passwords in these files are blotted out on the
//! target.

mod journald;
mod read;
mod rsyslog;
mod scan;
mod script;
mod selector;
mod syslog_ng;

use super::dump::closed_capture;
use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::Problem;
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
pub use journald::Journald;
use schemars::JsonSchema;
use serde::Serialize;

/// The handling of messages on the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The programs that take and keep messages, of those that run: `rsyslogd`,
    /// `syslog-ng`, `syslogd`, `systemd-journald`, `systemd-journal-upload`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub daemons: Vec<String>,
    /// Programs of other makers that ship logs, of those that run: `filebeat`,
    /// `fluent-bit` ... What they ship is not looked at.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub agents: Vec<String>,
    /// Where messages are sent by the configurations.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub collectors: Vec<Collector>,
    /// The journal's configuration, with its defaults; absent where there is no
    /// journal.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub journald: Option<Journald>,
}

/// A place that messages are sent to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Collector {
    /// Program, protocol and target: `rsyslog tcp 10.0.2.2:10514`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: String,
    /// Whose configuration names it: `rsyslog`, `syslog-ng`, `syslogd`, `journal-upload`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub program: String,
    /// `udp`, `tcp`, `relp`, `https`, `kafka` ...
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub protocol: String,
    /// The target's name or address.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub host: String,
    /// The target's port; absent where none is named.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub port: Option<u16>,
    /// Whether the connection is configured to be encrypted.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub tls: bool,
    /// Which messages, as the configuration says it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub selector: String,
    /// Whether it gets all messages down to `info`, whatever their facility.
    /// Unknown where conditions decide that are not evaluated.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub everything: Option<bool>,
    /// Whether it gets those of `auth` and `authpriv` down to `info`, which tell
    /// of logins and sudo.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub authentication: Option<bool>,
    /// Whether the program runs that would send them.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub running: Option<bool>,
}

/// The type `log.forwarding`.
#[derive(Debug, Clone, Copy)]
pub struct LogForwarding;

const PROGRAMS: &str = "log.programs";
const FILES: &str = "log.config";

impl EvidenceKind for LogForwarding {
    fn name(&self) -> EvidenceType {
        type_name("log.forwarding")
    }

    fn title(&self) -> Text {
        text("日志外发", "Forwarding of logs")
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
        let dump = closed_capture(FILES, limits, &read::PATTERNS);
        let command = format!("{} | {}", dump.command, script::BLOT);
        vec![
            capture(PROGRAMS, Source::Live, limits, script::PROGRAMS_BODY),
            Capture { command, ..dump },
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(Problem::failed)
    }
}

/// Program, protocol and target in one text.
fn entry(program: &str, protocol: &str, host: &str, port: Option<u16>) -> String {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    match port {
        Some(port) => format!("{program} {protocol} {host}:{port}"),
        None => format!("{program} {protocol} {host}"),
    }
}
