//! Reports made of any bytes: whatever the model can hold, in any combination,
//! with texts that nobody would think of. Serves the fuzz target of the
//! renderers and the tests that replay its corpus.

use anji_model::{
    Assessment, BaselineVersion, CheckId, CheckInfo, CheckResult, ClauseId, ClauseLink, Collector,
    CommandCost, Conformance, Coverage, Digest, Drift, DriftCause, DriftKind, EvidenceKey,
    EvidenceRecord, EvidenceStatus, EvidenceType, EvidenceUse, FailureCategory, FrameworkId, Gap,
    GapKind, Guard, MappingStatus, NextStep, Observation, Privilege, RawResult, Reason,
    ReasonCategory, RegisterId, ResultIdentity, ResultSummary, RunCounts, RunId, RunReport,
    RunSummary, Severity, Subject, SystemId, Term, Text, UnknownGroup,
};
use anji_report::{HistoryView, ReportView, TrendView};
use arbitrary::{Result, Unstructured};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The report that `bytes` stand for; any bytes stand for one.
pub(crate) fn view(bytes: &[u8]) -> ReportView {
    // Exhausted input gives zeros and empty texts, so that this never fails.
    Maker(Unstructured::new(bytes))
        .view()
        .unwrap_or_else(|_| Maker(Unstructured::new(&[])).view().expect("no bytes make a report"))
}

struct Maker<'a>(Unstructured<'a>);

