//! The captures of PAM's rules, in every shell there is, on hostile files and on
//! forms of other distributions.

use super::shells::{root_with, shells, text};
use super::support::{body, complete, element, has_gap, parse};
use anji_evidence::Frames;
use anji_model::{FailureCategory, GapKind};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;

const MODULES: [&str; 13] = [
    "deny",
    "env",
    "faildelay",
    "faillock",
    "localuser",
    "mysql",
    "permit",
    "pwquality",
    "radius_auth",
    "sss",
    "unix",
    "usertype",
    "exec",
];

fn root(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = root_with(files);
    let folder = root.path().join("usr/lib64/security");
    fs::create_dir_all(&folder).unwrap();
    for module in MODULES {
        fs::write(folder.join(format!("pam_{module}.so")), b"").unwrap();
    }
    root
}

fn service(frames: &Frames, name: &str) -> Value {
    element(&body(&parse("pam.services", None, frames))["services"], "name", name).clone()
}

#[test]
fn no_secret_of_an_argument_leaves_the_target() {
    let root = root(&[
        (
            "etc/pam.d/mail",
            b"auth required pam_mysql.so user=mail passwd=sEcReT1 crypt=1 sEcReT2\n\
              auth [success=1 \\\n default=ignore] pam_mysql.so [query=select sEcReT3 deny=5 ] nullok\n\
              -auth\trequired \\\n pam_exec.so \\\n  /bin/x sEcReT4 \\\n token=sEcReT5\n\
              # passwd=sEcReT6\nauth optional pam_unix.so nullok # sEcReT7\n\
              auth required pam_radius_auth.so secret=sEcReT8 \\\n x\nauth include mail2 sEcReT9\n",
        ),
        ("etc/pam.d/mail2", b"auth required pam_unix.so\r\n"),
        ("etc/security/pwquality.conf", b"# sEcReTa\nminlen = 9 # sEcReTb\n"),
    ]);
    for shell in shells() {
        let frames = shell.frames("pam.services", text(&root), &[]);
        let mut all = String::new();
        for frame in frames.iter() {
            all.push_str(&String::from_utf8_lossy(&frame.data));
            all.push_str(&String::from_utf8_lossy(&frame.diagnostics));
        }
        assert!(!all.contains("sEcReT"), "{}: {all}", shell.name());
        assert!(all.contains("[success=1 \\\n"), "{}: {all}", shell.name());
        let mail = service(&frames, "mail");
        let arguments: Vec<_> =
            mail["auth"].as_array().unwrap().iter().map(|rule| &rule["arguments"]).collect();
        assert_eq!(arguments[1], "? nullok", "{}", shell.name());
    }
}

/// What authselect writes on the Red Hat family.
const SYSTEM_AUTH: &[u8] = b"auth        required                                     pam_env.so
auth        required                                     pam_faildelay.so delay=2000000
auth        required                                     pam_faillock.so preauth silent
auth        [default=1 ignore=ignore success=ok]         pam_usertype.so isregular
auth        [default=1 ignore=ignore success=ok]         pam_localuser.so
auth        sufficient                                   pam_unix.so nullok
auth        [default=1 ignore=ignore success=ok]         pam_usertype.so isregular
auth        sufficient                                   pam_sss.so forward_pass
auth        required                                     pam_faillock.so authfail
auth        required                                     pam_deny.so
account     required                                     pam_faillock.so
account     required                                     pam_unix.so
password    requisite                                    pam_pwquality.so local_users_only
password    sufficient                                   pam_unix.so yescrypt shadow nullok use_authtok
password    [success=1 default=ignore]                   pam_localuser.so
password    sufficient                                   pam_sss.so use_authtok
password    required                                     pam_deny.so
";

