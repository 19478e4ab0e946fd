//! The captures of periodic jobs and of users' key files in every shell, on
//! hostile files.

use super::shells::{root_with, shells, text};
use super::support::{body, column, element, parse, texts};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

/// The body of a type as each shell captures it in a root: always the same, and
/// nowhere one of the secrets.
fn in_every_shell(kind: &str, root: &tempfile::TempDir, secrets: &[&str]) -> Value {
    let mut first: Option<Value> = None;
    for shell in shells() {
        let frames = shell.frames(kind, text(root), &[]);
        let parsed = parse(kind, None, &frames);
        for frame in frames.iter() {
            let all = [frame.data.as_slice(), &frame.diagnostics].concat();
            let all = String::from_utf8_lossy(&all);
            for secret in secrets {
                assert!(!all.contains(secret), "{secret} in {}: {all}", shell.name());
            }
        }
        let met = json!({"body": body(&parsed), "gaps": format!("{:?}", parsed.gaps)});
        match &first {
            None => first = Some(met),
            Some(first) => assert_eq!(first, &met, "{}", shell.name()),
        }
    }
    first.unwrap()
}

const TABLE: &[u8] = b"# hunter0\nMAILTO=\"hunter1\"\n PW = hunter2\n'A B'=hunter3\n\
    0 2 * * 1-5 root PW=hunter4 B='x hunter5' C=\"y hunter5\"  /opt/a --password=hunter6\n\
    -*/15 * * jan-Mar SUN,mon root cd / && /opt/b hunter7\n\
    @reboot root \"/opt/my app/c\" hunter8\n\
    @hourly root X=$(hunter9) /opt/d\n\
    */5 * * * * mysql -phunterA\n\
    5 4 * * root hunterB hunterC\n\
    my password is hunterD so there it is\n\
    @hunterE root /opt/e\n\
    1 1 1 1 1 root /opt/$(id)`id`%hunterF\n\
    2 2 2 2 2 root [ -x /opt/f ] || hunterG\n\
    3 3 3 3 3 root /opt/\xe5\xa4\x87\xe4\xbb\xbd.sh\thunterH\n\
    4 4 4 4 4 root $HOME/bin/g;hunterI\n\
    5 5 5 5 5 root 'sh -c hunterJ'\n\
    //E 0\n\
    6 6 6 6 6 root /opt/\x1b[31m\xff\r\n";

#[test]
fn jobs_tell_no_argument() {
    let long = [&b"7 7 7 7 7 root /opt/long "[..], &vec![b'k'; 1 << 20]].concat();
    let root = root_with(&[
        ("etc/crontab", TABLE),
        ("etc/cron.d/x $(touch y)`id`", b"@daily li /opt/odd hunterK"),
        ("etc/cron.d/long", &long),
        ("etc/anacrontab", b"START_HOURS_RANGE=3-22\n1 5 cron.daily nice run-parts /etc/cron.daily\n@monthly 45 m /opt/m hunterL\nx y z hunterM\n"),
        ("var/spool/cron/crontabs/root", b"* * * * * /usr/bin/psql postgres://u:hunterN@db\n@weekly https://u:hunterO@h/\n"),
        ("etc/cron.allow", b"root\n\n# x\nhunterP hunterQ\n"),
        ("etc/cron.daily/run $(touch y)", b"hunterR"),
    ]);
    let odd =
        root.path().join("etc/cron.daily").join(OsStr::from_bytes(b"a\nf 81a4 0 0 daily \xe9"));
    fs::write(odd, b"x").unwrap();
    let met = in_every_shell("cron.jobs", &root, &["hunter", "kkkkkk"]);
    let body = &met["body"];
    let jobs: Vec<_> = column(&body["jobs"], "entry");
    assert_eq!(
        jobs,
        [
            "/etc/anacrontab root 1 5 nice",
            "/etc/anacrontab root @monthly 45 /opt/m",
            "/etc/cron.d/long root 7 7 7 7 7 /opt/long",
            "/etc/cron.d/x $(touch y)`id` li @daily /opt/odd",
            "/etc/crontab mysql */5 * * * * ?",
            "/etc/crontab root -*/15 * * jan-Mar SUN,mon cd",
            "/etc/crontab root 0 2 * * 1-5 /opt/a",
            "/etc/crontab root 1 1 1 1 1 ?",
            "/etc/crontab root 2 2 2 2 2 [",
            "/etc/crontab root 3 3 3 3 3 /opt/\u{5907}\u{4efd}.sh",
            "/etc/crontab root 4 4 4 4 4 $HOME/bin/g",
            "/etc/crontab root 5 5 5 5 5 ?",
            "/etc/crontab root 6 6 6 6 6 /opt/\\x1b[31m\\xff",
            "/etc/crontab root @hourly ?",
            "/etc/crontab root @reboot /opt/my app/c",
            "/var/spool/cron/crontabs/root root * * * * * /usr/bin/psql",
            "/var/spool/cron/crontabs/root root @weekly ?",
        ]
    );
    assert_eq!(
        texts(&body["variables"]),
        [
            "/etc/anacrontab START_HOURS_RANGE",
            "/etc/crontab AB",
            "/etc/crontab MAILTO",
            "/etc/crontab PW"
        ]
    );
    assert_eq!(
        texts(&body["malformed"]),
        [
            "/etc/anacrontab:4",
            "/etc/cron.allow:4",
            "/etc/crontab:10",
            "/etc/crontab:11",
            "/etc/crontab:12",
            "/etc/crontab:18"
        ]
    );
    assert_eq!((&body["allow"], &body["deny"]), (&json!(["root"]), &Value::Null));
    let daily: Vec<_> =
        body["files"].as_array().unwrap().iter().filter(|f| f["kind"] == "daily").collect();
    assert_eq!(daily.len(), 2, "{daily:?}");
    assert_eq!(daily[0]["path"], "/etc/cron.daily/a\\nf 81a4 0 0 daily \\xe9");
    assert!(!root.path().join("y").exists());
}

