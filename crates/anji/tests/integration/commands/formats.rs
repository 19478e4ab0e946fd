//! A stored run leaves the terminal in the formats of other programs.

use super::support::{Bench, path_text};
use serde_json::Value;

/// A bench with one run, and its document as `anji check` printed it.
fn checked() -> (Bench, Value) {
    let bench = Bench::new();
    let document = bench.check_json();
    (bench, document)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("a JSON document")
}

#[test]
fn a_report_is_the_document_that_the_check_printed() {
    let (bench, check) = checked();
    let report = bench.run(&["report", "--format", "json"]);
    assert_eq!(report.code, 0, "{}", report.err);
    let report = json(&report.out);
    let keys = |document: &Value| -> Vec<String> {
        document.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(keys(&check), keys(&report));
    for key in keys(&check) {
        // What the script cost is told by `check` where asked for; cautions
        // that are about the moment of the run are not stored.
        if key != "commands" && key != "notices" {
            assert_eq!(check[&key], report[&key], "{key}");
        }
    }
    let whole = json(&bench.run(&["report", "--format", "json-report"]).out);
    assert_eq!(whole["format"], "anji.report/1");
    assert_eq!(whole["run"], report);
    assert!(whole["subjects"][0]["evidence"].as_array().is_some_and(|list| !list.is_empty()));
}

#[test]
fn the_ending_of_the_file_says_which_format() {
    let (bench, check) = checked();
    let count = check["results"].as_array().expect("results").len();
    for (name, begins) in [
        ("run.csv", "\u{feff}Run,As of (UTC),"),
        ("run.junit.xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"),
        ("run.sarif", "{\n  \"$schema\": \"https://docs.oasis-open.org/sarif/"),
        ("run.ocsf.jsonl", "{\"activity_id\":1,"),
        ("run.oscal.json", "{\n  \"assessment-results\""),
        ("run.oscal-poam.json", "{\n  \"plan-of-action-and-milestones\""),
        ("run.report.json", "{\n  \"format\": \"anji.report/1\""),
        ("run.json", "{\n  \"format\": \"anji.run/1\""),
    ] {
        let file = bench.place(name);
        let ran = bench.run(&["report", "--output", path_text(&file)]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{name}: {}", ran.err);
        let text = std::fs::read_to_string(&file).expect("the report is a file");
        assert!(text.starts_with(begins), "{name} begins {:.80}", text);
        let lines = match name {
            "run.csv" => text.lines().count() - 1,
            "run.ocsf.jsonl" => text.lines().count(),
            "run.junit.xml" => text.matches("<testcase ").count(),
            _ => count,
        };
        assert_eq!(lines, count, "{name}");
    }
    let refused = bench.run(&["report", "--output", path_text(&bench.place("run.pdf2"))]);
    assert_eq!(refused.code, 64, "{}", refused.err);
    assert!(
        refused.err.contains(".sarif") && refused.err.contains(".ocsf.jsonl"),
        "{}",
        refused.err
    );
}

#[test]
fn the_same_run_gives_the_same_bytes_but_for_when_it_was_made() {
    let (bench, _) = checked();
    for format in ["csv", "junit"] {
        let [one, two] = [(); 2].map(|()| bench.run(&["report", "--format", format]).out);
        assert_eq!(one, two, "{format}");
    }
    let zh = bench.run(&["report", "--format", "csv", "--lang", "zh"]).out;
    assert!(zh.starts_with("\u{feff}运行,"), "{zh}");
}
