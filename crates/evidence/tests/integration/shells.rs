//! The capture bodies, run for real in every shell there is, with the tools of
//! GNU and of busybox, on hostile files.

use super::support::{
    absent, body, column, complete, element, failed, has_gap, parse, path, repository,
};
use anji_evidence::{Frame, Frames, SelectorKind, registry};
use anji_model::{FailureCategory, GapKind, Selector};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SYSTEM_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A shell with a search path: the system's tools, or busybox alone.
pub(super) struct Shell {
    words: Vec<String>,
    path: String,
    _tools: Option<tempfile::TempDir>,
}

pub(super) fn shells() -> Vec<Shell> {
    let there = |name: &str| {
        SYSTEM_PATH.split(':').map(|dir| Path::new(dir).join(name)).find(|path| path.exists())
    };
    let mut all = Vec::new();
    for (name, option) in [("dash", None), ("bash", Some("--posix")), ("busybox", Some("sh"))] {
        let program = there(name).unwrap_or_else(|| panic!("no {name}: apt-get install {name}"));
        let words = [Some(program.to_str().unwrap()), option];
        let words: Vec<_> = words.into_iter().flatten().map(str::to_owned).collect();
        all.push(Shell { words, path: SYSTEM_PATH.to_owned(), _tools: None });
    }
    if let Some(busybox) = there("busybox") {
        let tools = tempfile::tempdir().unwrap();
        for tool in [
            "awk", "cat", "cut", "wc", "find", "head", "id", "ls", "od", "readlink", "sed", "sh",
            "stat", "tr", "uname", "printf",
        ] {
            symlink(&busybox, tools.path().join(tool)).unwrap();
        }
        let words = vec![busybox.to_str().unwrap().to_owned(), "sh".to_owned()];
        let path = tools.path().to_str().unwrap().to_owned();
        all.push(Shell { words, path, _tools: Some(tools) });
    }
    let mawk = there("mawk").expect("no mawk: apt-get install mawk");
    let tools = tempfile::tempdir().unwrap();
    symlink(mawk, tools.path().join("awk")).unwrap();
    let path = format!("{}:{SYSTEM_PATH}", tools.path().display());
    all.push(Shell { words: vec!["/bin/sh".to_owned()], path, _tools: Some(tools) });
    all
}

impl Shell {
    pub(super) fn name(&self) -> String {
        format!("{} with {}", self.words.join(" "), self.path)
    }

    /// Runs one capture body, as the script would.
    pub(super) fn run(&self, id: &str, command: &str, root: &str) -> Frame {
        let helpers = repository().join("testdata/make/helpers.sh");
        let helpers = fs::read_to_string(helpers).unwrap();
        let dump = anji_evidence::shell::DUMP;
        let script = format!("{helpers}\n{dump}\nbody() {{\n{command}\n}}\nbody\n");
        let out = Command::new(&self.words[0])
            .args(&self.words[1..])
            .arg("-c")
            .arg(script)
            .env_clear()
            .envs([("PATH", self.path.as_str()), ("LC_ALL", "C"), ("R", root)])
            .current_dir("/")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let kept = out.stderr.len().saturating_sub(600);
        Frame {
            data: out.stdout,
            exit: out.status.code(),
            diagnostics: out.stderr[kept..].to_vec(),
            ..Frame::empty(id)
        }
    }

    /// Runs every capture of a type.
    pub(super) fn frames(&self, kind: &str, root: &str, selectors: &[Selector]) -> Frames {
        let kind = registry().iter().find(|k| k.name().as_str() == kind).unwrap();
        let captures = kind.captures(selectors).into_iter();
        captures.map(|capture| self.run(&capture.id, &capture.command, root)).collect()
    }
}

pub(super) fn root_with(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, data) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, data).unwrap();
    }
    root
}

pub(super) fn text(root: &tempfile::TempDir) -> &str {
    root.path().to_str().unwrap()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
}

