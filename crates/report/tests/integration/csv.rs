//! The table of results, read by other programs.

use crate::machine::{every_word, styles, views, words};
use crate::{readers, sheaf};
use anji_model::Lang;
use anji_report::{ReportView, Style, csv};
use std::collections::BTreeMap;

/// Reads the table strictly; every word stands in it as often as in the view.
pub(crate) fn read_back(table: &str, view: &ReportView) {
    let rows = table.strip_prefix('\u{feff}').expect("the table begins with a byte order mark");
    assert!(!rows.replace("\r\n", "").contains(['\r', '\n']), "rows end with CR LF, and only they");
    let mut reader = ::csv::ReaderBuilder::new().flexible(false).from_reader(rows.as_bytes());
    let column = reader.headers().expect("a header").len() - 11;
    let mut counts: BTreeMap<String, u64> = words(view).into_keys().map(|word| (word, 0)).collect();
    for row in reader.records() {
        let row = row.expect("rows as long as the header");
        *counts.get_mut(&row[column]).expect("a result's word") += 1;
        for cell in &row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            assert!(cell.chars().count() < 32_767);
        }
    }
    assert_eq!(counts, words(view));
}

#[test]
fn every_report_is_a_table_with_a_row_for_each_result() {
    for (_, view) in views() {
        for style in styles() {
            read_back(&csv::run(&view, &style), &view);
        }
    }
}

#[test]
fn headers_and_words_are_in_the_readers_language() {
    let view = sheaf::single();
    let [zh, en] = [Lang::Zh, Lang::En].map(|lang| csv::run(&view, &Style::plain(80, lang)));
    assert!(zh.starts_with("\u{feff}运行,评估时间（UTC）,基线"), "{zh}");
    assert!(en.starts_with("\u{feff}Run,As of (UTC),Baseline"), "{en}");
    assert!(
        zh.contains(",严重,critical,不通过,fail,") && en.contains(",critical,critical,fail,fail,")
    );
}

/// Python 3.11's own csv, and LibreOffice of Debian 12 (openpyxl 3.1.5 looks
/// at what it made of the table): no cell has become a formula, whichever
/// separator the spreadsheet takes.
#[test]
fn reader_spreadsheets_find_every_row_and_no_formula() {
    let folder = readers::folder("csv");
    for (name, view) in
        [("0", sheaf::sheaf(0)), ("words", every_word()), ("hostile", sheaf::hostile())]
    {
        let table = csv::run(&view, &styles()[0]);
        let file = readers::put(&folder, &format!("{name}.csv"), &table);
        let read = readers::read("csv_read", &[&file]);
        let rows = view.report.assessment.results.len() as u64;
        assert_eq!(read["rows"], rows, "{name}");
        assert_eq!(read["columns"], serde_json::json!([23]), "{name}");
        assert_eq!(read["formulas"], serde_json::json!([]), "{name}");
        assert_eq!(read["comma_rows"], rows + 1, "{name}");
        let words: BTreeMap<String, u64> =
            serde_json::from_value(read["words"].clone()).expect("counts");
        let there = crate::machine::words(&view).into_iter().filter(|(_, count)| *count > 0);
        assert_eq!(words, there.collect(), "{name}");
    }
    // The reader can find a formula: the test would fail if it could not.
    let file = readers::put(&folder, "formula.csv", "a,b\r\n=1+1,x;=2+2;\r\n");
    let read = readers::read("csv_read", &[&file]);
    assert!(read["formulas"].as_array().expect("a list").len() >= 2, "{read}");
}
