//! The files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold no source of ours.
const SKIPPED: &[&str] = &["target", ".git", "artifacts", "coverage"];

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.ancestors().nth(2).expect("the crate stands in crates/anji").to_owned()
}

/// Every file below `folder`, sorted, with paths relative to the root and `/`
/// between their parts.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the source tree can be read") {
            let entry = entry.expect("the source tree can be listed");
            let kind = entry.file_type().expect("the kind of an entry can be read");
            let name = entry.file_name();
            if kind.is_dir() && !SKIPPED.iter().any(|skipped| name == *skipped) {
                open.push(entry.path());
            } else if kind.is_file() {
                let path = entry.path();
                let path = path.strip_prefix(&root).expect("walked from the root");
                found.push(path.to_str().expect("our file names are UTF-8").to_owned());
            }
        }
    }
    found.sort();
    found
}

/// Rust files of production code: everything in `crates/*/src`.
pub(crate) fn production() -> Vec<String> {
    let found: Vec<_> = files("crates")
        .into_iter()
        .filter(|path| path.ends_with(".rs") && path.split('/').nth(2) == Some("src"))
        .collect();
    assert!(found.len() > 20, "only {} production files found: wrong folder?", found.len());
    found
}

/// The text of a file.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
