//! A local shell as others use it: what it is given, and that it always ends.

use anji_transport::{Ended, Exit, LocalShell, MARK_VARIABLE, Transport};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

fn run(script: &str, limit: Duration) -> (Exit, String) {
    run_named(script, "n-1", limit)
}

fn run_named(script: &str, nonce: &str, limit: Duration) -> (Exit, String) {
    let mut output = Vec::new();
    let mut sink = |chunk: &[u8]| {
        output.extend_from_slice(chunk);
        ControlFlow::Continue(())
    };
    let exit = LocalShell::new().run(script, nonce, limit, &mut sink).expect("shell starts");
    (exit, String::from_utf8(output).expect("text"))
}

const LONG: Duration = Duration::from_secs(30);

#[test]
fn a_script_gets_its_nonce_and_nothing_else() {
    let script = "echo \"$# $1 $-\"; pwd; cat; tr '\\000' '\\n' </proc/$$/environ";
    let (exit, output) = run(script, LONG);
    assert_eq!(exit, Exit { ended: Ended::Exited(0), diagnostics: Vec::new() });
    assert_eq!(output, "1 n-1 s\n/\n");
}

#[test]
fn its_process_group_is_its_own() {
    let (_, output) = run("echo $$; cut -d ' ' -f 5 /proc/$$/stat", LONG);
    let mut lines = output.lines();
    assert_eq!(lines.next(), lines.next());
}

#[test]
fn statuses_signals_and_complaints_are_told() {
    let (exit, _) = run("echo no >&2; exit 7", LONG);
    assert_eq!(exit, Exit { ended: Ended::Exited(7), diagnostics: b"no\n".to_vec() });
    assert_eq!(run("kill -KILL $$", LONG).0.ended, Ended::Signalled(9));
    let (exit, _) = run("yes complaint | head -c 1000000 >&2; echo last >&2", LONG);
    assert_eq!(exit.diagnostics.len(), Exit::DIAGNOSTICS_MAX);
    assert!(exit.diagnostics.ends_with(b"last\n"));
}

#[test]
fn output_arrives_while_the_script_runs() {
    let mut first = None;
    let began = Instant::now();
    let mut sink = |_: &[u8]| {
        first.get_or_insert(began.elapsed());
        ControlFlow::Continue(())
    };
    let script = "echo one; sleep 1; echo two";
    LocalShell::new().run(script, "n-1", LONG, &mut sink).expect("shell starts");
    assert!(first.is_some_and(|first| first < Duration::from_millis(900)), "{first:?}");
}

#[test]
fn a_large_script_and_a_large_output_do_not_block_each_other() {
    let script =
        format!("{}\necho end", "echo 0123456789012345678901234567890123456789\n".repeat(40_000));
    let (exit, output) = run(&script, LONG);
    assert_eq!(exit.ended, Ended::Exited(0));
    assert_eq!(output.len(), 40_000 * 41 + 4);
}

/// A script without a watchdog of its own: the group and the mark are enough.
#[test]
fn the_group_and_what_left_it_are_killed() {
    let nonce = format!("transport-{}", std::process::id());
    let script = format!(
        "trap '' TERM; export {MARK_VARIABLE}=$1
        setsid sh -c 'trap \"\" TERM; while :; do sleep 1000; done' &
        sleep 1000 & while :; do sleep 1; done"
    );
    let began = Instant::now();
    let (exit, _) = run_named(&script, &nonce, Duration::from_secs(1));
    assert_eq!(exit.ended, Ended::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
    let mark = format!("{MARK_VARIABLE}={nonce}");
    let alive = || {
        let entries = std::fs::read_dir("/proc").expect("proc").flatten();
        entries
            .filter(|entry| {
                let bytes = std::fs::read(entry.path().join("environ")).unwrap_or_default();
                bytes.split(|&byte| byte == 0).any(|variable| variable == mark.as_bytes())
            })
            .count()
    };
    for _ in 0..20 {
        if alive() == 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("{} processes are left", alive());
}

/// A process that nobody knows of holds the output; the run ends all the same.
#[test]
fn a_stranger_that_holds_the_output_is_not_waited_for() {
    let began = Instant::now();
    let (exit, output) = run("setsid sleep 12 & echo done", LONG);
    assert_eq!((exit.ended, output.as_str()), (Ended::Exited(0), "done\n"));
    assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
}
