//! A run as SARIF 2.1.0 (OASIS, errata 01): rules are checks, taxonomies are
//! rule books, results are results.
//!
//! The nine words become kinds so that none is lost, and its own word stands
//! beside each in `properties.result`:
//!
//! | word | kind |
//! | --- | --- |
//! | fail | `fail`, with a level by severity |
//! | pass, fixed | `pass` |
//! | unknown, error | `open`: there was not enough to decide |
//! | notchecked, notselected | `review`: a person has to look, or the check has to be asked |
//! | informational | `informational` |
//! | notapplicable | `notApplicable` |
//!
//! Readers that look at levels alone see failures only. What is undecided
//! stands for them in the notifications of the invocation too, by cause.

mod rules;

use crate::json;
use crate::machine::{self, Around, LIST_MAX};
use crate::style::Style;
use crate::told;
use crate::view::{self, ReportView};
use crate::words;
use anji_model::{
    CheckResult, Drift, DriftKind, RawResult, ReasonCategory, ResultIdentity, UnknownGroup,
};
use rules::Rules;
use serde_json::{Value, json};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name of our fingerprint; another way to make it takes another name.
const FINGERPRINT: &str = "anjiQuestion/v1";

/// `anji report --format sarif`: texts in the reader's language.
///
/// Where the run was compared with an earlier one, each result that can be
/// held against its own there says how it stands to it, and what is asked no
/// more follows as `absent`: results whose state is another, or that have
/// none, are those of the run.
pub fn run(view: &ReportView, style: &Style) -> String {
    let around = Around::new(view, style.lang);
    let rules = Rules::new(&around);
    let compared = view.report.compared_with.as_ref();
    let mut results: Vec<Value> = view
        .report
        .assessment
        .results
        .iter()
        .map(|one| result(&around, &rules, one, compared.is_some()))
        .collect();
    if compared.is_some() {
        results.extend(view.report.drift.iter().filter_map(|one| absent(&around, &rules, one)));
    }
    let mut run = json!({
        "tool": { "driver": rules.driver() },
        "language": machine::language(style.lang),
        "automationDetails": automation(view),
        "invocations": [invocation(&around)],
        "taxonomies": rules.taxonomies(),
        "results": results,
        "properties": properties(view),
    });
    if let Some(before) = compared {
        run["baselineGuid"] =
            machine::uuid("run", &[before.run.as_str(), &before.head.to_string()]).into();
    }
    json::render(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

/// How the run is told apart from others, and which runs it is a sequel of.
fn automation(view: &ReportView) -> Value {
    let report = &view.report;
    let name = machine::baseline_name(report.baseline.as_str());
    let run = report.run.as_ref().map(ToString::to_string).unwrap_or_default();
    // The last `/` parts the run from what it is a sequel of.
    let host = machine::text(&machine::host(view, None)).replace('/', "_");
    json!({
        "id": format!("anji/{name}/{host}/{run}"),
        "guid": machine::run_uuid(view),
    })
}

fn invocation(around: &Around<'_>) -> Value {
    let report = &around.view.report;
    let notes: Vec<Value> = report.unknown.iter().map(|group| note(around, group)).collect();
    json!({
        "startTimeUtc": machine::time(report.started_at),
        "endTimeUtc": machine::time(report.ended_at),
        // What it could not decide stands in its results, unless it was at fault itself.
        "executionSuccessful": succeeded(around),
        "toolExecutionNotifications": notes,
    })
}

/// Whether the run came to results, and without a fault of content or program.
fn succeeded(around: &Around<'_>) -> bool {
    let results = &around.view.report.assessment.results;
    let at_fault = |one: &CheckResult| {
        let mut causes = one.reasons.iter().map(|reason| &reason.category);
        one.raw == RawResult::Error || causes.any(|cause| *cause == ReasonCategory::Fault)
    };
    !results.is_empty() && !results.iter().any(at_fault)
}

/// A message in plain text without placeholders, so that braces stand for
/// themselves. What would be a link stands as text (3.11.6): evidence must not
/// lead its readers anywhere.
fn message(text: &str) -> Value {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | ']' | '\\') {
            plain.push('\\');
        }
        plain.push(c);
    }
    json!({ "text": plain })
}

/// What is undecided for one cause.
fn note(around: &Around<'_>, group: &UnknownGroup) -> Value {
    let lang = around.lang;
    let mut known = group.checks.iter().filter_map(|id| around.lookup.check(id));
    let check = known.find(|check| told::undecided(&group.example, Some(check)).is_some());
    let checks: Vec<&str> = group.checks.iter().map(anji_model::CheckId::as_str).collect();
    let text = format!(
        "{}{}{}",
        around.reason(&group.example, check),
        words::COLON.get(lang),
        checks.join(words::LIST.get(lang))
    );
    let level = match group.category {
        ReasonCategory::Fault => "error",
        _ => "warning",
    };
    json!({ "level": level, "message": message(&text) })
}

