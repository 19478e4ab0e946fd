//! The spreadsheet, read back with openpyxl 3.1.5 and LibreOffice 7.4.

use crate::{fixtures, office, readers, runs, sheaf};
use anji_model::{Lang, Subject};
use anji_report::{ReportView, Style, xlsx};
use serde_json::Value;
use std::path::PathBuf;

fn style(lang: Lang) -> Style {
    let mut style = Style::plain(100, lang);
    let offset = jiff::tz::Offset::from_hours(8).expect("an offset");
    style.zone = jiff::tz::TimeZone::fixed(offset);
    style
}

fn read(name: &str, view: &ReportView, lang: Lang) -> (Value, PathBuf) {
    let folder = readers::folder(&format!("xlsx-{name}-{lang:?}"));
    let file = readers::put(&folder, "run.xlsx", xlsx::run(view, &style(lang)));
    (readers::read("xlsx", &[&file]), folder)
}

fn sheet<'v>(book: &'v Value, name: &str) -> &'v Value {
    let sheets = book["sheets"].as_array().expect("sheets");
    sheets.iter().find(|sheet| sheet["name"] == name).unwrap_or_else(|| panic!("no sheet {name}"))
}

fn names(book: &Value) -> Vec<&str> {
    let sheets = book["sheets"].as_array().expect("sheets");
    sheets.iter().map(|sheet| sheet["name"].as_str().expect("a name")).collect()
}

fn rows(sheet: &Value) -> &Vec<Value> {
    sheet["rows"].as_array().expect("rows")
}

fn texts(value: &Value) -> String {
    value.to_string()
}

/// What holds for every workbook.
fn sound(book: &Value) {
    for sheet in book["sheets"].as_array().expect("sheets") {
        let name = &sheet["name"];
        assert_eq!(sheet["formulas"], serde_json::json!([]), "{name}");
        assert_eq!(sheet["unquoted"], serde_json::json!([]), "{name}");
        let kinds = texts(&sheet["types"]);
        assert!(!kinds.contains("\"e\""), "{name}: {kinds}");
        assert!(texts(&sheet["footer"]).contains("&P"), "{name}");
        let first = name == "Summary" || name == "概要";
        assert_eq!(sheet["landscape"], if first { "portrait" } else { "landscape" }, "{name}");
        if !first {
            let filter = sheet["filter"].as_str().expect("a filter");
            assert!(filter.starts_with("A1:"), "{name}: {filter}");
            let frozen = sheet["frozen"].as_str().expect("a frozen header");
            assert!(["A2", "B2"].contains(&frozen), "{name}: {frozen}");
            assert_eq!(sheet["repeated"], "$1:$1", "{name}");
        }
    }
}

#[test]
fn reader_openpyxl_finds_every_result_in_its_place() {
    let view = sheaf::sheaf(300);
    for (lang, list, changes, head) in
        [(Lang::Zh, "整改清单", "变化", "编号"), (Lang::En, "To put right", "Changes", "Check")]
    {
        let (book, _) = read("300", &view, lang);
        sound(&book);
        let listed = rows(sheet(&book, list));
        assert_eq!(listed[0][0], head);
        let unchecked = view.settled().into_iter();
        let unchecked = unchecked.filter(|one| one.raw == anji_model::RawResult::NotChecked);
        let unchecked = unchecked.count();
        assert!(unchecked > 5);
        assert_eq!(listed.len() - 1, view.findings().len() + view.open().len() + unchecked);
        assert!(view.findings().len() > 30 && view.open().len() > 20);
        assert_eq!(rows(sheet(&book, changes)).len() - 1, view.report.drift.len());
        let of_subjects: usize =
            ["his-db01", "his-app001"].iter().map(|name| rows(sheet(&book, name)).len() - 1).sum();
        assert_eq!(of_subjects, 300);
        let states = &sheet(&book, list)["validations"];
        let last = listed.len();
        assert_eq!(states[0]["cells"], format!("Q2:Q{last}"));
        assert!(texts(&states[0]["list"]).contains(','));
        assert!(texts(&listed[1]).contains("+08:00"), "{}", listed[1]);
        assert_eq!(book["created"], "2026-11-24T01:00:05");
    }
}

