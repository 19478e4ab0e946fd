//! `packages`: what the package managers of the host say is installed.
//!
//! A host may have several databases at once, for instance rpm's on Debian:
//! all are read, and each package says which one it is from.

mod read;
mod script;

use super::{WHY_FUNCTION, capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use read::unpacked_states;

/// The packages of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The managers whose database is there: `dpkg`, `rpm`, `apk`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub managers: Vec<String>,
    /// Every package that a database names.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub packages: Vec<Package>,
}

/// A package as its database has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Package {
    /// Its name and architecture, with the version between them where several
    /// versions are installed: `openssl:amd64`, `kernel-5.14.0-70.el9:x86_64`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub package: String,
    /// Whose database names it: `dpkg`, `rpm`, `apk`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub manager: String,
    /// Its name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub name: String,
    /// Its architecture; `all` or `noarch` for any.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub arch: String,
    /// Its version as the manager compares it: with the epoch where it has one, and the release.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub version: String,
    /// The source package that it was built from; its own name where none is said.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub source: String,
    /// The version of the source package, which advisories speak of. rpm does not keep the
    /// epoch of a source package.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub source_version: String,
    /// Its state in dpkg's words: `installed`; `config-files` when it was removed and its
    /// settings stayed; `half-installed`, `unpacked`, `half-configured`, `triggers-awaited`,
    /// `triggers-pending`. rpm and apk know only `installed`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub status: String,
    /// Whether its programs are on the disk: every state but `config-files` and `not-installed`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub present: bool,
    /// Who built it, where the database says so.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub vendor: Option<String>,
}

/// The type `packages`.
#[derive(Debug, Clone, Copy)]
pub struct Packages;

const DPKG: &str = "packages.dpkg";
const RPM: &str = "packages.rpm";
const APK: &str = "packages.apk";

impl EvidenceKind for Packages {
    fn name(&self) -> EvidenceType {
        type_name("packages")
    }

    fn title(&self) -> Text {
        text("已安装的软件包", "Installed packages")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 8 << 20, timeout_seconds: 60, age_seconds_max: 86_400 }
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
        [(DPKG, script::DPKG), (RPM, script::RPM), (APK, script::APK)]
            .map(|(id, body)| {
                capture(id, Source::Files, self.limits(), &format!("{WHY_FUNCTION}\n{body}"))
            })
            .into()
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames)
    }
}
