//! OSCAL, read by another program that is strict about its models.

use crate::machine::{partial, styles, views, with_gone, words};
use crate::{readers, runs, sheaf};
use anji_model::{Lang, MappingStatus};
use anji_report::{ReportView, Style, oscal};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Parses assessment results; every word stands in them as often as in the view,
/// without what was never tried.
pub(crate) fn read_back(document: &str, view: &ReportView) {
    let document: Value = serde_json::from_str(document).expect("valid JSON");
    let result = &document["assessment-results"]["results"][0];
    let words = words(view);
    let mut counts: BTreeMap<String, u64> = words.keys().map(|word| (word.clone(), 0)).collect();
    for observation in list(&result["observations"]) {
        *counts.get_mut(prop(observation, "result")).expect("one of the nine") += 1;
    }
    let mut tried = words.clone();
    tried.extend(["notchecked", "notselected"].map(|word| (word.to_owned(), 0)));
    assert_eq!(counts, tried);
    for (word, count) in &words {
        assert_eq!(prop(result, &format!("count-{word}")), count.to_string(), "none is lost");
    }
    let state = |wanted: &str| {
        let findings = list(&result["findings"]).iter();
        findings.filter(|one| one["target"]["status"]["state"] == wanted).count() as u64
    };
    assert_eq!(state("satisfied"), words["pass"] + words["fixed"]);
    assert_eq!(state("not-satisfied"), words["fail"] + words["unknown"] + words["error"]);
    check_forms(&document);
    check_references(&document);
}

/// Parses a plan; what fails or is open has its item, its risk and its finding.
pub(crate) fn read_back_plan(document: &str, view: &ReportView) {
    let document: Value = serde_json::from_str(document).expect("valid JSON");
    let plan = &document["plan-of-action-and-milestones"];
    let words = words(view);
    let todo = words["fail"] + words["unknown"] + words["error"];
    for part in ["observations", "risks", "findings"] {
        assert_eq!(list(&plan[part]).len() as u64, todo, "{part}");
    }
    assert_eq!(list(&plan["poam-items"]).len() as u64, todo.max(1), "a plan has an item");
    check_forms(&document);
    check_references(&document);
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn prop<'v>(object: &'v Value, name: &str) -> &'v str {
    let found = list(&object["props"]).iter().find(|prop| prop["name"] == name);
    found.and_then(|prop| prop["value"].as_str()).unwrap_or_else(|| panic!("no {name} in {object}"))
}

/// What OSCAL asks of lists, titles and values: none is empty, titles and
/// values stand on one line, values without blanks around them.
fn check_forms(value: &Value) {
    match value {
        Value::Array(items) => {
            assert!(!items.is_empty(), "an empty list");
            items.iter().for_each(check_forms);
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let on_one_line = matches!(name.as_str(), "title" | "value" | "id" | "version");
                if let (true, Some(text)) = (on_one_line, value.as_str()) {
                    assert!(!text.is_empty() && !text.contains('\n'), "{name}: {text:?}");
                    assert_eq!(text, text.trim(), "{name}");
                }
                check_forms(value);
            }
        }
        Value::Null => panic!("OSCAL has no null"),
        _ => {}
    }
}

/// Every id is there once, and every reference leads to one.
fn check_references(document: &Value) {
    let (mut ids, mut references) = (BTreeSet::new(), Vec::new());
    walk(document, &mut |name, value| {
        if name == "uuid" {
            assert!(ids.insert(value.to_owned()), "{value} stands twice");
        } else if name.ends_with("-uuid") {
            references.push(value.to_owned());
        } else if name == "href" {
            references.push(value.trim_start_matches('#').to_owned());
        }
    });
    assert!(!references.is_empty());
    for reference in references {
        assert!(ids.contains(&reference), "{reference} leads nowhere");
    }
}

fn walk(value: &Value, met: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, met)),
        Value::Object(fields) => {
            for (name, value) in fields {
                value.as_str().into_iter().for_each(|text| met(name, text));
                walk(value, met);
            }
        }
        _ => {}
    }
}

#[test]
fn every_report_is_read_back_whole() {
    for (_, view) in views() {
        for style in styles() {
            read_back(&oscal::results(&view, &style), &view);
            read_back_plan(&oscal::poam(&view, &style), &view);
        }
    }
}

#[test]
fn what_is_unknown_is_not_satisfied_and_says_why() {
    let view = sheaf::all_unknown();
    let document: Value =
        serde_json::from_str(&oscal::results(&view, &Style::plain(80, Lang::En))).expect("JSON");
    let findings = list(&document["assessment-results"]["results"][0]["findings"]);
    assert_eq!(findings.len(), view.report.assessment.results.len());
    for finding in findings {
        let status = &finding["target"]["status"];
        assert_eq!(
            (&status["state"], &status["reason"]),
            (&json!("not-satisfied"), &json!("other"))
        );
        let remarks = status["remarks"].as_str().expect("a reason");
        assert!(remarks.starts_with("It could not be decided") && remarks.contains("unknown: "));
    }
}

fn assessed(view: &ReportView, style: &Style) -> Value {
    let document: Value = serde_json::from_str(&oscal::results(view, style)).expect("JSON");
    document["assessment-results"]["results"][0].clone()
}

fn first_item(view: &ReportView) -> Value {
    let plan: Value = serde_json::from_str(&oscal::poam(view, &styles()[1])).expect("JSON");
    plan["plan-of-action-and-milestones"]["poam-items"][0].clone()
}

