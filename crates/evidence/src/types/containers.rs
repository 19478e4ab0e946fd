//! `containers`: container runtimes, the sockets that give them orders, and the
//! settings of the Docker daemon.
//!
//! Who may write to a runtime's socket is root on the host in all but name.

mod read;
mod script;

use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Container runtimes and how they can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The runtimes whose programs are there: `docker`, `podman`, `containerd`,
    /// `crio`, `lxc`, `nspawn`, `kubelet`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub runtimes: Vec<Runtime>,
    /// The sockets that take orders.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sockets: Vec<Socket>,
    /// The settings of the Docker daemon, absent where it is not installed.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub docker: Option<Docker>,
}

/// One runtime.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Runtime {
    /// Its name.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub runtime: String,
    /// Whether its daemon runs. False for what has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub running: Option<bool>,
}

/// One socket that takes orders.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Socket {
    /// Its path.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// The permission bits as four octal digits.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: String,
    /// The owner's user id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: u32,
    /// The owning group's id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gid: u32,
    /// The group's name, absent where it has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub group: Option<String>,
}

/// The settings of the Docker daemon, with its defaults where nothing is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Docker {
    /// Where it listens, from `daemon.json`, the options of its unit and of a
    /// running daemon: `unix:///var/run/docker.sock`, `tcp://0.0.0.0:2375`, `fd://`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub hosts: Vec<String>,
    /// Whether clients over TCP have to show a certificate.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub tlsverify: bool,
    /// The accounts that root in containers is mapped to, absent where root
    /// there is root of the host.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub userns_remap: Option<String>,
    /// Whether containers of the default network reach one another.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub icc: bool,
    /// Whether processes in containers cannot gain rights by default.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub no_new_privileges: bool,
    /// Whether containers go on while the daemon is away.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub live_restore: bool,
    /// Whether ports are published by a proxy of its own.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub userland_proxy: bool,
    /// Registries that are spoken to without a verified certificate.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub insecure_registries: Vec<String>,
    /// Where the output of containers goes.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub log_driver: String,
}

/// The type `containers`.
#[derive(Debug, Clone, Copy)]
pub struct Containers;

const FILES: &str = "containers.files";
const LIVE: &str = "containers.live";

impl EvidenceKind for Containers {
    fn name(&self) -> EvidenceType {
        type_name("containers")
    }

    fn title(&self) -> Text {
        text("容器运行时与其接口", "Container runtimes and their sockets")
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
            capture(FILES, Source::Files, limits, script::FILES_BODY),
            capture(LIVE, Source::Live, limits, &script::live_body()),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(crate::problem::Problem::failed)
    }
}
