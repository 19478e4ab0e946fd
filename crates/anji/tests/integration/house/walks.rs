//! Runs the walks of `CONTRIBUTING.md` as they are written.
//!
//! Each section whose title begins with "Your first" is a walk: its `sh` blocks
//! run one after another in one shell, in a scratch copy of the repository. `anji`
//! is the program of this build. Nothing outside the scratch copy and a build
//! folder below `target` is written.

use super::tree;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The walks of the page: title and script.
fn walks(page: &str) -> Vec<(String, String)> {
    let mut walks = Vec::new();
    for section in page.split("\n## ").skip(1) {
        let (title, body) = section.split_once('\n').unwrap_or((section, ""));
        if !title.starts_with("Your first") {
            continue;
        }
        let mut script = String::from("set -eu\n");
        let mut blocks = 0;
        for block in body.split("\n```sh\n").skip(1) {
            let (commands, _) = block.split_once("\n```").expect("a block of commands ends");
            script.push_str(commands);
            script.push('\n');
            blocks += 1;
        }
        assert!(blocks > 2, "the walk `{title}` has only {blocks} blocks of commands");
        walks.push((title.to_owned(), script));
    }
    walks
}

/// Copies the repository's files, without what builds leave behind.
fn copy_repository(target: &Path) {
    let root = tree::root();
    for path in tree::files("") {
        let place = target.join(&path);
        fs::create_dir_all(place.parent().expect("a file stands in a folder"))
            .and_then(|()| fs::copy(root.join(&path), &place).map(drop))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

fn run(start_of_title: &str) {
    let walks = walks(&tree::read("CONTRIBUTING.md"));
    assert_eq!(walks.len(), 2, "the page has two walks");
    let (title, script) = walks
        .iter()
        .find(|(title, _)| title.starts_with(start_of_title))
        .unwrap_or_else(|| panic!("the page has a walk `{start_of_title}`"));
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    copy_repository(scratch.path());
    let anji = Path::new(env!("CARGO_BIN_EXE_anji"));
    let mut path = anji.parent().expect("the program stands in a folder").as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").expect("PATH is set"));
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(script)
        .current_dir(scratch.path())
        .env("PATH", path)
        // A folder of its own: the walk's build must not replace programs under test.
        .env("CARGO_TARGET_DIR", tree::root().join("target/walks"))
        .env("ANJI_STATE", scratch.path().join("state"))
        .stdin(Stdio::null());
    // Cargo tells the tests it runs about their own package; the walk is another.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_")) {
            command.env_remove(name);
        }
    }
    let output = command.output().expect("sh can be started");
    assert!(
        output.status.success(),
        "the walk `{title}` stopped with {}:\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}

#[test]
fn the_first_check_works_as_written() {
    run("Your first check");
}

#[test]
fn the_first_evidence_type_works_as_written() {
    run("Your first evidence type");
}
