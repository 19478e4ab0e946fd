//! The captures of packages and updates, in every shell, on hostile files.

use super::shells::{root_with, shells, text};
use super::support::{body, column, complete, element, parse, texts};
use serde_json::{Value, json};
use std::fs;

const STATUS: &[u8] =
    b"Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21\n\n\
    Package: a\tb\nStatus: hold ok installed\nArchitecture: amd64\nSource: src (1:2-1)\n\
    Version: 2-1+b1\nDescription: x\n Package: not-one\n Version: 9\n\n\n\
    Package: $(id)\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n\n\
    Package: caf\xe9\nVersion: 1\nStatus: install ok unpacked\nArchitecture: amd64\n";

const RELEASE: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: Debian\n\
    Label: Debian-Security\nSuite: stable-security\nDate: Tue, 24 Nov 2026 00:34:33 UTC\n\
    SHA256:\n Label: no\nLabel: Other\n";

const PACKAGES: &[u8] = b"Package: caf\xe9\nArchitecture: amd64\nVersion: 2\nFilename: x\n\n\
    Package: unasked\nArchitecture: amd64\nVersion: 2\n\nPackage: dpkg\nArchitecture: amd64\nVersion: 1.21\n";

fn each(kind: &str, files: &[(&str, &[u8])], check: impl Fn(&str, &Value)) {
    let root = root_with(files);
    for shell in shells() {
        let frames = shell.frames(kind, text(&root), &[]);
        let parsed = parse(kind, None, &frames);
        check(&shell.name(), &body(&parsed));
    }
}

#[test]
fn the_status_file_of_dpkg() {
    let files: &[(&str, &[u8])] = &[("var/lib/dpkg/status", STATUS)];
    let root = root_with(files);
    for shell in shells() {
        let parsed = parse("packages", None, &shell.frames("packages", text(&root), &[]));
        let body = complete(&parsed);
        let names = column(&body["packages"], "name");
        assert_eq!(names, ["$(id)", "a b", "caf\\xe9", "dpkg"], "{}", shell.name());
        let first = element(&body["packages"], "name", "a b");
        assert_eq!((&first["source"], &first["source_version"]), (&json!("src"), &json!("1:2-1")));
        assert_eq!(element(&body["packages"], "name", "$(id)")["present"], false);
    }
    fs::create_dir_all(root.path().join("var/lib/dpkg/updates")).unwrap();
    fs::write(root.path().join("var/lib/dpkg/updates/0001"), "x").unwrap();
    for shell in shells() {
        let parsed = parse("packages", None, &shell.frames("packages", text(&root), &[]));
        assert_eq!(parsed.gaps.len(), 1, "{}", shell.name());
    }
}

#[test]
fn the_database_of_apk() {
    let data = b"C:Q1\nP:musl\nV:1.2.5-r0\nA:x86_64\no:musl\n\nP:busybox-binsh\nV:1.36-r1\nA:x86_64\no:busybox\n\n";
    each("packages", &[("lib/apk/db/installed", data)], |shell, body| {
        assert_eq!(column(&body["packages"], "source"), ["busybox", "musl"], "{shell}");
        assert_eq!(body["managers"], json!(["apk"]), "{shell}");
    });
}

