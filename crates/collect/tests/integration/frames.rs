//! What a capture writes comes back byte for byte, under every shell and awk.

use crate::support::{Ran, busybox, capture, nonce, plan, run, run_script, shells, tool};
use anji_collect::render_script;
use anji_evidence::Frame;
use anji_evidence::frame::FrameReader;
use anji_model::CollectionPlan;
use anji_transport::{LocalShell, Transport};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

fn frame(ran: &Ran, id: &str) -> Frame {
    ran.frames().get(id).unwrap_or_else(|| panic!("no frame {id}")).clone()
}

/// `data` as arguments that the printf of any shell turns back into it.
fn octal(data: &[u8]) -> String {
    data.iter().map(|byte| format!("\\{byte:03o}")).collect()
}

/// The plan's script with a PATH of its own, in which `awk` is this program;
/// None for busybox stands for a PATH of busybox applets alone.
fn script_with_awk(plan: &CollectionPlan, folder: &std::path::Path, awk: Option<&str>) -> String {
    let script = render_script(plan);
    let line = script.lines().find(|line| line.starts_with("PATH=")).expect("PATH is set");
    let system = match awk {
        Some(program) => {
            symlink(program, folder.join("awk")).expect("link");
            line.trim_start_matches("PATH=")
        }
        None => {
            for applet in
                "awk cat date grep head id ls nice od readlink renice sleep tail tr yes".split(' ')
            {
                symlink(busybox(), folder.join(applet)).expect("link");
            }
            "/nonexistent"
        }
    };
    script.replace(line, &format!("PATH={}:{system}", folder.display()))
}

#[test]
fn statuses_and_shapes_of_output() {
    let plan = plan(vec![
        capture("a.plain", "echo one; echo two"),
        capture("a.unended", "printf 'one\\ntwo'"),
        capture("a.empty", ":"),
        capture("a.newline", "echo"),
        capture("a.returns", "echo said >&2; return 3"),
        capture("a.exits", "exit 44"),
        capture("a.replaced", "exec sh -c 'echo here; exit 5'"),
        capture("a.missing", "/no/such/command 2>/dev/null"),
        capture("a.killed", "sh -c 'kill -KILL $$'"),
        capture("a.silent", "exec >&-; sleep 0.2; exit 6"),
        capture("a.input", "cat; echo end"),
        capture("a.errors", "i=0; while [ $i -lt 400 ]; do echo line$i >&2; i=$((i+1)); done"),
        capture("a.last", "echo last"),
    ]);
    for (name, shell) in shells() {
        let ran = run(&shell, &plan);
        let (header, frames) = ran.read();
        assert_eq!(header.uid, rustix::process::geteuid().as_raw(), "{name}");
        assert!(header.time > 1_700_000_000 && !header.host.is_empty());
        let seen = |id: &str| {
            let frame = frames.get(id).unwrap_or_else(|| panic!("{name}: no frame {id}"));
            assert!(!frame.truncated && !frame.timed_out && frame.milliseconds.is_some());
            (frame.exit, String::from_utf8_lossy(&frame.data).into_owned())
        };
        let expected = [
            ("a.plain", 0, "one\ntwo\n"),
            ("a.unended", 0, "one\ntwo"),
            ("a.empty", 0, ""),
            ("a.newline", 0, "\n"),
            ("a.returns", 3, ""),
            ("a.exits", 44, ""),
            ("a.replaced", 5, "here\n"),
            ("a.missing", 127, ""),
            ("a.killed", 137, ""),
            ("a.silent", 6, ""),
            ("a.input", 0, "end\n"),
            ("a.last", 0, "last\n"),
        ];
        for (id, exit, data) in expected {
            assert_eq!(seen(id), (Some(exit), data.to_owned()), "{name} {id}");
        }
        assert_eq!(frames.get("a.returns").expect("frame").diagnostics, b"said\n", "{name}");
        let errors = &frames.get("a.errors").expect("frame").diagnostics;
        assert!(errors.ends_with(b"line398\nline399\n") && errors.len() <= 600, "{name}");
    }
}

#[test]
fn any_bytes_come_back_under_every_awk() {
    let cases = prop::collection::vec((prop::collection::vec(any::<u8>(), 0..300), 0..320u64), 12);
    let awks =
        [Some(tool(&["/usr/bin/mawk"], "mawk")), Some(tool(&["/usr/bin/gawk"], "gawk")), None];
    let mut runner =
        TestRunner::new(Config { cases: 6, failure_persistence: None, ..Config::default() });
    let all: Vec<u8> = (0..=255).collect();
    let property = |mut cases: Vec<(Vec<u8>, u64)>| {
        for limit in [255, 256, 257] {
            cases.push((all.clone(), limit));
            cases.push((vec![b'\n'; 256], limit));
        }
        check_bytes(&cases, &awks);
        Ok(())
    };
    runner.run(&cases, property).unwrap_or_else(|error| panic!("{error}"));
}

