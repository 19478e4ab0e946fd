//! A run as events of the Open Cybersecurity Schema Framework, version 1.5.0:
//! Compliance Finding (class 2003), one event a line.
//!
//! Each result is an event, except for questions that the run left out, as an
//! event would overwrite what is known of their findings. A question that is asked no more is one too, which
//! closes its finding (`unmapped.result` is null there). What the class has no
//! place for stands in `unmapped`.
//!
//! | word | compliance status |
//! | --- | --- |
//! | pass, fixed | 1 Pass |
//! | fail | 3 Fail |
//! | unknown | 2 Warning: no result, because information is missing |
//! | error | 0 Unknown |
//! | the other words | 99 Other, with the word as status |
//!
//! A finding that holds is Informational; one that fails, or cannot be
//! decided, has the severity of its check.

use crate::json;
use crate::machine::{self, Around, LIST_MAX};
use crate::style::Style;
use crate::view::{self, ReportView};
use crate::words;
use anji_model::{
    CheckInfo, CheckResult, Drift, DriftKind, Lang, RawResult, ResultIdentity, Severity,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The version of the schema that the events keep.
const VERSION: &str = "1.5.0";
const CLASS: u32 = 2003;

/// `anji report --format ocsf`: JSON lines, texts in the reader's language.
/// A run without results has no line.
pub fn run(view: &ReportView, style: &Style) -> String {
    let around = Around::new(view, style.lang);
    let asked = view.report.assessment.results.iter().filter(|one| !view::is_left_out(one));
    let results = asked.map(|one| event(&around, one));
    let gone = view.report.drift.iter().filter_map(|one| closed(&around, one));
    let mut lines = String::new();
    for (place, mut event) in results.chain(gone).enumerate() {
        event["metadata"]["sequence"] = place.into();
        lines.push_str(&json::line(&event));
    }
    lines
}

/// What happened to the finding.
#[derive(Clone, Copy)]
enum Activity {
    Create = 1,
    Update = 2,
    Close = 3,
}

impl Activity {
    fn of(around: &Around<'_>, one: &CheckResult) -> Self {
        let holds = matches!(one.raw, RawResult::Pass | RawResult::Fixed);
        match around.change(one) {
            _ if around.view.report.compared_with.is_none() || around.is_new(one) => Self::Create,
            Some(_) if holds => Self::Close,
            _ => Self::Update,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Close => "Close",
        }
    }
}

/// The id and the name of a compliance status.
fn status(raw: RawResult) -> (u32, &'static str) {
    match raw {
        RawResult::Pass | RawResult::Fixed => (1, "Pass"),
        RawResult::Fail => (3, "Fail"),
        RawResult::Unknown => (2, "Warning"),
        RawResult::Error => (0, "Unknown"),
        RawResult::NotApplicable
        | RawResult::NotChecked
        | RawResult::NotSelected
        | RawResult::Informational => (99, raw.word()),
    }
}

/// The id and the name of a severity.
fn severity(severity: Severity) -> (u32, &'static str) {
    match severity {
        Severity::Info => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

fn event(around: &Around<'_>, one: &CheckResult) -> Value {
    let open = matches!(one.raw, RawResult::Fail | RawResult::Unknown | RawResult::Error);
    let grave = if open { one.severity } else { Severity::Info };
    let mut event = frame(around, &one.identity, Activity::of(around, one), grave);
    let message = around.message(one);
    event["message"] = message.as_str().into();
    event["status_code"] = one.raw.word().into();
    event["status_detail"] = message.into();
    event["compliance"] = compliance(around, one);
    event["finding_info"] = finding(around, one);
    if let Some(remedy) = around.remedy(one) {
        event["remediation"] = json!({ "desc": remedy });
    }
    let evidences = evidences(one);
    if !evidences.is_empty() {
        event["evidences"] = evidences.into();
    }
    let mut observables = observables(one);
    observables.append(event["observables"].as_array_mut().expect("the frame has observables"));
    event["observables"] = observables.into();
    event["unmapped"] = unmapped(around, one);
    event
}

/// What every event has.
fn frame(around: &Around<'_>, identity: &ResultIdentity, did: Activity, grave: Severity) -> Value {
    let view = around.view;
    let as_of = view.report.assessment.as_of;
    let (severity_id, severity) = severity(grave);
    let subject = machine::place(around.view, &identity.subject);
    let mut event = json!({
        "activity_id": did as u32,
        "activity_name": did.name(),
        "category_name": "Findings",
        "category_uid": 2,
        "class_name": "Compliance Finding",
        "class_uid": CLASS,
        "type_uid": CLASS * 100 + did as u32,
        "type_name": format!("Compliance Finding: {}", did.name()),
        "severity": severity,
        "severity_id": severity_id,
        "metadata": metadata(around, identity),
        "resources": resources(around, identity, &subject),
        "observables": [{
            "name": "resources.uid", "type": "Resource UID", "type_id": 10, "value": subject,
        }],
    });
    put_time(&mut event, "time", Some(as_of));
    event
}

fn metadata(around: &Around<'_>, identity: &ResultIdentity) -> Value {
    let view = around.view;
    let (run, question) = (machine::run_uuid(view), machine::question(view, identity));
    let lang = match around.lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    };
    let mut metadata = json!({
        "version": VERSION,
        "profiles": ["datetime"],
        "product": {
            "name": "Anji",
            "vendor_name": "Anji",
            "version": machine::text(&view.report.program),
            "lang": lang,
        },
        "uid": machine::uuid("event", &[&run, &question]),
        "correlation_uid": run,
    });
    put_time(&mut metadata, "logged_time", Some(view.made_at));
    metadata
}

fn resources(around: &Around<'_>, identity: &ResultIdentity, subject: &str) -> Vec<Value> {
    let kind = identity.subject.to_string();
    let kind = kind.split(':').next().unwrap_or_default();
    let mut resources = vec![json!({
        "uid": subject,
        "name": machine::text(around.view.subject_name(&identity.subject)),
        "type": kind,
        "namespace": identity.system,
    })];
    if let Some(element) = &identity.element {
        let element = machine::text(element);
        resources.push(json!({
            "uid": format!("{subject}/{element}"), "name": element, "type": "element",
        }));
    }
    resources
}

fn compliance(around: &Around<'_>, one: &CheckResult) -> Value {
    let check = around.check(one);
    let (status_id, status) = status(one.raw);
    let (severity_id, severity) = severity(one.severity);
    let standards = standards(around, check);
    let mut compliance = json!({
        "control": one.identity.check,
        "desc": around.title(one),
        "requirements": around.clauses(one),
        "standards": standards,
        "status": status,
        "status_id": status_id,
        "status_code": one.raw.word(),
        "status_details": around.why(one),
        "checks": [{
            "uid": one.identity.check,
            "name": around.title(one),
            "version": one.revision.to_string(),
            "severity": severity,
            "severity_id": severity_id,
            "standards": standards,
            "status": status,
            "status_id": status_id,
        }],
    });
    if let Some(guard) = check.and_then(|check| check.guards.first()) {
        compliance["category"] = machine::guard(*guard).into();
    }
    compliance
}

/// The titles of the rule books that the check answers.
fn standards(around: &Around<'_>, check: Option<&CheckInfo>) -> Vec<String> {
    let clauses = check.map_or(&[][..], |check| &check.clauses);
    let books: BTreeSet<_> = clauses.iter().map(|link| &link.framework).collect();
    books.into_iter().map(|book| around.framework(book)).collect()
}

fn finding(around: &Around<'_>, one: &CheckResult) -> Value {
    let as_of = around.view.report.assessment.as_of;
    let (since, first) = around.seen(one);
    let check = around.check(one);
    let guards = check.map_or(&[][..], |check| &check.guards);
    let sources = one.evidence.iter().take(LIST_MAX);
    let mut finding = json!({
        "uid": machine::question(around.view, &one.identity),
        "title": around.title(one),
        "types": guards.iter().map(|guard| machine::guard(*guard)).collect::<Vec<_>>(),
        "data_sources": sources.map(|used| machine::text(&used.key.to_string())).collect::<Vec<_>>(),
    });
    if let Some(check) = check {
        finding["desc"] = machine::prose(check.why.get(around.lang)).into();
    }
    put_time(&mut finding, "first_seen_time", first.or(around.is_new(one).then_some(as_of)));
    put_time(&mut finding, "last_seen_time", Some(as_of));
    put_time(&mut finding, "modified_time", since);
    finding
}

/// The pieces of evidence, then the comparisons that do not hold.
fn evidences(one: &CheckResult) -> Vec<Value> {
    let used = one.evidence.iter().take(LIST_MAX).map(|used| {
        json!({
            "name": machine::text(&used.key.to_string()),
            "data": {
                "sha256": used.body,
                "observed_at": used.observed_at.map(machine::time),
                "privilege": used.privilege,
                "stale": used.stale,
            },
        })
    });
    let terms = one.failed_terms.iter().take(LIST_MAX).map(|term| {
        json!({
            "name": machine::text(&term.path),
            "data": {
                "observed": machine::text(&term.observed),
                "operator": machine::text(&term.operator),
                "allowed": machine::text(&term.allowed),
            },
        })
    });
    used.chain(terms).collect()
}

fn observables(one: &CheckResult) -> Vec<Value> {
    let digests: BTreeSet<_> =
        one.evidence.iter().take(LIST_MAX).filter_map(|used| used.body).collect();
    let hash = |digest: anji_model::Digest| {
        json!({
            "name": "evidences.data.sha256", "type": "Hash", "type_id": 8,
            "value": digest.to_string(),
        })
    };
    digests.into_iter().map(hash).collect()
}

fn unmapped(around: &Around<'_>, one: &CheckResult) -> Value {
    let report = &around.view.report;
    let observed = one.observed.iter().take(LIST_MAX);
    let observed = observed.map(
        |seen| json!({ "path": machine::text(&seen.path), "value": machine::text(&seen.value) }),
    );
    let change = around.change(one).map(|change| {
        json!({
            "kind": change.kind,
            "cause": change.cause,
            "before": change.before.as_ref().map(|side| side.result.raw.word()),
        })
    });
    json!({
        "result": one.raw.word(),
        "run": report.run,
        "head": report.head,
        "baseline": one.identity.baseline,
        "content": report.content,
        "system": one.identity.system,
        "failed_terms_total": one.failed_terms_total,
        "evidences_total": one.evidence.len(),
        "observed_total": one.observed.len(),
        "observed": observed.collect::<Vec<_>>(),
        "change": change,
        "valid_until": one.valid_until.map(machine::time),
    })
}

/// The event that closes the finding of a question that is asked no more.
fn closed(around: &Around<'_>, change: &Drift) -> Option<Value> {
    if change.kind != DriftKind::Gone || around.has(&change.identity) {
        return None;
    }
    let before = &change.before.as_ref()?.result;
    let word = words::raw(before.raw).get(around.lang);
    let mut event = frame(around, &change.identity, Activity::Close, Severity::Info);
    event["message"] = words::WORD_GONE.fill(around.lang, &[("before", word)]).into();
    event["compliance"] = json!({
        "control": change.identity.check,
        "status": "gone",
        "status_id": 99,
    });
    event["finding_info"] = json!({
        "uid": machine::question(around.view, &change.identity),
        "title": around.title(before),
    });
    event["unmapped"] = json!({
        "result": null,
        "run": around.view.report.run,
        "change": { "kind": change.kind, "cause": change.cause, "before": before.raw.word() },
    });
    Some(event)
}

/// A time twice, as the profile of dates asks: in milliseconds, and readable.
fn put_time(object: &mut Value, name: &str, at: Option<Timestamp>) {
    let (Some(at), Some(fields)) = (at, object.as_object_mut()) else { return };
    let times = [
        (name.to_owned(), Value::from(at.as_millisecond())),
        (format!("{name}_dt"), machine::time(at).into()),
    ];
    fields.extend(Map::from_iter(times));
}
