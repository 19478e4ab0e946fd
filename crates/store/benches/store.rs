//! What storing and verifying cost. Prints n, median and spread; warm page cache, this machine's
//! disk. Run with `cargo bench -p anji-store`.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

#[allow(dead_code, unreachable_pub)]
#[path = "../tests/integration/support.rs"]
mod support;

use anji_store::{Store, store_file};
use std::path::Path;
use std::time::{Duration, Instant};
use support::Day;

/// Days of the year that is verified.
const YEAR: i64 = 365;

fn main() {
    // `cargo test --benches` only wants to know that it starts.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    for checks in [25, 280] {
        println!("one host, 5 records, {checks} results");
        year(checks);
    }
}

fn year(checks: usize) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    Day::quiet(0, checks).put(&mut store).unwrap();
    let first = size(dir.path());
    let mut puts = Vec::new();
    for day in 1..YEAR {
        let day = Day::quiet(day, checks);
        puts.push(timed(|| drop(day.put(&mut store).unwrap())));
    }
    print("put of an unchanged day", &mut puts);
    let per_day = (size(dir.path()) - first) / (YEAR.unsigned_abs() - 1);
    println!(
        "  {:<28} {per_day} bytes (the first day {first} bytes with the empty schema)",
        "growth per unchanged day"
    );
    drop(store);
    let mut opens: Vec<_> =
        (0..15).map(|_| timed(|| drop(Store::open(dir.path()).unwrap()))).collect();
    print("open", &mut opens);
    let store = Store::open(dir.path()).unwrap();
    let mut verifies: Vec<_> =
        (0..7).map(|_| timed(|| assert!(store.verify(None).unwrap().is_intact()))).collect();
    print("verify 365 runs", &mut verifies);
    let local = anji_model::Subject::local();
    let latest = || store.read(|r| r.latest_results(&local, anji_model::Privilege::Root)).unwrap();
    let mut reads: Vec<_> = (0..15).map(|_| timed(|| assert_eq!(latest().len(), checks))).collect();
    print("latest results", &mut reads);
}

fn timed(action: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    action();
    begun.elapsed()
}

/// The size of the database with nothing left in its log.
fn size(dir: &Path) -> u64 {
    let conn = rusqlite::Connection::open(store_file(dir)).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    store_file(dir).metadata().unwrap().len()
}

fn print(what: &str, times: &mut [Duration]) {
    times.sort();
    let n = times.len();
    let (low, median, high) = (times[n / 20], times[n / 2], times[n - 1 - n / 20]);
    println!("  {what:<28} n {n}, median {median:.2?}, spread {low:.2?} to {high:.2?}");
}
