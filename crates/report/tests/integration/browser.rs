//! The HTML report in Debian's Chromium, driven by playwright, with axe-core for
//! accessibility and poppler for what is printed.

use crate::readers::{folder, put, read};
use crate::sheaf;
use anji_model::{Lang, RawResult, Severity};
use anji_report::{ReportView, Style, html};
use serde_json::Value;

fn pages() -> Vec<(String, ReportView, Lang)> {
    let wanted = |name: &str| match name {
        "hostile" | "unknown" => Lang::En,
        _ => Lang::Zh,
    };
    let all = sheaf::all().into_iter();
    all.map(|(name, view)| (format!("page-{name}"), view, wanted(name))).collect()
}

/// What Chromium found, page by page.
fn looked(folder_name: &str, pages: &[(String, ReportView, Lang)]) -> Value {
    let folder = folder(folder_name);
    let files: Vec<_> = pages
        .iter()
        .map(|(name, view, lang)| {
            put(&folder, &format!("{name}.html"), html::run(view, &Style::plain(100, *lang)))
        })
        .collect();
    read("browser", &files.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn readers_in_a_browser_find_filter_and_print_everything() {
    let pages = pages();
    let found = looked("browser", &pages);
    for (name, view, _) in &pages {
        let page = &found[name.as_str()];
        assert_eq!(page["trouble"], serde_json::json!([]), "{name}");
        for (at, overflow) in page["overflow"].as_object().expect("widths") {
            assert_eq!(overflow, 0, "{name} is wider than the window at {at}");
        }
        for (at, violations) in page["axe"].as_object().expect("themes") {
            assert_eq!(violations, &serde_json::json!([]), "{name} at {at}");
        }
        assert_eq!(page["first_stop"], "skip", "{name}");
        assert_eq!(page["without_script"]["filter"], false, "{name}");
        assert_eq!(page["without_script"]["trouble"], serde_json::json!([]), "{name}");
        if let Some(unfolded) = page["without_script"].get("unfolded") {
            assert!(unfolded.as_u64() > Some(100), "{name}: {unfolded} characters without script");
        }
        filters(name, view, page);
        if let Some(print) = page.get("print") {
            prints(name, view, print);
        }
    }
}

fn filters(name: &str, view: &ReportView, page: &Value) {
    let results = &view.report.assessment.results;
    assert_eq!(page["all"], results.len(), "{name}");
    if results.is_empty() {
        return;
    }
    let shown = |key: &str| page[key][0].as_u64().and_then(|n| usize::try_from(n).ok());
    let failing = results.iter().filter(|one| one.raw == RawResult::Fail).count();
    assert_eq!(shown("fail"), Some(failing), "{name}");
    let critical = results.iter().filter(|one| one.severity == Severity::Critical).count();
    assert_eq!(shown("critical"), Some(critical), "{name}");
    assert_eq!(shown("none"), Some(0), "{name}");
    let named = results.iter().filter(|one| one.identity.check.as_str() == "LNX-001").count();
    assert_eq!(shown("text"), Some(named), "{name}");
    let undecided = |raw| matches!(raw, RawResult::Unknown | RawResult::Error);
    let open = results.iter().filter(|one| undecided(one.raw)).count();
    assert_eq!(shown("open"), Some(open), "{name}");
    let passing = results.iter().filter(|one| one.raw == RawResult::Pass).count();
    assert_eq!(shown("pass"), Some(passing), "{name}");
    let drift = &view.report.drift;
    let changed = results.iter().filter(|one| drift.iter().any(|d| d.identity == one.identity));
    assert_eq!(shown("changed"), Some(changed.count()), "{name}");
    let mut subjects: Vec<_> = results.iter().map(|one| &one.identity.subject).collect();
    subjects.sort();
    subjects.dedup();
    if let Some(second) = subjects.get(1) {
        let of_second = results.iter().filter(|one| one.identity.subject == **second).count();
        assert_eq!(shown("subject"), Some(of_second), "{name}");
    }
    if failing > 0 && !view.report.next.is_empty() {
        assert_eq!(page["unfolds"], true, "{name}");
        let paper = page["filtered_paper"].as_str().expect("a text");
        assert!(paper.contains('0'), "{name}: filtered paper says {paper:?}");
    }
}

fn prints(name: &str, view: &ReportView, print: &Value) {
    let (pages, text) =
        (print["pages"].as_u64().expect("pages"), print["text"].as_str().expect("text"));
    assert_eq!(print["colours"], 0, "{name} is printed in colour");
    let spaceless: String = text.chars().filter(|c| *c != ' ').collect();
    assert!(spaceless.contains(&format!("\n{pages}/{pages}\n")), "{name}: no page numbers");
    let first = print["first"].as_str().expect("a first page");
    assert!(first.contains(view.report.baseline.as_str()), "{name}: {first}");
    // The first page ends before the findings begin, and the trend is still on it.
    if name != "page-long" && view.report.assessment.results.len() > 1 {
        let begun = view.trend[0].as_of.strftime("%Y-%m-%d").to_string();
        assert!(first.contains('%') && first.contains(&begun), "{name}: {first}");
    }
    let missing = view
        .report
        .assessment
        .results
        .iter()
        .find(|one| !text.contains(one.identity.check.as_str()));
    assert!(missing.is_none(), "{name}: {missing:?} is not printed");
}
