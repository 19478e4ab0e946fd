//! `update.config`: where a host gets its packages from, and whether updates are
//! installed without anybody.
//!
//! Addresses are cut to scheme, host and path on the target: names and passwords in
//! them, queries, proxies and certificates' keys stay there.

mod apt;
mod read;
mod rpm;
mod script;

use super::{WHY_FUNCTION, capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Repositories and automatic updates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// Every configured repository.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub repositories: Vec<Repository>,
    /// Settings of apt, yum or dnf that let packages in without a check for every repository,
    /// as they stand: `APT::Get::AllowUnauthenticated=true`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub insecure_settings: Vec<String>,
    /// Programs that fetch or install updates by themselves.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub automatic: Vec<Automatic>,
    /// Where unattended-upgrades may take updates from, as configured.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub unattended_origins: Vec<String>,
}

/// A source of packages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Repository {
    /// Kind, address and suite in one: `deb https://mirror.example/debian bookworm`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub repository: String,
    /// `deb`, `deb-src`, `rpm` or `apk`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kind: String,
    /// The address's scheme: `https`, `http`, `file`, `cdrom`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub scheme: String,
    /// The address's host with its port; empty where it has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub host: String,
    /// The suite of a `deb`, the section's name of an `rpm`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub suite: String,
    /// Whether it is in use.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub enabled: bool,
    /// Whether signatures are checked, as far as its own settings and the general ones say:
    /// false with `trusted=yes`, `allow-insecure=yes` or `gpgcheck=0`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub verified: bool,
    /// The keys that it must be signed by, where its own settings name them.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub signed_by: Option<String>,
}

/// A program that works by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Automatic {
    /// Its name: `apt-periodic`, `dnf-automatic`, `yum-cron`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// Whether something starts it: a timer or a daily job that is enabled.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub started: bool,
    /// Whether it fetches the lists.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub fetches: bool,
    /// Whether it installs updates.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub installs: bool,
}

/// The type `update.config`.
#[derive(Debug, Clone, Copy)]
pub struct UpdateConfig;

const APT: &str = "update.config.apt";
const RPM: &str = "update.config.rpm";
const STARTED: &str = "update.config.started";

impl EvidenceKind for UpdateConfig {
    fn name(&self) -> EvidenceType {
        type_name("update.config")
    }

    fn title(&self) -> Text {
        text("软件源与自动更新配置", "Sources of packages and automatic updates")
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
        let with = |body: &str| format!("{WHY_FUNCTION}\n{}\n{body}", script::FILES_FUNCTION);
        let limits = self.limits();
        vec![
            capture(APT, Source::Files, limits, &with(script::APT)),
            capture(RPM, Source::Files, limits, &with(script::RPM)),
            capture(STARTED, Source::Files, limits, script::STARTED),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames)
    }
}
