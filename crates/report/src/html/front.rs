//! Page one, for those who decide: what stands, what changed, what to do
//! first, what is not known, as of when.

use super::{Safe, Sheet, changes, markup};
use crate::chart::{self, Part};
use crate::told;
use crate::words;
use crate::words::document;
use anji_model::{NextStep, RawResult, SystemId};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// The parts that results fall into: class and column.
const SHARES: [(&str, words::Phrase); 4] = [
    ("fail", document::SHARE_FAIL),
    ("open", document::SHARE_OPEN),
    ("pass", document::SHARE_PASS),
    ("other", document::OTHER_WORD),
];

/// How many changes and causes page one names.
const NAMED: usize = 5;

/// Title, subject and the facts that date and place the report.
pub(super) fn header(sheet: &Sheet<'_>) -> Markup {
    let (lang, style, report) = (sheet.lang(), sheet.style, &sheet.view.report);
    html! {
        header {
            div.line {
                h1 { (document::TITLE.get(lang)) }
                button #theme type="button" hidden { (document::THEME.get(lang)) }
            }
            p.subject { (Safe(crate::escape::bounded(&report.subject_name, 300))) }
            dl.facts {
                div { dt { (document::FACT_AS_OF.get(lang)) } dd { time datetime=(report.assessment.as_of) { (style.time(report.assessment.as_of)) } } }
                div { dt { (document::FACT_BASELINE.get(lang)) } dd { (report.baseline) } }
                div { dt { (document::FACT_RIGHTS.get(lang)) } dd { (words::privilege(report.privilege).get(lang)) } }
                @if let Some(run) = &report.run { div { dt { (document::FACT_RUN.get(lang)) } dd { (run) } } }
                div { dt { (document::FACT_MADE.get(lang)) } dd { (style.time(sheet.view.made_at)) } }
            }
            @for notice in &report.notices {
                p.notice role="note" { (words::NOTICE.fill(lang, &[("text", "")])) (Safe(notice.get(lang))) }
            }
            nav aria-label=(document::CONTENTS.get(lang)) { ul {
                @for (anchor, name) in [
                    ("findings", document::FINDINGS), ("open", document::OPEN), ("changes", document::CHANGES),
                    ("settled", document::SETTLED), ("evidence", document::EVIDENCE), ("proof", document::PROOF),
                ] {
                    li { a href={ "#" (anchor) } { (name.get(lang)) } }
                }
            } }
        }
    }
}

pub(super) fn front(sheet: &Sheet<'_>) -> Markup {
    html! {
        section.front aria-labelledby="front-title" {
            (verdict(sheet))
            div.cards {
                (stands(sheet))
                (first(sheet))
                (changed(sheet))
                (not_known(sheet))
                (by_system(sheet))
                (over_time(sheet))
            }
        }
    }
}

/// The whole report in one line, the gravest thing first.
fn verdict(sheet: &Sheet<'_>) -> Markup {
    let report = &sheet.view.report;
    let coverage = &report.assessment.coverage;
    let open = coverage.count(RawResult::Unknown) + coverage.count(RawResult::Error);
    let left = sheet.view.left_out();
    let passing = coverage.count(RawResult::Pass) + coverage.count(RawResult::Fixed);
    let (class, symbol, phrase) = if report.assessment.conformance.critical_failing {
        ("verdict red", "✗", document::VERDICT_RED)
    } else if coverage.count(RawResult::Fail) > 0 {
        ("verdict fail", "✗", document::VERDICT_FAILING)
    } else if left > 0 {
        ("verdict open", "?", document::VERDICT_PART)
    } else if open > 0 {
        ("verdict open", "?", document::VERDICT_OPEN)
    } else if passing > 0 {
        ("verdict pass", "✓", document::VERDICT_GOOD)
    } else {
        ("verdict other", "–", document::VERDICT_NOTHING)
    };
    let (left, all) = (words::grouped(left), words::grouped(coverage.total()));
    let values = [("left", left.as_str()), ("all", all.as_str())];
    let lang = sheet.lang();
    let partly = left != "0" && phrase != document::VERDICT_PART;
    html! {
        h2 #front-title class=(class) {
            span aria-hidden="true" { (symbol) } " " (phrase.fill(lang, &values))
        }
        @if partly { p.notice role="note" { (document::VERDICT_PART.fill(lang, &values)) } }
        p.paper #f-print hidden data-text=(document::PRINTED_FILTERED.get(lang)) {}
    }
}

