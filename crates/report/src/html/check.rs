//! The results of one check in one part of the page.

use super::markup::{self, dotted};
use super::{Safe, Sheet};
use crate::told;
use crate::words;
use crate::words::document;
use anji_model::{CheckId, CheckInfo, CheckResult, EvidenceUse, RawResult, Severity};
use maud::{Markup, html};

/// How many comparisons or values of one result are shown.
const VALUES_MAX: usize = 20;
/// The same where many results stand beside each other.
const VALUES_SMALL: usize = 3;
/// How many stretches of history are shown.
const STRETCHES_MAX: usize = 6;

/// Results that stand together: those of one check.
pub(super) struct Group<'a> {
    pub(super) id: &'a CheckId,
    pub(super) severity: Severity,
    pub(super) results: Vec<&'a CheckResult>,
}

/// Results in the order they come, those of one check together.
pub(super) fn groups<'a>(results: impl IntoIterator<Item = &'a CheckResult>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for result in results {
        let (id, severity) = (&result.identity.check, result.severity);
        match groups.last_mut() {
            Some(group) if group.id == id && group.severity == severity => {
                group.results.push(result);
            }
            _ => groups.push(Group { id, severity, results: vec![result] }),
        }
    }
    groups
}

/// One check with its results. Findings have an `anchor` that page one links to.
pub(super) fn check(
    sheet: &Sheet<'_>,
    group: &Group<'_>,
    anchor: Option<&str>,
    unfolded: bool,
) -> Markup {
    let lang = sheet.lang();
    let info = sheet.lookup.check(group.id);
    let count = group.results.len() as u64;
    let first = group.results.first().map_or(RawResult::Unknown, |one| one.raw);
    let by_severity = matches!(first, RawResult::Fail | RawResult::Unknown | RawResult::Error);
    html! {
        details.check id=[anchor] data-s=(group.severity as u8) open[unfolded] {
            summary {
                h4 {
                    @if by_severity {
                        (markup::severity(group.severity, lang))
                    } @else {
                        (markup::word(first, lang))
                    }
                    " " span.id { (group.id) } " "
                    span.title { (Safe(info.map_or("", |info| info.title.get(lang)))) }
                    @if count > 1 { " " span.count { (document::RESULTS_HERE.get(lang, count)) } }
                }
            }
            div.body {
                (about(sheet, info, first))
                ul.results {
                    @for result in &group.results { (one(sheet, result, count == 1)) }
                }
                (clauses(sheet, info, first))
            }
        }
    }
}

fn about(sheet: &Sheet<'_>, info: Option<&CheckInfo>, raw: RawResult) -> Markup {
    let lang = sheet.lang();
    let Some(info) = info else {
        return html! { p.note { (document::CHECK_GONE.get(lang)) } };
    };
    html! {
        dl.about {
            dt { (document::WHY.get(lang)) }
            dd { (markup::paragraphs(info.why.get(lang))) }
            @if raw == RawResult::Fail {
                dt { (document::FIX.get(lang)) }
                dd { (markup::paragraphs(info.fix.get(lang))) }
            }
            @if let Some(text) = info.undecided.as_ref().filter(|_| raw == RawResult::NotChecked) {
                dt { (document::REASON.get(lang)) }
                dd { (Safe(text.get(lang))) }
            }
        }
    }
}

/// The clauses that the check answers; how, where that is asked for.
fn clauses(sheet: &Sheet<'_>, info: Option<&CheckInfo>, raw: RawResult) -> Markup {
    let lang = sheet.lang();
    let Some(info) = info.filter(|info| !info.clauses.is_empty()) else { return html! {} };
    html! {
        dl.about {
            dt { (document::CLAUSES.get(lang)) }
            dd { ul.clauses { @for link in &info.clauses {
                @let book = sheet.view.frameworks.get(&link.framework);
                li {
                    b { (Safe(book.map_or(link.framework.as_str(), |title| title.get(lang)))) " " (Safe(link.clause.as_str())) }
                    " · " (words::mapping(link.status).get(lang))
                    @if raw == RawResult::Fail { br; (Safe(link.how.get(lang))) }
                }
            } } }
        }
    }
}

fn one(sheet: &Sheet<'_>, result: &CheckResult, alone: bool) -> Markup {
    let lang = sheet.lang();
    let info = sheet.lookup.check(&result.identity.check);
    let identity = &result.identity;
    let changed = sheet.changed.contains(identity);
    let settled = !matches!(result.raw, RawResult::Fail | RawResult::Unknown | RawResult::Error);
    let shown = if alone { VALUES_MAX } else { VALUES_SMALL };
    html! {
        li.r data-w=(markup::class(result.raw)) data-h=(sheet.subjects[&identity.subject])
            data-y=(sheet.systems[&identity.system]) data-c[changed] {
            p.who {
                @if settled { (markup::word(result.raw, lang)) " " }
                b { (Safe(told::path(sheet.view.subject_name(&identity.subject)))) }
                @if sheet.systems.len() > 1 { " · " (Safe(told::system(&identity.system, lang))) }
                @if let Some(element) = &identity.element { " · " (Safe(told::path(element))) }
                @if changed { " " mark { (document::NEW_MARK.get(lang)) } }
                @if settled { (since(sheet, result)) }
            }
            (comparisons(result, shown, sheet))
            @for reason in &result.reasons { (markup::reason(reason, info, lang)) }
            @if !settled || alone {
                (observed(result, shown, sheet))
                @for used in &result.evidence { (evidence(sheet, result, used)) }
                (history(sheet, result))
            }
        }
    }
}

