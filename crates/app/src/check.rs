//! The main job: plan, collect, evaluate, compare, store.

use crate::content;
use crate::context::{Actor, Home, Ports, unassigned};
use crate::derive::derive;
use crate::error::AppError;
use crate::job::Job;
use crate::keep::{Kept, keep};
use crate::live::{LiveVerdicts, subject_name};
use crate::plan::{PlanRequest, Prepared};
use crate::threshold::{self, FailOn};
use anji_collect::{Collected, CommandLog, Progress};
use anji_model::{CheckInfo, CheckResult, CommandCost, Register, RunId, RunReport};
use anji_store::Store;
use jiff::Timestamp;

/// What a check is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRequest {
    /// What it is about.
    pub plan: PlanRequest,
    /// Whether the run is stored and compared with earlier ones.
    pub store: bool,
}

/// What is told while a check works.
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckEvent<'a> {
    /// The plan stands: so many checks will be answered.
    Planned {
        /// How many.
        checks: usize,
    },
    /// A command began on the target.
    Capture(&'a str),
    /// A check can be answered already.
    Verdict(&'a CheckResult, &'a CheckInfo),
    /// Everything is collected; the run is being stored.
    Storing,
}

/// What a check came to.
#[derive(Debug)]
pub struct CheckOutcome {
    /// Everything that a report shows.
    pub report: RunReport,
    /// How many failing results passed in some earlier comparable run.
    pub open_regressions: usize,
    /// Why the run could not be stored, though it was carried out.
    pub not_stored: Option<AppError>,
}

impl CheckOutcome {
    /// Whether the run breaks `threshold`; see [`FailOn`].
    pub fn breaks(&self, threshold: FailOn, allow_unknown: bool) -> bool {
        let results = &self.report.assessment.results;
        threshold::is_broken(threshold, results, self.open_regressions, allow_unknown)
    }
}

/// Checks this machine, or a root file system of it, against a baseline.
///
/// A store that cannot be opened stops the check before anything is touched; a
/// store that fails afterwards (a full disk) does not take the verdicts away:
/// the outcome carries them together with the reason.
///
/// # Errors
/// When the content has problems, a name is unknown, the store cannot be
/// opened, or nothing at all could be collected.
pub fn check(
    home: &Home,
    actor: &Actor,
    ports: &Ports<'_>,
    request: &CheckRequest,
    on_event: &mut dyn FnMut(CheckEvent<'_>),
) -> Result<CheckOutcome, AppError> {
    let content = content::load(home.content.as_deref())?;
    let prepared = Prepared::new(&content, &request.plan)?;
    let mut store = request.store.then(|| Store::open(&home.state)).transpose()?;
    let registers = match &store {
        Some(store) => store.read(|reader| reader.registers(&prepared.subject))?,
        None => Vec::new(),
    };
    on_event(CheckEvent::Planned { checks: prepared.check_infos().len() });

    let started_at = (ports.clock)();
    let nonce = hex(&(ports.random)());
    let collected = collect(&prepared, home, ports, &nonce, &registers, on_event)?;
    let as_of = (ports.clock)();
    let times = [started_at, as_of];
    let job = Job::evaluate(prepared, collected, &registers, times, run_id(as_of, &nonce));

    on_event(CheckEvent::Storing);
    let (kept, not_stored) = match store.as_mut().map(|store| keep(store, actor, &job)) {
        None => (Kept::default(), None),
        Some(Ok(kept)) => (kept, None),
        Some(Err(error)) => (Kept::default(), Some(error)),
    };
    let open_regressions = kept.open_regressions;
    Ok(CheckOutcome { report: report(job, kept), open_regressions, not_stored })
}

fn collect(
    prepared: &Prepared<'_>,
    home: &Home,
    ports: &Ports<'_>,
    nonce: &str,
    registers: &[Register],
    on_event: &mut dyn FnMut(CheckEvent<'_>),
) -> Result<Collected, AppError> {
    let mut live = LiveVerdicts::new(prepared, registers, unassigned());
    let mut on_progress = |progress: Progress<'_>| match progress {
        Progress::CaptureBegan(capture) => on_event(CheckEvent::Capture(capture)),
        Progress::Record(record, body) => {
            for (result, info) in live.add(record, body, (ports.clock)()) {
                on_event(CheckEvent::Verdict(&result, info));
            }
        }
        _ => {}
    };
    let plan = &prepared.plan.collection;
    let mut collected =
        anji_collect::collect(plan, ports.transport, ports.clock, nonce, &mut on_progress);
    if (ports.interrupted)() {
        return Err(AppError::Interrupted);
    }
    for record in derive(prepared, home, ports, &mut collected)? {
        let body = record.body.and_then(|digest| collected.snapshot.bodies.get(&digest));
        for (result, info) in live.add(&record, body, (ports.clock)()) {
            on_event(CheckEvent::Verdict(&result, info));
        }
    }
    Ok(collected)
}

/// Sixteen bytes of chance as text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A run's id: sortable by time, unique by chance.
fn run_id(at: Timestamp, chance: &str) -> RunId {
    let tail: String = chance.chars().take(8).collect();
    RunId::new(format!("{}-{tail}", at.strftime("%Y%m%dT%H%M%SZ")))
        .expect("digits, letters and a hyphen make a run id")
}

fn cost(log: &CommandLog) -> CommandCost {
    CommandCost {
        capture: log.capture.clone(),
        milliseconds: log.milliseconds,
        bytes: log.bytes,
        exit: log.exit,
        truncated: log.truncated,
        timed_out: log.timed_out,
        damaged: log.damaged.is_some(),
    }
}

/// The run as a report shows it.
fn report(job: Job<'_>, kept: Kept) -> RunReport {
    let checks = job.prepared.check_infos();
    let results = &job.assessment.results;
    RunReport {
        unknown: anji_engine::unknown_groups(results),
        verdicts_with_more_rights: anji_engine::verdicts_with_more_rights(results),
        next: anji_engine::next_steps(&job.assessment, &checks),
        run: kept.stored.as_ref().map(|stored| stored.signed.manifest.run.clone()),
        head: kept.stored.map(|stored| stored.head),
        started_at: job.started_at,
        ended_at: job.as_of,
        subject_name: subject_name(&job.prepared.subject, &job.collected),
        subject: job.prepared.subject,
        baseline: job.prepared.baseline_version.clone(),
        program: crate::VERSION.to_owned(),
        content: job.prepared.content.digest(),
        checks,
        assessment: job.assessment,
        compared_with: kept.compared_with,
        drift: kept.comparison.drift,
        compared_results: kept.comparison.compared,
        privilege: job.collected.host.privilege(),
        commands: job.collected.log.iter().map(cost).collect(),
        notices: kept.notices,
    }
}
