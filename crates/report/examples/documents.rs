//! Writes every document of the example reports into a folder, to be looked at:
//! `cargo run -p anji-report --example documents -- DIR [NAME...]`.
#![allow(clippy::disallowed_methods, reason = "an example writes files; the crate does not")]

#[allow(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../tests/integration/fixtures.rs"]
mod fixtures;
#[allow(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../tests/integration/runs.rs"]
mod runs;
#[allow(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../tests/integration/sheaf.rs"]
mod sheaf;

use anji_model::Lang;
use anji_report::{Style, csv, docx, html, json, junit, ocsf, oscal, sarif, xlsx};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name a folder")?;
    let wanted: Vec<_> = arguments.collect();
    for (name, view) in sheaf::all() {
        if !wanted.is_empty() && !wanted.iter().any(|one| one == name) {
            continue;
        }
        for (lang, folder) in
            [(Lang::Zh, format!("{folder}/zh")), (Lang::En, format!("{folder}/en"))]
        {
            std::fs::create_dir_all(&folder)?;
            let mut style = Style::plain(100, lang);
            style.zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::from_hours(8)?);
            let put = |ending: &str, bytes: &[u8]| {
                std::fs::write(Path::new(&folder).join(format!("{name}.{ending}")), bytes)
            };
            put("html", html::run(&view, &style).as_bytes())?;
            put("json", json::run(&view.report).as_bytes())?;
            put("report.json", json::report(&view).as_bytes())?;
            put("csv", csv::run(&view, &style).as_bytes())?;
            put("junit.xml", junit::run(&view, &style).as_bytes())?;
            put("sarif", sarif::run(&view, &style).as_bytes())?;
            put("ocsf.jsonl", ocsf::run(&view, &style).as_bytes())?;
            put("oscal.json", oscal::results(&view, &style).as_bytes())?;
            put("oscal-poam.json", oscal::poam(&view, &style).as_bytes())?;
            put("docx", &docx::run(&view, &style))?;
            put("xlsx", &xlsx::run(&view, &style))?;
        }
    }
    Ok(())
}
