//! `anji explain`: what a check means, how it is decided, what it saw.

use super::history::history;
use super::parts;
use crate::layout::{Page, Paint, glued, span, text};
use crate::style::Style;
use crate::view::{ExplainView, ExplainedResult};
use crate::words;
use anji_model::{CheckInfo, EvidenceUse, RegisterId};

/// How many comparisons and values of one result are shown.
const SHOWN: usize = 20;

/// `anji explain`: title, why, how it is decided, clauses, what was seen,
/// how to repair, history.
pub fn explain(view: &ExplainView, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    let check = &view.check;
    head(&mut page, check);
    page.heading(words::WHY.get(lang));
    page.wrap(2, 2, &[text(check.why.get(lang))]);
    decided(&mut page, view);
    clauses(&mut page, check);
    if view.results.is_empty() {
        page.blank();
        page.wrap(0, 2, &words::NEVER_RUN.spans(lang, &[]));
    }
    for result in &view.results {
        one_result(&mut page, result);
    }
    page.heading(words::FIX.get(lang));
    page.wrap(2, 2, &[text(check.fix.get(lang))]);
    for result in &view.results {
        history(&mut page, result, view.results.len() > 1);
    }
    page.finish()
}

fn head(page: &mut Page<'_>, check: &CheckInfo) {
    let lang = page.style.lang;
    let title = [
        span(check.id.as_str(), Paint::Strong),
        span(format!("  {}", check.title.get(lang)), Paint::Strong),
    ];
    page.wrap(0, 2, &title);
    let harms: Vec<&str> =
        check.guards.iter().map(|guard| words::guard(*guard).get(lang)).collect();
    let harms = harms.join(words::LIST.get(lang));
    let revision = words::REVISION.fill(lang, &[("n", &check.revision.to_string())]);
    let paint = words::severity_paint(check.severity);
    let mut facts = vec![
        glued(words::severity(check.severity).get(lang), paint),
        text(&check.alias),
        glued(revision, Paint::Plain),
        text(&check.pack),
    ];
    if !harms.is_empty() {
        facts.push(text(words::GUARDS.fill(lang, &[("harms", &harms)])));
    }
    page.wrap(2, 2, &parts::joined(facts));
}

fn decided(page: &mut Page<'_>, view: &ExplainView) {
    let lang = page.style.lang;
    page.heading(words::HOW_DECIDED.get(lang));
    for line in view.check.assertion.trim().lines().filter(|line| !line.trim().is_empty()) {
        page.wrap(4, 6, &[span(line.trim_end(), Paint::Command)]);
    }
    for param in &view.params {
        let mut line = vec![text(format!("params.{} = {}", param.name, parts::path(&param.value)))];
        if let Some(default) = &param.overrides {
            let default = parts::value(default);
            line.push(parts::dot());
            line.push(span(words::PARAM_DEFAULT.fill(lang, &[("value", &default)]), Paint::Dim));
        }
        page.wrap(2, 4, &line);
    }
    let list = |items: Vec<String>| items.join(words::LIST.get(lang));
    let keys = list(view.evidence.iter().map(ToString::to_string).collect());
    if !keys.is_empty() {
        page.wrap(2, 4, &[text(words::EVIDENCE_FROM.fill(lang, &[("keys", &keys)]))]);
    }
    let lists = list(view.check.registers.iter().map(RegisterId::to_string).collect());
    if !lists.is_empty() {
        page.wrap(2, 4, &[text(words::LISTS_USED.fill(lang, &[("lists", &lists)]))]);
    }
    if let Some(why) = &view.check.undecided {
        let why = words::UNDECIDED.fill(lang, &[("text", why.get(lang))]);
        page.wrap(2, 4, &[span(why, Paint::Unsure)]);
    }
}

fn clauses(page: &mut Page<'_>, check: &CheckInfo) {
    let lang = page.style.lang;
    if check.clauses.is_empty() {
        return;
    }
    page.heading(words::CLAUSES.get(lang));
    for link in &check.clauses {
        let line = [
            glued(format!("{} {}", link.framework, link.clause), Paint::Strong),
            parts::dot(),
            glued(words::mapping(link.status).get(lang), Paint::Plain),
        ];
        page.wrap(2, 4, &line);
        page.wrap(4, 4, &[text(link.how.get(lang))]);
    }
}

fn one_result(page: &mut Page<'_>, explained: &ExplainedResult) {
    let lang = page.style.lang;
    let result = &explained.result;
    let name = parts::path(&explained.subject_name);
    let time = page.style.time(explained.as_of);
    page.blank();
    let title = words::RESULT_ON.fill(lang, &[("subject", &name), ("time", &time)]);
    page.wrap(0, 2, &[span(title, Paint::Strong)]);
    let (symbol, paint) = words::symbol(result.raw, page.style.ascii);
    let mut line = vec![span(format!("{symbol} {}", words::raw(result.raw).get(lang)), paint)];
    if let Some(element) = &result.identity.element {
        line.push(parts::dot());
        line.push(text(parts::value(element)));
    }
    if result.failed_terms_total > 0 {
        line.push(parts::dot());
        line.push(text(words::TERMS.get(lang, result.failed_terms_total)));
    }
    page.wrap(2, 4, &line);
    parts::terms(page, result, SHOWN);
    for reason in &result.reasons {
        page.wrap(4, 6, &[text(parts::reason(reason, lang))]);
        let reported = parts::reported(reason, lang);
        if !reported.is_empty() {
            page.wrap(6, 8, &reported);
        }
    }
    let told = |path: &str| result.failed_terms.iter().any(|term| term.path == path);
    let seen: Vec<_> = result.observed.iter().filter(|one| !told(&one.path)).collect();
    for one in seen.iter().take(SHOWN) {
        let line = format!("{} = {}", parts::path(&one.path), parts::value(&one.value));
        page.wrap(4, 6, &[text(line)]);
    }
    let rest = seen.len().saturating_sub(SHOWN) as u64;
    if rest > 0 {
        page.wrap(4, 6, &[span(words::MORE_VALUES.get(lang, rest), Paint::Dim)]);
    }
    for used in &result.evidence {
        evidence_used(page, used);
    }
    if let Some(until) = result.valid_until {
        let time = page.style.time(until);
        page.wrap(2, 4, &[span(words::VALID_UNTIL.fill(lang, &[("time", &time)]), Paint::Dim)]);
    }
}

fn evidence_used(page: &mut Page<'_>, used: &EvidenceUse) {
    let lang = page.style.lang;
    let key = parts::path(&used.key.to_string());
    let seen = match used.observed_at {
        Some(at) => words::SEEN.fill(lang, &[("time", &page.style.time(at))]),
        None => words::NEVER_SEEN.get(lang).to_owned(),
    };
    let mut facts =
        vec![text(words::EVIDENCE_OF.fill(lang, &[("key", &key)])), glued(seen, Paint::Plain)];
    if let Some(privilege) = used.privilege {
        facts.push(glued(words::privilege(privilege).get(lang), Paint::Plain));
    }
    if let Some(body) = &used.body {
        let digest = parts::short(body);
        facts.push(glued(words::DIGEST.fill(lang, &[("digest", &digest)]), Paint::Dim));
    }
    if used.stale {
        facts.push(span(words::STALE_MARK.get(lang), Paint::Warn));
    }
    page.wrap(2, 4, &parts::joined(facts));
}
