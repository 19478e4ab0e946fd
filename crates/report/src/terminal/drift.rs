//! Changes: the section of `anji check`, and `anji diff`.

use super::parts::{self, Checks};
use crate::layout::{Page, Paint, glued, span, text};
use crate::moved::moved;
use crate::style::Style;
use crate::view::DiffView;
use crate::words;
use anji_model::{Drift, RawResult, ResultSummary, RunReport, RunSummary};

/// How many changes the report of a run shows.
const SHOWN_IN_RUN: usize = 25;
/// How many values of one change are shown.
const VALUES_SHOWN: usize = 3;

/// What the changes of a section are seen against.
struct Frame<'a> {
    checks: &'a Checks<'a>,
    against: Option<&'a RunSummary>,
}

/// The section of a run's report.
pub(super) fn of_run(page: &mut Page<'_>, report: &RunReport, checks: &Checks<'_>) {
    let lang = page.style.lang;
    page.blank();
    if report.drift.is_empty() {
        let total = report.assessment.results.len() as u64;
        match (&report.compared_with, &report.run) {
            (Some(earlier), _) => unchanged(page, earlier, report.compared_results, total),
            (None, Some(_)) => page.wrap(0, 2, &words::FIRST_RUN.spans(lang, &[])),
            (None, None) => page.wrap(0, 2, &words::NOT_STORED.spans(lang, &[])),
        }
        return;
    }
    let frame = Frame { checks, against: report.compared_with.as_ref() };
    heading(page, frame.against, report.drift.len(), report.compared_results);
    let changes = sorted(&report.drift);
    for drift in changes.iter().take(SHOWN_IN_RUN) {
        one(page, drift, &frame);
    }
    let rest = changes.len().saturating_sub(SHOWN_IN_RUN) as u64;
    if rest > 0 {
        page.wrap(0, 2, &[text(words::MORE_CHANGES.get(lang, rest))]);
    }
    page.wrap(2, 4, &words::SEE_DIFF.spans(lang, &[]));
}

/// `anji diff`: every change between two runs, each with old and new value.
pub fn diff(view: &DiffView, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    let name = parts::path(&view.subject_name);
    let title = words::DIFF_TITLE.fill(lang, &[("subject", &name)]);
    page.wrap(0, 2, &[span(title, Paint::Strong)]);
    let moment = |run: &RunSummary| {
        let time = style.time(run.as_of);
        words::ASIDE.fill(lang, &[("text", &time), ("aside", run.run.as_str())])
    };
    let after = moment(&view.after);
    let runs = match &view.before {
        Some(before) => {
            vec![glued(moment(before), Paint::Plain), text(" → "), glued(after, Paint::Plain)]
        }
        None => words::DIFF_SINCE_START.spans(lang, &[("after", &after)]),
    };
    page.wrap(2, 4, &runs);
    page.blank();
    let checks = Checks::new(&view.checks);
    match (&view.before, view.drift.is_empty()) {
        (None, true) => page.wrap(0, 2, &words::FIRST_RUN.spans(lang, &[])),
        (Some(before), true) => unchanged(&mut page, before, view.compared, view.compared),
        (against, false) => {
            let frame = Frame { checks: &checks, against: against.as_ref() };
            heading(&mut page, frame.against, view.drift.len(), view.compared);
            for drift in sorted(&view.drift) {
                one(&mut page, drift, &frame);
            }
        }
    }
    page.finish()
}

/// Changes for readers: worst kind first, then most severe first.
pub(crate) fn sorted(drift: &[Drift]) -> Vec<&Drift> {
    let mut changes: Vec<&Drift> = drift.iter().collect();
    changes.sort_by(|a, b| {
        a.kind.cmp(&b.kind).then(b.severity.cmp(&a.severity)).then(a.identity.cmp(&b.identity))
    });
    changes
}

fn unchanged(page: &mut Page<'_>, earlier: &RunSummary, compared: u64, total: u64) {
    let lang = page.style.lang;
    if compared == 0 {
        page.wrap(0, 2, &words::NOT_COMPARABLE.spans(lang, &[]));
        return;
    }
    let time = page.style.time(earlier.as_of);
    let mut line = words::NO_CHANGE.spans(lang, compared, &[("time", &time)]);
    if total > compared {
        line.push(text(words::SEMICOLON.get(lang)));
        line.push(text(words::NOT_COMPARED.get(lang, total - compared)));
    }
    page.wrap(0, 2, &line);
}

fn heading(page: &mut Page<'_>, against: Option<&RunSummary>, count: usize, compared: u64) {
    let lang = page.style.lang;
    let title = match against {
        Some(run) => words::CHANGES_SINCE.fill(lang, &[("time", &page.style.time(run.as_of))]),
        None => words::CHANGES.get(lang).to_owned(),
    };
    let line = [
        span(title, Paint::Strong),
        span(words::COLON.get(lang), Paint::Strong),
        span(words::grouped(count as u64), Paint::Strong),
        parts::dot(),
        glued(words::COMPARED.get(lang, compared), Paint::Dim),
    ];
    page.wrap(0, 2, &line);
}

