//! The cover, and what the reader must know first: scope, baseline, method.

use super::body::{Body, Cell, plain};
use crate::escape::bounded;
use crate::office::cells::name;
use crate::office::{Kind, Teller, facts};
use crate::told;
use crate::words::{self, docx as d, office as w};
use anji_model::{CheckId, RawResult, Severity, WeightTable};
use std::collections::{BTreeMap, BTreeSet};

/// How many subjects the scope names.
const SUBJECTS_SHOWN: usize = 40;
/// How many checks the baseline names.
const CHECKS_SHOWN: usize = 400;
/// The most characters of the name under the title.
const TITLE_MAX: usize = 80;

/// Title, facts and what the report is not.
pub(super) fn cover(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.paragraph("Title", &[plain(w::TITLE.get(lang))]);
    // The whole name stands among the facts.
    body.paragraph("Subtitle", &[plain(&bounded(&teller.subject_of_run(), TITLE_MAX))]);
    let row = |fact: crate::office::Fact| {
        let value = match fact.kind {
            Kind::Plain => Cell::text(fact.value),
            Kind::Grave => Cell::grave(fact.value),
            Kind::Digest => Cell::digest(fact.value),
        };
        vec![Cell::label(fact.label.get(lang)), value]
    };
    body.table(&[("", 24), ("", 76)], facts(teller).into_iter().map(row).collect());
    body.paragraph("Note", &[plain(d::COVER_NOTE.get(lang))]);
    body.page_break();
}

/// What was looked at.
pub(super) fn scope(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.chapter(d::SCOPE.get(lang));
    let results = &teller.view.report.assessment.results;
    let by_subject = teller.view.by_subject();
    let checks: BTreeSet<&CheckId> = results.iter().map(|one| &one.identity.check).collect();
    let subjects = d::SUBJECTS_N.get(lang, by_subject.len() as u64);
    let checks_n = d::CHECKS_N.get(lang, checks.len() as u64);
    let values = [("subjects", subjects.as_str()), ("checks", checks_n.as_str())];
    body.say(&d::SCOPE_COUNT.plain(lang, results.len() as u64, &values));
    let time = teller.time(teller.view.report.assessment.as_of);
    body.say(&d::SCOPE_TIME.fill(lang, &[("time", &time)]));
    let systems: BTreeSet<_> = results.iter().map(|one| &one.identity.system).collect();
    let systems: Vec<String> = systems.into_iter().map(|id| told::system(id, lang)).collect();
    if !systems.is_empty() {
        let systems = systems.join(words::LIST.get(lang));
        body.say(&d::SCOPE_SYSTEMS.fill(lang, &[("systems", &systems)]));
    }
    frameworks(body, teller, &checks);
    if !results.is_empty() {
        body.introduce(d::SCOPE_LEFT.get(lang));
    }
    if by_subject.is_empty() {
        return;
    }
    let columns = [
        (w::SUBJECT.get(lang), 46),
        (w::RESULTS.get(lang), 16),
        (w::FINDINGS.get(lang), 16),
        (w::OPEN.get(lang), 22),
    ];
    let count = |all: &[&anji_model::CheckResult], words: &[RawResult]| {
        let found = all.iter().filter(|one| words.contains(&one.raw)).count() as u64;
        Cell::text(words::grouped(found))
    };
    let rows = by_subject.iter().take(SUBJECTS_SHOWN).map(|(subject, all)| {
        vec![
            Cell::text(teller.subject(subject)),
            Cell::text(words::grouped(all.len() as u64)),
            count(all, &[RawResult::Fail]),
            count(all, &[RawResult::Unknown, RawResult::Error]),
        ]
    });
    body.table(&columns, rows.collect());
    body.more(by_subject.len().saturating_sub(SUBJECTS_SHOWN));
}

/// The rule books that the checks of the run answer.
fn frameworks(body: &mut Body, teller: &Teller<'_>, checks: &BTreeSet<&CheckId>) {
    let lang = teller.lang;
    let asked = checks.iter().filter_map(|id| teller.check(id));
    let ids: BTreeSet<_> = asked.flat_map(|check| &check.clauses).map(|c| &c.framework).collect();
    let title = |id| {
        let known = teller.view.frameworks.get(id);
        known.map_or_else(|| name(&id.to_string()), |title| teller.text(title))
    };
    let titles: Vec<String> = ids.into_iter().map(title).collect();
    if !titles.is_empty() {
        let titles = titles.join(words::LIST.get(lang));
        body.say(&d::SCOPE_FRAMEWORKS.fill(lang, &[("frameworks", &titles)]));
    }
}

/// What the hosts were held against.
pub(super) fn baseline(body: &mut Body, teller: &Teller<'_>) {
    let (report, lang) = (&teller.view.report, teller.lang);
    body.chapter(d::BASELINE.get(lang));
    let id = report.baseline.as_str();
    // The starter baseline is the product's; any other was adopted by somebody.
    let built_in = id.split_once('@').map_or(id, |(name, _)| name) == "starter";
    let phrase = if built_in { d::BASELINE_STARTER } else { d::BASELINE_IS };
    body.say(&phrase.fill(lang, &[("name", &name(id))]));
    body.say(d::BASELINE_CONTENT.get(lang));
    asked(body, teller);
}

/// The checks of the run.
fn asked(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    let mut checks: BTreeMap<&CheckId, Severity> = BTreeMap::new();
    for one in &teller.view.report.assessment.results {
        let worst = checks.entry(&one.identity.check).or_insert(one.severity);
        *worst = one.severity.max(*worst);
    }
    if checks.is_empty() {
        return;
    }
    body.introduce(&d::BASELINE_CHECKS.get(lang, checks.len() as u64));
    let columns = [(w::ID.get(lang), 14), (w::CHECK.get(lang), 72), (w::SEVERITY.get(lang), 14)];
    let row = |(id, severity): (&&CheckId, &Severity)| {
        vec![
            Cell::text(id.to_string()),
            Cell::text(teller.title(id)),
            Cell::severity(*severity, words::severity(*severity).get(lang)),
        ]
    };
    body.table(&columns, checks.iter().take(CHECKS_SHOWN).map(row).collect());
    body.more(checks.len().saturating_sub(CHECKS_SHOWN));
}

/// How evidence is collected and judged.
pub(super) fn method(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.chapter(d::METHOD.get(lang));
    let rights = words::privilege(teller.view.report.privilege).get(lang);
    body.lead(&d::METHOD_COLLECT.fill(lang, &[("rights", rights)]));
    body.lead(d::METHOD_JUDGE.get(lang));
    body.lead(d::METHOD_UNKNOWN.get(lang));
    let levels =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];
    let weights = levels.map(|level| {
        let weight = WeightTable::default().of(level).to_string();
        let word = words::severity(level).get(lang);
        d::WEIGHT.fill(lang, &[("severity", word), ("weight", &weight)])
    });
    let weights = weights.join(words::LIST.get(lang));
    body.lead(&d::METHOD_SEVERITY.fill(lang, &[("weights", &weights)]));
    body.lead(d::METHOD_PROOF.get(lang));
}
