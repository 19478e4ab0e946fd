//! Installed packages against advisories.

use super::{Body, Data, Open};
use crate::body::canonical_list;
use crate::kind::Parsed;
use crate::problem::Problem;
use crate::version::Scheme;
use anji_model::{Advisory, EvidenceStatus, FailureCategory, Gap, GapKind, NamedBy, VulnKnowledge};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// How old vulnerability data may be: what it does not name may have become
/// known since. Vendors publish every day.
pub const DATA_DAYS_MAX: i64 = 30;

/// The most flaws that are told of one host.
const OPEN_MAX: usize = 20_000;

/// The evidence that it is computed from, as it was had.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Whether `os.release` was had.
    pub os_status: &'a EvidenceStatus,
    /// Its body.
    pub os: Option<&'a [u8]>,
    /// Whether `packages` was had.
    pub packages_status: &'a EvidenceStatus,
    /// What it lacks.
    pub packages_gaps: &'a [Gap],
    /// Its body.
    pub packages: Option<&'a [u8]>,
}

/// What to look up for a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Names of its release, the most exact one first: `rocky 9.3`, `rocky 9`.
    pub distributions: Vec<String>,
    /// The names of its packages and of their sources.
    pub packages: BTreeSet<String>,
    installed: Vec<Package>,
    scheme: Scheme,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Package {
    package: String,
    manager: String,
    name: String,
    arch: String,
    version: String,
    source: String,
    source_version: String,
    present: bool,
}

