//! The HTML report as a document: read in order without eyes, sound in its
//! structure, complete in its counts, and harmless whatever the evidence holds.
//! Parsed by scraper, which is the parser of Servo.

use crate::{runs, sheaf, views};
use anji_model::Lang;
use anji_report::{ReportView, Style, html};
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const LANGS: [(Lang, &str); 2] = [(Lang::Zh, "zh"), (Lang::En, "en")];

fn style(lang: Lang) -> Style {
    let mut style = Style::plain(100, lang);
    style.zone = TimeZone::fixed(Offset::from_seconds(8 * 3600).expect("in range"));
    style
}

/// Every page by name; the large one is tested by its counts alone.
fn pages(lang: Lang) -> Vec<(String, String)> {
    let small = sheaf::all().into_iter().filter(|(name, _)| *name != "10000");
    let mut pages: Vec<_> =
        small.map(|(name, view)| (name.to_owned(), html::run(&view, &style(lang)))).collect();
    for (name, changed) in [("diff-changed", true), ("diff-unchanged", false)] {
        pages.push((name.to_owned(), html::diff(&views::diff(changed), &style(lang))));
    }
    pages.push(("weak".to_owned(), html::run(&sheaf::around(runs::changed()), &style(lang))));
    pages
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a test selector");
    page.select(&selector).collect()
}

/// What a screen reader says, in its order: roles and texts, one line for each block.
fn spoken(page: &Html) -> String {
    let mut lines = vec![String::new()];
    speak(page.root_element(), &mut lines);
    let lines = lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n") + "\n"
}

/// Elements that begin a line of their own, and what is said before their text.
fn announced(element: &Element) -> Option<&'static str> {
    Some(match element.name() {
        "title" => "title: ",
        "h1" => "heading 1: ",
        "h2" => "heading 2: ",
        "h3" => "heading 3: ",
        "h4" => "heading 4: ",
        "a" => "link: ",
        "li" => "- ",
        "dt" => "term: ",
        "header" | "main" | "nav" | "footer" | "section" | "details" | "summary" | "p" | "dd"
        | "tr" | "table" | "ul" | "ol" | "dl" | "div" => "",
        _ => return None,
    })
}

fn speak(element: ElementRef<'_>, lines: &mut Vec<String>) {
    for child in element.children() {
        match child.value() {
            Node::Text(text) => lines.last_mut().expect("there is one").push_str(text),
            Node::Element(inner) => {
                let silent = matches!(inner.name(), "script" | "style" | "meta")
                    || inner.attr("aria-hidden") == Some("true")
                    || inner.attr("hidden").is_some();
                let child = ElementRef::wrap(child).filter(|_| !silent);
                if let Some(child) = child {
                    speak_one(child, inner, lines)
                }
            }
            _ => {}
        }
    }
}

fn speak_one(child: ElementRef<'_>, inner: &Element, lines: &mut Vec<String>) {
    if inner.name() == "br" {
        lines.push(String::new());
        return;
    }
    if inner.name() == "svg" {
        let title = Selector::parse("title").expect("a test selector");
        let title: String = child.select(&title).flat_map(|one| one.text()).collect();
        lines.push(format!("picture: {title}"));
        lines.push(String::new());
        return;
    }
    match announced(inner) {
        Some(words) => {
            lines.push(words.to_owned());
            speak(child, lines);
            lines.push(String::new());
        }
        None => {
            if matches!(inner.name(), "td" | "th") && !lines.last().is_some_and(String::is_empty) {
                lines.last_mut().expect("there is one").push_str(" | ");
            }
            speak(child, lines);
        }
    }
}

#[test]
fn pages_are_read_in_an_order_that_makes_sense() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    for (lang, folder) in LANGS {
        for (name, page) in pages(lang) {
            if !["0", "1", "unknown", "weak", "diff-changed"].contains(&name.as_str()) {
                continue;
            }
            let said = spoken(&Html::parse_document(&page));
            let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
            let path = golden.join("spoken").join(format!("{name}-{folder}.txt"));
            if update {
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                std::fs::write(&path, &said).expect("golden folder is writable");
            }
            let known = std::fs::read_to_string(&path).unwrap_or_default();
            let differs = said.lines().zip(known.lines()).find(|(new, old)| new != old);
            let same = said == known;
            assert!(same, "{}: {differs:?}; UPDATE_GOLDEN=1 writes it anew", path.display());
        }
    }
}

/// Every name in a page stands once, and every link leads to one; gives the names.
pub(crate) fn links_hold(page: &str) -> BTreeSet<String> {
    let page = Html::parse_document(page);
    let ids: Vec<_> =
        select(&page, "[id]").iter().filter_map(|one| one.attr("id")).map(str::to_owned).collect();
    let unique: BTreeSet<_> = ids.iter().cloned().collect();
    assert_eq!(unique.len(), ids.len(), "a name stands twice: {ids:?}");
    for link in select(&page, "a") {
        let target = link.attr("href").and_then(|href| href.strip_prefix('#'));
        let target = target.expect("links stay in the page");
        assert!(unique.contains(target), "nothing is called {target}");
    }
    unique
}

