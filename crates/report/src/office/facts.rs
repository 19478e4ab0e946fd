//! The head of a document: what the run is, and what stands.

use super::cells::{Teller, name, prose};
use crate::told;
use crate::words::{self, Phrase, grouped, office as w};
use anji_model::{NextStep, RawResult, Severity};

/// One fact of the head.
pub(crate) struct Fact {
    pub(crate) label: Phrase,
    pub(crate) value: String,
    pub(crate) kind: Kind,
}

/// How a fact is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    /// It must be seen at once.
    Grave,
    /// A digest, which is long.
    Digest,
}

/// The facts of a run in their order.
pub(crate) fn facts(teller: &Teller<'_>) -> Vec<Fact> {
    let (report, lang) = (&teller.view.report, teller.lang);
    let plain = |label, value: String| Fact { label, value, kind: Kind::Plain };
    let digest = |label, digest: Option<String>, none: Phrase| match digest {
        Some(value) => Fact { label, value, kind: Kind::Digest },
        None => Fact { label, value: none.get(lang).to_owned(), kind: Kind::Plain },
    };
    let run = report.run.as_ref().map(ToString::to_string);
    let head = report.head.as_ref().map(ToString::to_string);
    let mut all = vec![
        plain(w::SUBJECT, teller.subject_of_run()),
        plain(w::RUN, run.unwrap_or_else(|| w::RUN_NONE.get(lang).to_owned())),
        plain(w::BASELINE, name(report.baseline.as_str())),
        plain(w::AS_OF, teller.time(report.assessment.as_of)),
        plain(w::MADE_AT, teller.time(teller.view.made_at)),
        plain(w::RIGHTS, words::privilege(report.privilege).get(lang).to_owned()),
    ];
    all.extend(standing(teller));
    all.extend([
        plain(w::COMPARED, compared(teller)),
        digest(w::HEAD, head, w::HEAD_NONE),
        digest(w::CONTENT, Some(report.content.to_string()), w::HEAD_NONE),
        plain(w::PROGRAM, name(&report.program)),
    ]);
    let notice = |value: String| Fact { label: w::NOTICES, value, kind: Kind::Grave };
    if report.assessment.results.is_empty() {
        all.push(notice(w::FAULT_OF_ALL.get(lang).to_owned()));
    }
    all.extend(report.notices.iter().map(|text| notice(prose(text.get(lang)))));
    all
}

/// The rate, what is unknown, and whether a critical check fails.
fn standing(teller: &Teller<'_>) -> Vec<Fact> {
    let (report, lang) = (&teller.view.report, teller.lang);
    let rate = &report.assessment.conformance;
    let percent = |permille: Option<u64>| match permille {
        Some(permille) => told::percent(permille, lang),
        None => w::CONFORMANCE_NONE.get(lang).to_owned(),
    };
    let (critical, kind) = match critical(teller) {
        _ if report.assessment.results.is_empty() => (w::CRITICAL_NO_RESULTS, Kind::Grave),
        Critical::Failing => (w::CRITICAL_YES, Kind::Grave),
        Critical::LeftOut => (w::CRITICAL_LEFT, Kind::Grave),
        Critical::Unsure => (w::CRITICAL_UNSURE, Kind::Grave),
        Critical::NoneOfPart => (w::CRITICAL_NO_OF_PART, Kind::Grave),
        Critical::None => (w::CRITICAL_NO, Kind::Plain),
    };
    let part = partial(teller);
    let part = part.map(|value| Fact { label: w::EXTENT, value, kind: Kind::Grave });
    let stands = [
        Fact { label: w::CONFORMANCE, value: percent(rate.rate_permille()), kind: Kind::Plain },
        Fact {
            label: w::UNKNOWN_SHARE,
            value: percent(rate.unknown_permille()),
            kind: Kind::Plain,
        },
        Fact { label: w::CRITICAL, value: critical.get(lang).to_owned(), kind },
    ];
    part.into_iter().chain(stands).collect()
}

/// What can be said of critical checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Critical {
    Failing,
    /// Some were not selected or not checked: it cannot be told.
    LeftOut,
    /// None fails, but some are unknown or in error.
    Unsure,
    /// None fails among those that this run looked at; it left others out.
    NoneOfPart,
    None,
}

/// Whether a critical check fails, as far as the run can tell.
pub(crate) fn critical(teller: &Teller<'_>) -> Critical {
    let assessment = &teller.view.report.assessment;
    let any = |words: &[RawResult]| {
        let mut critical =
            assessment.results.iter().filter(|one| one.severity == Severity::Critical);
        critical.any(|one| words.contains(&one.raw))
    };
    if assessment.conformance.critical_failing {
        Critical::Failing
    } else if any(&[RawResult::NotSelected, RawResult::NotChecked]) {
        Critical::LeftOut
    } else if any(&[RawResult::Unknown, RawResult::Error]) {
        Critical::Unsure
    } else if teller.view.left_out() > 0 {
        Critical::NoneOfPart
    } else {
        Critical::None
    }
}

/// What must be said of a run that left checks out, before anything else.
pub(crate) fn partial(teller: &Teller<'_>) -> Option<String> {
    let left = teller.view.left_out();
    let (left_out, all) =
        (grouped(left), grouped(teller.view.report.assessment.results.len() as u64));
    let values = [("left", left_out.as_str()), ("all", all.as_str())];
    (left > 0).then(|| words::document::VERDICT_PART.fill(teller.lang, &values))
}

/// What the run was compared with.
fn compared(teller: &Teller<'_>) -> String {
    let (report, lang) = (&teller.view.report, teller.lang);
    match &report.compared_with {
        Some(earlier) => {
            let time = teller.time(earlier.as_of);
            w::COMPARED_N.plain(lang, report.compared_results, &[("time", &time)])
        }
        None => teller.unchanged(),
    }
}

/// What to do first, in sentences.
pub(crate) fn steps(teller: &Teller<'_>) -> Vec<String> {
    let (report, lang) = (&teller.view.report, teller.lang);
    let mut all: Vec<String> = Vec::new();
    for step in &report.next {
        match step {
            NextStep::Repair(id) => {
                let results = report.assessment.results.iter();
                let worst = results.filter(|one| one.identity.check == *id).map(|r| r.severity);
                let check = teller.check(id).map(|check| check.severity);
                let severity = worst.max().or(check).unwrap_or(Severity::Info);
                let severity = words::severity(severity).get(lang);
                let title = teller.title(id);
                let values = [("severity", severity), ("id", id.as_str()), ("title", &title)];
                all.push(w::STEP_REPAIR.fill(lang, &values));
            }
            NextStep::Adopt(register) => {
                let values = [("register", register.as_str())];
                all.push(words::STEP_ADOPT.plain(lang, &values));
            }
            // More rights stand below, whether they are among the steps or not.
            _ => {}
        }
    }
    let rights = report.verdicts_with_more_rights;
    if rights > 0 {
        let more = match report.privilege {
            anji_model::Privilege::User => words::RIGHTS,
            _ => words::RIGHTS_BEYOND_SUDO,
        };
        all.push(more.plain(lang, rights, &[]));
    }
    all
}