#[test]
fn reader_openpyxl_counts_unknown_as_unknown() {
    let view = sheaf::all_unknown();
    let (book, _) = read("unknown", &view, Lang::En);
    sound(&book);
    let total = view.report.assessment.results.len();
    let summary = rows(sheet(&book, "Summary"));
    let line = |word: &str| summary.iter().find(|row| row[0] == word).expect(word);
    assert_eq!((&line("unknown")[6], &line("pass")[6]), (&total.into(), &0.into()));
    assert_eq!(line("Unknown share")[1], "100.0 %");
    assert_eq!(line("Critical checks failing")[1], "none found, but critical checks are unknown");
    assert_eq!(rows(sheet(&book, "To put right")).len() - 1, total);
    assert!(texts(&summary.clone().into()).contains("Unknown means"));
}

#[test]
fn reader_openpyxl_takes_a_run_without_results_and_one_with_one() {
    let (book, _) = read("0", &sheaf::sheaf(0), Lang::Zh);
    sound(&book);
    assert_eq!(names(&book), ["概要", "整改清单", "变化", "证据清单"]);
    let list = sheet(&book, "整改清单");
    assert_eq!(list["filter"], "A1:Q1");
    assert_eq!(list["rows"][1][0], "没有不通过、未知、出错或未检查的结果。");
    let summary = texts(sheet(&book, "概要"));
    assert!(summary.contains("不能据此判断是否符合") && summary.contains("没有结果，不能判断"));
    let (book, _) = read("1", &sheaf::single(), Lang::Zh);
    sound(&book);
    let row = &sheet(&book, "整改清单")["rows"][1];
    assert_eq!((&row[1], &row[2]), (&"严重".into(), &"不通过".into()));
    assert!(texts(sheet(&book, "概要")).contains("有，必须先处理"));
}

#[test]
fn reader_openpyxl_gets_hostile_text_as_text_in_its_escaped_form() {
    let view = sheaf::hostile();
    let (book, folder) = read("hostile", &view, Lang::En);
    sound(&book);
    let all = texts(&book["sheets"]);
    for expected in [
        "<script>alert(1)</script>",
        "=HYPERLINK(\\\"http://example.invalid\\\",\\\"click\\\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\\\\t=1+1",
        "\\\\x1b[2J",
        "\\\\x00\\\\x01\\\\x08",
        "\\\\xe2\\\\x80\\\\xaegnp.exe",
        "]]><!DOCTYPE x",
        "a\\\\x0d\\\\nb",
    ] {
        assert!(all.contains(expected), "{expected}");
    }
    // In the file it is `_x005F_x0041_`; both readers give what was written.
    assert!(all.contains("_x0041_ \\\\xee\\\\x80\\\\x80") && !all.contains("_xFFFE_"));
    let long = book["sheets"].as_array().expect("sheets").iter().flat_map(rows);
    let cells = long.flat_map(|row| row.as_array().expect("cells"));
    let longest = cells.filter_map(|cell| Some(cell.as_str()?.encode_utf16().count())).max();
    assert!(longest.is_some_and(|units| (500..16_000).contains(&units)), "{longest:?}");
    let file = folder.join("run.xlsx").to_str().expect("UTF-8").to_owned();
    office::convert(
        &folder,
        &file,
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2",
    );
    let csv = std::fs::read_to_string(folder.join("run-To put right.csv")).expect("a sheet as CSV");
    assert!(csv.contains("_x0041_ \\xee\\x80\\x80") && !csv.contains("_x005F_"));
    assert!(csv.contains("=HYPERLINK(\"\"http://example.invalid\"\",\"\"click\"\")"));
    assert!(!csv.contains("#NAME?") && !csv.contains("Err:"));
}

#[test]
fn reader_openpyxl_names_sheets_so_that_excel_takes_them() {
    let mut view = sheaf::sheaf(12);
    let name = "名称[1]:*?/\\'".repeat(6);
    let template = view.report.assessment.results.clone();
    view.report.assessment.results.clear();
    for number in 0..230 {
        let mut one = template[number % template.len()].clone();
        one.identity.subject = Subject::asset(format!("host-{number}")).expect("test id");
        view.subjects.insert(one.identity.subject.clone(), name.clone());
        view.report.assessment.results.push(one);
    }
    let (book, _) = read("many", &view, Lang::Zh);
    sound(&book);
    let names = names(&book);
    assert_eq!(names.len(), 5 + 200 + 1);
    assert!(names.iter().all(|name| name.encode_utf16().count() <= 31));
    assert!(names.iter().all(|name| !name.contains(|c| "[]:*?/\\'".contains(c))));
    let folded: std::collections::BTreeSet<_> = names.iter().map(|n| n.to_lowercase()).collect();
    assert_eq!(folded.len(), names.len());
    // Thirty subjects have no sheet of their own; it says so, and nothing is missing.
    assert_eq!(rows(sheet(&book, "其余检查对象")).len() - 1, 30);
    assert!(texts(sheet(&book, "概要")).contains("其余 30 个"));
    let links = sheet(&book, "检查对象一览")["links"].as_array().expect("links").len();
    assert_eq!(links, 230);
}