#[test]
fn the_structure_is_sound() {
    for (lang, _) in LANGS {
        for (name, text) in pages(lang) {
            let page = Html::parse_document(&text);
            assert!(page.errors.is_empty(), "{name}: {:?}", page.errors);
            let unique = links_hold(&text);
            for labelled in select(&page, "[aria-labelledby]") {
                let by = labelled.attr("aria-labelledby").expect("selected");
                assert!(unique.contains(by), "{name}: nothing is called {by}");
            }
            assert_eq!(select(&page, "h1").len(), 1, "{name}");
            let mut before = 0;
            for heading in select(&page, "h1,h2,h3,h4") {
                let level = usize::from(heading.value().name().as_bytes()[1] - b'0');
                assert!(level <= before + 1, "{name}: h{before} is followed by h{level}");
                before = level;
            }
            for picture in select(&page, "svg[role=img]") {
                let title = picture.children().find_map(ElementRef::wrap);
                let said = title.map(|one| one.text().collect::<String>()).unwrap_or_default();
                assert!(said.len() > 1, "{name}: a picture says nothing");
            }
            assert!(select(&page, "th:not([scope])").is_empty(), "{name}: a header without scope");
            assert_eq!(select(&page, "html[lang]").len(), 1, "{name}");
        }
    }
}

#[test]
fn the_page_asks_nobody_and_runs_nothing_but_its_own() {
    use base64::Engine as _;
    use sha2::Digest as _;
    for (lang, _) in LANGS {
        for (name, text) in pages(lang) {
            let page = Html::parse_document(&text);
            let policy = select(&page, "meta[http-equiv=Content-Security-Policy]");
            let policy = policy.first().and_then(|one| one.attr("content")).expect("a policy");
            assert!(policy.starts_with("default-src 'none'; "), "{name}: {policy}");
            for kind in ["script", "style"] {
                let parts = select(&page, kind);
                let [only] = parts.as_slice() else { panic!("{name}: {} of {kind}", parts.len()) };
                let own: String = only.text().collect();
                let digest = sha2::Sha256::digest(own.as_bytes());
                let digest = base64::prelude::BASE64_STANDARD.encode(digest);
                let allowed = format!("{kind}-src 'sha256-{digest}'");
                assert!(policy.contains(&allowed), "{name}: {policy} does not allow its {kind}");
            }
            let known: BTreeSet<&str> = "a b body br button circle code dd defs details div dl dt footer g h1 h2 h3 h4 head header html input label li line main mark meta nav ol option output p path pattern polyline rect script section select span strong style summary svg table tbody td text th thead time title tr ul".split(' ').collect();
            for element in select(&page, "*") {
                let element = element.value();
                assert!(known.contains(element.name()), "{name}: <{}>", element.name());
                for (attribute, value) in element.attrs() {
                    let active = attribute.starts_with("on")
                        || ["style", "src", "srcset", "action", "formaction"].contains(&attribute)
                        || (attribute.ends_with("href") && !value.starts_with('#'));
                    assert!(!active, "{name}: {attribute}={value}");
                }
            }
        }
    }
}

#[test]
fn no_character_steers_or_hides_and_no_value_floods_the_page() {
    let unsafe_text = |c: char| {
        let plain = c == '\n';
        !plain && (c.is_control() || unicode_width::UnicodeWidthChar::width(c) == Some(0))
    };
    for (lang, _) in LANGS {
        for (name, page) in pages(lang) {
            let found = page.chars().find(|c| unsafe_text(*c));
            assert_eq!(found, None, "{name}");
            assert!(page.len() < 1 << 20, "{name} has {} bytes", page.len());
        }
    }
}

#[test]
fn english_pages_have_no_chinese_and_chinese_ones_no_english_sentence() {
    let odd = ["long", "hostile", "300"];
    for (name, page) in pages(Lang::En).iter().filter(|(name, _)| !odd.contains(&name.as_str())) {
        let said = spoken(&Html::parse_document(page));
        let chinese: String =
            said.chars().filter(|c| ('\u{3000}'..='\u{9fff}').contains(c)).collect();
        assert_eq!(chinese, "", "{name}");
    }
    for (name, page) in pages(Lang::Zh).iter().filter(|(name, _)| !odd.contains(&name.as_str())) {
        for line in spoken(&Html::parse_document(page)).lines() {
            // What the collector reported stands as it was reported.
            let ours = line.split("采集原文").next().unwrap_or_default();
            let roles = ["heading", "picture", "title", "link", "term"];
            let words: Vec<_> = ours
                .split(' ')
                .filter(|word| !roles.contains(&word.trim_end_matches([':', '1', '2', '3', '4'])))
                .collect();
            let english = words.windows(4).find(|four| {
                four.iter()
                    .all(|word| word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase()))
            });
            assert_eq!(english, None, "{name}: {line}");
        }
    }
}

/// How many results the page shows, by what they are shown as.
fn shown(page: &str) -> BTreeMap<String, usize> {
    let page = Html::parse_document(page);
    let mut counts = BTreeMap::new();
    for row in select(&page, "li.r") {
        *counts.entry(row.attr("data-w").unwrap_or_default().to_owned()).or_insert(0) += 1;
    }
    counts
}

