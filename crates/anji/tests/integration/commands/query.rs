//! Asking evidence in the language of checks.

use super::support::{Bench, Ran, path_text};
use std::io::Write;
use std::process::Stdio;

/// A checked root, and its path.
fn ward() -> (Bench, String) {
    let bench = Bench::new();
    let passwd = "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0:Li Yisheng:/root:/bin/sh\n";
    bench.write("etc/passwd", passwd, 0o644);
    let ran = bench.check(&[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let root = path_text(&bench.root()).to_owned();
    (bench, root)
}

fn ask(bench: &Bench, root: &str, more: &[&str]) -> Ran {
    bench.run(&[&["evidence", "query", "--host", root], more].concat())
}

fn piped(bench: &Bench, root: &str, lines: impl AsRef<[u8]>) -> Ran {
    piped_with(bench, root, &[], lines)
}

fn piped_with(bench: &Bench, root: &str, more: &[&str], lines: impl AsRef<[u8]>) -> Ran {
    let mut command = bench.command(&[&["evidence", "query", "--root", root], more].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(lines.as_ref()).expect("it reads");
    drop(stdin);
    Ran::from(child.wait_with_output().expect("it ends"))
}

#[test]
fn truths_values_and_types_are_shown() {
    let (bench, root) = ward();
    let failing = ask(&bench, &root, &["accounts.users.all(u, u.uid != 0 || u.name == 'root')"]);
    assert_eq!(failing.code, 0, "{}", failing.err);
    assert!(failing.out.contains("✗ false · of type bool"), "{}", failing.out);
    assert!(failing.out.contains("accounts.users[toor].uid: observed 0"), "{}", failing.out);
    let count = ask(&bench, &root, &["size(accounts.users)"]);
    assert_eq!((count.code, count.out.as_str()), (0, "2 · of type int\n"));
    let bound =
        ["mode_within(shadow.mode, params.allowed)", "--bind", "shadow=file.stat[/etc/shadow]"];
    let within = ask(&bench, &root, &[&bound[..], &["--param", "allowed=0640"]].concat());
    assert!(within.out.contains("✓ true"), "{}{}", within.out, within.err);
    // What was not had is told, with its reason.
    let live = ask(&bench, &root, &["sockets.listening.listeners", "--lang", "zh"]);
    assert_eq!(live.code, 0, "{}", live.err);
    assert!(live.out.contains("未知") && live.out.contains("不是运行中的系统"), "{}", live.out);
    let list = ask(&bench, &root, &["accounts.users.all(u, u.name in registers.accounts)"]);
    assert!(list.out.contains("no approved list accounts"), "{}", list.out);

    let json = ask(&bench, &root, &["accounts.users.map(u, u.name)", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).expect("a document");
    assert_eq!(document["format"], "anji.query/1");
    assert_eq!(document["value"], serde_json::json!(["root", "toor"]));
}

#[test]
fn mistakes_are_marked_and_name_what_is_near() {
    let (bench, root) = ward();
    let wrong = ask(&bench, &root, &["accounts.users.all(u, u.uidd == 0)"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (64, ""));
    for part in ["EXPR:1:25", "                        ^^^^", "did you mean `uid`?"] {
        assert!(wrong.err.contains(part), "`{part}` is missing in\n{}", wrong.err);
    }
    for bad in [["--bind", "shadow=file.stat"], ["--param", "max"], ["--run", "no/run"]] {
        let ran = ask(&bench, &root, &[&["true"][..], &bad].concat());
        assert_eq!((ran.code, ran.out.as_str()), (64, ""), "{bad:?}: {}", ran.err);
    }
    let nobody = ask(&bench, "his-db01", &["true"]);
    assert_eq!(nobody.code, 64, "{}", nobody.out);
}

#[test]
fn lines_of_the_input_are_asked_one_after_the_other() {
    let (bench, root) = ward();
    let ran =
        piped(&bench, &root, "# a remark\nhelp\ntypes\ntype accounts\n\nsize(accounts.users)\n");
    assert_eq!(ran.code, 0, "{}", ran.err);
    for part in ["sshd.effective", "users[].gecos · string · personal", "2 · of type int"] {
        assert!(ran.out.contains(part), "`{part}` is missing in\n{}", ran.out);
    }
    // A mistake ends nothing, and is told at the end.
    let ran = piped(&bench, &root, "size(accounts.usres)\ntype acounts\nsize(accounts.users)");
    assert_eq!((ran.code, ran.out.as_str()), (64, "2 · of type int\n"));
    assert!(ran.err.contains("did you mean `users`?"), "{}", ran.err);
    assert!(ran.err.contains("did you mean `accounts`?"), "{}", ran.err);
}

#[test]
fn personal_values_are_neither_shown_nor_compared_unless_asked_for() {
    let (bench, root) = ward();
    let shown = ask(&bench, &root, &["accounts.users"]);
    assert!(shown.out.contains("***") && !shown.out.contains("Yisheng"), "{}", shown.out);
    let compare = "size(accounts.users.filter(u, u.gecos == 'Li Yisheng'))";
    let refused = ask(&bench, &root, &[compare]);
    assert_eq!((refused.code, refused.out.as_str()), (64, ""));
    assert!(refused.err.contains("accounts.users[].gecos"), "{}", refused.err);
    assert!(!bench.run(&["audit"]).out.contains("evidence.show-personal"));
    let allowed = ask(&bench, &root, &[compare, "--personal"]);
    assert_eq!((allowed.code, allowed.out.as_str()), (0, "1 · of type int\n"), "{}", allowed.err);
    let audit = bench.run(&["audit"]).out;
    assert!(audit.contains("evidence.show-personal") && audit.contains("a query of"), "{audit}");
}

#[test]
fn a_recording_is_asked_as_a_run_is() {
    let bench = Bench::new();
    let place = |name: &str| {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/recordings");
        path_text(&folder.join(name).join("bundle.txt")).to_owned()
    };
    let ask = |recording: &str, text: &str| {
        bench.run(&["evidence", "query", text, "--recording", recording])
    };
    let secure = "sshd.effective.contexts.all(c, c.permitrootlogin == 'no')";
    let weak = ask(&place("debian12-weak"), secure);
    assert!(weak.out.contains("✗ false"), "{}{}", weak.out, weak.err);
    // To an ordinary account the shadow file is closed: who has a password is
    // not known, and nobody is left out for that.
    let closed = ask(
        &place("debian12-default-unprivileged"),
        "accounts.users.filter(u, u.password.state == 'set')",
    );
    assert!(closed.out.contains("may or may not be among them"), "{}{}", closed.out, closed.err);
    assert!(!bench.state().exists(), "a recording needs no store");
    for bad in ["/etc/passwd", "/nonexistent"] {
        let ran = ask(bad, "true");
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        assert!(ran.err.contains("cannot read the recording"), "{}", ran.err);
    }
}

#[test]
fn the_audit_log_says_which_personal_values_an_expression_reads() {
    let (bench, root) = ward();
    let details = || {
        let audit = bench.run(&["audit", "--format", "json"]);
        let audit: serde_json::Value = serde_json::from_str(&audit.out).expect("a document");
        let entries = audit["entries"].as_array().expect("entries").clone();
        let asked = entries.into_iter().filter(|one| one["use_case"] == "evidence.show-personal");
        asked.map(|one| one["detail"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let compare = "size(accounts.users.filter(u, u.gecos == 'Li Yisheng'))";
    let hidden = format!("{}{compare}", " ".repeat(500));
    assert_eq!(ask(&bench, &root, &[&hidden, "--personal"]).code, 0);
    std::fs::write(bench.place("expression"), compare).expect("written");
    let summed = std::process::Command::new("sha256sum").arg(bench.place("expression")).output();
    let summed = String::from_utf8(summed.expect("sha256sum runs").stdout).expect("a text");
    let digest = summed.split(' ').next().expect("a digest").to_owned();
    let entry = &details()[0];
    for part in ["reads accounts.users[].gecos;", &digest, compare] {
        assert!(entry.contains(part), "`{part}` is missing in {entry}");
    }
    // What stands far behind is in the paths, and that it was cut is seen.
    let long = format!("1 == 1 || {}{compare} > 0", " ".repeat(600));
    assert_eq!(ask(&bench, &root, &[&long, "--personal"]).code, 0);
    let cut = |entry: &String| entry.ends_with('…') && entry.contains("accounts.users[].gecos");
    assert!(details().iter().any(cut), "{:?}", details());
    assert_eq!(ask(&bench, &root, &["accounts.users", "--personal"]).code, 0);
    let whole = |entry: &String| entry.ends_with("; accounts.users") && entry.contains("gecos");
    assert!(details().iter().any(whole), "{:?}", details());
}

#[test]
fn a_line_that_is_too_long_or_no_text_is_one_mistake() {
    let (bench, root) = ward();
    let long = format!("{}size(accounts.users)\n1 == 1\n", " ".repeat(64 << 10));
    let ran = piped(&bench, &root, &long);
    assert_eq!((ran.code, ran.out.matches("of type").count()), (64, 1), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("a line of more than 65536 bytes"), "{}", ran.err);
    let full = format!("{}1 == 1\n", " ".repeat((64 << 10) - 6));
    assert_eq!(piped(&bench, &root, &full).code, 0);
    let ran = piped(&bench, &root, b"'\xff' == 'a'\n1 == 1");
    assert_eq!((ran.code, ran.out.matches("of type").count()), (64, 1), "{}", ran.out);
    assert!(ran.err.contains("not UTF-8"), "{}", ran.err);
}

#[test]
fn a_recording_is_a_regular_file() {
    let bench = Bench::new();
    let pipe = bench.place("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    for bad in ["/dev/zero", path_text(&pipe), "/"] {
        let ran = bench.run(&["evidence", "query", "true", "--recording", bad]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        assert!(ran.err.contains("not a regular file"), "{}", ran.err);
    }
    let zh = ["evidence", "query", "true", "--recording", "/dev/zero", "--lang", "zh"];
    assert!(bench.run(&zh).err.contains("不是普通文件"));
}

#[test]
fn commands_are_taken_as_arguments_and_lines_and_have_no_json() {
    let (bench, root) = ward();
    let help = ask(&bench, &root, &["help"]);
    assert!(help.code == 0 && help.out.contains("`types` lists"), "{}{}", help.out, help.err);
    let fields = ask(&bench, &root, &["type accounts"]);
    assert!(fields.out.contains("users[].name · string"), "{}{}", fields.out, fields.err);
    assert!(ask(&bench, &root, &["types"]).out.contains("package_updates"));
    assert_eq!((ask(&bench, &root, &["quit"]).code, ask(&bench, &root, &["exit"]).code), (0, 0));
    let left = piped(&bench, &root, "1 == 1\nquit\n1 == 2\n");
    assert_eq!((left.code, left.out.matches("of type").count()), (0, 1), "{}", left.out);
    let json = ["--format", "json"];
    for command in ["help", "types", "type accounts"] {
        let ran = ask(&bench, &root, &[&[command][..], &json].concat());
        assert_eq!((ran.code, ran.out.as_str()), (64, ""), "{command}");
        assert!(ran.err.contains("has no JSON"), "{}", ran.err);
    }
    let lines = piped_with(&bench, &root, &json, "size(accounts.users)\nhelp\naccounts\n");
    let documents: Vec<serde_json::Value> =
        lines.out.lines().map(|line| serde_json::from_str(line).expect("a document")).collect();
    assert_eq!((lines.code, documents.len()), (64, 2), "{}", lines.out);
    assert_eq!(documents[0]["value"], 2);
    assert_eq!(documents[1]["format"], "anji.query/1");
}

#[test]
fn parameters_that_are_missing_or_named_twice_say_what_to_write() {
    let (bench, root) = ward();
    let missing = ask(&bench, &root, &["size(accounts.users) > params.max"]);
    assert_eq!(missing.code, 64, "{}", missing.out);
    for part in ["no parameter `max` is given", "--param max=4"] {
        assert!(missing.err.contains(part), "`{part}` is missing in\n{}", missing.err);
    }
    let given = ["size(accounts.users) > params.max", "--param", "max=1"];
    assert!(ask(&bench, &root, &given).out.contains("true"));
    let twice = ask(&bench, &root, &[&given[..], &["--param", "max=9"]].concat());
    assert_eq!(twice.code, 64, "{}", twice.out);
    assert!(twice.err.contains("`max` is named twice"), "{}", twice.err);
    let bind = ["true", "--bind", "s=sshd.effective", "--bind", "s=accounts"];
    assert_eq!(ask(&bench, &root, &bind).code, 64);
    let reserved = ask(&bench, &root, &["package.updates"]);
    assert!(reserved.err.contains("its name is `package_updates`"), "{}", reserved.err);
}

#[test]
fn an_old_run_is_asked_by_the_lists_that_it_was_judged_by() {
    let (bench, root) = ward();
    let runs = bench.run(&["runs", "--format", "json"]);
    let runs: serde_json::Value = serde_json::from_str(&runs.out).expect("a document");
    let run = runs["runs"][0]["run"].as_str().expect("a run").to_owned();
    let adopted = bench.run(&["register", "adopt", "accounts", "--root", &root]);
    assert_eq!(adopted.code, 0, "{}", adopted.err);
    let listed = "accounts.users.all(u, u.name in registers.accounts)";
    let old = ask(&bench, &root, &[listed, "--run", &run]);
    assert!(old.out.contains("no approved list accounts"), "{}{}", old.out, old.err);
    let zh = ask(&bench, &root, &[listed, "--run", &run, "--lang", "zh"]).out;
    assert!(zh.contains("没有采用") && !zh.contains("采集原文"), "{zh}");
    assert_eq!(bench.check(&[]).code, 0);
    let new = ask(&bench, &root, &[listed]);
    assert!(!new.out.contains("no approved list"), "{}{}", new.out, new.err);
}

#[test]
fn what_is_absent_in_an_element_is_no_doubt_about_it() {
    let (bench, root) = ward();
    bench.write("etc/shadow", "root:*:20780:0:99999:7:::\ntoor:*:20780:0:::::\n", 0o640);
    assert_eq!(bench.check(&[]).code, 0);
    let text = "accounts.users.filter(u, u.password.warn_days > 3)";
    let shown = ask(&bench, &root, &[text]);
    assert!(shown.out.contains("absent in 1 more element"), "{}{}", shown.out, shown.err);
    assert!(!shown.out.contains("may or may not") && !shown.out.contains("as reported"));
    let json = ask(&bench, &root, &[text, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("a document");
    assert_eq!(
        (&json["absent_elements"], json["doubtful"].as_array().map(Vec::len)),
        (&1.into(), Some(0))
    );
}
