//! A run between evaluation and storing.

use crate::context::unassigned;
use crate::plan::Prepared;
use anji_collect::Collected;
use anji_engine::Input;
use anji_model::{Assessment, CheckResult, Register, ResultSummary, RunId, SystemId};
use jiff::Timestamp;

/// A run that was carried out and evaluated, and not yet stored.
pub(crate) struct Job<'a> {
    pub(crate) prepared: Prepared<'a>,
    pub(crate) collected: Collected,
    pub(crate) assessment: Assessment,
    pub(crate) system: SystemId,
    pub(crate) run: RunId,
    pub(crate) started_at: Timestamp,
    pub(crate) as_of: Timestamp,
}

impl<'a> Job<'a> {
    pub(crate) fn evaluate(
        prepared: Prepared<'a>,
        collected: Collected,
        registers: &[Register],
        [started_at, as_of]: [Timestamp; 2],
        run: RunId,
    ) -> Self {
        let system = unassigned();
        let input = Input {
            subject: &prepared.subject,
            system: &system,
            snapshot: &collected.snapshot,
            registers,
            now: as_of,
            selection: &prepared.selection,
            prior: None,
        };
        let results = anji_engine::evaluate(prepared.content, prepared.baseline, &input);
        let assessment = anji_engine::assess(results, as_of, &anji_model::WeightTable::default());
        Self { prepared, collected, assessment, system, run, started_at, as_of }
    }

    /// The results as one side of a comparison.
    pub(crate) fn summaries(&self) -> Vec<ResultSummary> {
        let summary = |result: &CheckResult| ResultSummary {
            run: self.run.clone(),
            as_of: self.as_of,
            result: result.clone(),
        };
        self.assessment.results.iter().map(summary).collect()
    }
}
