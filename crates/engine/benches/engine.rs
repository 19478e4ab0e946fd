//! How long the engine takes for a whole hospital group.
//!
//! `cargo bench -p anji-engine` evaluates 10,000 hosts by 280 checks, with
//! decompression and parsing of every body, and then the next day with 5 %
//! changed; `cargo bench -p anji-engine -- --quick` takes a twentieth of the
//! hosts. Every figure is the median of [`RUNS`] runs with their spread.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a program that prints figures and takes times"
)]

#[path = "engine/checks.rs"]
mod checks;
#[path = "engine/fleet.rs"]
mod fleet;

use anji_engine::{Content, Evaluator, Input, Selection, Standing, assess, plan};
use anji_model::{RawResult, Register, Subject, SystemId, WeightTable};
use fleet::{Fleet, Random};
use jiff::{SignedDuration, Timestamp};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const HOSTS: usize = 10_000;
const CHECKS: usize = 280;
const RUNS: usize = 5;
const THREADS: usize = 2;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let hosts = if quick { HOSTS / 20 } else { HOSTS };
    let content = checks::content(CHECKS);
    let bench = Bench::new(&content);
    let plan = plan(&content, bench.baseline(), &Selection::default(), &Subject::local(), None);
    let keys: Vec<_> = plan.collection.wanted.into_iter().map(|wanted| wanted.key).collect();
    let mut fleet = Fleet::generate(keys, hosts, day(0));
    describe(&fleet);

    bench.explain(&fleet);

    let standing: Vec<OnceLock<Standing>> = fleet.hosts.iter().map(|_| OnceLock::new()).collect();
    let (first, tally) = repeat(|| bench.evaluate(&fleet, &standing));
    print_figures("first day, everything evaluated", hosts, &first);
    println!("  {tally}");
    assert_eq!(tally.words[RawResult::Error as usize], 0, "the bodies do not fit the checks");

    let standing: Vec<Standing> = standing.into_iter().filter_map(OnceLock::into_inner).collect();
    assert_eq!(standing.len(), hosts, "every host was evaluated");
    let changed = change_hosts(&mut fleet);
    let (next, tally) = repeat(|| bench.evaluate_changed(&fleet, &standing, 1));
    print_figures(&format!("next day, {changed} hosts changed"), hosts, &next);
    println!("  {tally}");

    let changed = change_bodies(&mut fleet);
    let (spread, tally) = repeat(|| bench.evaluate_changed(&fleet, &standing, 1));
    print_figures(&format!("next day, {changed} bodies changed besides"), hosts, &spread);
    println!("  {tally}");
    println!("peak resident memory {} MiB", peak_mib());
}

/// Midnight of a day of the bench.
fn day(number: i64) -> Timestamp {
    let start: Timestamp = "2026-11-23T00:00:00Z".parse().expect("a time");
    start + SignedDuration::from_hours(24 * number)
}

struct Bench<'c> {
    content: &'c Content,
    evaluator: Evaluator<'c>,
    system: SystemId,
    selection: Selection,
    registers: Vec<Register>,
}

impl<'c> Bench<'c> {
    fn new(content: &'c Content) -> Self {
        let baseline = content.baseline("starter").expect("the bench's own baseline");
        Self {
            content,
            evaluator: Evaluator::new(content, baseline),
            system: SystemId::new("his").expect("an id"),
            selection: Selection::default(),
            registers: checks::registers(content, day(0)),
        }
    }

    fn baseline(&self) -> &'c anji_engine::Baseline {
        self.content.baseline("starter").expect("the bench's own baseline")
    }

    /// Every host anew: decompressed, parsed, evaluated, scored.
    fn evaluate(&self, fleet: &Fleet, standing: &[OnceLock<Standing>]) -> Tally {
        over_hosts(fleet, |host| {
            let (stands, tally) = self.host(fleet, host, 0);
            // Each run comes to the same; the first is kept.
            standing[host].get_or_init(|| stands);
            tally
        })
    }

    /// The hosts of which something changed; of the others only records are looked at.
    fn evaluate_changed(&self, fleet: &Fleet, standing: &[Standing], on: i64) -> Tally {
        over_hosts(fleet, |host| {
            let row = &fleet.hosts[host];
            let mut snapshot = fleet.snapshot(row, false);
            for record in snapshot.records.values_mut() {
                record.observed_at = day(on);
            }
            let registers = self.registers_of(&row.subject);
            let input = self.input(&snapshot, &registers, on);
            if self.evaluator.stands(&input, &standing[host]) {
                Tally { standing: 1, ..Tally::default() }
            } else {
                self.host(fleet, host, on).1
            }
        })
    }

    fn host(&self, fleet: &Fleet, host: usize, on: i64) -> (Standing, Tally) {
        let row = &fleet.hosts[host];
        let mut snapshot = fleet.snapshot(row, true);
        for record in snapshot.records.values_mut() {
            record.observed_at = day(on);
        }
        let registers = self.registers_of(&row.subject);
        let input = self.input(&snapshot, &registers, on);
        let results = self.evaluator.evaluate(&input);
        let standing = self.evaluator.standing(&input, &results);
        let assessment = assess(results, input.now, &WeightTable::default());
        let mut tally = Tally { evaluated: 1, ..Tally::default() };
        tally.words = assessment.coverage.counts;
        (standing, tally)
    }

    /// What one host leaves undecided, so that a bench over bodies that fit no
    /// check is noticed.
    fn explain(&self, fleet: &Fleet) {
        let Some(row) = fleet.hosts.first() else { return };
        let snapshot = fleet.snapshot(row, true);
        let registers = self.registers_of(&row.subject);
        let results = self.evaluator.evaluate(&self.input(&snapshot, &registers, 0));
        for group in anji_engine::unknown_groups(&results) {
            let (checks, example) = (group.checks.len(), group.example.detail);
            println!("  undecided on the first host: {checks} checks, {example}");
        }
    }

    fn registers_of(&self, subject: &Subject) -> Vec<Register> {
        let own = |register: &Register| Register { subject: subject.clone(), ..register.clone() };
        self.registers.iter().map(own).collect()
    }

    fn input<'a>(
        &'a self,
        snapshot: &'a anji_model::Snapshot,
        registers: &'a [Register],
        on: i64,
    ) -> Input<'a> {
        Input {
            subject: &snapshot.subject,
            system: &self.system,
            snapshot,
            registers,
            now: day(on) + SignedDuration::from_mins(10),
            selection: &self.selection,
            prior: None,
        }
    }
}

