//! From the first check to drift, registers and proof.

use super::support::{Bench, path_text};
use serde_json::Value;
use std::collections::BTreeMap;

/// The result word of each check in a report.
fn words(report: &Value) -> BTreeMap<String, String> {
    let results = report["results"].as_array().expect("results");
    assert!(!results.is_empty(), "a report without results");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    results.iter().map(|result| (text(&result["check"]), text(&result["result"]))).collect()
}

/// Kind, check and cause of each change in a report.
fn drift(report: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let changes = report["changes"].as_array().expect("changes");
    changes
        .iter()
        .map(|one| (text(&one["kind"]), text(&one["check"]), text(&one["cause"])))
        .collect()
}

#[test]
fn a_second_check_of_an_unchanged_root_says_that_nothing_changed() {
    let bench = Bench::new();
    let first = bench.check(&[]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.contains("First run"), "{}", first.out);
    let second = bench.check(&[]);
    assert_eq!(second.code, 0, "{}", second.err);
    assert!(second.out.contains("Nothing changed: 12 checks"), "{}", second.out);
    let diff = bench.run(&["diff"]);
    assert_eq!(diff.code, 0, "{}{}", diff.out, diff.err);
}

#[test]
fn real_changes_and_nothing_else_show_as_drift_with_their_cause() {
    let bench = Bench::new();
    let before = words(&bench.check_json());
    assert_eq!(before["LNX-011"], "pass");
    assert_eq!(before["LNX-019"], "pass");
    bench.write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nopsadm:x:1000:1000::/home/opsadm:/bin/bash\ntoor:x:0:0::/root:/bin/sh\n", 0o644);
    bench.write("srv/open.txt", "anyone may write here", 0o666);

    let report = bench.check_json();
    let expected = [
        ("regressed", "LNX-011", "evidence"),
        ("regressed", "LNX-012", "evidence"),
        ("regressed", "LNX-019", "evidence"),
    ];
    let mut found = drift(&report);
    found.sort_by(|a, b| a.1.cmp(&b.1));
    let found: Vec<_> =
        found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(found, expected);

    let text = bench.run(&["diff"]);
    assert_eq!(text.code, 2, "a difference has exit code 2");
    for part in ["toor", "/srv/open.txt", "pass → ✗ fail"] {
        assert!(text.out.contains(part), "`{part}` is missing in\n{}", text.out);
    }
}

#[test]
fn a_repaired_root_is_shown_as_recovered() {
    let bench = Bench::new();
    bench.write("srv/open.txt", "", 0o666);
    assert_eq!(words(&bench.check_json())["LNX-019"], "fail");
    bench.write("srv/open.txt", "", 0o644);
    let report = bench.check_json();
    let recovered = ("recovered".to_owned(), "LNX-019".to_owned(), "evidence".to_owned());
    assert_eq!(drift(&report), [recovered]);
}

#[test]
fn a_register_decides_only_once_it_is_adopted_and_an_empty_one_is_a_list() {
    let bench = Bench::new();
    let root = bench.root();
    let root = path_text(&root);
    assert_eq!(words(&bench.check_json())["LNX-020"], "unknown");

    let shown = bench.run(&["register", "adopt", "suid-files", "--dry-run", "--root", root]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert_eq!(words(&bench.check_json())["LNX-020"], "unknown", "a dry run adopts nothing");

    let adopted = bench.run(&["register", "adopt", "suid-files", "--root", root]);
    assert_eq!(adopted.code, 0, "{}", adopted.err);
    assert!(adopted.out.contains("self-recorded"), "{}", adopted.out);
    assert_eq!(
        words(&bench.check_json())["LNX-020"],
        "pass",
        "nothing is there, nothing is approved"
    );

    bench.write("usr/bin/helper", "#!/bin/sh\n", 0o4755);
    let report = bench.check_json();
    assert_eq!(words(&report)["LNX-020"], "fail");
    let again =
        bench.run(&["register", "adopt", "suid-files", "--root", root, "--reason", "vendor tool"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("version 2"), "{}", again.out);
    let report = bench.check_json();
    let cause = ("recovered".to_owned(), "LNX-020".to_owned(), "statement".to_owned());
    assert_eq!(drift(&report), [cause]);
    let audit = bench.run(&["audit"]);
    assert!(audit.out.contains("register.adopt"), "{}", audit.out);
}

#[test]
fn live_facts_of_another_root_are_not_had_and_so_cannot_be_adopted() {
    let bench = Bench::new();
    let root = bench.root();
    assert_eq!(words(&bench.check_json())["LNX-030"], "unknown");
    let adopt = bench.run(&["register", "adopt", "listening-sockets", "--root", path_text(&root)]);
    assert_eq!(adopt.code, 1);
    assert!(adopt.err.contains("cannot be adopted"), "{}", adopt.err);
}

#[test]
fn verify_holds_until_a_stored_record_is_changed() {
    let bench = Bench::new();
    bench.check(&[]);
    bench.check(&[]);
    let holds = bench.run(&["verify"]);
    assert_eq!(holds.code, 0, "{}{}", holds.out, holds.err);

    let store = bench.state().join("anji.db");
    let connection = rusqlite::Connection::open(&store).expect("the store opens");
    let overwrite = "UPDATE body SET data = zeroblob(length(data)) WHERE rowid = 1";
    let refused = connection.execute(overwrite, []);
    assert!(refused.is_err(), "the store lets a body be overwritten");
    // Whoever may write the file gets round the trigger, and leaves no trace of that.
    let trigger = "SELECT sql FROM sqlite_master WHERE name = 'body_fixed'";
    let trigger: String =
        connection.query_row(trigger, [], |row| row.get(0)).expect("the trigger's text");
    connection.execute("DROP TRIGGER body_fixed", []).expect("dropped");
    assert_eq!(connection.execute(overwrite, []).expect("a body is overwritten"), 1);
    connection.execute(&trigger, []).expect("made again");
    drop(connection);
    let broken = bench.run(&["verify"]);
    assert_eq!(broken.code, 2, "{}{}", broken.out, broken.err);

    let head = bench.run(&["verify", "--expect-head", &"ab".repeat(32)]);
    assert_eq!(head.code, 2);
    assert_eq!(bench.run(&["verify", "--expect-head", "nonsense"]).code, 64);
}

#[test]
fn thresholds_end_with_their_exit_codes() {
    let bench = Bench::new();
    // LNX-030 (high) is unknown in a root; that trips unless allowed.
    assert_eq!(bench.check(&["--fail-on", "high"]).code, 2);
    assert_eq!(bench.check(&["--fail-on", "high", "--allow-unknown"]).code, 0);
    assert_eq!(bench.check(&["--fail-on", "regression"]).code, 0);
    bench.write("srv/open.txt", "", 0o666);
    assert_eq!(bench.check(&["--fail-on", "high", "--allow-unknown"]).code, 0, "medium is below");
    assert_eq!(bench.check(&["--fail-on", "medium", "--allow-unknown"]).code, 2);
    // It passed once, and stays an open regression on later days.
    assert_eq!(bench.check(&["--fail-on", "regression"]).code, 2);
    assert_eq!(bench.check(&["--fail-on", "regression"]).code, 2);
}

#[test]
fn one_check_asked_makes_no_other_check_gone() {
    let bench = Bench::new();
    bench.check(&[]);
    let only = bench.check(&["--only", "LNX-011"]);
    assert_eq!(only.code, 0, "{}", only.err);
    assert!(!only.out.contains("gone"), "{}", only.out);
    let all = bench.check(&[]);
    assert!(all.out.contains("Nothing changed: 12 checks"), "{}", all.out);
}
