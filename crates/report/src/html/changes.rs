//! What changed: a part of a run's page, and the page of a comparison.

use super::markup::{self, dotted};
use super::{Safe, Sheet};
use crate::moved::moved;
use crate::style::Style;
use crate::told;
use crate::view::DiffView;
use crate::words;
use crate::words::document;
use anji_model::{CheckId, CheckInfo, Drift, DriftKind, RawResult, ResultSummary, Subject};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// How many changes are listed, the gravest first; the machine formats have all.
const CHANGES_MAX: usize = 2000;
/// How many values of one change are shown.
const VALUES_MAX: usize = 10;

/// What a list of changes needs to know.
struct Frame<'a> {
    style: &'a Style,
    checks: BTreeMap<&'a CheckId, &'a CheckInfo>,
    name: &'a dyn Fn(&Subject) -> String,
    /// Whether the changes are about several subjects.
    several: bool,
}

fn several(drift: &[Drift]) -> bool {
    let mut subjects = drift.iter().map(|one| &one.identity.subject);
    let first = subjects.next();
    subjects.any(|one| Some(one) != first)
}

/// The changes in the order in which they matter.
pub(super) fn sorted(drift: &[Drift]) -> Vec<&Drift> {
    let mut changes: Vec<_> = drift.iter().collect();
    changes.sort_by(|a, b| {
        a.kind.cmp(&b.kind).then(b.severity.cmp(&a.severity)).then(a.identity.cmp(&b.identity))
    });
    changes
}

/// The part of a run's page.
pub(super) fn of_run(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let report = &sheet.view.report;
    let name = |subject: &Subject| sheet.view.subject_name(subject).to_owned();
    let several = sheet.subjects.len() > 1;
    let frame = Frame { style: sheet.style, checks: by_id(&report.checks), name: &name, several };
    html! {
        section #changes aria-labelledby="changes-title" {
            h2 #changes-title { (document::CHANGES.get(lang)) " " span.count { (words::grouped(report.drift.len() as u64)) } }
            @match (&report.compared_with, report.drift.is_empty()) {
                (None, true) => p { (none(sheet)) },
                (Some(earlier), true) => p { (document::UNCHANGED_SINCE.fill(lang, &[("time", &sheet.style.time(earlier.as_of))])) },
                (Some(earlier), false) => p { (document::COMPARED_WITH.fill(lang, &[("time", &sheet.style.time(earlier.as_of))])) },
                (None, false) => "",
            }
            (list(&report.drift, &frame))
        }
    }
}

/// Why there is nothing to compare with.
pub(super) fn none(sheet: &Sheet<'_>) -> &'static str {
    match sheet.view.report.run {
        Some(_) => document::FIRST_RUN.get(sheet.lang()),
        None => words::NOT_STORED.get(sheet.lang()),
    }
}

/// The whole page of a comparison, below its title.
pub(super) fn of_diff(view: &DiffView, style: &Style) -> Markup {
    let lang = style.lang;
    let name = |subject: &Subject| subject.to_string();
    let several = several(&view.drift);
    let frame = Frame { style, checks: by_id(&view.checks), name: &name, several };
    let side = |run: &anji_model::RunSummary| html! { (style.time(run.as_of)) " · " (run.run) };
    html! {
        section aria-labelledby="comparison" {
            dl.facts {
                @if let Some(before) = &view.before { div { dt { (document::FACT_EARLIER.get(lang)) } dd { (side(before)) } } }
                div { dt { (document::FACT_LATER.get(lang)) } dd { (side(&view.after)) } }
            }
            h2.verdict #comparison {
                @match (&view.before, view.drift.is_empty()) {
                    (None, true) => (document::FIRST_RUN.get(lang)),
                    (_, true) if view.compared == 0 => (words::NOT_COMPARABLE.get(lang)),
                    (Some(before), true) => (words::NO_CHANGE.fill(lang, view.compared, &[("time", &style.time(before.as_of))])),
                    (_, false) => { (document::CHANGES_HERE.get(lang, view.drift.len() as u64)) " · " (words::COMPARED.get(lang, view.compared)) },
                }
            }
            @if !view.drift.is_empty() { p { (kinds(&view.drift, lang)) } }
            (list(&view.drift, &frame))
            dl.facts { div.long { dt { (document::PROOF_HEAD.get(lang)) } dd { code { (view.after.head) } } } }
        }
    }
}