fn stands(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let assessment = &sheet.view.report.assessment;
    let count =
        |words: &[RawResult]| words.iter().map(|word| assessment.coverage.count(*word)).sum();
    let fail: u64 = count(&[RawResult::Fail]);
    let open: u64 = count(&[RawResult::Unknown, RawResult::Error]);
    let pass: u64 = count(&[RawResult::Pass, RawResult::Fixed]);
    let other = assessment.coverage.total().saturating_sub(fail + open + pass);
    let parts = [
        ("fail", fail, document::FAILING_OF),
        ("open", open, document::OPEN_OF),
        ("pass", pass, document::PASSING_OF),
        ("other", other, document::OTHER_OF),
    ];
    let shares: Vec<_> =
        parts.iter().map(|(class, count, _)| Part { class, count: *count }).collect();
    let said: Vec<_> = parts.iter().map(|(_, count, phrase)| phrase.get(lang, *count)).collect();
    let title = document::CHART_BAR.fill(lang, &[("parts", &said.join(words::LIST.get(lang)))]);
    let percent = |permille: Option<u64>| {
        permille.map_or_else(
            || document::RATE_NONE.get(lang).to_owned(),
            |rate| told::percent(rate, lang),
        )
    };
    html! {
        section.card aria-labelledby="stands" {
            h3 #stands { (document::STANDS.get(lang)) }
            dl.rates {
                div { dt { (document::RATE.get(lang)) } dd { (percent(assessment.conformance.rate_permille())) } }
                div { dt { (document::UNKNOWN_SHARE.get(lang)) } dd { (percent(assessment.conformance.unknown_permille())) } }
            }
            (chart::bar(&shares, &title))
            ul.legend { @for ((class, count, _), text) in parts.iter().zip(&said) {
                @if *count > 0 { li { (chart::swatch(class)) (text) } }
            } }
            @let by_severity = sheet.view.failing_by_severity();
            @if !by_severity.is_empty() {
                p { (document::BY_SEVERITY.get(lang)) (words::COLON.get(lang)) @for (level, count) in &by_severity {
                    span.pair { (markup::severity(level.0, lang)) " " (words::grouped(*count)) } " "
                } }
            }
            p.note { (document::WEIGHTED.get(lang)) }
        }
    }
}

/// What more rights would bring.
fn more_rights(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let count = sheet.view.report.verdicts_with_more_rights;
    html! { li {
        b { (document::GET_RIGHTS.get(lang)) } " · " (document::WOULD_ADD.get(lang, count))
        p { (markup::prose(words::advice(&rights()), lang, &[])) }
    } }
}

fn first(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let report = &sheet.view.report;
    let has_rights = report.next.iter().any(|step| matches!(step, NextStep::MoreRights(_)));
    html! {
        section.card aria-labelledby="first" {
            h3 #first { (document::DO_FIRST.get(lang)) }
            ol.steps {
                @for step in &report.next { (one_step(sheet, step)) }
                @if !has_rights && report.verdicts_with_more_rights > 0 { (more_rights(sheet)) }
            }
            @if report.next.is_empty() && report.verdicts_with_more_rights == 0 {
                p { (markup::prose(nothing_to_do(sheet), lang, &[])) }
            }
        }
    }
}

/// What is said where there is no step.
fn nothing_to_do(sheet: &Sheet<'_>) -> words::Phrase {
    let coverage = &sheet.view.report.assessment.coverage;
    if coverage.count(RawResult::Fail) > 0 || !sheet.view.open().is_empty() {
        words::SEE_BELOW
    } else if sheet.view.left_out() > 0 {
        words::SELECTED_WELL
    } else if coverage.count(RawResult::Pass) + coverage.count(RawResult::Fixed) > 0 {
        words::ALL_WELL
    } else {
        words::NOTHING_CHECKED
    }
}

fn rights() -> anji_model::ReasonCategory {
    anji_model::ReasonCategory::Evidence(anji_model::FailureCategory::Permission)
}

