//! A stored run with everything that a document about it shows.

mod past;

use crate::content;
use crate::context::Home;
use crate::error::AppError;
use crate::history::{
    basis, clock_notice, compare, newest_first, older_about, one_of, stored, subject_names,
};
use anji_engine::Content;
use anji_model::{
    Assessment, CheckId, CheckInfo, CommandCost, EvidenceRecord, FrameworkId, ResultIdentity,
    RunId, RunReport, RunSummary, Subject, Text, WeightTable,
};
use anji_store::{Interval, Reader, Store, StoredRun};
use jiff::Timestamp;
pub use past::TrendPoint;
use std::collections::{BTreeMap, BTreeSet};

/// A stored run with what is known around it.
#[derive(Debug)]
pub struct Report {
    /// The run.
    pub report: RunReport,
    /// What people call its subjects.
    pub subjects: BTreeMap<Subject, String>,
    /// Titles of the rule books.
    pub frameworks: BTreeMap<FrameworkId, Text>,
    /// Its evidence, without bodies.
    pub records: Vec<EvidenceRecord>,
    /// How its results came about as seen with the same rights, newest first.
    pub history: BTreeMap<ResultIdentity, Vec<Interval>>,
    /// The way that led to it, oldest first.
    pub trend: Vec<TrendPoint>,
}

/// A stored run (the last without `run`) with its comparison and, where the
/// `past` is asked for, its history and trend, as they stood when it was stored.
///
/// # Errors
/// When there is no such run, or content or store cannot be read.
pub fn report(home: &Home, run: Option<&RunId>, past: bool) -> Result<Report, AppError> {
    let content = content::load(home.content.as_deref())?;
    let store = Store::open_read_only(&home.state)?;
    store.read(|reader| {
        let runs = newest_first(reader)?;
        let summary = one_of(&runs, run)?;
        let run = stored(reader, &summary.run)?;
        let report = run_report(reader, &content, &runs, summary, &run)?;
        let (history, trend) = match past {
            true => (
                past::history(reader, &runs, &run, &report)?,
                past::trend(reader, &runs, &run, &report)?,
            ),
            false => (BTreeMap::new(), Vec::new()),
        };
        Ok(Report {
            subjects: subject_names(&run),
            frameworks: content
                .mappings()
                .iter()
                .map(|mapping| (mapping.framework.clone(), mapping.title.clone()))
                .collect(),
            records: reader.records_of(&summary.run)?,
            history,
            trend,
            report,
        })
    })
}

fn run_report(
    reader: &Reader<'_>,
    content: &Content,
    runs: &[RunSummary],
    summary: &RunSummary,
    run: &StoredRun,
) -> Result<RunReport, AppError> {
    let manifest = &run.signed.manifest;
    let results = reader.results_of(&summary.run)?;
    let subjects: BTreeSet<_> = manifest.subjects.iter().cloned().collect();
    let earlier = older_about(reader, runs, summary, &subjects)?;
    let comparison = compare(reader, &earlier, summary, run, subjects)?;
    let assessment = anji_engine::assess(results, manifest.as_of, &WeightTable::default());
    let checks = checks(content, &assessment);
    let commands = reader.command_log(&summary.run)?.into_iter().map(|log| CommandCost {
        capture: log.capture,
        milliseconds: log.ms,
        bytes: log.bytes,
        // Only a frame that is not to be trusted leaves no status.
        damaged: log.exit.is_none(),
        exit: log.exit,
        truncated: log.truncated,
        timed_out: log.timed_out,
    });
    let subject = manifest.subjects.first().cloned().unwrap_or_else(Subject::local);
    Ok(RunReport {
        run: Some(summary.run.clone()),
        started_at: manifest.started_at,
        ended_at: manifest.ended_at,
        subject_name: subject_names(run).into_values().collect::<Vec<_>>().join(", "),
        subject,
        baseline: manifest.baseline.clone(),
        program: manifest.program.clone(),
        content: manifest.content,
        compared_with: basis(runs, &comparison).cloned(),
        drift: comparison.drift,
        compared_results: comparison.compared,
        unknown: anji_engine::unknown_groups(&assessment.results),
        privilege: run.privilege,
        verdicts_with_more_rights: anji_engine::verdicts_with_more_rights(&assessment.results),
        next: anji_engine::next_steps(&assessment, &checks),
        head: Some(run.head),
        commands: commands.collect(),
        notices: clock_notice(last_before(reader, runs, summary)?, manifest.as_of)
            .into_iter()
            .chain(content_notices(content, manifest.content, &assessment, &checks))
            .collect(),
        checks,
        assessment,
    })
}

/// When the run before this one in the chain evaluated.
fn last_before(
    reader: &Reader<'_>,
    runs: &[RunSummary],
    summary: &RunSummary,
) -> Result<Option<Timestamp>, AppError> {
    let before = runs.iter().skip_while(|run| run.run != summary.run).nth(1);
    before.map(|run| Ok(stored(reader, &run.run)?.signed.manifest.as_of)).transpose()
}

/// The readable side of the checks that the results name.
fn checks(content: &Content, assessment: &Assessment) -> Vec<CheckInfo> {
    let named: BTreeSet<&CheckId> =
        assessment.results.iter().map(|result| &result.identity.check).collect();
    let infos = content.checks().iter().map(|check| &check.info);
    infos.filter(|info| named.contains(&info.id)).cloned().collect()
}

/// What the reader must know when the content is not that of the run.
fn content_notices(
    content: &Content,
    of_run: anji_model::Digest,
    assessment: &Assessment,
    checks: &[CheckInfo],
) -> Vec<Text> {
    if content.digest() == of_run {
        return Vec::new();
    }
    let revisions: BTreeMap<_, _> = checks.iter().map(|info| (&info.id, info.revision)).collect();
    let other = |id: &CheckId, revision| revisions.get(id) != Some(&revision);
    let changed: BTreeSet<_> = assessment
        .results
        .iter()
        .filter(|result| other(&result.identity.check, result.revision))
        .map(|result| result.identity.check.as_str())
        .collect();
    let mut notices = vec![Text {
        zh: "本报告所用的检查内容与该次运行不同：结论是当时的结论，标题、风险说明和整改建议来自本次所用的内容。".to_owned(),
        en: "This report uses other content than the run did: the verdicts are those of the run, titles, reasons and repairs come from the content in use now.".to_owned(),
    }];
    if !changed.is_empty() {
        const NAMED: usize = 20;
        let rest = if changed.len() > NAMED { " …" } else { "" };
        let list = |separator| {
            changed.iter().take(NAMED).copied().collect::<Vec<_>>().join(separator) + rest
        };
        notices.push(Text {
            zh: format!("其中含义已修订或已删除的检查项：{}。", list("、")),
            en: format!("Checks whose meaning was revised, or that are gone: {}.", list(", ")),
        });
    }
    notices
}
