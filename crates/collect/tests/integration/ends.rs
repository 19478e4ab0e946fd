//! Nothing that a capture started outlives the run, however the run ends.

use crate::support::{
    assert_nothing_left, capture, kill, nonce, plan, run, run_script, shells, shells_of,
};
use anji_collect::render_script;
use anji_model::Capture;
use anji_transport::{Ended, LocalShell, Transport, TransportError};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

fn short(id: &str, command: &str) -> Capture {
    Capture { timeout_seconds: 1, ..capture(id, command) }
}

const IGNORES_TERM: &str = "sh -c 'trap \"\" TERM HUP INT; echo begun; while :; do sleep 30; done'";
const DAEMON: &str = "(setsid sh -c 'trap \"\" TERM; (sleep 300 & sleep 300)' \
     </dev/null >/dev/null 2>&1 &); echo gone";

#[test]
fn hanging_commands_end_at_their_limit() {
    let plan = plan(vec![
        short("a.sleeps", "echo before; sleep 300; echo after"),
        short("a.spins", "while :; do :; done"),
        short("a.stubborn", IGNORES_TERM),
        short("a.stopped", "sh -c 'kill -STOP $$'"),
        capture("a.after", "echo after"),
    ]);
    for (name, shell) in shells() {
        let began = Instant::now();
        let ran = run(&shell, &plan);
        assert!(began.elapsed() < Duration::from_secs(25), "{name}: {:?}", began.elapsed());
        let frames = ran.frames();
        for id in ["a.sleeps", "a.spins", "a.stubborn", "a.stopped"] {
            let frame = frames.get(id).unwrap_or_else(|| panic!("{name}: no frame {id}"));
            assert!(frame.timed_out, "{name} {id}");
            assert_ne!(frame.exit, Some(0), "{name} {id}");
        }
        assert_eq!(frames.get("a.sleeps").expect("frame").data, b"before\n", "{name}");
        let after = frames.get("a.after").expect("frame");
        assert!(!after.timed_out && after.data == b"after\n", "{name}");
        assert_nothing_left(&ran.nonce);
    }
}

#[test]
fn what_a_capture_leaves_behind_is_ended() {
    let plan = plan(vec![
        capture("a.holds", "sleep 300 & echo left"),
        capture("a.errors", "sleep 300 >/dev/null & echo left"),
        capture("a.daemon", DAEMON),
        capture("a.after", "echo after"),
    ]);
    for (name, shell) in shells() {
        let began = Instant::now();
        let ran = run(&shell, &plan);
        assert!(began.elapsed() < Duration::from_secs(20), "{name}: {:?}", began.elapsed());
        let frames = ran.frames();
        for id in ["a.holds", "a.errors", "a.daemon", "a.after"] {
            let frame = frames.get(id).unwrap_or_else(|| panic!("{name}: no frame {id}"));
            assert_eq!((frame.exit, frame.timed_out), (Some(0), false), "{name} {id}");
        }
        assert_nothing_left(&ran.nonce);
    }
}

