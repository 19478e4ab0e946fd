//! The written report, read back with python-docx 1.2.0 and LibreOffice 7.4.

use crate::{fixtures, office, readers, runs, sheaf};
use anji_model::Lang;
use anji_report::{ReportView, Style, docx};
use serde_json::{Value, json};
use std::path::PathBuf;

fn style(lang: Lang) -> Style {
    let mut style = Style::plain(100, lang);
    let offset = jiff::tz::Offset::from_hours(8).expect("an offset");
    style.zone = jiff::tz::TimeZone::fixed(offset);
    style
}

fn read(name: &str, view: &ReportView, lang: Lang) -> (Value, PathBuf) {
    let folder = readers::folder(&format!("docx-{name}-{lang:?}"));
    let file = readers::put(&folder, "run.docx", docx::run(view, &style(lang)));
    let document = readers::read("written_report", &[&file]);
    sound(&document);
    (document, folder)
}

fn all(document: &Value) -> &str {
    document["all"].as_str().expect("text")
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

fn headings(document: &Value) -> Vec<&str> {
    list(&document["headings"]).iter().map(|one| one[1].as_str().expect("text")).collect()
}

/// The table whose header holds `title`.
fn table<'v>(document: &'v Value, title: &str) -> &'v Vec<Value> {
    let tables = list(&document["tables"]).iter().map(|table| list(&table["rows"]));
    let mut found = tables.filter(|rows| list(&rows[0]).iter().any(|cell| cell == title));
    found.next().unwrap_or_else(|| panic!("no table with {title}"))
}

