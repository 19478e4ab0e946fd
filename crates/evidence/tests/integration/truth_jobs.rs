//! What the recorded systems are known to have of periodic jobs and of users'
//! trust and key files.

use super::support::{body, column, complete, element, has_gap, parse, recording, texts};
use anji_model::{FailureCategory, GapKind};
use serde_json::{Value, json};

const USER: &str = "debian12-default-unprivileged";

fn of(host: &str, kind: &str) -> Value {
    complete(&parse(kind, None, &recording(host)))
}

#[test]
fn jobs_of_the_weakened_system() {
    let body = of("debian12-weak", "cron.jobs");
    let file = element(&body["files"], "path", "/etc/cron.d/his-backup");
    assert_eq!(
        (&file["mode"], &file["kind"], &file["uid"]),
        (&json!("0666"), &json!("system"), &json!(0))
    );
    let jobs = column(&body["jobs"], "entry");
    for entry in [
        "/etc/cron.d/his-backup root */5 * * * * /tmp/his-backup.sh",
        "/etc/cron.d/his-backup hisadm @daily /opt/his/ww.conf",
        "/var/spool/cron/crontabs/hisadm hisadm 0 2 * * 1-5 /usr/local/bin/his-listener.pl",
        "/var/spool/cron/crontabs/hisadm hisadm @reboot /tmp/start.sh",
    ] {
        assert!(jobs.contains(&entry), "{entry}: {jobs:?}");
    }
    let variables = texts(&body["variables"]);
    assert!(variables.contains(&"/etc/cron.d/his-backup MAILTO"), "{variables:?}");
    assert_eq!((&body["allow"], &body["malformed"]), (&Value::Null, &json!([])));
}

#[test]
fn jobs_as_installed_and_hardened() {
    let default = of("debian12-default", "cron.jobs");
    let hardened = of("debian12-hardened", "cron.jobs");
    for name in ["hourly", "daily", "weekly", "monthly", "d"] {
        let path = format!("/etc/cron.{name}");
        assert_eq!(element(&default["files"], "path", &path)["mode"], "0755", "{path}");
        assert_eq!(element(&hardened["files"], "path", &path)["mode"], "0700", "{path}");
    }
    assert_eq!(element(&default["files"], "path", "/etc/crontab")["mode"], "0644");
    assert_eq!(element(&hardened["files"], "path", "/etc/crontab")["mode"], "0600");
    assert_eq!(element(&hardened["files"], "path", "/etc/cron.allow")["mode"], "0640");
    assert_eq!((&default["allow"], &hardened["allow"]), (&Value::Null, &json!(["root"])));
    assert_eq!((&default["deny"], &hardened["deny"]), (&Value::Null, &Value::Null));
    let script = element(&default["files"], "path", "/etc/cron.daily/logrotate");
    assert_eq!((&script["mode"], &script["kind"]), (&json!("0755"), &json!("daily")));
    let jobs = column(&default["jobs"], "entry");
    assert!(jobs.contains(&"/etc/crontab root 17 * * * * cd"), "{jobs:?}");
    assert!(jobs.contains(&"/etc/crontab root 25 6 * * * test"), "{jobs:?}");
    assert_eq!(of("busybox-initramfs", "cron.jobs")["jobs"], json!([]));
}

#[test]
fn closed_spools_are_said() {
    let parsed = parse("cron.jobs", None, &recording(USER));
    for list in ["jobs", "files"] {
        let closed = FailureCategory::Permission;
        assert!(has_gap(&parsed.gaps, list, GapKind::Partial, closed), "{list}: {parsed:?}");
    }
    assert!(column(&body(&parsed)["jobs"], "file").contains(&"/etc/crontab"));
}

#[test]
fn files_of_trust() {
    let weak = of("debian12-weak", "ssh.user_files");
    for (path, kind, accounts, mode) in [
        ("/root/.rhosts", "rhosts", json!(["root", "toor"]), None),
        ("/etc/hosts.equiv", "hosts_equiv", json!([]), None),
        ("/home/hisadm/.netrc", "netrc", json!(["hisadm"]), Some("0644")),
    ] {
        let file = element(&weak["files"], "path", path);
        assert_eq!((&file["kind"], &file["accounts"]), (&json!(kind), &accounts), "{path}");
        assert!(mode.is_none_or(|mode| file["mode"] == mode), "{path}: {file}");
    }
    for host in ["debian12-default", "debian12-hardened", "debian12-minbase", "busybox-initramfs"] {
        let body = of(host, "ssh.user_files");
        let kinds = column(&body["files"], "kind");
        let trust = ["rhosts", "shosts", "netrc", "hosts_equiv", "shosts_equiv"];
        assert!(!kinds.iter().any(|kind| trust.contains(kind)), "{host}: {kinds:?}");
    }
}

#[test]
fn keys_of_the_guests() {
    let body = of("debian12-default", "ssh.user_files");
    let keys = &body["authorized_keys"];
    let root = element(keys, "path", "/root/.ssh/authorized_keys");
    assert_eq!((&root["key_type"], &root["accounts"]), (&json!("ssh-ed25519"), &json!(["root"])));
    assert_eq!(
        (&root["options"], &root["restricted"], &root["count"]),
        (&json!([]), &json!(false), &json!(1))
    );
    let parsed = parse("ssh.user_files", None, &recording(USER));
    let closed = FailureCategory::Permission;
    assert!(has_gap(&parsed.gaps, "files", GapKind::Partial, closed), "{parsed:?}");
}
