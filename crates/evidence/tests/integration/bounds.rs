//! Account files that are no account files: too large, no file at all, or with
//! bytes that readers take in different ways. None is passed off as complete,
//! and none makes the target wait or hold it in memory.

use super::shells::{root_with, shells, text};
use super::support::{body, failed, frame, has_gap, parse, path};
use anji_evidence::{Frame, Parsed, registry};
use anji_model::{EvidenceStatus, FailureCategory, GapKind};
use std::fs;
use std::path::Path;
use std::process::Command;

const PASSWD: &[u8] = b"root:x:0:0:root:/root:/bin/sh\n";
const SHADOW: &[u8] = b"root:!:19000::::::\n";
const GROUP: &[u8] = b"root:x:0:\n";

fn root() -> tempfile::TempDir {
    root_with(&[("etc/passwd", PASSWD), ("etc/shadow", SHADOW), ("etc/group", GROUP)])
}

/// What was said of why the file is not known.
fn said(parsed: &Parsed) -> String {
    let status = match &parsed.status {
        EvidenceStatus::Failed { detail, .. } => detail.as_str(),
        _ => "",
    };
    parsed.gaps.iter().map(|gap| gap.detail.as_str()).chain([status]).collect()
}

/// Each of the files in turn is spoilt; its part of the evidence is not known.
fn each_spoilt(category: FailureCategory, words: &str, spoil: impl Fn(&Path)) {
    for shell in shells() {
        for file in ["passwd", "shadow", "group"] {
            let root = root();
            spoil(&root.path().join("etc").join(file));
            let parsed = parse("accounts", None, &shell.frames("accounts", text(&root), &[]));
            let name = format!("{file} in {}: {parsed:?}", shell.name());
            match file {
                "passwd" => assert_eq!(failed(&parsed), category, "{name}"),
                "shadow" => {
                    let gap = has_gap(&parsed.gaps, "users[].password", GapKind::Unknown, category);
                    assert!(gap && body(&parsed)["users"][0]["password"].is_null(), "{name}");
                }
                _ => {
                    assert!(has_gap(&parsed.gaps, "groups", GapKind::Partial, category), "{name}");
                }
            }
            assert!(said(&parsed).contains(words), "{name}");
        }
    }
}

#[test]
fn a_gigabyte_is_not_read() {
    each_spoilt(FailureCategory::Truncated, "larger than an account file may be", |file| {
        fs::File::options().write(true).open(file).unwrap().set_len(1 << 30).unwrap();
    });
}

#[test]
fn a_pipe_is_not_waited_for() {
    each_spoilt(FailureCategory::CommandFailed, "not a regular file", |file| {
        fs::remove_file(file).unwrap();
        let made = Command::new("mkfifo").arg(file).status().expect("apt-get install coreutils");
        assert!(made.success());
    });
}

#[test]
fn a_folder_is_not_a_lack_of_rights() {
    each_spoilt(FailureCategory::CommandFailed, "not a regular file", |file| {
        fs::remove_file(file).unwrap();
        fs::create_dir(file).unwrap();
    });
}

/// `file.stat` looks names up in the same files.
#[test]
fn names_are_not_looked_up_in_a_pipe() {
    for shell in shells() {
        let root = root();
        for file in ["passwd", "group"] {
            let file = root.path().join("etc").join(file);
            fs::remove_file(&file).unwrap();
            assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
        }
        let selectors = [path("/etc/shadow"), path("/etc/passwd")];
        let frames = shell.frames("file.stat", text(&root), &selectors);
        let kind =
            |at: usize| body(&parse("file.stat", Some(&selectors[at]), &frames))["kind"].clone();
        assert_eq!((kind(0), kind(1)), ("file".into(), "fifo".into()), "{}", shell.name());
    }
}

#[test]
fn a_nul_byte_leaves_a_gap_wherever_it_stands() {
    let cases: [(&str, &[u8], &str); 7] = [
        ("passwd", b"root:x:0:0:root:/root:/bin/sh\0\n", "users"),
        ("passwd", b"root:x:0:0:root:/root:/bin/sh\n#\0\n", "users"),
        ("passwd", b"root:x:0:0:ro\0ot:/root:/bin/sh\n", "users"),
        ("shadow", b"root:!:19000::::::\0\n", "users[].password"),
        ("shadow", b"root:\0:19000::::::\n", "users[].password"),
        ("group", b"root:x:0:\0\n", "groups"),
        ("group", b"ro\0ot:x:0:\n", "groups"),
    ];
    for shell in shells() {
        for (file, data, list) in cases {
            let root = root();
            fs::write(root.path().join("etc").join(file), data).unwrap();
            let parsed = parse("accounts", None, &shell.frames("accounts", text(&root), &[]));
            let unread = |gap: &anji_model::Gap| {
                gap.path == list && gap.category == FailureCategory::Unparsable
            };
            let name = format!("{file} {data:?} in {}: {parsed:?}", shell.name());
            assert!(parsed.gaps.iter().any(unread), "{name}");
        }
    }
}

/// Through sudo there is neither a limit of the pipe nor its mapping of NUL: the
/// program itself says what it met.
#[test]
fn the_program_that_runs_through_sudo_says_what_it_met() {
    let kind = registry().iter().find(|kind| kind.name().as_str() == "accounts").unwrap();
    let vector = kind.captures(&[]).into_iter().flat_map(|c| c.sudo).next().unwrap();
    let run = |awk: &str, data: &[u8]| {
        let root = root_with(&[("shadow", data)]);
        let file = root.path().join("shadow");
        let out = Command::new(awk).args(&vector[1..3]).arg(file).env("LC_ALL", "C").output();
        out.unwrap_or_else(|_| panic!("no {awk}: apt-get install mawk gawk"))
    };
    for awk in ["mawk", "gawk"] {
        assert_eq!(run(awk, SHADOW).stdout, b"root:disabled:19000::::::\n", "{awk}");
        assert_eq!(run(awk, b"root:\0:19000::::::\n").stdout, b"?1\n", "{awk}");
        assert_eq!(run(awk, &[b':'; 65_537]).stdout, b"?1\n", "{awk}");
        let large = run(awk, &[b'a'; (4 << 20) + 1]);
        assert_eq!(large.status.code(), Some(47), "{awk}");
    }
}

#[test]
fn a_daemon_that_was_never_started_is_told_how_to_start() {
    let answer = |diagnostics: &[u8]| {
        let settings = Frame {
            exit: Some(255),
            diagnostics: diagnostics.to_vec(),
            ..Frame::empty("sshd.settings")
        };
        let frames = [settings, frame("sshd.presence", b"binary /usr/sbin/sshd\n")];
        let parsed = parse("sshd.effective", None, &frames.into_iter().collect());
        assert_eq!(failed(&parsed), FailureCategory::CommandFailed);
        said(&parsed)
    };
    assert_eq!(
        answer(b"Missing privilege separation directory: /run/sshd\r\n"),
        "sshd is installed but not running: its runtime folder /run/sshd is missing; start it \
         (systemctl start ssh) or create the folder, then check again"
    );
    let other = answer(b"Missing privilege separation directory: /run/sshd2\n");
    assert!(other.contains("/run/sshd2") && !other.contains("not running"), "{other}");
}
