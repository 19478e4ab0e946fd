//! A run as JUnit XML, for the test reports of pipelines: a suite for each
//! subject, a case for each result.
//!
//! A pipeline must not take for passed what is not known: unknown is an
//! `error`, as is a fault. A failure is a `failure`. What was not asked, does
//! not apply or only informs is `skipped` with its reason. Only `pass` and
//! `fixed` are cases that passed.

use crate::machine::{self, Around};
use crate::style::Style;
use crate::view::ReportView;
use crate::words::{self, machine as phrases};
use anji_model::{CheckResult, RawResult, Subject};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::collections::BTreeMap;

/// `anji report --format junit`: titles and messages in the reader's language.
pub fn run(view: &ReportView, style: &Style) -> String {
    let around = Around::new(view, style.lang);
    let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 2));
    xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let mut all = vec![("name", format!("anji {}", view.report.baseline))];
    let suites = suites(view);
    let of_all = match view.report.assessment.results.is_empty() {
        // Each suite says so.
        true => Counts { tests: suites.len(), errors: suites.len(), ..Counts::default() },
        false => counts(view.report.assessment.results.iter()),
    };
    all.extend(of_all.without_skipped());
    xml.inside("testsuites", &all, |xml| {
        for (subject, results) in suites {
            suite(xml, &around, subject, &results);
        }
    });
    let bytes = xml.0.into_inner();
    String::from_utf8(bytes).expect("every piece of the document is text") + "\n"
}

/// The results of each subject; a subject without any has its suite too, and a
/// run without any has one, as a report without a case would count as passed.
fn suites(view: &ReportView) -> BTreeMap<&Subject, Vec<&CheckResult>> {
    let mut suites = view.by_subject();
    if suites.is_empty() {
        return BTreeMap::from([(&view.report.subject, Vec::new())]);
    }
    for subject in view.subjects.keys() {
        suites.entry(subject).or_default();
    }
    suites
}

fn suite(xml: &mut Xml, around: &Around<'_>, subject: &Subject, results: &[&CheckResult]) {
    let view = around.view;
    let mut attributes = vec![("name", machine::text(view.subject_name(subject)))];
    let empty = view.report.assessment.results.is_empty();
    let counts = match empty {
        true => Counts { tests: 1, errors: 1, ..Counts::default() },
        false => counts(results.iter().copied()),
    };
    attributes.extend(counts.attributes());
    attributes.push(("timestamp", machine::time(view.report.assessment.as_of)));
    attributes.push(("hostname", machine::text(view.subject_name(subject))));
    xml.inside("testsuite", &attributes, |xml| {
        let properties = properties(around, subject, results);
        xml.inside("properties", &[], |xml| {
            for (name, value) in properties {
                xml.empty("property", &[("name", name.to_owned()), ("value", value)]);
            }
        });
        if empty {
            no_result(xml, around);
        }
        for result in results {
            case(xml, around, result);
        }
    });
}

fn properties(
    around: &Around<'_>,
    subject: &Subject,
    results: &[&CheckResult],
) -> Vec<(&'static str, String)> {
    let report = &around.view.report;
    let run = report.run.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut properties = vec![
        ("run", run),
        ("as_of", machine::time(report.assessment.as_of)),
        ("subject", machine::text(&subject.to_string())),
        ("baseline", report.baseline.to_string()),
        ("head", machine::head(around.view)),
        ("program", machine::text(&report.program)),
        ("content", report.content.to_string()),
        ("language", machine::language(around.lang).to_owned()),
    ];
    for word in RawResult::ALL {
        let count = results.iter().filter(|one| one.raw == word).count();
        properties.push((word.word(), count.to_string()));
    }
    properties
}

/// What a result is to a pipeline.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failure,
    Error,
    Skipped,
}

impl Outcome {
    fn of(raw: RawResult) -> Self {
        match raw {
            RawResult::Pass | RawResult::Fixed => Self::Passed,
            RawResult::Fail => Self::Failure,
            RawResult::Error | RawResult::Unknown => Self::Error,
            RawResult::NotApplicable
            | RawResult::NotChecked
            | RawResult::NotSelected
            | RawResult::Informational => Self::Skipped,
        }
    }