fn one_step(sheet: &Sheet<'_>, step: &NextStep) -> Markup {
    let lang = sheet.lang();
    let report = &sheet.view.report;
    match step {
        NextStep::Repair(id) => {
            let info = sheet.lookup.check(id);
            let of_check = |one: &&anji_model::CheckResult| {
                one.identity.check == *id && one.raw == RawResult::Fail
            };
            let failing: Vec<_> = report.assessment.results.iter().filter(of_check).collect();
            let gravest = failing.iter().map(|one| one.severity).max();
            let severity = gravest.or(info.map(|info| info.severity));
            let subjects: BTreeSet<_> = failing.iter().map(|one| &one.identity.subject).collect();
            let title = Safe(info.map_or("", |info| info.title.get(lang)));
            let name = html! { span.id { (id) } " " (title) };
            html! { li {
                @if let Some(severity) = severity { (markup::severity(severity, lang)) " " }
                @if failing.is_empty() { (name) } @else { a href=(format!("#fail-{id}")) { (name) } }
                @if subjects.len() > 1 {
                    " · " (document::SUBJECTS_HERE.get(lang, subjects.len() as u64))
                }
                @if let Some(info) = info { p { (Safe(beginning(info.fix.get(lang)))) } }
            } }
        }
        NextStep::Adopt(register) => html! { li {
            (Safe(document::ADOPT_LIST.fill(lang, &[("register", register.as_str())])))
            p { code { "anji register adopt " (register) (Safe(told::scope(&report.subject))) } }
        } },
        NextStep::MoreRights(_) => more_rights(sheet),
        _ => html! {},
    }
}

/// The beginning of a repair: its first sentences, never half a command.
fn beginning(text: &str) -> String {
    const ROOM: usize = 120;
    if text.chars().count() <= ROOM {
        return text.to_owned();
    }
    let ends = text.char_indices().filter(|(at, c)| match c {
        '。' | '；' => true,
        '.' | ';' => text[at + 1..].starts_with(' '),
        _ => false,
    });
    let ends: Vec<_> = ends.map(|(at, c)| at + c.len_utf8()).collect();
    let within = |end: &&usize| text[..**end].chars().count() <= ROOM;
    // A first sentence that is longer than the room stands whole, within reason.
    match ends.iter().rev().find(within).or(ends.first()) {
        Some(end) if text[..*end].chars().count() <= 3 * ROOM => {
            format!("{} …", text[..*end].trim_end_matches(['；', ';']))
        }
        _ => crate::escape::bounded(text, ROOM),
    }
}

/// The name of a host without what runs on it.
fn short_name(name: &str) -> String {
    let host = name.split_once(" (").map_or(name, |(host, _)| host);
    crate::escape::bounded(host, 40)
}

fn changed(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let report = &sheet.view.report;
    html! {
        section.card.changed aria-labelledby="changed" {
            h3 #changed { (document::CHANGED.get(lang)) }
            @if let Some(earlier) = &report.compared_with {
                @let time = sheet.style.time(earlier.as_of);
                @let phrase = if report.drift.is_empty() { document::UNCHANGED_SINCE } else { document::COMPARED_WITH };
                p { (phrase.fill(lang, &[("time", &time)])) " · " (words::COMPARED.get(lang, report.compared_results)) }
            } @else if report.drift.is_empty() {
                p { (changes::none(sheet)) }
            }
            @if !report.drift.is_empty() {
                p { (changes::kinds(&report.drift, lang)) }
                ul.named { @for one in changes::sorted(&report.drift).iter().take(NAMED) { li {
                    (changes::kind(one, lang)) " " span.id { (one.identity.check) } " "
                    (Safe(crate::escape::bounded(sheet.lookup.check(&one.identity.check).map_or("", |info| info.title.get(lang)), 70)))
                    @if sheet.subjects.len() > 1 { " · " (Safe(short_name(sheet.view.subject_name(&one.identity.subject)))) }
                } } }
                p { a href="#changes" { (document::SEE_ALL_CHANGES.get(lang)) " " (words::grouped(report.drift.len() as u64)) } }
            }
        }
    }
}