/// What was observed against what is allowed.
fn comparisons(result: &CheckResult, shown: usize, sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    if result.failed_terms.is_empty() {
        return html! {};
    }
    let total = result.failed_terms_total.max(result.failed_terms.len() as u64);
    let rest = total - result.failed_terms.len().min(shown) as u64;
    html! {
        table.terms {
            thead { tr {
                th scope="col" { (document::PLACE.get(lang)) }
                th scope="col" { (document::OBSERVED.get(lang)) }
                th scope="col" { (document::ALLOWED.get(lang)) }
            } }
            tbody { @for term in result.failed_terms.iter().take(shown) { tr {
                td { (Safe(told::place(&term.path, lang))) }
                td.observed { (Safe(told::value(&term.observed))) }
                td { (Safe(told::allowed_bare(term, lang))) }
            } } }
        }
        @if rest > 0 { p.more { (document::MORE_PLACES.get(lang, rest)) } }
    }
}

/// Values that were looked at and stand in no comparison.
fn observed(result: &CheckResult, shown: usize, sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let told = |path: &str| result.failed_terms.iter().any(|term| term.path == path);
    let seen: Vec<_> = result.observed.iter().filter(|one| !told(&one.path)).collect();
    let rest = seen.len().saturating_sub(shown) as u64;
    html! {
        @if !seen.is_empty() {
            p.seen {
                (document::ONLY_SEEN.get(lang)) (words::COLON.get(lang))
                @for (place, one) in seen.iter().take(shown).enumerate() {
                    @if place > 0 { (words::SEMICOLON.get(lang)) }
                    @if told::names_itself(&one.path, &one.value) {
                        code { (Safe(told::value(&one.value))) }
                    } @else {
                        code { (Safe(told::path(&one.path))) " = " (Safe(told::value(&one.value))) }
                    }
                }
                @if rest > 0 { " " (document::MORE_HERE.get(lang, rest)) }
            }
        }
    }
}

fn evidence(sheet: &Sheet<'_>, result: &CheckResult, used: &EvidenceUse) -> Markup {
    let lang = sheet.lang();
    let record = sheet.lookup.record(&result.identity.subject, &used.key);
    let mut facts = vec![
        html! { (document::SOURCE.get(lang)) " " code { (Safe(told::path(&used.key.to_string()))) } },
    ];
    facts.push(match used.observed_at {
        Some(at) => html! { (words::SEEN.fill(lang, &[("time", &sheet.style.time(at))])) },
        None => html! { (words::NEVER_SEEN.get(lang)) },
    });
    if used.stale {
        facts.push(html! { strong { (words::STALE_MARK.get(lang)) } });
    }
    if let Some(record) = record {
        let from = format!("{} {}", record.collector.transport, record.collector.version);
        facts.push(html! { (Safe(told::value(&from))) });
    }
    if let Some(privilege) = used.privilege {
        facts.push(html! { (words::privilege(privilege).get(lang)) });
    }
    if let Some(body) = &used.body {
        facts.push(html! { (words::DIGEST.fill(lang, &[("digest", &told::short(body))])) });
    }
    html! { p.ev { (dotted(&facts)) } }
}

/// Since when the answer has been what it is.
fn since(sheet: &Sheet<'_>, result: &CheckResult) -> Markup {
    html! {
        @if let Some(since) = sheet.view.since(&result.identity) {
            " · " (document::SINCE.fill(sheet.lang(), &[("time", &sheet.style.day(since))]))
        }
    }
}

fn history(sheet: &Sheet<'_>, result: &CheckResult) -> Markup {
    let lang = sheet.lang();
    let stretches = sheet.view.history.get(&result.identity).map_or(&[][..], Vec::as_slice);
    let rest = stretches.len().saturating_sub(STRETCHES_MAX) as u64;
    html! {
        @if !stretches.is_empty() {
            p.hist {
                (document::HISTORY.get(lang)) (words::COLON.get(lang))
                @for (place, stretch) in stretches.iter().take(STRETCHES_MAX).enumerate() {
                    @if place > 0 { " ← " }
                    (markup::word(stretch.raw, lang)) " "
                    (document::SINCE.fill(lang, &[("time", &sheet.style.minute(stretch.since))]))
                }
                @if rest > 0 { " " (document::MORE_HERE.get(lang, rest)) }
            }
        }
    }
}
