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
    assert!(ran.out.contains("? over the limit: LNX-003"), "{}", ran.out);
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

/// The built-in content's own folder.
const CONTENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content");

#[test]
fn a_file_of_the_content_folder_is_checked_in_the_place_of_the_built_in_one() {
    let bench = Bench::new();
    for file in
        ["packs/host-linux/ssh.yaml", "mappings/gbt22239-2019.yaml", "baselines/starter.yaml"]
    {
        let lint = bench.run(&["lint", &format!("{CONTENT}/{file}")]);
        assert_eq!(lint.code, 0, "{file}: {}{}", lint.out, lint.err);
    }
    // Elsewhere it is a pack of its own, whose names are taken.
    let copy = bench.place("copy.yaml");
    fs::copy(format!("{CONTENT}/packs/host-linux/ssh.yaml"), &copy).expect("a copy");
    let lint = bench.run(&["lint", path_text(&copy), "--format", "json"]);
    assert_eq!(lint.code, 78, "{}", lint.err);
    assert!(lint.out.contains("duplicate-id"), "{}", lint.out);
    let named = lint.out.contains(&format!("(`{}:", copy.display()))
        || lint.out.contains("(`packs/host-linux/ssh.yaml:");
    assert!(named, "the first place is not named in\n{}", lint.out);
}

#[test]
fn every_file_that_cannot_be_read_is_a_problem_beside_the_others() {
    let bench = Bench::new();
    let folder = bench.place("cyc");
    for area in ["packs", "baselines"] {
        fs::create_dir_all(folder.join(area)).expect("a folder");
    }
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("a file");
    write("baselines/gbk.yaml", b"id: own\ntitle: \xD6\xD0\xCE\xC4\n");
    write("packs/large.yaml", &vec![b'#'; (4 << 20) + 1]);
    write("packs/empty.yaml", b"# nothing yet\n");
    write("packs/typo.yaml", b"- id: XYZ-001\n  sevrity: high\n");
    for (lang, words) in [
        ("en", ["byte 8 of line 2 is 0xD6", "larger than 4 MiB", "nothing in the file"]),
        ("zh", ["第 2 行第 8 字节是 0xD6", "文件大于 4 MiB", "文件里没有内容"]),
    ] {
        let lint = bench.run(&["lint", path_text(&folder), "--lang", lang]);
        assert_eq!(lint.code, 78, "{}{}", lint.out, lint.err);
        for part in words.into_iter().chain(["sevrity"]) {
            assert!(lint.out.contains(part), "`{part}` is missing in\n{}", lint.out);
        }
    }
    let lint = bench.run(&["lint", path_text(&folder), "--format", "json"]);
    assert_eq!(lint.code, 78, "{}", lint.err);
    serde_json::from_str::<serde_json::Value>(&lint.out).expect("a JSON document");
    for (code, file) in [
        ("not-utf8", "baselines/gbk.yaml"),
        ("yaml-limit", "packs/large.yaml"),
        ("nothing-in-file", "packs/empty.yaml"),
        ("unknown-field", "packs/typo.yaml"),
    ] {
        assert!(lint.out.contains(&format!("\"{code}\"")), "{code}: {}", lint.out);
        let path = folder.join(file);
        assert!(lint.out.contains(path_text(&path)), "{file} as it is opened: {}", lint.out);
    }
    let check = bench.check(&["--content", path_text(&folder)]);
    assert_eq!(check.code, 78, "{}{}", check.out, check.err);
    assert!(!bench.state().exists(), "nothing is stored with such content");
}

#[test]
fn what_is_no_readable_file_is_told_at_once() {
    let bench = Bench::new();
    // Reading the start of one's own memory fails for everybody, root too.
    for (place, lang, word) in [
        ("/proc/self/mem", "en", "reading it failed"),
        ("/proc/self/mem", "zh", "读取出错"),
        ("/dev/null", "en", "no regular file"),
        ("/dev/null", "zh", "不是普通文件"),
    ] {
        let lint = bench.run(&["lint", place, "--lang", lang]);
        assert_eq!(lint.code, 78, "{place}: {}{}", lint.out, lint.err);
        for part in ["unreadable", place, word] {
            assert!(lint.out.contains(part), "`{part}` is missing in\n{}", lint.out);
        }
    }
}

#[test]
fn two_places_of_content_at_once_are_wrong_usage() {
    let bench = Bench::new();
    let lint = bench.run(&["lint", "--content", CONTENT, CONTENT]);
    assert_eq!(lint.code, 64, "{}{}", lint.out, lint.err);
    assert!(lint.err.contains("--content"), "{}", lint.err);
    for arguments in [["lint", "--content", CONTENT].as_slice(), &["lint", CONTENT]] {
        assert_eq!(bench.run(arguments).code, 0, "{arguments:?}");
    }
}

#[test]
fn a_list_of_none_is_wrong_usage() {
    let bench = Bench::new();
    assert_eq!(bench.check(&[]).code, 0);
    for command in ["runs", "audit"] {
        assert_eq!(bench.run(&[command, "-n", "0"]).code, 64, "{command}");
        assert_eq!(bench.run(&[command, "-n", "1"]).code, 0, "{command}");
    }
}

#[test]
fn a_second_version_of_a_register_marks_what_came_and_went() {
    let bench = Bench::new();
    let root = bench.root();
    let root = path_text(&root);
    let adopt = || {
        assert_eq!(bench.check(&[]).code, 0);
        bench.run(&["register", "adopt", "suid-files", "--root", root])
    };
    assert_eq!(bench.check(&[]).code, 0);
    let list = bench.run(&["register", "list", "--root", root]);
    let hint = format!("anji register adopt suid-files --root {root}");
    assert!(list.out.contains(&hint), "{}", list.out);
    let show = bench.run(&["register", "show", "suid-files", "--root", root]);
    assert!(show.err.contains(&hint), "{}", show.err);

    bench.write("usr/bin/old", "", 0o4755);
    bench.write("usr/bin/kept", "", 0o4755);
    let first = adopt();
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(!first.out.contains("  + "), "a first list is all new: {}", first.out);

    fs::remove_file(bench.root().join("usr/bin/old")).expect("removed");
    bench.write("usr/bin/new", "", 0o4755);
    let second = adopt();
    assert_eq!(second.code, 0, "{}", second.err);
    let marked: Vec<_> = second
        .out
        .lines()
        .filter(|line| line.starts_with("  + ") || line.starts_with("  - "))
        .map(|line| (&line[..3], line.rsplit(' ').next().unwrap_or_default()))
        .collect();
    assert_eq!(marked, [("  +", "/usr/bin/new"), ("  -", "/usr/bin/old")], "{}", second.out);
}
