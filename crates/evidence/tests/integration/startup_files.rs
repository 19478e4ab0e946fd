//! What start files come to, against what a real bash makes of them.

use super::shells::{root_with, shells, text};
use super::support::{body, element, parse};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// A small generator of numbers: the same files in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const SIMPLE: [&str; 38] = [
    "TMOUT=600",
    "TMOUT=0",
    "TMOUT=\"120\"",
    "TMOUT='900'",
    "export TMOUT",
    "readonly TMOUT",
    "readonly TMOUT=900",
    "export TMOUT=300",
    "typeset -r TMOUT=450",
    "declare -xr TMOUT=500",
    "declare -x TMOUT",
    "unset TMOUT",
    "TMOUT=$X",
    "TMOUT=700 true",
    "umask 027",
    "umask 0022",
    "echo \"TMOUT=5\" >/dev/null",
    "echo 'TMOUT=6 # \"' TMOUT=7 >/dev/null 2>&1",
    ": <<EOF\nTMOUT=8\numask 077\nEOF",
    ": <<-'END' # TMOUT=9\n\tTMOUT=10\n\tEND",
    "true # TMOUT=11",
    "( TMOUT=12; umask 011 )",
    "TMOUT=13 | cat",
    "f() { TMOUT=14; umask 033; }",
    "function g { TMOUT=15; }",
    "export A=b TMOUT=800 C=d",
    "a=(1 2 'TMOUT=16')",
    "x=$(echo 'a)b' \"$(echo 1)\")",
    "x=`echo \\`echo 2\\``",
    "true; TMOUT=650; true",
    "true & wait",
    "A=1 B=2 TMOUT=550",
    "test -n \"$TMOUT\" || true",
    "[ 1 -lt \"${TMOUT:-5}\" ] && true",
    "x=\"${x:-{}\"\nx='\nTMOUT=17\n'",
    "true \\\n TMOUT=18",
    "TMOUT=\\\n400",
    "case x in x) ;; esac",
];

const AROUND: [(&str, &str); 22] = [
    ("if true; then\n", "\nfi"),
    ("if false; then\n", "\nfi"),
    ("if false; then :; else\n", "\nfi"),
    ("if false\nthen true\nelif true; then\n", "\nelse true; fi"),
    ("if [ \"$PS1\" ]; then\n", "\nfi"),
    ("if [ -z \"$PS1\" ]; then\n", "\nfi"),
    ("if [ -z \"$PS1\" ]; then true; else\n", "\nfi"),
    ("if [[ $- == *i* ]]; then ", "\nfi"),
    ("[ -n \"$PS1\" ] && { ", "\n}"),
    ("[ -z \"${PS1-}\" ] || { ", "\n}"),
    ("[ -z \"$PS1\" ] && { ", "\n}"),
    ("case $- in\n*i*) ", "\n;;\nesac"),
    ("case $- in *i*) true;; *) ", "\n;; esac"),
    ("case \"$X\" in (a|b) true;; *)", "\nesac"),
    ("for i in 1 2; do\n", "\ndone"),
    ("while false; do\n", "\ndone"),
    ("until true\ndo ", "\ndone"),
    ("{ ", "\n}"),
    ("true && { ", "\n}"),
    ("false && { ", "\n}"),
    ("false || { ", "\n}"),
    ("! true || { ", "\n}"),
];

fn block(dice: &mut Dice, depth: usize) -> String {
    let mut text = String::new();
    for _ in 0..=dice.below(4) {
        match dice.below(7) {
            0 | 1 if depth > 0 => {
                let (open, close) = AROUND[dice.below(AROUND.len())];
                let inner = block(dice, depth - 1);
                writeln!(text, "{open}{inner}{close}").unwrap();
            }
            2 if dice.below(4) == 0 => {
                let end = [
                    "[ -z \"$PS1\" ] && return",
                    "[ -n \"$X\" ] && return",
                    "return",
                    "true || return",
                ];
                writeln!(text, "{}", dice.one(&end)).unwrap();
            }
            _ => writeln!(text, "{}", dice.one(&SIMPLE)).unwrap(),
        }
    }
    text.trim_end_matches('\n').to_owned()
}

