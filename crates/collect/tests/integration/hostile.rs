//! Hostile selectors, file names, environments and streams: a canary shows
//! whether any of them ever ran.

use crate::support::{capture, collect_over, key, nonce, plan, plan_for, run, shells};
use anji_collect::render_script;
use anji_evidence::escape::{escape, unescape};
use anji_evidence::{Frames, read_bundle};
use anji_model::EvidenceStatus;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// File names that would run something if they were ever read as shell text.
fn names(canary: &Path) -> Vec<String> {
    let touch = format!("touch {}", canary.display()).replace('/', "${PWD%%[!/]*}");
    let touch = touch.replace("${PWD%%[!/]*}", "$(printf '\\057')");
    vec![
        format!("a$({touch})"),
        format!("a`{touch}`"),
        format!("a'; {touch}; '"),
        format!("a\"; {touch}; \""),
        format!("a\n{touch}\n"),
        format!("a' \"$({touch})\" '"),
        "-rf".to_owned(),
        "--help".to_owned(),
        " blank end ".to_owned(),
        "tab\there".to_owned(),
        "new\nline".to_owned(),
        "back\\slash\\n\\x41".to_owned(),
        "\x1b[31mred\x07".to_owned(),
        "*?[a]{b,c}~".to_owned(),
        "\u{202e}gnp.\u{5f71}\u{50cf}".to_owned(),
        "$R${IFS}$0#!&|<>()".to_owned(),
        "#anji x end captures=0".to_owned(),
    ]
}

#[test]
fn hostile_selectors_and_names_stay_data() {
    let folder = tempfile::tempdir().expect("folder");
    let canary = folder.path().join("canary");
    let names = names(&canary);
    let mut keys = Vec::new();
    for name in &names {
        std::fs::write(folder.path().join(name), "x").expect("file");
        let path = format!("{}/{name}", folder.path().display());
        keys.push(key("file.stat", Some(&path)));
        keys.push(key("file.stat", Some(&format!("{path}.absent"))));
    }
    for (shell_name, shell) in shells() {
        let collected = collect_over(&shell, &plan_for(&keys, None));
        for key in &keys {
            let record = &collected.snapshot.records[key];
            let absent = key.to_string().ends_with(".absent]");
            match (&record.status, absent) {
                (EvidenceStatus::Absent { .. }, true) => {}
                (EvidenceStatus::Collected, false) => {
                    let body = &collected.snapshot.bodies[&record.body.expect("body")];
                    assert!(String::from_utf8_lossy(body).contains("\"kind\":\"file\""), "{key}");
                }
                other => panic!("{shell_name} {key}: {other:?}"),
            }
        }
        assert!(!canary.exists(), "{shell_name}: the canary was touched");
    }
}

#[test]
fn names_are_escaped_without_loss() {
    let folder = tempfile::tempdir().expect("folder");
    let canary = folder.path().join("canary");
    let mut names: Vec<Vec<u8>> = names(&canary).into_iter().map(String::into_bytes).collect();
    names.push(b"latin-\xe9".to_vec());
    names.push(b"\x81\x82\x88\xff\xfe".to_vec());
    names.push((1..=255).filter(|byte| *byte != b'/').collect::<Vec<u8>>()[..200].to_vec());
    names.push((100..=255).collect());
    for name in &names {
        std::fs::write(folder.path().join(OsStr::from_bytes(name)), "x").expect("file");
    }
    let list = format!("cd {} && for n in * .*; do anji_esc \"$n\"; done", folder.path().display());
    for (shell_name, shell) in shells() {
        let ran = run(&shell, &plan(vec![capture("a.names", &list)]));
        let frames = ran.frames();
        let data = &frames.get("a.names").expect("frame").data;
        let lines: Vec<&[u8]> = data.split(|&b| b == b'\n').collect();
        for name in &names {
            let found = lines.iter().filter(|line| unescape(line).as_deref() == Some(name)).count();
            assert_eq!(found, 1, "{shell_name} {}", escape(name));
        }
        assert!(data.iter().all(|byte| (32..127).contains(byte) || *byte == b'\n'));
        assert!(!canary.exists(), "{shell_name}: the canary was touched");
    }
}

