//! OVAL definitions of Debian, Red Hat and SUSE, read as a stream.
//!
//! A definition names tests; a test names an object (the package) and a state
//! (versions earlier than the fixed one). They stand in this order in the file,
//! so definitions are kept until the states are known.

use super::{Importer, VulnError, day, distribution, severity};
use anji_model::{Advisory, Severity};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeSet, HashMap};
use std::io::BufRead;

/// How deep elements may stand in each other.
const DEPTH_MAX: usize = 64;
/// The most definitions, tests, objects or states.
const COUNT_MAX: usize = 2_000_000;
/// The most text of one element that is kept.
const ELEMENT_MAX: usize = 4096;

#[derive(Debug, Default)]
struct Definition {
    id: String,
    class: String,
    title: String,
    platforms: Vec<String>,
    cves: Vec<String>,
    names: Vec<String>,
    severity: Option<Severity>,
    published: Option<i64>,
    tests: Vec<String>,
    deprecated: bool,
}

#[derive(Default)]
struct Document {
    as_of: Option<i64>,
    definitions: Vec<Definition>,
    /// Object and state of a test.
    tests: HashMap<String, (String, String)>,
    objects: HashMap<String, String>,
    /// The version that a state is earlier than.
    states: HashMap<String, String>,
    /// The test, object or state that is open.
    open: String,
    test: (String, String),
    earlier: bool,
    /// Whether this looks like OVAL at all.
    root: bool,
}

