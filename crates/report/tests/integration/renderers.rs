//! Every renderer on reports made of any bytes: those that fuzzing kept, and
//! those of chance. None may panic, and what comes out is what it says it is.

use crate::generated;
use anji_model::Lang;
use anji_report::{
    ReportView, Style, csv, docx, html, json, junit, ocsf, oscal, sarif, terminal, xlsx,
};
use proptest::prelude::{ProptestConfig, any, proptest};
use std::path::Path;

/// Renders `view` in every form, and reads back what can be read here.
fn render(view: &ReportView) {
    let results = view.report.assessment.results.len();
    for lang in [Lang::Zh, Lang::En] {
        let style = Style::plain(80, lang);
        let page = html::run(view, &style);
        let steers = |c: &char| *c != '\n' && c.is_control();
        assert_eq!(page.chars().find(steers), None, "a control character in a page");
        crate::html::links_hold(&page);
        let text = terminal::run(&view.report, &style);
        assert_eq!(text.chars().find(steers), None, "a control character in a text");
        let own = [json::run(&view.report), json::report(view)];
        let foreign =
            [sarif::run(view, &style), oscal::results(view, &style), oscal::poam(view, &style)];
        for json in own.iter().chain(&foreign) {
            serde_json::from_str::<serde_json::Value>(json).expect("JSON is valid");
        }
        let run: serde_json::Value = serde_json::from_str(&own[0]).expect("JSON is valid");
        assert_eq!(run["results"].as_array().map(Vec::len), Some(results));
        for event in ocsf::run(view, &style).lines() {
            serde_json::from_str::<serde_json::Value>(event).expect("each line is JSON");
        }
        let mut rows = ::csv::Reader::from_reader(csv::run(view, &style).into_bytes().as_slice())
            .into_records()
            .map(|row| row.expect("a row of the table").len())
            .collect::<Vec<_>>();
        assert_eq!(rows.len(), results);
        rows.dedup();
        assert!(rows.len() < 2, "rows of different lengths");
        xml_is_whole(&junit::run(view, &style));
        for office in [docx::run(view, &style), xlsx::run(view, &style)] {
            assert!(office.starts_with(b"PK") && office.len() > 2000);
        }
    }
}

/// XML that a strict reader takes to its end.
fn xml_is_whole(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    while !matches!(reader.read_event().expect("well-formed"), quick_xml::events::Event::Eof) {}
}

#[test]
fn what_fuzzing_kept_is_rendered() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/renderers");
    let files: Vec<_> = std::fs::read_dir(&corpus).expect("a corpus").collect();
    assert!(files.len() >= 3, "only {} files", files.len());
    let mut results = 0;
    for file in files {
        let bytes = std::fs::read(file.expect("a file").path()).expect("it can be read");
        let view = generated::view(&bytes);
        results += view.report.assessment.results.len();
        render(&view);
    }
    assert!(results > 10, "the corpus makes only {results} results");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn chance_is_rendered(bytes in proptest::collection::vec(any::<u8>(), 0..6000)) {
        render(&generated::view(&bytes));
    }
}
