//! The plan of action and milestones: an item for each result that fails or
//! cannot be decided.

use super::parts::{self, Props, line};
use super::{basis, metadata, put};
use crate::json;
use crate::machine::{self, Around};
use crate::style::Style;
use crate::view::ReportView;
use crate::words::machine as phrases;
use anji_model::CheckResult;
use serde_json::{Value, json};

/// `anji report --format oscal-poam`: a plan of action and milestones. Items
/// and risks keep their ids over runs. A run with nothing to do has one item
/// that says so, as a plan without items is not allowed.
pub fn poam(view: &ReportView, style: &Style) -> String {
    let around = Around::new(view, style.lang);
    let todo: Vec<&CheckResult> = view.findings().into_iter().chain(view.open()).collect();
    let mut items: Vec<Value> = todo.iter().map(|one| item(&around, one)).collect();
    if items.is_empty() {
        items.push(nothing(&around));
    }
    let resource = machine::uuid("plan-basis", &[&machine::run_uuid(view)]);
    let mut plan = json!({
        "uuid": machine::uuid("plan", &[&machine::run_uuid(view)]),
        "metadata": metadata(&around, phrases::OSCAL_POAM.get(style.lang)),
        "system-id": system(&around),
        "local-definitions": parts::definitions(&around, &todo),
        "poam-items": items,
        "back-matter": { "resources": [basis(&around, &resource)] },
    });
    put(&mut plan, "observations", todo.iter().map(|one| parts::observation(&around, one)));
    put(&mut plan, "risks", todo.iter().map(|one| risk(&around, one)));
    put(&mut plan, "findings", todo.iter().filter_map(|one| finding(&around, one)));
    json::render(&json!({ "plan-of-action-and-milestones": plan }))
}

/// The subject of the run stands for the system; business systems stand with the items.
fn system(around: &Around<'_>) -> Value {
    let subject = machine::place(around.view, &around.view.report.subject);
    json!({ "identifier-type": "urn:anji:subject", "id": line(&subject, "-") })
}

/// An id of the question, the same in every run.
fn uuid(around: &Around<'_>, kind: &str, one: &CheckResult) -> String {
    machine::uuid(kind, &[&machine::question(around.view, &one.identity)])
}

fn finding(around: &Around<'_>, one: &CheckResult) -> Option<Value> {
    let mut finding = parts::finding(around, one)?;
    finding["related-risks"] = json!([{ "risk-uuid": uuid(around, "risk", one) }]);
    Some(finding)
}

fn item(around: &Around<'_>, one: &CheckResult) -> Value {
    let mut item = json!({
        "uuid": uuid(around, "plan-item", one),
        "title": parts::title(around, one),
        "description": around.message(one),
        "props": parts::props(around, one).all(),
        "origins": [parts::origin(around)],
        "related-findings": [{ "finding-uuid": parts::finding_uuid(around, one) }],
        "related-observations": parts::observed(around, one),
        "related-risks": [{ "risk-uuid": uuid(around, "risk", one) }],
    });
    if let (Some(since), _) = around.seen(one) {
        let mut props = Props::new();
        props.put("since", &machine::time(since));
        let more = props.all();
        let (all, more) = (item["props"].as_array_mut(), more.as_array());
        all.expect("a result has properties").extend(more.into_iter().flatten().cloned());
    }
    item
}

/// What the finding means, how grave it is, and what to do about it.
fn risk(around: &Around<'_>, one: &CheckResult) -> Value {
    let lang = around.lang;
    let statement = match around.check(one) {
        Some(check) => machine::prose(check.why.get(lang)),
        None => parts::title(around, one),
    };
    let mut risk = json!({
        "uuid": uuid(around, "risk", one),
        "title": parts::title(around, one),
        "description": around.message(one),
        "statement": statement,
        "status": "open",
        "origins": [parts::origin(around)],
        "characterizations": [{
            "origin": parts::origin(around),
            "facets": [{
                "name": "severity",
                "system": "urn:anji:severity",
                "value": machine::severity(one.severity),
            }],
        }],
        "related-observations": parts::observed(around, one),
    });
    if let Some(remedy) = around.remedy(one) {
        risk["remediations"] = json!([{
            "uuid": uuid(around, "remediation", one),
            "lifecycle": "recommendation",
            "title": phrases::REMEDY.get(lang),
            "description": remedy,
        }]);
    }
    risk
}

/// What stands where there is no item: that there is nothing to do is said
/// only of a run that asked everything.
fn nothing(around: &Around<'_>) -> Value {
    let lang = around.lang;
    let (title, description) = match around.view.left_out() {
        _ if around.view.report.assessment.results.is_empty() => {
            (phrases::NO_RESULT, phrases::OSCAL_NO_RESULT_IS.get(lang).to_owned())
        }
        0 => (phrases::OSCAL_NO_ITEM, phrases::OSCAL_NO_ITEM_IS.get(lang).to_owned()),
        count => (phrases::OSCAL_SO_FAR, phrases::OSCAL_SO_FAR_IS.get(lang, count)),
    };
    let mut props = Props::new();
    props.put("items", "0");
    json!({
        "uuid": machine::uuid("no-item", &[&machine::run_uuid(around.view)]),
        "title": title.get(lang),
        "description": description,
        "props": props.all(),
    })
}
