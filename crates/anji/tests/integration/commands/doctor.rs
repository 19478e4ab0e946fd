//! The examination of this machine.

use super::support::{Bench, Ran, path_text};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

fn examine(bench: &Bench, more: &[&str]) -> Vec<Value> {
    let ran = bench.run(&[&["doctor", "--format", "json"], more].concat());
    assert!(ran.err.is_empty(), "{}", ran.err);
    let document: Value = serde_json::from_str(&ran.out).expect("a document");
    let found = document["findings"].as_array().expect("findings").clone();
    let lacking = found.iter().any(|one| one["health"] == "missing");
    assert_eq!(ran.code, if lacking { 2 } else { 0 }, "{}", ran.out);
    found
}

/// The findings of one part, as state and command.
fn of<'f>(found: &'f [Value], topic: &str) -> Vec<(&'f str, Option<&'f str>)> {
    let all: Vec<_> = found.iter().filter(|one| one["topic"] == topic).collect();
    assert!(!all.is_empty(), "nothing about {topic} in {found:?}");
    let state =
        |one: &&'f Value| (one["health"].as_str().expect("a word"), one["command"].as_str());
    all.iter().map(state).collect()
}

/// A check of everything, or of a part.
fn checked(bench: &Bench, part: &[&str]) {
    let ran = bench.run(&[&["check", "--quiet"], part].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
}

/// The finding whose English words begin so.
fn says<'f>(found: &'f [Value], words: &str) -> &'f Value {
    let text = |one: &Value| one["text"]["en"].as_str().expect("words").starts_with(words);
    found.iter().find(|one| text(one)).unwrap_or_else(|| panic!("no `{words}` in {found:?}"))
}

#[test]
fn a_machine_that_was_never_checked_is_told_where_to_begin() {
    let bench = Bench::new();
    let found = examine(&bench, &[]);
    let state = bench.state();
    let command = |words: &str| format!("anji {words} --state {}", path_text(&state));
    assert_eq!(of(&found, "state"), [("note", Some(command("check").as_str()))]);
    assert_eq!(of(&found, "runs"), [("missing", Some(command("check").as_str()))]);
    let data = found.iter().find(|one| one["topic"] == "data").expect("a finding");
    assert_eq!(data["command"], command("content import-vulns FILE"));
    assert!(data["checks"].as_array().is_some_and(|checks| !checks.is_empty()), "{data}");
    let lists = of(&found, "lists");
    let adopt = format!("{} && {}", command("check"), command("register adopt suid-files"));
    assert!(lists.contains(&("missing", Some(adopt.as_str()))), "{lists:?}");
    assert!(!bench.state().exists(), "an examination makes nothing");
    for (lang, words) in
        [("en", "there is no run about this machine yet"), ("zh", "还没有关于本机的运行")]
    {
        let ran = bench.run(&["doctor", "--lang", lang]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.out.contains(words), "{}", ran.out);
    }
}

const BASELINE: &str =
    "id: ward\nversion: 1\ntitle: {zh: 示例, en: Example}\nimports: [example]\nparams: {}\n";

const PACK: &str = r#"
- id: EX-002
  alias: example-root
  revision: 1
  title: {zh: 示例, en: Example}
  why: {zh: 示例。, en: It is an example.}
  fix: {zh: 示例。, en: Nothing to do.}
  severity: low
  guards: [data]
  layer: host
  applies: {platform: linux}
  evidence: {accounts: accounts}
  when_absent: fail
  assert: accounts.users.all(u, u.name == "root" || !(u.uid in [0]))
  cases:
    - {name: busybox root, recording: busybox-initramfs, expect: pass}
    - {name: a second root, recording: debian12-weak, expect: fail}
"#;

#[test]
fn a_checked_machine_is_well_until_its_state_is_opened_to_others() {
    let bench = Bench::new();
    // A baseline of one check, so that all of it is soon asked.
    let content = bench.place("content");
    for (file, text) in [("packs/example/one.yaml", PACK), ("baselines/ward.yaml", BASELINE)] {
        let file = content.join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, text).expect("a file");
    }
    let with = ["--content", path_text(&content)];
    checked(&bench, &["--baseline", "ward", with[0], with[1]]);
    let found = examine(&bench, &with);
    for topic in ["state", "runs", "clock", "content"] {
        let all = of(&found, topic);
        assert!(
            all.iter().all(|(state, command)| *state == "well" && command.is_none()),
            "{topic}: {all:?}"
        );
    }
    let state = bench.state();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o777)).expect("a mode");
    fs::set_permissions(state.join("signing.key"), fs::Permissions::from_mode(0o644))
        .expect("a mode");
    let found = examine(&bench, &[]);
    let (folder, key) = (
        format!("chmod go-w {}", path_text(&state)),
        format!("chmod 600 {}/signing.key", path_text(&state)),
    );
    let all = of(&found, "state");
    assert!(all.contains(&("missing", Some(folder.as_str()))), "{all:?}");
    assert!(all.contains(&("missing", Some(key.as_str()))), "{all:?}");
    // What mends it is what it says.
    for command in [folder, key] {
        let done = std::process::Command::new("/bin/sh").args(["-c", &command]).status();
        assert!(done.expect("a shell").success(), "{command}");
    }
    let all = examine(&bench, &[]);
    assert!(of(&all, "state").iter().all(|(state, _)| *state == "well"), "{all:?}");
}

