//! The zones of firewalld, from its files.

use super::super::dump::{Dump, Found};
use crate::escape::escape_bounded;
use crate::problem::Problem;
use anji_model::FailureCategory;
use std::collections::BTreeMap;

/// A zone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Zone {
    /// `default`, `ACCEPT`, `DROP`, `%%REJECT%%`.
    pub(super) target: String,
    pub(super) interfaces: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) services: Vec<String>,
    pub(super) ports: Vec<String>,
}

/// What is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Configuration {
    pub(super) default_zone: String,
    /// By name; the administrator's before the distribution's.
    pub(super) zones: BTreeMap<String, Zone>,
}

pub(super) const CONF: &str = "/etc/firewalld/firewalld.conf";
pub(super) const OWN_ZONES: &str = "/etc/firewalld/zones/*.xml";
pub(super) const SHIPPED_ZONES: [&str; 2] =
    ["/usr/lib/firewalld/zones/*.xml", "/lib/firewalld/zones/*.xml"];

/// Reads the configuration; nothing where firewalld is not there.
///
/// # Errors
/// A [`Problem`] where files could not be read.
pub(super) fn read(dump: &Dump<'_>) -> Result<Option<Configuration>, Problem> {
    let mut default_zone = "public".to_owned();
    match dump.file(CONF) {
        Found::File(file) => {
            if let Some(problem) = &file.problem {
                return Err(problem.clone());
            }
            for line in &file.lines {
                let text = String::from_utf8_lossy(line);
                if let Some(("DefaultZone", value)) =
                    text.trim().split_once('=').map(|(name, value)| (name.trim(), value.trim()))
                {
                    default_zone = value.to_owned();
                }
            }
        }
        Found::Absent => {}
        Found::Failed(problem) => return Err(problem),
    }
    let mut zones = BTreeMap::new();
    for pattern in [OWN_ZONES].iter().chain(&SHIPPED_ZONES) {
        let (files, problems) = dump.matching(pattern);
        if let Some(problem) = problems.first() {
            return Err(problem.clone());
        }
        for file in files {
            if let Some(problem) = &file.problem {
                return Err(problem.clone());
            }
            let name = file.path.rsplit(|b| *b == b'/').next().unwrap_or(b"");
            let name = name.strip_suffix(b".xml").unwrap_or(name);
            let zone = zone(&file.lines.join(&b'\n'))?;
            zones.entry(escape_bounded(name, 60)).or_insert(zone);
        }
    }
    Ok((!zones.is_empty()).then_some(Configuration { default_zone, zones }))
}

impl Configuration {
    /// Whether every zone that packets come into refuses what it does not
    /// name; nothing where a zone is not known.
    pub(super) fn refuses(&self) -> Option<bool> {
        if !self.zones.contains_key(&self.default_zone) {
            return None;
        }
        let used = self
            .zones
            .iter()
            .filter(|(name, zone)| **name == self.default_zone || !zone.interfaces.is_empty());
        // firewalld names the zone of the host's own bridges itself.
        let mut used = used.filter(|(name, _)| !matches!(name.as_str(), "docker" | "libvirt"));
        Some(used.all(|(_, zone)| zone.target != "ACCEPT"))
    }
}

/// A zone's file. Only elements and attributes matter; comments are skipped.
fn zone(text: &[u8]) -> Result<Zone, Problem> {
    let text = String::from_utf8_lossy(text);
    let mut zone = Zone { target: "default".to_owned(), ..Zone::default() };
    let mut rest = text.as_ref();
    let mut seen = false;
    let mut in_rule = false;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or("");
        let value = |wanted: &str| attribute(tag, wanted);
        match name {
            "zone" => {
                seen = true;
                if let Some(target) = value("target") {
                    zone.target = target;
                }
            }
            "rule" => in_rule = !tag.ends_with('/'),
            "" if tag.starts_with("/rule") => in_rule = false,
            "interface" => zone.interfaces.extend(value("name")),
            "source" if !in_rule => zone.sources.extend(value("address").or(value("ipset"))),
            "service" if !in_rule => zone.services.extend(value("name")),
            "port" if !in_rule => {
                let port = value("port").unwrap_or_default();
                zone.ports.push(format!("{port}/{}", value("protocol").unwrap_or_default()));
            }
            _ => {}
        }
    }
    if seen {
        return Ok(zone);
    }
    let detail = "a zone of firewalld has no zone element";
    Err(Problem::new(FailureCategory::Unparsable, detail))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = rest[at + name.len()..].trim_start();
        rest = &rest[at + name.len()..];
        if !before.is_some_and(char::is_whitespace) {
            continue;
        }
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else { continue };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let value = &value[1..];
        return Some(escape_bounded(&value.as_bytes()[..value.find(quote)?], 100));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_read() {
        let text = br#"<?xml version="1.0" encoding="utf-8"?>
<!-- <zone target="ACCEPT"> -->
<zone target="DROP">
  <short>Ward</short>
  <interface name="eth0"/>
  <service name="ssh"/>
  <port protocol="tcp" port="8080"/>
  <rule family="ipv4"><source address="10.0.0.0/8"/><service name="http"/><accept/></rule>
  <source address='192.0.2.0/24'/>
</zone>"#;
        let zone = zone(text).unwrap();
        assert_eq!(zone.target, "DROP");
        assert_eq!(zone.interfaces, ["eth0"]);
        assert_eq!(zone.services, ["ssh"]);
        assert_eq!(zone.ports, ["8080/tcp"]);
        assert_eq!(zone.sources, ["192.0.2.0/24"]);
        assert!(super::zone(b"nothing").is_err());
    }
}
