#![no_main]
//! Every renderer, on reports made of any bytes.

#[path = "../../crates/report/tests/integration/generated.rs"]
mod generated;

use anji_model::Lang;
use anji_report::{Style, html, json, terminal};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let view = generated::view(input);
    let style = Style::plain(60, if input.len() % 2 == 0 { Lang::Zh } else { Lang::En });
    let steers = |c: char| c != '\n' && c.is_control();
    assert!(!html::run(&view, &style).contains(steers));
    assert!(!terminal::run(&view.report, &style).contains(steers));
    let json: serde_json::Value =
        serde_json::from_str(&json::run(&view.report)).expect("JSON is valid");
    assert_eq!(json["results"].as_array().map(Vec::len), Some(view.report.assessment.results.len()));
});
