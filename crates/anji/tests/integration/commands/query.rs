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

fn piped(bench: &Bench, root: &str, lines: &str) -> Ran {
    let mut command = bench.command(&["evidence", "query", "--root", root]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(lines.as_bytes()).expect("it reads");
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
