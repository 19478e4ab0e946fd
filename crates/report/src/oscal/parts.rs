//! Pieces that both documents have: observations, findings, what was looked
//! at, and with what.

use crate::machine::{self, Around, LIST_MAX};
use crate::words::machine as phrases;
use anji_model::{CheckResult, ClauseLink, EvidenceUse, RawResult, Subject};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The name space of our properties.
const NAMESPACE: &str = "urn:anji:oscal";

/// Properties; those without a value are left out, as OSCAL has no empty ones.
pub(super) struct Props(Vec<Value>);

impl Props {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn put(&mut self, name: &str, value: &str) {
        let value = line(value, "");
        if !value.is_empty() {
            self.0.push(json!({ "name": name, "ns": NAMESPACE, "value": value }));
        }
    }

    /// A property that belongs together with others of its group.
    fn put_in(&mut self, group: &str, name: &str, value: &str) {
        self.put(name, value);
        if let Some(last) = self.0.last_mut() {
            last["group"] = group.into();
        }
    }

    pub(super) fn all(self) -> Value {
        self.0.into()
    }
}

/// Text on one line without blanks around it, or `instead` where nothing is left.
pub(super) fn line(text: &str, instead: &str) -> String {
    let text = machine::text(text);
    match text.trim() {
        "" => instead.to_owned(),
        text => text.to_owned(),
    }
}

/// A token of OSCAL: letters, digits, `-`, `.` and `_`, not beginning with a
/// digit or a mark. Other characters stand as `_` and their code.
pub(super) fn token(text: &str) -> String {
    let mut token = String::new();
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '_' => token.push(c),
            '0'..='9' | '-' | '.' if !token.is_empty() => token.push(c),
            _ => token.push_str(&format!("_{:x}", u32::from(c))),
        }
    }
    token
}

/// The id of the subject as an item of the inventory: the same in every run.
fn item(around: &Around<'_>, subject: &Subject) -> String {
    let name = machine::host(around.view, Some(subject));
    machine::uuid("inventory-item", &[&subject.to_string(), &name])
}

/// The id of the program.
fn tool(around: &Around<'_>) -> String {
    machine::uuid("tool", &[&around.view.report.program])
}

/// Who says it: the program.
pub(super) fn origin(around: &Around<'_>) -> Value {
    json!({ "actors": [{ "type": "tool", "actor-uuid": tool(around) }] })
}

/// What was looked at, and with what.
pub(super) fn definitions(around: &Around<'_>, results: &[&CheckResult]) -> Value {
    let mut subjects: BTreeSet<&Subject> =
        results.iter().map(|one| &one.identity.subject).collect();
    subjects.extend(around.view.subjects.keys());
    if subjects.is_empty() {
        subjects.insert(&around.view.report.subject);
    }
    let items = subjects.into_iter().map(|subject| {
        let mut props = Props::new();
        props.put("subject", &subject.to_string());
        let mut item = json!({
            "uuid": item(around, subject),
            "description": line(around.view.subject_name(subject), "-"),
        });
        super::put(&mut item, "props", props.0.into_iter());
        item
    });
    json!({
        "inventory-items": items.collect::<Vec<_>>(),
        "assessment-assets": {
            "components": [{
                "uuid": tool(around),
                "type": "software",
                "title": "Anji",
                "description": phrases::OSCAL_TOOL.get(around.lang),
                "props": [{
                    "name": "version",
                    "value": line(&around.view.report.program, "0"),
                }],
                "status": { "state": "operational" },
            }],
            "assessment-platforms": [{
                "uuid": machine::uuid("platform", &[&machine::run_uuid(around.view)]),
                "uses-components": [{ "component-uuid": tool(around) }],
            }],
        },
    })
}

fn observation_uuid(around: &Around<'_>, one: &CheckResult) -> String {
    let question = machine::question(around.view, &one.identity);
    machine::uuid("observation", &[&machine::run_uuid(around.view), &question])
}

pub(super) fn finding_uuid(around: &Around<'_>, one: &CheckResult) -> String {
    let question = machine::question(around.view, &one.identity);
    machine::uuid("finding", &[&machine::run_uuid(around.view), &question])
}

/// A reference to the observation of a result.
pub(super) fn observed(around: &Around<'_>, one: &CheckResult) -> Value {
    json!([{ "observation-uuid": observation_uuid(around, one) }])
}

/// `LNX-001 title`.
pub(super) fn title(around: &Around<'_>, one: &CheckResult) -> String {
    line(&format!("{} {}", one.identity.check, around.title(one)), "-")
}

/// What the result is about and came to, as properties.
pub(super) fn props(around: &Around<'_>, one: &CheckResult) -> Props {
    let mut props = Props::new();
    props.put("result", one.raw.word());
    props.put("severity", machine::severity(one.severity));
    props.put("check", one.identity.check.as_str());
    props.put("revision", &one.revision.to_string());
    props.put("baseline", one.identity.baseline.as_str());
    props.put("system", one.identity.system.as_str());
    props.put("element", one.identity.element.as_deref().unwrap_or_default());
    props.put("question", &machine::question(around.view, &one.identity));
    if let Some(change) = around.change(one) {
        props.put("change", machine::change(change.kind));
    }
    props
}

