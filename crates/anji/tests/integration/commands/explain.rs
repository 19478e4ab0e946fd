//! A check explained: of which subject, and how its answer came about.

use super::support::{Bench, path_text};

#[test]
fn a_subject_is_named_as_people_and_the_product_write_it() {
    let bench = Bench::new();
    bench.check(&[]);
    let root = bench.root();
    let (root, other) = (path_text(&root), bench.place("other"));
    let by_option = bench.run(&["explain", "LNX-011", "--root", root]);
    assert_eq!(by_option.code, 0, "{}", by_option.err);
    assert!(by_option.out.contains("Result on "), "{}", by_option.out);
    let recorded = format!("{root} (Debian GNU/Linux 12 (bookworm))");
    for name in [format!("root:{root}"), format!("asset:root:{root}"), recorded, root.to_owned()] {
        let named = bench.run(&["explain", "LNX-011", &name]);
        assert_eq!((named.code, &named.out), (0, &by_option.out), "{name}: {}", named.err);
    }
    // This machine is known before its first run, and has no result yet.
    for name in ["local", "asset:local"] {
        let local = bench.run(&["explain", "LNX-011", name]);
        assert_eq!(local.code, 0, "{}", local.err);
        assert!(local.out.contains("No result yet"), "{}", local.out);
    }
    let unknown = bench.run(&["explain", "LNX-011", "his-db01"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (64, ""));
    assert!(unknown.err.contains("`his-db01`"), "{}", unknown.err);
    assert!(
        unknown.err.contains(&format!("there are asset:root:{root} = {root} (Debian")),
        "{}",
        unknown.err
    );
    let chinese = bench.run(&["explain", "LNX-011", "his-db01", "--lang", "zh"]);
    assert!(chinese.err.contains("没有关于“his-db01”的运行"), "{}", chinese.err);
    let both = bench.run(&["explain", "LNX-011", "local", "--root", path_text(&other)]);
    assert_eq!(both.code, 64, "{}", both.out);
}

#[test]
fn without_any_run_no_name_but_this_machine_is_known() {
    let bench = Bench::new();
    let unknown = bench.run(&["explain", "LNX-011", "his-db01"]);
    assert_eq!(unknown.code, 64, "{}", unknown.out);
    assert!(unknown.err.contains("run `anji check` first"), "{}", unknown.err);
    assert_eq!(bench.run(&["explain", "LNX-011", "local"]).code, 0);
}

#[test]
fn the_history_tells_each_stretch_with_its_runs_and_rights() {
    let bench = Bench::new();
    let run = |report: serde_json::Value| report["run"].as_str().expect("a stored run").to_owned();
    let first = run(bench.check_json());
    let second = run(bench.check_json());
    bench.write("srv/open.txt", "", 0o666);
    let third = run(bench.check_json());
    let root = bench.root();
    let explain = |more: &[&str]| {
        let ran = bench.run(&[&["explain", "LNX-019", path_text(&root)], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    let json: serde_json::Value =
        serde_json::from_str(&explain(&["--format", "json"])).expect("a document");
    let history = &json["results"][0]["history"];
    let rights = if rustix::process::geteuid().is_root() { "root" } else { "user" };
    let expected = [("fail", &third, &third, 2), ("pass", &first, &second, 0)];
    assert_eq!(history.as_array().map(Vec::len), Some(expected.len()), "{history}");
    for (n, (result, first, last, terms)) in expected.into_iter().enumerate() {
        let one = &history[n];
        assert_eq!(one["result"], result);
        assert_eq!(
            (&one["run"], &one["last_run"]),
            (&first.as_str().into(), &last.as_str().into())
        );
        assert_eq!(
            (&one["failed_terms_total"], &one["privilege"]),
            (&terms.into(), &rights.into())
        );
    }
    let text = explain(&[]);
    let told = text.split_once("History").expect("a history").1;
    let words = [
        "✗ fail · 2 comparisons do not hold",
        "seen by one run so far",
        "✓ pass",
        "for less than 1 minute",
    ];
    for word in words {
        assert!(told.contains(word), "`{word}` is missing in\n{told}");
    }
}