fn one(page: &mut Page<'_>, drift: &Drift, frame: &Frame<'_>) {
    let lang = page.style.lang;
    let (symbol, paint) = words::drift_symbol(drift.kind, page.style.ascii);
    let mut id = drift.identity.check.to_string();
    if let Some(element) = &drift.identity.element {
        id = format!("{id} [{}]", parts::value(element));
    }
    let line = [
        span(format!("{symbol} "), paint),
        glued(words::drift_kind(drift.kind).get(lang), paint),
        glued(format!("  {id}"), Paint::Strong),
        text(format!("  {}", frame.checks.title(&drift.identity.check, lang))),
    ];
    page.wrap(0, 4, &line);
    let cause = words::drift_cause(drift.cause).get(lang);
    let cause = words::CAUSE.fill(lang, &[("cause", cause)]);
    page.wrap(4, 6, &[text(words_of(page, drift, frame)), parts::dot(), text(cause)]);
    values(page, drift);
}

/// `pass → fail`, with the time of the old word where it is not that of the
/// run in the heading.
fn words_of(page: &Page<'_>, drift: &Drift, frame: &Frame<'_>) -> String {
    let lang = page.style.lang;
    let word = |side: &ResultSummary| {
        let (symbol, _) = words::symbol(side.result.raw, page.style.ascii);
        format!("{symbol} {}", words::raw(side.result.raw).get(lang))
    };
    let before = drift.before.as_ref().map(|side| {
        if frame.against.is_none_or(|run| run.run == side.run) {
            word(side)
        } else {
            let time = page.style.time(side.as_of);
            words::ASIDE.fill(lang, &[("text", &word(side)), ("aside", &time)])
        }
    });
    let after = drift.after.as_ref().map(word);
    match (&before, &after) {
        (Some(before), Some(after)) => {
            words::WORDS.fill(lang, &[("before", before), ("after", after)])
        }
        (None, Some(after)) => words::WORD_NEW.fill(lang, &[("after", after)]),
        (Some(before), None) => words::WORD_GONE.fill(lang, &[("before", before)]),
        (None, None) => String::new(),
    }
}

fn values(page: &mut Page<'_>, drift: &Drift) {
    let lang = page.style.lang;
    let moved = moved(drift);
    for one in moved.iter().take(VALUES_SHOWN) {
        let path = parts::place(one.path, lang);
        let (old, new) = (one.old.map(parts::value), one.new.map(parts::value));
        let bare = |value: &str| parts::names_itself(one.path, value);
        let mut line = match (&old, &new) {
            (Some(old), Some(new)) if old == new => match one.term {
                Some(term) => parts::term(term, lang),
                None => words::CAME.spans(lang, &[("path", &path), ("new", new)]),
            },
            (Some(old), Some(new)) => {
                words::MOVED.spans(lang, &[("path", &path), ("old", old), ("new", new)])
            }
            (None, Some(new)) => {
                let itself = one.term.is_some_and(|term| bare(&term.observed));
                let phrase = if itself { words::FAILS_NOW } else { words::CAME };
                phrase.spans(lang, &[("path", &path), ("new", new)])
            }
            (Some(old), None) => {
                let phrase = match (one.failed, bare(one.old.unwrap_or_default())) {
                    (true, true) => words::FAILS_NO_MORE_BARE,
                    (true, false) => words::FAILS_NO_MORE,
                    (false, _) => words::WENT,
                };
                phrase.spans(lang, &[("path", &path), ("old", old)])
            }
            (None, None) => continue,
        };
        if let (Some(term), true) = (one.term, old != new) {
            line.push(text(words::SEMICOLON.get(lang)));
            line.push(text(parts::allowed(term, lang)));
        }
        page.wrap(4, 6, &line);
    }
    let rest = moved.len().saturating_sub(VALUES_SHOWN) as u64;
    if rest > 0 {
        page.wrap(4, 6, &[span(words::MORE_VALUES.get(lang, rest), Paint::Dim)]);
    }
    let lost = drift
        .after
        .as_ref()
        .filter(|side| matches!(side.result.raw, RawResult::Unknown | RawResult::Error));
    if let Some(reason) = lost.and_then(|side| side.result.reasons.first()) {
        let mut line = vec![text(parts::reason(reason, lang))];
        let reported = parts::reported(reason, lang);
        if !reported.is_empty() {
            line.push(text(words::SEMICOLON.get(lang)));
            line.extend(reported);
        }
        page.wrap(4, 6, &line);
    }
}