/// What an interactive bash has after reading the file: the limit, whether it is
/// read-only and exported, and the mask.
fn bash(profile: &str) -> [String; 4] {
    let mut child = Command::new("bash")
        .args(["--norc", "--noprofile", "-i"])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let script = format!(
        "umask 0007\n. {profile}\n\nunset -f echo umask\n\
         echo \"RESULT ${{TMOUT-none}} $(declare -p TMOUT 2>/dev/null | cut -d ' ' -f 2) $(umask)\"\nexit\n"
    );
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    let out = String::from_utf8_lossy(&out.stdout).into_owned();
    let line = out
        .lines()
        .find_map(|line| line.split("RESULT ").nth(1))
        .unwrap_or_else(|| panic!("{out}"));
    let mut words: Vec<&str> = line.split(' ').collect();
    let mask = words.pop().unwrap().to_owned();
    let flags = words.pop().unwrap_or_default();
    let value = if words == [""] { "0" } else { words[0] };
    // bash starts with neither.
    let mask = if mask == "0007" { "none".to_owned() } else { mask };
    [value.to_owned(), flags.contains('r').to_string(), flags.contains('x').to_string(), mask]
}

#[test]
fn sessions_are_those_of_a_real_bash() {
    let mut dice = Dice(11);
    let dash = shells().into_iter().next().unwrap();
    let mut known = [0; 4];
    for _ in 0..150 {
        let profile = block(&mut dice, 3);
        let root = root_with(&[
            ("etc/profile", profile.as_bytes()),
            ("etc/passwd", b"root:x:0:0::/root:/bin/bash\n"),
            ("bin/bash", b""),
        ]);
        let path = root.path().join("etc/profile");
        let real = bash(path.to_str().unwrap());
        let parsed = parse("shell.startup", None, &dash.frames("shell.startup", text(&root), &[]));
        let body = body(&parsed);
        let shell = &body["shells"][0];
        let unknown =
            |field: &str| parsed.gaps.iter().any(|gap| gap.path == format!("shells[].{field}"));
        if shell["idle_seconds"].is_null() && !unknown("idle_seconds") {
            assert_eq!(real[0], "none", "{profile}");
        }
        for (index, field) in ["idle_seconds", "readonly", "exported", "umask"].iter().enumerate() {
            let without = shell["idle_seconds"].is_null() && (index == 1 || index == 2);
            if unknown(field) || without {
                continue;
            }
            known[index] += 1;
            let ours = match &shell[*field] {
                Value::Null => "none".to_owned(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(ours, real[index], "{field} of\n{profile}\n{body:#}");
        }
    }
    assert!(known.iter().all(|count| *count > 20), "{known:?}");
}

/// The start files of Red Hat Enterprise Linux 8 in their structure.
const RHEL: [(&str, &str); 2] = [
    (
        "etc/profile",
        "pathmunge () {\n    case \":${PATH}:\" in\n        *:\"$1\":*)\n            ;;\n        *)\n\
         if [ \"$2\" = \"after\" ] ; then PATH=$PATH:$1; else PATH=$1:$PATH; fi\n    esac\n}\n\
         if [ -x /usr/bin/id ]; then\n    if [ -z \"$EUID\" ]; then EUID=`/usr/bin/id -u`; fi\nfi\n\
         if [ $UID -gt 199 ] && [ \"`/usr/bin/id -gn`\" = \"`/usr/bin/id -un`\" ]; then\n    umask 002\nelse\n    umask 022\nfi\n\
         for i in /etc/profile.d/*.sh /etc/profile.d/sh.local ; do\n    if [ -r \"$i\" ]; then\n\
         if [ \"${-#*i}\" != \"$-\" ]; then \n            . \"$i\"\n        else\n            . \"$i\" >/dev/null\n        fi\n    fi\ndone\n\
         unset i\nif [ -n \"${BASH_VERSION-}\" ] ; then\n        if [ -f /etc/bashrc ] ; then\n                . /etc/bashrc\n        fi\nfi\n",
    ),
    (
        "etc/bashrc",
        "if [ \"$PS1\" ]; then\n  [ \"$TERM\" ] && shopt -s checkwinsize\nfi\nif ! shopt -q login_shell ; then\n umask 022\nfi\n",
    ),
];

fn of_files(files: &[(&str, &str)], shell: &str) -> Value {
    let passwd = format!("root:x:0:0::/root:{shell}\nlp:x:1:1::/:/usr/sbin/nologin\n");
    let mut all: Vec<(&str, &[u8])> = files.iter().map(|(p, t)| (*p, t.as_bytes())).collect();
    all.extend([
        ("etc/passwd", passwd.as_bytes()),
        ("bin/bash", b"".as_slice()),
        ("bin/dash", b"".as_slice()),
        ("bin/tcsh", b"".as_slice()),
        ("usr/sbin/nologin", b"".as_slice()),
    ]);
    let root = root_with(&all);
    let mut bodies = Vec::new();
    for shell in shells() {
        let parsed = parse("shell.startup", None, &shell.frames("shell.startup", text(&root), &[]));
        let mut value = body(&parsed);
        let gaps: Vec<_> = parsed.gaps.iter().map(|gap| gap.path.clone()).collect();
        value["gaps"] = gaps.into();
        bodies.push((shell.name(), value));
    }
    for (name, body) in &bodies {
        assert_eq!(body, &bodies[0].1, "{name}");
    }
    let body = bodies.remove(0).1;
    let mut shell = element(&body["shells"], "path", shell).clone();
    shell["gaps"] = body["gaps"].clone();
    shell
}

#[test]
fn limits_of_common_systems() {
    let rows: [(&str, &str, Value, Value); 8] = [
        ("readonly TMOUT=600 ; export TMOUT", "/bin/bash", json!(600), json!(true)),
        ("TMOUT=600\nexport TMOUT\nreadonly TMOUT\n", "/bin/bash", json!(600), json!(true)),
        ("export TMOUT=300", "/bin/bash", json!(300), json!(false)),
        ("typeset -xr TMOUT=900", "/bin/bash", json!(900), json!(true)),
        ("TMOUT=600", "/bin/dash", Value::Null, Value::Null),
        ("# TMOUT=600", "/bin/bash", Value::Null, Value::Null),
        ("if [ $UID -ne 0 ]; then TMOUT=600; fi", "/bin/bash", Value::Null, json!(false)),
        ("readonly TMOUT=600\nTMOUT=0", "/bin/bash", json!(600), json!(true)),
    ];
    for (text, shell, seconds, readonly) in rows {
        let files = [RHEL[0], RHEL[1], ("etc/profile.d/tmout.sh", text)];
        let shell = of_files(&files, shell);
        assert_eq!((&shell["idle_seconds"], &shell["readonly"]), (&seconds, &readonly), "{text}");
        let unknown = shell["gaps"].as_array().unwrap().contains(&json!("shells[].idle_seconds"));
        assert_eq!(unknown, text.contains("UID"), "{text}");
        // `002` or `022`, by the account.
        assert_eq!(shell["umask"], Value::Null, "{text}");
    }
    // A folder that no profile reads sets nothing.
    let alone = [("etc/profile", "umask 027\n"), ("etc/profile.d/t.sh", "readonly TMOUT=600\n")];
    let shell = of_files(&alone, "/bin/bash");
    assert_eq!((&shell["idle_seconds"], &shell["umask"]), (&Value::Null, &json!("0027")));
    let csh = [(
        "etc/csh.cshrc",
        "if ($?prompt) then\n set x=1\nendif\nset -r autologout = 10\numask 027\n",
    )];
    let shell = of_files(&csh, "/bin/tcsh");
    assert_eq!((&shell["idle_seconds"], &shell["readonly"]), (&json!(600), &json!(true)));
    let environment = [("etc/environment", "TMOUT=\"600\"\n"), ("etc/profile", "readonly TMOUT\n")];
    let shell = of_files(&environment, "/bin/bash");
    assert_eq!((&shell["idle_seconds"], &shell["readonly"]), (&json!(600), &json!(true)));
}

#[test]
fn secrets_of_start_files_stay_on_the_target() {
    let profile = "export DB_PW='S3cret-One' TMOUT=600\nmysql -pS3cretTwo <<EOF\nS3cretThree\nEOF\n\
        TMOUT=600 # S3cretFour 密码Five\ncurl http://u:S3cret5ix@host/\numask 027; P=S3cretSeven9\n\
        readonly TMOUT=S3cretEight\n";
    let root = root_with(&[
        ("etc/profile", profile.as_bytes()),
        ("root/.bashrc", b"export TOKEN=S3cretNine\n"),
        ("etc/environment", b"http_proxy=http://u:S3cretTen@proxy\nTMOUT=60\n"),
        ("etc/passwd", b"root:x:0:0::/root:/bin/bash\n"),
    ]);
    for shell in shells() {
        for frame in shell.frames("shell.startup", text(&root), &[]).iter() {
            let said = String::from_utf8_lossy(&frame.data).into_owned();
            for secret in ["S3cret", "One", "Two", "Five", "密码", "Seven", "Nine", "Ten"] {
                assert!(!said.contains(secret), "{secret} in {}: {said}", shell.name());
            }
        }
    }
}
