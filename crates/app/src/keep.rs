//! Storing a run: compared, signed and written in one transaction.

use crate::context::Actor;
use crate::error::AppError;
use crate::history::{answers, clock_notice, newest_first};
use crate::job::Job;
use crate::live::subject_name;
use anji_engine::Comparison;
use anji_model::{
    AuditOutcome, CheckResult, Digest, Drift, Privilege, RawResult, ResultSummary, RunSummary, Text,
};
use anji_store::{CommandRecord, DriftCounts, NewAudit, NewRun, Reader, Store, StoredRun, Writer};
use std::collections::BTreeMap;

/// What storing a run brought to light.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) stored: Option<StoredRun>,
    pub(crate) compared_with: Option<RunSummary>,
    pub(crate) comparison: Comparison,
    pub(crate) open_regressions: usize,
    pub(crate) notices: Vec<Text>,
}

/// Compares the run with what is stored, and stores it. The comparison happens
/// inside the transaction: a run that another process stored in between is
/// compared with, not overlooked.
pub(crate) fn keep(store: &mut Store, actor: &Actor, job: &Job<'_>) -> Result<Kept, AppError> {
    store.write(|writer| {
        let last = writer.last_run()?.map(|run| run.signed.manifest.as_of);
        let notices = clock_notice(last, job.as_of).into_iter().collect();
        let before = latest(writer, job)?;
        let scope = job.prepared.selection.scope(
            job.prepared.content,
            job.prepared.baseline,
            &job.system,
            &job.prepared.subject,
            job.collected.host.privilege(),
        );
        let comparison = anji_engine::compare(&before, &job.summaries(), &scope);
        let basis = comparison.basis();
        let compared_with = newest_first(writer)?.into_iter().find(|run| Some(&run.run) == basis);
        let open_regressions = open_regressions(writer, &job.assessment.results)?;
        let stored = put(writer, job, &comparison.drift)?;
        writer.append_audit(&NewAudit {
            at: job.as_of,
            actor: actor.name.clone(),
            use_case: "check".to_owned(),
            object: job.run.to_string(),
            outcome: AuditOutcome::Done,
            detail: format!(
                "{} results about {}, {} changes",
                job.assessment.results.len(),
                job.prepared.subject,
                comparison.drift.len()
            ),
        })?;
        Ok(Kept { stored: Some(stored), compared_with, comparison, open_regressions, notices })
    })
}

/// For each question and level of rights the newest answer, oldest run first.
/// A run that left the question out has not answered it: the answer before it
/// still stands.
fn latest(reader: &Reader<'_>, job: &Job<'_>) -> Result<Vec<ResultSummary>, AppError> {
    let mut found = Vec::new();
    for latest in reader.latest_results(&job.prepared.subject, Privilege::Root)? {
        if answers(&latest.summary.result) {
            found.push(latest.summary);
            continue;
        }
        // Stretches with the same rights follow each other in the chain.
        let history = reader.history(&latest.summary.result.identity)?;
        let answered = history
            .into_iter()
            .rfind(|stretch| stretch.privilege == latest.privilege && answers(&stretch.result));
        found.extend(answered.map(|stretch| ResultSummary {
            run: stretch.last_run,
            as_of: stretch.last_as_of,
            result: stretch.result,
        }));
    }
    Ok(found)
}

/// Failing results that passed in some earlier run with no more rights: they
/// stay open regressions until they pass again, not only on their first day.
fn open_regressions(reader: &Reader<'_>, results: &[CheckResult]) -> Result<usize, AppError> {
    let mut open = 0;
    for result in results.iter().filter(|result| result.raw == RawResult::Fail) {
        let history = reader.history(&result.identity)?;
        open += usize::from(history.iter().any(|stretch| stretch.result.raw == RawResult::Pass));
    }
    Ok(open)
}

fn put(writer: &Writer<'_>, job: &Job<'_>, drift: &[Drift]) -> Result<StoredRun, AppError> {
    let commands: Vec<_> = job
        .collected
        .log
        .iter()
        .map(|entry| CommandRecord {
            subject: job.prepared.subject.clone(),
            capture: entry.capture.clone(),
            exit: entry.exit,
            bytes: entry.bytes,
            ms: entry.milliseconds,
            truncated: entry.truncated,
            timed_out: entry.timed_out,
        })
        .collect();
    let subject = job.prepared.subject.clone();
    let names = BTreeMap::from([(subject, subject_name(&job.prepared.subject, &job.collected))]);
    let run = NewRun {
        run: job.run.clone(),
        started_at: job.started_at,
        ended_at: job.as_of,
        as_of: job.as_of,
        baseline: job.prepared.baseline_version.clone(),
        program: crate::VERSION.to_owned(),
        content: job.prepared.content.digest(),
        parameters: parameters(job),
        plan: digest_of(&job.prepared.plan.collection),
        privilege: job.collected.host.privilege(),
        snapshots: std::slice::from_ref(&job.collected.snapshot),
        results: &job.assessment.results,
        commands: &commands,
        drift: DriftCounts::count(drift.iter().map(|one| one.kind)),
        names: &names,
    };
    Ok(writer.put_run(&run)?)
}

/// Digest of the parameters in force for every check of the baseline.
fn parameters(job: &Job<'_>) -> Digest {
    let in_force: Vec<_> = job
        .prepared
        .content
        .checks()
        .iter()
        .filter(|check| job.prepared.baseline.checks.contains(&check.info.id))
        .map(|check| (&check.info.id, job.prepared.baseline.params_of(check)))
        .collect();
    digest_of(&in_force)
}

fn digest_of(value: &impl serde::Serialize) -> Digest {
    let canonical = anji_evidence::canonical(value).expect("plans and parameters are plain JSON");
    anji_evidence::digest(&canonical)
}
