//! The examination of this machine.

use super::support::{Bench, Ran, path_text};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;

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

fn checked(bench: &Bench) -> Ran {
    let ran = bench.run(&["check", "--only", "LNX-011", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

#[test]
fn a_machine_that_was_never_checked_is_told_where_to_begin() {
    let bench = Bench::new();
    let found = examine(&bench, &[]);
    assert_eq!(of(&found, "state"), [("note", Some("anji check"))]);
    assert_eq!(of(&found, "runs"), [("missing", Some("anji check"))]);
    let data = found.iter().find(|one| one["topic"] == "data").expect("a finding");
    assert_eq!(data["command"], "anji content import-vulns FILE");
    assert!(data["checks"].as_array().is_some_and(|checks| !checks.is_empty()), "{data}");
    let lists = of(&found, "lists");
    assert!(lists.contains(&("missing", Some("anji register adopt suid-files"))), "{lists:?}");
    assert!(!bench.state().exists(), "an examination makes nothing");
    for (lang, words) in
        [("en", "there is no run about this machine yet"), ("zh", "还没有关于本机的运行")]
    {
        let ran = bench.run(&["doctor", "--lang", lang]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.out.contains(words), "{}", ran.out);
    }
}

#[test]
fn a_checked_machine_is_well_until_its_state_is_opened_to_others() {
    let bench = Bench::new();
    checked(&bench);
    let found = examine(&bench, &[]);
    for topic in ["state", "runs", "clock", "content"] {
        let all = of(&found, topic);
        assert!(
            all.iter().all(|(state, command)| *state == "well" && command.is_none()),
            "{topic}: {all:?}"
        );
    }
    if rustix::process::geteuid().is_root() {
        assert_eq!(of(&found, "rights"), [("well", None)]);
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
    checked(&bench);
    let connection =
        rusqlite::Connection::open(bench.state().join("anji.db")).expect("the store opens");
    connection.execute_batch("DROP TRIGGER body_fixed").expect("dropped");
    drop(connection);
    let content = bench.place("content");
    fs::create_dir_all(content.join("packs/x")).expect("a folder");
    fs::write(content.join("packs/x/y.yaml"), "- id: EX-1\n").expect("a file");
    let found = examine(&bench, &["--content", path_text(&content)]);
    assert_eq!(of(&found, "content"), [("missing", Some("anji lint"))]);
    assert!(of(&found, "runs").contains(&("missing", Some("anji verify"))), "{found:?}");
}

#[test]
fn an_ordinary_account_is_told_how_to_get_its_rule() {
    let bench = Bench::new();
    let alone = bench.run(&["doctor", "--user", "collector"]);
    assert_eq!(alone.code, 64, "a user without --sudoers asks for nothing: {}", alone.out);
    if !rustix::process::geteuid().is_root() {
        let found = examine(&bench, &[]);
        assert_ne!(of(&found, "rights"), [("well", None)]);
    }
}