const PASSWD: &[u8] = b"root:x:0:0:root:/root:/bin/bash\n\
    nologin:x:1:1::/:/usr/sbin/nologin\n\
    star:x:2:2::/:/bin/sh\nbang:x:3:3::/:/bin/sh\nbangbang:x:4:4::/:/bin/sh\n\
    bangstar:x:5:5::/:/bin/sh\nsun:x:6:6::/:/bin/sh\nshort:x:7:7::/:/bin/sh\n\
    des:x:8:8::/:/bin/sh\nempty:x:9:9::/:/bin/sh\nlost:x:10:10::/:/bin/sh\n\
    twice:x:11:11::/:/bin/sh\ntwice:x:12:12::/:/bin/sh\n\
    own:$6$owNsAlT$OwNhAsH0123456789:13:13::/:/bin/sh\nblank::14:14::/:/bin/sh\n\
    odd::0:0\nlong:x:15:15:g:/:/bin/sh:more:fields\n\
    # a comment:x:0:0\n\njunk\nbad:x:abc:0::/:/bin/sh\n\
    shifted:$1$sAlTsAlT$sHiFtEdHaSh:x:16:16::/\n\
    $6$alone$LoNeLyHaSh\nin:x:17:17:$6$geCos$GeCoShAsH:/:/bin/sh\n\
    crlf:x:18:18::/:/bin/sh\r\n+@net:$5$cOmPaT$CoMpAtHaSh:::::\n-out::::::\n\
    ~3 tilde:x:19:19::/:/bin/sh\nlast:x:20:20::/:/bin/\xe9";

const SHADOW: &[u8] = b"root:$y$j9T$rOoTsAlT$RoOtHaSh0123:20780:0:99999:7:::\n\
    nologin:*:20780::::::\nstar:*:20780::::::\nbang:!:20780::::::\nbangbang:!!:20780::::::\n\
    bangstar:!*:20780::::::\nsun:*LK*:20780::::::\nshort:abc:20780::::::\n\
    des:abJnggxhB/yWI:20780::::::\nempty::20780::::::\n\
    twice:!$6$tWiCe$TwIcEhAsH:20780::::::\ntwice::20780::::::\n\
    long:$sm3$sAlT$Sm3HaSh:20780:0:99999:7:30:20000:\n\
    own:*:1::::::\nstray:$2b$12$StRaYhAsH:20780::::::\ncrlf:!:20780::::::\r\n\
    $1$nAkEd$NaKeDhAsH\nlast:$7$CU..../....$ScRyPtHaSh:20780:-1:99999999999::::\n";

const SECRETS: [&str; 15] = [
    "sAlT",
    "HaSh",
    "owNsAlT",
    "OwNhAsH",
    "sHiFtEdHaSh",
    "LoNeLyHaSh",
    "GeCoShAsH",
    "CoMpAtHaSh",
    "RoOtHaSh",
    "TwIcE",
    "Sm3HaSh",
    "StRaYhAsH",
    "NaKeDhAsH",
    "ScRyPtHaSh",
    "abJnggxhB",
];

fn account_root() -> tempfile::TempDir {
    root_with(&[
        ("etc/passwd", PASSWD),
        ("etc/shadow", SHADOW),
        ("etc/group", b"root:x:0:\nwheel:$6$gRoUp$GrOuPhAsH:10:a, b,,a\n+:::\nbad:x\nno:x:n:\n"),
        ("etc/nsswitch.conf", b"hosts: dns\npasswd:  files [NOTFOUND=return] sss # ldap\n"),
    ])
}

#[test]
fn no_secret_leaves_the_target() {
    let root = account_root();
    for shell in shells() {
        let frames = shell.frames("accounts", text(&root), &[]);
        let parsed = parse("accounts", None, &frames);
        let mut all = parsed.body.clone().unwrap();
        for frame in frames.iter() {
            all.extend_from_slice(&frame.data);
            all.extend_from_slice(&frame.diagnostics);
        }
        let all = String::from_utf8_lossy(&all);
        for secret in SECRETS.iter().chain(&["GrOuPhAsH", "gRoUp"]) {
            assert!(!all.contains(secret), "{secret} in {}", shell.name());
        }
    }
}