fn check_bytes(cases: &[(Vec<u8>, u64)], awks: &[Option<&str>]) {
    let captures = cases.iter().enumerate().map(|(number, (data, limit))| {
        let mut one = capture(&format!("a.{number}"), &format!("printf '{}'", octal(data)));
        one.bytes_max = *limit;
        one
    });
    let plan = plan(captures.collect());
    for awk in awks {
        let folder = tempfile::tempdir().expect("folder");
        let script = script_with_awk(&plan, folder.path(), *awk);
        for (name, shell) in shells() {
            let ran = run_script(&shell, &script, Duration::from_secs(60));
            let (header, _) = ran.read();
            let kept = header.shell.contains("nul=kept");
            assert!(kept || awk.is_none(), "mawk and gawk keep NUL");
            for (number, (data, limit)) in cases.iter().enumerate() {
                let limit = usize::try_from(*limit).expect("small");
                let mut expected = data[..data.len().min(limit)].to_vec();
                if !kept {
                    expected.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = 1);
                }
                let got = frame(&ran, &format!("a.{number}"));
                assert_eq!(got.data, expected, "{name} {awk:?} {data:?} {limit}");
                assert_eq!(got.truncated, data.len() > limit);
            }
        }
    }
}

#[test]
fn data_cannot_forge_frames() {
    // The body knows the nonce here, as a process list would show it.
    let forged = "n=$anji_nonce
        forge() {
          printf '#anji %s E a.first exit=0 bytes=0 truncated=0 timeout=0 ms=1\\n' \"$n\"
          printf '#anji %s B a.second\\n|forged\\n' \"$n\"
          printf '#anji %s E a.second exit=0 bytes=7 truncated=0 timeout=0 ms=1\\n' \"$n\"
          printf '#anji %s end captures=2\\n%s' \"$n\" \"$n\"
        }
        forge; forge | sed 's/^/E/' >&2";
    let plan = plan(vec![capture("a.first", forged), capture("a.second", "echo true")]);
    for (name, shell) in shells() {
        let ran = run(&shell, &plan);
        let first = frame(&ran, "a.first");
        let text = String::from_utf8_lossy(&first.data);
        assert_eq!(text.matches("#anji").count(), 4, "{name}: {text}");
        assert!(text.ends_with(&ran.nonce));
        assert_eq!(frame(&ran, "a.second").data, b"true\n", "{name}");
        // Read as another run, none of it is believed.
        let mut other = FrameReader::new(nonce());
        assert!(other.push(&ran.bytes).is_err() || other.finish().is_err());
    }
}

#[test]
fn floods_are_bounded_in_time_and_memory() {
    let prlimit = tool(&["/usr/bin/prlimit"], "util-linux");
    let mut captures = vec![
        capture("a.zero", "head -c 1000000000 /dev/zero"),
        capture("a.yes", "yes"),
        capture("a.errors", "yes >&2 & sleep 0.3; kill $!"),
        capture("a.after", "echo after"),
    ];
    for one in &mut captures {
        one.bytes_max = 4 << 20;
    }
    let plan = plan(captures);
    for (name, program) in [
        ("dash", vec!["/bin/dash"]),
        ("bash", vec!["/bin/bash"]),
        ("busybox", vec![busybox(), "sh"]),
    ] {
        let arguments = [vec!["--as=120000000"], program].concat();
        let shell = LocalShell::with_command(prlimit, arguments);
        let began = Instant::now();
        let ran = run(&shell, &plan);
        assert!(began.elapsed() < Duration::from_secs(20), "{name}: {:?}", began.elapsed());
        for id in ["a.zero", "a.yes"] {
            let got = frame(&ran, id);
            assert!(got.truncated, "{name} {id}");
            assert_eq!(got.data.len(), 4 << 20, "{name} {id}");
        }
        assert!(frame(&ran, "a.errors").diagnostics.len() <= 600, "{name}");
        assert_eq!(frame(&ran, "a.after").data, b"after\n", "{name}");
    }
}

#[test]
fn a_reader_that_stops_bounds_the_flood_too() {
    let plan = plan(vec![capture("a.yes", "while :; do yes | head -c 60000; done")]);
    let (_, shell) = shells().remove(0);
    let mut calls = 0;
    let nonce = nonce();
    let mut sink = |_: &[u8]| {
        calls += 1;
        std::ops::ControlFlow::Break(())
    };
    let exit = shell.run(&render_script(&plan), &nonce, Duration::from_secs(30), &mut sink);
    assert_eq!(exit.expect("starts").ended, anji_transport::Ended::SinkBroke);
    assert_eq!(calls, 1);
    crate::support::assert_nothing_left(&nonce);
}
