//! The captures of kernel settings, mounts, core dumps, modules, the command
//! line and encryption, in every shell there is, on hostile files.

use super::shells::{root_with, shells, text};
use super::support::{body, column, complete, element, parse};
use anji_evidence::{Frames, registry};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Command;

const KINDS: [&str; 8] = [
    "access.control",
    "boot.secure",
    "core.dumps",
    "disk.encryption",
    "kernel.cmdline",
    "kernel.modules",
    "mounts",
    "sysctl",
];

const FSTAB: &[u8] = b"# a comment\n\n  # another\n\
    //his:hUnTeR2@files.example/share /mnt/share cifs username=his,password=hUnTeR2,nosuid,x\n\
    his:hUnTeR2@sftp.example:/x /mnt/sftp fuse.sshfs password=a,hUnTeR2,noexec 0 0\n\
    https://dav.example/x?token=hUnTeR2 /mnt/dav davfs rw 0 0\n\
    tmpfs\t/tmp\ttmpfs\tnosuid,nodev,noexec,size=2G 0 0\n\
    /dev/sda1 /srv/with\\040blank ext4 defaults,ro 0 2\n\
    LABEL=$(touch${IFS}x)`id` /srv/odd ext4 nodev\n\
    UUID=x none swap sw 0 0\nbroken\n\
    /srv/last /srv/last ext4 defaults";

const GRUB: &[u8] = b"GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX=\"audit=1 rd.iscsi.password=hUnTeR2 \
    x.token=hUnTeR2 ks=https://u:hUnTeR2@kick.example/a systemd.set_credential=a:hUnTeR2\"\n\
    GRUB_CMDLINE_LINUX_DEFAULT='quiet init=/bin/$(touch x)'\n# GRUB_CMDLINE_LINUX=\"no\"\n";

