//! The helper that dumps files, in every shell there is, on hostile files.

use super::shells::{root_with, shells, text};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

const PATTERNS: &str = "anji_dump /etc/a.conf /etc/none /etc/none.d/x '/etc/d/*.conf' '/etc/none.d/*' \
    /etc/d /etc/loop '/etc/?.conf'";

#[test]
fn every_shell_tells_the_same_of_hostile_files() {
    let root = root_with(&[
        ("etc/a.conf", b"first\n//E 0\n//F 81a4 0 0 1 /etc/shadow\nno newline at the end"),
        ("etc/d/20 $(touch x)`id`.conf", b"\x1b[31m\\n \xff\n"),
        ("etc/d/10-empty.conf", b""),
        ("etc/d/skipped", b"not asked for"),
        ("etc/d/.hidden.conf", b"not asked for"),
        ("etc/d/sub.conf/inner.conf", b"a folder"),
    ]);
    let odd = root.path().join("etc/d").join(OsStr::from_bytes(b"30\nnew\xe9.conf"));
    fs::write(&odd, b"one\n\ntwo\n").unwrap();
    symlink("loop", root.path().join("etc/loop")).unwrap();
    symlink("nowhere", root.path().join("etc/d/99-dangling.conf")).unwrap();
    let modes = [("etc/a.conf", 0o640), ("etc/d/10-empty.conf", 0o600)];
    for (name, mode) in modes {
        fs::set_permissions(root.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    for shell in shells() {
        let frame = shell.run("x", PATTERNS, text(&root));
        let name = shell.name();
        assert_eq!(frame.exit, Some(0), "{name}: {}", frame.diagnostics.escape_ascii());
        let said = frame.data.escape_ascii().to_string().replace("\\n", "\n");
        for line in [
            "//- absent /etc/none\n",
            "//- absent /etc/none.d/x\n",
            "//- absent /etc/none.d/*\n",
            "//- kind /etc/d\n",
            "//- kind /etc/d/sub.conf\n",
            "//- absent /etc/d/99-dangling.conf\n",
            "//- loop /etc/loop\n",
            "//D /etc/d/*.conf\n",
            " first\n //E 0\n //F 81a4 0 0 1 /etc/shadow\n no newline at the end\n//E 0\n",
            " one\n \n two\n//E 0\n",
        ] {
            assert!(said.contains(line), "{name}: {line}\n{said}");
        }
        let stated = |mode: &str, path: &str| {
            said.lines()
                .any(|line| line.starts_with(&format!("//F {mode} ")) && line.ends_with(path))
        };
        assert!(stated("81a0", " 60 /etc/a.conf"), "{name}: {said}");
        assert!(stated("8180", " 0 /etc/d/10-empty.conf"), "{name}: {said}");
        assert!(!said.contains("not asked for"), "{name}: {said}");
        // A pattern of the second kind meets the file that a plain path named.
        assert_eq!(said.matches("/etc/a.conf\n").count(), 2, "{name}: {said}");
        assert!(!root.path().join("x").exists() && !std::path::Path::new("/x").exists());
    }
}

#[test]
fn a_file_that_is_too_large_or_holds_nul_loses_nothing_unsaid() {
    let large = vec![b'a'; 5 << 20];
    let root = root_with(&[("etc/large", &large), ("etc/nul", b"a\0b\nc\n")]);
    for shell in shells() {
        let frame = shell.run("x", "anji_dump /etc/large /etc/nul", text(&root));
        let said = frame.data.escape_ascii().to_string();
        assert!(said.contains("//- large /etc/large"), "{}: {said}", shell.name());
        // Either the NUL is there, or the file is told not to be whole. The awk
        // of busybox ends a line at it and goes on.
        let told = said.contains("a\\x00b") || said.contains("//E 1") || said.contains(" a\\n b");
        assert!(told, "{}: {said}", shell.name());
    }
}

#[test]
fn files_that_hold_commands_tell_no_secret_and_keep_their_lines() {
    let rotate = b"# canary-a\n/var/log/mysql.log {\n rotate 7\n postrotate\n  mysqladmin --password=canary-b -u root -pcanary-c flush-logs\n  curl -H \"Authorization: Bearer canary-d\" http://x\n endscript\n}\n";
    let sudoers = b"Defaults passwd_tries=3\n# canary-e\n#1001 ALL=(root) NOPASSWD: /usr/bin/mysql -u root -pcanary\\,f, /usr/bin/id\nx ALL=(ALL) PASSWD: /opt/x TOKEN=\"canary g\" y\n#includedir /etc/sudoers.d\n";
    let ntp = b"server 10.0.0.1\ncrypto pw canary-h randfile /x\n";
    let root = root_with(&[
        ("etc/logrotate.conf", rotate),
        ("etc/sudoers", sudoers),
        ("etc/ntp.conf", ntp),
    ]);
    for (kind, kept) in [
        ("log.files", &["  mysqladmin --password=? -u root -p? flush-logs\n", " rotate 7\n"][..]),
        (
            "sudo.rules",
            &[
                " #1001 ALL=(root) NOPASSWD: /usr/bin/mysql -u root -p?, /usr/bin/id\n",
                " x ALL=(ALL) PASSWD: /opt/x TOKEN=? y\n",
                " Defaults passwd_tries=3\n",
                " #includedir /etc/sudoers.d\n",
            ],
        ),
        ("time.sync", &[" crypto pw ? randfile /x\n"]),
    ] {
        for shell in shells() {
            let frames = shell.frames(kind, text(&root), &[]);
            let said: Vec<u8> = frames.iter().flat_map(|frame| frame.data.clone()).collect();
            let said = String::from_utf8(said).unwrap();
            assert!(!said.contains("canary"), "{} {kind}: {said}", shell.name());
            for line in kept {
                assert!(said.contains(line), "{} {kind}: {line}\n{said}", shell.name());
            }
        }
    }
}