    fn element(self) -> Option<&'static str> {
        match self {
            Self::Passed => None,
            Self::Failure => Some("failure"),
            Self::Error => Some("error"),
            Self::Skipped => Some("skipped"),
        }
    }
}

/// What a run without results is: no proof of anything.
fn no_result(xml: &mut Xml, around: &Around<'_>) {
    let name = [("name", "no result".to_owned()), ("classname", "anji".to_owned())];
    let message = phrases::NO_RESULT.get(around.lang).to_owned();
    xml.inside("testcase", &name, |xml| {
        xml.empty("error", &[("message", message), ("type", "none".to_owned())]);
    });
}

/// Its name is the same in every language, as pipelines follow a case by it.
fn case(xml: &mut Xml, around: &Around<'_>, result: &CheckResult) {
    let identity = &result.identity;
    let mut name = identity.check.to_string();
    if let Some(element) = &identity.element {
        name.push_str(&format!(" [{}]", machine::text(element)));
    }
    let class =
        format!("{}.{}", identity.system, around.check(result).map_or("", |check| &check.pack));
    let attributes = [("name", name), ("classname", machine::text(class.trim_end_matches('.')))];
    let Some(element) = Outcome::of(result.raw).element() else {
        return xml.inside("testcase", &attributes, |xml| {
            xml.text("system-out", &[], &around.title(result));
        });
    };
    xml.inside("testcase", &attributes, |xml| {
        let kind = format!("{}.{}", result.raw, machine::severity(result.severity));
        let colon = words::COLON.get(around.lang);
        let message = format!("{}{colon}{}", around.title(result), around.message(result));
        let outcome = [("message", message), ("type", kind)];
        let mut lines = around.why(result);
        lines.extend(around.remedy(result));
        match lines.is_empty() {
            true => xml.empty(element, &outcome),
            false => xml.text(element, &outcome, &lines.join("\n")),
        }
    });
}

/// How many cases came to what.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

fn counts<'r>(results: impl Iterator<Item = &'r CheckResult>) -> Counts {
    let mut counts = Counts::default();
    for result in results {
        counts.tests += 1;
        match Outcome::of(result.raw) {
            Outcome::Passed => {}
            Outcome::Failure => counts.failures += 1,
            Outcome::Error => counts.errors += 1,
            Outcome::Skipped => counts.skipped += 1,
        }
    }
    counts
}

impl Counts {
    /// What the root may say: the schema knows no count of skipped cases there.
    fn without_skipped(&self) -> [(&'static str, String); 3] {
        [
            ("tests", self.tests.to_string()),
            ("failures", self.failures.to_string()),
            ("errors", self.errors.to_string()),
        ]
    }

    fn attributes(&self) -> Vec<(&'static str, String)> {
        let mut all = self.without_skipped().to_vec();
        all.push(("skipped", self.skipped.to_string()));
        all
    }
}

/// Elements; what stands in attributes and texts is escaped by the writer.
struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("writing into memory cannot fail");
    }

    fn start<'n>(name: &'n str, attributes: &[(&str, String)]) -> BytesStart<'n> {
        let attributes = attributes.iter().map(|(name, value)| (*name, value.as_str()));
        BytesStart::new(name).with_attributes(attributes)
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, String)]) {
        self.event(Event::Empty(Self::start(name, attributes)));
    }

    fn text(&mut self, name: &str, attributes: &[(&str, String)], text: &str) {
        self.event(Event::Start(Self::start(name, attributes)));
        self.event(Event::Text(BytesText::new(text)));
        self.event(Event::End(BytesEnd::new(name)));
    }

    fn inside(&mut self, name: &str, attributes: &[(&str, String)], inner: impl FnOnce(&mut Self)) {
        self.event(Event::Start(Self::start(name, attributes)));
        inner(self);
        self.event(Event::End(BytesEnd::new(name)));
    }
}
