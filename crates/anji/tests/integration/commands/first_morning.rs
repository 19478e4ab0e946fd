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
    assert!(second.out.contains("Nothing changed: 41 checks"), "{}", second.out);
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
        ("regressed", "LNX-013", "evidence"),
        ("value_moved", "LNX-015", "evidence"),
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
    // Two checks that a root without daemons answers one way or the other.
    let code = |more: &[&str]| {
        let only = ["--only", "LNX-019", "--only", "LNX-030"];
        bench.check(&[&only[..], more].concat()).code
    };
    // LNX-030 (high) is unknown in a root; that trips unless allowed.
    assert_eq!(code(&["--fail-on", "high"]), 2);
    assert_eq!(code(&["--fail-on", "high", "--allow-unknown"]), 0);
    assert_eq!(code(&["--fail-on", "regression"]), 0);
    bench.write("srv/open.txt", "", 0o666);
    assert_eq!(code(&["--fail-on", "high", "--allow-unknown"]), 0, "medium is below");
    assert_eq!(code(&["--fail-on", "medium", "--allow-unknown"]), 2);
    // It passed once, and stays an open regression on later days.
    assert_eq!(code(&["--fail-on", "regression"]), 2);
    assert_eq!(code(&["--fail-on", "regression"]), 2);
}

#[test]
fn one_check_asked_makes_no_other_check_gone() {
    let bench = Bench::new();
    bench.check(&[]);
    let only = bench.check(&["--only", "LNX-011"]);
    assert_eq!(only.code, 0, "{}", only.err);
    assert!(!only.out.contains("gone"), "{}", only.out);
    let all = bench.check(&[]);
    assert!(all.out.contains("Nothing changed: 41 checks"), "{}", all.out);
}

#[test]
fn one_of_many_failures_swapped_for_another_is_a_change() {
    let bench = Bench::new();
    for number in 0..60 {
        bench.write(&format!("srv/f{number}"), "", 0o666);
    }
    bench.check(&[]);
    std::fs::remove_file(bench.root().join("srv/f59")).expect("one less");
    bench.write("srv/f99", "", 0o666);
    let changes = drift(&bench.check_json());
    assert_eq!(changes, [("value_moved".into(), "LNX-019".into(), "evidence".into())]);
}

#[test]
fn a_register_of_another_baseline_is_adopted_from_its_own_run() {
    let bench = Bench::new();
    bench.write("usr/bin/helper", "#!/bin/sh\n", 0o4755);
    let content = bench.place("content");
    let pack = content.join("packs/example/suid.yaml");
    std::fs::create_dir_all(pack.parent().expect("a folder")).expect("made");
    std::fs::create_dir_all(content.join("baselines")).expect("made");
    std::fs::write(&pack, EXAMPLE_PACK).expect("a pack");
    std::fs::write(content.join("baselines/ward.yaml"), EXAMPLE_BASELINE).expect("a baseline");
    let (root, content) = (bench.root(), path_text(&content).to_owned());
    let with = ["--content", &content, "--root", path_text(&root)];
    let run = |words: &[&str]| bench.run(&[words, &with].concat());

    assert_eq!(run(&["check", "--baseline", "ward"]).code, 0);
    let adopted = run(&["register", "adopt", "example-suid"]);
    assert_eq!(adopted.code, 0, "{}", adopted.err);
    assert!(adopted.out.contains("/usr/bin/helper"), "{}", adopted.out);
    // Nothing that the run asked holds anything against this one.
    let foreign = run(&["register", "adopt", "suid-files"]);
    assert_eq!(foreign.code, 1, "{}", foreign.out);
    let explained = run(&["explain", "EX-002"]);
    assert!(explained.out.contains("[\"file\",\"ward\"]"), "{}", explained.out);
}

const EXAMPLE_PACK: &str = r#"
- id: EX-002
  alias: example-suid
  revision: 1
  title: {zh: 示例, en: Example of a list}
  why: {zh: 示例。, en: It is an example.}
  fix: {zh: 示例。, en: Nothing to do.}
  severity: low
  guards: [data]
  layer: host
  applies: {platform: linux}
  evidence: {walk: {type: file.walk, empty: ok}}
  registers: {okay: example-suid}
  when_absent: notapplicable
  params: {kinds: {type: list<string>, default: [file], stricter: superset}}
  assert: walk.entries.all(e, !e.set_uid || !(e.kind in params.kinds) || e.entry in registers.okay)
  cases:
    - {name: none, recording: busybox-initramfs, registers: {okay: ["4755 0:0 /bin/busybox"]}, expect: pass}
    - {name: one, recording: busybox-initramfs, registers: {okay: []}, expect: fail}
"#;

const EXAMPLE_BASELINE: &str = r#"
id: ward
version: 1
title: {zh: 示例, en: Example}
imports: [example]
params: {EX-002: {kinds: [file, ward]}}
"#;

#[test]
fn a_store_without_its_key_is_not_called_sound() {
    let bench = Bench::new();
    bench.check(&[]);
    let holds = bench.run(&["verify", "--format", "json"]);
    assert_eq!(holds.code, 0, "{}", holds.out);
    let report: Value = serde_json::from_str(&holds.out).expect("a document");
    let key = report["public_key"].as_str().expect("a key").to_owned();
    std::fs::remove_file(bench.state().join("signing.key")).expect("the key is gone");
    assert_eq!(bench.run(&["verify"]).code, 2, "nobody vouches for the key");
    assert_eq!(bench.run(&["verify", "--expect-key", &key]).code, 0);
    assert_eq!(bench.run(&["verify", "--expect-key", &"00".repeat(32)]).code, 2);
}