#[test]
fn the_rules_of_the_red_hat_family_hold() {
    let root = root(&[
        ("etc/authselect/system-auth", SYSTEM_AUTH),
        ("etc/pam.d/passwd", b"auth include system-auth\npassword substack system-auth\n"),
        (
            "etc/pam.d/login",
            b"auth substack system-auth\nauth include postlogin\npassword include system-auth\n",
        ),
        ("etc/pam.d/postlogin", b"session optional pam_umask.so silent\n"),
        ("etc/pam.d/other", b"auth required pam_deny.so\npassword required pam_deny.so\n"),
        ("etc/pam.d/ftp", b"auth required pam_unix.so\n"),
        ("etc/security/pwquality.conf", b"minlen = 8\n"),
        ("etc/security/pwquality.conf.d/10.conf", b"minlen=14\nminclass = 4\n"),
        ("etc/security/faillock.conf", b"deny=4\n  unlock_time = never # locked\n"),
    ]);
    symlink("../authselect/system-auth", root.path().join("etc/pam.d/system-auth")).unwrap();
    for shell in shells() {
        let frames = shell.frames("pam.services", text(&root), &[]);
        complete(&parse("pam.services", None, &frames));
        let login = service(&frames, "login");
        let name = shell.name();
        assert_eq!(login["lockout_enforced"], true, "{name}");
        assert_eq!(login["lockouts"][0]["deny"], 4, "{name}");
        assert_eq!(login["lockouts"][0]["unlock_time"], 0, "{name}");
        assert_eq!(login["auth"][0]["control"], "substack", "{name}");
        assert_eq!(login["auth"][1]["level"], 1, "{name}");
        for passwd in ["login", "passwd"] {
            let quality = &service(&frames, passwd)["quality"][0];
            assert_eq!(quality["enforced"], true, "{name}");
            // The file has the last word over its snippets.
            assert_eq!(
                (&quality["minlen"], &quality["minclass"]),
                (&json!(8), &json!(4)),
                "{name}"
            );
            assert_eq!(quality["local_users_only"], true, "{name}");
        }
        assert_eq!(service(&frames, "other")["sets_passwords"], false, "{name}");
        let ftp = service(&frames, "ftp");
        assert_eq!(
            (&ftp["lockout_enforced"], &ftp["takes_passwords"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(ftp["password"][0]["module"], "pam_deny", "{name}");
    }
}

/// Stacks of pam_faillock, with what the real module did: whether the right
/// password was refused after four wrong ones (Debian 12, `deny=3`).
const LOCKS: [(&str, bool); 13] = [
    ("PRE UNIX(sufficient) FAIL", true),
    ("UNIX(sufficient) PRE FAIL", false),
    ("PRE UNIX(required)", false),
    ("UNIX(sufficient) FAIL", false),
    ("PRE UNIX([success=2 default=ignore]) DIE DENY SUCC PERMIT", true),
    ("UNIX([success=2 default=ignore]) DIE DENY SUCC PERMIT", true),
    ("UNIX([success=3 default=ignore]) DIE DENY SUCC PERMIT", false),
    ("PRE UNIX([success=1 default=ignore]) DENY SUCC PERMIT", false),
    ("PRE(optional) UNIX([success=2 default=ignore]) DIE DENY PERMIT", false),
    ("PRE UNIX([success=1 default=bad]) DIE SUCC(sufficient) DENY", true),
    ("UNIX([success=1 default=ignore]) DIE SUCC(sufficient) PERMIT", false),
    ("PRE UNIX(requisite) FAIL", false),
    ("PRE UNIX(required) FAIL", true),
];

/// The rules that a row of [`LOCKS`] stands for.
fn lock_rules(row: &str) -> String {
    let row = row.replace(" default", "~default");
    let rules = row.split(' ').map(|word| {
        let (name, control) = word.trim_end_matches(')').split_once('(').unwrap_or((word, ""));
        let (usual, module) = match name {
            "PRE" => ("required", "pam_faillock.so preauth"),
            "FAIL" => ("required", "pam_faillock.so authfail"),
            "DIE" => ("[default=die]", "pam_faillock.so authfail"),
            "SUCC" => ("required", "pam_faillock.so authsucc"),
            "UNIX" => ("required", "pam_unix.so"),
            "DENY" => ("requisite", "pam_deny.so"),
            "PERMIT" => ("required", "pam_permit.so"),
            other => panic!("{other}"),
        };
        let control = if control.is_empty() { usual } else { control };
        format!("auth {} {module}\n", control.replace('~', " "))
    });
    rules.collect()
}

#[test]
fn locks_hold_where_the_real_module_held() {
    let rules: Vec<_> = LOCKS.iter().map(|(row, _)| lock_rules(row)).collect();
    let names: Vec<_> = (0..LOCKS.len()).map(|at| format!("etc/pam.d/s{at}")).collect();
    let files = names.iter().map(String::as_str).zip(rules.iter().map(String::as_bytes));
    let root = root(&files.collect::<Vec<_>>());
    let shell = shells().into_iter().next().unwrap();
    let frames = shell.frames("pam.services", text(&root), &[]);
    for (at, (row, holds)) in LOCKS.iter().enumerate() {
        let found = service(&frames, &format!("s{at}"));
        assert_eq!(found["lockout_enforced"].as_bool(), Some(*holds), "{row}");
    }
}

/// Rules of pam_pwquality and pam_unix, with what the real modules did: whether a
/// weak password was kept out of the shadow file (Debian 12).
const QUALITY: [(&str, &str, Option<bool>); 7] = [
    ("requisite", "use_authtok", Some(true)),
    ("optional", "use_authtok", Some(true)),
    ("required", "use_authtok", Some(true)),
    ("optional", "", Some(false)),
    ("optional", "try_first_pass", Some(false)),
    ("required", "", Some(false)),
    // It was; but before Linux-PAM 1.3 pam_unix asked for another one.
    ("requisite", "", None),
];

#[test]
fn weak_passwords_are_refused_where_the_real_modules_refused() {
    let rules = |control: &str, argument: &str| {
        format!(
            "password {control} pam_pwquality.so\npassword [success=1 default=ignore] pam_unix.so \
             {argument}\npassword requisite pam_deny.so\npassword required pam_permit.so\n"
        )
    };
    let rules: Vec<_> = QUALITY.iter().map(|(control, word, _)| rules(control, word)).collect();
    let names: Vec<_> = (0..QUALITY.len()).map(|at| format!("etc/pam.d/s{at}")).collect();
    let files = names.iter().map(String::as_str).zip(rules.iter().map(String::as_bytes));
    let root = root(&files.collect::<Vec<_>>());
    let shell = shells().into_iter().next().unwrap();
    let frames = shell.frames("pam.services", text(&root), &[]);
    for (at, (control, word, refused)) in QUALITY.iter().enumerate() {
        let found = service(&frames, &format!("s{at}"));
        assert_eq!(found["quality"][0]["enforced"].as_bool(), *refused, "{control} {word}");
        assert_eq!(found["sets_passwords"], true, "{control} {word}");
    }
}

#[test]
fn other_forms_of_lock_and_factor() {
    let rows: [(&str, &str, Option<bool>); 5] = [
        // Whom pam_exec lets past is not known.
        (
            "auth [success=1 default=ignore] pam_exec.so\nauth required pam_faillock.so preauth\nauth sufficient pam_unix.so\nauth required pam_faillock.so authfail\n",
            "lockout_enforced",
            None,
        ),
        (
            "auth required pam_tally2.so deny=3\nauth required pam_unix.so\n",
            "lockout_enforced",
            Some(false),
        ),
        (
            "auth required pam_unix.so\nauth required pam_radius_auth.so\n",
            "second_factor_required",
            Some(true),
        ),
        (
            "auth required pam_unix.so\nauth required pam_radius_auth.so try_first_pass\n",
            "second_factor_required",
            Some(false),
        ),
        ("auth required pam_unix.so\nauth include nowhere\n", "takes_passwords", Some(false)),
    ];
    for (rules, field, expected) in rows {
        let root = root(&[("etc/pam.d/x", rules.as_bytes())]);
        let shell = shells().into_iter().next().unwrap();
        let frames = shell.frames("pam.services", text(&root), &[]);
        let found = &service(&frames, "x")[field];
        assert_eq!(found.as_bool(), expected, "{rules}");
    }
}

#[test]
fn what_cannot_be_read_is_not_known() {
    let root = root(&[
        ("etc/pam.d/a", b"auth required pam_unix.so\n"),
        ("etc/pam.d/b", b"auth include /opt/x\n"),
    ]);
    fs::create_dir(root.path().join("etc/pam.d/folder")).unwrap();
    symlink("loop", root.path().join("etc/pam.d/loop")).unwrap();
    fs::create_dir_all(root.path().join("etc/security/faillock.conf")).unwrap();
    fs::write(root.path().join("etc/pam.d/c"), "auth required pam_faillock.so\n").unwrap();
    for shell in shells() {
        let parsed = parse("pam.services", None, &shell.frames("pam.services", text(&root), &[]));
        let unsupported = FailureCategory::Unsupported;
        for (path, kind, category) in [
            ("services", GapKind::Partial, unsupported),
            ("services", GapKind::Partial, FailureCategory::CommandFailed),
            ("services[].lockouts[].deny", GapKind::Unknown, unsupported),
        ] {
            assert!(
                has_gap(&parsed.gaps, path, kind, category),
                "{}: {:?}",
                shell.name(),
                parsed.gaps
            );
        }
        let names: Vec<_> = super::support::column(&body(&parsed)["services"], "name")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(names, ["a", "c"], "{}", shell.name());
    }
}

#[test]
fn one_file_counts_where_there_is_no_folder() {
    let root = root(&[(
        "etc/pam.conf",
        b"login auth required pam_unix.so passwd=sEcReT\nOTHER auth required pam_deny.so\nlogin password include x\n",
    )]);
    for shell in shells() {
        let frames = shell.frames("pam.services", text(&root), &[]);
        assert!(!frames.iter().any(|frame| frame.data.windows(6).any(|w| w == b"sEcReT")));
        let login = service(&frames, "login");
        assert_eq!(login["auth"][0]["module"], "pam_unix", "{}", shell.name());
        assert_eq!(login["password"][0]["control"], "fails", "{}", shell.name());
        assert_eq!(service(&frames, "other")["auth"][0]["module"], "pam_deny");
    }
}

#[test]
fn stacks_made_to_take_for_ever_do_not() {
    use std::fmt::Write as _;
    let mut rules = "//D /etc/pam.d/*\n//- absent /usr/lib/pam.d/*\n//- absent /usr/etc/pam.d/*\n\
                     //- absent /etc/pam.conf\n"
        .to_owned();
    let modules = ["unix", "faillock", "pwquality", "oath", "exec", "unix", "x"];
    for service in 0..40 {
        writeln!(rules, "//F 81a4 0 0 1 /etc/pam.d/s{service}").unwrap();
        for line in 0..240 {
            let module = modules[line % modules.len()];
            let kind = if line % 2 == 0 { "auth" } else { "password" };
            let control = "[success=1 auth_err=2 ignore=3 user_unknown=reset default=ok]";
            writeln!(rules, " {kind} {control} pam_{module}.so").unwrap();
            if line % 40 == 0 {
                writeln!(rules, " {kind} substack s{}\n auth include s{service}", service + 1)
                    .unwrap();
            }
        }
        rules.push_str("//E 0\n");
    }
    let frame = |id: &str, data: &str| super::support::frame(id, data.as_bytes());
    let frames: Frames = [
        frame("pam.rules", &rules),
        frame("pam.settings", ""),
        frame(
            "pam.modules",
            "module pam_unix.so\nmodule pam_faillock.so\nmodule pam_exec.so\nend\n",
        ),
    ]
    .into_iter()
    .collect();
    let begun = std::time::Instant::now();
    let parsed = parse("pam.services", None, &frames);
    assert!(!parsed.gaps.is_empty() || parsed.body.is_none());
    let flat = rules.replace("substack", "optional").replace("include", "optional");
    let mut frames = frames;
    frames.insert(frame("pam.rules", &flat));
    let parsed = parse("pam.services", None, &frames);
    assert!(!parsed.gaps.is_empty());
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
