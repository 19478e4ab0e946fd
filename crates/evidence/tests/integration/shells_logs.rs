//! The captures of audit, logs and the clock in every shell, on hostile files.

use super::shells::{root_with, shells, text};
use super::support::{body, column, element, parse};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

/// The body of a type as each shell captures it in a root: always the same.
fn in_every_shell(kind: &str, root: &tempfile::TempDir) -> Value {
    let mut first: Option<Value> = None;
    for shell in shells() {
        let parsed = parse(kind, None, &shell.frames(kind, text(root), &[]));
        let met = body(&parsed);
        let met = json!({"body": met, "gaps": format!("{:?}", parsed.gaps)});
        match &first {
            None => first = Some(met),
            Some(first) => assert_eq!(first, &met, "{}", shell.name()),
        }
    }
    first.unwrap()["body"].take()
}

const SECRETS: [&str; 12] = [
    "hunter1", "hunter2", "hunter3", "hunter4", "hunter5", "hunter6", "hunter7", "hunter8",
    "hunter9", "hunterA", "hunterB", "hunterC",
];

#[test]
fn no_password_of_a_log_configuration_leaves_the_target() {
    let root = root_with(&[
        (
            "etc/rsyslog.conf",
            b"$IncludeConfig /etc/rsyslog.d/*.conf\n\
              $ActionOmmysqlPassword hunter1\n\
              *.* :ommysql:db.example,syslog,writer,hunter2\n\
              *.* >db.example,syslog,writer,hunter3\n\
              # pwd=\"hunter4\" of old\n\
              action(type=\"ommysql\" server=\"db\" uid=\"w\" pwd=\"a\\\"hunter5 x\" Password = 'hunter6')\n\
              action(type=\"omprog\" binary=\"/opt/ship --key hunter7\")\n\
              *.* ^/opt/ship;hunter8\n\
              action(type=\"omhttp\" server=\"https://w:hunter9@log.example\" httpheadervalue=\"Bearer hunterA\")\n\
              *.* @@loghost:6514\n" as &[u8],
        ),
        (
            "etc/syslog-ng/syslog-ng.conf",
            b"destination d { http(url(\"https://u:hunterB@h/\") password(\"hunterC\") ); };\n",
        ),
    ]);
    for shell in shells() {
        let frames = shell.frames("log.forwarding", text(&root), &[]);
        let mut all = parse("log.forwarding", None, &frames).body.unwrap_or_default();
        for frame in frames.iter() {
            all.extend_from_slice(&frame.data);
            all.extend_from_slice(&frame.diagnostics);
        }
        let all = String::from_utf8_lossy(&all);
        for secret in SECRETS {
            assert!(!all.contains(secret), "{secret} in {}: {all}", shell.name());
        }
        assert!(all.contains("loghost:6514"), "{}", shell.name());
    }
}

#[test]
fn collectors_are_found_among_hostile_lines() {
    let root = root_with(&[
        (
            "etc/rsyslog.conf",
            b"module(load=\"imuxsock\")\n$IncludeConfig /etc/rsyslog.d/*.conf\n" as &[u8],
        ),
        ("etc/rsyslog.d/10 $(id)`id`.conf", b"\x1b[31m*.* @evil\xff\n*.* @@a.example\n"),
        (
            "etc/rsyslog.d/20-end.conf",
            b"//E 0\n*.info action(type=\"omfwd\" target=\"b.example\" protocol=\"tcp\")",
        ),
        ("etc/systemd/journald.conf", b"[Journal]\nStorage=persistent\n#SystemMaxUse=1G\n"),
        ("etc/systemd/journald.conf.d/x.conf", b"[Journal]\nMaxRetentionSec=6month\n"),
    ]);
    let body = in_every_shell("log.forwarding", &root);
    assert_eq!(column(&body["collectors"], "host"), ["a.example", "b.example"]);
    assert_eq!(body["journald"]["max_retention_days"], 182);
    assert_eq!(body["collectors"][0]["running"], Value::Null);
}

