//! CSAF 2.0: advisories and VEX documents of vendors.
//!
//! A product is a package as a component of a platform (`relationships`). Its
//! platform names the release by a CPE, the package by a package URL.

use super::{Importer, VulnError, day, distribution, list, severity, text};
use anji_model::{Advisory, NamedBy, Severity};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How deep branches of a product tree may stand in each other.
const DEPTH_MAX: usize = 32;

/// What is known of product ids.
#[derive(Default)]
struct Products {
    releases: BTreeMap<String, String>,
    /// Name and version of packages that are installed.
    packages: BTreeMap<String, (String, String)>,
    /// Release and package of a component.
    components: BTreeMap<String, (String, String)>,
}

pub(super) fn read(
    importer: &mut Importer,
    place: &str,
    _whole: bool,
    value: &Value,
) -> Result<(), VulnError> {
    let error = |what: &str| VulnError { place: place.to_owned(), what: what.to_owned() };
    if text(value, &["document", "csaf_version"]) != Some("2.0") {
        return Err(error("CSAF of another version than 2.0"));
    }
    let tracking = |name| text(value, &["document", "tracking", name]);
    let id = tracking("id").ok_or_else(|| error("CSAF without document.tracking.id"))?;
    let current = tracking("current_release_date").and_then(day);
    let current = current.ok_or_else(|| error("CSAF without a current_release_date"))?;
    let first = tracking("initial_release_date").and_then(day);
    let products = Products::of(value).map_err(error)?;
    // Single documents say nothing of what they do not name, however many there are.
    let set = format!("csaf {id}");
    importer.draft(set.clone(), current);
    let whole = text(value, &["document", "aggregate_severity", "text"]);
    for flaw in list(value, "vulnerabilities") {
        let name = text(flaw, &["cve"]).unwrap_or(id);
        let found = grave(flaw, whole);
        let exploited = is_exploited(flaw);
        let status = flaw.get("product_status").unwrap_or(&Value::Null);
        let published = text(flaw, &["release_date"]).and_then(day).or(first);
        let mut told = BTreeSet::new();
        for (kind, is_fixed) in [("fixed", true), ("known_affected", false)] {
            for product in list(status, kind).iter().filter_map(Value::as_str) {
                let Some((release, package, version)) = products.component(product) else {
                    importer.skip("products that are no package of a known release");
                    continue;
                };
                let fixed = (is_fixed && !version.is_empty()).then(|| version.to_owned());
                if is_fixed && fixed.is_none() {
                    importer.skip("fixed products without a version");
                    continue;
                }
                if !told.insert((release, package, fixed.clone())) {
                    continue;
                }
                let advisory = Advisory {
                    distribution: release.to_owned(),
                    package: package.to_owned(),
                    named: NamedBy::Binary,
                    id: name.to_owned(),
                    aliases: if name == id { Vec::new() } else { vec![id.to_owned()] },
                    severity: found.map(|(severity, _)| severity),
                    severity_from: found.map(|(_, from)| from.to_owned()),
                    introduced: None,
                    fixed,
                    published_day: published,
                    exploited,
                };
                importer.add(&set, advisory)?;
            }
        }
    }
    Ok(())
}

fn is_exploited(flaw: &Value) -> bool {
    list(flaw, "threats").iter().any(|threat| {
        text(threat, &["category"]) == Some("exploit_status")
            && text(threat, &["details"]).is_some_and(says_exploited)
    })
}

fn says_exploited(details: &str) -> bool {
    let details = details.to_ascii_lowercase();
    details.contains("known to be exploited")
        || details.contains("cisa")
        || details.starts_with("yes")
        || details.contains("exploited:yes")
}

fn grave(flaw: &Value, whole: Option<&str>) -> Option<(Severity, &'static str)> {
    let impacts = list(flaw, "threats").iter();
    let impacts = impacts.filter(|threat| text(threat, &["category"]) == Some("impact"));
    let words = impacts.filter_map(|threat| severity::word(text(threat, &["details"])?));
    let vendor = words.max().or_else(|| severity::word(whole?));
    vendor.map(|severity| (severity, "vendor")).or_else(|| {
        let scores = list(flaw, "scores").iter();
        let scores = scores.filter_map(|score| {
            let score = score.get("cvss_v3")?;
            severity::score(score.get("baseScore")?.as_f64()?)
        });
        scores.max().map(|severity| (severity, "cvss"))
    })
}

