//! What the recorded systems are known to be, fact by fact.

use super::support::{
    absent, body, column, complete, element, failed, has_gap, parse, path, recording, texts,
};
use anji_model::{FailureCategory, GapKind};
use serde_json::{Value, json};

const ALL: [&str; 6] = [
    "debian12-default",
    "debian12-default-unprivileged",
    "debian12-weak",
    "debian12-hardened",
    "debian12-minbase",
    "busybox-initramfs",
];
const DEBIAN: [&str; 3] = ["debian12-default", "debian12-weak", "debian12-hardened"];

fn of(host: &str, kind: &str) -> Value {
    complete(&parse(kind, None, &recording(host)))
}

fn base(host: &str) -> Value {
    element(&of(host, "sshd.effective")["contexts"], "condition", "base").clone()
}

fn password(host: &str, user: &str) -> Value {
    element(&of(host, "accounts")["users"], "name", user)["password"].clone()
}

#[test]
fn systems_and_kernels() {
    for host in ALL {
        let body = of(host, "os.release");
        let expected = if host == "busybox-initramfs" { "busybox 1.35" } else { "debian 12" };
        assert_eq!(body["product"], expected, "{host}");
        assert_eq!(body["kernel"]["sysname"], "Linux");
        assert_eq!(body["kernel"]["machine"], "x86_64");
    }
    let debian = of("debian12-default", "os.release");
    assert_eq!(debian["pretty_name"], "Debian GNU/Linux 12 (bookworm)");
    assert_eq!(debian["version_id"], "12");
    assert_eq!(debian["kernel"]["release"], "6.1.0-50-cloud-amd64");
}

#[test]
fn sshd_values() {
    let rows: [(&str, [&str; 3]); 6] = [
        ("permitrootlogin", ["prohibit-password", "yes", "no"]),
        ("passwordauthentication", ["yes", "yes", "no"]),
        ("permitemptypasswords", ["no", "yes", "no"]),
        ("loglevel", ["INFO", "SILENT", "VERBOSE"]),
        ("x11forwarding", ["yes", "yes", "no"]),
        ("banner", ["none", "none", "/etc/issue.net"]),
    ];
    for (field, expected) in rows {
        for (host, value) in DEBIAN.iter().zip(expected) {
            assert_eq!(base(host)[field], value, "{host} {field}");
        }
    }
    for (host, tries, grace) in [(DEBIAN[0], 6, 120), (DEBIAN[1], 10, 0), (DEBIAN[2], 3, 30)] {
        assert_eq!(base(host)["maxauthtries"], tries, "{host}");
        assert_eq!(base(host)["logingracetime"], grace, "{host}");
    }
}

#[test]
fn sshd_match_blocks() {
    let contexts = of("debian12-weak", "sshd.effective")["contexts"].clone();
    assert_eq!(
        column(&contexts, "condition"),
        ["Address 198.51.100.0/24", "User opsadm Address 10.0.2.0/24", "base"]
    );
    let opsadm = element(&contexts, "condition", "User opsadm Address 10.0.2.0/24");
    assert_eq!(opsadm["permitrootlogin"], "no");
    assert_eq!(opsadm["passwordauthentication"], "no");
    assert_eq!(opsadm["x11forwarding"], "no");
    assert_eq!(opsadm["maxauthtries"], 10);
    let far = element(&contexts, "condition", "Address 198.51.100.0/24");
    assert_eq!((&far["maxauthtries"], &far["permitrootlogin"]), (&json!(3), &json!("yes")));
    assert_eq!(far["allowtcpforwarding"], "no");
    for host in [DEBIAN[0], DEBIAN[2]] {
        let contexts = of(host, "sshd.effective")["contexts"].clone();
        assert_eq!(column(&contexts, "condition")[0], "base", "{host}");
    }
}

