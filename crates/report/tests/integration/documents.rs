//! The JSON documents against their published schemas. `UPDATE_GOLDEN=1`
//! writes the schemas anew; a change that is no addition needs a new version.

use crate::fixtures::checks;
use crate::{runs, sheaf, views};
use anji_report::json::{self, Document};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn schema_path(document: Document) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("docs/schema").join(document.file_name())
}

fn documents() -> Vec<(Document, String)> {
    let lint_none = anji_report::LintView { files: 0, checks: 0, diagnostics: Vec::new() };
    vec![
        (Document::Run, json::run(&runs::empty())),
        (Document::Run, json::run(&runs::weak())),
        (Document::Run, json::run(&runs::unprivileged())),
        (Document::Run, json::run(&runs::unchanged())),
        (Document::Run, json::run(&runs::changed())),
        (Document::Run, json::run(&runs::hostile())),
        (Document::Run, json::run(&runs::large())),
        (Document::Report, json::report(&sheaf::sheaf(0))),
        (Document::Report, json::report(&sheaf::sheaf(300))),
        (Document::Report, json::report(&sheaf::all_unknown())),
        (Document::Report, json::report(&sheaf::hostile())),
        (Document::Diff, json::diff(&views::diff(true))),
        (Document::Diff, json::diff(&views::diff(false))),
        (Document::Explain, json::explain(&views::explain())),
        (Document::Explain, json::explain(&views::explain_never())),
        (Document::Evidence, json::evidence(&views::evidence())),
        (Document::Plan, json::plan(&views::plan(), &checks())),
        (Document::Plan, json::plan(&views::plan_empty(), &[])),
        (Document::Lint, json::lint(&views::lint())),
        (Document::Lint, json::lint(&lint_none)),
        (Document::Verify, json::verify(&views::verify(true))),
        (Document::Verify, json::verify(&views::verify(false))),
        (Document::Registers, json::registers(&views::registers())),
        (Document::Registers, json::registers(&[])),
        (Document::Runs, json::runs(&views::run_list())),
        (Document::Runs, json::runs(&[])),
        (Document::Audit, json::audit(&views::audit())),
        (Document::Audit, json::audit(&[])),
        (Document::Doctor, json::doctor(&crate::examination::lacking())),
        (Document::Doctor, json::doctor(&crate::examination::well())),
        (Document::Vulns, json::vulns(&views::vulns())),
        (Document::Vulns, json::vulns(&anji_report::VulnsView::default())),
    ]
}

/// The documents of expressions, one for each kind of answer.
fn queries() -> Vec<(Document, String)> {
    let queries = crate::queries::all();
    queries.iter().map(|view| (Document::Query, json::query(view))).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("valid JSON")
}

#[test]
fn schemas_are_as_published() {
    let mut different = Vec::new();
    for document in Document::ALL {
        let (path, schema) = (schema_path(document), document.schema());
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let folder = path.parent().expect("a file has a folder");
            std::fs::create_dir_all(folder).expect("docs is writable");
            std::fs::write(&path, schema).expect("docs is writable");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(&schema) {
            different.push(document.file_name());
        }
    }
    assert!(different.is_empty(), "UPDATE_GOLDEN=1 writes them anew: {different:?}");
}

#[test]
fn every_document_keeps_its_schema() {
    let documents = [documents(), queries()].concat();
    for kind in Document::ALL {
        let schema = parsed(&kind.schema());
        let validator = jsonschema::draft202012::new(&schema).expect("a valid schema");
        let mut count = 0;
        for (_, text) in documents.iter().filter(|(of, _)| *of == kind) {
            let document = parsed(text);
            let errors: Vec<String> = validator
                .iter_errors(&document)
                .map(|error| format!("{} at {}", error, error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", kind.name());
            assert_eq!(document["format"], kind.format());
            count += 1;
        }
        assert!(count > 0, "no document of kind {}", kind.name());
        // The schema can refuse.
        assert!(!validator.is_valid(&serde_json::json!({"format": "anji.run/0"})));
        assert!(!validator.is_valid(&serde_json::json!({"format": kind.format()})));
    }
}

#[test]
fn documents_are_safe_to_print_and_bounded() {
    for (kind, text) in [documents(), queries()].concat() {
        let bad = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{200b}\u{9b}".contains(c));
        assert!(!text.contains(bad), "{}", kind.name());
        assert!(text.ends_with("}\n"));
        check_bounds(&parsed(&text));
    }
}

/// Texts of at most 4,096 characters and a mark, integers that a double holds.
fn check_bounds(value: &Value) {
    match value {
        Value::Number(number) => {
            let number = number.as_u64().expect("an integer");
            assert!(number < 1 << 53, "{number}");
        }
        Value::String(text) => assert!(text.chars().count() <= 4097),
        Value::Array(items) => items.iter().for_each(check_bounds),
        Value::Object(fields) => fields.values().for_each(check_bounds),
        Value::Null | Value::Bool(_) => {}
    }
}

#[test]
fn a_run_says_what_the_report_says() {
    let run = parsed(&json::run(&runs::changed()));
    assert_eq!(run["counts"]["fail"], 5);
    assert_eq!(run["conformance"]["critical_failing"], true);
    assert_eq!(run["conformance"]["rate_permille"], 250);
    let toor = &run["changes"][0];
    assert_eq!((&toor["kind"], &toor["cause"]), (&"regressed".into(), &"evidence".into()));
    assert_eq!(toor["values"][0]["before"], "1000");
    assert_eq!(toor["values"][0]["after"], "0");
    assert_eq!(run["next"][2]["register"], "suid-files");
    let empty = parsed(&json::run(&runs::empty()));
    assert_eq!(empty["conformance"]["rate_permille"], Value::Null);
    assert_eq!(empty["results"], serde_json::json!([]));
}

#[test]
fn a_report_holds_the_document_of_its_run_and_what_is_known_around_it() {
    let view = sheaf::sheaf(600);
    let report = parsed(&json::report(&view));
    assert_eq!(report["run"], parsed(&json::run(&view.report)));
    assert_eq!(report["subjects"].as_array().map(Vec::len), Some(view.subjects.len()));
    let evidence = report["subjects"][0]["evidence"].as_array().expect("evidence");
    assert!(!evidence.is_empty() && evidence.len() * view.subjects.len() == view.records.len());
    assert_eq!(report["history"].as_array().map(Vec::len), Some(view.history.len()));
    assert_eq!(report["trend"].as_array().map(Vec::len), Some(view.trend.len()));
    assert_eq!(report["frameworks"][0]["framework"], "gbt22239-2019");
}
