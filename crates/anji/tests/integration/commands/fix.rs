//! The printed commands cure: run in a copy of a root, the check passes after
//! them, and fails again after their undoing. The command itself runs nothing.

use super::support::{Bench, Ran, path_text};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Puts busybox and usermod with their libraries into the root, so that
/// `chroot` finds what the commands need.
fn with_tools(bench: &Bench) {
    let busybox = there("busybox");
    for tool in ["sh", "chmod", "chown", "chgrp", "ls", "printf", "cp", "mv", "rm", "sed", "grep"] {
        bring(bench, &busybox, &format!("bin/{tool}"));
    }
    bring(bench, &there("usermod"), "usr/sbin/usermod");
}

fn there(tool: &str) -> String {
    let places = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map(|place| format!("{place}/{tool}"));
    let found = places.into_iter().find(|place| Path::new(place).exists());
    found.unwrap_or_else(|| panic!("no {tool}: apt-get install busybox passwd"))
}

fn bring(bench: &Bench, program: &str, place: &str) {
    let listed = Command::new("ldd").arg(program).output().expect("ldd runs").stdout;
    let listed = String::from_utf8(listed).expect("ldd speaks plain text");
    let libraries = listed.split_whitespace().filter(|word| word.starts_with('/'));
    let files = libraries.map(|file| (file, file.trim_start_matches('/')));
    for (file, place) in files.chain([(program, place)]) {
        let place = bench.root().join(place);
        fs::create_dir_all(place.parent().expect("below the root")).expect("a folder");
        fs::copy(file, place).expect("a program or a library");
    }
}

fn fix(bench: &Bench, check: &str) -> Ran {
    let root = bench.root();
    let printed = bench.run(&["fix", check, "--print", "--root", path_text(&root)]);
    assert_eq!(printed.code, 0, "{check}: {}", printed.err);
    printed
}

fn in_root(bench: &Bench, script: &str) {
    let ran = Command::new("chroot")
        .arg(bench.root())
        .args(["/bin/sh", "-eu", "-c", script])
        .output()
        .expect("chroot runs");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}\n{script}");
}

/// The lines that undo, last command first.
fn undoing(script: &str) -> String {
    let mut commands: Vec<String> = Vec::new();
    let mut inside = false;
    for line in script.lines() {
        match line.strip_prefix("#   ") {
            Some(line) if inside => {
                let last = commands.last_mut().expect("a command begins with its mark");
                last.push_str(line);
                last.push('\n');
            }
            _ => inside = false,
        }
        if line == "# to undo:" {
            inside = true;
            commands.push(String::new());
        }
    }
    commands.reverse();
    commands.concat()
}

fn answer(bench: &Bench, check: &str) -> String {
    let ran = bench.check(&["--only", check, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("a JSON document");
    let results = report["results"].as_array().expect("results");
    let of_check = results.iter().find(|result| result["check"] == check);
    of_check.expect("the check's result")["result"].as_str().expect("a word").to_owned()
}

fn cures_and_comes_back(bench: &Bench, check: &str) {
    with_tools(bench);
    assert_eq!(answer(bench, check), "fail", "{check} before");
    let script = fix(bench, check).out;
    assert_eq!(answer(bench, check), "fail", "{check}: printing cured it?");
    in_root(bench, &script);
    assert_eq!(answer(bench, check), "pass", "{check} after\n{script}");
    in_root(bench, &undoing(&script));
    assert_eq!(answer(bench, check), "fail", "{check} undone\n{script}");
}

#[test]
fn world_writable_files_of_any_name_are_cured_and_undone() {
    let bench = Bench::new();
    bench.write("srv/export.csv", "", 0o666);
    bench.write("srv/it's $(touch x) `y`\n# z", "", 0o606);
    fs::create_dir_all(bench.root().join("srv/open")).expect("a folder");
    in_mode(&bench, "srv/open", 0o777);
    cures_and_comes_back(&bench, "LNX-019");
    assert!(!bench.root().join("x").exists());
}

fn in_mode(bench: &Bench, path: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::Permissions::from_mode(mode);
    fs::set_permissions(bench.root().join(path), mode).expect("its mode");
}

#[test]
fn accounts_without_a_password_are_cured_and_undone() {
    let bench = Bench::new();
    bench.write("etc/shadow", "root:*:20780:0:99999:7:::\nopsadm::20780:0:99999:7:::\n", 0o640);
    cures_and_comes_back(&bench, "LNX-003");
}

#[test]
fn system_accounts_that_can_log_in_are_cured_and_undone() {
    let bench = Bench::new();
    let passwd = "root:x:0:0:root:/root:/bin/bash\nsvc-his:x:990:990::/srv/his:/bin/bash\n";
    bench.write("etc/passwd", passwd, 0o644);
    bench.write("etc/shadow", "root:*:20780::::::\nsvc-his:$6$a$b:20780::::::\n", 0o640);
    cures_and_comes_back(&bench, "LNX-013");
}

#[test]
fn sessions_without_an_idle_limit_are_cured_and_undone() {
    let bench = Bench::new();
    let profile = "for i in /etc/profile.d/*.sh; do\n  if [ -r $i ]; then\n    . $i\n  fi\ndone\n";
    bench.write("etc/profile", profile, 0o644);
    bench.write("bin/bash", "the shell of the accounts", 0o755);
    bench.write("etc/profile.d/lang.sh", "LANG=C.UTF-8\n", 0o644);
    cures_and_comes_back(&bench, "LNX-007");
}

#[test]
fn passwords_without_a_limit_of_age_are_cured_and_undone() {
    let bench = Bench::new();
    bench.write("etc/login.defs", "UMASK 027\nPASS_MAX_DAYS\t99999\n", 0o644);
    cures_and_comes_back(&bench, "LNX-005");
}

#[test]
fn what_passes_or_never_ran_or_has_no_steps_is_told_so() {
    let bench = Bench::new();
    let root = bench.root();
    let root = path_text(&root);
    let never = bench.run(&["fix", "LNX-019", "--print", "--root", root]);
    assert_eq!(never.code, 1, "{}", never.out);
    assert!(never.err.contains("anji check --only LNX-019"), "{}", never.err);
    assert_eq!(answer(&bench, "LNX-019"), "pass");
    let passes = fix(&bench, "LNX-019");
    assert!(passes.out.lines().all(|line| line.starts_with('#')), "{}", passes.out);
    assert!(passes.out.contains("nothing to cure"), "{}", passes.out);
    bench.write("etc/passwd", "root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n", 0o644);
    assert_eq!(answer(&bench, "LNX-011"), "fail");
    let unknown = bench.run(&["fix", "LNX-011", "--print", "--root", root]);
    assert_eq!((unknown.code, unknown.out.as_str()), (1, ""));
    assert!(unknown.err.contains("anji explain LNX-011"), "{}", unknown.err);
    let usage = bench.run(&["fix", "LNX-011"]);
    assert_eq!(usage.code, 64, "nothing but printing is offered");
}
