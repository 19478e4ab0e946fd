//! `mounts`: the file systems that are mounted, those that the configuration
//! mounts, and what holds in the folders that everybody may write to.

mod config;
mod read;
mod script;
mod table;

pub(super) use self::table::octal;

use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// What is mounted, and what would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The mounts that can be seen. Left out is what comes and goes by itself:
    /// mounts of sessions, containers, automounters and removable media, and
    /// those below `/proc` and `/sys`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mounted: Vec<Mounted>,
    /// The lines of fstab and the mount units of systemd.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured: Vec<Configured>,
    /// `/tmp`, `/var/tmp` and `/dev/shm`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub temporary: Vec<Temporary>,
}

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Mounted {
    /// Where.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub target: String,
    /// What, without names and passwords of a network source.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub source: String,
    /// The type of file system: `ext4`, `tmpfs`, `nfs4`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub fstype: String,
    /// Whether the source is another machine.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub network: bool,
    /// Whether it shows what another mount shows, or a part of a file system.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub bind: bool,
    /// `ro`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub read_only: bool,
    /// Set-user-id programs gain no rights.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub nosuid: bool,
    /// Device files do not work.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub nodev: bool,
    /// Programs cannot be started.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub noexec: bool,
}

/// One configured mount.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Configured {
    /// The file and the place that it names: `/etc/fstab /tmp`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: String,
    /// The file.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: String,
    /// Where.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub target: String,
    /// What, without names and passwords of a network source.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub source: String,
    /// The type of file system.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub fstype: String,
    /// Whether it is mounted when the system starts.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub at_start: bool,
    /// Whether it shows a folder of another mount.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub bind: bool,
    /// `ro`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub read_only: bool,
    /// Set-user-id programs gain no rights.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub nosuid: bool,
    /// Device files do not work.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub nodev: bool,
    /// Programs cannot be started.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub noexec: bool,
}

/// A folder that everybody may write to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Temporary {
    /// Its path.
    #[schemars(extend("x-sensitivity" = "public", "x-label" = true))]
    pub path: String,
    /// Whether it is there.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub exists: Option<bool>,
    /// The mount that it lies on, links followed: `/` where it is no mount of its own.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mount: Option<String>,
    /// Set-user-id programs gain no rights in it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub nosuid: Option<bool>,
    /// Device files do not work in it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub nodev: Option<bool>,
    /// Programs cannot be started in it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub noexec: Option<bool>,
    /// What the configuration mounts there; absent where it mounts nothing.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured: Option<Flags>,
}

/// What a configured mount brings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Flags {
    /// The file that decides.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: String,
    /// Set-user-id programs gain no rights.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub nosuid: bool,
    /// Device files do not work.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub nodev: bool,
    /// Programs cannot be started.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub noexec: bool,
}

const RUNNING: &str = "mounts.running";
const FSTAB: &str = "mounts.fstab";
const UNITS: &str = "mounts.units";

/// The folders that everybody may write to.
const TEMPORARY: [&str; 3] = ["/dev/shm", "/tmp", "/var/tmp"];

/// The type `mounts`.
#[derive(Debug, Clone, Copy)]
pub struct Mounts;

impl EvidenceKind for Mounts {
    fn name(&self) -> EvidenceType {
        type_name("mounts")
    }

    fn title(&self) -> Text {
        text("挂载的文件系统", "Mounted file systems")
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
            capture(RUNNING, Source::Live, limits, &script::running_body()),
            capture(FSTAB, Source::Files, limits, &script::fstab_body()),
            capture(UNITS, Source::Files, limits, &script::units_body()),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read::read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}