#[test]
fn a_partial_run_claims_no_more_than_it_asked() {
    let view = partial();
    let result = assessed(&view, &styles()[1]);
    let passes = words(&view)["pass"];
    assert_eq!(list(&result["observations"]).len() as u64, passes);
    let objectives = &result["reviewed-controls"]["control-objective-selections"][0];
    assert_eq!(list(&objectives["include-objectives"]).len() as u64, passes);
    let remarks = result["remarks"].as_str().expect("what was not asked");
    assert!(remarks.starts_with("Not asked in this run: LNX-0"), "{remarks}");
    let item = first_item(&view);
    assert_eq!(item["title"], "Nothing to do about what was asked");
    let left_out = format!("left out {} checks", words(&view)["notselected"]);
    assert!(item["description"].to_string().contains(&left_out), "{item}");
    assert_eq!(first_item(&sheaf::sheaf(0))["title"], "The run has no result");
    assert_eq!(first_item(&sheaf::around(runs::unchanged()))["title"], "Nothing to do");
}

#[test]
fn a_finding_names_its_controls_and_how_far_they_are_taken() {
    let mut view = sheaf::single();
    for check in &mut view.report.checks {
        check.clauses[1].status = MappingStatus::Planned;
    }
    let result = assessed(&view, &styles()[0]);
    let group = |control: &str| -> Vec<(String, String)> {
        let props = list(&result["findings"][0]["props"]).iter();
        let own = props.filter(|prop| prop["group"] == control);
        own.map(|prop| (text(&prop["name"]), text(&prop["value"]))).collect()
    };
    let expected = |control: &str, book: &str, clause: &str, status: &str| {
        [
            ("control-id", control),
            ("rule-book", book),
            ("clause", clause),
            ("mapping-status", status),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let control = "gbt22239-2019_8.1.4.1a";
    assert_eq!(group(control), expected(control, "gbt22239-2019", "8.1.4.1a", "partial"));
    let planned = "gbt39786-2021_8.3a";
    assert_eq!(group(planned), expected(planned, "gbt39786-2021", "8.3a", "planned"));
    let reviewed = result["reviewed-controls"].to_string();
    assert!(reviewed.contains(control) && !reviewed.contains(planned), "{reviewed}");
}

#[test]
fn a_change_is_the_same_word_in_every_language() {
    for style in styles() {
        let result = assessed(&sheaf::around(runs::changed()), &style);
        let changes: BTreeSet<_> = list(&result["observations"])
            .iter()
            .flat_map(|one| list(&one["props"]))
            .filter(|prop| prop["name"] == "change")
            .map(|prop| text(&prop["value"]))
            .collect();
        assert!(changes.contains("regressed") && changes.contains("value_moved"), "{changes:?}");
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

#[test]
fn items_of_the_plan_keep_their_ids_over_runs_and_have_no_deadline() {
    let first = sheaf::sheaf(300);
    let mut later = first.clone();
    later.report.run = Some(crate::fixtures::run_id("20270101T000000Z-00000000"));
    let ids = |view: &ReportView, part: &str| -> Vec<String> {
        let plan: Value = serde_json::from_str(&oscal::poam(view, &styles()[0])).expect("JSON");
        let plan = &plan["plan-of-action-and-milestones"];
        assert!(!plan.to_string().contains("\"deadline\""));
        list(&plan[part]).iter().map(|one| one["uuid"].to_string()).collect()
    };
    for part in ["poam-items", "risks"] {
        assert_eq!(ids(&first, part), ids(&later, part), "{part}");
    }
    assert_ne!(ids(&first, "findings"), ids(&later, "findings"));
}

/// compliance-trestle 5.2.0 (OSCAL 1.2.1): its models refuse unknown fields,
/// empty lists and values in another form; its validators look at ids.
#[test]
fn reader_trestle_reads_every_document() {
    let folder = readers::folder("oscal");
    for (name, view) in views().into_iter().chain([("gone", with_gone()), ("partial", partial())]) {
        let mut files = Vec::new();
        // The models take their time; one language of the largest report is enough.
        let languages = if name == "10000" { 1 } else { 2 };
        for (lang, style) in ["zh", "en"].iter().zip(styles()).take(languages) {
            let name = format!("{name}-{lang}");
            let results = oscal::results(&view, &style);
            files.push(readers::put(&folder, &format!("{name}.oscal.json"), results));
            let plan = oscal::poam(&view, &style);
            files.push(readers::put(&folder, &format!("{name}.poam.json"), plan));
        }
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let read = readers::read("oscal_read", &files);
        let words = words(&view);
        for document in read.as_array().expect("a list") {
            assert_eq!(document["problems"], json!([]), "{name}");
            let failing = words["fail"] + words["unknown"] + words["error"];
            assert_eq!(document["not_satisfied"], failing, "{name}");
        }
    }
    // The models can refuse.
    let good = oscal::results(&sheaf::single(), &styles()[0]);
    for (from, to) in [
        ("\"not-satisfied\"", "\"unknown\""),
        ("\"import-ap\"", "\"import-plan\""),
        ("\"LNX-002\"\n", "\"1-LNX 002\"\n"),
    ] {
        assert!(good.contains(from), "{from}");
        let file = readers::put(&folder, "bad.oscal.json", good.replace(from, to));
        assert_ne!(readers::read("oscal_read", &[&file])[0]["problems"], json!([]), "{to}");
    }
}
