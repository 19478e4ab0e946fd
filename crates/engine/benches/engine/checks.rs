//! The product's own checks, repeated under other ids until there are enough.

use anji_engine::{Content, ContentFile, load};
use anji_model::{Approval, Register, RegisterEntry, Subject};
use jiff::Timestamp;
use std::path::Path;

/// Other files that the copies look at, so that there are eight in all.
const PATHS: [(&str, [&str; 3]); 3] = [
    ("/etc/shadow", ["/etc/shadow", "/etc/gshadow", "/etc/security/opasswd"]),
    ("/etc/passwd", ["/etc/passwd", "/etc/group", "/etc/crontab"]),
    ("/etc/ssh/sshd_config", ["/etc/ssh/sshd_config", "/etc/sudoers", "/etc/sudoers"]),
];

/// `wanted` checks in one pack, and a baseline of them.
pub(crate) fn content(wanted: usize) -> Content {
    let originals = originals();
    assert!(!originals.is_empty(), "no check was found in the content folder");
    let mut pack = String::new();
    for number in 0..wanted {
        let text = &originals[number % originals.len()];
        pack.push_str(&copy(text, number / originals.len()));
    }
    let baseline = "id: starter\nversion: 1\ntitle: {zh: 基线, en: baseline}\nimports: [bench]\n";
    let file = |path: &str, text: String| ContentFile { path: path.to_owned(), text };
    let files =
        [file("packs/bench/all.yaml", pack), file("baselines/starter.yaml", baseline.to_owned())];
    let content = load(&files).unwrap_or_else(|problems| panic!("{:#?}", &problems[..1]));
    assert_eq!(content.checks().len(), wanted);
    content
}

/// The text of every check of the packs.
fn originals() -> Vec<String> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/packs/host-linux");
    let mut files: Vec<_> = std::fs::read_dir(&packs)
        .expect("the content folder is in the repository")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    let text = |path: &std::path::PathBuf| std::fs::read_to_string(path).expect("readable content");
    let checks = |text: String| {
        let parts = format!("\n{text}");
        parts.split("\n- id: ").skip(1).map(|part| format!("- id: {part}\n")).collect::<Vec<_>>()
    };
    files.iter().map(text).flat_map(checks).collect()
}

/// The check under another id and alias, looking at other files.
fn copy(text: &str, number: usize) -> String {
    let mut copied = String::new();
    for line in text.lines() {
        if let Some(id) = line.strip_prefix("- id: ") {
            copied.push_str(&format!("- id: C{number}-{id}"));
        } else if let Some(alias) = line.strip_prefix("  alias: ") {
            copied.push_str(&format!("  alias: c{number}-{alias}"));
        } else if line.contains("path: ") && line.contains("file.stat") {
            let path =
                |line: String, (from, to): &(&str, [&str; 3])| line.replace(from, to[number % 3]);
            copied.push_str(&PATHS.iter().fold(line.to_owned(), path));
        } else {
            copied.push_str(line);
        }
        copied.push('\n');
    }
    copied
}

/// Approved lists of twenty things each, none of which any host has.
pub(crate) fn registers(content: &Content, at: Timestamp) -> Vec<Register> {
    let list = |id: &anji_model::RegisterId| Register {
        id: id.clone(),
        subject: Subject::local(),
        version: 1,
        entries: (0..20).map(|n| RegisterEntry { value: format!("approved thing {n}") }).collect(),
        adopted_from: None,
        approval: Approval { recorded_by: "bench".to_owned(), approved_by: None, at, reason: None },
    };
    content.registers().iter().map(list).collect()
}
