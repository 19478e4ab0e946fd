//! `services`: the service manager and all that it would start.
//!
//! What is enabled is read from the files that the managers themselves read:
//! unit files with their links for systemd, runlevel links, `inittab`,
//! `inetd.conf`, `xinetd.d`, the runlevels of OpenRC, the folders of runit.
//! What runs is the running manager's word. Left out are devices, scopes and
//! slices, transient units, and the instances of one connection, as they come
//! and go. What a start script does inside (`rc.local`, `rcS`) is not read.

mod legacy;
mod listing;
mod live;
mod manager;
mod read;
mod script;
mod state;
mod unit_file;

use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The service manager and all that it would start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// `systemd`, `sysvinit`, `openrc`, `runit`, `s6`, `daemontools`, `busybox`,
    /// `other` (a program that is none of these, as in many containers) or `none`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub manager: Option<String>,
    /// The program of process 1; in another root folder what `/sbin/init` is.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub init: Option<String>,
    /// What is started by default: a target of systemd, a runlevel of others.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub default_target: Option<String>,
    /// Units, services and entries of super-servers.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub units: Vec<Unit>,
    /// The timers of systemd.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub timers: Vec<Timer>,
}

/// One unit, service, or entry of a super-server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Unit {
    /// Its full name: `ssh.service`; with its manager where that is not systemd: `xinetd:telnet`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub unit: String,
    /// Its name without kind and instance: `ssh`, `getty`, `telnet`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub name: String,
    /// Who starts it: `systemd`, `sysv`, `inittab`, `openrc`, `runit`, `inetd`, `xinetd`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub manager: String,
    /// `service`, `socket`, `timer`, `path`, `target`, `mount`, `automount`, `swap`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kind: String,
    /// As systemd says it: `enabled`, `enabled-runtime`, `disabled`, `masked`,
    /// `masked-runtime`, `static`, `indirect`, `alias`, `linked`, `linked-runtime`,
    /// `generated`; `enabled` or `disabled` for others.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub state: String,
    /// Whether something starts it or listens for it: a link of another unit or
    /// of a runlevel names it and nothing masks it. For an entry of a
    /// super-server: whether it is enabled and that server is itself started.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub starts: bool,
    /// What systemd says of loading it: `loaded`, `masked`, `bad-setting`, `error`;
    /// absent where it is not loaded, and for other managers.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub load: Option<String>,
    /// Whether it is active now. Absent for what comes and goes by itself (a
    /// command that ends, a service that others start when they need it), for
    /// templates, and where its manager keeps no state.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub active: Option<bool>,
    /// Whether it failed. Absent where its manager does not say.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub failed: Option<bool>,
    /// The account that it runs as; absent where none is set, which is root for
    /// units of the system.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub user: Option<String>,
    /// Whether systemd makes an account for it while it runs.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub dynamic_user: bool,
    /// The path of the first program that it starts, without arguments.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub program: Option<String>,
    /// The last part of that path.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub program_name: Option<String>,
    /// The file that defines it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub fragment: Option<String>,
    /// The TCP ports that a socket unit or a super-server opens for it, those
    /// on the loopback address left out.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub tcp_ports: Vec<u16>,
    /// The UDP ports that a socket unit or a super-server opens for it, those
    /// on the loopback address left out.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub udp_ports: Vec<u16>,
}

/// One timer of systemd.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Timer {
    /// Its name.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub timer: String,
    /// The unit that it starts.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub starts_unit: String,
    /// When, as the files say it: `OnCalendar=daily`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub schedule: Vec<String>,
    /// Whether something starts it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub starts: bool,
    /// Whether it is active now.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub active: Option<bool>,
}

/// The type `services`.
#[derive(Debug, Clone, Copy)]
pub struct Services;

const UNITS: &str = "services.units";
const LEGACY: &str = "services.legacy";
const STATE: &str = "services.state";

impl EvidenceKind for Services {
    fn name(&self) -> EvidenceType {
        type_name("services")
    }

    fn title(&self) -> Text {
        text("服务管理器与自启动服务", "The service manager and what it starts")
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
            capture(UNITS, Source::Files, limits, &script::units_body()),
            capture(LEGACY, Source::Files, limits, &script::legacy_body()),
            capture(STATE, Source::Live, limits, script::STATE_BODY),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(crate::problem::Problem::failed)
    }
}