fn hostile_root() -> tempfile::TempDir {
    let root = root_with(&[
        ("etc/fstab", FSTAB),
        ("etc/default/grub", GRUB),
        ("etc/default/grub.d/50-site.cfg", b"GRUB_CMDLINE_LINUX=\"slab_nomerge\"\n"),
        ("etc/kernel/cmdline", b"# comment\nroot=/dev/sda1 secret_key=\"hUnTeR2 hUnTeR2\" ro\n"),
        (
            "boot/grub/grub.cfg",
            b"menuentry 'x' {\n\tlinux\t/vmlinuz root=/dev/sda1 auth=hUnTeR2 audit=1\n}\nset superusers=hUnTeR2\n",
        ),
        ("boot/loader/entries/a.conf", b"title x\noptions root=/dev/sda1 lockdown=integrity\n"),
        ("etc/crypttab", b"# x\ncryptroot UUID=1 none luks\nswap /dev/sdb1 /dev/urandom swap\n\
            data UUID=2 /etc/keys/hUnTeR2 luks,password-echo=no\nshort\n"),
        ("etc/sysctl.conf", b"net.ipv4.tcp_syncookies=0\n"),
        ("etc/sysctl.d/10 $(touch x)`id`.conf", b"net.ipv4.ip_forward = 0\nkernel.sysrq=\x1b[31m\n"),
        ("etc/sysctl.d/20-same.conf", b"-net.ipv4.conf.eth0.rp_filter\nnet.ipv4.conf.*.rp_filter=2\n"),
        ("usr/lib/sysctl.d/20-same.conf", b"net.ipv4.ip_forward = 1\n"),
        ("usr/lib/sysctl.d/30-mask.conf", b"net.ipv4.ip_forward = 1\n"),
        ("usr/lib/systemd/systemd-sysctl", b""),
        ("etc/modprobe.d/a.conf", b"install usb-storage /bin/false\nblacklist \\\n  firewire-core\n"),
        ("lib/modprobe.d/a.conf", b"install cramfs /bin/false\n"),
        ("etc/security/limits.conf", b"* hard core unlimited\n"),
        ("etc/security/limits.d/10.conf", b"* - core 0 # none\n@dba hard nproc 4\nroot hard core 0\n"),
        ("etc/systemd/coredump.conf", b"[Coredump]\nStorage=none\n"),
        ("usr/lib/systemd/coredump.conf.d/a.conf", b"[Coredump]\nProcessSizeMax=0\n"),
        ("etc/selinux/config", b"# c\nSELINUX=Enforcing\nSELINUXTYPE=targeted\n"),
        (
            "etc/systemd/system/mnt-x.mount",
            b"[Unit]\nWhere=/no\n[Mount]\nWhat=//a:hUnTeR2@x/y\nWhere=/mnt/x\nType=cifs\n\
              Options=nosuid,password=hUnTeR2\n",
        ),
        ("usr/share/systemd/tmp.mount", b"[Mount]\nWhat=tmpfs\nWhere=/tmp\nOptions=nosuid,nodev\n"),
        ("usr/lib/systemd/system/var-tmp.mount", b"[Mount]\nWhere=/var/tmp\nOptions=nosuid\n"),
        ("usr/lib/systemd/system/other.mount", b"[Mount]\nWhere=/other\n"),
        ("etc/systemd/system/tmp.mount.d/x.conf", b"[Mount]\nOptions=nosuid,nodev,noexec\n"),
    ]);
    let path = |name: &str| root.path().join(name);
    symlink("/dev/null", path("etc/sysctl.d/30-mask.conf")).unwrap();
    fs::create_dir_all(path("dev")).unwrap();
    fs::create_dir_all(path("dev/null")).unwrap();
    symlink("../../../usr/share/systemd/tmp.mount", path("etc/systemd/system/tmp.mount")).unwrap();
    fs::create_dir_all(path("etc/systemd/system/local-fs.target.wants")).unwrap();
    symlink("../tmp.mount", path("etc/systemd/system/local-fs.target.wants/tmp.mount")).unwrap();
    fs::create_dir_all(path("usr/lib/systemd/system/local-fs.target.wants")).unwrap();
    let wanted = path("usr/lib/systemd/system/local-fs.target.wants/var-tmp.mount");
    symlink("../var-tmp.mount", wanted).unwrap();
    let odd = path("etc/sysctl.d").join(OsStr::from_bytes(b"40\nnew\xe9.conf"));
    fs::write(odd, b"kernel.kptr_restrict=2\n").unwrap();
    root
}

#[test]
fn configuration_of_hostile_files() {
    let root = hostile_root();
    for shell in shells() {
        let name = shell.name();
        let frames = |kind: &str| shell.frames(kind, text(&root), &[]);
        for kind in KINDS {
            for frame in frames(kind).iter() {
                let said = [&frame.data[..], &frame.diagnostics].concat();
                let said = said.escape_ascii().to_string();
                assert!(!said.contains("hUnTeR2"), "{name}: {}: {said}", frame.id);
                let live = frame.exit == Some(anji_evidence::status::NOT_LIVE);
                assert!(live || frame.exit == Some(0), "{name}: {}: {said}", frame.id);
            }
        }
        sysctl_and_modules(&name, &frames("sysctl"), &frames("kernel.modules"));
        mounts(&name, &frames("mounts"));
        let cmdline = body(&parse("kernel.cmdline", None, &frames("kernel.cmdline")));
        let entries = column(&cmdline["configured"], "entry");
        for entry in [
            "/etc/default/grub audit=1",
            "/etc/default/grub rd.iscsi.password=***",
            "/etc/default/grub ks=***@kick.example/a",
            "/etc/default/grub init=/bin/$(touch",
            "/etc/default/grub.d/50-site.cfg slab_nomerge",
            "/etc/kernel/cmdline secret_key=***",
            "/etc/kernel/cmdline ro",
            "/boot/grub/grub.cfg audit=1",
            "/boot/loader/entries/a.conf lockdown=integrity",
        ] {
            assert!(entries.contains(&entry), "{name}: {entry} not in {entries:?}");
        }
        assert_eq!(entries.len(), 17, "{name}: {entries:?}");
        let dumps = body(&parse("core.dumps", None, &frames("core.dumps")));
        let limits = json!([{"domain": "*", "soft": "0", "hard": "0"},
                            {"domain": "root", "soft": null, "hard": "0"}]);
        assert_eq!(dumps["limits"], limits, "{name}");
        assert_eq!((&dumps["storage"], &dumps["process_size_max"]), (&json!("none"), &json!(0)));
        let access = body(&parse("access.control", None, &frames("access.control")));
        assert_eq!(access["selinux"]["configured"], "enforcing", "{name}");
        assert_eq!(access["selinux"]["policy"], "targeted", "{name}");
        let disks = body(&parse("disk.encryption", None, &frames("disk.encryption")));
        let keys = column(&disks["configured"], "key");
        assert_eq!(keys, ["asked", "file", "random"], "{name}");
        assert!(!root.path().join("x").exists() && !std::path::Path::new("/x").exists());
    }
}

