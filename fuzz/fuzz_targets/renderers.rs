#![no_main]
//! Every renderer, on reports made of any bytes.

#[path = "../../crates/report/tests/integration/generated.rs"]
mod generated;

use anji_model::Lang;
use anji_report::{Style, csv, docx, html, json, junit, ocsf, oscal, sarif, terminal, xlsx};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let view = generated::view(input);
    let style = Style::plain(60, if input.len() % 2 == 0 { Lang::Zh } else { Lang::En });
    let steers = |c: char| c != '\n' && c.is_control();
    assert!(!html::run(&view, &style).contains(steers));
    assert!(!terminal::run(&view.report, &style).contains(steers));
    let parsed = |text: &str| {
        serde_json::from_str::<serde_json::Value>(text).expect("JSON is valid");
    };
    parsed(&json::report(&view));
    parsed(&sarif::run(&view, &style));
    parsed(&oscal::results(&view, &style));
    parsed(&oscal::poam(&view, &style));
    ocsf::run(&view, &style).lines().for_each(parsed);
    assert!(csv::run(&view, &style).starts_with('\u{feff}'));
    assert!(!junit::run(&view, &style).contains(steers));
    // Packing is slow and the same for all; a part of the inputs is enough.
    if input.len() % 8 == 0 {
        assert!(docx::run(&view, &style).starts_with(b"PK"));
        assert!(xlsx::run(&view, &style).starts_with(b"PK"));
    }
    let json: serde_json::Value =
        serde_json::from_str(&json::run(&view.report)).expect("JSON is valid");
    assert_eq!(
        json["results"].as_array().map(Vec::len),
        Some(view.report.assessment.results.len())
    );
});
