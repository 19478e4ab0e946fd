//! What could not be decided, by cause, with what would help; and what was not
//! checked.

use super::body::{Body, Cell};
use super::findings::{Group, groups};
use super::lists::some_subjects;
use crate::office::Teller;
use crate::told;
use crate::words::{self, docx as d, office as w};
use anji_model::{CheckResult, Reason, ReasonCategory};
use std::collections::BTreeMap;

/// How many checks one cause lists.
const CHECKS_SHOWN: usize = 40;
/// How many reasons one check shows.
const REASONS_SHOWN: usize = 3;

/// The chapter.
pub(super) fn write(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.chapter(d::OPEN.get(lang));
    let mut causes: BTreeMap<Option<&ReasonCategory>, Vec<&CheckResult>> = BTreeMap::new();
    for one in teller.view.open() {
        let cause = one.reasons.first().map(|reason| &reason.category);
        causes.entry(cause).or_default().push(one);
    }
    if causes.is_empty() {
        body.say(d::OPEN_NONE.get(lang));
        return;
    }
    body.say(d::OPEN_INTRO.get(lang));
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, results)| std::cmp::Reverse(results.len()));
    for (_, results) in causes {
        cause(body, teller, results);
    }
}

/// The chapter of what was not checked, with the reasons.
pub(super) fn by_hand(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.chapter(d::BY_HAND.get(lang));
    let groups = groups(teller.not_checked());
    if groups.is_empty() {
        body.say(d::BY_HAND_NONE.get(lang));
        return;
    }
    body.say(d::BY_HAND_INTRO.get(lang));
    let columns = [
        (w::SEVERITY.get(lang), 11),
        (w::CHECK.get(lang), 26),
        (d::SUBJECTS.get(lang), 17),
        (w::REASON.get(lang), 28),
        (w::FIX.get(lang), 18),
    ];
    let row = |group: &Group<'_>| {
        let advice = group.results.first().map(|one| teller.advice(one)).unwrap_or_default();
        vec![
            Cell::severity(group.severity, words::severity(group.severity).get(lang)),
            Cell::text(format!("{} {}", group.check, teller.title(group.check))),
            Cell::text(some_subjects(teller, &group.results)),
            Cell::lines(reasons(teller, group)),
            Cell::lines(advice),
        ]
    };
    body.table(&columns, groups.iter().take(CHECKS_SHOWN).map(row).collect());
    body.more(groups.len().saturating_sub(CHECKS_SHOWN));
}

fn cause(body: &mut Body, teller: &Teller<'_>, results: Vec<&CheckResult>) {
    let lang = teller.lang;
    let reason = results.first().and_then(|one| one.reasons.first());
    let title = match reason {
        Some(reason) => told::reason(reason, lang),
        None => d::OPEN_UNNAMED.get(lang).to_owned(),
    };
    body.section(d::ITEMS.plain(lang, results.len() as u64, &[("title", &title)]));
    // What helps against the undecidable is said with each check.
    let own = reason.is_some_and(|reason| reason.category == ReasonCategory::Undecidable);
    if let Some(first) = results.first().filter(|_| !own) {
        let help = teller.advice(first).first().cloned().unwrap_or_default();
        if !help.is_empty() {
            body.labelled(d::OPEN_HELPS.get(lang), &help);
        }
    }
    let columns = [
        (w::SEVERITY.get(lang), 11),
        (w::CHECK.get(lang), 31),
        (d::SUBJECTS.get(lang), 24),
        (w::REASON.get(lang), 34),
    ];
    let groups = groups(results);
    let row = |group: &Group<'_>| {
        let severity = words::severity(group.severity).get(lang);
        vec![
            Cell::severity(group.severity, severity),
            Cell::text(format!("{} {}", group.check, teller.title(group.check))),
            Cell::text(some_subjects(teller, &group.results)),
            Cell::lines(reasons(teller, group)),
        ]
    };
    let rows = groups.iter().take(CHECKS_SHOWN).map(row).collect();
    body.table(&columns, rows);
    body.more(groups.len().saturating_sub(CHECKS_SHOWN));
}

/// The different reasons of a check's results, a few of them.
fn reasons(teller: &Teller<'_>, group: &Group<'_>) -> Vec<String> {
    let mut all: Vec<&Reason> = Vec::new();
    for reason in group.results.iter().flat_map(|one| &one.reasons) {
        if !all.contains(&reason) {
            all.push(reason);
        }
    }
    let mut lines: Vec<String> = all
        .iter()
        .take(REASONS_SHOWN)
        .map(|reason| teller.reason_of(group.check, reason))
        .collect();
    let rest = all.len().saturating_sub(REASONS_SHOWN) as u64;
    if rest > 0 {
        lines.push(w::MORE_LINES.get(teller.lang, rest));
    }
    if lines.is_empty() {
        lines.push(group.words(teller.lang));
    }
    lines
}