#[test]
fn accounts_of_hostile_files() {
    let root = account_root();
    for shell in shells() {
        let name = shell.name();
        let parsed = parse("accounts", None, &shell.frames("accounts", text(&root), &[]));
        let body = body(&parsed);
        let users = &body["users"];
        let expected = [
            ("root", "set", Some("yescrypt")),
            ("nologin", "disabled", None),
            ("star", "disabled", None),
            ("bang", "disabled", None),
            ("bangbang", "disabled", None),
            ("bangstar", "disabled", None),
            ("sun", "disabled", None),
            ("short", "disabled", None),
            ("des", "set", Some("des")),
            ("empty", "empty", None),
            ("own", "set", Some("sha512")),
            ("blank", "empty", None),
            ("odd", "empty", None),
            ("long", "set", Some("sm3")),
            ("crlf", "disabled", None),
        ];
        for (user, state, scheme) in expected {
            let password = &element(users, "name", user)["password"];
            assert_eq!(password["state"], state, "{user} in {name}");
            assert_eq!(password["scheme"].as_str(), scheme, "{user} in {name}");
        }
        let twice: Vec<_> =
            users.as_array().unwrap().iter().filter(|u| u["name"] == "twice").collect();
        assert_eq!(twice.len(), 2, "{name}");
        assert!(twice.iter().all(|u| u["password"]["state"] == "locked"), "{name}");
        assert_eq!(element(users, "name", "odd")["uid"], 0, "{name}");
        assert_eq!(element(users, "name", "long")["shell"], "/bin/sh:more:fields", "{name}");
        assert_eq!(element(users, "name", "crlf")["shell"], "/bin/sh\\x0d", "{name}");
        assert_eq!(element(users, "name", "last")["shell"], "/bin/\\xe9", "{name}");
        assert_eq!(element(users, "name", "in")["gecos"], "?redacted", "{name}");
        assert!(column(users, "name").iter().all(|n| !n.contains("comment")), "{name}");
        let malformed = ["group:4", "group:5", "passwd:16", "passwd:17", "passwd:20", "passwd:21"];
        for line in malformed.iter().chain(&["passwd:22", "passwd:23", "shadow:17", "shadow:18"]) {
            let lines = super::support::texts(&body["malformed_lines"]);
            assert!(lines.contains(line), "{line} not in {lines:?}, {name}");
        }
        assert_eq!(
            body["compat_entries"],
            json!(["group:+", "passwd:+@net", "passwd:-out"]),
            "{name}"
        );
        assert_eq!(body["sources"], json!(["files", "sss"]), "{name}");
        assert_eq!(body["shadow_without_account"], json!(["stray"]), "{name}");
        assert_eq!(element(&body["groups"], "name", "wheel")["members"], json!(["a", "b"]));
        // Where a shadow line can be read in different ways, nobody is said to be
        // missing from it; a name that libraries would strip is no account.
        assert_eq!(element(users, "name", "lost")["password"], Value::Null, "{name}");
        assert!(!column(users, "name").iter().any(|n| n.contains("tilde")), "{name}");
        let unread = FailureCategory::Unparsable;
        for list in ["users", "groups"] {
            assert!(has_gap(&parsed.gaps, list, GapKind::Partial, unread), "{list} in {name}");
        }
        // The last shadow line has days that are none: its password is not known.
        assert_eq!(element(users, "name", "last")["password"], Value::Null, "{name}");
        assert!(has_gap(&parsed.gaps, "users[].password", GapKind::Unknown, unread), "{name}");
    }
}

#[test]
fn a_shadow_file_that_is_not_there_says_nothing_of_passwords() {
    let root = root_with(&[("etc/passwd", b"root:x:0:0::/root:/bin/sh\n")]);
    for shell in shells() {
        let parsed = parse("accounts", None, &shell.frames("accounts", text(&root), &[]));
        assert_eq!(body(&parsed)["users"][0]["password"], Value::Null, "{}", shell.name());
        let why = FailureCategory::Incomplete;
        assert!(has_gap(&parsed.gaps, "users[].password", GapKind::Unknown, why));
    }
}