#[test]
fn sshd_ports_algorithms_and_keys() {
    for (host, ports) in
        [(DEBIAN[0], json!([22])), (DEBIAN[1], json!([22, 2222])), (DEBIAN[2], json!([22]))]
    {
        let body = of(host, "sshd.effective");
        assert_eq!(body["ports"], ports, "{host}");
        let cbc: Vec<_> =
            texts(&body["ciphers"]).into_iter().filter(|c| c.contains("cbc")).collect();
        let expected: &[&str] = if host == DEBIAN[1] { &["3des-cbc", "aes128-cbc"] } else { &[] };
        assert_eq!(cbc, expected, "{host}");
        assert_eq!(texts(&body["macs"]).contains(&"hmac-md5"), host == DEBIAN[1]);
        let weak = texts(&body["kexalgorithms"]).contains(&"diffie-hellman-group1-sha1");
        assert_eq!(weak, host == DEBIAN[1], "{host}");
        assert_eq!(texts(&body["hostkeyalgorithms"]).contains(&"ssh-rsa"), host == DEBIAN[1]);
        assert!(!column(&body["hostkeys"], "mode").is_empty(), "{host}");
        for mode in column(&body["hostkeys"], "mode") {
            assert_eq!(mode, "0600", "{host}");
        }
    }
}

#[test]
fn sshd_absence_and_lack_of_rights() {
    for host in ["debian12-minbase", "busybox-initramfs"] {
        assert!(absent(&parse("sshd.effective", None, &recording(host))), "{host}");
    }
    let parsed = parse("sshd.effective", None, &recording("debian12-default-unprivileged"));
    assert_eq!(failed(&parsed), FailureCategory::Permission);
}