/// What a pass over the fleet came to.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    evaluated: u64,
    standing: u64,
    words: [u64; 9],
}

impl Tally {
    fn add(mut self, other: Self) -> Self {
        self.evaluated += other.evaluated;
        self.standing += other.standing;
        self.words.iter_mut().zip(other.words).for_each(|(sum, more)| *sum += more);
        self
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} hosts evaluated, {} stand;", self.evaluated, self.standing)?;
        for (word, count) in RawResult::ALL.iter().zip(self.words).filter(|(_, count)| *count > 0) {
            write!(f, " {word} {count}")?;
        }
        Ok(())
    }
}

/// Calls `work` for every host, on [`THREADS`] threads.
fn over_hosts(fleet: &Fleet, work: impl Fn(usize) -> Tally + Sync) -> Tally {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut tally = Tally::default();
        loop {
            let host = next.fetch_add(1, Ordering::Relaxed);
            if host >= fleet.hosts.len() {
                return tally;
            }
            tally = tally.add(work(host));
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(worker)).collect();
        let joined = threads.into_iter().map(|thread| thread.join().expect("no worker panics"));
        joined.fold(Tally::default(), Tally::add)
    })
}

/// One host in twenty changes: three of its bodies.
fn change_hosts(fleet: &mut Fleet) -> usize {
    let mut random = Random::new(77);
    let hosts: Vec<usize> = (0..fleet.hosts.len()).step_by(20).collect();
    for host in &hosts {
        for _ in 0..3 {
            let key = random.below(fleet.keys.len() as u64) as usize;
            fleet.change(*host, key, &mut random);
        }
    }
    hosts.len()
}

/// One body in twenty changes, wherever it is: about half of all hosts.
fn change_bodies(fleet: &mut Fleet) -> usize {
    let mut random = Random::new(78);
    let all = fleet.hosts.len() * fleet.keys.len();
    for _ in 0..all / 20 {
        let place = random.below(all as u64) as usize;
        fleet.change(place / fleet.keys.len(), place % fleet.keys.len(), &mut random);
    }
    all / 20
}

/// What a run took by the clock, and of the processors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Took {
    wall: Duration,
    cpu: Duration,
}

fn repeat(mut work: impl FnMut() -> Tally) -> (Vec<Took>, Tally) {
    let mut times = Vec::new();
    let mut tally = Tally::default();
    for _ in 0..RUNS {
        let (start, cpu) = (Instant::now(), cpu_time());
        tally = work();
        times.push(Took { wall: start.elapsed(), cpu: cpu_time().saturating_sub(cpu) });
    }
    times.sort();
    (times, tally)
}

fn describe(fleet: &Fleet) {
    println!(
        "{} hosts x {CHECKS} checks, {} keys each, {} threads; at most {} % of a host's bodies \
         are shared with any other; {} MiB of bodies, {} MiB compressed",
        fleet.hosts.len(),
        fleet.keys.len(),
        THREADS,
        fleet.shared_percent_max(),
        fleet.raw_bytes >> 20,
        fleet.compressed_bytes() >> 20,
    );
    assert!(fleet.shared_percent_max() <= 60, "the hosts are too much alike");
}

fn print_figures(what: &str, hosts: usize, times: &[Took]) {
    let median = times[times.len() / 2];
    println!(
        "{what}: n={} median {:.2?} (min {:.2?}, max {:.2?}), processors {:.2?}, {:.0} us a host",
        times.len(),
        median.wall,
        times[0].wall,
        times[times.len() - 1].wall,
        median.cpu,
        median.wall.as_secs_f64() * 1e6 / hosts as f64,
    );
}

/// Processor time of this process so far; 0 where the system does not tell.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    // User and system time are the 12th and 13th after the name, in hundredths.
    let ticks: u64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Peak resident memory of this process; 0 where the system does not tell.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or(0)
        >> 10
}
