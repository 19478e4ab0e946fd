//! The lists at the end: what to put right, the evidence, room for signatures.

use super::body::{Body, Cell};
use super::findings::{Group, groups};
use crate::office::Teller;
use crate::words::{self, docx as d, office as w};
use anji_model::{CheckResult, EvidenceRecord, Subject};
use std::collections::BTreeSet;

/// How many lines the list has.
const LIST_SHOWN: usize = 300;
/// How many records the index has.
const RECORDS_SHOWN: usize = 120;
/// How many subjects are named in one cell.
const NAMES_SHOWN: usize = 3;

/// What to put right: one line per check, with room to fill in.
pub(super) fn to_put_right(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.chapter(d::LIST.get(lang));
    let mut all = groups(teller.view.findings());
    all.extend(groups(teller.view.open()));
    if all.is_empty() {
        body.say(w::NO_FINDINGS.get(lang));
        return;
    }
    body.introduce(d::LIST_INTRO.get(lang));
    let columns = [
        (d::NUMBER.get(lang), 6),
        (w::SEVERITY.get(lang), 11),
        (w::RESULT.get(lang), 12),
        (w::CHECK.get(lang), 25),
        (d::SUBJECTS.get(lang), 18),
        (w::OWNER.get(lang), 9),
        (w::DUE.get(lang), 10),
        (w::STATUS.get(lang), 9),
    ];
    let row = |(place, group): (usize, &Group<'_>)| {
        let severity = words::severity(group.severity).get(lang);
        vec![
            Cell::text((place + 1).to_string()),
            Cell::severity(group.severity, severity),
            Cell::text(group.words(lang)),
            Cell::text(format!("{} {}", group.check, teller.title(group.check))),
            Cell::text(some_subjects(teller, &group.results)),
            Cell::default(),
            Cell::default(),
            Cell::default(),
        ]
    };
    body.table(&columns, all.iter().take(LIST_SHOWN).enumerate().map(row).collect());
    body.more(all.len().saturating_sub(LIST_SHOWN));
}

/// A few names, and how many there are in all.
pub(super) fn some_subjects(teller: &Teller<'_>, results: &[&CheckResult]) -> String {
    let subjects: BTreeSet<&Subject> = results.iter().map(|one| &one.identity.subject).collect();
    let names = subjects.iter().take(NAMES_SHOWN);
    let names: Vec<String> = names.map(|subject| teller.subject_short(subject)).collect();
    let names = names.join(words::LIST.get(teller.lang));
    match subjects.len() > NAMES_SHOWN {
        true => d::AND_MORE.plain(teller.lang, subjects.len() as u64, &[("names", &names)]),
        false => names,
    }
}

/// The evidence with its digests.
pub(super) fn evidence(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.chapter(d::EVIDENCE.get(lang));
    let records = &teller.view.records;
    if records.is_empty() {
        body.say(w::NO_RECORDS.get(lang));
        return;
    }
    body.introduce(d::EVIDENCE_INTRO.get(lang));
    let columns = [
        (w::SUBJECT.get(lang), 20),
        (w::EVIDENCE_KEY.get(lang), 20),
        (w::STATE.get(lang), 16),
        (w::SEEN.get(lang), 15),
        (w::DIGEST.get(lang), 29),
    ];
    let row = |one: &EvidenceRecord| {
        vec![
            Cell::text(teller.subject_short(&one.subject)),
            Cell::text(teller.key(&one.key)),
            Cell::lines(teller.state(one)),
            Cell::text(teller.time(one.observed_at)),
            Cell::digest(one.body.map(|digest| digest.to_string()).unwrap_or_default()),
        ]
    };
    body.table(&columns, records.iter().take(RECORDS_SHOWN).map(row).collect());
    body.more(records.len().saturating_sub(RECORDS_SHOWN));
}

/// Room for signatures.
pub(super) fn signatures(body: &mut Body, teller: &Teller<'_>) {
    let lang = teller.lang;
    body.chapter(d::SIGNATURES.get(lang));
    body.introduce(d::SIGN_NOTE.get(lang));
    let columns = [
        (d::ROLE.get(lang), 22),
        (d::SIGN_NAME.get(lang), 28),
        (d::SIGN_WORDS.get(lang), 30),
        (d::SIGN_DAY.get(lang), 20),
    ];
    let roles = [d::ROLE_CHECKED, d::ROLE_REVIEWED, d::ROLE_OWNER, d::ROLE_SECURITY];
    let row = |role: words::Phrase| {
        // Two empty lines make the row high enough to sign in.
        let room = Cell::lines(vec![String::new(), String::new()]);
        vec![Cell::label(role.get(lang)), room, Cell::default(), Cell::default()]
    };
    body.table_kept(&columns, roles.into_iter().map(row).collect());
}