fn sysctl_and_modules(name: &str, sysctl: &Frames, modules: &Frames) {
    let sysctl = body(&parse("sysctl", None, sysctl));
    let of = |key: &str| {
        let found = element(&sysctl["settings"], "key", key);
        (found["configured"].clone(), found["file"].clone())
    };
    let forward = (json!("0"), json!("/etc/sysctl.d/10 $(touch x)`id`.conf"));
    assert_eq!(of("net.ipv4.ip_forward"), forward, "{name}");
    assert_eq!(of("kernel.sysrq").0, "\\x1b[31m", "{name}");
    assert_eq!(of("kernel.kptr_restrict").1, "/etc/sysctl.d/40\\nnew\\xe9.conf", "{name}");
    // systemd's own program does not read it.
    assert_eq!(of("net.ipv4.tcp_syncookies").0, Value::Null, "{name}");
    let interfaces = &sysctl["interfaces"];
    assert_eq!(element(interfaces, "entry", "ipv4 default")["configured"]["rp_filter"], 2);
    let excluded = element(interfaces, "entry", "ipv4 eth0");
    assert_eq!(excluded["configured"]["rp_filter"], Value::Null, "{name}");
    let modules = body(&parse("kernel.modules", None, modules));
    assert_eq!(column(&modules["rules"], "module"), ["firewire_core", "usb_storage"], "{name}");
}

fn mounts(name: &str, frames: &Frames) {
    let mounts = body(&parse("mounts", None, frames));
    let of = |target: &str| element(&mounts["configured"], "target", target).clone();
    assert_eq!(of("/mnt/share")["source"], "***@files.example/share", "{name}");
    assert_eq!(of("/mnt/sftp")["source"], "***@sftp.example:/x", "{name}");
    assert_eq!(of("/mnt/sftp")["noexec"], true, "{name}");
    assert_eq!(of("/mnt/dav")["source"], "https://dav.example/x", "{name}");
    assert_eq!(of("/mnt/x")["source"], "***@x/y", "{name}");
    assert_eq!((&of("/mnt/x")["at_start"], &of("/mnt/x")["nosuid"]), (&json!(false), &json!(true)));
    assert_eq!(of("/srv/with blank")["read_only"], true, "{name}");
    assert_eq!(of("/srv/odd")["nodev"], true, "{name}");
    assert_eq!(of("/srv/last")["source"], "/srv/last", "{name}");
    let var = element(&mounts["temporary"], "path", "/var/tmp");
    let vendor = "/usr/lib/systemd/system/var-tmp.mount";
    assert_eq!(
        (&var["configured"]["file"], &var["configured"]["nosuid"]),
        (&json!(vendor), &json!(true))
    );
    assert!(!column(&mounts["configured"], "target").contains(&"/other"), "{name}");
    let tmp = element(&mounts["temporary"], "path", "/tmp");
    let expected = json!({"file": "/etc/systemd/system/tmp.mount",
        "nosuid": true, "nodev": true, "noexec": true});
    assert_eq!(tmp["configured"], expected, "{name}");
}