pub(super) fn read(
    importer: &mut Importer,
    name: &str,
    reader: &mut dyn BufRead,
) -> Result<(), VulnError> {
    let mut xml = Reader::from_reader(reader);
    xml.config_mut().trim_text(true);
    xml.config_mut().expand_empty_elements = true;
    let mut document = Document::default();
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer);
        let error = |what: String| VulnError {
            place: format!("{name}, byte {}", xml.buffer_position()),
            what,
        };
        match event.map_err(|e| error(format!("not readable as XML: {e}")))? {
            Event::Start(start) => {
                if path.len() >= DEPTH_MAX {
                    return Err(error("elements that stand too deep in each other".to_owned()));
                }
                text.clear();
                document.start(&start).map_err(error)?;
                path.push(start.local_name().as_ref().to_owned());
            }
            Event::Text(piece) if text.len() < ELEMENT_MAX => text.push_str(&piece),
            Event::Text(_) => {}
            Event::GeneralRef(reference) => text.push_str(match &*reference {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" => "'",
                _ => "?",
            }),
            Event::End(_) => {
                if let Some(element) = path.pop() {
                    document.end(&element, path.last().map_or("", String::as_str), text.trim());
                }
                text.clear();
            }
            Event::DocType(_) => {
                return Err(error("a document type, which OVAL files do not have".to_owned()));
            }
            Event::Eof if !path.is_empty() => {
                return Err(error("the file ends in the middle".to_owned()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    document.tell(importer, name)
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok().flatten()?;
    let value = attribute.value.as_ref();
    let plain = |value: &str| {
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&")
    };
    Some(if value.contains('&') { plain(value) } else { value.to_owned() })
}

impl Document {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        let get = |name| attribute(start, name);
        match start.local_name().as_ref() {
            "oval_definitions" => self.root = true,
            "definition" => {
                if self.definitions.len() >= COUNT_MAX {
                    return Err(format!("more than {COUNT_MAX} definitions"));
                }
                self.definitions.push(Definition {
                    id: get("id").unwrap_or_default(),
                    class: get("class").unwrap_or_default(),
                    deprecated: get("deprecated").as_deref() == Some("true"),
                    ..Definition::default()
                });
            }
            "reference" => {
                if let (Some(definition), Some(id)) = (self.definitions.last_mut(), get("ref_id")) {
                    match get("source").as_deref() {
                        Some("CVE") => definition.cves.push(id),
                        _ => definition.names.push(id),
                    }
                }
            }
            "cve" => {
                if let (Some(definition), Some(day)) = (self.definitions.last_mut(), get("public"))
                {
                    let day = compact_day(&day);
                    definition.published = match (definition.published, day) {
                        (Some(a), Some(b)) => Some(a.min(b)),
                        (a, b) => a.or(b),
                    };
                }
            }
            "issued" => {
                if let (Some(definition), Some(date)) = (self.definitions.last_mut(), get("date")) {
                    definition.published = day(&date).or(definition.published);
                }
            }
            "criterion" => {
                if let (Some(definition), Some(test)) =
                    (self.definitions.last_mut(), get("test_ref"))
                {
                    definition.tests.push(test);
                }
            }
            "dpkginfo_test" | "rpminfo_test" | "dpkginfo_object" | "rpminfo_object"
            | "dpkginfo_state" | "rpminfo_state" => {
                if self.tests.len().max(self.objects.len()).max(self.states.len()) >= COUNT_MAX {
                    return Err(format!("more than {COUNT_MAX} tests"));
                }
                self.open = get("id").unwrap_or_default();
                self.test = (String::new(), String::new());
            }
            "object" => self.test.0 = get("object_ref").unwrap_or_default(),
            "state" => self.test.1 = get("state_ref").unwrap_or_default(),
            "evr" => self.earlier = get("operation").as_deref() == Some("less than"),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, element: &str, parent: &str, text: &str) {
        let definition = self.definitions.last_mut();
        match (element, parent) {
            ("timestamp", "generator") => self.as_of = day(text),
            ("title", "metadata") => {
                if let Some(definition) = definition {
                    text.clone_into(&mut definition.title);
                }
            }
            ("platform", "affected") => {
                if let Some(definition) = definition {
                    definition.platforms.push(text.to_owned());
                }
            }
            ("severity", _) => {
                if let Some(definition) = definition {
                    definition.severity = severity::word(text);
                }
            }
            ("date", "debian") => {
                if let Some(definition) = definition {
                    definition.published = day(text);
                }
            }
            ("dpkginfo_test" | "rpminfo_test", _) => {
                let test = std::mem::take(&mut self.test);
                self.tests.insert(std::mem::take(&mut self.open), test);
            }
            ("name", "dpkginfo_object" | "rpminfo_object") => {
                self.objects.insert(self.open.clone(), text.to_owned());
            }
            ("evr", "dpkginfo_state" | "rpminfo_state") if self.earlier => {
                self.states.insert(self.open.clone(), text.to_owned());
            }
            _ => {}
        }
    }

    fn tell(self, importer: &mut Importer, name: &str) -> Result<(), VulnError> {
        let error = |what: &str| VulnError { place: name.to_owned(), what: what.to_owned() };
        if !self.root {
            return Err(error("XML, but no oval_definitions"));
        }
        let as_of = self.as_of.ok_or_else(|| error("OVAL without a generator's timestamp"))?;
        let mut told = 0usize;
        for definition in &self.definitions {
            if definition.deprecated {
                importer.skip("deprecated definitions");
                continue;
            }
            if !matches!(definition.class.as_str(), "patch" | "vulnerability") {
                importer.skip("definitions that are about no flaw");
                continue;
            }
            let releases: BTreeSet<_> = definition
                .platforms
                .iter()
                .filter_map(|platform| distribution::of_platform(platform))
                .collect();
            if releases.is_empty() {
                importer.skip("definitions of releases that no host is matched with");
            }
            for (release, named) in releases {
                let vendor = release.split(' ').next().unwrap_or_default();
                let set = format!("{vendor}-oval {release}");
                importer.draft(set.clone(), as_of).complete.insert(release.clone());
                told += 1;
                self.rows(definition, &set, &release, named, importer)?;
            }
        }
        if told == 0 {
            return Err(error("no definition of a release that a host is matched with"));
        }
        Ok(())
    }

    fn rows(
        &self,
        definition: &Definition,
        set: &str,
        release: &str,
        named: anji_model::NamedBy,
        importer: &mut Importer,
    ) -> Result<(), VulnError> {
        let (id, aliases) = definition.names();
        let mut any = false;
        for test in &definition.tests {
            let Some((object, state)) = self.tests.get(test) else { continue };
            let (Some(package), Some(fixed)) = (self.objects.get(object), self.states.get(state))
            else {
                continue;
            };
            any = true;
            // Debian writes so what is not fixed yet, and what it does not know.
            if matches!(fixed.as_str(), "0" | "0:0" | "0:0-0") {
                importer.skip("flaws without a fixed version");
                continue;
            }
            let advisory = Advisory {
                distribution: release.to_owned(),
                package: package.clone(),
                named,
                id: id.clone(),
                aliases: aliases.clone(),
                severity: definition.severity,
                severity_from: definition.severity.map(|_| "vendor".to_owned()),
                introduced: None,
                fixed: Some(fixed.strip_prefix("0:").unwrap_or(fixed).to_owned()),
                published_day: definition.published,
                exploited: false,
            };
            importer.add(set, advisory)?;
        }
        if !any {
            importer.skip("definitions that name no fixed version of a package");
        }
        Ok(())
    }
}

impl Definition {
    /// The name of the flaw and its other names. One with a single CVE has its name.
    fn names(&self) -> (String, Vec<String>) {
        let mut all: Vec<String> = self.cves.iter().chain(&self.names).cloned().collect();
        let title = self.title.split([' ', ':']).next().unwrap_or_default();
        let id = match (self.cves.as_slice(), self.names.first()) {
            ([cve], _) => cve.clone(),
            (_, Some(name)) => name.clone(),
            _ if title.starts_with("CVE-") => title.to_owned(),
            _ => self.id.clone(),
        };
        all.sort();
        all.dedup();
        all.retain(|name| *name != id);
        all.truncate(256);
        (id, all)
    }
}

/// The day of `20260115` or `20260115:1200`.
fn compact_day(text: &str) -> Option<i64> {
    let digits = text.get(..8)?;
    day(&format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?))
}