#[test]
fn superusers_and_passwords() {
    let uid0 = |host: &str| {
        let users = of(host, "accounts")["users"].clone();
        let zero = users.as_array().unwrap().iter().filter(|user| user["uid"] == 0);
        zero.map(|user| user["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(uid0(DEBIAN[0]), ["root"]);
    assert_eq!(uid0(DEBIAN[1]), ["root", "toor"]);
    assert_eq!(uid0(DEBIAN[2]), ["root"]);
    let toor = password("debian12-weak", "toor");
    assert_eq!((&toor["state"], &toor["scheme"]), (&json!("set"), &json!("md5")));
    assert_eq!(password("debian12-default", "root")["scheme"], "yescrypt");
    for (host, empty) in [(DEBIAN[0], vec![]), (DEBIAN[1], vec!["nopass"]), (DEBIAN[2], vec![])] {
        let users = of(host, "accounts")["users"].clone();
        let all = users.as_array().unwrap().iter();
        let met = all.filter(|user| user["password"]["state"] == "empty");
        let met: Vec<_> = met.map(|user| user["name"].as_str().unwrap()).collect();
        assert_eq!(met, empty, "{host}");
    }
}

#[test]
fn locked_disabled_and_aging() {
    let weak = |user| password("debian12-weak", user);
    let hardened = |user| password("debian12-hardened", user);
    assert_eq!(weak("drzhang")["state"], "locked");
    assert_eq!(weak("drzhang")["scheme"], "sha512");
    assert_eq!(weak("expired01")["expire_day"], 18262);
    assert_eq!(weak("mustchange")["last_change_day"], 0);
    assert_eq!(weak("oldpw01")["last_change_day"], 19723);
    assert_eq!(weak("oldpw01")["max_days"], 99999);
    for user in ["daemon", "sshd", "systemd-network", "svc_his"] {
        assert_eq!(weak(user)["state"], "disabled", "{user}");
        assert_eq!(weak(user)["scheme"], Value::Null, "{user}");
    }
    for user in ["root", "former01"] {
        assert_eq!(hardened(user)["state"], "locked", "{user}");
    }
    assert_eq!(hardened("former01")["expire_day"], 1);
    assert_eq!(hardened("collector")["state"], "disabled");
    for user in ["opsadm", "secadm01"] {
        let met = hardened(user);
        assert_eq!(met["max_days"], 90, "{user}");
        assert_eq!(met["min_days"], 7, "{user}");
        assert_eq!(met["warn_days"], 14, "{user}");
        assert_eq!(met["inactive_days"], 30, "{user}");
    }
}

#[test]
fn account_oddities() {
    let weak = of("debian12-weak", "accounts");
    assert_eq!(weak["compat_entries"], json!(["passwd:+"]));
    assert_eq!(weak["malformed_lines"], json!([]));
    assert_eq!(weak["shadow_without_account"], json!([]));
    assert_eq!(weak["sources"], json!(["files"]));
    let shared = |list: &str, id: &str, value: u32| {
        let all = weak[list].as_array().unwrap().iter().filter(|item| item[id] == value);
        all.map(|item| item["name"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(shared("users", "uid", 1001), ["dup1001", "hisadm"]);
    assert_eq!(shared("groups", "gid", 27), ["sudo", "sudo2"]);
    let users = &weak["users"];
    assert_eq!(element(users, "name", "drzhang")["gecos"], "张医生,影像科");
    assert_eq!(element(users, "name", "svc_his")["shell"], "/bin/bash");
    assert_eq!(element(&weak["groups"], "name", "disk")["members"], json!(["nopass"]));
    for (host, count) in [("debian12-default", 24), ("busybox-initramfs", 3)] {
        assert_eq!(of(host, "accounts")["users"].as_array().unwrap().len(), count, "{host}");
    }
    assert_eq!(password("busybox-initramfs", "svc")["state"], "empty");
}

#[test]
fn accounts_without_rights() {
    let parsed = parse("accounts", None, &recording("debian12-default-unprivileged"));
    let path = "users[].password";
    assert!(has_gap(&parsed.gaps, path, GapKind::Unknown, FailureCategory::Permission));
    let body = body(&parsed);
    assert_eq!(body["users"].as_array().unwrap().len(), 24);
    assert!(body["users"].as_array().unwrap().iter().all(|user| user["password"].is_null()));
}

#[test]
fn file_modes() {
    for (host, file, mode, owner, group) in [
        ("debian12-default", "/etc/shadow", "0640", "root", "shadow"),
        ("debian12-default", "/etc/passwd", "0644", "root", "root"),
        ("debian12-weak", "/etc/sudoers.d/50-his", "0644", "root", "root"),
        ("debian12-weak", "/etc/hosts", "0666", "root", "root"),
        ("debian12-weak", "/etc/shadow-", "0644", "root", "shadow"),
        ("debian12-weak", "/etc/cron.d/his-backup", "0666", "root", "root"),
        ("debian12-hardened", "/etc/crontab", "0600", "root", "root"),
        ("busybox-initramfs", "/etc/shadow", "0600", "root", "root"),
        ("debian12-default-unprivileged", "/etc/shadow", "0640", "root", "shadow"),
    ] {
        let parsed = parse("file.stat", Some(&path(file)), &recording(host));
        let body = complete(&parsed);
        assert_eq!(body["mode"], mode, "{host} {file}");
        assert_eq!((&body["owner"], &body["group"]), (&json!(owner), &json!(group)));
        assert_eq!((&body["path"], &body["kind"]), (&json!(file), &json!("file")));
    }
    let tmp = complete(&parse("file.stat", Some(&path("/tmp")), &recording("debian12-weak")));
    assert_eq!((&tmp["mode"], &tmp["kind"]), (&json!("1777"), &json!("directory")));
    for host in ALL {
        let frames = recording(host);
        assert!(absent(&parse("file.stat", Some(&path("/no/such/file")), &frames)), "{host}");
        let unasked = parse("file.stat", Some(&path("/not/asked")), &frames);
        assert_eq!(failed(&unasked), FailureCategory::Incomplete, "{host}");
    }
    let denied = parse(
        "file.stat",
        Some(&path("/var/log/audit/audit.log")),
        &recording("debian12-default-unprivileged"),
    );
    assert!(!absent(&denied), "{denied:?}");
}

#[test]
fn dangerous_files() {
    let entries = |host: &str| of(host, "file.walk")["entries"].clone();
    let weak = entries("debian12-weak");
    let suid: Vec<_> = column(&weak, "entry");
    for entry in [
        "4755 0:0 /usr/local/bin/rootsh",
        "2755 0:0 /usr/local/bin/sgid-tool",
        "4755 0:0 /usr/bin/find",
        "4754 0:106 /usr/lib/dbus-1.0/dbus-daemon-launch-helper",
        "0666 0:0 /opt/his/two\\nlines.txt",
        "0666 0:0 /opt/his/latin1-\\xe9.txt",
        "0666 0:0 /opt/his/影像 配置.ini",
        "0777 0:0 /opt/his/share",
    ] {
        assert!(suid.contains(&entry), "{entry} not in {suid:?}");
    }
    let writable = |list: &Value, kind: &str| {
        let all = list.as_array().unwrap().iter();
        all.filter(|e| e["world_writable"] == true && e["kind"] == kind).count()
    };
    assert_eq!(writable(&weak, "file"), 7);
    assert_eq!(writable(&weak, "directory"), 2);
    for host in ["debian12-default", "debian12-hardened", "debian12-minbase"] {
        let list = entries(host);
        assert!(!list.as_array().unwrap().is_empty(), "{host}");
        assert_eq!(writable(&list, "file") + writable(&list, "directory"), 0, "{host}");
        assert!(!column(&list, "path").contains(&"/usr/local/bin/rootsh"), "{host}");
    }
    assert_eq!(
        column(&entries("busybox-initramfs"), "entry"),
        ["4755 0:0 /bin/busybox", "0666 0:0 /var/ww.txt"]
    );
    assert_eq!(of("debian12-weak", "file.walk")["roots"], json!(["/"]));
}

#[test]
fn a_walk_without_rights_is_partial() {
    let parsed = parse("file.walk", None, &recording("debian12-default-unprivileged"));
    assert!(has_gap(&parsed.gaps, "entries", GapKind::Partial, FailureCategory::Permission));
    assert_eq!(parsed.gaps[0].detail, "23 folders could not be read");
    assert!(column(&body(&parsed)["entries"], "path").contains(&"/usr/bin/su"));
}

#[test]
fn listeners() {
    let entries = |host: &str| {
        let body = of(host, "sockets.listening");
        column(&body["listeners"], "entry").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let default = [
        "tcp 0.0.0.0:22 sshd",
        "tcp 127.0.0.1:5432 postgres",
        "tcp [::1]:5432 postgres",
        "tcp [::]:22 sshd",
        "udp 10.0.2.15%enp0s2:68 systemd-network",
        "udp 127.0.0.1:323 chronyd",
        "udp [::1]:323 chronyd",
    ];
    assert_eq!(entries("debian12-default"), default);
    let weak = entries("debian12-weak");
    for entry in [
        "tcp 0.0.0.0:5432 postgres",
        "tcp 0.0.0.0:8080 perl",
        "tcp *:23 systemd",
        "udp *:161 systemd",
        "tcp [::1]:8104 systemd",
        "tcp 0.0.0.0:2222 sshd",
    ] {
        assert!(weak.iter().any(|met| met == entry), "{entry} not in {weak:?}");
    }
    let body = of("debian12-weak", "sockets.listening");
    let scope = |entry: &str| element(&body["listeners"], "entry", entry)["scope"].clone();
    assert_eq!(scope("tcp [::1]:8104 systemd"), "loopback");
    assert_eq!(scope("tcp *:23 systemd"), "any");
    assert_eq!(scope("udp 10.0.2.15%enp0s2:68 systemd-network"), "specific");
    for host in ["busybox-initramfs", "debian12-minbase"] {
        assert_eq!(entries(host), [""; 0], "{host}");
    }
}

#[test]
fn listeners_without_rights() {
    let parsed = parse("sockets.listening", None, &recording("debian12-default-unprivileged"));
    for path in ["listeners[].process", "listeners[].entry"] {
        assert!(has_gap(&parsed.gaps, path, GapKind::Unknown, FailureCategory::Permission));
    }
    let body = body(&parsed);
    assert_eq!(body["listeners"].as_array().unwrap().len(), 7);
    assert_eq!(column(&body["listeners"], "entry"), [""; 0]);
}

#[test]
fn equal_recordings_have_equal_digests() {
    for host in ALL {
        for kind in anji_evidence::registry() {
            let (one, two) = (recording(host), recording(host));
            assert_eq!(kind.parse(None, &one), kind.parse(None, &two), "{host} {}", kind.name());
        }
    }
}

#[test]
fn no_recording_holds_a_hash() {
    let root = super::support::repository().join("testdata/recordings");
    let mut seen = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path().join("bundle.txt")).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for mark in ["$y$", "$6$", "$1$", "$5$", "XXXX"] {
            assert!(!text.contains(mark), "{mark}");
        }
        seen += 1;
    }
    assert!(seen >= 6);
}
