//! What every format for other programs keeps: the same view gives the same
//! bytes, every string can be read back, and no result is lost.

use crate::fixtures::text;
use crate::{runs, sheaf};
use anji_model::{
    CheckInfo, DriftKind, FailureCategory, Lang, Privilege, RawResult, Reason, ReasonCategory,
    Subject, UnknownGroup,
};
use anji_report::{ReportView, Style, csv, junit, ocsf, oscal, sarif};
use proptest::prelude::*;
use serde_json::Value;
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

/// A later run that asked only what passes: everything else was left out.
pub(crate) fn partial() -> ReportView {
    let mut view = sheaf::sheaf(60);
    view.report.drift.clear();
    view.report.unknown.clear();
    let others = view.report.assessment.results.iter_mut().filter(|o| o.raw != RawResult::Pass);
    for one in others {
        one.raw = RawResult::NotSelected;
        one.failed_terms.clear();
        one.failed_terms_total = 0;
        one.reasons.clear();
    }
    view
}

/// How many results of the view carry each word, without those that the run left out.
pub(crate) fn asked(view: &ReportView) -> BTreeMap<String, u64> {
    let mut view = view.clone();
    view.report.assessment.results.retain(|one| match one.raw {
        RawResult::NotSelected => false,
        RawResult::NotChecked => {
            one.reasons.iter().any(|reason| reason.category == ReasonCategory::Undecidable)
        }
        _ => true,
    });
    words(&view)
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

/// The value of a field of the first SARIF result's properties.
fn detail(view: &ReportView, lang: Lang, field: &str) -> Value {
    let document: Value =
        serde_json::from_str(&sarif::run(view, &Style::plain(80, lang))).expect("JSON");
    document["runs"][0]["results"][0]["properties"][field].clone()
}

#[test]
fn since_is_when_the_result_became_what_it_is() {
    let mut view = sheaf::single();
    let stretches = view.history.values_mut().next().expect("a history");
    // The same word in another stretch before: it has not changed since.
    let mut earlier = stretches[0].clone();
    earlier.since -= jiff::ToSpan::hours(240);
    stretches.insert(1, earlier.clone());
    let since = earlier.since.to_string();
    assert_eq!(detail(&view, Lang::En, "since"), since.as_str());
    assert!(csv::run(&view, &styles()[0]).contains(&since));
    assert!(ocsf::run(&view, &styles()[0]).contains(&format!("\"modified_time_dt\":\"{since}\"")));
    assert!(oscal::poam(&view, &styles()[0]).contains(&since));
    // A history that ends with another word does not tell.
    let stretches = view.history.values_mut().next().expect("a history");
    for one in &mut stretches[..2] {
        one.raw = RawResult::Pass;
    }
    assert_eq!(detail(&view, Lang::En, "since"), Value::Null);
    assert!(!csv::run(&view, &styles()[0]).contains(&since));
    assert!(!ocsf::run(&view, &styles()[0]).contains("modified_time"));
    assert!(!oscal::poam(&view, &styles()[0]).contains("\"since\""));
}

#[test]
fn advice_knows_the_rights_every_reason_and_no_markdown() {
    let mut view = sheaf::single();
    let reason = |category| Reason { category, key: None, detail: String::new() };
    let one = &mut view.report.assessment.results[0];
    one.raw = RawResult::Unknown;
    one.reasons = vec![
        reason(ReasonCategory::Evidence(FailureCategory::Permission)),
        reason(ReasonCategory::Stale),
    ];
    for (privilege, begin) in [(Privilege::User, "Run as root"), (Privilege::Root, "Even root")] {
        view.report.privilege = privilege;
        let remedy = detail(&view, Lang::En, "remedy").to_string();
        assert!(remedy.contains(begin), "{remedy}");
        assert!(
            remedy.contains("; Collect again: anji check") && !remedy.contains('`'),
            "{remedy}"
        );
    }
}

#[test]
fn hosts_are_told_apart_wherever_a_subject_has_an_id() {
    let mut other = sheaf::single();
    other.subjects.values_mut().for_each(|name| *name = "pacs-db (Debian)".to_owned());
    other.report.subject_name = "pacs-db (Debian)".to_owned();
    let ids = |view: &ReportView| -> Vec<String> {
        let style = &styles()[0];
        let parse = |text: String| serde_json::from_str::<Value>(&text).expect("JSON");
        let (event, sarif) = (parse(ocsf::run(view, style)), parse(sarif::run(view, style)));
        let plan = parse(oscal::poam(view, style));
        let run = &sarif["runs"][0];
        let found = [
            &event["resources"][0]["uid"],
            &run["results"][0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"],
            &run["automationDetails"]["id"],
            &plan["plan-of-action-and-milestones"]["system-id"]["id"],
        ];
        found.map(|id| id.as_str().expect("an id").to_owned()).into()
    };
    for (one, two) in ids(&sheaf::single()).iter().zip(ids(&other)) {
        assert!(*one != two && two.contains("pacs-db"), "{one} {two}");
    }
}

#[test]
fn the_reason_of_the_undecidable_is_in_the_readers_language() {
    let mut view = sheaf::single();
    let one = &mut view.report.assessment.results[0];
    one.raw = RawResult::Unknown;
    one.reasons = vec![Reason {
        category: ReasonCategory::Undecidable,
        key: None,
        detail: "units are not read".to_owned(),
    }];
    let id = one.identity.check.clone();
    let of_check = |check: &&mut CheckInfo| check.id == id;
    let check = view.report.checks.iter_mut().find(of_check).expect("the check is there");
    check.undecided = Some(text("尚未读取单元", "units are not read"));
    for (lang, told) in [(Lang::Zh, "尚未读取单元"), (Lang::En, "units are not read")] {
        let style = Style::plain(80, lang);
        for (ending, format) in FORMATS {
            let document = format(&view, &style);
            assert!(document.contains(told), "{ending}: {document}");
            assert!(!document.contains("as reported: units"), "{ending}");
            assert_eq!(document.contains("units are not read"), lang == Lang::En, "{ending}");
        }
        let category = ReasonCategory::Undecidable;
        let example = view.report.assessment.results[0].reasons[0].clone();
        view.report.unknown = vec![UnknownGroup { category, example, checks: vec![id.clone()] }];
        let page = anji_report::terminal::run(&view.report, &style);
        assert!(page.contains(told) && !page.contains("as reported"), "{page}");
    }
}

#[test]
fn lists_that_are_cut_say_how_many_more_there_are() {
    let mut view = sheaf::single();
    let one = &mut view.report.assessment.results[0];
    one.evidence = vec![one.evidence[0].clone(); 25];
    assert_eq!(csv::run(&view, &styles()[1]).matches("… and 5 more").count(), 3);
    assert!(oscal::results(&view, &styles()[1]).contains("… and 5 more"));
    assert_eq!(detail(&view, Lang::En, "evidenceTotal"), 25);
    assert!(ocsf::run(&view, &styles()[1]).contains("\"evidences_total\":25"));
    let one = &mut view.report.assessment.results[0];
    one.evidence.truncate(20);
    one.reasons =
        vec![Reason { category: ReasonCategory::Stale, key: None, detail: String::new() }; 23];
    let table = csv::run(&view, &styles()[1]);
    assert_eq!(table.matches("… and 3 more").count(), 1, "{table}");
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