#[test]
fn log_files_in_another_root() {
    let root = root_with(&[
        ("var/log/auth.log", b"2026-11-23T19:33:44.1+00:00 h sshd[1]: x\n" as &[u8]),
        ("var/log/messages", b"not a date\n"),
        ("var/log/secure", b""),
        ("var/log/auth.log.2.gz", b"\x1f\x8b\0"),
        ("var/log/x $(touch y)", b"x"),
        ("var/log/audit/audit.log", b"type=X msg=audit(1795462016.1:2): password=hunter\n"),
        ("var/log/journal/0f/system.journal", &{
            let mut header = vec![0; 200];
            header[184..192].copy_from_slice(&1_795_462_016_000_000_u64.to_le_bytes());
            header
        }),
        ("etc/logrotate.conf", b"weekly\nrotate 26\ninclude /etc/logrotate.d\n"),
        ("etc/logrotate.d/rsyslog", b"/var/log/auth.log\n{\n rotate 30\n}\n"),
        ("etc/machine-id", b"0f\n"),
    ]);
    let at = |name: &str| root.path().join(name);
    let odd = root.path().join("var/log").join(OsStr::from_bytes(b"syslog.1\nf 81a4 0 0 1 x\xe9"));
    fs::write(odd, b"x").unwrap();
    symlink("/etc/shadow", at("var/log/kern.log")).unwrap();
    fs::set_permissions(at("var/log/auth.log"), fs::Permissions::from_mode(0o604)).unwrap();
    let body = in_every_shell("log.files", &root);
    let auth = element(&body["families"], "path", "/var/log/auth.log");
    assert_eq!(auth["oldest_day"], 20_780);
    assert_eq!(auth["kept_days"], 210);
    let journal = element(&body["families"], "path", "/var/log/journal");
    assert_eq!(journal["oldest_day"], 20_780);
    let paths = column(&body["files"], "path");
    assert!(!paths.contains(&"/var/log/kern.log"), "{paths:?}");
    assert!(!paths.iter().any(|path| path.contains("syslog")), "{paths:?}");
    let modes: Vec<_> = body["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["path"] == "/var/log/auth.log")
        .collect();
    assert!(modes.iter().any(|file| file["mode"] == "0604"), "{modes:?}");
    assert!(!at("y").exists());
}

#[test]
fn configured_audit_rules_in_another_root() {
    let root = root_with(&[
        ("etc/audit/rules.d/99-end.rules", b"-e 2\n" as &[u8]),
        ("etc/audit/rules.d/100-late.rules", b"-w /late -p wa\n"),
        (
            "etc/audit/rules.d/9-first.rules",
            b"-D\n-w /etc/passwd -p wa -k id\n-w /\xff\x1b[2J -p r\n",
        ),
        ("etc/audit/rules.d/bad.rules", b"--what\n"),
        ("etc/audit/auditd.conf", b"max_log_file_action = ROTATE\nnum_logs=5\n"),
    ]);
    let body = in_every_shell("audit", &root);
    assert_eq!(body["configured_enabled"], 2);
    let rules = column(&body["configured"], "path");
    assert_eq!(rules, ["/etc/passwd", "/\\xff\\x1b[2J", "/late"]);
    assert_eq!(body["auditd"]["max_log_file_action"], "rotate");
    assert_eq!(body["enabled"], Value::Null);
}

#[test]
fn time_sources_in_another_root() {
    let root = root_with(&[
        ("etc/chrony.conf", b"server 10.0.0.1 iburst # x\n#pool p\nsourcedir /etc/chrony/sources.d\nrefclock PHC /dev/ptp0 poll 3\n" as &[u8]),
        ("etc/chrony/sources.d/a.sources", b"peer b.example\n"),
        ("etc/chrony/sources.d/a.sources.bak", b"peer no.example\n"),
        ("etc/ntp.conf", b"server 127.127.1.0\nrestrict default\npool -4 c.example iburst\n"),
        ("etc/systemd/timesyncd.conf", b"[Time]\nNTP=old.example\n"),
        ("etc/systemd/timesyncd.conf.d/x.conf", b"[Time]\nNTP=\nNTP=d.example \x1b[2J\n"),
    ]);
    symlink("/usr/share/zoneinfo/Asia/Shanghai", root.path().join("etc/localtime")).unwrap();
    let body = in_every_shell("time.sync", &root);
    assert_eq!(
        column(&body["sources"], "address"),
        [
            "10.0.0.1",
            "127.127.1.0",
            "PHC /dev/ptp0",
            "\\x1b[2J",
            "b.example",
            "c.example",
            "d.example"
        ]
    );
    assert_eq!(body["timezone"], "Asia/Shanghai");
}
