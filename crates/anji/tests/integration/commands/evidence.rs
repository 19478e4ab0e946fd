//! Looking at evidence: whose, which, and as people read it.

use super::support::{Bench, path_text};

/// Accounts with a full name, and a shadow file of each state.
fn ward() -> Bench {
    let bench = Bench::new();
    let passwd = "root:x:0:0:root:/root:/bin/bash\n\
                  li:x:1000:1000:Li Yisheng:/home/li:/bin/sh\n\
                  wang:x:1001:1000:Wang Hushi:/home/wang:/bin/sh\n";
    let shadow = "root:*:20780:0:99999:7:::\nli:!:20780:0:99999:7:::\nwang::20780:0:90:7:::\n";
    bench.write("etc/passwd", passwd, 0o644);
    bench.write("etc/shadow", shadow, 0o640);
    let ran = bench.check(&[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    bench
}

#[test]
fn one_word_is_a_type_where_there_is_one_and_a_subject_otherwise() {
    let bench = ward();
    let root = bench.root();
    let root = path_text(&root);
    let both = bench.run(&["evidence", root, "accounts"]);
    assert_eq!(both.code, 0, "{}", both.err);
    let by_option = bench.run(&["evidence", "accounts", "--root", root]);
    assert_eq!((by_option.code, &by_option.out), (0, &both.out), "{}", by_option.err);
    let one = bench.run(&["evidence", &format!("root:{root}"), "file.stat[/etc/shadow]"]);
    assert_eq!(one.code, 0, "{}", one.err);
    assert!(one.out.contains("0640"), "{}", one.out);

    let listing = bench.run(&["evidence", root]);
    assert_eq!(listing.code, 0, "{}", listing.err);
    assert!(listing.out.contains("accounts · collected") && !listing.out.contains("Hushi"));
    // The run that a type alone means is one of this machine, and there is none.
    let local = bench.run(&["evidence", "accounts"]);
    assert_eq!(local.code, 1, "{}", local.out);
    assert!(local.err.contains("no run about `asset:local`"), "{}", local.err);

    let near = bench.run(&["evidence", "acounts"]);
    assert_eq!((near.code, near.out.as_str()), (64, ""));
    assert!(near.err.contains("did you mean `accounts`?"), "{}", near.err);
    let nobody = bench.run(&["evidence", "his-db01", "accounts"]);
    assert_eq!(nobody.code, 64, "{}", nobody.out);
    assert!(nobody.err.contains(&format!("asset:root:{root}")), "{}", nobody.err);
    let missing = bench.run(&["evidence", root, "file.stat[/etc/nothing]"]);
    assert_eq!(missing.code, 1, "{}", missing.out);
    let twice = bench.run(&["evidence", root, "accounts", "--root", root]);
    assert_eq!(twice.code, 64, "{}", twice.out);
}

#[test]
fn values_are_laid_out_with_personal_ones_hidden_and_days_as_dates() {
    let bench = ward();
    let root = bench.root();
    let root = path_text(&root);
    let shown = bench.run(&["evidence", root, "accounts"]);
    for part in ["users · 3 entries", "wang", "2026-11-23", "***", "3 personal values are hidden"]
    {
        assert!(shown.out.contains(part), "`{part}` is missing in\n{}", shown.out);
    }
    assert!(!shown.out.contains("Hushi"), "{}", shown.out);
    // What is hidden cannot be searched for either.
    let filtered = bench.run(&["evidence", root, "accounts", "--filter", "HUSHI"]);
    assert!(filtered.out.contains("3 entries: cannot tell"), "{}", filtered.out);
    let untyped = bench.run(&["evidence", root, "--filter", "wang"]);
    assert_eq!((untyped.code, untyped.out.as_str()), (64, ""));
    assert!(untyped.err.contains("needs an evidence type"), "{}", untyped.err);
    let filtered = bench.run(&["evidence", root, "accounts", "--filter", "WANG"]);
    assert!(filtered.out.contains("users · 1 entry"), "{}", filtered.out);
    let json = ["evidence", root, "accounts", "--filter", "wang", "--format", "json"];
    assert_eq!(bench.run(&json).code, 64, "JSON is whole");
    assert!(!bench.run(&["audit"]).out.contains("evidence.show-personal"));

    let personal = bench.run(&["evidence", root, "accounts", "--personal"]);
    assert!(
        personal.out.contains("Wang Hushi") && !personal.out.contains("***"),
        "{}",
        personal.out
    );
    assert!(bench.run(&["audit"]).out.contains("evidence.show-personal"));
    let none = bench.run(&["evidence", root, "accounts", "--filter", "wang", "--personal"]);
    assert!(none.out.contains("2 entries do not hold the text"), "{}", none.out);
    // What is looked for is what is shown: dates, and words of the language.
    let day = ["evidence", root, "accounts", "--personal", "--filter", "2026-11-23"];
    assert!(bench.run(&day).out.contains("users · 3 entries"));
    let number = ["evidence", root, "accounts", "--personal", "--filter", "20780"];
    assert!(bench.run(&number).out.contains("3 entries do not hold the text"));
    let zh = bench.run(&["evidence", root, "accounts", "--lang", "zh"]);
    assert!(zh.out.contains("users · 3 项") && zh.out.contains("个人信息值"), "{}", zh.out);
}

#[test]
fn long_lists_are_bounded_unless_all_of_them_is_asked_for() {
    let bench = Bench::new();
    for number in 0..150 {
        bench.write(&format!("srv/f{number:03}"), "", 0o666);
    }
    bench.check(&[]);
    let root = bench.root();
    let root = path_text(&root);
    let some = bench.run(&["evidence", root, "file.walk"]);
    assert_eq!(some.code, 0, "{}", some.err);
    assert!(some.out.contains("/srv/f099") && !some.out.contains("/srv/f149"), "{}", some.out);
    assert!(some.out.contains("`--all` shows them"), "{}", some.out);
    let all = bench.run(&["evidence", root, "file.walk", "--all"]);
    assert!(all.out.contains("/srv/f149") && !all.out.contains("--all"), "{}", all.out);
}

#[test]
fn a_run_is_not_shown_as_about_somebody_else() {
    let bench = ward();
    let runs = bench.run(&["runs", "--format", "json"]);
    let runs: serde_json::Value = serde_json::from_str(&runs.out).expect("a document");
    let run = runs["runs"][0]["run"].as_str().expect("a run");
    let named = bench.run(&["evidence", "os.release", "--run", run]);
    assert_eq!(named.code, 0, "{}", named.err);
    let root = bench.root();
    assert!(named.out.contains(path_text(&root)), "{}", named.out);
    let other = bench.run(&["evidence", "local", "os.release", "--run", run]);
    assert_eq!(other.code, 1, "{}", other.out);
    assert!(other.err.contains("is not about `asset:local`"), "{}", other.err);
}
