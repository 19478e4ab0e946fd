//! A process that dies at any moment leaves whole runs only; two writers wait for each other.

use crate::support::{Day, Dice, child, handed, problems, tell, told};
use anji_model::RunId;
use anji_store::{Store, StoreError};
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tempfile::tempdir;

fn put(store: &mut Store, id: &str) {
    let mut day = Day::quiet(i64::from(id.as_bytes()[0] % 7), 12);
    if id.len().is_multiple_of(2) {
        day = day.changed();
    }
    day.id = RunId::new(id).unwrap();
    day.put(store).unwrap();
}

/// Runs in a child process: puts runs and tells of each, as long as it lives.
#[test]
fn child_puts_runs() {
    let Some(dir) = handed() else { return };
    let prefix = std::env::var("ANJI_TEST_PREFIX").unwrap();
    let count: usize = std::env::var("ANJI_TEST_COUNT").unwrap().parse().unwrap();
    let mut store = Store::open(&dir).unwrap();
    for n in 0..count {
        let id = format!("{prefix}-{n}");
        put(&mut store, &id);
        tell(&id);
    }
}

fn writer(dir: &Path, prefix: &str, count: usize) -> std::process::Child {
    child("crash::child_puts_runs", dir)
        .env("ANJI_TEST_PREFIX", prefix)
        .env("ANJI_TEST_COUNT", count.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn stored(dir: &Path) -> Vec<String> {
    let store = Store::open(dir).unwrap();
    let report = store.verify(None).unwrap();
    assert!(report.is_intact(), "{}", problems(&report));
    let runs = store.read(|reader| reader.runs()).unwrap();
    assert_eq!(report.runs, runs.len() as u64);
    for run in &runs {
        let results = store.read(|reader| reader.results_of(&run.run)).unwrap();
        assert_eq!(results.len() as u64, run.counts.results);
    }
    runs.iter().map(|run| run.run.to_string()).collect()
}

#[test]
fn killed_at_any_moment_runs_are_whole_or_absent() {
    let dir = tempdir().unwrap();
    let dir = dir.path().join("state");
    let mut dice = Dice::fresh();
    let mut before = Vec::new();
    let mut unacknowledged = 0;
    for round in 0..50 {
        let mut child = writer(&dir, &format!("round{round}"), 100_000);
        std::thread::sleep(Duration::from_micros(dice.below(90_000) as u64));
        child.kill().unwrap();
        let mut output = String::new();
        child.stdout.take().unwrap().read_to_string(&mut output).unwrap();
        child.wait().unwrap();
        let mut expected = before.clone();
        expected.extend(told(&output));
        let stored = stored(&dir);
        assert_eq!(
            stored.get(..expected.len()),
            Some(&expected[..]),
            "an acknowledged run is gone"
        );
        assert!(stored.len() <= expected.len() + 1, "more than one run that nobody told of");
        unacknowledged += stored.len() - expected.len();
        before = stored;
    }
    assert!(before.len() > 50, "only {} runs and {unacknowledged} without word", before.len());
}

#[test]
fn two_writers_at_once_make_one_chain() {
    let dir = tempdir().unwrap();
    let dir = dir.path().join("state");
    // Both find no folder, and create it, the file and the key at once.
    let writers = [writer(&dir, "first", 50), writer(&dir, "second", 50)];
    for child in writers {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(told(&String::from_utf8_lossy(&output.stdout)).len(), 50);
    }
    let runs = stored(&dir);
    assert_eq!(runs.len(), 100);
    for prefix in ["first", "second"] {
        let own = runs.iter().filter(|run| run.starts_with(prefix));
        assert!(own.cloned().eq((0..50).map(|n| format!("{prefix}-{n}"))));
    }
}

#[test]
fn a_writer_that_waits_too_long_says_so() {
    let dir = tempdir().unwrap();
    let mut first = Store::open(dir.path()).unwrap();
    let mut second = Store::open(dir.path()).unwrap();
    second.set_busy_timeout(Duration::from_millis(50)).unwrap();
    first
        .write(|writer| {
            writer.put_run(&Day::quiet(0, 3).new_run())?;
            let busy = Day::quiet(1, 3).put(&mut second).unwrap_err();
            assert!(matches!(busy, StoreError::Busy { .. }), "{busy:?}");
            // Readers do not wait, and see the state before.
            assert_eq!(second.read(|reader| reader.runs())?.len(), 0);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    Day::quiet(1, 3).put(&mut second).unwrap();
    assert_eq!(first.read(|reader| reader.runs()).unwrap().len(), 2);
}
