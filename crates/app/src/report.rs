//! A stored run with everything that a document about it shows.

use crate::content;
use crate::context::Home;
use crate::error::AppError;
use crate::history::{answers, compare, newest_first, older_about, one_of, stored, subject_names};
use anji_engine::Content;
use anji_model::{
    Assessment, BaselineVersion, CheckId, CheckInfo, CommandCost, Conformance, Coverage,
    EvidenceRecord, FrameworkId, ResultIdentity, RunId, RunReport, RunSummary, Subject, Text,
    WeightTable,
};
use anji_store::{DriftCounts, Interval, Reader, Store, StoredRun};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// One point of the way that led to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendPoint {
    /// The run.
    pub run: RunId,
    /// The instant that its evaluation took as now.
    pub as_of: Timestamp,
    /// Its rate.
    pub conformance: Conformance,
    /// Its counts.
    pub coverage: Coverage,
    /// What changed with it.
    pub changes: DriftCounts,
}

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
    /// The comparable runs up to it, oldest first: the same subjects, baseline
    /// and rights, and nine tenths or more of its questions.
    pub trend: Vec<TrendPoint>,
}

/// The most points of a trend.
const TREND_MAX: usize = 60;

/// A stored run (the last without `run`) with its comparison, history and
/// trend, as they stood when it was stored.
///
/// # Errors
/// When there is no such run, or content or store cannot be read.
pub fn report(home: &Home, run: Option<&RunId>) -> Result<Report, AppError> {
    let content = content::load(home.content.as_deref())?;
    let store = Store::open_read_only(&home.state)?;
    store.read(|reader| {
        let runs = newest_first(reader)?;
        let summary = one_of(&runs, run)?;
        let run = stored(reader, &summary.run)?;
        let report = run_report(reader, &content, &runs, summary, &run)?;
        Ok(Report {
            subjects: subject_names(&run),
            frameworks: content
                .mappings()
                .iter()
                .map(|mapping| (mapping.framework.clone(), mapping.title.clone()))
                .collect(),
            records: reader.records_of(&summary.run)?,
            history: history(reader, &runs, &run, &report)?,
            trend: trend(reader, &runs, &run, &report)?,
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
        exit: log.exit,
        truncated: log.truncated,
        timed_out: log.timed_out,
        damaged: false,
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
        compared_with: (comparison.compared > 0)
            .then(|| earlier.first().map(|run| (*run).clone()))
            .flatten(),
        drift: comparison.drift,
        compared_results: comparison.compared,
        unknown: anji_engine::unknown_groups(&assessment.results),
        privilege: run.privilege,
        verdicts_with_more_rights: anji_engine::verdicts_with_more_rights(&assessment.results),
        next: anji_engine::next_steps(&assessment, &checks),
        head: Some(run.head),
        commands: commands.collect(),
        notices: notices(content, manifest.content, &assessment, &checks),
        checks,
        assessment,
    })
}

/// The readable side of the checks that the results name.
fn checks(content: &Content, assessment: &Assessment) -> Vec<CheckInfo> {
    let named: BTreeSet<&CheckId> =
        assessment.results.iter().map(|result| &result.identity.check).collect();
    let infos = content.checks().iter().map(|check| &check.info);
    infos.filter(|info| named.contains(&info.id)).cloned().collect()
}

/// What the reader must know when the content is not that of the run.
fn notices(
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
        zh: "本次运行之后内容已更新：结论是当时的结论，标题、依据和整改文字来自现在的内容。".to_owned(),
        en: "The content has changed since the run: the verdicts are those of that day, titles, reasons and repairs are today's.".to_owned(),
    }];
    if !changed.is_empty() {
        let list = |separator| changed.iter().copied().collect::<Vec<_>>().join(separator);
        notices.push(Text {
            zh: format!("其中含义已修订或已删除的检查项：{}。", list("、")),
            en: format!("Checks whose meaning was revised, or that are gone: {}.", list(", ")),
        });
    }
    notices
}

/// The stretches of each result up to the run, seen with its rights.
fn history(
    reader: &Reader<'_>,
    runs: &[RunSummary],
    run: &StoredRun,
    report: &RunReport,
) -> Result<BTreeMap<ResultIdentity, Vec<Interval>>, AppError> {
    // What began after the run did not exist for it.
    let later: BTreeSet<&RunId> = runs
        .iter()
        .map(|summary| &summary.run)
        .take_while(|id| **id != run.signed.manifest.run)
        .collect();
    let mut found = BTreeMap::new();
    for result in &report.assessment.results {
        let mut stretches = reader.history(&result.identity)?;
        stretches.retain(|one| one.privilege == run.privilege && !later.contains(&one.first_run));
        stretches.reverse();
        found.insert(result.identity.clone(), stretches);
    }
    Ok(found)
}

fn trend(
    reader: &Reader<'_>,
    runs: &[RunSummary],
    run: &StoredRun,
    report: &RunReport,
) -> Result<Vec<TrendPoint>, AppError> {
    let manifest = &run.signed.manifest;
    let name = |version: &BaselineVersion| crate::plan::baseline_name(version).to_owned();
    let question = |identity: &ResultIdentity| {
        (identity.subject.clone(), identity.check.clone(), identity.element.clone())
    };
    let asked: BTreeSet<_> = report
        .assessment
        .results
        .iter()
        .filter(|result| answers(result))
        .map(|result| question(&result.identity))
        .collect();
    let mut points = Vec::new();
    for summary in runs.iter().skip_while(|one| one.run != manifest.run).take(TREND_MAX) {
        let one = stored(reader, &summary.run)?;
        let other = &one.signed.manifest;
        let like = other.subjects == manifest.subjects
            && one.privilege == run.privilege
            && name(&other.baseline) == name(&manifest.baseline);
        if !like {
            continue;
        }
        let results = reader.results_of(&summary.run)?;
        let shared = results
            .iter()
            .filter(|result| answers(result) && asked.contains(&question(&result.identity)))
            .count();
        if shared * 10 >= asked.len() * 9 {
            points.push(TrendPoint {
                run: summary.run.clone(),
                as_of: summary.as_of,
                conformance: anji_engine::conformance(&results, &WeightTable::default()),
                coverage: anji_engine::coverage(&results),
                changes: one.drift,
            });
        }
    }
    points.reverse();
    Ok(points)
}