#[test]
fn lists_of_apt() {
    let files: &[(&str, &[u8])] = &[
        ("var/lib/dpkg/status", STATUS),
        ("var/lib/apt/lists/h_s_dists_stable-security_InRelease", RELEASE),
        ("var/lib/apt/lists/h_s_dists_stable-security_main_binary-amd64_Packages", PACKAGES),
        ("var/lib/apt/lists/h_s_dists_stable-security_empty_binary-amd64_Packages", b""),
        ("etc/apt/preferences.d/empty", b"# Pin: none\n"),
        ("etc/apt/apt.conf.d/10x", b"// APT::Default-Release \"x\";\n"),
        ("var/log/apt/history.log", b"\nStart-Date: 2026-11-20  10:00:00\nCommandline: apt-get -y dist-upgrade\n\
            Upgrade: dpkg:amd64 (1.20, 1.21)\nEnd-Date: 2026-11-20  10:00:09\n\n\
            Start-Date: 2026-11-24  10:00:00\nCommandline: apt install x\nUpgrade: a:amd64 (1, 2)\n"),
    ];
    let root = root_with(files);
    for shell in shells() {
        let parsed =
            parse("package.updates", None, &shell.frames("package.updates", text(&root), &[]));
        let name = shell.name();
        let live = |path: &str| {
            path.starts_with("kernel") || path.contains("reboot") || path.contains("stale")
        };
        assert!(parsed.gaps.iter().all(|gap| live(&gap.path)), "{name}: {:?}", parsed.gaps);
        let body = body(&parsed);
        assert_eq!(column(&body["security"], "package"), ["caf\\xe9:amd64"], "{name}");
        assert_eq!(column(&body["updates"], "available"), ["2"], "{name}");
        assert_eq!(texts(&body["held"]), ["a b:amd64"], "{name}");
        assert_eq!(body["lists_day"], 20781, "{name}");
        assert_eq!(body["lists"][0]["label"], "Debian-Security", "{name}");
        assert_eq!(body["last_full_upgrade_day"], 20777, "{name}");
        assert_eq!(body["last_upgrade_day"], 20781, "{name}");
        assert_eq!(body["newest_security_update_day"], 20777, "{name}");
    }
    let pin = root.path().join("etc/apt/preferences.d/pin");
    fs::write(pin, "Package: *\nPin: release a=stable\nPin-Priority: 900\n").unwrap();
    for shell in shells() {
        let parsed =
            parse("package.updates", None, &shell.frames("package.updates", text(&root), &[]));
        assert!(parsed.gaps.iter().any(|gap| gap.path == "updates"), "{}", shell.name());
        assert!(!parsed.gaps.iter().any(|gap| gap.path == "security"), "{}", shell.name());
    }
}

#[test]
fn no_secret_of_a_source_is_told() {
    let files: &[(&str, &[u8])] = &[
        ("etc/apt/sources.list", b"deb https://user:SeCrEt@h/d s main\ndeb [trusted=yes] http://h2/d s main\n"),
        ("etc/apt/sources.list.d/a.sources", b"Types: deb\nURIs: https://SeCrEt@h3/d\nSuites: s\nSigned-By:\n -----BEGIN PGP\n .\n mQINBGPL0BUBEADmW5NdOOHwPIJlgPu6JDcKw/NZJPR8lsD3K87ZM18gzyQZJD+wSe\n"),
        ("etc/apt/apt.conf.d/20x", b"Acquire::http::Proxy \"http://u:SeCrEt@p\";\nAPT::Periodic::Update-Package-Lists \"1\";\nX { Password \"SeCrEt\"; };\n"),
        ("etc/apt/auth.conf", b"machine h login u password SeCrEt\n"),
        ("etc/yum.repos.d/a.repo", b"[a]\nbaseurl=https://u:SeCrEt@h4/x?token=SeCrEt\npassword=SeCrEt\ngpgcheck=0\n"),
    ];
    let root = root_with(files);
    for shell in shells() {
        let frames = shell.frames("update.config", text(&root), &[]);
        for frame in frames.iter() {
            let data = String::from_utf8_lossy(&frame.data);
            assert!(
                !data.contains("SeCrEt") && !data.contains("mQINBG"),
                "{}: {data}",
                shell.name()
            );
        }
        let body = complete(&parse("update.config", None, &frames));
        let hosts = column(&body["repositories"], "host");
        assert_eq!(hosts, ["h2", "h", "h3", "h4"], "{}", shell.name());
        let open: Vec<_> = body["repositories"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|r| r["verified"] == false)
            .map(|r| r["host"].as_str().unwrap())
            .collect();
        assert_eq!(open, ["h2", "h4"], "{}", shell.name());
    }
}