/// Lines that C libraries read as an account with the number 0 or without a
/// password, and a strict reader does not: none of them may vanish.
#[test]
fn accounts_that_libraries_read_differently_leave_a_gap() {
    let passwd = |line: &str| format!("root:x:0:0::/root:/bin/sh\n{line}\n").into_bytes();
    let shadow = |lines: &str| format!("root:!:19000::::::\n{lines}\n").into_bytes();
    let evil = "evil:x:1001:1001::/home/evil:/bin/sh";
    let cases: [(&str, Vec<u8>, Vec<u8>, &str); 7] = [
        ("blank before the number", passwd("toor:x:\u{b}0:0::/:/bin/sh"), shadow(""), "users"),
        ("NUL in the number", passwd("toor:x:0:0\0:z:/:/bin/sh"), shadow(""), "users"),
        ("no number", passwd("t2:x::0::/:/bin/sh"), shadow(""), "users"),
        (
            "short line first",
            passwd(evil),
            shadow("evil:!x\nevil::19000:0:99999:7:::"),
            "users[].password",
        ),
        (
            "blank before the name",
            passwd(evil),
            shadow("\u{b}evil::19000:0:99999:7:::"),
            "users[].password",
        ),
        (
            "two hidden names",
            passwd("$a$:x:5:5::/:/bin/sh\n$b$:x:6:6::/:/bin/sh"),
            shadow("$a$:!:1::::::\n$b$::1::::::"),
            "users",
        ),
        ("held elsewhere", passwd("np:*NP*:7:7::/:/bin/sh"), shadow(""), "users"),
    ];
    for shell in shells() {
        for (what, passwd, shadow, path) in &cases {
            let root = root_with(&[
                ("etc/passwd", passwd),
                ("etc/shadow", shadow),
                ("etc/group", b"root:x:0:\n"),
            ]);
            let parsed = parse("accounts", None, &shell.frames("accounts", text(&root), &[]));
            let gap = parsed.gaps.iter().any(|gap| gap.path == *path);
            assert!(gap, "{what} leaves no gap in {}: {:?}", shell.name(), parsed.gaps);
        }
        let root = root_with(&[
            ("etc/passwd", b"evil:##evil:1001:1001::/home/evil:/bin/sh\n"),
            ("etc/shadow", b"evil::19000:0:99999:7:::\n"),
        ]);
        let parsed = parse("accounts", None, &shell.frames("accounts", text(&root), &[]));
        let users = &body(&parsed)["users"];
        assert_eq!(element(users, "name", "evil")["password"]["state"], "empty");
    }
}

#[test]
fn accounts_that_are_not_there() {
    let root = root_with(&[("etc/hostname", b"x\n")]);
    for shell in shells() {
        let frames = shell.frames("accounts", text(&root), &[]);
        assert!(absent(&parse("accounts", None, &frames)), "{}", shell.name());
    }
    let no_shadow = root_with(&[("etc/passwd", b"root:*:0:0:::\n")]);
    for shell in shells() {
        let parsed = parse("accounts", None, &shell.frames("accounts", text(&no_shadow), &[]));
        let body = complete(&parsed);
        assert_eq!(body["users"][0]["password"]["state"], "disabled", "{}", shell.name());
        assert_eq!(body["sources"], json!(["files"]));
    }
}

#[test]
fn releases_in_another_root_lack_the_kernel() {
    let root = root_with(&[(
        "usr/lib/os-release",
        b"ID=\"openEuler\"\nVERSION_ID='22.03'\nID_LIKE=\"b a\"",
    )]);
    for shell in shells() {
        let parsed = parse("os.release", None, &shell.frames("os.release", text(&root), &[]));
        assert!(has_gap(&parsed.gaps, "kernel", GapKind::Unknown, FailureCategory::NotLive));
        let body = body(&parsed);
        assert_eq!(body["product"], "openeuler 22.03", "{}", shell.name());
        assert_eq!(body["id_like"], json!(["a", "b"]));
        let live = parse("os.release", None, &shell.frames("os.release", "", &[]));
        assert_eq!(complete(&live)["kernel"]["sysname"], "Linux");
        for kind in ["sockets.listening", "sshd.effective"] {
            let parsed = parse(kind, None, &shell.frames(kind, text(&root), &[]));
            assert_eq!(failed(&parsed), FailureCategory::NotLive, "{kind} {}", shell.name());
        }
    }
}