const PASSWD: &[u8] =
    b"root:x:0:0:root:/root:/bin/sh\nli:x:1000:1000::/home/li $(touch y):/bin/sh\n\
    none:x:9:9::/nonexistent:/bin/false\nw:x:1001:1001::/home/w//:/bin/sh\n+::::::\nbad\n";

#[test]
fn key_files_tell_no_key() {
    let li = "home/li $(touch y)";
    let name = |file: &str| format!("{li}/.ssh/{file}");
    let none = b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAhunter\n" as &[u8];
    let aes = b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXhunter\n";
    let keys = b"# hunter\nssh-ed25519 AAAAhunter li@hunter\n\n\
        from=\"10.0.0.0/8,!10.1.1.1\",command=\"/opt/x --pw=\\\"hunter\\\" a,b\",no-pty ssh-rsa AAAAhunter x\n\
        no-pty,hunter=\"x\" ecdsa-sha2-nistp256 AAAAhunter\nssh-ed25519 AAAAhunter\n1024 35 hunter\nhunter hunter\n\
        restrict sk-ssh-ed25519@openssh.com AAAAhunter";
    let root = root_with(&[
        ("etc/passwd", PASSWD),
        ("etc/hosts.equiv", b"+ hunter\n"),
        ("root/.rhosts", b"+ +\n"),
        ("home/w/.netrc", b"machine a login b password hunter\n"),
        ("home/w/.shosts", b"a\n"),
        (&name("authorized_keys"), keys),
        (&name("config"), b"Host *\n"),
        (&name("known_hosts"), b"hunter\n"),
        (&name("id_none"), none),
        (&name("id_none.pub"), b"ssh-rsa AAAAhunter\n"),
        (&name("work $(id)"), aes),
        (
            &name("old"),
            b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: hunter\n",
        ),
        (&name("pem"), b"-----BEGIN EC PRIVATE KEY-----\nAAAAhunter\n"),
        (&name("pk8"), b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nhunter\n"),
        (&name("putty"), b"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nhunter\n"),
        (&name("id_empty"), b""),
        (&name("notes"), b"hunter\n"),
    ]);
    let odd = root.path().join(name("")).join(OsStr::from_bytes(b"k\nend\n\xe9"));
    fs::write(odd, none).unwrap();
    let netrc = root.path().join("home/w/.netrc");
    fs::set_permissions(netrc, fs::Permissions::from_mode(0o644)).unwrap();
    let met = in_every_shell("ssh.user_files", &root, &["hunter"]);
    let body = &met["body"];
    let at = |file: &str| format!("/{}", name(file));
    for (file, encrypted) in [
        ("id_none", json!(false)),
        ("work $(id)", json!(true)),
        ("old", json!(true)),
        ("pem", json!(false)),
        ("pk8", json!(true)),
        ("putty", json!(false)),
        ("id_empty", Value::Null),
        ("k\\nend\\n\\xe9", json!(false)),
    ] {
        let key = element(&body["private_keys"], "path", &at(file));
        assert_eq!((&key["encrypted"], &key["accounts"]), (&encrypted, &json!(["li"])), "{file}");
    }
    assert_eq!(body["private_keys"].as_array().unwrap().len(), 8);
    let keys: Vec<_> = body["authorized_keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| json!([key["key_type"], key["options"], key["restricted"], key["count"]]))
        .collect();
    assert_eq!(
        json!(keys),
        json!([
            ["ecdsa-sha2-nistp256", ["?", "no-pty"], false, 1],
            ["other", [], false, 2],
            ["sk-ssh-ed25519@openssh.com", ["restrict"], false, 1],
            ["ssh-ed25519", [], false, 2],
            ["ssh-rsa", ["command", "from", "no-pty"], true, 1],
        ])
    );
    let netrc = element(&body["files"], "path", "/home/w/.netrc");
    assert_eq!((&netrc["mode"], &netrc["kind"]), (&json!("0644"), &json!("netrc")));
    assert_eq!(element(&body["files"], "kind", "rhosts")["accounts"], json!(["root"]));
    assert_eq!(element(&body["files"], "kind", "hosts_equiv")["accounts"], json!([]));
    assert_eq!(element(&body["files"], "kind", "ssh_folder")["path"], format!("/{li}/.ssh"));
    assert!(!root.path().join("y").exists());
}
