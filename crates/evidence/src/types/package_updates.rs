//! `package.updates`: what the host itself knows, offline, of updates that wait,
//! and whether those that were installed are in use.
//!
//! For apt, the lists that it has fetched are compared with what is installed, by
//! apt's own rules of priority. For rpm, the advisories that dnf, yum or zypper
//! have cached are. Nothing is fetched, and no tool is run that would write a log
//! or a cache.

mod apt;
mod day;
mod history;
mod read;
mod rpm;
mod running;
mod script;

use super::{WHY_FUNCTION, capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Updates that wait, and what is not in use yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The lists of packages or advisories that the host holds.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub lists: Vec<List>,
    /// The day of the oldest security list: updates that came later are not known to the host.
    /// Counted in days from 1970-01-01.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub lists_day: Option<i64>,
    /// Packages for which a security list offers a newer version, whatever pins and holds say.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub security: Vec<Update>,
    /// Packages that an upgrade would bring to a newer version, for whatever reason.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub updates: Vec<Update>,
    /// Packages that are held at their version, as `name:architecture`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub held: Vec<String>,
    /// The last day on which some package was upgraded, as far as the kept logs tell; for rpm
    /// the last day on which one was installed. Counted from 1970-01-01.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub last_upgrade_day: Option<i64>,
    /// The last day on which everything that then waited was upgraded: apt's dist-upgrade,
    /// full-upgrade or upgrade, or unattended-upgrade. Not told by rpm. Counted from 1970-01-01.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub last_full_upgrade_day: Option<i64>,
    /// The last day on which a version was installed by an upgrade that a security list offers now.
    /// Counted from 1970-01-01.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub newest_security_update_day: Option<i64>,
    /// Whether a package asked for a restart of the system (`/run/reboot-required`).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub reboot_required: Option<bool>,
    /// The packages that asked for it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub reboot_packages: Vec<String>,
    /// The running kernel's release.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kernel_running: Option<String>,
    /// The releases of the kernels in `/boot`; empty where another system starts this one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kernels: Vec<String>,
    /// Whether a kernel with a higher number than the running one waits for a restart.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kernel_outdated: Option<bool>,
    /// Programs that still run with a library that was replaced or removed, by process name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub stale_processes: Vec<String>,
}

/// A list that the host holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct List {
    /// Its name in the cache, made from its address.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub list: String,
    /// Who issues it: `Debian`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub origin: Option<String>,
    /// Its label: `Debian-Security`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub label: Option<String>,
    /// The suite: `oldstable-security`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub suite: Option<String>,
    /// Whether it is one of security updates.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub security: bool,
    /// The day whose state it shows, counted from 1970-01-01.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub release_day: Option<i64>,
}

/// A package with a newer version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Update {
    /// Its name and architecture: `openssl:amd64`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub package: String,
    /// The installed version.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub installed: String,
    /// The version that waits.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub available: String,
    /// Whether it is held, so that no upgrade installs it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub held: bool,
    /// The day of the oldest advisory that the installed version lacks, counted from 1970-01-01;
    /// lists of apt do not tell it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub published_day: Option<i64>,
}

/// The type `package.updates`.
#[derive(Debug, Clone, Copy)]
pub struct PackageUpdates;

const APT: &str = "package.updates.apt";
const HISTORY: &str = "package.updates.history";
const RPM: &str = "package.updates.rpm";
const APK: &str = "package.updates.apk";
const RUNNING: &str = "package.updates.running";
const STALE: &str = "package.updates.stale";

impl EvidenceKind for PackageUpdates {
    fn name(&self) -> EvidenceType {
        type_name("package.updates")
    }

    fn title(&self) -> Text {
        text("待装的更新与待重启的部分", "Updates that wait, and restarts that wait")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 8 << 20, timeout_seconds: 90, age_seconds_max: 86_400 }
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
        let apt = format!("{WHY_FUNCTION}\n{}", script::APT);
        vec![
            capture(APT, Source::Files, limits, &apt),
            capture(HISTORY, Source::Files, limits, script::HISTORY),
            capture(RPM, Source::Files, limits, script::RPM),
            capture(APK, Source::Files, limits, script::APK),
            capture(RUNNING, Source::Live, limits, script::RUNNING),
            capture(STALE, Source::Live, limits, script::STALE),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames)
    }
}