/// The printed script, run by hand in a shell with this environment.
fn by_hand(
    program: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
    script: &Path,
) -> (String, Vec<u8>, Vec<u8>) {
    let nonce = nonce();
    let output = Command::new(program)
        .args(arguments)
        .arg(script)
        .arg(&nonce)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("shell starts");
    (nonce, output.stdout, output.stderr)
}

fn frames(nonce: &str, bytes: &[u8]) -> Frames {
    read_bundle(nonce, bytes).expect("a stream").1
}

#[test]
fn a_hostile_environment_changes_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let canary = path("canary");
    std::fs::write(path("rc"), format!("touch {canary}\nawk() {{ touch {canary}; }}\n"))
        .expect("rc");
    for tool in ["awk", "head", "tail", "id", "date", "cat", "sleep"] {
        std::fs::write(path(tool), format!("#!/bin/sh\ntouch {canary}\n")).expect("tool");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(path(tool), mode).expect("mode");
    }
    let function = format!("() {{ touch {canary}; }}");
    let own_path = format!("{}:/usr/bin:/bin", folder.path().display());
    let rc = path("rc");
    let mut environment = vec![
        ("ENV", rc.as_str()),
        ("PATH", &own_path),
        ("IFS", "an/"),
        ("CDPATH", "/etc"),
        ("GREP_OPTIONS", "-v"),
        ("LD_LIBRARY_PATH", folder.path().to_str().expect("text")),
        ("LC_ALL", "zh_CN.UTF-8"),
        ("TZ", "Asia/Shanghai"),
        ("R", "/elsewhere"),
        ("SHELLOPTS", "xtrace:noglob:noclobber"),
        ("HOME", folder.path().to_str().expect("text")),
        ("TMPDIR", folder.path().to_str().expect("text")),
        ("ANJI_MARK", "other"),
    ];
    for name in
        ["awk", "printf", "unset", "id", "head", "cd", "read", "anji_capture", "anji_main", "stray"]
    {
        let variable = format!("BASH_FUNC_{name}%%");
        environment.push((Box::leak(variable.into_boxed_str()), &function));
    }
    let plan = plan(vec![
        capture(
            "a.one",
            "echo $- \"$IFS\" \"$R\" \"$PATH\" \"$LC_ALL\"; grep root /etc/passwd; ls /",
        ),
        capture("a.two", "env | grep -e LD_ -e POSIX -e BASH_FUNC -e GREP -e touch; echo $?"),
    ]);
    let script = folder.path().join("script.sh");
    std::fs::write(&script, render_script(&plan)).expect("script");
    let before = listing(folder.path());
    for (name, program, arguments) in by_shell() {
        let (nonce, clean, _) = by_hand(program, &arguments, &[], &script);
        let clean = frames(&nonce, &clean);
        // A POSIX bash refuses to start with a function of this name.
        let posix = arguments.contains(&"--posix");
        let mut environment = environment.clone();
        environment.retain(|(name, _)| !(posix && *name == "BASH_FUNC_unset%%"));
        let (nonce, bytes, errors) = by_hand(program, &arguments, &environment, &script);
        let hostile = frames(&nonce, &bytes);
        for id in ["a.one", "a.two"] {
            let data = |frames: &Frames| {
                let frame = frames.get(id).expect("frame");
                String::from_utf8_lossy(&frame.data).into_owned()
            };
            assert_eq!(data(&hostile), data(&clean), "{name} {}", String::from_utf8_lossy(&errors));
        }
        assert_eq!(hostile.get("a.two").expect("frame").data, b"1\n", "{name}");
        assert_eq!(listing(folder.path()), before, "{name}: home and temporary folder unchanged");
    }
}