#[test]
fn files_that_are_not_there_are_no_lack() {
    let root = root_with(&[("etc/hostname", b"x\n")]);
    for shell in shells() {
        for (kind, lists) in [
            ("mounts", &["configured"][..]),
            ("kernel.modules", &["rules"]),
            ("kernel.cmdline", &["configured"]),
            ("disk.encryption", &["configured"]),
            ("core.dumps", &["limits"]),
        ] {
            let parsed = parse(kind, None, &shell.frames(kind, text(&root), &[]));
            for list in lists {
                assert_eq!(body(&parsed)[list], json!([]), "{}: {kind}", shell.name());
                assert!(!parsed.gaps.iter().any(|gap| gap.path == *list), "{parsed:?}");
            }
        }
    }
}

#[test]
fn this_machine_is_the_same_in_every_shell() {
    for kind in KINDS {
        let mut first: Option<(String, Vec<u8>)> = None;
        for shell in shells() {
            let parsed = parse(kind, None, &shell.frames(kind, "", &[]));
            let Some(body) = parsed.body.clone() else {
                panic!("{}: {kind}: {parsed:?}", shell.name());
            };
            match &first {
                None => first = Some((shell.name(), body)),
                Some((name, before)) => {
                    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    assert_eq!(show(before), show(&body), "{kind}: {name} and {}", shell.name());
                }
            }
        }
    }
    assert!(registry().len() > KINDS.len());
}

#[test]
fn settings_are_those_that_sysctl_tells() {
    let shell = &shells()[0];
    let sysctl = body(&parse("sysctl", None, &shell.frames("sysctl", "", &[])));
    let ask = |key: &str| {
        let out = Command::new("busybox").args(["sysctl", "-n", key]).output().unwrap();
        out.status.success().then(|| String::from_utf8(out.stdout).unwrap().trim().to_owned())
    };
    let mut asked = 0;
    for setting in sysctl["settings"].as_array().unwrap() {
        let key = setting["key"].as_str().unwrap();
        if let Some(told) = ask(key) {
            assert_eq!(setting["running"], told, "{key}");
            asked += 1;
        }
    }
    for interface in sysctl["interfaces"].as_array().unwrap() {
        let (family, name) = (&interface["family"], interface["name"].as_str().unwrap());
        if name.contains(['*', '.']) {
            continue;
        }
        for parameter in ["accept_redirects", "accept_source_route", "forwarding"] {
            let key = format!("net.{}.conf.{name}.{parameter}", family.as_str().unwrap());
            let told = ask(&key).unwrap();
            assert_eq!(interface["running"][parameter].to_string(), told, "{key}");
            asked += 1;
        }
    }
    assert!(asked > 30, "{asked}");
}

#[test]
fn ordinary_rights_are_told() {
    // As another account the closed folder is told and nothing passes for whole.
    let root = hostile_root();
    let closed = root.path().join("etc/sysctl.d");
    let mode = |mode| {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).unwrap();
    };
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout == b"0\n" {
        // Root reads whatever the mode says.
        return;
    }
    mode(0o000);
    let parsed = parse("sysctl", None, &shells()[0].frames("sysctl", text(&root), &[]));
    mode(0o755);
    assert!(parsed.gaps.iter().any(|gap| gap.path == "settings[].configured"), "{parsed:?}");
}

#[test]
fn complete_on_this_machine() {
    // Nothing that root can read here is left open, but what needs securityfs.
    let shell = &shells()[0];
    let parsed = parse("mounts", None, &shell.frames("mounts", "", &[]));
    let body = complete(&parsed);
    assert!(column(&body["mounted"], "target").contains(&"/"));
}
