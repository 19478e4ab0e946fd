//! What vendors publish about flaws of their packages, as far as it is matched
//! with what is installed.

use crate::grade::Severity;
use crate::id::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which of a package's names an advisory uses, and so which of its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamedBy {
    /// The source package.
    Source,
    /// The package that is installed.
    Binary,
}

/// One flaw in one package of one distribution release. A version is affected
/// from `introduced` (or the first) up to, and not including, `fixed` (or for
/// ever).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Advisory {
    /// The release, as `os.release` names products: `debian 12`.
    pub distribution: String,
    /// The package's name.
    pub package: String,
    /// What kind of name that is.
    pub named: NamedBy,
    /// The flaw's name: the CVE where there is one.
    pub id: String,
    /// Its other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// How grave it is; none where the source does not say.
    pub severity: Option<Severity>,
    /// Who says so: `vendor`, `cvss`.
    pub severity_from: Option<String>,
    /// The first affected version.
    pub introduced: Option<String>,
    /// The first version that is not affected any more; none where there is no fix.
    pub fixed: Option<String>,
    /// The day of publication, counted from 1970-01-01.
    pub published_day: Option<i64>,
    /// Whether it is known to be used by attackers.
    pub exploited: bool,
}

/// Where vulnerability data came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VulnSource {
    /// Form and subject: `debian-oval debian 12`. A later import of the same name
    /// takes its place.
    pub name: String,
    /// The day whose state it shows, counted from 1970-01-01.
    pub as_of_day: i64,
    /// Digest of the file.
    pub digest: Digest,
    /// The releases of which it holds all that the vendor publishes. Single
    /// advisories say nothing of what they do not name.
    pub complete: BTreeSet<String>,
}

/// One imported set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VulnSet {
    /// Where it came from.
    pub source: VulnSource,
    /// Its advisories, sorted, once each.
    pub advisories: Vec<Advisory>,
    /// Names of flaws that it says are used by attackers, without packages.
    pub exploited: BTreeSet<String>,
}

/// What is known for one host: of its release, about its packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VulnKnowledge {
    /// The sources that speak of the release, sorted.
    pub sources: Vec<VulnSource>,
    /// Their advisories on the packages.
    pub advisories: Vec<Advisory>,
    /// Names of flaws that are used by attackers.
    pub exploited: BTreeSet<String>,
}
