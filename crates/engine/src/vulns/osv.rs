//! OSV records: <https://ossf.github.io/osv-schema/>.

use super::{Importer, VulnError, day, distribution, list, severity, text, texts};
use anji_model::{Advisory, Severity};
use serde_json::Value;

pub(super) fn read(
    importer: &mut Importer,
    place: &str,
    whole: bool,
    record: &Value,
) -> Result<(), VulnError> {
    let error = |what: &str| VulnError { place: place.to_owned(), what: what.to_owned() };
    let name = text(record, &["id"]).ok_or_else(|| error("an OSV record whose id is no text"))?;
    let modified = text(record, &["modified"]).and_then(day);
    let modified = modified.ok_or_else(|| error("an OSV record whose `modified` is no date"))?;
    if text(record, &["withdrawn"]).is_some() {
        importer.skip("withdrawn by its publisher");
        return Ok(());
    }
    let (id, aliases) = names(record, name);
    for affected in list(record, "affected") {
        let Some(ecosystem) = text(affected, &["package", "ecosystem"]) else {
            importer.skip("affects something that is no package");
            continue;
        };
        let Some((release, named)) = distribution::of_ecosystem(ecosystem) else {
            let family = ecosystem.split(':').next().unwrap_or_default();
            let family: String = family.chars().filter(|c| !c.is_control()).take(40).collect();
            importer.skip(&format!("packages of {family}, which no host is matched with"));
            continue;
        };
        let package = text(affected, &["package", "name"])
            .ok_or_else(|| error("an affected package without a name"))?;
        let set = if whole { format!("osv {release}") } else { format!("osv {name}") };
        let draft = importer.draft(set.clone(), modified);
        if whole {
            draft.complete.insert(release.clone());
        }
        let (severity, severity_from) = grave(record, affected).unzip();
        let ranges = ranges(affected);
        if ranges.is_empty() {
            importer.skip("versions that are listed and not given as a range");
        }
        for (introduced, fixed) in ranges {
            importer.add(
                &set,
                Advisory {
                    distribution: release.clone(),
                    package: package.to_owned(),
                    named,
                    id: id.clone(),
                    aliases: aliases.clone(),
                    severity,
                    severity_from: severity_from.map(str::to_owned),
                    introduced,
                    fixed,
                    published_day: text(record, &["published"]).and_then(day),
                    exploited: false,
                },
            )?;
        }
    }
    Ok(())
}

/// The flaw's name and its other names: distributions put their own before a CVE.
fn names(record: &Value, name: &str) -> (String, Vec<String>) {
    let bare = ["DEBIAN-", "UBUNTU-", "ALPINE-"].iter().find_map(|lead| name.strip_prefix(lead));
    let id = bare.filter(|id| id.starts_with("CVE-")).unwrap_or(name).to_owned();
    let mut aliases = texts(record, "aliases");
    aliases.extend(texts(record, "upstream"));
    aliases.push(name.to_owned());
    aliases.sort();
    aliases.dedup();
    aliases.retain(|alias| *alias != id);
    aliases.truncate(256);
    (id, aliases)
}

/// From where to where each range goes.
fn ranges(affected: &Value) -> Vec<(Option<String>, Option<String>)> {
    let mut found = Vec::new();
    for range in list(affected, "ranges") {
        if text(range, &["type"]) != Some("ECOSYSTEM") {
            continue;
        }
        let mut open: Option<Option<String>> = None;
        for event in list(range, "events") {
            if let Some(from) = text(event, &["introduced"]) {
                found.extend(open.take().map(|from| (from, None)));
                open = Some((from != "0").then(|| from.to_owned()));
            } else if let Some(fixed) = text(event, &["fixed"]) {
                found.push((open.take().flatten(), Some(fixed.to_owned())));
            }
            // `last_affected` and `limit` name no version without the flaw.
        }
        found.extend(open.map(|from| (from, None)));
    }
    found
}

/// The vendor's own word goes before a vector.
fn grave(record: &Value, affected: &Value) -> Option<(Severity, &'static str)> {
    let places = [
        text(affected, &["ecosystem_specific", "severity"]),
        text(affected, &["database_specific", "severity"]),
        text(record, &["database_specific", "severity"]),
    ];
    let scores = || list(affected, "severity").iter().chain(list(record, "severity"));
    let ubuntu = scores().filter(|s| text(s, &["type"]) == Some("Ubuntu"));
    let words = ubuntu.filter_map(|s| text(s, &["score"])).chain(places.into_iter().flatten());
    // Debian's urgency says something only where it is the lowest one.
    let urgency = text(affected, &["ecosystem_specific", "urgency"]);
    let urgency = urgency.filter(|urgency| *urgency == "unimportant");
    let vendor = words.chain(urgency).find_map(severity::word).map(|s| (s, "vendor"));
    vendor.or_else(|| {
        let vectors = scores().filter(|s| text(s, &["type"]) == Some("CVSS_V3"));
        vectors.filter_map(|s| severity::vector(text(s, &["score"])?)).max().map(|s| (s, "cvss"))
    })
}