/// How many changes of each kind.
pub(super) fn kinds(drift: &[Drift], lang: anji_model::Lang) -> Markup {
    let mut kinds: BTreeMap<DriftKind, (u64, &Drift)> = BTreeMap::new();
    for one in drift {
        kinds.entry(one.kind).or_insert((0, one)).0 += 1;
    }
    html! { @for (count, example) in kinds.values() {
        span.pair { (kind(example, lang)) " " (words::grouped(*count)) } " "
    } }
}

fn by_id(checks: &[CheckInfo]) -> BTreeMap<&CheckId, &CheckInfo> {
    checks.iter().map(|check| (&check.id, check)).collect()
}

fn list(drift: &[Drift], frame: &Frame<'_>) -> Markup {
    html! {
        @if !drift.is_empty() {
            ul.changes { @for one in sorted(drift).into_iter().take(CHANGES_MAX) { li { (change(one, frame)) } } }
            @let rest = drift.len().saturating_sub(CHANGES_MAX) as u64;
            @if rest > 0 { p.more { (document::MORE_HERE.get(frame.style.lang, rest)) } }
        }
    }
}

/// What a change means, by shape and word.
pub(super) fn kind(drift: &Drift, lang: anji_model::Lang) -> Markup {
    let (symbol, _) = words::drift_symbol(drift.kind, false);
    html! { span.kind { span aria-hidden="true" { (symbol) } " " (words::drift_kind(drift.kind).get(lang)) } }
}

fn change(drift: &Drift, frame: &Frame<'_>) -> Markup {
    let lang = frame.style.lang;
    let check = frame.checks.get(&drift.identity.check).copied();
    let title = check.map_or("", |check| check.title.get(lang));
    let mut facts = Vec::new();
    if frame.several {
        facts.push(html! { (Safe(told::path(&(frame.name)(&drift.identity.subject)))) });
    }
    if let Some(element) = &drift.identity.element {
        facts.push(html! { (Safe(told::path(element))) });
    }
    facts.push(turn(drift, lang));
    let cause = words::drift_cause(drift.cause).get(lang);
    facts.push(html! { (words::CAUSE.fill(lang, &[("cause", cause)])) });
    html! {
        p.what {
            (kind(drift, lang)) " " (markup::severity(drift.severity, lang)) " "
            span.id { (drift.identity.check) } " " span.title { (Safe(title)) }
        }
        p { (dotted(&facts)) }
        (values(drift, lang))
        @if let Some(reason) = lost(drift) { (markup::reason(reason, check, lang)) }
    }
}

/// The word before and the word after.
fn turn(drift: &Drift, lang: anji_model::Lang) -> Markup {
    let word = |side: &Option<ResultSummary>| side.as_ref().map(|one| one.result.raw);
    html! {
        @match (word(&drift.before), word(&drift.after)) {
            (Some(before), Some(after)) => { (markup::word(before, lang)) " → " (markup::word(after, lang)) },
            (None, Some(after)) => (words::WORD_NEW.fill(lang, &[("after", words::raw(after).get(lang))])),
            (Some(before), None) => (words::WORD_GONE.fill(lang, &[("before", words::raw(before).get(lang))])),
            (None, None) => "",
        }
    }
}

fn values(drift: &Drift, lang: anji_model::Lang) -> Markup {
    let moved = moved(drift);
    if moved.is_empty() {
        return html! {};
    }
    let rest = moved.len().saturating_sub(VALUES_MAX) as u64;
    let columns =
        [document::PLACE, document::COLUMN_BEFORE, document::COLUMN_AFTER, document::ALLOWED];
    let side = |value: Option<&str>| html! { @match value { Some(value) => (Safe(told::value(value))), None => "–" } };
    html! {
        table.terms {
            thead { tr { @for column in columns { th scope="col" { (column.get(lang)) } } } }
            tbody { @for one in moved.iter().take(VALUES_MAX) { tr {
                td { (Safe(told::place(one.path, lang))) }
                td { (side(one.old)) }
                td.observed { (side(one.new)) }
                td { @if let Some(term) = one.term { (Safe(told::allowed_bare(term, lang))) } }
            } } }
        }
        @if rest > 0 { p.more { (document::MORE_PLACES.get(lang, rest)) } }
    }
}

/// Why the later side could not be decided.
fn lost(drift: &Drift) -> Option<&anji_model::Reason> {
    let after = drift.after.as_ref()?;
    let undecided = matches!(after.result.raw, RawResult::Unknown | RawResult::Error);
    after.result.reasons.first().filter(|_| undecided)
}
