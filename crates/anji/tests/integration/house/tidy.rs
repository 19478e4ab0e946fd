//! Lengths, markers and words.
//!
//! Lengths have a ratchet: what is longer than the rule stands in `ratchet.txt`
//! with its length, may shrink and may not grow. `ANJI_RATCHET=write cargo test
//! -p anji --test house` writes the file anew; the change shows in review.

use super::functions::{Measure, measure};
use super::tree;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const RATCHET: &str = "crates/anji/tests/integration/house/ratchet.txt";
/// The middle file.
const FILE_LINES_MEDIAN: usize = 250;
/// Nineteen of twenty files; and no file at all without a line in the ratchet.
const FILE_LINES_P95: usize = 700;
/// Nineteen of twenty functions; longer ones need a line in the ratchet.
const FUNCTION_LINES_P95: usize = 60;
/// Every function.
const FUNCTION_LINES_MAX: usize = 120;

/// The value that `percent` of the sorted values do not exceed.
fn percentile(mut values: Vec<usize>, percent: usize) -> usize {
    assert!(!values.is_empty(), "nothing was counted");
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100).max(1);
    values[rank - 1]
}

#[test]
fn files_are_short() {
    let lengths: Vec<_> = measure().files.into_values().collect();
    let median = percentile(lengths.clone(), 50);
    let p95 = percentile(lengths, 95);
    assert!(median <= FILE_LINES_MEDIAN, "the middle file has {median} lines");
    assert!(p95 <= FILE_LINES_P95, "one file in twenty has more than {p95} lines");
}

#[test]
fn functions_are_short() {
    let measure = measure();
    let lengths = measure.functions.iter().map(|function| function.lines).collect();
    let p95 = percentile(lengths, 95);
    assert!(p95 <= FUNCTION_LINES_P95, "one function in twenty has more than {p95} lines");
    let too_long: Vec<_> =
        measure.functions.iter().filter(|function| function.lines > FUNCTION_LINES_MAX).collect();
    assert!(too_long.is_empty(), "longer than {FUNCTION_LINES_MAX} lines: {too_long:#?}");
}

/// What exceeds the rule: `kind path name` and its lines.
fn exceptions(measure: &Measure) -> BTreeMap<String, usize> {
    let files = measure
        .files
        .iter()
        .filter(|(_, lines)| **lines > FILE_LINES_P95)
        .map(|(path, lines)| (format!("file {path}"), *lines));
    let functions = measure
        .functions
        .iter()
        .filter(|function| function.lines > FUNCTION_LINES_P95)
        .map(|function| (format!("fn {} {}", function.path, function.name), function.lines));
    let mut found = BTreeMap::new();
    for (name, lines) in files.chain(functions) {
        let longest: &mut usize = found.entry(name).or_default();
        *longest = lines.max(*longest);
    }
    found
}

fn recorded() -> BTreeMap<String, usize> {
    tree::read(RATCHET)
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (lines, name) = line.split_once(' ').expect("a line is `LENGTH NAME`");
            (name.to_owned(), lines.parse().expect("a length is a number"))
        })
        .collect()
}

#[test]
fn long_things_shrink_only() {
    let found = exceptions(&measure());
    if std::env::var_os("ANJI_RATCHET").is_some_and(|value| value == "write") {
        let mut text = String::from("# Longer than the rule; may shrink, may not grow.\n");
        for (name, lines) in &found {
            writeln!(text, "{lines} {name}").expect("writing to a string cannot fail");
        }
        std::fs::write(tree::root().join(RATCHET), text).expect("the ratchet can be written");
        return;
    }
    let recorded = recorded();
    let mut problems = Vec::new();
    for (name, lines) in &found {
        match recorded.get(name) {
            None => problems.push(format!("{name}: {lines} lines; split it")),
            Some(allowed) if lines > allowed => {
                problems.push(format!("{name}: grew from {allowed} to {lines} lines"));
            }
            Some(_) => {}
        }
    }
    for (name, allowed) in &recorded {
        if found.get(name).is_none_or(|lines| lines < allowed) {
            problems.push(format!("{name}: shorter now; lower or remove `{allowed}`"));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn assumptions_state_their_reason() {
    let unstated: Vec<_> = measure()
        .assumptions
        .into_iter()
        .filter(|call| {
            let reason = call.reason.as_deref().unwrap_or_default();
            reason.split_whitespace().count() < 3
        })
        .map(|call| format!("{}:{} `{}` says not why it holds", call.path, call.line, call.method))
        .collect();
    assert!(unstated.is_empty(), "{unstated:#?}");
}

/// Text files of ours: everything but recordings and the lock file.
fn texts() -> Vec<(String, String)> {
    let ends = [".rs", ".md", ".toml", ".yaml", ".sh", ".txt", ".json"];
    let texts: Vec<_> = tree::files("")
        .into_iter()
        .filter(|path| {
            ends.iter().any(|end| path.ends_with(end))
                || path.starts_with("scripts/")
                || path.starts_with(".ci/")
        })
        .filter(|path| !path.starts_with("testdata/") && !path.starts_with("fuzz/corpus/"))
        .filter(|path| path != "Cargo.lock")
        .map(|path| (path.clone(), tree::read(&path)))
        .collect();
    assert!(texts.len() > 40, "only {} texts found: wrong folder?", texts.len());
    texts
}

/// Lines that hold one of the words.
fn lines_with(words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in texts() {
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                found.push(format!("{path}:{} `{word}`", index + 1));
            }
        }
    }
    found
}

#[test]
fn no_leftover_markers() {
    // Spelled apart, so that this file does not find itself.
    let markers = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("HA", "CK:"),
        concat!("WI", "P:"),
        concat!("<<<", "<<<<"),
        concat!(">>>", ">>>>"),
    ];
    let found = lines_with(&markers);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_text_speaks_of_the_product_alone() {
    let words = [
        concat!("/wo", "rk/"),
        concat!("../sha", "red"),
        concat!("/ro", "ot/.cargo"),
        concat!("as the contract", " says"),
        concat!("Co-authored", "-by"),
        concat!("iss", "ue #"),
    ];
    let found = lines_with(&words);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn modules_open_with_what_they_do() {
    let without: Vec<_> =
        measure().files.into_keys().filter(|path| !tree::read(path).starts_with("//!")).collect();
    assert!(without.is_empty(), "files that do not open with `//!`: {without:#?}");
}

#[test]
fn every_evidence_type_has_a_fuzz_target() {
    let manifest = tree::read("fuzz/Cargo.toml");
    let mut types = 0;
    for path in tree::files("crates/evidence/src/types") {
        let text = tree::read(&path);
        for rest in text.split("type_name(\"").skip(1) {
            let (name, _) = rest.split_once('"').expect("a literal ends");
            let target = format!("\"fuzz_targets/{}.rs\"", name.replace('.', "_"));
            assert!(manifest.contains(&target), "`{name}` has no fuzz target {target}");
            types += 1;
        }
    }
    assert!(types >= 6, "only {types} evidence types found");
}
