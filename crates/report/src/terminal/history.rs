//! How a result came about over time: one stretch of equal answers after
//! another, newest first.

use super::parts;
use crate::layout::{Page, Paint, glued, span, text};
use crate::view::{ExplainedResult, HistoryView};
use crate::words::{self, history as phrases};
use anji_model::Privilege;

/// How many stretches are shown.
const SHOWN: usize = 10;

/// The history of one result; `named` where several stand below each other.
pub(super) fn history(page: &mut Page<'_>, explained: &ExplainedResult, named: bool) {
    let lang = page.style.lang;
    if explained.history.is_empty() {
        return;
    }
    let mut title = words::HISTORY.get(lang).to_owned();
    if named {
        let name = explained.result.identity.element.as_ref().unwrap_or(&explained.subject_name);
        title = format!("{title} · {}", parts::value(name));
    }
    page.heading(&title);
    // Runs with other rights see another world: what each of them saw last
    // still stands as far as they know.
    let mut open: Vec<Privilege> = Vec::new();
    for entry in explained.history.iter().take(SHOWN) {
        let stands = !open.contains(&entry.privilege);
        open.push(entry.privilege);
        stretch(page, entry, stands);
    }
    let rest = explained.history.len().saturating_sub(SHOWN) as u64;
    if rest > 0 {
        page.wrap(2, 4, &[span(words::MORE_CHANGES.get(lang, rest), Paint::Dim)]);
    }
}

fn stretch(page: &mut Page<'_>, entry: &HistoryView, stands: bool) {
    let lang = page.style.lang;
    let (symbol, paint) = words::symbol(entry.raw, page.style.ascii);
    let mut facts = vec![span(format!("{symbol} {}", words::raw(entry.raw).get(lang)), paint)];
    if entry.failed_terms_total > 0 {
        facts.push(text(words::TERMS.get(lang, entry.failed_terms_total)));
    }
    facts.push(glued(words::privilege(entry.privilege).get(lang), Paint::Plain));
    page.wrap(2, 4, &parts::joined(facts));

    let times = [page.style.time(entry.since), page.style.time(entry.until)];
    let values = [("since", times[0].as_str()), ("until", times[1].as_str())];
    let seconds = entry.until.duration_since(entry.since).as_secs();
    let span_text = parts::roughly(u64::try_from(seconds).unwrap_or(0), lang);
    let (when, lasted) = match (entry.run == entry.last_run, stands) {
        (true, true) => (phrases::ONCE, None),
        (true, false) => (phrases::ONCE_THEN, None),
        (false, true) => (phrases::OPEN, Some(phrases::SO_FAR)),
        (false, false) => (phrases::CLOSED, Some(phrases::LASTED)),
    };
    let mut facts = vec![text(when.fill(lang, &values))];
    if let Some(lasted) = lasted {
        facts.push(match entry.until < entry.since {
            true => span(phrases::SET_BACK.get(lang), Paint::Warn),
            false => glued(lasted.fill(lang, &[("span", &span_text)]), Paint::Plain),
        });
    }
    facts.push(glued(words::IN_RUN.fill(lang, &[("run", entry.run.as_str())]), Paint::Dim));
    page.wrap(4, 6, &parts::joined(facts));
}