/// A clause as a control.
pub(super) fn control(link: &ClauseLink) -> String {
    token(&format!("{}_{}", link.framework, link.clause))
}

/// The clauses that the check of a result answers, and how far: a group of
/// properties each, so that an assessor finds a control's findings.
fn put_controls(around: &Around<'_>, one: &CheckResult, props: &mut Props) {
    for link in around.check(one).map_or(&[][..], |check| &check.clauses) {
        let control = control(link);
        props.put_in(&control, "control-id", &control);
        props.put_in(&control, "rule-book", link.framework.as_str());
        props.put_in(&control, "clause", link.clause.as_str());
        props.put_in(&control, "mapping-status", machine::mapping(link.status));
    }
}

/// Whether the run tried to answer the question.
pub(super) fn is_tried(one: &CheckResult) -> bool {
    !matches!(one.raw, RawResult::NotChecked | RawResult::NotSelected)
}

/// The state of the objective and its reason; none without a verdict.
pub(super) fn state(raw: RawResult) -> Option<(&'static str, &'static str)> {
    match raw {
        RawResult::Pass | RawResult::Fixed => Some(("satisfied", "pass")),
        RawResult::Fail => Some(("not-satisfied", "fail")),
        RawResult::Unknown | RawResult::Error => Some(("not-satisfied", "other")),
        _ => None,
    }
}

/// What was seen, when, and from what.
pub(super) fn observation(around: &Around<'_>, one: &CheckResult) -> Value {
    let as_of = around.view.report.assessment.as_of;
    let seen = one.evidence.iter().filter_map(|used| used.observed_at).min();
    let mut observation = json!({
        "uuid": observation_uuid(around, one),
        "title": title(around, one),
        "description": around.message(one),
        "props": props(around, one).all(),
        "methods": ["TEST"],
        "types": ["control-objective"],
        "origins": [origin(around)],
        "subjects": [{
            "subject-uuid": item(around, &one.identity.subject),
            "type": "inventory-item",
            "title": line(around.view.subject_name(&one.identity.subject), "-"),
        }],
        "collected": machine::time(seen.unwrap_or(as_of)),
    });
    if let Some(until) = one.valid_until {
        observation["expires"] = machine::time(until).into();
    }
    let used = one.evidence.iter().take(LIST_MAX);
    let subject = &one.identity.subject;
    let more = around.more(one.evidence.len()).map(|more| json!({ "description": more }));
    super::put(
        &mut observation,
        "relevant-evidence",
        used.map(|used| evidence(around, subject, used)).chain(more),
    );
    observation
}

fn evidence(around: &Around<'_>, subject: &Subject, used: &EvidenceUse) -> Value {
    let mut props = Props::new();
    if let Some(record) = around.lookup.record(subject, &used.key) {
        props.put("collector", &record.collector.transport);
        props.put("collector-version", &record.collector.version);
        props
            .put("capture-sha-256", &record.capture.map(|one| one.to_string()).unwrap_or_default());
    }
    props.put("sha-256", &used.body.map(|body| body.to_string()).unwrap_or_default());
    props.put("observed-at", &used.observed_at.map(machine::time).unwrap_or_default());
    props.put("stale", if used.stale { "true" } else { "false" });
    json!({ "description": line(&used.key.to_string(), "-"), "props": props.all() })
}

/// What the result says of the objective; none for results without a verdict.
pub(super) fn finding(around: &Around<'_>, one: &CheckResult) -> Option<Value> {
    let (state, reason) = state(one.raw)?;
    let mut props = props(around, one);
    put_controls(around, one, &mut props);
    let message = around.message(one);
    let mut status = json!({ "state": state, "reason": reason });
    if reason == "other" {
        status["remarks"] = phrases::OSCAL_UNDECIDED.fill(around.lang, &[("why", &message)]).into();
    }
    Some(json!({
        "uuid": finding_uuid(around, one),
        "title": title(around, one),
        "description": message,
        "props": props.all(),
        "origins": [origin(around)],
        "target": {
            "type": "objective-id",
            "target-id": token(one.identity.check.as_str()),
            "title": title(around, one),
            "status": status,
        },
        "related-observations": observed(around, one),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_keep_what_they_can_and_stay_apart() {
        assert_eq!(token("gbt22239-2019_8.1.4.1a"), "gbt22239-2019_8.1.4.1a");
        assert_eq!(token("8.1"), "_38.1");
        assert_eq!(token("a(b)"), "a_28b_29");
        assert_ne!(token("a：b"), token("a；b"));
    }

    #[test]
    fn values_have_no_blanks_around_them() {
        assert_eq!(line("　 a\nb ", "-"), "a\\nb");
        assert_eq!(line("　 ", "-"), "-");
    }
}
