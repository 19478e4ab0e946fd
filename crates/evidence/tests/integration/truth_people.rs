//! What the recorded systems are known to be: rules of sudo, shells' start files,
//! last logins, banners, periodic jobs.

use super::sudoers::{policy, read};
use super::support::{
    absent, body, column, complete, element, failed, has_gap, parse, recording, texts,
};
use anji_model::{FailureCategory, GapKind};
use serde_json::{Value, json};

const DEBIAN: [&str; 3] = ["debian12-default", "debian12-weak", "debian12-hardened"];

fn of(host: &str, kind: &str) -> Value {
    complete(&parse(kind, None, &recording(host)))
}

/// The one rule of `user` for `command`.
fn rule<'a>(body: &'a Value, user: &str, command: &str) -> &'a Value {
    let rules = body["rules"].as_array().unwrap();
    let mut found = rules.iter().filter(|r| r["user"] == user && r["command"] == command);
    match (found.next(), found.next()) {
        (Some(one), None) => one,
        other => panic!("{user} {command}: {other:?}"),
    }
}

#[test]
fn sudo_as_installed() {
    let body = of(DEBIAN[0], "sudo.rules");
    assert_eq!(
        column(&body["rules"], "rule"),
        ["%sudo ALL=(ALL:ALL) ALL", "root ALL=(ALL:ALL) ALL"]
    );
    let sudo = rule(&body, "%sudo", "ALL");
    assert_eq!(sudo["password"], "invoker");
    assert_eq!((&sudo["as_root"], &sudo["setenv"]), (&json!(true), &json!(true)));
    assert_eq!(column(&body["files"], "path"), ["/etc/sudoers", "/etc/sudoers.d/README"]);
    assert_eq!(element(&body["files"], "path", "/etc/sudoers")["mode"], "0440");
    let path = element(&body["settings"], "name", "secure_path");
    assert_eq!(path["value"], "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
}

#[test]
fn sudo_of_the_weakened_system() {
    let body = of(DEBIAN[1], "sudo.rules");
    // visudo complains of its mode, sudo does not.
    let file = element(&body["files"], "path", "/etc/sudoers.d/50-his");
    assert_eq!((&file["mode"], &file["effective"]), (&json!("0644"), &json!(true)));
    let all = rule(&body, "hisadm", "ALL");
    assert_eq!(all["rule"], "hisadm ALL=(ALL:ALL) NOPASSWD: ALL");
    assert_eq!((&all["password"], &all["overridden"]), (&json!("none"), &json!(false)));
    let psql = rule(&body, "%dba", "/usr/bin/psql");
    assert_eq!((&psql["password"], &psql["as_root"]), (&json!("none"), &json!(false)));
    assert_eq!(psql["runas_users"], json!(["postgres"]));
    assert_eq!(rule(&body, "%dba", "/bin/ls")["password"], "invoker");
    // A number, not a comment.
    let less = rule(&body, "#1001", "/usr/bin/less");
    assert_eq!((&less["noexec"], &less["as_root"]), (&json!(true), &json!(true)));
    for user in ["hisadm", "nopass", "oldpw01"] {
        let rules = body["rules"].as_array().unwrap();
        let own: Vec<_> = rules
            .iter()
            .filter(|r| r["user"] == user && r["command"] == "/usr/bin/systemctl")
            .map(|r| (r["allowed"].as_bool().unwrap(), r["arguments"].as_str().unwrap()))
            .collect();
        assert_eq!(own, [(false, "fixed"), (true, "pattern")], "{user}");
        // By `Defaults:HISOPS !authenticate`.
        assert!(rules.iter().filter(|r| r["user"] == user).all(|r| r["password"] == "none"));
        let setting = format!("Defaults:{user} !authenticate");
        let setting = element(&body["settings"], "setting", &setting);
        assert_eq!((&setting["value"], &setting["effective"]), (&json!("off"), &json!(true)));
    }
    assert_eq!(element(&body["settings"], "name", "timestamp_timeout")["value"], "-1");
}

#[test]
fn sudo_of_the_hardened_system() {
    let body = of(DEBIAN[2], "sudo.rules");
    let collect = rule(&body, "collector", "/usr/local/sbin/collect-evidence");
    assert_eq!((&collect["arguments"], &collect["password"]), (&json!("none"), &json!("none")));
    assert_eq!(rule(&body, "%secadm", "/usr/sbin/ausearch")["arguments"], "pattern");
    assert_eq!(rule(&body, "%secadm", "/usr/sbin/auditctl")["arguments"], "fixed");
    for (name, value) in
        [("use_pty", "on"), ("logfile", "/var/log/sudo.log"), ("passwd_tries", "3")]
    {
        let settings = body["settings"].as_array().unwrap();
        assert!(settings.iter().any(|s| s["name"] == name && s["value"] == value), "{name}");
    }
}

#[test]
fn sudo_closed_and_absent() {
    let parsed = parse("sudo.rules", None, &recording("debian12-default-unprivileged"));
    assert_eq!(failed(&parsed), FailureCategory::Permission);
    for host in ["debian12-minbase", "busybox-initramfs"] {
        assert!(absent(&parse("sudo.rules", None, &recording(host))), "{host}");
    }
}

#[test]
fn sudo_files_of_every_kind() {
    let files = [
        (
            "/etc/sudoers",
            "#includedir /etc/sudoers.d\n@include sudoers.local\nDefaults targetpw\n\
             ALL ALL=(ALL) ALL\nbad line here\nlast ALL=NOPASSWD: ALL\n",
        ),
        ("/etc/sudoers.d/10-a", "a ALL=ALL\n"),
        ("/etc/sudoers.d/20-b.conf", "b ALL=ALL\n"),
        ("/etc/sudoers.d/30-c~", "c ALL=ALL\n"),
        ("/etc/sudoers.local", "d db01=(#0) ALL\ne other=ALL\nf 10.0.0.0/8=ALL\n"),
    ];
    let parsed = parse("sudo.rules", None, &policy(&files));
    let body = body(&parsed);
    let users = column(&body["rules"], "user");
    assert_eq!(users, ["ALL", "a", "d", "e", "f", "last"]);
    assert_eq!(rule(&body, "ALL", "ALL")["password"], "target");
    assert_eq!(rule(&body, "a", "ALL")["runas_users"], json!(["root"]));
    for (user, here) in [("d", json!(true)), ("e", json!(false)), ("f", Value::Null)] {
        assert_eq!(rule(&body, user, "ALL")["on_this_host"], here, "{user}");
    }
    assert_eq!(texts(&body["unread_lines"]), ["/etc/sudoers:5"]);
    // `a` comes before the rule for all, which decides instead of it.
    assert_eq!(rule(&body, "a", "ALL")["overridden"], true);
    assert_eq!(rule(&body, "last", "ALL")["overridden"], false);
    let unread = FailureCategory::Unparsable;
    assert!(has_gap(&parsed.gaps, "rules", GapKind::Partial, unread));
    let hosts = FailureCategory::Unsupported;
    assert!(has_gap(&parsed.gaps, "rules[].on_this_host", GapKind::Unknown, hosts));
}

#[test]
fn sudo_leaves_no_unread_file_unsaid() {
    for (text, path) in [
        ("@include /etc/elsewhere\n", "rules"),
        ("@includedir /opt/sudoers.d\n", "rules"),
        ("@include /etc/sudoers\n", "rules"),
        ("\u{0}ALL ALL=ALL\n", "rules"),
    ] {
        let parsed = read(text);
        assert!(parsed.gaps.iter().any(|gap| gap.path == path), "{text}: {parsed:?}");
    }
    // Nested aliases that grow without end.
    let mut text = String::from("User_Alias A0 = a, b\n");
    for level in 1..60 {
        text.push_str(&format!("User_Alias A{level} = A{0}, A{0}, A{0}\n", level - 1));
    }
    text.push_str("A59 ALL = ALL\n");
    let parsed = read(&text);
    assert!(has_gap(&parsed.gaps, "rules", GapKind::Partial, FailureCategory::Truncated));
}

#[test]
fn sudo_writers_other_than_root_make_a_file_ineffective() {
    let frames = policy(&[("/etc/sudoers", "root ALL=ALL\n")]);
    let data = String::from_utf8(frames.get("sudo.files").unwrap().data.clone()).unwrap();
    for (facts, count) in [("8120 0 0", 1), ("81b6 0 0", 0), ("8120 1000 0", 0), ("81b0 0 4", 0)] {
        let mut changed: anji_evidence::Frames = frames.iter().cloned().collect();
        let data = data.replace("8120 0 0", facts);
        changed.insert(super::support::frame("sudo.files", data.as_bytes()));
        let parsed = parse("sudo.rules", None, &changed);
        let body = complete(&parsed);
        assert_eq!(body["rules"].as_array().unwrap().len(), count, "{facts}");
        assert_eq!(body["files"][0]["effective"], count == 1);
    }
}

#[test]
fn start_files() {
    for (host, seconds, umask) in [
        ("debian12-default", Value::Null, Value::Null),
        ("debian12-default-unprivileged", Value::Null, Value::Null),
        ("debian12-weak", Value::Null, json!("0000")),
        ("debian12-hardened", json!(600), json!("0027")),
        ("debian12-minbase", Value::Null, Value::Null),
    ] {
        let parsed = parse("shell.startup", None, &recording(host));
        let body = body(&parsed);
        let bash = element(&body["shells"], "path", "/bin/bash");
        assert_eq!((&bash["idle_seconds"], &bash["umask"]), (&seconds, &umask), "{host}");
        // Only root's own files are closed to others, and they change no login shell here.
        let gaps: Vec<_> = parsed.gaps.iter().map(|gap| gap.path.as_str()).collect();
        let closed = host.ends_with("unprivileged");
        assert!(gaps.iter().all(|path| closed && *path == "statements"), "{host}: {gaps:?}");
        assert_eq!(element(&body["shells"], "path", "/usr/sbin/nologin")["family"], "none");
    }
    let hardened = of("debian12-hardened", "shell.startup");
    let bash = element(&hardened["shells"], "path", "/bin/bash");
    assert_eq!((&bash["readonly"], &bash["exported"]), (&json!(true), &json!(true)));
    let places = column(&hardened["statements"], "place");
    assert!(places.contains(&"/etc/profile.d/tmout.sh:1"), "{places:?}");
    let busybox = of("busybox-initramfs", "shell.startup");
    assert_eq!(busybox["shells"][0]["idle_seconds"], Value::Null);
}

#[test]
fn banners() {
    for (host, path, empty, reveals) in [
        ("debian12-default", "/etc/issue", false, true),
        ("debian12-weak", "/etc/issue", false, true),
        ("debian12-hardened", "/etc/issue", false, false),
        ("debian12-hardened", "/etc/issue.net", false, false),
        ("debian12-hardened", "/etc/motd", true, false),
        ("debian12-minbase", "/etc/issue", false, true),
    ] {
        let body = of(host, "login.banners");
        let banner = element(&body["files"], "path", path);
        assert_eq!(
            (&banner["empty"], &banner["reveals"]),
            (&json!(empty), &json!(reveals)),
            "{host}"
        );
    }
    let weak = of("debian12-weak", "login.banners");
    let issue = element(&weak["files"], "path", "/etc/issue");
    assert_eq!(
        texts(&issue["escapes"]),
        ["\\\\S{PRETTY_NAME}", "\\\\m", "\\\\r"].map(|e| e.replace("\\\\", "\\"))
    );
    let default = of("debian12-default", "login.banners");
    let net = element(&default["files"], "path", "/etc/issue.net");
    assert_eq!((&net["names"], &net["version"]), (&json!(["debian", "gnu/linux"]), &json!(true)));
    assert_eq!(of("busybox-initramfs", "login.banners")["files"], json!([]));
}

#[test]
fn last_logins() {
    // Nobody has logged in on the console of the recorded guests; the records are young.
    for (host, sources) in [
        ("debian12-default", json!(["lastlog", "wtmp"])),
        ("debian12-default-unprivileged", json!(["lastlog", "wtmp"])),
        ("debian12-weak", json!(["lastlog", "wtmp"])),
        ("debian12-hardened", json!(["lastlog", "wtmp"])),
    ] {
        let body = of(host, "logins.last");
        assert_eq!(body["sources"], sources, "{host}");
        let root = element(&body["accounts"], "name", "root");
        assert!(
            root["last_login_day"].is_null() && root["since_day"].as_i64() > Some(20_000),
            "{host}"
        );
        assert!(!column(&body["accounts"], "name").contains(&"daemon"), "{host}");
    }
    let body = of("login-seen", "logins.last");
    for (name, day) in
        [("root", Value::Null), ("opsadm", json!(20_782)), ("postgres", json!(20_782))]
    {
        assert_eq!(element(&body["accounts"], "name", name)["last_login_day"], day, "{name}");
    }
    let parsed = parse("logins.last", None, &recording("busybox-initramfs"));
    let missing = FailureCategory::ToolMissing;
    assert!(has_gap(&parsed.gaps, "accounts[].since_day", GapKind::Unknown, missing));
}

#[test]
fn histories_of_logins() {
    use super::support::frame;
    let records = "lastlog 292292 1700000000\nslot 292\naccount 0 root\ntime 0\naccount 1000 li\\x20wei\n\
        time 1790000000\naccount 5000 far\ndone\n";
    let wtmp =
        "wtmp begins Sun Nov 12 00:00:00 2023\nwtmp seen Wed Nov 25 23:59:59 2026 root\ndone\n";
    let of = |records: &str, wtmp: &str| {
        let frames: anji_evidence::Frames =
            [frame("logins.records", records.as_bytes()), frame("logins.wtmp", wtmp.as_bytes())]
                .into_iter()
                .collect();
        parse("logins.last", None, &frames)
    };
    let body = complete(&of(records, wtmp));
    for (name, day) in [("root", json!(20_782)), ("li wei", json!(20_717)), ("far", Value::Null)] {
        let account = element(&body["accounts"], "name", name);
        assert_eq!((&account["last_login_day"], &account["since_day"]), (&day, &json!(19_673)));
    }
    // A slot that should be there and did not come, and a file with slots of another size.
    for broken in [records.replace("time 0\n", ""), records.replace("292292", "292293")] {
        let parsed = of(&broken, wtmp);
        let unread = FailureCategory::Unparsable;
        assert!(has_gap(&parsed.gaps, "accounts[].last_login_day", GapKind::Unknown, unread));
    }
    let closed = records
        .replace("lastlog 292292 1700000000\nslot 292\n", "lastlog denied\n")
        .replace("time 0\n", "")
        .replace("time 1790000000\n", "");
    let parsed = of(&closed, wtmp);
    let closed = FailureCategory::Permission;
    assert!(has_gap(&parsed.gaps, "accounts[].last_login_day", GapKind::Unknown, closed));
}
