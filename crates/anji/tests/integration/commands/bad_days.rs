//! Bad input and bad days: each ends with a clear word, the right code, and
//! nothing stored lost.

use super::support::{Bench, Ran, path_text};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

#[test]
fn content_with_problems_is_marked_and_stops_a_check() {
    let bench = Bench::new();
    let pack = bench.place("mine.yaml");
    fs::write(&pack, "- id: XYZ-001\n  alias: broken\n  sevrity: high\n").expect("a pack");
    let lint = bench.run(&["lint", path_text(&pack)]);
    assert_eq!(lint.code, 78, "{}", lint.out);
    for part in ["mine.yaml:3:3", "sevrity", "^^^^^^^"] {
        assert!(lint.out.contains(part), "`{part}` is missing in\n{}", lint.out);
    }
    let check = bench.check(&["--content", path_text(&pack)]);
    assert_eq!(check.code, 78, "{}", check.err);
    assert!(check.err.contains("anji lint"), "{}", check.err);
    let empty = bench.place("nothing-here");
    fs::create_dir(&empty).expect("a folder");
    assert_eq!(bench.run(&["lint", path_text(&empty)]).code, 78, "an empty folder is no content");
}

#[test]
fn wrong_usage_has_its_own_code() {
    let bench = Bench::new();
    for arguments in [
        &["frobnicate"][..],
        &["check", "--fail-on", "sometimes"],
        &["check", "--root", "/no/such/folder"],
        &["check", "--only", "LNX-999"],
        &["explain", "no-such-check"],
        &["register", "adopt", "no-such-register"],
    ] {
        let ran = bench.run(arguments);
        assert_eq!(ran.code, 64, "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(!ran.err.is_empty(), "{arguments:?} says nothing");
    }
    assert!(!bench.state().exists(), "wrong usage creates no store");
}

#[test]
fn a_damaged_or_foreign_store_is_named_and_left_alone() {
    let bench = Bench::new();
    fs::create_dir(bench.state()).expect("a state folder");
    fs::set_permissions(bench.state(), fs::Permissions::from_mode(0o700)).expect("its mode");
    let file = bench.state().join("anji.db");
    fs::write(&file, b"these are the hospital's holiday pictures").expect("a foreign file");
    let ran = bench.check(&[]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("not an Anji store"), "{}", ran.err);
    let kept = fs::read(&file).expect("still there");
    assert!(kept.starts_with(b"these are"), "the foreign file was touched");
}

#[test]
fn a_newer_store_is_refused() {
    let bench = Bench::new();
    assert_eq!(bench.check(&[]).code, 0);
    let connection =
        rusqlite::Connection::open(bench.state().join("anji.db")).expect("the store opens");
    connection.pragma_update(None, "user_version", 999).expect("a newer schema");
    drop(connection);
    let ran = bench.check(&[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("999") && ran.err.contains("newer program"), "{}", ran.err);
}

#[test]
fn without_a_store_the_verdicts_are_shown_all_the_same() {
    let bench = Bench::new();
    let ran = bench.check(&["--no-store"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("LNX-011"), "{}", ran.out);
    assert!(!bench.state().exists());
}

#[test]
fn hostile_names_are_shown_escaped() {
    let bench = Bench::new();
    bench.write("srv/red\u{1b}[31m\nfake ✓ pass\u{202e}.txt", "", 0o666);
    let ran = bench.check(&[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("LNX-019"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{202e}'), "{}", ran.out);
    assert!(ran.out.contains("\\x1B") || ran.out.contains("\\x1b"), "{}", ran.out);
}

#[test]
fn two_checks_at_once_both_succeed_and_the_chain_holds() {
    let bench = Bench::new();
    assert_eq!(bench.check(&[]).code, 0);
    let root = bench.root();
    let start = || {
        let mut command = bench.command(&["check", "--root", path_text(&root)]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
        command.spawn().expect("the binary starts")
    };
    let children: Vec<_> = (0..6).map(|_| start()).collect();
    for child in children {
        let ran = Ran::from(child.wait_with_output().expect("it ends"));
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let verify = bench.run(&["verify", "--format", "json"]);
    assert_eq!(verify.code, 0, "{}", verify.out);
    assert_eq!(bench.run(&["runs"]).out.lines().count(), 7);
}

#[test]
fn a_check_killed_at_any_moment_loses_nothing_and_leaves_no_half_run() {
    let bench = Bench::new();
    assert_eq!(bench.check(&[]).code, 0);
    let root = bench.root();
    let begun = Instant::now();
    assert_eq!(bench.check(&[]).code, 0);
    let whole = begun.elapsed();
    let mut least = 2;
    for part in 1..=12_u32 {
        let mut child = bench
            .command(&["check", "--root", path_text(&root)])
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("the binary starts");
        std::thread::sleep(whole * part / 11);
        child.kill().expect("a signal");
        let done = child.wait().expect("it ends").success();
        let verify = bench.run(&["verify"]);
        assert_eq!(verify.code, 0, "killed at {part}/11: {}{}", verify.out, verify.err);
        let runs = bench.run(&["runs"]).out.lines().count();
        assert!((least..=least + 1).contains(&runs), "{runs} runs after {least}");
        assert!(!done || runs == least + 1, "an acknowledged run is missing");
        least = runs;
    }
}

#[test]
fn an_interrupted_check_stores_nothing_and_leaves_no_child() {
    let bench = Bench::new();
    let mut child = bench
        .command(&["check"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    std::thread::sleep(Duration::from_millis(150));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a signal");
    let begun = Instant::now();
    while child.try_wait().expect("a status").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    if ran.code != 0 {
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.err.contains("interrupted"), "{}", ran.err);
        assert!(bench.run(&["runs", "--format", "json"]).out.contains("\"runs\": []"));
    }
}

#[test]
fn a_reader_that_hangs_up_ends_the_command_quietly() {
    let bench = Bench::new();
    let binary = env!("CARGO_BIN_EXE_anji");
    let script = format!("{binary} plan --script | head -n 1");
    let output = std::process::Command::new("/bin/sh").args(["-c", &script]).output().expect("sh");
    let ran = Ran::from(output);
    assert_eq!(ran.err, "", "no panic, no message");
    assert_eq!(bench.run(&["plan"]).code, 0);
}

#[test]
fn an_account_file_of_a_gigabyte_is_refused_before_it_is_read() {
    let bench = Bench::new();
    let file = fs::File::create(bench.root().join("etc/passwd")).expect("a file");
    file.set_len(1 << 30).expect("a sparse gigabyte");
    let ran = bench.check(&["--only", "LNX-003"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("? the command failed: LNX-003"), "{}", ran.out);
    assert!(ran.out.contains("larger than an account file"), "{}", ran.out);
}

#[test]
fn a_folder_that_is_no_root_file_system_is_not_clean() {
    let bench = Bench::new();
    let empty = bench.place("not-mounted");
    fs::create_dir(&empty).expect("a folder");
    let arguments = ["check", "--no-store", "--only", "LNX-019", "--root", path_text(&empty)];
    let ran = bench.run(&arguments);
    assert!(ran.out.contains("not a root file system"), "{}", ran.out);
    assert!(!ran.out.contains("pass 1"), "{}", ran.out);
}

/// Mounts that hide each other: what can be reached is walked, and what a walk
/// does not see is said.
#[test]
fn mounts_that_hide_each_other_hide_nothing_from_the_walk() {
    let bench = Bench::new();
    assert!(
        rustix::process::geteuid().is_root(),
        "this test mounts file systems of its own: run it as root"
    );
    let place = bench.place("mounts");
    fs::create_dir(&place).expect("a folder");
    let script = format!(
        "set -e; cd '{0}'; mkdir m n x y; \
         mount -t tmpfs a m; mkdir m/a; mount -t tmpfs b m/a; echo >m/a/one; chmod 666 m/a/one; \
         mount --bind m/a n; mount -t tmpfs c m; \
         mount -t tmpfs d x; mkdir x/sub; echo >x/sub/two; chmod 666 x/sub/two; \
         mount --bind x/sub y; mount -t tmpfs e x/sub; \
         mkdir -p '{1}/var'; mount -t tmpfs f '{1}/var'; \
         '{2}' check --state '{0}/state' --only LNX-019 >/dev/null; \
         '{2}' evidence file.walk --state '{0}/state' --format json; \
         '{2}' check --no-store --only LNX-019 --root '{1}'",
        path_text(&place),
        path_text(&bench.root()),
        env!("CARGO_BIN_EXE_anji"),
    );
    let mut command = std::process::Command::new("unshare");
    let output = command.args(["-m", "/bin/sh", "-c", &script]).output();
    let ran = Ran::from(output.expect("unshare runs; without it: apt-get install util-linux"));
    for seen in ["mounts/n/one", "mounts/y/two", "mount not walked: /var"] {
        assert!(ran.out.contains(seen), "`{seen}` is missing in\n{}{}", ran.out, ran.err);
    }
}
