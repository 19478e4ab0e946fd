//! Repositories and automatic updates of yum, dnf and zypper.

use super::apt::repository;
use super::{Automatic, Body};
use crate::escape::escape;
use std::collections::BTreeMap;

type Section = BTreeMap<String, String>;

/// What the files of one host say.
#[derive(Debug, Default)]
pub(super) struct Rpm {
    /// The general settings of yum or dnf.
    main: Section,
    repositories: Vec<(String, Section)>,
    dnf_automatic: Option<Section>,
    yum_cron: Option<Section>,
}

impl Rpm {
    /// Takes a file. False where its form is not understood.
    pub(super) fn file(&mut self, path: &str, lines: &[&[u8]]) -> bool {
        let Some(sections) = sections(lines) else { return false };
        match path {
            _ if path.ends_with(".repo") => self.repositories.extend(sections),
            _ if path.ends_with("automatic.conf") => self.dnf_automatic = commands(sections),
            _ if path.ends_with("yum-cron.conf") => self.yum_cron = commands(sections),
            _ => {
                let main = sections.into_iter().filter(|(name, _)| name == "main");
                self.main.extend(main.flat_map(|(_, section)| section));
            }
        }
        true
    }

    pub(super) fn tell(self, units: &[String], jobs: &[String], body: &mut Body) {
        // Without a setting yum and dnf check nothing; the distributions set it.
        let general = self.main.get("gpgcheck").is_some_and(|value| is_on(value));
        let has_main = !self.main.is_empty();
        if has_main && !general && !self.repositories.is_empty() {
            body.insecure_settings.push("gpgcheck=0".to_owned());
        }
        if self.main.get("sslverify").is_some_and(|value| !is_on(value)) {
            body.insecure_settings.push("sslverify=0".to_owned());
        }
        for (name, section) in &self.repositories {
            let get = |key: &str| section.get(key).map(String::as_str);
            let uri = get("baseurl").or(get("metalink")).or(get("mirrorlist")).unwrap_or_default();
            let uri = uri.split([' ', ',']).next().unwrap_or_default();
            let verified = get("gpgcheck").map_or(general, is_on);
            let enabled = get("enabled").is_none_or(is_on);
            let signed = get("gpgkey").map(str::to_owned);
            body.repositories.push(repository("rpm", uri, name, enabled, verified, signed));
        }
        let started = |names: &[&str]| {
            let fits = |have: &String| names.iter().any(|name| have.starts_with(name));
            units.iter().any(fits) || jobs.iter().any(|job| names.iter().any(|n| job.contains(n)))
        };
        for (name, section, names) in [
            ("dnf-automatic", self.dnf_automatic, &["dnf-automatic", "dnf5-automatic"][..]),
            ("yum-cron", self.yum_cron, &["yum-cron", "0yum-daily"]),
        ] {
            let Some(section) = section else { continue };
            let on = |key: &str| section.get(key).is_some_and(|value| is_on(value));
            let forced = units.iter().any(|unit| unit.starts_with("dnf-automatic-install"));
            body.automatic.push(Automatic {
                name: name.to_owned(),
                started: started(names),
                fetches: true,
                installs: on("apply_updates") || name == "dnf-automatic" && forced,
            });
        }
    }
}

/// The section `[commands]`.
fn commands(sections: Vec<(String, Section)>) -> Option<Section> {
    let found = sections.into_iter().find(|(name, _)| name == "commands");
    Some(found.map_or_else(Section::new, |(_, section)| section))
}

fn sections(lines: &[&[u8]]) -> Option<Vec<(String, Section)>> {
    let mut sections: Vec<(String, Section)> = Vec::new();
    for line in lines {
        let line = line.trim_ascii();
        if let Some(name) = line.strip_prefix(b"[") {
            let end = name.iter().position(|&b| b == b']')?;
            sections.push((escape(&name[..end]), Section::new()));
        } else {
            let at = line.iter().position(|&b| b == b'=')?;
            let (_, section) = sections.last_mut()?;
            let name = escape(line[..at].trim_ascii()).to_lowercase();
            section.insert(name, escape(line[at + 1..].trim_ascii()));
        }
    }
    Some(sections)
}

fn is_on(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "1" | "yes" | "true" | "on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_and_automatic_updates() {
        let mut rpm = Rpm::default();
        assert!(rpm.file("/etc/dnf/dnf.conf", &[b"[main]", b"gpgcheck=1"]));
        assert!(rpm.file(
            "/etc/yum.repos.d/a.repo",
            &[b"[a]", b"baseurl = https://h/a, https://i", b"[b]", b"enabled=0", b"gpgcheck=0"]
        ));
        assert!(rpm.file("/etc/dnf/automatic.conf", &[b"[commands]", b"apply_updates = yes"]));
        assert!(!rpm.file("/etc/yum.repos.d/b.repo", &[b"x=1"]));
        let mut body = Body::default();
        rpm.tell(&["dnf-automatic.timer".to_owned()], &[], &mut body);
        let [a, b] = body.repositories.as_slice() else { panic!("{body:?}") };
        assert_eq!((a.host.as_str(), a.enabled, a.verified), ("h", true, true));
        assert_eq!((b.enabled, b.verified), (false, false));
        assert!(body.automatic[0].started && body.automatic[0].installs);
        assert!(body.insecure_settings.is_empty());
    }
}
