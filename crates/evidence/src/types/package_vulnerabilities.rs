//! `package.vulnerabilities`: known flaws of what is installed.
//!
//! No command on a target brings it: it is computed, after collection, from
//! `packages`, `os.release` and the vulnerability data that the user imported.
//! [`subject`] says what to look up, [`derive`] computes the body; both are pure.

mod derive;

use super::{text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, FailureCategory, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

pub use derive::{DATA_DAYS_MAX, Input, Lookup, derive, subject};

/// Known flaws of the installed packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The vulnerability data that was used.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub data: Vec<Data>,
    /// The distribution release as the data names it: `debian 12`.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub distribution: String,
    /// Flaws whose affected versions include the installed one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub open: Vec<Open>,
}

/// One piece of imported data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Data {
    /// Its form and subject: `debian-oval debian 12`.
    #[schemars(extend("x-sensitivity" = "public", "x-label" = true))]
    pub source: String,
    /// The day whose state it shows, counted from 1970-01-01.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub as_of_day: i64,
    /// The SHA-256 digest of the imported file.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub digest: String,
    /// Whether it holds all that the vendor publishes for the release.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub complete: bool,
}

/// A flaw in an installed package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Open {
    /// Flaw, package and installed version: `CVE-2026-0001 openssl 3.0.20-1`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: String,
    /// The flaw's name.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub advisory: String,
    /// Its other names.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub aliases: Vec<String>,
    /// The package as the data names it: a source package, or an installed one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub package: String,
    /// The installed packages that are affected, as `packages` names them.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub installed: Vec<String>,
    /// The version that is installed.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub installed_version: String,
    /// The first version without the flaw, absent where there is none yet.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub fixed_version: Option<String>,
    /// Whether there is a version without the flaw.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub fixable: bool,
    /// `critical`, `high`, `medium`, `low` or `info`.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub severity: Option<String>,
    /// Who says how grave it is: `vendor` or `cvss`; absent where nobody does.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub severity_from: Option<String>,
    /// The day of publication, counted from 1970-01-01.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub published_day: Option<i64>,
    /// Whether some source says that attackers use it.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub exploited: bool,
}

/// The type `package.vulnerabilities`.
#[derive(Debug, Clone, Copy)]
pub struct PackageVulnerabilities;

impl EvidenceKind for PackageVulnerabilities {
    fn name(&self) -> EvidenceType {
        type_name("package.vulnerabilities")
    }

    fn title(&self) -> Text {
        text("已安装软件包的已知漏洞", "Known flaws of the installed packages")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 0, timeout_seconds: 0, age_seconds_max: 86_400 }
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
        Vec::new()
    }

    fn parse(&self, _selector: Option<&Selector>, _frames: &Frames) -> Parsed {
        let detail = "it is computed from other evidence after collection";
        Parsed::failed(FailureCategory::Incomplete, detail)
    }

    fn derived_from(&self) -> &'static [&'static str] {
        &["os.release", "packages"]
    }
}
