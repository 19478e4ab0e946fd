//! What every format for other programs keeps: the same view gives the same
//! bytes, every string can be read back, and no result is lost.

use crate::fixtures::text;
use crate::{runs, sheaf};
use anji_model::{DriftKind, Lang, RawResult, Subject, UnknownGroup};
use anji_report::{ReportView, Style, csv, junit, ocsf, oscal, sarif};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A format by its ending.
type Format = (&'static str, fn(&ReportView, &Style) -> String);

pub(crate) const FORMATS: [Format; 6] = [
    ("csv", csv::run),
    ("junit.xml", junit::run),
    ("sarif", sarif::run),
    ("ocsf.jsonl", ocsf::run),
    ("oscal.json", oscal::results),
    ("oscal-poam.json", oscal::poam),
];

pub(crate) fn styles() -> [Style; 2] {
    [Lang::Zh, Lang::En].map(|lang| Style::plain(100, lang))
}

/// Every report by name, among them one with each of the nine words.
pub(crate) fn views() -> Vec<(&'static str, ReportView)> {
    let mut views = sheaf::all();
    views.push(("words", every_word()));
    views
}

/// A report in which every word stands, twice or more.
pub(crate) fn every_word() -> ReportView {
    let mut view = sheaf::sheaf(40);
    let results = &mut view.report.assessment.results;
    view.report.assessment.coverage.counts = [0; 9];
    for (place, result) in results.iter_mut().enumerate() {
        result.raw = RawResult::ALL[place % 9];
        view.report.assessment.coverage.counts[place % 9] += 1;
    }
    view
}

/// A report in which a question that failed is asked no more, by fact.
pub(crate) fn with_gone() -> ReportView {
    let mut view = sheaf::around(runs::changed());
    let gone = view.report.drift.iter_mut().find(|change| change.kind == DriftKind::Gone);
    let gone = gone.expect("every kind of change is there");
    let mut before = gone.before.take().expect("it was asked before");
    gone.identity.element = Some("/srv/removed".to_owned());
    before.result.identity = gone.identity.clone();
    before.result.raw = RawResult::Fail;
    gone.before = Some(before);
    gone.after = None;
    view
}

/// How many results of the view carry each word.
pub(crate) fn words(view: &ReportView) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<_, _> =
        RawResult::ALL.iter().map(|word| (word.to_string(), 0)).collect();
    for result in &view.report.assessment.results {
        *counts.get_mut(result.raw.word()).expect("every word is there") += 1;
    }
    counts
}

/// Puts a string into every place that takes one.
pub(crate) fn fill(view: &mut ReportView, mut next: impl FnMut() -> String) {
    let report = &mut view.report;
    report.subject_name = next();
    report.program = next();
    report.notices = vec![text(&next(), &next())];
    view.subjects.values_mut().for_each(|name| *name = next());
    view.frameworks.values_mut().for_each(|title| *title = text(&next(), &next()));
    for check in &mut report.checks {
        for part in [&mut check.title, &mut check.why, &mut check.fix] {
            *part = text(&next(), &next());
        }
        for part in [&mut check.alias, &mut check.pack, &mut check.assertion] {
            *part = next();
        }
        check.clauses.iter_mut().for_each(|link| link.how = text(&next(), &next()));
    }
    for one in &mut report.assessment.results {
        one.identity.element = Some(next());
        one.identity.subject = Subject { kind: one.identity.subject.kind, id: next() };
        for term in &mut one.failed_terms {
            for part in [&mut term.path, &mut term.observed, &mut term.operator, &mut term.allowed]
            {
                *part = next();
            }
        }
        for seen in &mut one.observed {
            (seen.path, seen.value) = (next(), next());
        }
        one.reasons.iter_mut().for_each(|reason| reason.detail = next());
    }
    for record in &mut view.records {
        record.collector.transport = next();
        record.collector.version = next();
    }
    let reasons = report.assessment.results.iter().filter_map(|one| {
        let example = one.reasons.first()?.clone();
        let category = example.category.clone();
        Some(UnknownGroup { category, example, checks: vec![one.identity.check.clone()] })
    });
    report.unknown = reasons.collect();
}

/// Strings that break careless writers, alone and in a row.
fn strings() -> impl Strategy<Value = Vec<String>> {
    let piece = prop_oneof![
        any::<String>(),
        "[\u{0}-\u{a0}]{0,12}",
        "[=+@,;\"' \t\r\n-]{1,8}",
        "[\\]\\[<>&'\"{}\\\\]{1,12}",
        Just("\u{feff}\u{202e}\u{fffe}\u{ffff}\u{fdd0}\u{2028}".to_owned()),
        Just("]]>&#0;<!--x--><![CDATA[".to_owned()),
    ];
    proptest::collection::vec(piece, 1..40)
}

#[test]
fn the_same_view_gives_the_same_bytes() {
    for (name, view) in views().iter().filter(|(name, _)| *name != "10000") {
        for style in styles() {
            for (ending, format) in FORMATS {
                assert!(format(view, &style) == format(&view.clone(), &style), "{name}.{ending}");
            }
        }
    }
}

#[test]
fn no_document_holds_a_character_that_steers_its_reader() {
    let steers = |c: char| {
        (c.is_control() && !"\r\n".contains(c))
            || "\u{202e}\u{2066}\u{200b}\u{fffe}\u{ffff}\u{2028}".contains(c)
    };
    let (mut view, mut place) = (sheaf::hostile(), 0);
    let evil =
        ["\u{1b}[2J\u{7}", "a\rb\nc\td", "\u{202e}\u{2066}\u{200b}", "\u{fffe}\u{ffff}\u{2028}\0"];
    fill(&mut view, || {
        place += 1;
        evil[place % evil.len()].to_owned()
    });
    for style in styles() {
        for (ending, format) in FORMATS {
            for view in [&view, &sheaf::hostile()] {
                let document = format(view, &style);
                let found = document.chars().skip(1).find(|c| steers(*c));
                assert_eq!(found, None, "{ending}");
            }
        }
    }
}

#[test]
fn megabytes_in_every_place_stay_bounded() {
    let (mut view, long) = (sheaf::sheaf(8), "\u{1b}=".repeat(1 << 19));
    fill(&mut view, || long.clone());
    for (ending, format) in FORMATS {
        let size = format(&view, &styles()[0]).len();
        assert!(size < 8 << 20, "{ending} has {size} bytes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn any_strings_can_be_read_back(strings in strings(), zh in any::<bool>()) {
        let mut view = every_word();
        let mut place = 0;
        fill(&mut view, || {
            place += 1;
            strings[place % strings.len()].clone()
        });
        let style = Style::plain(80, if zh { Lang::Zh } else { Lang::En });
        crate::csv::read_back(&csv::run(&view, &style), &view);
        crate::junit::read_back(&junit::run(&view, &style), &view);
        crate::sarif::read_back(&sarif::run(&view, &style), &view);
        crate::ocsf::read_back(&ocsf::run(&view, &style), &view);
        crate::oscal::read_back(&oscal::results(&view, &style), &view);
        crate::oscal::read_back_plan(&oscal::poam(&view, &style), &view);
    }
}