#[derive(Deserialize)]
struct Packages {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Os {
    id: String,
    version_id: Option<String>,
    pretty_name: String,
    kernel: Option<Kernel>,
}

#[derive(Deserialize)]
struct Kernel {
    release: String,
}

/// What to look up for the host that `input` describes.
///
/// # Errors
/// The failed or absent evidence, where there is nothing to look up.
pub fn subject(input: &Input<'_>) -> Result<Lookup, Box<Parsed>> {
    let (os, packages) = (input.os, input.packages);
    let os: Os = read("os.release", input.os_status, os)?;
    let packages: Packages = read("packages", input.packages_status, packages)?;
    let manager = match os.id.as_str() {
        "alpine" => "apk",
        _ if packages.packages.iter().any(|p| p.manager == "dpkg" && p.present) => "dpkg",
        _ => "rpm",
    };
    let scheme = match manager {
        "apk" => Scheme::Apk,
        "dpkg" => Scheme::Dpkg,
        _ => Scheme::Rpm,
    };
    let kernel = os.kernel.as_ref().map(|kernel| kernel.release.clone());
    let installed: Vec<Package> = packages
        .packages
        .into_iter()
        .filter(|p| p.present && p.manager == manager)
        .map(without_signature)
        .filter(|p| is_running(p, kernel.as_deref()))
        .collect();
    let names = installed.iter().flat_map(|p| [p.name.clone(), p.source.clone()]).collect();
    let distributions = distributions(&os);
    Ok(Lookup { distributions, packages: names, installed, scheme })
}

fn read<'a, T: Deserialize<'a>>(
    what: &str,
    status: &EvidenceStatus,
    body: Option<&'a [u8]>,
) -> Result<T, Box<Parsed>> {
    match status {
        EvidenceStatus::Absent { detail } => Err(Box::new(Parsed::absent(detail.clone()))),
        EvidenceStatus::Failed { category, detail } => {
            Err(Box::new(Parsed::failed(*category, format!("{what}: {detail}"))))
        }
        EvidenceStatus::Collected => {
            let read = body.and_then(|body| serde_json::from_slice(body).ok());
            read.ok_or_else(|| {
                let detail = format!("the body of {what} is not there, or of another form");
                Box::new(Parsed::failed(FailureCategory::Incomplete, detail))
            })
        }
    }
}

/// Names of the release as data sets use them: with its point release, and without.
fn distributions(os: &Os) -> Vec<String> {
    let Some(version) = &os.version_id else { return vec![os.id.clone()] };
    let version = version.to_lowercase();
    // Service packs of openEuler share a number.
    if os.id == "openeuler" {
        let pack = os.pretty_name.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        let pack = pack.map_or_else(String::new, |(pack, _)| format!("-{}", pack.to_lowercase()));
        return vec![format!("openeuler {version}{pack}")];
    }
    let mut names = vec![format!("{} {version}", os.id)];
    let mut rest = version.as_str();
    // The service packs of SUSE are releases of their own, as are the halves of an Ubuntu year.
    let steps = if matches!(os.id.as_str(), "ubuntu" | "sles" | "opensuse-leap") { 0 } else { 2 };
    for _ in 0..steps {
        let Some((front, _)) = rest.rsplit_once('.') else { break };
        names.push(format!("{} {front}", os.id));
        rest = front;
    }
    names
}

/// Signed images of a kernel are built a second time, with another source and version.
/// rpm does not keep the epoch of a source; it is that of its packages.
fn without_signature(mut package: Package) -> Package {
    if package.manager == "rpm"
        && let Some((epoch, _)) = package.version.split_once(':')
        && !package.source_version.contains(':')
    {
        package.source_version = format!("{epoch}:{}", package.source_version);
    }
    if package.source.starts_with("linux-signed-") {
        "linux".clone_into(&mut package.source);
        package.source_version = package.version.clone();
    }
    package
}

/// Kernels that were kept and do not run harm nobody, and neither do their
/// headers. Which one runs is not known of a root file system.
fn is_running(package: &Package, running: Option<&str>) -> bool {
    let name = package.name.as_str();
    if package.source == "linux" && package.manager == "dpkg" {
        let Some(image) = name.strip_prefix("linux-image-") else { return false };
        let image = image.strip_suffix("-unsigned").unwrap_or(image);
        let versioned = image.starts_with(|c: char| c.is_ascii_digit());
        return versioned && running.is_none_or(|running| running == image);
    }
    if package.manager == "rpm" && (name == "kernel" || name.starts_with("kernel-core")) {
        let release = package.version.rsplit(':').next().unwrap_or_default();
        return running.is_none_or(|running| running == format!("{release}.{}", package.arch));
    }
    true
}

/// The body, from what was looked up. `today` is counted from 1970-01-01.
pub fn derive(input: &Input<'_>, lookup: &Lookup, knowledge: &VulnKnowledge, today: i64) -> Parsed {
    let sources = &knowledge.sources;
    let speaks = |name: &&String| {
        sources.iter().any(|source| source.complete.contains(*name))
            || knowledge.advisories.iter().any(|a| a.distribution == **name)
    };
    let Some(distribution) = lookup.distributions.iter().find(speaks) else {
        let name = lookup.distributions.first().map_or("this system", String::as_str);
        let detail = format!(
            "no vulnerability data imported for {name}; `anji content import-vulns FILE` reads it"
        );
        return Parsed::failed(FailureCategory::NotImported, detail);
    };
    let complete: Vec<_> =
        sources.iter().filter(|source| source.complete.contains(distribution)).collect();
    if let Some(newest) = complete.iter().map(|source| source.as_of_day).max()
        && today - newest > DATA_DAYS_MAX
    {
        let detail = format!(
            "the vulnerability data for {distribution} is {} days old; import newer data with \
             `anji content import-vulns FILE`",
            today - newest
        );
        return Parsed::failed(FailureCategory::NotImported, detail);
    }
    let mut open = open(lookup, knowledge, distribution);
    let mut gaps: Vec<Gap> = input.packages_gaps.iter().map(of_open).collect();
    if open.len() > OPEN_MAX {
        open.truncate(OPEN_MAX);
        let detail = format!("more than {OPEN_MAX} open flaws");
        gaps.push(Problem::new(FailureCategory::Truncated, detail).partial("open"));
    }
    if complete.is_empty() {
        let detail = format!("only single advisories were imported for {distribution}");
        gaps.push(Problem::new(FailureCategory::Incomplete, detail).partial("open"));
    }
    let mut lacks = |lacks: bool, path: &str, detail: &str| {
        if lacks {
            gaps.push(Problem::new(FailureCategory::Incomplete, detail).unknown(path));
        }
    };
    let detail = "the imported data does not say how grave some flaws are";
    lacks(open.iter().any(|o| o.severity.is_none()), "open[].severity", detail);
    let detail = "the imported data does not say when some flaws were published";
    lacks(open.iter().any(|o| o.published_day.is_none()), "open[].published_day", detail);
    let body = Body {
        data: canonical_list(sources.iter().map(|source| Data {
            source: source.name.clone(),
            as_of_day: source.as_of_day,
            digest: source.digest.to_string(),
            complete: source.complete.contains(distribution),
        })),
        distribution: distribution.clone(),
        open,
    };
    Parsed::collected(&body, gaps)
}

/// What the list of packages lacks, the list of their flaws lacks too.
fn of_open(gap: &Gap) -> Gap {
    Gap { path: "open".to_owned(), kind: GapKind::Partial, ..gap.clone() }
}

/// A package as the data names it, in one installed version.
type Place<'a> = (&'a str, &'a str);

fn open(lookup: &Lookup, knowledge: &VulnKnowledge, distribution: &str) -> Vec<Open> {
    let mut by_source: BTreeMap<&str, BTreeMap<Place<'_>, Vec<&str>>> = BTreeMap::new();
    let mut by_name: BTreeMap<&str, BTreeMap<Place<'_>, Vec<&str>>> = BTreeMap::new();
    for p in &lookup.installed {
        let place = (p.source.as_str(), p.source_version.as_str());
        by_source.entry(&p.source).or_default().entry(place).or_default().push(&p.package);
        let place = (p.name.as_str(), p.version.as_str());
        by_name.entry(&p.name).or_default().entry(place).or_default().push(&p.package);
    }
    // How grave a flaw is, from whichever source says so; the vendor's word first.
    let mut grave: BTreeMap<&str, &Advisory> = BTreeMap::new();
    for advisory in knowledge.advisories.iter().filter(|a| a.severity.is_some()) {
        for name in std::iter::once(&advisory.id).chain(&advisory.aliases) {
            let known = grave.entry(name).or_insert(advisory);
            let rank = |a: &Advisory| (a.severity_from.as_deref() == Some("vendor"), a.severity);
            if rank(advisory) > rank(known) {
                *known = advisory;
            }
        }
    }
    let mut found: BTreeMap<(String, &str, &str), Open> = BTreeMap::new();
    for advisory in knowledge.advisories.iter().filter(|a| a.distribution == distribution) {
        let places = match advisory.named {
            NamedBy::Source => &by_source,
            NamedBy::Binary => &by_name,
        };
        for (place, packages) in places.get(advisory.package.as_str()).into_iter().flatten() {
            if !is_affected(lookup.scheme, place.1, advisory) {
                continue;
            }
            let key = (advisory.id.clone(), place.0, place.1);
            let told = found.entry(key).or_insert_with(|| new_open(advisory, *place, packages));
            merge(told, advisory, lookup.scheme);
            let names = || std::iter::once(&advisory.id).chain(&advisory.aliases);
            told.exploited |= names().any(|name| knowledge.exploited.contains(name));
            if let Some(said) = names().find_map(|name| grave.get(name.as_str())) {
                told.severity = said.severity.map(word);
                told.severity_from.clone_from(&said.severity_from);
            }
        }
    }
    canonical_list(found.into_values())
}

fn new_open(advisory: &Advisory, (package, version): Place<'_>, packages: &[&str]) -> Open {
    Open {
        entry: format!("{} {package} {version}", advisory.id),
        advisory: advisory.id.clone(),
        aliases: advisory.aliases.clone(),
        package: package.to_owned(),
        installed: canonical_list(packages.iter().map(|name| (*name).to_owned())),
        installed_version: version.to_owned(),
        fixed_version: advisory.fixed.clone(),
        fixable: advisory.fixed.is_some(),
        severity: None,
        severity_from: None,
        published_day: advisory.published_day,
        exploited: advisory.exploited,
    }
}

/// Takes in another word on the same flaw: the earlier day, the later fix.
fn merge(told: &mut Open, advisory: &Advisory, scheme: Scheme) {
    told.exploited |= advisory.exploited;
    told.published_day = match (told.published_day, advisory.published_day) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    if let Some(fixed) = &advisory.fixed
        && told.fixed_version.as_ref().is_none_or(|known| scheme.compare(fixed, known).is_gt())
    {
        told.fixed_version = Some(fixed.clone());
        told.fixable = true;
    }
}

/// Builds of a module have versions of their own: an advisory on one stream says
/// nothing of packages of another, or of none.
fn is_other_stream(version: &str, fixed: &str) -> bool {
    let is_module = |version: &str| version.contains(".module");
    let major = |version: &str| {
        let upstream = version.split_once(':').map_or(version, |(_, rest)| rest);
        upstream.split(['.', '-']).next().map(str::to_owned)
    };
    is_module(fixed) != is_module(version) || is_module(fixed) && major(fixed) != major(version)
}

fn is_affected(scheme: Scheme, version: &str, advisory: &Advisory) -> bool {
    let stream = |fixed: &String| scheme == Scheme::Rpm && is_other_stream(version, fixed);
    if advisory.fixed.as_ref().is_some_and(stream) {
        return false;
    }
    let from = advisory.introduced.as_ref();
    let to = advisory.fixed.as_ref();
    from.is_none_or(|from| from == "0" || scheme.compare(version, from).is_ge())
        && to.is_none_or(|to| scheme.compare(version, to).is_lt())
}

fn word(severity: anji_model::Severity) -> String {
    use anji_model::Severity::{Critical, High, Info, Low, Medium};
    match severity {
        Critical => "critical",
        High => "high",
        Medium => "medium",
        Low => "low",
        Info => "info",
    }
    .to_owned()
}

#[cfg(test)]
mod tests;
