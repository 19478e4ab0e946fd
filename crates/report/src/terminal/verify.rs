//! `anji verify`: whether everything is as it was signed.

use super::parts;
use crate::layout::{Page, Paint, span, text};
use crate::style::Style;
use crate::view::{VerifyProblem, VerifyView};
use crate::words::{self, Counted};
use anji_model::{Lang, RawResult};

/// `anji verify`: what was looked at, every problem, the head to keep, and
/// what this does not prove.
pub fn verify(view: &VerifyView, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    for problem in &view.problems {
        one(&mut page, problem);
    }
    page.blank();
    let counts = counts(view, lang);
    if !view.holds() {
        let (symbol, paint) = words::symbol(RawResult::Fail, style.ascii);
        let problems = words::PROBLEMS.get(lang, view.problems.len() as u64);
        let line = words::VERIFY_BROKEN.fill(lang, &[("problems", &problems), ("counts", &counts)]);
        page.wrap(0, 2, &[span(format!("{symbol} "), paint), span(line, Paint::Strong)]);
    } else if view.runs == 0 {
        page.wrap(0, 2, &[text(words::VERIFY_EMPTY.get(lang))]);
        return page.finish();
    } else {
        let (symbol, paint) = words::symbol(RawResult::Pass, style.ascii);
        let line = words::VERIFY_HOLDS.fill(lang, &[("counts", &counts)]);
        page.wrap(0, 2, &[span(format!("{symbol} "), paint), span(line, Paint::Strong)]);
    }
    if view.pruned > 0 {
        page.wrap(2, 4, &[text(words::PRUNED.get(lang, view.pruned))]);
    }
    if let Some(head) = &view.head {
        page.wrap(2, 4, &[text(words::VERIFY_HEAD.fill(lang, &[("head", &head.to_string())]))]);
    }
    if let Some(key) = &view.public_key {
        page.wrap(2, 4, &[text(words::VERIFY_KEY.fill(lang, &[("key", key)]))]);
    }
    if view.head.is_some() && view.expected_head.is_none() {
        page.wrap(2, 4, &words::VERIFY_KEEP_HEAD.spans(lang, &[]));
    }
    page.wrap(2, 4, &[span(words::VERIFY_LIMIT.get(lang), Paint::Dim)]);
    page.finish()
}

fn counts(view: &VerifyView, lang: Lang) -> String {
    let all: [(Counted, u64); 6] = [
        (words::RUNS, view.runs),
        (words::RECORDS, view.records),
        (words::RESULTS, view.results),
        (words::BODIES, view.bodies),
        (words::LISTS, view.registers),
        (words::AUDITS, view.audit_entries),
    ];
    let counts: Vec<String> = all.iter().map(|(word, count)| word.get(lang, *count)).collect();
    counts.join(words::LIST.get(lang))
}

fn one(page: &mut Page<'_>, problem: &VerifyProblem) {
    let lang = page.style.lang;
    let (symbol, paint) = words::symbol(RawResult::Fail, page.style.ascii);
    let mut line = vec![
        span(format!("{symbol} "), paint),
        span(words::verify_problem(problem.kind).get(lang), Paint::Strong),
    ];
    if let Some(run) = &problem.run {
        line.push(parts::dot());
        line.push(text(words::IN_RUN.fill(lang, &[("run", run.as_str())])));
    }
    if !problem.object.is_empty() {
        line.push(parts::dot());
        line.push(text(parts::path(&problem.object)));
    }
    page.wrap(0, 4, &line);
    if !problem.detail.is_empty() {
        let detail = parts::path(&problem.detail);
        page.wrap(4, 6, &[text(words::ORIGINAL_DETAIL.fill(lang, &[("text", &detail)]))]);
    }
}