impl Products {
    fn of(document: &Value) -> Result<Self, &'static str> {
        let mut products = Self::default();
        if let Some(tree) = document.get("product_tree") {
            for product in list(tree, "full_product_names") {
                products.product(product);
            }
            products.branches(tree, 0)?;
            for relation in list(tree, "relationships") {
                products.relation(relation);
            }
        }
        Ok(products)
    }

    fn branches(&mut self, node: &Value, depth: usize) -> Result<(), &'static str> {
        if depth > DEPTH_MAX {
            return Err("a product tree that is too deep");
        }
        for branch in list(node, "branches") {
            if let Some(product) = branch.get("product") {
                self.product(product);
            }
            self.branches(branch, depth + 1)?;
        }
        Ok(())
    }

    fn product(&mut self, product: &Value) {
        let Some(id) = text(product, &["product_id"]) else { return };
        let helper = |name| text(product, &["product_identification_helper", name]);
        if let Some(release) = helper("cpe").and_then(release_of_cpe) {
            self.releases.insert(id.to_owned(), release);
        }
        if let Some(package) = helper("purl").and_then(of_purl) {
            self.packages.insert(id.to_owned(), package);
        }
    }

    fn relation(&mut self, relation: &Value) {
        let get = |name| text(relation, &[name]).map(str::to_owned);
        let (Some(package), Some(platform)) =
            (get("product_reference"), get("relates_to_product_reference"))
        else {
            return;
        };
        let Some(id) = text(relation, &["full_product_name", "product_id"]) else { return };
        self.components.insert(id.to_owned(), (platform, package));
    }

    /// Release, package and version of a product.
    fn component(&self, product: &str) -> Option<(&str, &str, &str)> {
        let (platform, package) = self.components.get(product)?;
        let release = self.releases.get(platform)?;
        let (name, version) = self.packages.get(package)?;
        Some((release, name, version))
    }
}

fn release_of_cpe(cpe: &str) -> Option<String> {
    if let Some((_, rest)) = cpe.split_once("suse:sles:") {
        let mut parts = rest.split(':');
        let (major, pack) = (parts.next()?, parts.next().unwrap_or_default());
        return Some(match pack.strip_prefix("sp") {
            Some(pack) => format!("sles {major}.{pack}"),
            None => format!("sles {major}"),
        });
    }
    if let Some((_, rest)) = cpe.split_once("openeuler:openeuler:").or(cpe.split_once("openEuler:"))
    {
        let version = rest.split(':').next()?.to_lowercase();
        return version
            .starts_with(|c: char| c.is_ascii_digit())
            .then(|| format!("openeuler {version}"));
    }
    distribution::of_cpe(cpe)
}

/// Name and version of `pkg:rpm/redhat/openssl@3.0.7-27.el9?arch=x86_64&epoch=1`;
/// sources and modules are no installed packages.
fn of_purl(purl: &str) -> Option<(String, String)> {
    let rest = purl.strip_prefix("pkg:rpm/")?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (path, version) = path.split_once('@').unwrap_or((path, ""));
    let name = path.rsplit('/').next()?;
    let value =
        |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    if value("arch") == Some("src") {
        return None;
    }
    let plain = |text: &str| {
        text.replace("%2B", "+")
            .replace("%2b", "+")
            .replace("%5E", "^")
            .replace("%5e", "^")
            .replace("%7E", "~")
            .replace("%7e", "~")
            .replace("%3A", ":")
            .replace("%3a", ":")
    };
    let version = match value("epoch") {
        Some(epoch) if epoch != "0" && !version.is_empty() => format!("{epoch}:{}", plain(version)),
        _ => plain(version),
    };
    Some((plain(name), version))
}
