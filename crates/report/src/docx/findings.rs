//! What fails, most severe first, the results of one check together.

use super::body::{Body, Cell};
use crate::office::Teller;
use crate::told;
use crate::words::{self, docx as d, office as w};
use anji_model::{CheckId, CheckResult, Lang, RawResult, Severity};
use std::collections::BTreeSet;

/// Rows of findings in all; beyond that each check shows fewer subjects.
const ROWS_MAX: usize = 400;
/// The most and the fewest subjects of one check.
const SHOWN_MAX: usize = 20;
const SHOWN_MIN: usize = 3;
/// How many stretches of history and pieces of evidence one result shows.
const STRETCHES_SHOWN: usize = 3;
const EVIDENCE_SHOWN: usize = 4;

/// Results of one check that have the same severity.
pub(super) struct Group<'a> {
    pub(super) check: &'a CheckId,
    pub(super) severity: Severity,
    pub(super) results: Vec<&'a CheckResult>,
}

impl Group<'_> {
    /// The different results that the group holds, in words.
    pub(super) fn words(&self, lang: Lang) -> String {
        let all: BTreeSet<RawResult> = self.results.iter().map(|one| one.raw).collect();
        let all: Vec<_> = all.into_iter().map(|raw| words::raw(raw).get(lang)).collect();
        all.join(words::LIST.get(lang))
    }

    /// How many subjects the results are about; some are about elements of one.
    fn subjects(&self) -> u64 {
        let all: BTreeSet<_> = self.results.iter().map(|one| &one.identity.subject).collect();
        all.len() as u64
    }
}

/// Results, sorted by severity and check, as groups.
pub(super) fn groups<'a>(results: Vec<&'a CheckResult>) -> Vec<Group<'a>> {
    let mut all: Vec<Group<'a>> = Vec::new();
    for one in results {
        let check = &one.identity.check;
        match all.last_mut().filter(|g| g.check == check && g.severity == one.severity) {
            Some(group) => group.results.push(one),
            None => all.push(Group { check, severity: one.severity, results: vec![one] }),
        }
    }
    all
}

/// The chapter.
pub(super) fn write(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.chapter(d::FINDINGS.get(lang));
    let groups = groups(teller.view.findings());
    if groups.is_empty() {
        body.say(d::FINDINGS_NONE.get(lang));
        return;
    }
    let shown = (ROWS_MAX / groups.len()).clamp(SHOWN_MIN, SHOWN_MAX);
    for level in groups.chunk_by(|a, b| a.severity == b.severity) {
        let count: usize = level.iter().map(|group| group.results.len()).sum();
        let word = words::severity(level[0].severity).get(lang);
        let title = d::LEVEL.fill(lang, &[("severity", word)]);
        body.section(d::ITEMS.plain(lang, count as u64, &[("title", &title)]));
        for group in level {
            check(body, teller, group, shown);
        }
    }
}

fn check(body: &mut Body, teller: &Teller<'_>, group: &Group<'_>, shown: usize) {
    let lang = teller.lang;
    let title = match teller.check(group.check) {
        Some(check) => format!("{} {}", group.check, teller.title(&check.id)),
        None => group.check.to_string(),
    };
    body.point(&d::ON.plain(lang, group.subjects(), &[("title", &title)]));
    match teller.check(group.check) {
        Some(check) => {
            body.labelled(d::WHY.get(lang), &teller.text(&check.why));
            let clauses = teller.clauses(group.check).join(words::SEMICOLON.get(lang));
            if !clauses.is_empty() {
                body.labelled(d::CLAUSES.get(lang), &clauses);
            }
            body.labelled(d::FIX.get(lang), &teller.text(&check.fix));
        }
        None => body.say(d::GONE_CHECK.get(lang)),
    }
    let columns = [
        (w::SUBJECT.get(lang), 12),
        (w::OBSERVED.get(lang), 27),
        (w::ALLOWED.get(lang), 25),
        (w::EVIDENCE.get(lang), 22),
        (d::HISTORY.get(lang), 14),
    ];
    let rows = group.results.iter().take(shown).flat_map(|one| rows(teller, one)).collect();
    body.table_flowing(&columns, rows);
    body.more(group.results.len().saturating_sub(shown));
}

/// The rows of one result: one for each comparison where these allow different
/// things, so that what was seen stands beside what is allowed.
fn rows(teller: &Teller<'_>, one: &CheckResult) -> Vec<Vec<Cell>> {
    let mut subject = vec![teller.subject_short(&one.identity.subject)];
    if one.identity.element.is_some() {
        subject.push(teller.element(one));
    }
    let whole = [
        Cell::lines(subject),
        Cell::mixed(evidence(teller, one)),
        Cell::lines(history(teller, one)),
    ];
    let Some(pairs) = teller.side_by_side(one) else {
        let [subject, evidence, history] = whole;
        let (seen, allowed) = (teller.observed(one), teller.allowed(one));
        return vec![vec![subject, Cell::lines(seen), Cell::lines(allowed), evidence, history]];
    };
    let mut whole = Some(whole.map(Cell::spanning));
    let row = |(seen, allowed): (String, String)| {
        let above = || [Cell::above(), Cell::above(), Cell::above()];
        let [subject, evidence, history] = whole.take().unwrap_or_else(above);
        vec![subject, Cell::text(seen), Cell::text(allowed), evidence, history]
    };
    pairs.into_iter().map(row).collect()
}

/// Source, time and digest of what a result was decided from; and whether a
/// line is a digest.
fn evidence(teller: &Teller<'_>, one: &CheckResult) -> Vec<(String, bool)> {
    let lang = teller.lang;
    let mut lines = Vec::new();
    for used in one.evidence.iter().take(EVIDENCE_SHOWN) {
        let key = teller.key(&used.key);
        let time = match (used.observed_at, used.stale) {
            (None, _) => words::NEVER_SEEN.get(lang).to_owned(),
            (Some(at), false) => teller.time(at),
            (Some(at), true) => words::ASIDE
                .fill(lang, &[("text", &teller.time(at)), ("aside", words::STALE_MARK.get(lang))]),
        };
        let source = teller.source(&one.identity.subject, &used.key);
        let parts: Vec<String> = [Some(key), source, Some(time)].into_iter().flatten().collect();
        lines.push((parts.join(w::COMMA.get(lang)), false));
        lines.push(match used.body {
            // The list of evidence has it whole.
            Some(digest) => (told::short(&digest), true),
            None => (d::EVIDENCE_NO_BODY.get(lang).to_owned(), false),
        });
    }
    let rest = one.evidence.len().saturating_sub(EVIDENCE_SHOWN) as u64;
    if rest > 0 {
        lines.push((w::MORE_LINES.get(lang, rest), false));
    }
    lines
}

fn history(teller: &Teller<'_>, one: &CheckResult) -> Vec<String> {
    let lang = teller.lang;
    let all = teller.view.history.get(&one.identity).map(Vec::as_slice).unwrap_or_default();
    let line = |stretch: &crate::view::HistoryView| {
        let values =
            [("time", &*teller.time(stretch.since)), ("word", words::raw(stretch.raw).get(lang))];
        d::STRETCH.fill(lang, &values)
    };
    let mut lines: Vec<String> = all.iter().take(STRETCHES_SHOWN).map(line).collect();
    let rest = all.len().saturating_sub(STRETCHES_SHOWN) as u64;
    if rest > 0 {
        lines.push(w::MORE_LINES.get(lang, rest));
    }
    if lines.is_empty() {
        lines.push(d::HISTORY_NONE.get(lang).to_owned());
    }
    lines
}