/// What holds for every document.
fn sound(document: &Value) {
    assert_eq!(document["balanced"], true, "fields begin and end");
    assert_eq!(document["codes"][0], r#"TOC \o "1-2" \h \z \u"#);
    assert_eq!(document["footer_codes"], json!(["PAGE", "NUMPAGES"]));
    assert_eq!(document["lang"], json!(["en-US", "zh-CN"]));
    assert_eq!(document["created"], "2026-11-24T01:00:05+00:00");
    // The contents name every chapter and section, in order, and lead there.
    let named = list(&document["contents"]);
    let marked = list(&document["headings"]).iter().filter(|one| one[0] != "Heading 3");
    let marked: Vec<_> = marked.collect();
    assert!(named.len() >= 10 && named.len() == marked.len());
    for (entry, heading) in named.iter().zip(marked) {
        assert_eq!(entry[1], heading[1]);
        let anchor = &entry[2][0];
        assert!(list(&document["anchors"]).contains(anchor), "{anchor}");
    }
    for table in list(&document["tables"]) {
        let rows = list(&table["rows"]);
        let columns = list(&rows[0]).len();
        assert!(rows.iter().all(|row| list(row).len() == columns));
        let width: u64 = list(&table["grid"]).iter().filter_map(Value::as_u64).sum();
        assert!((9300..=9386).contains(&width), "{width}");
        // The facts of the cover have no header; every list has, and repeats it.
        let cover = columns == 2;
        assert_eq!(table["repeated"], !cover, "{}", rows[0]);
    }
}

#[test]
fn reader_python_docx_finds_chapters_fonts_and_languages() {
    let view = sheaf::sheaf(300);
    let (document, _) = read("300", &view, Lang::Zh);
    let chapters = [
        "范围",
        "基线",
        "方法",
        "结论",
        "不通过项",
        "未知和出错项",
        "需人工核查的检查项",
        "整改清单",
        "证据清单",
        "签字栏",
    ];
    let found: Vec<_> = list(&document["headings"])
        .iter()
        .filter(|one| one[0] == "Heading 1")
        .filter_map(|one| one[1].as_str())
        .collect();
    assert_eq!(found.len(), chapters.len());
    for (place, chapter) in chapters.iter().enumerate() {
        assert_eq!(found[place], format!("{}  {chapter}", place + 1));
    }
    let fonts = json!([["Times New Roman", "宋体"], ["Arial", "黑体"]]);
    assert_eq!((&document["defaults"], &document["language"]), (&fonts, &"zh-CN".into()));
    assert!(all(&document).contains("不是标准原文"));
    assert!(all(&document).contains("2026-11-24 07:30:05 +08:00"));
    let (document, _) = read("300", &view, Lang::En);
    let fonts = json!([["Calibri", "宋体"], ["Calibri", "黑体"]]);
    assert_eq!((&document["defaults"], &document["language"]), (&fonts, &"en-US".into()));
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let stray = all(&document).replace("影像归档", "").replace("台主机", "");
    assert!(!stray.contains(chinese), "{:?}", stray.find(chinese).map(|at| &stray[at..at + 60]));
}

#[test]
fn reader_python_docx_finds_every_finding_or_is_told_how_many_more() {
    let view = sheaf::sheaf(5_600);
    let (document, _) = read("5600", &view, Lang::En);
    let points = headings(&document);
    let failing: std::collections::BTreeSet<_> =
        view.findings().iter().map(|one| one.identity.check.as_str()).collect();
    assert!(failing.len() > 100);
    for check in &failing {
        assert!(points.iter().any(|point| point.starts_with(&format!("{check} "))), "{check}");
    }
    // Rows and the lines that count the rest make up all findings.
    let tables = list(&document["tables"]).iter().map(|table| list(&table["rows"]));
    let shown: usize = tables
        .filter(|rows| rows[0][4] == "History")
        .map(|rows| rows.iter().skip(1).filter(|row| row[0] != "").count())
        .sum();
    assert!(shown < view.findings().len());
    let chapter = |name: &str| {
        let of = |one: &&Value| one[1].as_str().is_some_and(|text| text.ends_with(name));
        let paragraphs = list(&document["paragraphs"]).iter();
        paragraphs.clone().position(|one| one[0] == "Heading 1" && of(&one)).expect("a chapter")
    };
    let (from, to) = (chapter("  Findings"), chapter("  Open questions"));
    let more: usize = list(&document["paragraphs"])[from..to]
        .iter()
        .filter_map(|one| {
            one[1].as_str()?.split_once(" more ")?.0.replace(',', "").parse::<usize>().ok()
        })
        .sum();
    assert_eq!(shown + more, view.findings().len());
}

#[test]
fn reader_python_docx_never_sees_unknown_as_pass() {
    let view = sheaf::all_unknown();
    let (document, _) = read("unknown", &view, Lang::En);
    let counts = table(&document, "Total");
    let line = |word: &str| counts.iter().find(|row| row[0] == word).expect(word);
    assert_eq!((&line("pass")[6], &line("unknown")[6]), (&"0".into(), &"12".into()));
    assert!(all(&document).contains("critical checks are unknown, so this is not ruled out"));
    assert!(all(&document).contains("That is not the same as everything passing"));
    assert_eq!(table(&document, "Due date").len() - 1, 12);
    assert!(all(&document).contains("anji register adopt listening-sockets"));
    assert!(!all(&document).contains('`'));
}

#[test]
fn reader_python_docx_takes_a_run_without_results_and_one_with_one() {
    let (document, _) = read("0", &sheaf::sheaf(0), Lang::Zh);
    let text = all(&document);
    assert!(text.contains("不能据此判断是否符合") && text.contains("没有结果，不能判断"));
    let mut nothing = sheaf::sheaf(0);
    nothing.report.next.clear();
    let (document, _) = read("nothing", &nothing, Lang::En);
    assert!(
        all(&document).contains("No check applied") && !all(&document).contains("Nothing to do")
    );
    let (document, _) = read("0", &sheaf::sheaf(0), Lang::Zh);
    assert!(all(&document).contains("没有不通过、未知、出错或未检查的结果。"));
    let (document, _) = read("1", &sheaf::single(), Lang::Zh);
    assert!(all(&document).contains("有严重级检查项不通过，须先处理。"));
    assert!(headings(&document).contains(&"LNX-002 SSH 拒绝空口令登录（1 个检查对象）"));
    let text = all(&document);
    let digest = "3a".repeat(32);
    for part in ["sshd.effective，本机采集，2026-11-24 07:30:05 +08:00", &digest, "2026-11-21"]
    {
        assert!(text.contains(part), "{part}");
    }
    let unstored = sheaf::around(runs::empty());
    let (document, _) = read("unstored", &unstored, Lang::Zh);
    assert!(all(&document).contains("未保存的运行"));
}

#[test]
fn reader_python_docx_says_what_content_no_longer_has() {
    let mut view = sheaf::single();
    view.report.checks.clear();
    let (document, _) = read("gone", &view, Lang::En);
    assert!(all(&document).contains("The content no longer has this check"));
    let mut unsaid = fixtures::result("LNX-002", anji_model::RawResult::Error);
    unsaid.reasons.clear();
    let (document, _) = read("unsaid", &sheaf::around(runs::report(vec![unsaid])), Lang::En);
    assert!(all(&document).contains("no reason was given"));
}

#[test]
fn reader_python_docx_gets_hostile_text_as_text_in_its_escaped_form() {
    let (document, _) = read("hostile", &sheaf::hostile(), Lang::En);
    let text = all(&document);
    for expected in [
        "<script>alert(1)</script>",
        "=HYPERLINK(\"http://example.invalid\",\"click\")",
        "\\t=1+1",
        "\\x1b[2J",
        "\\x00\\x01\\x08",
        "\\xe2\\x80\\xaegnp.exe",
        "]]><!DOCTYPE x [<!ENTITY y SYSTEM",
        "a\\x0d\\nb",
        "_x0041_ \\xee\\x80\\x80",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
    assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}' || c == '\u{fffd}'));
    assert!(!text.contains(&"A".repeat(400)) && text.contains("AAA…"));
    assert_eq!(list(&document["codes"]).len(), 1, "no field but the contents");
}

#[test]
fn reader_libreoffice_lays_it_out_with_page_numbers() {
    let (_, folder) = read("pages", &sheaf::sheaf(300), Lang::Zh);
    let file = folder.join("run.docx").to_str().expect("UTF-8").to_owned();
    office::convert(&folder, &file, "pdf");
    let (text, pages) = office::text_of_pdf(&folder.join("run.pdf"));
    assert!((20..60).contains(&pages), "{pages} pages");
    for page in [1, 2, pages] {
        let foot = format!("第 {page} 页，共 {pages} 页");
        assert!(text.contains(&foot), "{foot}");
    }
    // A table over several pages has its header on each.
    assert!(text.matches("哈希值（SHA-256）").count() >= 1);
    assert!(text.matches("整改清单").count() >= 2);
    let list = text.split("8 整改清单").last().expect("the list");
    let list = list.split("9 证据清单").next().expect("its end");
    let pages_of_list = list.matches('\u{c}').count();
    assert!(pages_of_list > 1 && list.matches("责任人").count() >= pages_of_list);
    // And LibreOffice's own form holds an index, not mere paragraphs.
    office::convert(&folder, &file, "fodt");
    let own = std::fs::read_to_string(folder.join("run.fodt")).expect("LibreOffice's form");
    assert!(own.contains("<text:table-of-content ") && own.contains("style:country-asian=\"CN\""));
}

/// Everything that was asked passes, but the run left a check out.
fn partial() -> ReportView {
    use anji_model::{RawResult, Severity};
    let mut left = fixtures::result("LNX-011", RawResult::NotSelected);
    left.severity = Severity::Critical;
    let passing = fixtures::result("LNX-001", RawResult::Pass);
    sheaf::around(runs::report(vec![passing, left]))
}

#[test]
fn reader_python_docx_is_told_first_that_a_run_is_partial() {
    let (document, _) = read("partial", &partial(), Lang::En);
    let part = "Only a part was checked (1 of 2 left out)";
    let cover = list(&document["tables"][0]["rows"]);
    let of = |label: &str| &cover.iter().find(|row| row[0] == label).expect(label)[1];
    assert!(of("Extent").as_str().is_some_and(|text| text.starts_with(part)));
    assert!(
        of("Critical checks failing").as_str().is_some_and(|t| t.starts_with("cannot be told"))
    );
    let paragraphs = list(&document["paragraphs"]);
    let conclusion = paragraphs.iter().position(|one| {
        one[0] == "Heading 1" && one[1].as_str().is_some_and(|text| text.ends_with("  Conclusion"))
    });
    let first = &paragraphs[conclusion.expect("a conclusion") + 1][1];
    assert!(first.as_str().is_some_and(|text| text.starts_with(part)), "{first}");
    let text = all(&document);
    assert!(!text.contains("every applicable check passes") && !text.contains("Nothing to do:"));
    let mut whole = partial();
    whole.report.assessment.results.retain(|one| one.raw == anji_model::RawResult::Pass);
    whole.report.assessment.coverage = anji_model::Coverage::default();
    whole.report.assessment.coverage.counts[anji_model::RawResult::Pass as usize] = 1;
    let (document, _) = read("whole", &whole, Lang::En);
    assert!(!all(&document).contains("Only a part") && all(&document).contains("Nothing to do:"));
}

/// One check that is planned, one that the run left out.
fn unchecked() -> ReportView {
    use anji_model::{RawResult, Reason, ReasonCategory};
    let not_checked = |id: &str, category, detail: &str| {
        let mut one = fixtures::result(id, RawResult::NotChecked);
        one.reasons = vec![Reason { category, key: None, detail: detail.to_owned() }];
        one
    };
    let list = "needs a list of people";
    let planned = not_checked("LNX-001", ReasonCategory::Undecidable, list);
    let left = not_checked("LNX-019", ReasonCategory::NotCollected, "left out by --skip-walk");
    let mut view = sheaf::around(runs::report(vec![planned, left]));
    view.report.checks[0].undecided = Some(fixtures::text("需要离职人员名单", list));
    view
}

#[test]
fn reader_python_docx_names_what_was_not_checked_and_why() {
    for (lang, reasons, todo) in [
        (
            Lang::Zh,
            ["尚不能自动判定（需要离职人员名单）", "未采集（采集原文：left out by --skip-walk）"],
            ["由人工核查", "由人工核查，或在下次运行时纳入检查"],
        ),
        (
            Lang::En,
            [
                "not decidable yet (needs a list of people)",
                "not collected (as reported: left out by --skip-walk)",
            ],
            ["check it by hand", "check it by hand, or run again without leaving it out"],
        ),
    ] {
        let (document, _) = read("unchecked", &unchecked(), lang);
        let tables = list(&document["tables"]).iter().map(|table| list(&table["rows"]));
        let named: Vec<_> = tables
            .filter(|rows| rows[0].as_array().expect("a row").len() == 5 && rows.len() == 3)
            .collect();
        let rows = named.first().expect("a table of both");
        for place in 0..2 {
            assert_eq!(rows[place + 1][3], reasons[place]);
            assert_eq!(rows[place + 1][4], todo[place]);
        }
        assert!(rows[1][1].as_str().is_some_and(|check| check.starts_with("LNX-001 ")));
    }
    let (document, _) = read("checked", &sheaf::single(), Lang::En);
    assert!(all(&document).contains("Everything that was selected was checked."));
}

#[test]
fn reader_python_docx_says_whose_baseline_it_is_and_lists_its_checks() {
    let mut view = sheaf::single();
    let (document, _) = read("starter", &view, Lang::En);
    assert!(all(&document).contains("starter@1, the built-in starter baseline of the product"));
    let checks = list(&document["tables"]).iter().find(|table| table["rows"][0][2] == "Severity");
    let row = &checks.expect("a table of checks")["rows"][1];
    assert_eq!(row, &json!(["LNX-002", "SSH refuses empty passwords", "critical"]));
    view.report.baseline = anji_model::BaselineVersion::new("his-core@3").expect("test id");
    let (document, _) = read("own", &view, Lang::En);
    let text = all(&document);
    assert!(text.contains("the baseline his-core@3") && !text.contains("built-in"));
    assert!(!text.contains("hospital decides"));
}

#[test]
fn reader_python_docx_sets_comparisons_side_by_side() {
    let one = fixtures::failing(
        "LNX-001",
        vec![fixtures::term("a.b", "1", "==", "2"), fixtures::term("c.d", "3", "<=", "4")],
        5,
    );
    let (document, _) = read("pairs", &sheaf::around(runs::report(vec![one])), Lang::En);
    let rows = table(&document, "History");
    let cells: Vec<_> = rows.iter().skip(1).map(|row| [&row[0], &row[1], &row[2]]).collect();
    assert_eq!(cells.len(), 3, "{cells:?}");
    assert_eq!(cells[0][1], "1. a.b: 1");
    assert_eq!(cells[1], [&json!(""), &json!("2. c.d: 3"), &json!("2. allowed <= 4")]);
    assert_eq!(cells[2], [&json!(""), &json!("… and 3 more"), &json!("")]);
}

#[test]
fn reader_python_docx_counts_subjects_and_names_every_word() {
    use anji_model::RawResult;
    let one = |element: &str, raw| {
        let mut one = fixtures::result("LNX-001", raw);
        one.identity.element = Some(element.to_owned());
        one
    };
    let failing = [one("a", RawResult::Fail), one("b", RawResult::Fail)];
    let (document, _) = read("elements", &sheaf::around(runs::report(failing.to_vec())), Lang::En);
    let named = headings(&document);
    assert!(named.iter().any(|text| text.ends_with("(1 subject)")), "{named:?}");
    let open = [one("a", RawResult::Unknown), one("b", RawResult::Error)];
    let (document, _) = read("both", &sheaf::around(runs::report(open.to_vec())), Lang::En);
    assert_eq!(table(&document, "Due date")[1][2], "error, unknown");
}

#[test]
fn reader_python_docx_calls_no_system_by_its_placeholder() {
    let (document, _) = read("system", &sheaf::single(), Lang::Zh);
    let text = all(&document);
    assert!(text.contains("涉及的业务系统：未分配。") && !text.contains("unassigned"));
    for old in ["摘要", "没有说谎", "无从查得", "怎么整改", "安全基线检查报告"]
    {
        assert!(!text.contains(old), "{old}");
    }
}