#[test]
fn stat_of_hostile_names() {
    let names =
        ["etc/plain", "etc/a b", "etc/it's \"$HOME\" `id`", "etc/new\nline", "etc/-n", "etc/影像"];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"x"[..])).collect();
    let root = root_with(&files);
    fs::write(root.path().join("etc/passwd"), "me:x:0:0:::\n").unwrap();
    symlink("plain", root.path().join("etc/link")).unwrap();
    symlink("nowhere", root.path().join("etc/dangling")).unwrap();
    for name in names {
        fs::set_permissions(root.path().join(name), fs::Permissions::from_mode(0o4640)).unwrap();
    }
    let selectors: Vec<_> = names.iter().map(|name| path(&format!("/{name}"))).collect();
    let more = ["/etc/link", "/etc/dangling", "/etc/none", "/etc/plain/below", "/etc"].map(path);
    let all: Vec<_> = selectors.iter().chain(&more).cloned().collect();
    for shell in shells() {
        let frames = shell.frames("file.stat", text(&root), &all);
        let of = |selector| parse("file.stat", Some(selector), &frames);
        for (selector, name) in selectors.iter().zip(names) {
            let body = complete(&of(selector));
            assert_eq!(body["mode"], "4640", "{name:?} in {}", shell.name());
            let shown = anji_evidence::escape::escape(format!("/{name}").as_bytes());
            assert_eq!(body["path"], shown, "{}", shell.name());
        }
        assert_eq!(complete(&of(&more[0]))["kind"], "file");
        for missing in &more[1..4] {
            assert!(absent(&of(missing)), "{missing} in {}: {:?}", shell.name(), of(missing));
        }
        let etc = complete(&of(&more[4]));
        assert_eq!(etc["kind"], "directory");
        if is_root() {
            assert_eq!((&etc["owner"], &etc["group"]), (&json!("me"), &Value::Null));
        }
    }
}

#[test]
fn walks_of_hostile_trees() {
    let root = root_with(&[("bin/su", b"x"), ("tmp/plain", b"x")]);
    let at = |name: &[u8]| root.path().join(OsStr::from_bytes(name));
    let odd: [&[u8]; 5] = [
        b"a b",
        b"new\nline",
        b"//f4755 0 0 /forged".rsplit(|b| *b == b'/').next().unwrap(),
        b"\xe9\x1b[31m",
        b"q'\"\\",
    ];
    let set = |path: PathBuf, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for name in odd {
        fs::write(at(name), b"x").unwrap();
        set(at(name), 0o666);
    }
    set(at(b"bin/su"), 0o4755);
    fs::create_dir_all(at(b"x\n/f4755 0 0 /fake")).unwrap();
    fs::create_dir(at(b"open")).unwrap();
    fs::create_dir(at(b"sticky")).unwrap();
    set(at(b"open"), 0o777);
    set(at(b"sticky"), 0o1777);
    set(at(b"x\n/f4755 0 0 "), 0o777);
    for shell in shells() {
        let parsed = parse("file.walk", None, &shell.frames("file.walk", text(&root), &[]));
        let body = complete(&parsed);
        let mut expected = vec![
            "/a b",
            "/bin/su",
            "/forged",
            "/new\\nline",
            "/open",
            "/q'\"\\\\",
            "/x\\n/f4755 0 0 ",
            "/\\xe9\\x1b[31m",
        ];
        expected.sort_unstable();
        let paths = column(&body["entries"], "path");
        assert_eq!(paths, expected, "{}", shell.name());
        let su = element(&body["entries"], "path", "/bin/su");
        assert_eq!((&su["set_uid"], &su["mode"]), (&json!(true), &json!("4755")));
        assert_eq!(body["roots"], json!(["/"]));
    }
}

#[test]
fn listeners_of_this_machine_are_the_same_in_every_shell() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for shell in shells() {
        let parsed = parse("sockets.listening", None, &shell.frames("sockets.listening", "", &[]));
        let body = body(&parsed);
        let list = body["listeners"].as_array().unwrap();
        let own: Vec<_> = list.iter().filter(|l| l["port"] == port).collect();
        assert_eq!(own.len(), 1, "{}: {parsed:?}", shell.name());
        assert_eq!(own[0]["scope"], "loopback", "{}", shell.name());
        let entry = own[0]["entry"].as_str().unwrap_or_default();
        assert!(entry.starts_with(&format!("tcp 127.0.0.1:{port} ")), "{entry}, {}", shell.name());
    }
}

