//! What the recorded systems are known to be: kernel settings, mounts, core
//! dumps, access control and the start of the system.

use super::support::{body, column, complete, element, failed, has_gap, parse, recording, texts};
use anji_evidence::{Frame, Frames};
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

fn setting(body: &Value, key: &str) -> (Value, Value) {
    let found = element(&body["settings"], "key", key);
    (found["running"].clone(), found["configured"].clone())
}

#[test]
fn kernel_settings() {
    // Running and configured, in the default, weak and hardened guest.
    type Row = (&'static str, [(&'static str, Option<&'static str>); 3]);
    let rows: [Row; 6] = [
        ("kernel.randomize_va_space", [("2", None), ("0", Some("0")), ("2", Some("2"))]),
        ("kernel.kptr_restrict", [("0", None), ("0", Some("0")), ("2", Some("2"))]),
        ("net.ipv4.ip_forward", [("0", None), ("1", Some("1")), ("0", Some("0"))]),
        ("net.ipv4.tcp_syncookies", [("1", None), ("0", Some("0")), ("1", Some("1"))]),
        ("fs.suid_dumpable", [("0", None), ("1", Some("1")), ("0", Some("0"))]),
        ("fs.protected_regular", [("2", Some("2")), ("2", Some("2")), ("2", Some("2"))]),
    ];
    for (key, expected) in rows {
        for (host, (running, configured)) in DEBIAN.iter().zip(expected) {
            let met = setting(&of(host, "sysctl"), key);
            assert_eq!(met, (json!(running), json!(configured)), "{host} {key}");
        }
    }
    let hardened = of("debian12-hardened", "sysctl");
    let file = |key: &str| element(&hardened["settings"], "key", key)["file"].clone();
    // The hardening file says 2 for fifos; a later name of the system says 1.
    assert_eq!(setting(&hardened, "fs.protected_fifos"), (json!("1"), json!("1")));
    assert_eq!(file("fs.protected_fifos"), "/usr/lib/sysctl.d/99-protect-links.conf");
    assert_eq!(file("net.ipv4.ip_forward"), "/etc/sysctl.d/60-hardening.conf");
    for (host, program) in [
        ("debian12-default", "systemd-sysctl"),
        ("debian12-minbase", "procps"),
        ("busybox-initramfs", "procps"),
    ] {
        assert_eq!(of(host, "sysctl")["applied_by"], program, "{host}");
    }
}

#[test]
fn redirects_and_source_routes_of_interfaces() {
    let interface = |host: &str, entry: &str| {
        element(&of(host, "sysctl")["interfaces"], "entry", entry).clone()
    };
    for (host, all, effective) in
        [(DEBIAN[0], 1, true), (DEBIAN[1], 1, true), (DEBIAN[2], 0, false)]
    {
        let families = of(host, "sysctl")["families"].clone();
        let four = element(&families, "family", "ipv4");
        assert_eq!(four["running"]["accept_redirects"], all, "{host}");
        for entry in ["ipv4 enp0s2", "ipv4 default"] {
            let found = interface(host, entry);
            assert_eq!(found["effective"]["accept_redirects"], effective, "{host} {entry}");
            assert_eq!(found["after_start"]["accept_redirects"], effective, "{host} {entry}");
        }
    }
    let hardened = interface("debian12-hardened", "ipv4 enp0s2");
    // Its own value is 1, that of `all` is 0, and both would be needed.
    assert_eq!(hardened["running"]["accept_source_route"], 1);
    assert_eq!(hardened["effective"]["accept_source_route"], false);
    assert_eq!(hardened["effective"]["rp_filter"], 1);
    assert_eq!(interface("debian12-weak", "ipv4 enp0s2")["effective"]["accept_source_route"], true);
    // On the loopback either value is enough, and nothing assigned the second one.
    let lo = interface("debian12-hardened", "ipv4 lo");
    assert_eq!(
        (&lo["loopback"], &lo["effective"]["accept_redirects"]),
        (&json!(true), &json!(true))
    );
    // In IPv6 the value of `all` does not reach an interface: the redirects
    // that the hardening meant to refuse are believed.
    let six = interface("debian12-hardened", "ipv6 enp0s2");
    assert_eq!(six["effective"]["accept_redirects"], true);
    assert_eq!(six["running"]["rp_filter"], Value::Null);
}

#[test]
fn ordinary_users_read_the_settings_but_closed_ones() {
    let parsed = parse("sysctl", None, &recording("debian12-default-unprivileged"));
    let path = "settings[].running";
    assert!(has_gap(&parsed.gaps, path, GapKind::Unknown, FailureCategory::Permission));
    assert_eq!(parsed.gaps.len(), 1, "{:?}", parsed.gaps);
    let body = body(&parsed);
    assert_eq!(setting(&body, "net.core.bpf_jit_harden").0, Value::Null);
    assert_eq!(setting(&body, "net.ipv4.ip_forward").0, "0");
}

#[test]
fn temporary_folders() {
    // Folder, the mount it lies on, nosuid, nodev, noexec; default and weak are alike.
    let rows = [
        ("debian12-default", "/tmp", "/", [false, false, false]),
        ("debian12-default", "/dev/shm", "/dev/shm", [true, true, false]),
        ("debian12-weak", "/tmp", "/", [false, false, false]),
        ("debian12-weak", "/var/tmp", "/", [false, false, false]),
        ("debian12-hardened", "/tmp", "/tmp", [true, true, true]),
        ("debian12-hardened", "/var/tmp", "/var/tmp", [true, true, true]),
        ("debian12-hardened", "/dev/shm", "/dev/shm", [true, true, true]),
        ("debian12-minbase", "/dev/shm", "/dev/shm", [false, false, false]),
        ("debian12-default-unprivileged", "/tmp", "/", [false, false, false]),
        ("busybox-initramfs", "/tmp", "/", [false, false, false]),
    ];
    for (host, path, mount, [nosuid, nodev, noexec]) in rows {
        let body = of(host, "mounts");
        let found = element(&body["temporary"], "path", path);
        assert_eq!(found["mount"], mount, "{host} {path}");
        let flags = [&found["nosuid"], &found["nodev"], &found["noexec"]];
        assert_eq!(flags, [&json!(nosuid), &json!(nodev), &json!(noexec)], "{host} {path}");
        let configured = &found["configured"];
        if host == "debian12-hardened" {
            assert_eq!(configured["file"], "/etc/fstab");
            assert_eq!(configured["noexec"], true, "{path}");
        } else {
            assert_eq!(*configured, Value::Null, "{host} {path}");
        }
    }
    let hardened = of("debian12-hardened", "mounts");
    let bind = element(&hardened["mounted"], "target", "/var/tmp");
    assert_eq!((&bind["bind"], &bind["fstype"]), (&json!(true), &json!("tmpfs")));
    let audit = element(&hardened["mounted"], "target", "/var/log/audit");
    assert_eq!((&audit["noexec"], &audit["bind"]), (&json!(true), &json!(false)));
    assert_eq!(column(&hardened["configured"], "target").len(), 5);
    for host in ALL {
        let targets = of(host, "mounts")["mounted"].clone();
        let targets = column(&targets, "target");
        assert!(targets.contains(&"/"), "{host}");
        assert!(!targets.iter().any(|target| target.starts_with("/run/user")), "{targets:?}");
    }
}

#[test]
fn core_dumps() {
    for (host, dumpable) in [(DEBIAN[0], 0), (DEBIAN[1], 1), (DEBIAN[2], 0)] {
        let body = of(host, "core.dumps");
        assert_eq!((&body["handler"], &body["core_pattern"]), (&json!("file"), &json!("core")));
        assert_eq!(body["suid_dumpable"], dumpable, "{host}");
        assert_eq!((&body["service_limit"], &body["able"]), (&json!("0"), &json!([])), "{host}");
    }
    let default = of(DEBIAN[0], "core.dumps");
    assert_eq!((&default["limits"], &default["storage"]), (&json!([]), &json!("external")));
    let hardened = of(DEBIAN[2], "core.dumps");
    assert_eq!(
        hardened["limits"],
        json!([{"domain": "*", "soft": "0", "hard": "0"},
               {"domain": "root", "soft": null, "hard": "0"}])
    );
    assert_eq!((&hardened["storage"], &hardened["process_size_max"]), (&json!("none"), &json!(0)));
    for host in ["debian12-default-unprivileged", "debian12-minbase", "busybox-initramfs"] {
        assert_eq!(of(host, "core.dumps")["limits"], json!([]), "{host}");
    }
}

#[test]
fn access_control() {
    for host in DEBIAN {
        let body = of(host, "access.control");
        let profiles = &body["apparmor"]["profiles"];
        let enforced = profiles.as_array().unwrap().iter().filter(|p| p["mode"] == "enforce");
        assert_eq!(enforced.count(), 4, "{host}");
        assert_eq!(body["apparmor"]["enabled"], true);
        assert_eq!(body["selinux"]["mode"], "disabled");
        assert!(texts(&body["modules"]).contains(&"apparmor"), "{host}");
        let count = profiles.as_array().unwrap().len();
        assert_eq!(count, if host == "debian12-weak" { 5 } else { 4 }, "{host}");
    }
    let weak = of("debian12-weak", "access.control")["apparmor"]["profiles"].clone();
    let hisd = element(&weak, "name", "hisd");
    assert_eq!((&hisd["mode"], &hisd["in_use"]), (&json!("complain"), &json!(true)));
    let parsed = parse("access.control", None, &recording("debian12-default-unprivileged"));
    let path = "apparmor.profiles";
    assert!(has_gap(&parsed.gaps, path, GapKind::Partial, FailureCategory::Permission));
    assert_eq!(body(&parsed)["apparmor"]["enabled"], true);
    for host in ["debian12-minbase", "busybox-initramfs"] {
        let parsed = parse("access.control", None, &recording(host));
        assert!(
            has_gap(&parsed.gaps, path, GapKind::Partial, FailureCategory::Unsupported),
            "{host}"
        );
        assert_eq!(body(&parsed)["apparmor"]["enabled"], true, "{host}");
    }
}

#[test]
fn start_of_the_system() {
    for (host, firmware) in [(DEBIAN[0], "other"), (DEBIAN[1], "other"), (DEBIAN[2], "uefi")] {
        let body = of(host, "boot.secure");
        assert_eq!(body["firmware"], firmware, "{host}");
        for field in ["secure_boot", "shim_insecure", "trusted_module", "measuring"] {
            assert_eq!(body[field], false, "{host} {field}");
        }
        assert_eq!(body["lockdown"], "none", "{host}");
    }
    for (host, category) in [
        ("debian12-default-unprivileged", FailureCategory::Permission),
        ("debian12-minbase", FailureCategory::Unsupported),
        ("busybox-initramfs", FailureCategory::Unsupported),
    ] {
        let parsed = parse("boot.secure", None, &recording(host));
        assert!(has_gap(&parsed.gaps, "measuring", GapKind::Unknown, category), "{host}");
        assert_eq!(body(&parsed)["secure_boot"], false, "{host}");
    }
}

#[test]
fn a_firmware_that_verifies() {
    let body = of("secure-boot", "boot.secure");
    assert_eq!((&body["firmware"], &body["secure_boot"]), (&json!("uefi"), &json!(true)));
    for field in ["setup_mode", "shim_insecure", "measuring", "trusted_module"] {
        assert_eq!(body[field], false, "{field}");
    }
    assert_eq!(body["lockdown"], "integrity");
}

#[test]
fn another_root_folder_shows_what_is_configured() {
    let not_live =
        |id: &str| Frame { exit: Some(anji_evidence::status::NOT_LIVE), ..Frame::empty(id) };
    let live = ["sysctl.running", "mounts.running", "core.kernel"];
    let whole = recording("debian12-hardened");
    let frames: Frames =
        whole
            .iter()
            .map(|frame| {
                if live.contains(&frame.id.as_str()) { not_live(&frame.id) } else { frame.clone() }
            })
            .collect();
    let parsed = parse("sysctl", None, &frames);
    let gap = |gaps: &[_], path: &str, kind| has_gap(gaps, path, kind, FailureCategory::NotLive);
    assert!(gap(&parsed.gaps, "settings[].running", GapKind::Unknown));
    assert!(gap(&parsed.gaps, "interfaces", GapKind::Partial));
    assert_eq!(setting(&body(&parsed), "net.ipv4.ip_forward"), (Value::Null, json!("0")));
    let default = body(&parsed)["interfaces"].clone();
    let default = element(&default, "entry", "ipv4 default").clone();
    assert_eq!(default["configured"]["accept_redirects"], 0);
    assert_eq!(default["after_start"]["accept_redirects"], Value::Null);
    let parsed = parse("mounts", None, &frames);
    assert!(gap(&parsed.gaps, "temporary[].noexec", GapKind::Unknown));
    let tmp = element(&body(&parsed)["temporary"], "path", "/tmp").clone();
    assert_eq!((&tmp["noexec"], &tmp["configured"]["noexec"]), (&Value::Null, &json!(true)));
    let parsed = parse("core.dumps", None, &frames);
    assert!(gap(&parsed.gaps, "handler", GapKind::Unknown));
    assert_eq!(body(&parsed)["storage"], "none");
    let frames: Frames =
        ["access.kernel", "access.config", "boot.state"].map(not_live).into_iter().collect();
    assert_eq!(failed(&parse("boot.secure", None, &frames)), FailureCategory::NotLive);
}

#[test]
fn modules_and_rules() {
    let hardened = of("debian12-hardened", "kernel.modules");
    // As `modprobe --showconfig` told it.
    for (module, install) in [
        ("usb_storage", "/bin/false"),
        ("cramfs", "/bin/true"),
        ("dccp", "/bin/false"),
        ("sctp", "/bin/false"),
        ("rds", "/bin/false"),
        ("tipc", "/bin/false"),
    ] {
        let rule = element(&hardened["rules"], "module", module);
        assert_eq!(
            (&rule["install"], &rule["disabled"]),
            (&json!(install), &json!(true)),
            "{module}"
        );
        assert_eq!(rule["blacklisted"], module == "usb_storage", "{module}");
    }
    let conntrack = element(&hardened["rules"], "module", "nf_conntrack");
    assert_eq!(conntrack["options"], json!(["hashsize"]));
    let count = |host: &str, field: &str| {
        let rules = of(host, "kernel.modules")["rules"].clone();
        rules.as_array().unwrap().iter().filter(|rule| rule[field] == true).count()
    };
    for (host, blacklisted, disabled) in
        [(DEBIAN[0], 18, 0), (DEBIAN[1], 18, 0), (DEBIAN[2], 19, 6)]
    {
        assert_eq!(count(host, "blacklisted"), blacklisted, "{host}");
        assert_eq!(count(host, "disabled"), disabled, "{host}");
    }
    for host in DEBIAN {
        let body = of(host, "kernel.modules");
        assert!(texts(&body["loaded"]).contains(&"virtio_blk"), "{host}");
        assert_eq!(body["locked"], false, "{host}");
    }
    for host in ["debian12-minbase", "busybox-initramfs"] {
        assert_eq!(of(host, "kernel.modules")["rules"], json!([]), "{host}");
    }
}

#[test]
fn command_lines() {
    let running = |host: &str| of(host, "kernel.cmdline")["running"].clone();
    let hardened = running("debian12-hardened");
    for argument in ["audit=1", "apparmor=1", "security=apparmor", "slab_nomerge", "root=/dev/vda"]
    {
        assert!(texts(&hardened).contains(&argument), "{argument}");
    }
    assert_eq!(
        running("debian12-default"),
        json!(["console=ttyS0", "net.ifnames=1", "root=/dev/vda", "rw"])
    );
    assert_eq!(running("busybox-initramfs"), json!(["console=ttyS0", "panic=1"]));
    for host in ALL {
        assert!(!texts(&running(host)).is_empty(), "{host}");
    }
}

#[test]
fn nothing_is_encrypted() {
    for host in DEBIAN {
        let body = of(host, "disk.encryption");
        let root = element(&body["volumes"], "target", "/");
        assert_eq!(root["encrypted"], false, "{host}");
        assert_eq!((&body["devices"], &body["configured"]), (&json!([]), &json!([])), "{host}");
    }
    for host in ["debian12-minbase", "busybox-initramfs"] {
        assert_eq!(of(host, "disk.encryption")["volumes"], json!([]), "{host}");
    }
}

#[test]
fn long_input_of_the_kernel_is_read_in_linear_time() {
    let begun = std::time::Instant::now();
    for (kind, id, head, line) in [
        ("sysctl", "sysctl.running", "", "i ipv4 a# \n"),
        (
            "sysctl",
            "sysctl.files",
            "//F 81a4 0 0 1 /etc/sysctl.d/a.conf\n",
            " net.ipv4.conf.*.rp#=1\n",
        ),
        ("mounts", "mounts.fstab", "fstab\n", "e /tmp /tmp none -,bind\n"),
        ("mounts", "mounts.fstab", "fstab\n", "e /a# /tmp none -,bind\n"),
        (
            "mounts",
            "mounts.units",
            "units\n",
            "u start /etc/systemd/system/a#.mount\n= Where /tmp\n",
        ),
        ("mounts", "mounts.running", "", "m # 1 0:1 / /a# rw - a b\n"),
        (
            "kernel.modules",
            "modules.files",
            "//F 81a4 0 0 1 /etc/modprobe.d/a.conf\n",
            " install a#* x\n",
        ),
        ("kernel.cmdline", "cmdline.files", "files\nf /x\n", "a a#\n"),
        (
            "disk.encryption",
            "encryption.running",
            "",
            "s d# d\ns d d#\nm 0:1 ext4 /dev/d /#\nw /s file\n",
        ),
        (
            "core.dumps",
            "core.limits",
            "//F 81a4 0 0 1 /etc/security/limits.conf\n",
            " u# hard core 0\n",
        ),
        ("access.control", "access.kernel", "apparmor on\n", "p a# (enforce)\nc a# (enforce)\n"),
    ] {
        let mut data = head.to_owned();
        for number in 0.. {
            data.push_str(&line.replace('#', &number.to_string()));
            if data.len() > 1 << 20 {
                break;
            }
        }
        let mut frames: Frames = recording("debian12-weak").iter().cloned().collect();
        frames.insert(Frame { data: data.into_bytes(), exit: Some(0), ..Frame::empty(id) });
        parse(kind, None, &frames);
    }
    // Generous: a quadratic parser would take hours.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn files_come_to_what_the_program_of_systemd_makes_of_them() {
    let body = of("sysctl-applied", "sysctl");
    let mut compared = 0;
    for setting in body["settings"].as_array().unwrap() {
        let (key, configured) = (&setting["key"], &setting["configured"]);
        // The namespace has a network of its own, and the rest of another machine.
        if key.as_str().unwrap().starts_with("net.ipv4.") && !configured.is_null() {
            assert_eq!(setting["running"], *configured, "{key}");
            compared += 1;
        }
    }
    for row in ["interfaces", "families"] {
        for one in body[row].as_array().unwrap() {
            for (parameter, configured) in one["configured"].as_object().unwrap() {
                if !configured.is_null() {
                    assert_eq!(one["running"][parameter], *configured, "{one} {parameter}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 20, "{compared}");
    let of = |entry: &str| element(&body["interfaces"], "entry", entry).clone();
    for (entry, parameter, value) in [
        ("ipv4 eth0", "rp_filter", json!(1)),
        ("ipv4 eth0", "log_martians", json!(0)),
        ("ipv4 eth0.100", "log_martians", json!(1)),
        ("ipv4 eth0.100", "send_redirects", json!(0)),
        ("ipv4 eth0.100", "proxy_arp", json!(1)),
        ("ipv4 peer0", "send_redirects", Value::Null),
        ("ipv4 peer1", "send_redirects", json!(0)),
        ("ipv4 lo", "secure_redirects", json!(1)),
        ("ipv4 default", "secure_redirects", json!(0)),
    ] {
        assert_eq!(of(entry)["configured"][parameter], value, "{entry} {parameter}");
    }
    for one in body["interfaces"].as_array().unwrap() {
        assert_eq!(one["effective"], one["after_start"], "{one}");
    }
    for (key, value) in [
        ("net.ipv4.icmp_echo_ignore_all", "1"),
        ("net.ipv4.icmp_echo_ignore_broadcasts", "0"),
        ("net.ipv4.tcp_syncookies", "2"),
        ("net.ipv4.tcp_timestamps", "2"),
    ] {
        assert_eq!(setting(&body, key), (json!(value), json!(value)), "{key}");
    }
    assert_eq!(setting(&body, "net.ipv4.tcp_sack"), (json!("1"), Value::Null));
}

#[test]
fn the_next_release_is_read_too() {
    let host = "debian13-kernel";
    for kind in ["boot.secure", "core.dumps", "kernel.modules", "kernel.cmdline", "disk.encryption"]
    {
        of(host, kind);
    }
    // Its kernel has IMA and EVM, and /tmp is a mount of its own that the
    // packages bring.
    let access = of(host, "access.control");
    let modules = access["modules"].clone();
    for module in ["apparmor", "evm", "ima"] {
        assert!(texts(&modules).contains(&module), "{module}");
    }
    let profiles = access["apparmor"]["profiles"].clone();
    assert_eq!(element(&profiles, "name", "/usr/sbin/chronyd")["mode"], "enforce");
    assert_eq!(element(&profiles, "name", "steam")["mode"], "unconfined");
    let mounts = of(host, "mounts");
    let tmp = element(&mounts["temporary"], "path", "/tmp");
    assert_eq!((&tmp["mount"], &tmp["noexec"]), (&json!("/tmp"), &json!(false)));
    assert_eq!(tmp["configured"]["file"], "/usr/lib/systemd/system/tmp.mount");
    assert_eq!(tmp["configured"]["nosuid"], true);
    let sysctl = of(host, "sysctl");
    assert_eq!(sysctl["applied_by"], "systemd-sysctl");
    assert_eq!(setting(&sysctl, "net.ipv4.ip_forward").0, "0");
}
