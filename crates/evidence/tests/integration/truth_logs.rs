//! What the recorded systems are known to be: audit, logs, the clock.

use super::support::{absent, body, column, element, has_gap, parse, recording, texts};
use anji_model::{FailureCategory, GapKind};
use serde_json::{Value, json};

const DEBIAN: [&str; 3] = ["debian12-default", "debian12-weak", "debian12-hardened"];

fn of(host: &str, kind: &str) -> Value {
    body(&parse(kind, None, &recording(host)))
}

fn recorded(host: &str) -> Vec<String> {
    let calls = of(host, "audit")["syscalls"].clone();
    let calls = calls.as_array().unwrap().iter().filter(|call| call["recorded"] == true);
    calls.map(|call| call["call"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn audit_state_of_the_kernel() {
    let rows = [(DEBIAN[0], 1, true), (DEBIAN[1], 1, false), (DEBIAN[2], 2, true)];
    for (host, enabled, running) in rows {
        let body = of(host, "audit");
        assert_eq!(body["enabled"], enabled, "{host}");
        assert_eq!(body["daemon_running"], running, "{host}");
        assert_eq!((&body["failure"], &body["backlog_limit"]), (&json!(1), &json!(8192)), "{host}");
        assert_eq!(body["unit"]["refuse_manual_stop"], false, "{host}");
        assert_eq!(body["unit"]["files"][0]["mode"], "0644", "{host}");
    }
    for host in ["debian12-minbase", "busybox-initramfs"] {
        assert!(absent(&parse("audit", None, &recording(host))), "{host}");
    }
}

#[test]
fn audit_rules_loaded_and_configured_are_the_same_sixteen() {
    for host in &DEBIAN[..2] {
        let body = of(host, "audit");
        assert_eq!((&body["loaded"], &body["configured"]), (&json!([]), &json!([])), "{host}");
        assert_eq!(body["configured_enabled"], Value::Null, "{host}");
        assert_eq!(recorded(host), Vec::<String>::new(), "{host}");
    }
    let body = of(DEBIAN[2], "audit");
    assert_eq!(body["loaded"].as_array().unwrap().len(), 16);
    assert_eq!(body["loaded"], body["configured"]);
    assert_eq!(body["configured_enabled"], 2);
    let rules = column(&body["loaded"], "rule");
    assert_eq!(rules[0], "-a always,exit -F path=/etc/passwd -F perm=wa -F key=identity");
    let access = "-a always,exit -F arch=b64 -S creat,open,openat,truncate -F auid!=-1 -F auid>=1000 \
                  -F exit=-EACCES -F key=access";
    assert!(rules.contains(&access), "{rules:?}");
    assert_eq!(body["loaded"][15]["action"], "never");
    let calls = recorded(DEBIAN[2]);
    for call in ["b64 adjtimex", "b64 init_module", "b64 chmod", "b64 sethostname"] {
        assert!(calls.iter().any(|met| met == call), "{call}");
    }
    for call in ["b64 mount", "b64 unlink", "b64 openat", "b32 adjtimex"] {
        assert!(!calls.iter().any(|met| met == call), "{call}");
    }
    let watch = element(&body["watches"], "path", "/etc/sudoers.d");
    assert_eq!((&watch["changes"], &watch["below"]), (&json!(true), &json!("/etc/sudoers.d/")));
}

#[test]
fn audit_daemon_is_configured() {
    let body = of(DEBIAN[2], "audit");
    assert_eq!(body["auditd"]["max_log_file"], 32);
    assert_eq!(body["auditd"]["max_log_file_action"], "keep_logs");
    assert_eq!(body["auditd"]["admin_space_left_action"], "suspend");
    assert_eq!(body["auditd"]["log_group"], "adm");
    assert_eq!(of(DEBIAN[0], "audit")["auditd"]["max_log_file_action"], "rotate");
    for plugin in body["plugins"].as_array().unwrap() {
        assert_eq!(plugin["active"], false, "{plugin}");
    }
}

#[test]
fn audit_without_rights() {
    let parsed = parse("audit", None, &recording("debian12-default-unprivileged"));
    for (path, kind) in [
        ("enabled", GapKind::Unknown),
        ("daemon_running", GapKind::Unknown),
        ("configured_enabled", GapKind::Unknown),
        ("auditd", GapKind::Unknown),
        ("loaded", GapKind::Partial),
        ("syscalls", GapKind::Partial),
        ("watches", GapKind::Partial),
        ("configured", GapKind::Partial),
    ] {
        assert!(has_gap(&parsed.gaps, path, kind, FailureCategory::Permission), "{path}");
    }
}

#[test]
fn audit_rules_that_were_really_loaded() {
    assert_eq!(recorded("audit-complete").len(), 22);
    assert_eq!(recorded("audit-silenced"), Vec::<String>::new());
    let excepted = recorded("audit-excepted");
    assert!(!excepted.contains(&"b64 unlink".to_owned()) && excepted.len() == 21);
    let folder = of("audit-folder", "audit");
    assert_eq!(element(&folder["watches"], "path", "/etc")["below"], "/etc/");
    for watch in of("audit-narrow", "audit")["watches"].as_array().unwrap() {
        assert_eq!(watch["changes"], false, "{watch}");
    }
}

#[test]
fn time_is_kept_only_on_the_hardened_guest() {
    let rows = [
        (DEBIAN[0], true, json!(false), Value::Null, "Etc/UTC"),
        (DEBIAN[1], false, Value::Null, Value::Null, "Etc/UTC"),
        (DEBIAN[2], true, json!(true), json!(100), "Asia/Shanghai"),
    ];
    for (host, running, synchronised, offset, zone) in rows {
        let body = of(host, "time.sync");
        assert_eq!(body["daemon_running"], running, "{host}");
        assert_eq!(body["synchronised"], synchronised, "{host}");
        assert_eq!(body["offset_under_ms"], offset, "{host}");
        assert_eq!(body["timezone"], zone, "{host}");
    }
    let sources = of(DEBIAN[2], "time.sync")["sources"].clone();
    assert_eq!(column(&sources, "address"), ["10.0.2.2", "192.0.2.123"]);
    let sources = of(DEBIAN[0], "time.sync")["sources"].clone();
    assert_eq!(column(&sources, "address"), ["2.debian.pool.ntp.org"]);
    for host in ["debian12-minbase", "busybox-initramfs"] {
        assert_eq!(of(host, "time.sync")["daemon_running"], false, "{host}");
    }
    assert_eq!(of("debian12-default-unprivileged", "time.sync"), of(DEBIAN[0], "time.sync"));
    let parsed = parse("time.sync", None, &recording(DEBIAN[2]));
    let moment: Value = serde_json::from_slice(parsed.volatile.as_ref().unwrap()).unwrap();
    assert_eq!((&moment["selected"], &moment["stratum"]), (&json!("10.0.2.2"), &json!(3)));
}

#[test]
fn clocks_that_are_wrong() {
    for (host, synchronised, offset) in [
        ("time-half-a-second", true, json!(1000)),
        ("time-two-seconds", true, json!(10_000)),
        ("time-own-clock", false, Value::Null),
    ] {
        let body = of(host, "time.sync");
        assert_eq!(body["synchronised"], synchronised, "{host}");
        assert_eq!(body["offset_under_ms"], offset, "{host}");
    }
}

#[test]
fn logs_leave_only_the_hardened_guest() {
    let all = ["debian12-default", "debian12-weak", "debian12-minbase", "busybox-initramfs"];
    for host in all.into_iter().chain(["debian12-default-unprivileged"]) {
        let parsed = parse("log.forwarding", None, &recording(host));
        assert_eq!(parsed.gaps, [], "{host}");
        assert_eq!(body(&parsed)["collectors"], json!([]), "{host}");
    }
    let body = of(DEBIAN[2], "log.forwarding");
    assert_eq!(
        column(&body["collectors"], "entry"),
        ["rsyslog tcp 10.0.2.2:10514", "rsyslog udp 10.0.2.2:10514"]
    );
    let tcp = element(&body["collectors"], "protocol", "tcp");
    assert_eq!((&tcp["everything"], &tcp["running"]), (&json!(true), &json!(true)));
    let udp = element(&body["collectors"], "protocol", "udp");
    assert_eq!((&udp["everything"], &udp["authentication"]), (&json!(false), &json!(true)));
    assert_eq!(udp["selector"], "auth,authpriv.*");
    let journald = &body["journald"];
    assert_eq!(
        (&journald["storage"], &journald["max_retention_days"]),
        (&json!("persistent"), &json!(200))
    );
    assert_eq!(journald["system_max_use"], "200M");
    assert_eq!(
        texts(&of(DEBIAN[0], "log.forwarding")["daemons"]),
        ["rsyslogd", "systemd-journald"]
    );
    assert_eq!(texts(&of(DEBIAN[1], "log.forwarding")["daemons"]), ["systemd-journald"]);
}

#[test]
fn log_files_and_how_long_they_are_kept() {
    for (host, days, unlimited) in
        [(DEBIAN[0], 28, false), (DEBIAN[1], 28, false), (DEBIAN[2], 189, true)]
    {
        let body = of(host, "log.files");
        for log in ["/var/log/syslog", "/var/log/auth.log", "/var/log/kern.log"] {
            assert_eq!(element(&body["families"], "path", log)["kept_days"], days, "{host} {log}");
            assert_eq!(element(&body["files"], "path", log)["mode"], "0640", "{host} {log}");
        }
        let audit = element(&body["families"], "path", "/var/log/audit/audit.log");
        assert_eq!(audit["unlimited"], unlimited, "{host}");
        assert_eq!(
            (&body["logrotate"], &body["scheduled_by"]),
            (&json!(true), &json!(["timer"])),
            "{host}"
        );
        assert_eq!(body["last_run_day"], Value::Null, "{host}");
        let fresh = body["host_day"].as_i64().unwrap();
        for family in body["families"].as_array().unwrap() {
            let day = family["oldest_day"].as_i64().unwrap();
            assert!((fresh - 1..=fresh + 1).contains(&day), "{host} {family}");
        }
    }
    for host in ["debian12-minbase", "busybox-initramfs"] {
        let body = of(host, "log.files");
        assert_eq!((&body["families"], &body["logrotate"]), (&json!([]), &json!(false)), "{host}");
    }
    let parsed = parse("log.files", None, &recording("debian12-default-unprivileged"));
    let closed = FailureCategory::Permission;
    assert!(has_gap(&parsed.gaps, "families", GapKind::Partial, closed));
    assert!(has_gap(&parsed.gaps, "families[].oldest_day", GapKind::Unknown, closed));
}

#[test]
fn rotated_files_are_told_by_the_log_that_they_come_from() {
    let body = of("log-kept", "log.files");
    let family = element(&body["families"], "path", "/var/log/secure");
    assert_eq!((&family["oldest_day"], &family["kept_days"]), (&json!(20_583), &json!(189)));
    let secure =
        body["files"].as_array().unwrap().iter().filter(|f| f["path"] == "/var/log/secure");
    assert_eq!(secure.map(|file| file["rotated"].clone()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(body["last_run_day"], 20_781);
    let journal = of("log-journal-kept", "log.files");
    assert_eq!(journal["families"][0]["oldest_day"], 20_583);
}