#[test]
fn reader_libreoffice_prints_the_long_names() {
    let view = sheaf::long_names();
    let (book, folder) = read("long", &view, Lang::Zh);
    sound(&book);
    let file = folder.join("run.xlsx").to_str().expect("UTF-8").to_owned();
    office::convert(&folder, &file, "pdf");
    let (text, pages) = office::text_of_pdf(&folder.join("run.pdf"));
    assert!(text.contains("第 1 页") && text.contains("整改清单"), "{text}");
    assert!((5..40).contains(&pages), "{pages} pages");
}

#[test]
fn reader_openpyxl_is_told_that_a_run_is_partial() {
    use anji_model::{RawResult, Severity};
    let mut left = fixtures::result("LNX-011", RawResult::NotChecked);
    let passing = fixtures::result("LNX-001", RawResult::Pass);
    for (severity, said) in [
        (Severity::Critical, "cannot be told: critical checks were not selected or not checked"),
        (Severity::Low, "none found among what was checked; other checks were left out"),
    ] {
        left.severity = severity;
        let view = sheaf::around(runs::report(vec![passing.clone(), left.clone()]));
        let (book, _) = read("partial", &view, Lang::En);
        let summary = rows(sheet(&book, "Summary"));
        let line = |word: &str| summary.iter().find(|row| row[0] == word).expect(word);
        assert_eq!(line("Critical checks failing")[1], said);
        assert!(texts(&line("Extent")[1]).contains("Only a part was checked (1 of 2 left out)"));
    }
}

#[test]
fn reader_openpyxl_finds_times_as_dates_in_the_zone_of_the_title() {
    let (book, _) = read("dates", &sheaf::single(), Lang::En);
    for (name, titles) in [
        ("To put right", ["Seen (oldest) (+08:00)", "Since (+08:00)"]),
        ("his-db01", ["Seen (oldest) (+08:00)", "Since (+08:00)"]),
        ("Evidence", ["Seen (+08:00)", "Seen (+08:00)"]),
    ] {
        let sheet = sheet(&book, name);
        let head = rows(sheet)[0].as_array().expect("titles");
        let column = |title: &str| head.iter().position(|one| one == title).expect(title);
        let expected = if name == "Evidence" {
            ["2026-11-24T07:30:01", "2026-11-24T07:30:01"]
        } else {
            ["2026-11-24T07:30:05", "2026-11-21T07:30:05"]
        };
        for (title, when) in titles.iter().zip(expected) {
            assert_eq!(rows(sheet)[1][column(title)], when, "{name}: {title}");
        }
        let formats = sheet["dates"].as_object().expect("dates");
        assert!(!formats.is_empty() && formats.values().all(|one| one == "yyyy-mm-dd hh:mm:ss"));
    }
    // A year that Excel does not know stands as text.
    let mut early = sheaf::single();
    early.records[0].observed_at = "-000044-03-15T00:00:00Z".parse().expect("test time");
    let (book, _) = read("early", &early, Lang::En);
    assert!(texts(&rows(sheet(&book, "Evidence"))[1]).contains("-000044-03-15"));
}

#[test]
fn reader_openpyxl_finds_what_was_not_checked_in_the_list() {
    use anji_model::{RawResult, Reason, ReasonCategory};
    let mut one = fixtures::result("LNX-001", RawResult::NotChecked);
    let category = ReasonCategory::Undecidable;
    one.reasons = vec![Reason { category, key: None, detail: "needs a list".to_owned() }];
    let mut view = sheaf::around(runs::report(vec![one]));
    view.report.checks[0].undecided = Some(fixtures::text("需要名单", "needs a list"));
    let (book, _) = read("unchecked", &view, Lang::Zh);
    let row = &rows(sheet(&book, "整改清单"))[1];
    assert_eq!(
        (&row[0], &row[2], &row[4]),
        (&"LNX-001".into(), &"未检查".into(), &"未分配".into())
    );
    let row = texts(row);
    assert!(row.contains("尚不能自动判定（需要名单）") && row.contains("由人工核查"), "{row}");
}