fn not_known(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let open = sheet.view.open();
    let mut causes: Vec<(String, u64)> = Vec::new();
    for word in [RawResult::NotSelected, RawResult::NotChecked] {
        let count = sheet.view.report.assessment.coverage.count(word);
        if count > 0 {
            causes.push((words::raw(word).get(lang).to_owned(), count));
        }
    }
    for result in &open {
        let cause = result.reasons.first().map_or_else(
            || words::UNKNOWN.get(lang).to_owned(),
            |reason| told::reason(reason, lang),
        );
        match causes.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, count)) => *count += 1,
            None => causes.push((cause, 1)),
        }
    }
    causes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    html! {
        section.card aria-labelledby="not-known" {
            h3 #not-known { (document::NOT_KNOWN.get(lang)) }
            @if causes.is_empty() {
                p { (document::NOTHING_OPEN.get(lang)) }
            } @else {
                ul.named { @for (cause, count) in causes.iter().take(NAMED) {
                    li { (Safe(cause)) (words::COLON.get(lang)) (document::RESULTS_HERE.get(lang, *count)) }
                } }
                @let rest = causes.len().saturating_sub(NAMED) as u64;
                @if rest > 0 {
                    @let left: u64 = causes.iter().skip(NAMED).map(|(_, count)| count).sum();
                    p { (document::MORE_CAUSES.get(lang, rest)) (words::COLON.get(lang)) (document::RESULTS_HERE.get(lang, left)) }
                }
                p { a href="#open" { (document::OPEN.get(lang)) " " (words::grouped(open.len() as u64)) } }
            }
        }
    }
}

/// How each business system stands, where there are several.
fn by_system(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    if sheet.systems.len() < 2 {
        return html! {};
    }
    let mut counts: BTreeMap<&SystemId, [u64; 4]> = BTreeMap::new();
    for result in &sheet.view.report.assessment.results {
        let place = SHARES.iter().position(|(class, _)| *class == markup::class(result.raw));
        counts.entry(&result.identity.system).or_default()[place.unwrap_or(3)] += 1;
    }
    let mut systems: Vec<_> = counts.into_iter().collect();
    systems.sort_by_key(|(_, [fail, open, ..])| std::cmp::Reverse((*fail, *open)));
    html! {
        section.card.systems aria-labelledby="by-system" {
            h3 #by-system { (document::BY_SYSTEM.get(lang)) }
            table {
                thead { tr {
                    th scope="col" { (document::SYSTEM.get(lang)) }
                    @for (_, phrase) in SHARES { th.number scope="col" { (phrase.get(lang)) } }
                    th scope="col" aria-hidden="true" {}
                } }
                tbody { @for (system, counts) in &systems { tr {
                    th scope="row" { (Safe(told::system(system, lang))) }
                    @for count in counts { td.number { (words::grouped(*count)) } }
                    td.share aria-hidden="true" {
                        @let parts: Vec<_> = SHARES.iter().zip(counts).map(|((class, _), count)| Part { class, count: *count }).collect();
                        (chart::bar(&parts, &told::system(system, lang)))
                    }
                } } }
            }
        }
    }
}

fn over_time(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let points = &sheet.view.trend;
    if !chart::has_trend(points) {
        return html! {};
    }
    let rated = points.iter().filter(|point| point.conformance.is_some()).count() as u64;
    html! {
        section.card.time aria-labelledby="over-time" {
            h3 #over-time { (document::TREND.get(lang)) " " span.count { (document::RUNS_SHOWN.get(lang, rated)) } }
            div.pair-of-charts {
                div {
            (chart::trend(points, sheet.style))
            ul.legend {
                li { svg.trend.key viewBox="0 0 20 10" aria-hidden="true" focusable="false" { line.rate x1="0" y1="5" x2="20" y2="5" {} } (document::TREND_RATE.get(lang)) }
                li { svg.trend.key viewBox="0 0 20 10" aria-hidden="true" focusable="false" { line.unknown x1="0" y1="5" x2="20" y2="5" {} } (document::TREND_UNKNOWN.get(lang)) }
            }
                }
                div {
            (chart::days(points, sheet.view.report.assessment.as_of, sheet.style))
                }
            }
        }
    }
}

/// What an auditor needs to check the report.
pub(super) fn proof(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let report = &sheet.view.report;
    html! {
        section #proof aria-labelledby="proof-title" {
            h2 #proof-title { (document::PROOF.get(lang)) }
            dl.facts {
                @if let Some(head) = &report.head { div.long { dt { (document::PROOF_HEAD.get(lang)) } dd { code { (head) } } } }
                div.long { dt { (document::PROOF_CONTENT.get(lang)) } dd { code { (report.content) } } }
                div { dt { (document::PROOF_PROGRAM.get(lang)) } dd { (Safe(told::value(&report.program))) } }
            }
            @if let (Some(head), Some(run)) = (&report.head, &report.run) {
                p { (markup::prose(document::PROOF_HOW, lang, &[("head", &head.to_string()), ("run", run.as_str())])) }
            } @else {
                p { (document::PROOF_NONE.get(lang)) }
            }
            p { (markup::prose(document::PROOF_LIMIT, lang, &[])) }
        }
    }
}
