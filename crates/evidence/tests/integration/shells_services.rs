//! The captures of services, processes, containers and security tools, run in
//! every shell there is on hostile files, and their parsers on long input.

use super::shells::{root_with, shells, text};
use super::support::{body, column, element, frame, has_gap, parse, texts};
use anji_evidence::{Frames, registry};
use anji_model::{FailureCategory, GapKind};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::time::Instant;

const MINE: [&str; 4] = ["containers", "processes", "security.tools", "services"];

/// A root with units, start scripts and super-servers, some of them ill-meant.
fn services_root() -> tempfile::TempDir {
    let root = root_with(&[
        ("usr/lib/systemd/systemd", b"x"),
        (
            "usr/lib/systemd/system/his.service",
            b"# WantedBy=x\n[Service]\nUser = his\n; comment\nExecStart=-/opt/his/bin/his \\\n  --password=GeHeIm\n\
              [Install]\nWantedBy=multi-user.target\n",
        ),
        (
            "usr/lib/systemd/system/door.socket",
            b"[Socket]\nListenStream=0.0.0.0:23\nListenStream=127.0.0.1:24\nListenDatagram=69\n[Install]\nWantedBy=sockets.target\n",
        ),
        ("usr/lib/systemd/system/shut.service", b"[Service]\nExecStart=/bin/shut\n"),
        ("usr/lib/systemd/system/a;$(touch pwned)`id`.service", b"[Service]\nExecStart=/bin/x\n"),
        ("etc/systemd/system/empty.service", b""),
        ("etc/systemd/system/his.service.d/10.conf", b"[Service]\nUser=other\n"),
        ("etc/inetd.conf", b"# telnet stream tcp nowait root /x\ntelnet\tstream\ttcp\tnowait\troot\t/usr/sbin/tcpd\t/usr/sbin/in.telnetd --key=GeHeIm\n"),
        ("etc/xinetd.d/ftp", b"service ftp\n{\n\tdisable = no\n\tsocket_type = stream\n\tserver = /usr/sbin/vsftpd\n\tserver_args = GeHeIm+1 x\n\tuser = root\n}\n"),
        ("etc/xinetd.d/off", b"service telnet\n{\n disable = yes\n server = /x\n}\n"),
        ("etc/xinetd.d/left.rpmsave", b"service shell\n{\n disable = no\n}\n"),
        ("etc/init.d/xinetd", b"#!/bin/sh\n"),
        ("etc/init.d/old", b"#!/bin/sh\n"),
    ]);
    for folder in [
        "etc/systemd/system/multi-user.target.wants",
        "etc/systemd/system/sockets.target.wants",
        "etc/rc2.d",
        "sbin",
    ] {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    let link = |target: &str, name: &str| symlink(target, root.path().join(name)).unwrap();
    link(
        "/usr/lib/systemd/system/his.service",
        "etc/systemd/system/multi-user.target.wants/his.service",
    );
    link(
        "/usr/lib/systemd/system/door.socket",
        "etc/systemd/system/sockets.target.wants/door.socket",
    );
    link("/dev/null", "etc/systemd/system/shut.service");
    link("../usr/lib/systemd/systemd", "sbin/init");
    link("../init.d/xinetd", "etc/rc2.d/S20xinetd");
    link("../init.d/old", "etc/rc2.d/K80old");
    // A name with a newline and one that is not UTF-8 are none of a unit.
    for name in [&b"new\nline.service"[..], b"latin-\xe9.service"] {
        let path = root.path().join("etc/systemd/system").join(OsStr::from_bytes(name));
        fs::write(path, b"[Service]\nExecStart=/bin/x\n").unwrap();
    }
    root
}

#[test]
fn services_of_hostile_files() {
    let root = services_root();
    for shell in shells() {
        let name = shell.name();
        let frames = shell.frames("services", text(&root), &[]);
        for frame in frames.iter() {
            let all = [frame.data.as_slice(), &frame.diagnostics].concat();
            assert!(!String::from_utf8_lossy(&all).contains("GeHeIm "), "{name}");
            assert!(!String::from_utf8_lossy(&all).contains("=GeHeIm"), "{name}");
        }
        let parsed = parse("services", None, &frames);
        let body = body(&parsed);
        let unit = |unit: &str| element(&body["units"], "unit", unit).clone();
        let his = unit("his.service");
        assert_eq!(his["state"], "enabled", "{name}");
        assert_eq!((&his["starts"], &his["user"]), (&json!(true), &json!("other")), "{name}");
        assert_eq!(his["program"], "/opt/his/bin/his", "{name}");
        let door = unit("door.socket");
        assert_eq!(
            (&door["tcp_ports"], &door["udp_ports"]),
            (&json!([23]), &json!([69])),
            "{name}"
        );
        for masked in ["shut.service", "empty.service"] {
            assert_eq!(unit(masked)["state"], "masked", "{masked} in {name}");
            assert_eq!(unit(masked)["starts"], false, "{masked} in {name}");
        }
        assert_eq!(unit("inetd:telnet")["program_name"], "in.telnetd", "{name}");
        // xinetd is started, and it would read inetd.conf too.
        assert_eq!(unit("xinetd:ftp")["starts"], true, "{name}");
        assert_eq!(unit("xinetd:telnet")["starts"], false, "{name}");
        assert_eq!(unit("sysv:old")["starts"], false, "{name}");
        assert!(!column(&body["units"], "unit").contains(&"xinetd:shell"), "{name}");
        assert!(
            !column(&body["units"], "unit").iter().any(|unit| unit.contains("pwned")),
            "{name}"
        );
        let not_live = FailureCategory::NotLive;
        assert!(has_gap(&parsed.gaps, "units[].active", GapKind::Unknown, not_live), "{name}");
    }
    assert!(!root.path().join("pwned").exists());
}

#[test]
fn tools_and_containers_of_hostile_files() {
    let root = root_with(&[
        ("usr/bin/aide", b"x"),
        ("usr/bin/dockerd", b"x"),
        ("usr/sbin/clamd", b"x"),
        ("etc/aide.conf", b"@@define DBDIR /data/aide\ndatabase_in=file:@@{DBDIR}/own.db\n"),
        ("data/aide/own.db", b"x"),
        ("var/lib/clamav/daily.cld", b"ClamAV-VDB:16 Sep 2024 04-29 -0400:27399:2067253:90:a:b:raynman:1726475387\n\0\xff"),
        ("etc/crontab", b"# 0 1 * * * root aide\n0 4 * * 0 root /usr/sbin/aide --check --token=GeHeIm\n@monthly root clamscan /\n"),
        ("etc/docker/daemon.json", b"{\"hosts\": [\"tcp://0.0.0.0:2375\"], \"icc\": false,\n \"http-proxy\": \"http://u:GeHeIm@p\", \"labels\": [\"GeHeIm\"], \"insecure-registries\": [\"https://u:GeHeIm@r\"]}"),
    ]);
    for shell in shells() {
        let name = shell.name();
        for kind in ["security.tools", "containers"] {
            for frame in shell.frames(kind, text(&root), &[]).iter() {
                let said = String::from_utf8_lossy(&frame.data).into_owned();
                assert!(!said.contains("GeHeIm"), "{said} in {name}");
            }
        }
        let parsed =
            parse("security.tools", None, &shell.frames("security.tools", text(&root), &[]));
        let tools = body(&parsed)["tools"].clone();
        let aide = element(&tools, "tool", "aide");
        assert_eq!(aide["scheduled"], true, "{name}");
        assert!(aide["database_day"].as_i64().is_some_and(|day| day > 20_000), "{name}");
        let clamav = element(&tools, "tool", "clamav");
        assert_eq!(
            (&clamav["scheduled"], &clamav["signatures_day"]),
            (&json!(false), &json!(19_982))
        );
        let containers =
            body(&parse("containers", None, &shell.frames("containers", text(&root), &[])));
        assert_eq!(texts(&containers["docker"]["hosts"]), ["tcp://0.0.0.0:2375"], "{name}");
        assert_eq!(containers["docker"]["icc"], false, "{name}");
        assert_eq!(containers["docker"]["insecure_registries"], json!(["https://r"]), "{name}");
    }
}

/// A program of a hostile name runs while each shell looks at the processes.
#[test]
fn processes_are_seen_in_every_shell() {
    let folder = tempfile::tempdir().unwrap();
    let sleep = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|dir| dir.join("sleep"))
        .find(|path| path.exists())
        .unwrap();
    let program = folder.path().join(OsStr::from_bytes(b"his\n/proc/1/exe -> /bin/no\xe9"));
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    fs::copy(sleep, &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let mut child = Command::new(&program).arg("60").spawn().unwrap();
    for shell in shells() {
        let name = shell.name();
        let parsed = parse("processes", None, &shell.frames("processes", "", &[]));
        let body = body(&parsed);
        let names = column(&body["processes"], "name");
        // The line that its path makes up is not believed of process 1, and its
        // own program, cut at the newline, is none of what it pretends.
        let hostile = element(&body["processes"], "name", "no\\xe9");
        assert_eq!(hostile["uid"], hostile["euid"], "{name}");
        let pretended = |process: &Value| process["exe"] == "/bin/no\\xe9";
        assert!(!body["processes"].as_array().unwrap().iter().any(pretended), "{name}");
        assert!(!names.contains(&"awk"), "{names:?} in {name}");
        let other = shell.frames("processes", text(&root_with(&[])), &[]);
        assert_eq!(other.iter().next().unwrap().exit, Some(46), "{name}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn long_input_of_services_is_read_in_linear_time() {
    let begun = Instant::now();
    let lines = [
        "-rw-r--r-- 1 0 0 1 Nov 20 10:00 a.service\n",
        "lrwxrwxrwx 1 0 0 1 Nov 20 10:00 b@c.service -> ../b@.service\n",
        "dir ./etc/systemd/system\n",
        "f ./etc/systemd/system/a.service\n",
        "Service ExecStart=/x\n",
        "p 0 0 1 root\nn a\ne /x\nc /y\n",
        "cron 0 0 * * * aide\n",
        "json icc=false\n",
        "inetd a stream tcp root /x\n",
        "unit a.service loaded active\n",
    ];
    for line in lines {
        let data = line.repeat((1 << 20) / line.len());
        for lead in [
            "",
            "listed\n",
            "listed\nfiles\n",
            "init file\nlisted\n./etc/rc2.d/:\n",
            "dir ./a\nlisted\n./a/:\n",
        ] {
            let data = format!("{lead}{data}end\n");
            for kind in MINE {
                let kind = registry().iter().find(|known| known.name().as_str() == kind).unwrap();
                let captures = kind.captures(&[]).into_iter();
                let frames: Frames =
                    captures.map(|capture| frame(&capture.id, data.as_bytes())).collect();
                kind.parse(None, &frames);
            }
        }
    }
    assert!(begun.elapsed().as_secs() < 120, "{:?}", begun.elapsed());
}