fn properties(view: &ReportView) -> Value {
    let report = &view.report;
    let counts = RawResult::ALL.map(|word| {
        let count = report.assessment.results.iter().filter(|one| one.raw == word).count();
        (word.to_string(), Value::from(count))
    });
    let rate = &report.assessment.conformance;
    json!({
        "run": report.run,
        "asOf": machine::time(report.assessment.as_of),
        "madeAt": machine::time(view.made_at),
        "baseline": report.baseline,
        "content": report.content,
        "head": report.head,
        "counts": serde_json::Map::from_iter(counts),
        "conformancePermille": rate.rate_permille(),
        "unknownPermille": rate.unknown_permille(),
        "criticalFailing": rate.critical_failing,
    })
}

fn kind(raw: RawResult) -> &'static str {
    match raw {
        RawResult::Fail => "fail",
        RawResult::Pass | RawResult::Fixed => "pass",
        RawResult::Unknown | RawResult::Error => "open",
        RawResult::NotChecked | RawResult::NotSelected => "review",
        RawResult::Informational => "informational",
        RawResult::NotApplicable => "notApplicable",
    }
}

fn result(around: &Around<'_>, rules: &Rules<'_>, one: &CheckResult, compared: bool) -> Value {
    let level = match one.raw {
        RawResult::Fail => rules::level(one.severity),
        _ => "none",
    };
    let mut result = frame(around, rules, &one.identity);
    result["kind"] = kind(one.raw).into();
    result["level"] = level.into();
    result["message"] = message(&around.message(one));
    if let Some(state) = state(around, one).filter(|_| compared) {
        result["baselineState"] = state.into();
    }
    result["properties"] = details(around, one);
    result
}

/// What every result has: the rule, where, and what it is recognised by.
fn frame(around: &Around<'_>, rules: &Rules<'_>, identity: &ResultIdentity) -> Value {
    let subject = machine::place(around.view, &identity.subject);
    let mut places = vec![json!({
        "name": machine::text(around.view.subject_name(&identity.subject)),
        "fullyQualifiedName": subject,
        "kind": "resource",
    })];
    if let Some(element) = &identity.element {
        let element = machine::text(element);
        places.push(json!({
            "name": element,
            "fullyQualifiedName": format!("{subject}/{element}"),
            "kind": "resource",
        }));
    }
    json!({
        "ruleId": identity.check,
        "ruleIndex": rules.index(&identity.check),
        "locations": [{ "logicalLocations": places }],
        "partialFingerprints": { FINGERPRINT: machine::question(around.view, identity) },
    })
}

/// How the result stands to the one before; none where there is none to hold
/// it against, as a question that was left out says nothing of its finding.
fn state(around: &Around<'_>, one: &CheckResult) -> Option<&'static str> {
    match around.change(one) {
        _ if view::is_left_out(one) => None,
        _ if around.is_new(one) => Some("new"),
        Some(_) => Some("updated"),
        None => around.is_unchanged(one).then_some("unchanged"),
    }
}

/// A question that is asked no more. It is no problem any longer, so it has no level.
fn absent(around: &Around<'_>, rules: &Rules<'_>, change: &Drift) -> Option<Value> {
    if change.kind != DriftKind::Gone || around.has(&change.identity) {
        return None;
    }
    let before = change.before.as_ref()?;
    let word = words::raw(before.result.raw).get(around.lang);
    let mut result = frame(around, rules, &change.identity);
    result["kind"] = "notApplicable".into();
    result["level"] = "none".into();
    result["message"] = message(&words::WORD_GONE.fill(around.lang, &[("before", word)]));
    result["baselineState"] = "absent".into();
    result["properties"] = json!({ "resultBefore": before.result.raw.word() });
    Some(result)
}

fn details(around: &Around<'_>, one: &CheckResult) -> Value {
    let (since, first) = around.seen(one);
    let terms = one.failed_terms.iter().take(LIST_MAX).map(|term| {
        json!({
            "path": machine::text(&term.path),
            "observed": machine::text(&term.observed),
            "operator": machine::text(&term.operator),
            "allowed": machine::text(&term.allowed),
        })
    });
    let evidence = one.evidence.iter().take(LIST_MAX).map(|used| {
        json!({
            "key": machine::text(&used.key.to_string()),
            "sha256": used.body,
            "observedAt": used.observed_at.map(machine::time),
            "stale": used.stale,
        })
    });
    json!({
        "result": one.raw.word(),
        "severity": machine::severity(one.severity),
        "revision": one.revision,
        "system": one.identity.system,
        "failedTerms": terms.collect::<Vec<_>>(),
        "failedTermsTotal": one.failed_terms_total,
        "evidence": evidence.collect::<Vec<_>>(),
        "evidenceTotal": one.evidence.len(),
        "since": since.map(machine::time),
        "firstSeen": first.map(machine::time),
        "validUntil": one.valid_until.map(machine::time),
        "remedy": around.remedy(one),
    })
}
