//! OCSF events, held against their class and read by another program.

use crate::machine::{asked, partial, styles, views, with_gone, words};
use crate::{readers, sheaf};
use anji_model::{Lang, Severity};
use anji_report::{ReportView, Style, ocsf};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Parses each line; every word stands in them as often as in the view, without
/// what the run left out.
pub(crate) fn read_back(lines: &str, view: &ReportView) {
    let mut counts: BTreeMap<String, u64> = words(view).into_keys().map(|word| (word, 0)).collect();
    let mut ids = BTreeSet::new();
    for event in events(lines) {
        assert!(ids.insert(event["metadata"]["uid"].to_string()), "every event has its own id");
        let Some(word) = event["unmapped"]["result"].as_str() else { continue };
        *counts.get_mut(word).expect("one of the nine") += 1;
        let status = match word {
            "pass" | "fixed" => 1,
            "fail" => 3,
            "unknown" => 2,
            "error" => 0,
            _ => 99,
        };
        assert_eq!(event["compliance"]["status_id"], status, "{word}");
        let open = matches!(word, "fail" | "unknown" | "error");
        assert!(open || event["severity_id"] == 1, "{word} is informational");
        assert_eq!(event["status_code"], word);
    }
    assert_eq!(counts, asked(view));
}

fn events(lines: &str) -> Vec<Value> {
    assert!(lines.is_empty() || lines.ends_with("}\n"));
    lines.lines().map(|line| serde_json::from_str(line).expect("valid JSON")).collect()
}

#[test]
fn every_report_is_read_back_whole() {
    for (_, view) in views() {
        for style in styles() {
            read_back(&ocsf::run(&view, &style), &view);
        }
    }
    assert_eq!(ocsf::run(&sheaf::sheaf(0), &styles()[0]), "", "no result, no event");
}

#[test]
fn an_unknown_critical_check_is_critical_and_no_pass() {
    let mut view = sheaf::all_unknown();
    view.report.assessment.results[0].severity = Severity::Critical;
    let event = events(&ocsf::run(&view, &Style::plain(80, Lang::En))).remove(0);
    assert_eq!(
        (&event["severity_id"], &event["compliance"]["status"]),
        (&5.into(), &"Warning".into())
    );
    assert!(event["status_detail"].as_str().expect("text").starts_with("unknown: "), "{event}");
}

#[test]
fn findings_keep_their_id_and_events_do_not() {
    let first = sheaf::single();
    let mut later = first.clone();
    later.report.run = Some(crate::fixtures::run_id("20270101T000000Z-00000000"));
    let [first, later] =
        [first, later].map(|view| events(&ocsf::run(&view, &styles()[0])).remove(0));
    assert_eq!(first["finding_info"]["uid"], later["finding_info"]["uid"]);
    assert_ne!(first["metadata"]["uid"], later["metadata"]["uid"]);
    // The history of the view: failing for three days, asked for 22.
    assert_eq!(first["finding_info"]["first_seen_time_dt"], "2026-11-01T23:30:05Z");
    assert_eq!(first["finding_info"]["modified_time_dt"], "2026-11-20T23:30:05Z");
}

#[test]
fn what_was_left_out_closes_and_overwrites_nothing() {
    let view = partial();
    let events = events(&ocsf::run(&view, &styles()[0]));
    assert_eq!(events.len() as u64, words(&view)["pass"]);
    assert!(events.iter().all(|event| event["unmapped"]["result"] == "pass"));
}

#[test]
fn categories_are_the_same_in_every_language() {
    for style in styles() {
        let event = events(&ocsf::run(&sheaf::single(), &style)).remove(0);
        assert_eq!(event["compliance"]["category"], "interruption");
        assert_eq!(event["finding_info"]["types"], serde_json::json!(["interruption", "data"]));
    }
}

#[test]
fn what_is_asked_no_more_is_closed() {
    let view = with_gone();
    let events = events(&ocsf::run(&view, &styles()[1]));
    let [closed] = &events[view.report.assessment.results.len()..] else {
        panic!("one more event")
    };
    assert_eq!((&closed["activity_id"], &closed["severity_id"]), (&3.into(), &1.into()));
    assert_eq!(closed["message"], "fail → asked no more");
}

/// py-ocsf-models 0.10.0 (OCSF 1.5.0), and the class of OCSF 1.5.0 with the
/// profile of dates as ocsf-json-schema 1.2.0 carries it: required and unknown
/// attributes, enumerations.
#[test]
fn reader_ocsf_keeps_its_class_and_is_read() {
    let folder = readers::folder("ocsf");
    let class = readers::schema("ocsf_read");
    for (name, view) in views().into_iter().chain([("gone", with_gone())]) {
        let [zh, en] = styles().map(|style| ocsf::run(&view, &style));
        let events = events(&en);
        for event in events.iter().chain(&self::events(&zh)) {
            assert_eq!(readers::problems(&class, event), [""; 0], "{name}");
        }
        let files = [
            readers::put(&folder, &format!("{name}-zh.jsonl"), zh),
            readers::put(&folder, &format!("{name}-en.jsonl"), en),
        ];
        let read = readers::read("ocsf_read", &[&files[0], &files[1]]);
        for document in read["documents"].as_array().expect("a list") {
            assert_eq!(document["problems"], serde_json::json!([]), "{name}");
            assert_eq!(document["events"], events.len(), "{name}");
            assert_eq!(document["failing"], words(&view)["fail"], "{name}");
        }
    }
}

#[test]
fn reader_ocsf_class_and_models_can_refuse() {
    let folder = readers::folder("ocsf-bad");
    let class = readers::schema("ocsf_read");
    let event = ocsf::run(&sheaf::single(), &styles()[0]);
    for (from, to, by_models) in [
        ("\"severity_id\":5", "\"severity_id\":55", true),
        ("\"time\":", "\"time_of_day\":", true),
        ("\"class_uid\":2003", "\"class_uid\":2004", false),
        ("\"control\":", "\"controls\":", false),
    ] {
        assert!(event.contains(from), "{event}");
        let bad = event.replace(from, to);
        assert_ne!(readers::problems(&class, &events(&bad)[0]), [""; 0], "{to}");
        let file = readers::put(&folder, "bad.jsonl", bad);
        let read = readers::read("ocsf_read", &[&file]);
        assert_eq!(read["documents"][0]["problems"] != serde_json::json!([]), by_models, "{to}");
    }
}
