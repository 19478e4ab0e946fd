//! What stands, what changed, what to do first.

use super::body::{Body, Cell, grave};
use crate::office::{Critical, Teller, critical, partial, steps};
use crate::terminal;
use crate::told;
use crate::words::{self, docx as d, grouped, office as w};
use anji_model::{Drift, RawResult, Severity};
use std::collections::BTreeMap;

/// How many changes are shown.
const CHANGES_SHOWN: usize = 20;

const LEVELS: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// The chapter.
pub(super) fn write(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.chapter(d::CONCLUSION.get(lang));
    if let Some(part) = partial(teller) {
        body.paragraph("Text", &[grave(&part)]);
    }
    stands(body, teller);
    counts(body, teller);
    body.section(d::CHANGED.get(lang).to_owned());
    changed(body, teller);
    body.section(d::FIRST.get(lang).to_owned());
    let steps = steps(teller);
    match steps.is_empty() {
        true => body.say(&nothing(teller)),
        false => body.list(&steps),
    }
}

/// What is said where no step is named.
fn nothing(teller: &Teller<'_>) -> String {
    let coverage = &teller.view.report.assessment.coverage;
    let any = |words: &[RawResult]| words.iter().any(|word| coverage.count(*word) > 0);
    let phrase = if any(&[RawResult::Fail, RawResult::Unknown, RawResult::Error]) {
        d::SEE_CHAPTERS
    } else if teller.view.left_out() > 0 {
        words::SELECTED_WELL
    } else if any(&[RawResult::Pass, RawResult::Fixed]) {
        words::ALL_WELL
    } else {
        words::NOTHING_CHECKED
    };
    phrase.plain(teller.lang, &[])
}

fn stands(body: &mut Body, teller: &Teller<'_>) {
    let (report, lang) = (&teller.view.report, teller.lang);
    let results = &report.assessment.results;
    if results.is_empty() {
        body.paragraph("Text", &[grave(w::FAULT_OF_ALL.get(lang))]);
        return;
    }
    let said = match critical(teller) {
        Critical::Failing => Some(d::CONCLUSION_CRITICAL),
        Critical::LeftOut => Some(d::CONCLUSION_LEFT),
        Critical::Unsure => Some(d::CONCLUSION_UNSURE),
        Critical::NoneOfPart | Critical::None => None,
    };
    if let Some(said) = said {
        body.paragraph("Text", &[grave(said.get(lang))]);
    }
    let rate = &report.assessment.conformance;
    match (rate.rate_permille(), rate.unknown_permille()) {
        (Some(share), Some(unknown)) => {
            let (share, unknown) = (told::percent(share, lang), told::percent(unknown, lang));
            let values = [("rate", share.as_str()), ("unknown", unknown.as_str())];
            body.say(&d::CONCLUSION_RATE.fill(lang, &values));
        }
        _ => body.say(words::CONFORMANCE_NONE.get(lang)),
    }
    let mut table: BTreeMap<RawResult, u64> = BTreeMap::new();
    for one in results {
        *table.entry(one.raw).or_default() += 1;
    }
    // Pass, fail and unknown are told even where there are none.
    for raw in [RawResult::Pass, RawResult::Fail, RawResult::Unknown] {
        table.entry(raw).or_default();
    }
    let count = |(raw, n): (&RawResult, &u64)| {
        let values = [("word", words::raw(*raw).get(lang)), ("n", &*grouped(*n))];
        d::COUNT_OF.fill(lang, &values)
    };
    let counts: Vec<String> = table.iter().map(count).collect();
    let counts = counts.join(words::LIST.get(lang));
    body.introduce(&d::STANDS.plain(lang, results.len() as u64, &[("counts", &counts)]));
}

fn counts(body: &mut Body, teller: &Teller<'_>) {
    let (results, lang) = (&teller.view.report.assessment.results, teller.lang);
    if results.is_empty() {
        return;
    }
    let mut columns = vec![(w::RESULT.get(lang), 24)];
    columns.extend(LEVELS.map(|level| (words::severity(level).get(lang), 15)));
    columns.push((w::TOTAL.get(lang), 15));
    let row = |raw: RawResult| {
        let of_word = |level: Option<Severity>| {
            let found = results.iter().filter(|one| one.raw == raw);
            found.filter(|one| level.is_none_or(|level| one.severity == level)).count() as u64
        };
        let total = of_word(None);
        let always = matches!(raw, RawResult::Pass | RawResult::Fail | RawResult::Unknown);
        (total > 0 || always).then(|| {
            let mut cells = vec![Cell::label(words::raw(raw).get(lang))];
            cells.extend(LEVELS.map(|level| Cell::text(grouped(of_word(Some(level))))));
            cells.push(Cell::strong(grouped(total)));
            cells
        })
    };
    body.table_kept(&columns, RawResult::ALL.into_iter().filter_map(row).collect());
}

fn changed(body: &mut Body, teller: &Teller<'_>) {
    let (report, lang) = (&teller.view.report, teller.lang);
    if report.drift.is_empty() {
        body.say(&teller.unchanged());
        return;
    }
    if let Some(earlier) = &report.compared_with {
        let mut kinds = BTreeMap::new();
        for change in &report.drift {
            *kinds.entry(change.kind).or_insert(0u64) += 1;
        }
        let count = |(kind, n): (_, u64)| {
            let values = [("word", words::drift_kind(kind).get(lang)), ("n", &*grouped(n))];
            d::COUNT_OF.fill(lang, &values)
        };
        let counts: Vec<String> = kinds.into_iter().map(count).collect();
        let counts = counts.join(words::LIST.get(lang));
        let time = teller.time(earlier.as_of);
        body.say(&d::CHANGES_OF.fill(lang, &[("time", &time), ("counts", &counts)]));
    }
    let columns = [
        (w::KIND.get(lang), 12),
        (w::SEVERITY.get(lang), 11),
        (w::CHECK.get(lang), 27),
        (w::SUBJECT.get(lang), 20),
        (w::VALUES.get(lang), 30),
    ];
    let changes = terminal::changes_in_order(&report.drift);
    let rest = changes.len().saturating_sub(CHANGES_SHOWN);
    let rows = changes.into_iter().take(CHANGES_SHOWN).map(|one| change(teller, one)).collect();
    body.table(&columns, rows);
    body.more(rest);
}

fn change(teller: &Teller<'_>, one: &Drift) -> Vec<Cell> {
    let lang = teller.lang;
    let (before, after) = one.words();
    let side = |word: Option<RawResult>, none: words::Phrase| {
        word.map_or(none.get(lang), |word| words::raw(word).get(lang))
    };
    let (before, after) = (side(before, w::NOTHING_BEFORE), side(after, w::NOTHING_NOW));
    let words = words::WORDS.fill(lang, &[("before", before), ("after", after)]);
    let kind = words::drift_kind(one.kind).get(lang).to_owned();
    vec![
        Cell::lines(vec![kind, words]),
        Cell::severity(one.severity, words::severity(one.severity).get(lang)),
        Cell::text(format!("{} {}", one.identity.check, teller.title(&one.identity.check))),
        Cell::text(teller.subject_short(&one.identity.subject)),
        Cell::lines(teller.moved(one)),
    ]
}
