//! A run as OSCAL 1.2.1: [`results`] are assessment results, [`poam`] is a
//! plan of action and milestones for what fails or cannot be decided.
//!
//! A check is an objective, a clause of a rule book a control. Each result is
//! an observation, with its word in the property `result`, except for what was
//! never tried (`notchecked`, `notselected`), which the remarks name. Those
//! with a verdict are findings too:
//!
//! | word | state of the objective | reason |
//! | --- | --- | --- |
//! | pass, fixed | `satisfied` | `pass` |
//! | fail | `not-satisfied` | `fail` |
//! | unknown, error | `not-satisfied` | `other`, told in the remarks |
//!
//! There is no assessment plan in OSCAL behind a run; a resource of the
//! document says what stands for it. Deadlines are left to people.

mod parts;
mod plan;

use crate::json;
use crate::machine::{self, Around};
use crate::style::Style;
use crate::told;
use crate::view::ReportView;
use crate::words::machine as phrases;
use anji_model::{CheckInfo, CheckResult, FrameworkId, MappingStatus};
use parts::{Props, line, token};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub use plan::poam;

/// The version that the documents keep: the one that compliance-trestle reads.
const VERSION: &str = "1.2.1";

/// `anji report --format oscal`: assessment results.
pub fn results(view: &ReportView, style: &Style) -> String {
    let around = Around::new(view, style.lang);
    let plan = machine::uuid("assessment-plan", &[&machine::run_uuid(view)]);
    json::render(&json!({
        "assessment-results": {
            "uuid": machine::uuid("assessment-results", &[&machine::run_uuid(view)]),
            "metadata": metadata(&around, phrases::OSCAL_RESULTS.get(style.lang)),
            "import-ap": { "href": format!("#{plan}") },
            "results": [result(&around)],
            "back-matter": { "resources": [basis(&around, &plan)] },
        },
    }))
}

fn metadata(around: &Around<'_>, title: &str) -> Value {
    let report = &around.view.report;
    let mut props = Props::new();
    props.put("language", machine::language(around.lang));
    props.put("program", &report.program);
    let run = report.run.as_ref().map_or("0", |run| run.as_str());
    json!({
        "title": line(&format!("{title}: {}", report.subject_name), title),
        "last-modified": machine::time(around.view.made_at),
        "version": line(run, "0"),
        "oscal-version": VERSION,
        "props": props.all(),
    })
}

/// What stands for an assessment plan.
fn basis(around: &Around<'_>, uuid: &str) -> Value {
    let report = &around.view.report;
    let mut props = Props::new();
    props.put("baseline", report.baseline.as_str());
    props.put("content-sha-256", &report.content.to_string());
    json!({
        "uuid": uuid,
        "title": phrases::OSCAL_PLAN.get(around.lang),
        "description": phrases::OSCAL_PLAN_IS
            .fill(around.lang, &[("baseline", report.baseline.as_str())]),
        "props": props.all(),
    })
}

fn result(around: &Around<'_>) -> Value {
    let view = around.view;
    let report = &view.report;
    let all: Vec<&CheckResult> = report.assessment.results.iter().collect();
    let mut result = json!({
        "uuid": machine::run_uuid(view),
        "title": phrases::OSCAL_RESULT.get(around.lang),
        "description": phrases::OSCAL_RESULT_IS.get(around.lang),
        "start": machine::time(report.started_at),
        "end": machine::time(report.ended_at),
        "props": run_props(around),
        "local-definitions": parts::definitions(around, &all),
        "reviewed-controls": reviewed(around),
    });
    let (tried, not_tried): (Vec<&CheckResult>, Vec<_>) =
        all.iter().partition(|one| parts::is_tried(one));
    if !not_tried.is_empty() {
        let checks: BTreeSet<_> = not_tried.iter().map(|one| &one.identity.check).collect();
        let checks = told::ids(checks, around.lang);
        result["remarks"] =
            phrases::OSCAL_NOT_ASKED.fill(around.lang, &[("checks", &checks)]).into();
    }
    put(&mut result, "observations", tried.iter().map(|one| parts::observation(around, one)));
    put(&mut result, "findings", all.iter().filter_map(|one| parts::finding(around, one)));
    result
}

/// Puts a list where it is not empty: empty ones are not allowed.
fn put(object: &mut Value, name: &str, list: impl Iterator<Item = Value>) {
    let list: Vec<Value> = list.collect();
    if !list.is_empty() {
        object[name] = list.into();
    }
}

fn run_props(around: &Around<'_>) -> Value {
    let report = &around.view.report;
    let mut props = Props::new();
    if let Some(run) = &report.run {
        props.put("run", run.as_str());
    }
    props.put("as-of", &machine::time(report.assessment.as_of));
    props.put("head", &machine::head(around.view));
    for word in anji_model::RawResult::ALL {
        let count = report.assessment.results.iter().filter(|one| one.raw == word).count();
        props.put(&format!("count-{word}"), &count.to_string());
    }
    props.all()
}

/// The checks that came to a verdict, and the clauses that they answer, by rule book.
fn reviewed(around: &Around<'_>) -> Value {
    let results = around.view.report.assessment.results.iter();
    let decided = results.filter(|one| parts::state(one.raw).is_some());
    let asked: BTreeSet<_> = decided.map(|one| &one.identity.check).collect();
    let checks = asked.iter().filter_map(|id| around.lookup.check(id));
    let mut selections: Vec<Value> = controls(checks)
        .into_iter()
        .map(|(book, controls)| {
            let controls = controls.into_iter().map(|id| json!({ "control-id": id }));
            json!({
                "description": around.framework(book),
                "include-controls": controls.collect::<Vec<_>>(),
            })
        })
        .collect();
    if selections.is_empty() {
        // A selection without a control is not allowed, and all would be a lie.
        selections.push(json!({
            "description": phrases::OSCAL_NO_CONTROL.get(around.lang),
            "include-controls": [{ "control-id": "none" }],
        }));
    }
    let mut reviewed = json!({ "control-selections": selections });
    if !asked.is_empty() {
        let objectives = asked.iter().map(|id| json!({ "objective-id": token(id.as_str()) }));
        reviewed["control-objective-selections"] = json!([{
            "description": phrases::OSCAL_OBJECTIVES.get(around.lang),
            "include-objectives": objectives.collect::<Vec<_>>(),
        }]);
    }
    reviewed
}

/// The controls that checks answer: `rulebook_clause` as a token. What is only
/// planned is no review.
fn controls<'a>(
    checks: impl Iterator<Item = &'a CheckInfo>,
) -> BTreeMap<&'a FrameworkId, BTreeSet<String>> {
    let mut controls: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for link in checks.flat_map(|check| &check.clauses) {
        if !matches!(link.status, MappingStatus::Planned | MappingStatus::NotApplicable) {
            controls.entry(&link.framework).or_default().insert(parts::control(link));
        }
    }
    controls
}
