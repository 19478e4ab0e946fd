//! Every renderer on reports made of any bytes: those that fuzzing kept, and
//! those of chance. None may panic, and what comes out is what it says it is.

use crate::generated;
use anji_model::Lang;
use anji_report::{ReportView, Style, html, json, terminal};
use proptest::prelude::{ProptestConfig, any, proptest};
use std::path::Path;

/// Renders `view` in every form, and reads back what can be read here.
fn render(view: &ReportView) {
    for lang in [Lang::Zh, Lang::En] {
        let style = Style::plain(80, lang);
        let page = html::run(view, &style);
        let steers = |c: &char| *c != '\n' && c.is_control();
        assert_eq!(page.chars().find(steers), None, "a control character in a page");
        crate::html::links_hold(&page);
        let text = terminal::run(&view.report, &style);
        assert_eq!(text.chars().find(steers), None, "a control character in a text");
        let json: serde_json::Value =
            serde_json::from_str(&json::run(&view.report)).expect("JSON is valid");
        let results = json["results"].as_array().map(Vec::len);
        assert_eq!(results, Some(view.report.assessment.results.len()));
    }
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
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn chance_is_rendered(bytes in proptest::collection::vec(any::<u8>(), 0..6000)) {
        render(&generated::view(&bytes));
    }
}
