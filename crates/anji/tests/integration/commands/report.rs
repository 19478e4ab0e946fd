//! Stored runs as documents.

use super::support::{Bench, path_text};
use serde_json::Value;
use std::fs;

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("a JSON document")
}

#[test]
fn a_stored_run_is_shown_as_its_check_showed_it() {
    let bench = Bench::new();
    bench.check(&[]);
    bench.write("srv/open.txt", "anyone may write here", 0o666);
    let checked = bench.check_json();
    let shown = bench.run(&["report", "--format", "json"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    let mut shown = json(&shown.out);
    // The clock of a manifest is that of the check; everything else is the same too.
    for (key, value) in checked.as_object().expect("a document") {
        assert_eq!(&shown[key], value, "`{key}` differs");
    }
    let missing = checked.as_object().map(serde_json::Map::len);
    assert_eq!(shown.as_object_mut().map(|all| all.len()), missing);
    let table = bench.run(&["report"]);
    assert!(table.out.contains("LNX-019") && table.out.contains("Conformance"), "{}", table.out);
}

#[test]
fn an_earlier_run_is_shown_as_it_stood_then() {
    let bench = Bench::new();
    let first = bench.check_json();
    let run = first["run"].as_str().expect("a stored run").to_owned();
    bench.write("srv/open.txt", "anyone may write here", 0o666);
    bench.check(&[]);
    let shown = json(&bench.run(&["report", &run, "--format", "json"]).out);
    assert_eq!((&shown["run"], &shown["changes"]), (&first["run"], &first["changes"]));
    assert_eq!(shown["compared_with"], Value::Null);
    assert_eq!(shown["results"], first["results"]);

    let old = bench.run(&["report", &run, "--format", "html"]);
    let new = bench.run(&["report", "--format", "html"]);
    let finding = "id=\"fail-LNX-019\"";
    assert!(!old.out.contains(finding), "a later failure stands in an earlier report");
    assert!(new.out.contains(finding), "{}", new.err);
    // A trend needs two runs, and what came later is no part of it.
    assert!(!old.out.contains("Over time") && new.out.contains("2 comparable runs"), "{}", new.err);
}

#[test]
fn a_run_of_fewer_checks_is_no_point_of_the_trend_and_has_none() {
    let bench = Bench::new();
    for arguments in [&[][..], &["--only", "LNX-011"], &[]] {
        assert_eq!(bench.check(arguments).code, 0);
    }
    let page = bench.run(&["report", "--format", "html"]).out;
    assert!(page.contains("Conformance over time"), "two whole runs make a trend");
    bench.check(&["--only", "LNX-012"]);
    let page = bench.run(&["report", "--format", "html"]).out;
    assert!(!page.contains("Conformance over time"), "the short run has the trend of the others");
    assert!(page.contains("Only a part was checked (41 of 42 left out)"), "a part shines as all");
    assert!(!page.contains("Every applicable check"), "a part shines as all");
    let table = bench.run(&["report"]).out;
    assert!(!table.contains("Every applicable check"), "{table}");
}

#[test]
fn a_run_of_fewer_checks_interrupts_no_history() {
    let bench = Bench::new();
    bench.write("srv/open.txt", "anyone may write here", 0o666);
    let first = bench.check_json();
    bench.check(&["--only", "LNX-011"]);
    let third = bench.check_json();
    let page = bench.run(&["report", "--format", "html", "--lang", "en"]).out;
    let finding = page.split("id=\"fail-LNX-019\"").nth(1).expect("a finding");
    let history = finding.split("class=\"hist\"").nth(1).expect("its history");
    let history = &history[..history.find("</p>").expect("its end")];
    assert_eq!(history.matches("since").count(), 1, "{history}");
    // What it was compared with is the run that answered the questions.
    assert_eq!(third["compared_with"]["run"], first["run"]);
    let compared = third["compared_results"].as_u64().expect("a number");
    assert!(compared > 30, "only {compared}");
}

#[test]
fn two_runs_are_compared_in_their_own_order() {
    let bench = Bench::new();
    let old = bench.check_json()["run"].as_str().expect("stored").to_owned();
    bench.write("srv/open.txt", "anyone may write here", 0o666);
    let new = bench.check_json()["run"].as_str().expect("stored").to_owned();
    let forward = bench.run(&["diff", &old, &new, "--format", "json"]);
    let backward = bench.run(&["diff", &new, &old, "--format", "json"]);
    assert_eq!((forward.code, &forward.out), (2, &backward.out));
    assert!(forward.out.contains("regressed"), "{}", forward.out);
}

#[test]
fn the_form_follows_the_name_of_the_file() {
    let bench = Bench::new();
    bench.check(&[]);
    for (name, begins) in [("a.html", "<!DOCTYPE html>"), ("b.JSON", "{"), ("c.txt", "anji check")]
    {
        let file = bench.place(name);
        let ran = bench.run(&["report", "-o", path_text(&file)]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
        let text = fs::read_to_string(&file).expect("a document");
        assert!(text.starts_with(begins), "{name}: {}", &text[..60]);
    }
    let odd = bench.run(&["report", "-o", path_text(&bench.place("report.odd"))]);
    assert_eq!(odd.code, 64, "{}", odd.err);
    assert!(odd.err.contains(".html"), "{}", odd.err);
    let zh = bench.run(&["report", "--format", "html", "--lang", "zh"]);
    assert!(zh.out.contains("<html lang=\"zh-CN\">") && zh.out.contains("安全基线报告"));
}

#[test]
fn a_document_is_replaced_whole_or_not_at_all() {
    let bench = Bench::new();
    let file = bench.place("out.html");
    fs::write(&file, "of yesterday").expect("a file");
    let none = bench.run(&["report", "-o", path_text(&file)]);
    assert_eq!(none.code, 1, "{}", none.err);
    assert!(none.err.contains("anji check"), "{}", none.err);
    assert_eq!(fs::read_to_string(&file).expect("still there"), "of yesterday");

    bench.check(&[]);
    let link = bench.place("link.html");
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    assert_eq!(bench.run(&["report", "-o", path_text(&link)]).code, 0);
    assert!(link.is_symlink(), "the link was replaced");
    assert!(fs::read_to_string(&file).expect("a page").starts_with("<!DOCTYPE html>"));
    let names: Vec<_> = fs::read_dir(bench.place("")).expect("the folder").collect();
    let parts = names
        .iter()
        .flatten()
        .filter(|one| one.file_name().to_string_lossy().starts_with(".anji-"));
    assert_eq!(parts.count(), 0, "a part was left behind");

    let folder = bench.place("closed");
    fs::create_dir(&folder).expect("a folder");
    for place in ["no/such/folder.html", "closed"] {
        let failed =
            bench.run(&["report", "--format", "html", "-o", path_text(&bench.place(place))]);
        assert_eq!(failed.code, 1, "{place}: {}", failed.err);
    }
    let full = bench.run(&["report", "--format", "html", "-o", "/dev/full"]);
    assert_eq!(full.code, 1, "a full disk: {}", full.err);
    let unknown = bench.run(&["report", "20200101T000000Z-00000000"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("anji runs"), "{}", unknown.err);
}

#[test]
fn a_comparison_becomes_a_page_and_keeps_its_exit_code() {
    let bench = Bench::new();
    bench.check(&[]);
    let quiet = bench.run(&["diff", "--format", "html"]);
    assert_eq!(quiet.code, 0, "the first run has nothing to compare with");
    bench.check(&[]);
    bench.write("srv/open.txt", "anyone may write here", 0o666);
    bench.check(&[]);
    let page = bench.run(&["diff", "--format", "html", "--lang", "zh"]);
    assert_eq!(page.code, 2, "{}", page.err);
    assert!(page.out.contains("LNX-019") && page.out.contains("退化"), "{}", page.out);
}

#[test]
fn content_that_is_newer_than_the_run_is_said() {
    let bench = Bench::new();
    bench.check(&["--only", "LNX-011"]);
    let before = bench.run(&["report", "--format", "html"]).out;
    assert!(!before.contains("uses other content"));
    let content = bench.place("content/packs/own");
    fs::create_dir_all(&content).expect("a folder");
    let packs =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/packs/host-linux/accounts.yaml");
    let text = fs::read_to_string(packs).expect("the shipped pack");
    let own = bench.place("content/packs/host-linux");
    fs::create_dir_all(&own).expect("a folder");
    fs::write(own.join("accounts.yaml"), format!("{text}\n# of the hospital\n")).expect("a file");
    let after =
        bench.run(&["report", "--format", "html", "--content", path_text(&bench.place("content"))]);
    assert_eq!(after.code, 0, "{}", after.err);
    assert!(after.out.contains("uses other content than the run did"), "nothing is said");
}

#[test]
fn a_document_keeps_the_rights_of_the_file_and_a_new_one_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.check(&[]);
    let mode = |name: &str| {
        let there = fs::metadata(bench.place(name)).expect("a document");
        there.permissions().mode() & 0o777
    };
    let write = |name: &str| {
        let ran = bench.run(&["report", "-o", path_text(&bench.place(name))]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    };
    write("new.html");
    assert_eq!(mode("new.html"), 0o600);
    fs::write(bench.place("shared.html"), "").expect("a file");
    fs::set_permissions(bench.place("shared.html"), fs::Permissions::from_mode(0o640))
        .expect("its mode");
    write("shared.html");
    assert_eq!(mode("shared.html"), 0o640);
    let dangling = bench.place("dangling.html");
    std::os::unix::fs::symlink("/no/such/place", &dangling).expect("a link");
    let ran = bench.run(&["report", "-o", path_text(&dangling)]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(dangling.is_symlink());
}

#[test]
fn standard_output_by_any_name_keeps_what_was_written_before() {
    use std::process::Stdio;
    let bench = Bench::new();
    bench.check(&[]);
    for name in ["-", "/dev/stdout", "/proc/self/fd/1"] {
        let log = bench.place("log");
        fs::write(&log, "before\n").expect("a file");
        let stream = fs::OpenOptions::new().append(true).open(&log).expect("it opens");
        let mut command = bench.command(&["report", "--format", "html", "-o", name]);
        let status = command.stdout(Stdio::from(stream)).status().expect("it runs");
        assert!(status.success(), "{name}");
        let text = fs::read_to_string(&log).expect("the log");
        assert!(text.starts_with("before\n<!DOCTYPE html>"), "{name}: {}", &text[..40]);
    }
}
