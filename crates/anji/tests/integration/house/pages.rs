//! The pages of documentation under `docs/checks` are those that the content
//! makes today.

use super::tree;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const FOLDER: &str = "docs/checks";
const AGAIN: &str = "cargo run -p anji -- content docs docs/checks";

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn the_pages_of_the_checks_are_current() {
    let made = tempfile::tempdir().expect("a scratch folder");
    let ran = Command::new(env!("CARGO_BIN_EXE_anji"))
        .args(["content", "docs"])
        .arg(made.path())
        .env("ANJI_STATE", made.path().join("state"))
        .output()
        .expect("the binary starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mut pages = 0;
    for lang in ["en", "zh"] {
        let (new, old) = (made.path().join(lang), tree::root().join(FOLDER).join(lang));
        let names = files(&new);
        assert_eq!(files(&old), names, "pages of {FOLDER}/{lang}; make them with: {AGAIN}");
        for name in names {
            let read = |folder: &Path| std::fs::read_to_string(folder.join(&name)).expect("a page");
            assert!(
                read(&new) == read(&old),
                "{FOLDER}/{lang}/{name} is not current; make it with: {AGAIN}"
            );
            pages += 1;
        }
    }
    assert!(pages >= 26, "only {pages} pages");
}
