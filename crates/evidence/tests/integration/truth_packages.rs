//! What the recorded systems are known to have installed, and what waits there.

use super::support::{absent, body, column, complete, element, has_gap, parse, recording, texts};
use anji_model::{FailureCategory, GapKind};
use serde_json::{Value, json};

const DEBIAN: [&str; 3] = ["debian12-default", "debian12-weak", "debian12-hardened"];
const USER: &str = "debian12-default-unprivileged";

fn of(host: &str, kind: &str) -> Value {
    body(&parse(kind, None, &recording(host)))
}

#[test]
fn packages_by_manager() {
    for host in [DEBIAN[0], DEBIAN[1], DEBIAN[2], USER, "debian12-minbase"] {
        let body = complete(&parse("packages", None, &recording(host)));
        assert_eq!(body["managers"], json!(["dpkg"]), "{host}");
        let bash = element(&body["packages"], "package", "bash:amd64");
        assert_eq!((&bash["version"], &bash["source"]), (&json!("5.2.15-2+b13"), &json!("bash")));
        assert_eq!(bash["source_version"], "5.2.15-2");
        assert_eq!(bash["present"], true);
    }
    assert!(absent(&parse("packages", None, &recording("busybox-initramfs"))));
    let equal = |host| parse("packages", None, &recording(host)).body;
    assert_eq!(equal(DEBIAN[0]), equal(USER));
}

#[test]
fn a_removed_package_is_told_apart() {
    let state = |host: &str| {
        let body = of(host, "packages");
        let package = element(&body["packages"], "package", "nftables:amd64").clone();
        (package["status"].clone(), package["present"].clone())
    };
    assert_eq!(state(DEBIAN[0]), (json!("installed"), json!(true)));
    assert_eq!(state(DEBIAN[1]), (json!("config-files"), json!(false)));
    assert_eq!(state(DEBIAN[2]), (json!("installed"), json!(true)));
}

#[test]
fn sources_and_epochs() {
    let body = of(DEBIAN[0], "packages");
    let audit = element(&body["packages"], "package", "auditd:amd64");
    assert_eq!((&audit["version"], &audit["source"]), (&json!("1:3.0.9-1"), &json!("audit")));
    let utils = element(&body["packages"], "package", "bsdutils:amd64");
    assert_eq!(utils["source"], "util-linux");
    assert_eq!(utils["version"], "1:2.38.1-5+deb12u3");
    assert_eq!(utils["source_version"], "2.38.1-5+deb12u3");
}

#[test]
fn packages_that_wait() {
    for (host, count) in [(DEBIAN[0], 22), (DEBIAN[1], 22), (DEBIAN[2], 0), (USER, 22)] {
        let parsed = parse("package.updates", None, &recording(host));
        let of_apt = |gap: &anji_model::Gap| gap.path != "stale_processes";
        assert!(!parsed.gaps.iter().any(of_apt), "{host}: {:?}", parsed.gaps);
        let body = body(&parsed);
        assert_eq!(body["updates"].as_array().unwrap().len(), count, "{host}");
        // Here, all of them come from the security suite.
        assert_eq!(body["security"], body["updates"], "{host}");
        assert!(body["lists_day"].as_i64().unwrap() > 20_700, "{host}");
        assert_eq!(column(&body["lists"], "label").len(), 3, "{host}");
    }
    let body = of(DEBIAN[1], "package.updates");
    assert_eq!(body["held"], json!(["openssl:amd64"]));
    let openssl = element(&body["security"], "package", "openssl:amd64");
    assert_eq!(
        (&openssl["installed"], &openssl["held"]),
        (&json!("3.0.20-1~deb12u2"), &json!(true))
    );
    assert_eq!(openssl["available"], "3.0.22-1~deb12u2");
    assert_eq!(of(DEBIAN[0], "package.updates")["held"], json!([]));
}

#[test]
fn upgrades_that_were_made() {
    for host in [DEBIAN[0], DEBIAN[1]] {
        let body = of(host, "package.updates");
        assert_eq!(body["last_upgrade_day"], Value::Null, "{host}");
        assert_eq!(body["last_full_upgrade_day"], Value::Null, "{host}");
    }
    let body = of(DEBIAN[2], "package.updates");
    assert!(body["last_full_upgrade_day"].as_i64().unwrap() > 20_700);
    assert_eq!(body["newest_security_update_day"], body["last_full_upgrade_day"]);
}

#[test]
fn restarts_that_wait() {
    for (host, marker) in [(DEBIAN[0], false), (DEBIAN[1], true), (DEBIAN[2], false)] {
        let body = complete(&parse("package.updates", None, &recording(host)));
        assert_eq!(body["reboot_required"], marker, "{host}");
        let names = texts(&body["stale_processes"]);
        assert_eq!(names, if marker { vec!["sleep"] } else { vec![] }, "{host}");
        assert_eq!(body["kernel_outdated"], false, "{host}");
    }
    let weak = of(DEBIAN[1], "package.updates");
    assert_eq!(weak["reboot_packages"], json!(["linux-image-6.1.0-99-cloud-amd64"]));
    let parsed = parse("package.updates", None, &recording(USER));
    let category = FailureCategory::Permission;
    assert!(has_gap(&parsed.gaps, "stale_processes", GapKind::Partial, category));
}

#[test]
fn small_systems() {
    assert!(absent(&parse("package.updates", None, &recording("busybox-initramfs"))));
    let parsed = parse("package.updates", None, &recording("debian12-minbase"));
    let category = FailureCategory::Incomplete;
    assert!(has_gap(&parsed.gaps, "security", GapKind::Partial, category), "{:?}", parsed.gaps);
    assert!(absent(&parse("update.config", None, &recording("busybox-initramfs"))));
}

#[test]
fn sources_and_automatic_updates() {
    for (host, installs) in
        [(DEBIAN[0], false), (DEBIAN[1], false), (DEBIAN[2], true), (USER, false)]
    {
        let body = complete(&parse("update.config", None, &recording(host)));
        let list = &body["repositories"];
        assert_eq!(list.as_array().unwrap().len(), 3, "{host}");
        let suites = column(list, "suite");
        assert!(suites.contains(&"bookworm-security"), "{host}");
        assert!(list.as_array().unwrap().iter().all(|r| r["verified"] == true), "{host}");
        let periodic = element(&body["automatic"], "name", "apt-periodic");
        assert_eq!(periodic["installs"], installs, "{host}");
        let origins = body["unattended_origins"].as_array().unwrap().len();
        assert_eq!(origins, if installs { 3 } else { 0 }, "{host}");
    }
    // In the weak guest apt-daily.timer is masked, apt-daily-upgrade.timer is not.
    let weak = of(DEBIAN[1], "update.config");
    assert_eq!(element(&weak["automatic"], "name", "apt-periodic")["started"], true);
}
