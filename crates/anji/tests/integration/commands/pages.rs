//! A check's page of documentation, and what a run cost.

use super::support::Bench;
use std::collections::BTreeSet;

#[test]
fn a_check_is_explained_as_its_page_of_documentation() {
    let bench = Bench::new();
    for (lang, words) in [("en", "## How it is decided"), ("zh", "## 如何判定")] {
        let ran = bench.run(&["explain", "lnx-011", "--format", "markdown", "--lang", lang]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.starts_with("# LNX-011 · ") && ran.out.contains(words), "{}", ran.out);
        assert!(ran.out.contains("accounts.users.all("), "{}", ran.out);
    }
    let refused = bench.run(&["plan", "--format", "markdown"]);
    assert_eq!((refused.code, refused.out.as_str()), (64, ""));
    assert!(refused.err.contains("markdown"), "{}", refused.err);
}

#[test]
fn pages_are_written_for_all_checks_and_old_ones_are_named() {
    let bench = Bench::new();
    let folder = bench.place("pages");
    let old = folder.join("en/LNX-999.md");
    std::fs::create_dir_all(old.parent().expect("a folder")).expect("a folder");
    std::fs::write(&old, "of a check that is gone\n").expect("a file");
    let ran = bench.run(&["content", "docs", super::support::path_text(&folder)]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("LNX-999.md"), "{}", ran.err);
    for name in ["en/index.md", "zh/index.md", "en/LNX-011.md", "zh/LNX-011.md", "en/LNX-999.md"] {
        assert!(folder.join(name).is_file(), "{name} is missing");
    }
    let blocked = bench.place("blocked");
    std::fs::write(&blocked, "a file\n").expect("a file");
    let failed = bench.run(&["content", "docs", super::support::path_text(&blocked)]);
    assert_eq!(failed.code, 1, "{}", failed.err);
}

#[test]
fn the_cost_of_each_command_is_told() {
    let bench = Bench::new();
    let plain = bench.check(&["--only", "LNX-011"]);
    assert!(!plain.out.contains("What the script cost"), "{}", plain.out);
    let ran = bench.check(&["--only", "LNX-011", "--timings"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let table = ran.out.split_once("What the script cost the host").expect("a table").1;
    for word in ["accounts.passwd", "accounts.shadow", "captures in all", "ms of CPU"] {
        assert!(table.contains(word), "`{word}` is missing in\n{table}");
    }
    let json = bench.check(&["--only", "LNX-011", "--timings", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json.out).expect("JSON alone");
    let commands = report["commands"].as_array().expect("commands");
    let names: BTreeSet<_> = commands.iter().filter_map(|one| one["capture"].as_str()).collect();
    assert!(names.contains("accounts.passwd") && names.len() == commands.len(), "{names:?}");
}
