//! What making documents of large runs costs. Prints n, median and spread, and
//! the size. Run with `cargo bench -p anji-report`.
#![allow(clippy::print_stdout, missing_docs)]
#![allow(clippy::disallowed_methods, reason = "a benchmark has a clock; the crate has none")]

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
use anji_report::{ReportView, Style, csv, docx, html, json, junit, ocsf, oscal, sarif, xlsx};
use std::time::{Duration, Instant};

/// How often each document is made.
const TIMES: usize = 9;

/// Makes one document.
type Render = fn(&ReportView, &Style) -> Vec<u8>;

/// Every form with what makes it and the most that it may take.
const FORMS: &[(&str, Render, Duration)] = &[
    ("html", |view, style| html::run(view, style).into_bytes(), Duration::from_secs(1)),
    ("json", |view, _| json::run(&view.report).into_bytes(), Duration::from_secs(1)),
    ("csv", |view, style| csv::run(view, style).into_bytes(), Duration::from_secs(5)),
    ("junit", |view, style| junit::run(view, style).into_bytes(), Duration::from_secs(5)),
    ("sarif", |view, style| sarif::run(view, style).into_bytes(), Duration::from_secs(5)),
    ("ocsf", |view, style| ocsf::run(view, style).into_bytes(), Duration::from_secs(5)),
    ("oscal", |view, style| oscal::results(view, style).into_bytes(), Duration::from_secs(5)),
    ("poam", |view, style| oscal::poam(view, style).into_bytes(), Duration::from_secs(5)),
    ("docx", docx::run, Duration::from_secs(5)),
    ("xlsx", xlsx::run, Duration::from_secs(5)),
];

fn main() {
    // `cargo test --benches` only wants to know that it starts.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let style = Style::plain(100, Lang::Zh);
    let mut late = Vec::new();
    for results in [300, 10_000] {
        let view = sheaf::sheaf(results);
        println!("{results} results");
        for (name, render, budget) in FORMS {
            if measure(name, || render(&view, &style)) > *budget {
                late.push((results, name, budget));
            }
        }
    }
    assert!(late.is_empty(), "over budget: {late:?}");
}

/// Prints what `render` takes, and gives the median.
fn measure(name: &str, render: impl Fn() -> Vec<u8>) -> Duration {
    let mut bytes = 0;
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let begun = Instant::now();
            bytes = std::hint::black_box(render()).len();
            begun.elapsed()
        })
        .collect();
    times.sort();
    let (low, median, high) = (times[0], times[TIMES / 2], times[TIMES - 1]);
    println!(
        "  {name:<8} n {TIMES}, median {median:.2?}, spread {low:.2?} to {high:.2?}, {bytes} bytes"
    );
    median
}
