//! What fails, by severity, and what could not be decided, by cause.

use super::check::{check, groups};
use super::{Safe, Sheet, markup};
use crate::told;
use crate::words;
use crate::words::document;
use anji_model::{CheckId, CheckResult, Privilege, ReasonCategory, Severity};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Groups at most this many are unfolded from the start.
const UNFOLDED_MAX: usize = 3;

/// Failing checks, the gravest first.
pub(super) fn findings(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let all = sheet.view.findings();
    let few = groups(all.iter().copied()).len() <= UNFOLDED_MAX;
    let mut named = BTreeSet::new();
    let levels =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];
    html! {
        section #findings aria-labelledby="findings-title" {
            h2 #findings-title { (document::FINDINGS.get(lang)) " " span.count { (words::grouped(all.len() as u64)) } }
            @if all.is_empty() { p { (document::FINDINGS_NONE.get(lang)) } }
            @for level in levels {
                @let of_level: Vec<&CheckResult> = all.iter().copied().filter(|one| one.severity == level).collect();
                @if !of_level.is_empty() {
                    div.level {
                        h3 { (markup::severity(level, lang)) " " span.count { (words::grouped(of_level.len() as u64)) } }
                        @for group in groups(of_level) {
                            (check(sheet, &group, anchor(&mut named, group.id).as_deref(), few))
                        }
                    }
                }
            }
        }
    }
}

/// The anchor of a finding: the first place of its check, which is the gravest.
fn anchor<'a>(named: &mut BTreeSet<&'a CheckId>, id: &'a CheckId) -> Option<String> {
    named.insert(id).then(|| format!("fail-{id}"))
}

/// Undecided checks by what keeps them undecided, with what would help.
pub(super) fn open(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let all = sheet.view.open();
    let mut causes: Vec<(Option<&ReasonCategory>, Vec<&CheckResult>)> = Vec::new();
    for result in &all {
        let cause = result.reasons.first().map(|reason| &reason.category);
        match causes.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, results)) => results.push(result),
            None => causes.push((cause, vec![result])),
        }
    }
    causes.sort_by_key(|(_, results)| std::cmp::Reverse(results.len()));
    html! {
        section #open aria-labelledby="open-title" {
            h2 #open-title { (document::OPEN.get(lang)) " " span.count { (words::grouped(all.len() as u64)) } }
            @if all.is_empty() { p { (document::OPEN_NONE.get(lang)) } } @else { p { (document::OPEN_INTRO.get(lang)) } }
            @for (cause, results) in &causes {
                div.level {
                    h3 { (title(sheet, *cause)) " " span.count { (words::grouped(results.len() as u64)) } }
                    @if let Some(cause) = cause {
                        p.helps { (document::HELPS.get(lang)) (words::COLON.get(lang)) (advice(sheet, cause, results)) }
                    }
                    @for group in groups(results.iter().copied()) {
                        (check(sheet, &group, None, false))
                    }
                }
            }
        }
    }
}

fn register_of(cause: &ReasonCategory) -> &str {
    match cause {
        ReasonCategory::NoRegister(register) => register.as_str(),
        _ => "",
    }
}

fn title(sheet: &Sheet<'_>, cause: Option<&ReasonCategory>) -> Markup {
    let lang = sheet.lang();
    html! {
        @match cause {
            Some(cause) => (Safe(words::reason(cause).fill(lang, &[("register", register_of(cause))]))),
            None => (words::UNKNOWN.get(lang)),
        }
    }
}

fn advice(sheet: &Sheet<'_>, cause: &ReasonCategory, results: &[&CheckResult]) -> Markup {
    let id = results.first().map_or("", |one| one.identity.check.as_str());
    let scope = results.first().map(|one| told::scope(&one.identity.subject)).unwrap_or_default();
    let advice = words::advice_for(cause, sheet.view.report.privilege == Privilege::Root);
    let values = [("register", register_of(cause)), ("id", id), ("scope", scope.as_str())];
    markup::prose(advice, sheet.lang(), &values)
}