#[test]
fn every_body_is_read_by_every_shell() {
    let selectors = [path("/etc/it's")];
    for shell in shells() {
        for kind in registry() {
            let wanted = match kind.selector() {
                SelectorKind::None => &[][..],
                SelectorKind::Path => &selectors,
            };
            for capture in kind.captures(wanted) {
                let out = Command::new(&shell.words[0])
                    .args(&shell.words[1..])
                    .args(["-n", "-c", &format!("body() {{\n{}\n}}", capture.command)])
                    .output()
                    .unwrap();
                let said = String::from_utf8_lossy(&out.stderr);
                assert!(out.status.success(), "{}: {}: {said}", shell.name(), capture.id);
            }
        }
    }
}

/// The daemon's own answers for connections that meet each condition, next to
/// ours. Passed over where no daemon can be asked.
#[test]
fn match_blocks_agree_with_the_daemon() {
    let root = root_with(&[(
        "inc/n.txt",
        b"X11Forwarding no\nMatch Address 10.0.0.0/8\n MaxAuthTries 2\n",
    )]);
    let dir = text(&root);
    let key = format!("{dir}/key");
    let made =
        Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &key]).status();
    assert!(made.is_ok_and(|status| status.success()), "apt-get install openssh-client");
    let include =
        format!("MaxAuthTries 5\nMatch User a\nPermitRootLogin no\nInclude {dir}/inc/n.txt\n");
    fs::write(root.path().join("inc/a.conf"), include).unwrap();
    let config = format!(
        "HostKey {key}\nInclude {dir}/inc/*.conf\nPasswordAuthentication no\nX11Forwarding yes\n\
         Match User b\nPasswordAuthentication no\nAllowUsers b x*\nMatch all\n\
         PasswordAuthentication yes\nClientAliveInterval 2m\nAllowUsers e\nMatch User c\n\
         PasswordAuthentication no\nMaxAuthTries 9\n"
    );
    let file = format!("{dir}/sshd_config");
    fs::write(&file, config).unwrap();
    let ask = |connection: &[&str]| {
        let out = Command::new("/usr/sbin/sshd")
            .args(["-T", "-f", &file])
            .args(connection)
            .output()
            .ok()?;
        out.status.success().then_some(out.stdout)
    };
    let base = ask(&[])
        .expect("sshd -T answers: apt-get install openssh-server && mkdir -p -m 755 /run/sshd");
    for shell in shells() {
        let kind = registry().iter().find(|k| k.name().as_str() == "sshd.effective").unwrap();
        let capture = kind.captures(&[]).into_iter().find(|c| c.id == "sshd.config").unwrap();
        let command = capture.command.replace("/etc/ssh/sshd_config", &file);
        let frame = shell.run(&capture.id, &command, "");
        let with = |settings: &[u8], config: Frame| -> Frames {
            let settings = super::support::frame("sshd.settings", settings);
            [settings, config, super::support::frame("sshd.presence", b"")].into_iter().collect()
        };
        let ours = body(&parse("sshd.effective", None, &with(&base, frame)));
        let empty = super::support::frame("sshd.config", b"> /none\n<\n");
        for (condition, user, address) in [
            ("base", "z", "1.1.1.1"),
            ("User a", "a", "1.1.1.1"),
            ("User a and Match Address 10.0.0.0/8", "a", "10.1.1.1"),
            ("User b", "b", "1.1.1.1"),
            ("User c", "c", "1.1.1.1"),
        ] {
            let spec = format!("user={user},host=h,addr={address},laddr=1.2.3.4,lport=22");
            let theirs = ask(&["-C", &spec]).unwrap();
            let theirs = body(&parse("sshd.effective", None, &with(&theirs, empty.clone())));
            let mut expected = element(&theirs["contexts"], "condition", "base").clone();
            expected["condition"] = json!(condition);
            let met = element(&ours["contexts"], "condition", condition);
            assert_eq!(*met, expected, "{condition} in {}", shell.name());
        }
    }
}
