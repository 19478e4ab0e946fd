//! The report of `anji check`.

use super::drift;
use super::parts::{self, Checks, TERMS_SHOWN};
use crate::escape;
use crate::layout::{Page, Paint, command, glued, span, text};
use crate::style::Style;
use crate::told;
use crate::view::is_left_out;
use crate::words;
use anji_model::{
    CheckInfo, CheckResult, NextStep, Privilege, RawResult, ReasonCategory, RunReport, Severity,
    UnknownGroup,
};

/// How many failing results are shown with their comparisons; the others get
/// one line each.
const DETAILED_MAX: usize = 25;

/// `anji check`: the whole report of one run; ends with what to do first.
pub fn run(report: &RunReport, style: &Style) -> String {
    let mut page = Page::new(style);
    let checks = Checks::new(&report.checks);
    head(&mut page, report);
    failing(&mut page, report, &checks);
    unknown(&mut page, report);
    others(&mut page, report, &checks);
    drift::of_run(&mut page, report, &checks);
    conformance(&mut page, report);
    first(&mut page, report, &checks);
    page.finish()
}

fn with(report: &RunReport, word: RawResult) -> impl Iterator<Item = &CheckResult> {
    report.assessment.results.iter().filter(move |result| result.raw == word)
}

fn head(page: &mut Page<'_>, report: &RunReport) {
    let lang = page.style.lang;
    let title = words::CHECK_TITLE.get(lang);
    let name = escape::bounded(&report.subject_name, 300);
    page.wrap(0, 2, &[span(title, Paint::Strong), parts::dot(), span(name, Paint::Strong)]);
    let time = page.style.time(report.assessment.as_of);
    let baseline = report.baseline.as_str();
    let facts = vec![
        text(words::BASELINE.fill(lang, &[("name", baseline)])),
        glued(words::AS_OF.fill(lang, &[("time", &time)]), Paint::Plain),
        glued(words::RESULTS.get(lang, report.assessment.results.len() as u64), Paint::Plain),
        glued(words::privilege(report.privilege).get(lang), Paint::Plain),
    ];
    page.wrap(2, 2, &parts::joined(facts));
    for notice in &report.notices {
        let words = words::NOTICE.fill(lang, &[("text", notice.get(lang))]);
        page.wrap(2, 4, &[span(words, Paint::Warn)]);
    }
}

/// A heading with the number of things under it.
fn counted_heading(page: &mut Page<'_>, title: &str, count: usize) {
    page.heading(&format!("{title} {}", words::grouped(count as u64)));
}

fn failing(page: &mut Page<'_>, report: &RunReport, checks: &Checks<'_>) {
    let lang = page.style.lang;
    let mut failing: Vec<&CheckResult> = with(report, RawResult::Fail).collect();
    failing.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.identity.cmp(&b.identity)));
    let Some(worst) = failing.first() else { return };
    counted_heading(page, words::FAILING.get(lang), failing.len());
    for (place, result) in failing.iter().enumerate() {
        let (symbol, _) = words::symbol(result.raw, page.style.ascii);
        let paint = words::severity_paint(result.severity);
        let title = checks.title(&result.identity.check, lang);
        let line = [
            span(format!("{symbol} "), paint),
            parts::severity(result.severity, lang),
            glued(format!("  {}", parts::id(result)), Paint::Strong),
            text(format!("  {title}")),
        ];
        page.wrap(0, 4, &line);
        if place < DETAILED_MAX {
            parts::terms(page, result, TERMS_SHOWN);
        }
    }
    let scope = parts::scope(&report.subject);
    let values = [("id", worst.identity.check.as_str()), ("scope", scope.as_str())];
    page.wrap(2, 4, &words::EXPLAIN.spans(lang, &values));
}

fn unknown(page: &mut Page<'_>, report: &RunReport) {
    let lang = page.style.lang;
    let count = with(report, RawResult::Unknown).count();
    let errors = with(report, RawResult::Error).count();
    if count + errors == 0 {
        return;
    }
    page.blank();
    let mut title = Vec::new();
    for (word, count) in [(words::UNKNOWN, count), (words::ERRORS, errors)] {
        if count > 0 {
            let counted = format!("{} {}", word.get(lang), words::grouped(count as u64));
            title.push(span(counted, Paint::Strong));
        }
    }
    page.wrap(0, 0, &parts::joined(title));
    for group in &report.unknown {
        unknown_group(page, report, group);
    }
}