/// Shells as programs with arguments, without BASH_ENV, which bash reads
/// before any script has a say (only under its own name, never as sh).
fn by_shell() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    vec![
        ("dash", "/bin/dash", vec![]),
        ("bash", "/bin/bash", vec![]),
        ("bash as a POSIX shell", "/bin/bash", vec!["--posix"]),
        ("busybox", crate::support::busybox(), vec!["sh"]),
    ]
}

fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("folder")
        .flatten()
        .map(|entry| format!("{:?} {:?}", entry.path(), entry.metadata().map(|m| m.len()).ok()))
        .collect();
    names.sort();
    names
}

#[test]
fn nothing_is_written_on_the_target() {
    let folder = tempfile::tempdir().expect("folder");
    let script = folder.path().join("script.sh");
    std::fs::write(&script, render_script(&plan_for(&crate::support::host_keys(), None)))
        .expect("script");
    let scratch = folder.path().join("scratch");
    std::fs::create_dir(&scratch).expect("folder");
    let scratch_name = scratch.display().to_string();
    let environment =
        [("HOME", scratch_name.as_str()), ("TMPDIR", &scratch_name), ("TMP", &scratch_name)];
    for (name, program, arguments) in by_shell() {
        let before: Vec<_> = ["/", "/etc", "/root", "/var/tmp", "/usr/local"].map(names_in).into();
        let (nonce, bytes, _) = by_hand(program, &arguments, &environment, &script);
        assert!(frames(&nonce, &bytes).iter().count() > 5, "{name}");
        let after: Vec<_> = ["/", "/etc", "/root", "/var/tmp", "/usr/local"].map(names_in).into();
        // A made test user of another test changes these, and nothing else does.
        let own = |lists: Vec<Vec<String>>| -> Vec<String> {
            let made = ["passwd", "group", "shadow", "subuid", "subgid"];
            let is_made = |n: &String| made.iter().any(|m| n.contains(m));
            lists.into_iter().flatten().filter(|n| !is_made(n)).collect()
        };
        assert_eq!(own(before), own(after), "{name}");
        assert_eq!(names_in(&scratch_name), Vec::<String>::new(), "{name}");
    }
}

fn names_in(folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> = entries.flatten().map(|e| e.path().display().to_string()).collect();
    names.sort();
    names
}

#[test]
fn a_missing_or_hostile_nonce_runs_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let script = folder.path().join("script.sh");
    std::fs::write(&script, render_script(&plan(vec![capture("a.one", "echo ran")])))
        .expect("script");
    for (name, program, arguments) in by_shell() {
        for nonce in ["", "a b", "a\nb", "$(id)", "a/b", "\u{e9}", "a'b"] {
            let output = Command::new(program)
                .args(&arguments)
                .arg(&script)
                .arg(nonce)
                .output()
                .expect("shell starts");
            assert_eq!(output.status.code(), Some(64), "{name} {nonce:?}");
            assert!(output.stdout.is_empty(), "{name} {nonce:?}");
        }
    }
}

#[test]
fn a_script_that_arrives_in_part_does_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let canary = folder.path().join("canary");
    let command = format!("touch {}", canary.display());
    let script = render_script(&plan(vec![capture("a.one", &command)]));
    let whole = script.trim_end().len();
    let near_the_end = (whole - 60)..whole;
    let cuts = (0..whole - 60).step_by(487).chain(near_the_end);
    for cut in cuts.filter(|cut| script.is_char_boundary(*cut)) {
        for (name, program, arguments) in by_shell() {
            let path = folder.path().join("part.sh");
            std::fs::write(&path, &script[..cut]).expect("script");
            let output = Command::new(program)
                .args(&arguments)
                .arg(&path)
                .arg("nonce")
                .output()
                .expect("shell starts");
            assert!(output.stdout.is_empty() && !canary.exists(), "{name} cut at {cut}");
        }
    }
}