impl Maker<'_> {
    fn any<T: Copy>(&mut self, all: &[T]) -> Result<T> {
        self.0.choose(all).copied()
    }

    fn many<T>(
        &mut self,
        most: usize,
        mut one: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let count = self.0.int_in_range(0..=most)?;
        (0..count).map(|_| one(self)).collect()
    }

    fn maybe<T>(&mut self, one: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        if self.0.arbitrary()? { one(self).map(Some) } else { Ok(None) }
    }

    fn text(&mut self) -> Result<String> {
        let text: &str = self.0.arbitrary()?;
        let times = self.any(&[1, 1, 1, 1, 1, 1, 1, 400])?;
        Ok(text.repeat(times))
    }

    fn both(&mut self) -> Result<Text> {
        Ok(Text { zh: self.text()?, en: self.text()? })
    }

    fn id<T, E>(
        &mut self,
        make: impl Fn(String) -> std::result::Result<T, E>,
        known: &[&str],
    ) -> Result<T> {
        let text = self.text()?;
        if let Ok(made) = make(text) {
            return Ok(made);
        }
        let known = self.any(known)?;
        Ok(make(known.to_owned()).unwrap_or_else(|_| panic!("{known} has the form")))
    }

    fn check_id(&mut self) -> Result<CheckId> {
        self.id(CheckId::new, &["LNX-001", "LNX-002", "LNX-030"])
    }

    fn subject(&mut self) -> Result<Subject> {
        let made = Subject::asset(self.text()?);
        Ok(made.unwrap_or_else(|_| Subject::local()))
    }

    fn run_id(&mut self) -> Result<RunId> {
        self.id(RunId::new, &["20261123T233005Z-4f1c9a2b", "run-1"])
    }

    fn time(&mut self) -> Result<Timestamp> {
        let seconds = self.any(&[0, 1_763_000_000, -62_000_000_000, 253_000_000_000])?;
        let near: i32 = self.0.arbitrary()?;
        Ok(Timestamp::from_second(seconds + i64::from(near) / 64).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    fn digest(&mut self) -> Result<Digest> {
        self.0.arbitrary().map(Digest)
    }

    fn key(&mut self) -> Result<EvidenceKey> {
        let kind = self.id(EvidenceType::new, &["accounts", "sshd.effective"])?;
        Ok(EvidenceKey { kind, selector: None })
    }

    fn severity(&mut self) -> Result<Severity> {
        self.any(&[
            Severity::Info,
            Severity::Low,
            Severity::Medium,
            Severity::High,
            Severity::Critical,
        ])
    }

    fn privilege(&mut self) -> Result<Privilege> {
        self.any(&[Privilege::User, Privilege::Sudo, Privilege::Root])
    }

    fn failure(&mut self) -> Result<FailureCategory> {
        use FailureCategory as F;
        self.any(&[
            F::Permission,
            F::TimedOut,
            F::Truncated,
            F::Unparsable,
            F::ToolMissing,
            F::NotLive,
            F::Incomplete,
            F::Unsupported,
            F::Refused,
            F::CommandFailed,
            F::Unreachable,
            F::NotImported,
        ])
    }

    fn category(&mut self) -> Result<ReasonCategory> {
        Ok(match self.0.int_in_range(0..=7)? {
            0 => ReasonCategory::NotCollected,
            1 => ReasonCategory::Stale,
            2 => ReasonCategory::NoRegister(self.id(RegisterId::new, &["suid-files"])?),
            3 => ReasonCategory::Empty,
            4 => ReasonCategory::Absent,
            5 => ReasonCategory::Undecidable,
            6 => ReasonCategory::Fault,
            _ => ReasonCategory::Evidence(self.failure()?),
        })
    }

    fn reason(&mut self) -> Result<Reason> {
        Ok(Reason { category: self.category()?, key: self.maybe(Self::key)?, detail: self.text()? })
    }

    fn term(&mut self) -> Result<Term> {
        const OPERATORS: &[&str] = &["==", "!=", "<=", "in", "has", "all", "unique", "contains"];
        let known = self.any(OPERATORS)?.to_owned();
        Ok(Term {
            path: self.text()?,
            observed: self.text()?,
            operator: self.maybe(Self::text)?.unwrap_or(known),
            allowed: self.text()?,
        })
    }

    fn identity(&mut self) -> Result<ResultIdentity> {
        Ok(ResultIdentity {
            baseline: self.id(BaselineVersion::new, &["starter@1"])?,
            system: self.id(SystemId::new, &["his", "lis"])?,
            check: self.check_id()?,
            subject: self.subject()?,
            element: self.maybe(Self::text)?,
        })
    }

    fn used(&mut self) -> Result<EvidenceUse> {
        Ok(EvidenceUse {
            key: self.key()?,
            body: self.maybe(Self::digest)?,
            observed_at: self.maybe(Self::time)?,
            privilege: self.maybe(Self::privilege)?,
            state: None,
            stale: self.0.arbitrary()?,
        })
    }

    fn result(&mut self) -> Result<CheckResult> {
        let failed_terms = self.many(4, Self::term)?;
        Ok(CheckResult {
            identity: self.identity()?,
            revision: self.0.arbitrary()?,
            severity: self.severity()?,
            raw: self.any(&RawResult::ALL)?,
            observed: self.many(4, |it| Ok(Observation { path: it.text()?, value: it.text()? }))?,
            // A count that is less than what is named is not the renderers' to trust.
            failed_terms_total: self.0.arbitrary()?,
            failed_terms,
            failed_terms_rest: None,
            reasons: self.many(3, Self::reason)?,
            evidence: self.many(3, Self::used)?,
            valid_until: self.maybe(Self::time)?,
            answer_until: None,
            inputs: self.digest()?,
            parameters: Digest([0; 32]),
            statements: Digest([0; 32]),
        })
    }

    fn check(&mut self, id: CheckId) -> Result<CheckInfo> {
        use MappingStatus as M;
        let statuses = [M::Automated, M::Partial, M::Attested, M::Planned, M::NotApplicable];
        Ok(CheckInfo {
            id,
            alias: self.text()?,
            revision: self.0.arbitrary()?,
            pack: self.text()?,
            title: self.both()?,
            why: self.both()?,
            fix: self.both()?,
            severity: self.severity()?,
            guards: self
                .many(3, |it| it.any(&[Guard::Interruption, Guard::Data, Guard::Compliance]))?,
            clauses: self.many(3, |it| {
                Ok(ClauseLink {
                    framework: it.id(FrameworkId::new, &["gbt22239-2019"])?,
                    clause: it.id(ClauseId::new, &["8.1.4.1a"])?,
                    status: it.any(&statuses)?,
                    how: it.both()?,
                })
            })?,
            registers: Vec::new(),
            assertion: self.text()?,
            undecided: self.maybe(Self::both)?,
        })
    }

    fn side(&mut self) -> Result<ResultSummary> {
        Ok(ResultSummary { run: self.run_id()?, as_of: self.time()?, result: self.result()? })
    }

    fn kind(&mut self) -> Result<DriftKind> {
        use DriftKind as K;
        self.any(&[
            K::Regressed,
            K::EvidenceLost,
            K::Appeared,
            K::Gone,
            K::Recovered,
            K::EvidenceRestored,
            K::ValueMoved,
        ])
    }

    fn drift(&mut self) -> Result<Drift> {
        use DriftCause as C;
        let causes = [C::Evidence, C::Baseline, C::Content, C::Waiver, C::Statement, C::Time];
        Ok(Drift {
            identity: self.identity()?,
            severity: self.severity()?,
            kind: self.kind()?,
            cause: self.any(&causes)?,
            before: self.maybe(Self::side)?,
            after: self.maybe(Self::side)?,
            new_terms: self.many(3, Self::term)?,
            gone_terms: self.many(3, Self::term)?,
        })
    }

    fn conformance(&mut self) -> Result<Conformance> {
        let weight = |it: &mut Self| Ok(u64::from(it.0.arbitrary::<u32>()?));
        Ok(Conformance {
            pass_weight: weight(self)?,
            fail_weight: weight(self)?,
            unknown_weight: weight(self)?,
            critical_failing: self.0.arbitrary()?,
        })
    }

    fn assessment(&mut self) -> Result<Assessment> {
        let mut results = self.many(12, Self::result)?;
        results.sort_by(|a, b| a.identity.cmp(&b.identity));
        results.dedup_by(|a, b| a.identity == b.identity);
        let mut coverage = Coverage::default();
        results.iter().for_each(|one| coverage.counts[one.raw as usize] += 1);
        Ok(Assessment { as_of: self.time()?, results, conformance: self.conformance()?, coverage })
    }

    fn next(&mut self) -> Result<NextStep> {
        Ok(match self.0.int_in_range(0..=2)? {
            0 => NextStep::Repair(self.check_id()?),
            1 => NextStep::Adopt(self.id(RegisterId::new, &["suid-files"])?),
            _ => NextStep::MoreRights(self.0.arbitrary()?),
        })
    }

    fn summary(&mut self) -> Result<RunSummary> {
        Ok(RunSummary {
            run: self.run_id()?,
            as_of: self.time()?,
            counts: RunCounts::default(),
            head: self.digest()?,
        })
    }

    fn report(&mut self) -> Result<RunReport> {
        let assessment = self.assessment()?;
        let mut ids: Vec<_> =
            assessment.results.iter().map(|one| one.identity.check.clone()).collect();
        ids.sort();
        ids.dedup();
        // Now and then a check is missing: content has lost it since.
        let lost = self.0.int_in_range(0..=3)?;
        let checks = ids.into_iter().skip(usize::from(lost == 0)).map(|id| self.check(id));
        Ok(RunReport {
            checks: checks.collect::<Result<_>>()?,
            assessment,
            run: self.maybe(Self::run_id)?,
            started_at: self.time()?,
            ended_at: self.time()?,
            subject: self.subject()?,
            subject_name: self.text()?,
            baseline: self.id(BaselineVersion::new, &["starter@1"])?,
            program: self.text()?,
            content: self.digest()?,
            compared_with: self.maybe(Self::summary)?,
            drift: self.many(5, Self::drift)?,
            compared_results: self.0.arbitrary()?,
            unknown: self.many(3, |it| {
                let example = it.reason()?;
                let category = example.category.clone();
                Ok(UnknownGroup { category, example, checks: it.many(3, Self::check_id)? })
            })?,
            privilege: self.privilege()?,
            verdicts_with_more_rights: self.0.arbitrary()?,
            next: self.many(4, Self::next)?,
            head: self.maybe(Self::digest)?,
            commands: self.many(2, |it| {
                Ok(CommandCost {
                    capture: it.text()?,
                    milliseconds: it.0.arbitrary()?,
                    bytes: it.0.arbitrary()?,
                    exit: it.0.arbitrary()?,
                    truncated: it.0.arbitrary()?,
                    timed_out: it.0.arbitrary()?,
                    damaged: it.0.arbitrary()?,
                })
            })?,
            notices: self.many(2, Self::both)?,
        })
    }

    fn record(&mut self) -> Result<EvidenceRecord> {
        Ok(EvidenceRecord {
            key: self.key()?,
            subject: self.subject()?,
            observed_at: self.time()?,
            received_at: self.time()?,
            collector: Collector { transport: self.text()?, version: self.text()? },
            privilege: self.privilege()?,
            status: match self.0.int_in_range(0..=2)? {
                0 => EvidenceStatus::Collected,
                1 => EvidenceStatus::Absent { detail: self.text()? },
                _ => EvidenceStatus::Failed { category: self.failure()?, detail: self.text()? },
            },
            gaps: self.many(2, |it| {
                let kind = it.any(&[GapKind::Unknown, GapKind::Partial])?;
                Ok(Gap { path: it.text()?, kind, category: it.failure()?, detail: it.text()? })
            })?,
            parser_revision: 1,
            body: self.maybe(Self::digest)?,
            volatile: None,
            capture: self.maybe(Self::digest)?,
        })
    }

    fn stretch(&mut self) -> Result<HistoryView> {
        Ok(HistoryView {
            run: self.run_id()?,
            since: self.time()?,
            last_run: self.run_id()?,
            until: self.time()?,
            privilege: self.privilege()?,
            raw: self.any(&RawResult::ALL)?,
            failed_terms_total: self.0.arbitrary()?,
        })
    }

    fn point(&mut self) -> Result<TrendView> {
        Ok(TrendView {
            run: self.run_id()?,
            as_of: self.time()?,
            conformance: self.maybe(Self::conformance)?,
            changes: self.maybe(|it| {
                let all = it.many(3, |it| Ok((it.kind()?, it.0.arbitrary()?)))?;
                Ok(all.into_iter().collect())
            })?,
        })
    }

    fn view(&mut self) -> Result<ReportView> {
        let report = self.report()?;
        let identities: Vec<_> =
            report.assessment.results.iter().map(|one| one.identity.clone()).collect();
        let mut subjects = BTreeMap::new();
        let mut history = BTreeMap::new();
        for identity in identities {
            if let Some(name) = self.maybe(Self::text)? {
                subjects.insert(identity.subject.clone(), name);
            }
            history.insert(identity, self.many(8, Self::stretch)?);
        }
        Ok(ReportView {
            made_at: self.time()?,
            subjects,
            frameworks: self
                .many(2, |it| Ok((it.id(FrameworkId::new, &["gbt22239-2019"])?, it.both()?)))?
                .into_iter()
                .collect(),
            records: self.many(5, Self::record)?,
            history,
            trend: self.many(6, Self::point)?,
            report,
        })
    }
}