fn unknown_group(page: &mut Page<'_>, report: &RunReport, group: &UnknownGroup) {
    let lang = page.style.lang;
    let word = match group.category {
        ReasonCategory::Fault => RawResult::Error,
        _ => RawResult::Unknown,
    };
    let (symbol, paint) = words::symbol(word, page.style.ascii);
    let register = match &group.category {
        ReasonCategory::NoRegister(register) => register.as_str(),
        _ => "",
    };
    let cause = words::reason(&group.category).fill(lang, &[("register", register)]);
    let line = [
        span(format!("{symbol} "), paint),
        text(cause),
        text(words::COLON.get(lang)),
        span(parts::ids(&group.checks, lang), Paint::Strong),
    ];
    page.wrap(0, 4, &line);
    if register.is_empty() {
        // Each undecidable check has a reason of its own; one would stand for all.
        let own = group.category == ReasonCategory::Undecidable && group.checks.len() > 1;
        let check = report.checks.iter().find(|check| group.checks.first() == Some(&check.id));
        let reported = told::reported_of(&group.example, check, lang);
        if !reported.is_empty() && !own {
            page.wrap(4, 6, &[text(reported)]);
        }
    } else {
        observed(page, report, group);
    }
    let id = group.checks.first().map_or("", |check| check.as_str());
    let scope = parts::scope(&report.subject);
    let advice = words::advice_for(&group.category, report.privilege == Privilege::Root);
    let values = [("register", register), ("id", id), ("scope", scope.as_str())];
    page.wrap(4, 6, &advice.spans(lang, &values));
}

/// What was seen where no list says whether it may be there.
fn observed(page: &mut Page<'_>, report: &RunReport, group: &UnknownGroup) {
    let lang = page.style.lang;
    for check in &group.checks {
        let of_check = |result: &&CheckResult| {
            result.identity.check == *check && result.raw == RawResult::Unknown
        };
        let seen: Vec<_> =
            report.assessment.results.iter().filter(of_check).flat_map(|r| &r.observed).collect();
        if seen.is_empty() {
            continue;
        }
        let mut line = words::OBSERVED_OF.spans(lang, &[("id", check.as_str())]);
        for (place, one) in seen.iter().take(TERMS_SHOWN).enumerate() {
            if place > 0 {
                line.push(text(words::LIST.get(lang)));
            }
            line.push(glued(parts::value(&one.value), Paint::Plain));
        }
        let rest = seen.len().saturating_sub(TERMS_SHOWN) as u64;
        if rest > 0 {
            line.push(span(format!(" {}", words::MORE_VALUES.get(lang, rest)), Paint::Dim));
        }
        page.wrap(4, 6, &line);
    }
}

/// Everything that neither fails nor is open, one compact line per word.
fn others(page: &mut Page<'_>, report: &RunReport, all: &Checks<'_>) {
    let lang = page.style.lang;
    page.blank();
    let words = [
        RawResult::Pass,
        RawResult::Fixed,
        RawResult::Informational,
        RawResult::NotApplicable,
        RawResult::NotChecked,
        RawResult::NotSelected,
    ];
    for word in words {
        let mut checks: Vec<_> = with(report, word).map(|result| &result.identity.check).collect();
        let count = checks.len();
        checks.dedup();
        if count > 0 {
            let (symbol, paint) = words::symbol(word, page.style.ascii);
            let name = words::raw(word).get(lang);
            let title =
                format!("{name} {}{}", words::grouped(count as u64), words::COLON.get(lang));
            let line = [
                span(format!("{symbol} "), paint),
                text(title),
                span(parts::ids(checks, lang), Paint::Dim),
            ];
            page.wrap(0, 4, &line);
        }
        if word == RawResult::NotChecked {
            planned(page, report, all);
        }
    }
}

/// What the planned checks wait for.
fn planned(page: &mut Page<'_>, report: &RunReport, all: &Checks<'_>) {
    let lang = page.style.lang;
    for result in with(report, RawResult::NotChecked) {
        let id = &result.identity.check;
        let why = all.get(id).and_then(|check| check.undecided.as_ref());
        if let Some(why) = why.filter(|_| waits(result)) {
            let values = [("id", id.as_str()), ("text", why.get(lang))];
            page.wrap(4, 6, &words::PLANNED_BECAUSE.spans(lang, &values));
        }
    }
}

/// Whether it is the check itself that cannot be decided, and not this run
/// that left it out.
fn waits(result: &CheckResult) -> bool {
    result.reasons.iter().any(|reason| reason.category == ReasonCategory::Undecidable)
}