fn expected(view: &ReportView) -> BTreeMap<String, usize> {
    use anji_model::RawResult as Raw;
    let mut counts = BTreeMap::new();
    for result in &view.report.assessment.results {
        let class = match result.raw {
            Raw::Pass | Raw::Fixed => "pass",
            Raw::Fail => "fail",
            Raw::Unknown | Raw::Error => "open",
            _ => "other",
        };
        *counts.entry(class.to_owned()).or_insert(0) += 1;
    }
    counts
}

#[test]
fn every_result_stands_in_the_page_as_what_it_is() {
    for (name, view) in sheaf::all() {
        let page = html::run(&view, &style(Lang::En));
        assert_eq!(shown(&page), expected(&view), "{name}");
        assert!(page.len() < 15_000_000, "{name} has {} bytes", page.len());
        assert_eq!(page, html::run(&view, &style(Lang::En)), "{name} is not the same twice");
    }
}

#[test]
fn an_unknown_critical_check_is_never_shown_as_passed() {
    let mut view = sheaf::single();
    for raw in [anji_model::RawResult::Unknown, anji_model::RawResult::Error] {
        let mut report = view.report.clone();
        report.assessment.results[0].raw = raw;
        view = sheaf::around(runs::report(report.assessment.results));
        let page = Html::parse_document(&html::run(&view, &style(Lang::En)));
        let verdict = select(&page, "h2.verdict");
        assert_eq!(verdict[0].attr("class"), Some("verdict open"));
        assert_eq!(select(&page, "section#open li.r").len(), 1);
        assert!(select(&page, "section#settled li.r").is_empty());
    }
}

/// The class of the verdict of a run whose results carry `words`, its page, and
/// what the terminal shows of it.
fn verdict(words: &[anji_model::RawResult]) -> (String, String, String) {
    let known = crate::fixtures::checks();
    let results = words
        .iter()
        .zip(&known)
        .map(|(raw, check)| crate::fixtures::result(check.id.as_str(), *raw));
    let view = sheaf::around(runs::report(results.collect()));
    let text = html::run(&view, &style(Lang::En));
    let page = Html::parse_document(&text);
    let class = select(&page, "h2.verdict")[0].attr("class").unwrap_or_default().to_owned();
    (class, text, anji_report::terminal::run(&view.report, &style(Lang::En)))
}

#[test]
fn only_a_whole_run_is_green() {
    use anji_model::RawResult as Raw;
    let cases: &[(&[Raw], &str)] = &[
        (&[Raw::Pass, Raw::Fixed, Raw::NotApplicable], "verdict pass"),
        (&[Raw::Pass, Raw::NotSelected], "verdict open"),
        (&[Raw::Pass, Raw::NotChecked], "verdict open"),
        (&[Raw::NotChecked, Raw::NotChecked], "verdict open"),
        (&[Raw::Pass, Raw::Unknown], "verdict open"),
        (&[Raw::Pass, Raw::Error], "verdict open"),
        (&[Raw::NotApplicable, Raw::Informational], "verdict other"),
        (&[], "verdict other"),
        (&[Raw::Fail, Raw::NotSelected], "verdict fail"),
        (&[Raw::Pass, Raw::Fail], "verdict red"),
    ];
    for (words, expected) in cases {
        let (class, page, terminal) = verdict(words);
        assert_eq!(class, *expected, "{words:?}");
        let green = page.contains("Every applicable check passes");
        assert_eq!(green, *expected == "verdict pass", "{words:?}");
        let green = terminal.contains("every applicable check passes");
        assert_eq!(green, *expected == "verdict pass", "{words:?} in the terminal");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_evidence_text_becomes_markup(text in any::<String>(), noise in "[<>&\"'\\x00-\\x7f\\u{80}-\\u{9f}\\u{200b}-\\u{202e}]{0,80}") {
        let calm = html::run(&sheaf::around(filled("x")), &style(Lang::Zh));
        let wild = html::run(&sheaf::around(filled(&format!("{text}{noise}"))), &style(Lang::Zh));
        let elements = |page: &str| -> Vec<String> {
            select(&Html::parse_document(page), "*").iter().map(|one| one.value().name().to_owned()).collect()
        };
        prop_assert_eq!(elements(&wild), elements(&calm));
    }
}

/// A run with `text` in every place that evidence reaches.
fn filled(text: &str) -> anji_model::RunReport {
    let mut report = runs::hostile();
    text.clone_into(&mut report.subject_name);
    for result in &mut report.assessment.results {
        result.identity.element = Some(text.to_owned());
        for term in &mut result.failed_terms {
            for part in [&mut term.path, &mut term.observed, &mut term.allowed] {
                text.clone_into(part);
            }
            "==".clone_into(&mut term.operator);
        }
        for seen in &mut result.observed {
            text.clone_into(&mut seen.path);
            text.clone_into(&mut seen.value);
        }
        for reason in &mut result.reasons {
            reason.detail = format!("x{text}");
        }
    }
    report
}