#[test]
fn the_deadline_ends_the_whole_run() {
    let plan = plan(vec![
        capture("a.daemon", DAEMON),
        Capture { timeout_seconds: 600, ..capture("a.stubborn", IGNORES_TERM) },
    ]);
    for (name, shell) in shells() {
        let began = Instant::now();
        let ran = run_script(&shell, &render_script(&plan), Duration::from_secs(1));
        assert_eq!(ran.exit.ended, Ended::TimedOut, "{name}");
        assert!(began.elapsed() < Duration::from_secs(9), "{name}: {:?}", began.elapsed());
        assert!(ran.frames().get("a.stubborn").is_none(), "{name}");
        assert_nothing_left(&ran.nonce);
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_run() {
    let plan = plan(vec![
        capture("a.daemon", DAEMON),
        Capture { timeout_seconds: 600, ..capture("a.long", "echo begun; sleep 300") },
    ]);
    for (name, shell) in shells() {
        let nonce = nonce();
        let mut sink = |chunk: &[u8]| match chunk.windows(6).any(|w| w == b"a.long") {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let began = Instant::now();
        let limit = Duration::from_secs(60);
        let exit = shell.run(&render_script(&plan), &nonce, limit, &mut sink).expect("starts");
        assert_eq!(exit.ended, Ended::SinkBroke, "{name}");
        assert!(began.elapsed() < Duration::from_secs(9), "{name}: {:?}", began.elapsed());
        assert_nothing_left(&nonce);
    }
}

#[test]
fn a_panicking_reader_leaves_nothing() {
    let plan = plan(vec![capture("a.long", "echo begun; sleep 300")]);
    let (_, shell) = shells().remove(0);
    let name = nonce();
    let caught = std::panic::catch_unwind(|| {
        let limit = Duration::from_secs(60);
        shell.run(&render_script(&plan), &name, limit, &mut |_| panic!("reader")).map(drop)
    });
    assert!(caught.is_err());
    assert_nothing_left(&name);
}

/// As when a connection is cut: the shell's own processes are killed, and the
/// watchdog, which outlives them, ends what they started.
#[test]
fn a_killed_shell_is_cleaned_up_after() {
    let plan = plan(vec![
        capture("a.daemon", DAEMON),
        Capture { timeout_seconds: 600, ..capture("a.long", "sleep 301") },
    ]);
    for (name, shell) in shells() {
        let nonce = nonce();
        let mut killed = false;
        let mut sink = |chunk: &[u8]| {
            if chunk.windows(6).any(|w| w == b"a.long") && !killed {
                killed = true;
                std::thread::sleep(Duration::from_millis(300));
                kill(&oldest(&shells_of(&nonce)));
            }
            ControlFlow::Continue(())
        };
        let limit = Duration::from_secs(60);
        let exit = shell.run(&render_script(&plan), &nonce, limit, &mut sink).expect("starts");
        assert!(killed, "{name}");
        assert_eq!(exit.ended, Ended::Signalled(9), "{name}");
        assert_nothing_left(&nonce);
    }
}

fn oldest(processes: &[String]) -> String {
    let number = |p: &&String| p.parse::<u32>().expect("process id");
    processes.iter().min_by_key(number).expect("a shell runs").clone()
}

#[test]
fn no_zombie_stays() {
    let plan = plan(vec![capture("a.one", "echo one")]);
    let (_, shell) = shells().remove(0);
    let ran = run(&shell, &plan);
    let me = std::process::id().to_string();
    for entry in std::fs::read_dir("/proc").expect("proc").flatten() {
        let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let field = |name| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::trim).unwrap_or_default().to_owned()
        };
        let mine = field("PPid:") == me && field("State:").starts_with('Z');
        // Other tests run beside this one; a zombie of theirs goes within moments.
        let gone = || {
            std::thread::sleep(Duration::from_secs(3));
            !entry.path().exists()
        };
        assert!(!mine || gone(), "{status}");
    }
    assert_nothing_left(&ran.nonce);
}

#[test]
fn a_missing_shell_is_said() {
    let shell = LocalShell::with_command("/no/such/shell", []);
    let result = shell.run("", "n", Duration::from_secs(1), &mut |_| ControlFlow::Continue(()));
    let Err(TransportError::Start { shell, source }) = result else { panic!("{result:?}") };
    assert_eq!((shell.as_str(), source.kind()), ("/no/such/shell", std::io::ErrorKind::NotFound));
}

#[test]
fn a_shell_that_reads_nothing_and_talks_without_end_is_bounded() {
    let yes = LocalShell::with_command("/bin/sh", ["-c", "yes >&2"]);
    let began = Instant::now();
    let ran = run_script(&yes, &"x".repeat(1 << 20), Duration::from_secs(1));
    assert_eq!(ran.exit.ended, Ended::TimedOut);
    assert!(ran.exit.diagnostics.len() <= anji_transport::Exit::DIAGNOSTICS_MAX);
    assert!(began.elapsed() < Duration::from_secs(8));
}