#[test]
fn a_changed_record_and_content_at_fault_are_told() {
    let bench = Bench::new();
    checked(&bench, &["--only", "LNX-011"]);
    let holds = |found: &[Value]| says(found, "the chain of 1 run was verified")["health"].clone();
    assert_eq!(holds(&examine(&bench, &[])), "well");
    let connection =
        rusqlite::Connection::open(bench.state().join("anji.db")).expect("the store opens");
    // Whoever may write the file gets round the trigger, and leaves no trace of that.
    let trigger = "SELECT sql FROM sqlite_master WHERE name = 'body_fixed'";
    let trigger: String =
        connection.query_row(trigger, [], |row| row.get(0)).expect("the trigger's text");
    connection.execute("DROP TRIGGER body_fixed", []).expect("dropped");
    let overwrite = "UPDATE body SET data = zeroblob(length(data)) WHERE rowid = 1";
    assert_eq!(connection.execute(overwrite, []).expect("a body is overwritten"), 1);
    connection.execute(&trigger, []).expect("made again");
    drop(connection);
    let content = bench.place("content");
    fs::create_dir_all(content.join("packs/x")).expect("a folder");
    fs::write(content.join("packs/x/y.yaml"), "- id: EX-1\n").expect("a file");
    let found = examine(&bench, &["--content", path_text(&content)]);
    let tail = format!("--state {} --content {}", path_text(&bench.state()), path_text(&content));
    let lint = format!("anji lint {tail}");
    assert_eq!(of(&found, "content"), [("missing", Some(lint.as_str()))]);
    let broken = says(&found, "the chain was verified just now: ");
    assert_eq!(broken["health"], "missing");
    assert_eq!(broken["command"], format!("anji verify {tail}"));
}

#[test]
fn a_part_of_a_check_is_told_and_adopted_from_as_far_as_it_goes() {
    let bench = Bench::new();
    checked(&bench, &["--only", "LNX-011"]);
    let found = examine(&bench, &[]);
    let last = says(&found, "last run ");
    assert_eq!(last["health"], "note", "{last}");
    assert!(last["text"]["en"].as_str().is_some_and(|text| text.contains("a part")), "{last}");
    let tail = format!("--state {}", path_text(&bench.state()));
    let adopt = format!("anji register adopt accounts {tail}");
    let check_first = format!("anji check {tail} && anji register adopt suid-files {tail}");
    let lists = of(&found, "lists");
    for command in [&adopt, &check_first] {
        assert!(lists.contains(&("missing", Some(command.as_str()))), "{command}: {lists:?}");
    }
    // What they say is so.
    assert_eq!(bench.run(&["register", "adopt", "accounts"]).code, 0);
    assert_eq!(bench.run(&["register", "adopt", "suid-files"]).code, 1);
}

#[test]
fn a_damaged_key_is_no_matter_of_its_mode() {
    let bench = Bench::new();
    checked(&bench, &["--only", "LNX-011"]);
    let key = bench.state().join("signing.key");
    fs::write(&key, "no key\n").expect("a file");
    let found = examine(&bench, &[]);
    let damaged = says(&found, "the file of the signing key is damaged");
    assert_eq!((&damaged["health"], &damaged["command"]), (&"missing".into(), &Value::Null));
}

#[test]
fn a_state_folder_that_cannot_be_looked_at_is_not_a_new_one() {
    let bench = Bench::new();
    let state = bench.state();
    // Root may look everywhere, and yet not through a link to itself.
    std::os::unix::fs::symlink(&state, &state).expect("a link");
    let found = examine(&bench, &[]);
    let closed = found.iter().find(|one| one["topic"] == "state").expect("a finding");
    assert_eq!(closed["health"], "missing", "{closed}");
    let text = closed["text"]["en"].as_str().expect("words");
    assert!(text.ends_with("it cannot be looked at"), "{text}");
    // Below a file nothing can be made.
    let file = bench.place("file");
    fs::write(&file, "").expect("a file");
    let found = examine(&bench, &["--state", path_text(&file.join("state"))]);
    assert_eq!(of(&found, "state"), [("missing", Some("anji check --state DIR"))]);
}

#[test]
fn an_ordinary_account_is_told_how_to_get_its_rule() {
    let bench = Bench::new();
    let alone = bench.run(&["doctor", "--user", "collector"]);
    assert_eq!(alone.code, 64, "a user without --sudoers asks for nothing: {}", alone.out);
    let folder = bench.place("open");
    fs::create_dir_all(&folder).expect("a folder");
    let program = folder.join("anji");
    fs::copy(env!("CARGO_BIN_EXE_anji"), &program).expect("a copy that anybody may run");
    for open in [folder.parent().expect("the bench"), &folder] {
        fs::set_permissions(open, fs::Permissions::from_mode(0o755)).expect("a mode");
    }
    let examined = |state: &std::path::Path| {
        let mut command = std::process::Command::new(&program);
        command.args(["doctor", "--lang", "en", "--state"]).arg(state);
        if rustix::process::geteuid().is_root() {
            command.uid(65_534).gid(65_534);
        }
        let ran = Ran::from(command.output().expect("the binary starts"));
        assert_eq!(ran.code, 2, "{}", ran.err);
        // Lines are broken at blanks.
        ran.out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let out = examined(std::path::Path::new("/not-there/anji"));
    assert!(out.contains("this account cannot make it"), "{out}");
    let closed = bench.place("closed");
    fs::create_dir_all(closed.join("state")).expect("a folder");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("a mode");
    let out = examined(&closed.join("state"));
    assert!(out.contains("it cannot be looked at"), "{out}");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("a mode");
    let out = examined(&folder.join("state"));
    if !out.contains("the sudo rule is in force") {
        for part in ["anji doctor --sudoers --state", "sudo visudo -cf", "sudo mv /etc/sudoers.d"] {
            assert!(out.contains(part), "no `{part}` in {out}");
        }
    }
}