fn conformance(page: &mut Page<'_>, report: &RunReport) {
    let lang = page.style.lang;
    let rate = &report.assessment.conformance;
    page.blank();
    let mut line = match (rate.rate_permille(), rate.unknown_permille()) {
        (Some(rate), Some(unknown)) => {
            let (rate, unknown) = (parts::percent(rate, lang), parts::percent(unknown, lang));
            let words = words::CONFORMANCE.fill(lang, &[("rate", &rate), ("unknown", &unknown)]);
            vec![span(words, Paint::Strong)]
        }
        _ => vec![span(words::CONFORMANCE_NONE.get(lang), Paint::Strong)],
    };
    if rate.critical_failing {
        let (symbol, _) = words::symbol(RawResult::Fail, page.style.ascii);
        line.push(parts::dot());
        line.push(span(format!("{symbol} {}", words::RED.get(lang)), Paint::Grave));
    }
    page.wrap(0, 2, &line);
    if let (Some(head), Some(run)) = (&report.head, &report.run) {
        let head = parts::short(head);
        let words = words::HEAD.fill(lang, &[("head", &head), ("run", run.as_str())]);
        page.wrap(0, 2, &[span(words, Paint::Dim)]);
    }
}

fn first(page: &mut Page<'_>, report: &RunReport, checks: &Checks<'_>) {
    let lang = page.style.lang;
    page.heading(words::FIRST.get(lang));
    if report.next.is_empty() {
        page.wrap(2, 2, &nothing(report).spans(lang, &[]));
    }
    // More rights have the last line of the report to themselves.
    let steps = report.next.iter().filter(|step| !matches!(step, NextStep::MoreRights(_)));
    for (place, step) in steps.enumerate() {
        one_step(page, place + 1, step, report, checks);
    }
    let rights = report.verdicts_with_more_rights;
    if rights > 0 {
        page.blank();
        page.wrap(0, 2, &more_rights(report).spans(lang, rights, &[]));
    }
}

/// A run that has used the sudo rule already gains nothing more by it.
fn more_rights(report: &RunReport) -> words::Counted {
    match report.privilege {
        Privilege::User => words::RIGHTS,
        Privilege::Sudo | Privilege::Root => words::RIGHTS_BEYOND_SUDO,
    }
}

fn nothing(report: &RunReport) -> words::Phrase {
    let conformance = &report.assessment.conformance;
    let open = |word| report.assessment.coverage.count(word) > 0 || with(report, word).count() > 0;
    if open(RawResult::Fail) || open(RawResult::Unknown) || open(RawResult::Error) {
        words::SEE_ABOVE
    } else if report.assessment.results.iter().any(is_left_out) {
        words::SELECTED_WELL
    } else if open(RawResult::Pass) || conformance.denominator() > 0 {
        words::ALL_WELL
    } else {
        words::NOTHING_CHECKED
    }
}

fn one_step(
    page: &mut Page<'_>,
    place: usize,
    step: &NextStep,
    report: &RunReport,
    checks: &Checks<'_>,
) {
    let lang = page.style.lang;
    let scope = parts::scope(&report.subject);
    let number = glued(format!("{place}. "), Paint::Strong);
    match step {
        NextStep::Repair(id) => {
            let check = checks.get(id);
            let severity = severity_of(report, id, check);
            let line = [
                number,
                span(words::severity(severity).get(lang), words::severity_paint(severity)),
                glued(format!("  {id}"), Paint::Strong),
                text(format!("  {}", checks.title(id, lang))),
            ];
            page.wrap(2, 5, &line);
            if let Some(check) = check {
                let fix = parts::few_lines(check.fix.get(lang), page, 5);
                page.wrap(5, 5, &[text(fix)]);
            }
            page.wrap(5, 7, &[command(format!("anji explain {id}{scope}"))]);
        }
        NextStep::Adopt(register) => {
            let words = words::STEP_ADOPT.fill(lang, &[("register", register.as_str())]);
            page.wrap(2, 5, &[number, text(words)]);
            page.wrap(5, 7, &[command(format!("anji register adopt {register}{scope}"))]);
        }
        // A kind of step that is newer than this renderer.
        _ => {}
    }
}

fn severity_of(
    report: &RunReport,
    id: &anji_model::CheckId,
    check: Option<&CheckInfo>,
) -> Severity {
    let of_result = report.assessment.results.iter().find(|result| result.identity.check == *id);
    of_result
        .map(|result| result.severity)
        .or(check.map(|check| check.severity))
        .unwrap_or(Severity::Info)
}
