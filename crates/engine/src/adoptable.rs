//! What a run observed for an approved list: [`observed_entries`].

use crate::content::{Baseline, Check, Content};
use crate::predicate::{Bound, BoundState, Environment};
use anji_model::{EvidenceKey, EvidenceStatus, Reason, ReasonCategory, RegisterId, Snapshot};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Everything in `snapshot` that the checks of `baseline` hold against the
/// approved list `register`: what a list adopted now would hold.
///
/// # Errors
/// The reason why that cannot be said: a list is adopted only from evidence
/// that was had, and without gaps. What a gap hides would be missing from the
/// list without a word, and an unseen part would later look like a change.
pub fn observed_entries(
    content: &Content,
    baseline: &Baseline,
    register: &RegisterId,
    snapshot: &Snapshot,
) -> Result<BTreeSet<String>, Reason> {
    let mut entries = BTreeSet::new();
    let mut used_at_all = false;
    for check in content.checks().iter().filter(|check| baseline.checks.contains(&check.info.id)) {
        for (index, _) in
            check.registers.iter().enumerate().filter(|(_, used)| used.register == *register)
        {
            used_at_all = true;
            entries.extend(entries_of(check, baseline, index, snapshot)?);
        }
    }
    if !used_at_all {
        // An empty list would approve nothing, and nobody has looked.
        return Err(Reason {
            category: ReasonCategory::NotCollected,
            key: None,
            detail: format!("no check of baseline `{}` holds anything against it", baseline.id),
        });
    }
    Ok(entries)
}

fn entries_of(
    check: &Check,
    baseline: &Baseline,
    register: usize,
    snapshot: &Snapshot,
) -> Result<BTreeSet<String>, Reason> {
    let Some(assertion) = &check.assertion else { return Ok(BTreeSet::new()) };
    let values = check
        .bindings
        .iter()
        .map(|binding| whole_value(&binding.key, snapshot))
        .collect::<Result<Vec<_>, _>>()?;
    let bindings = check.bindings.iter().zip(&values).map(|(binding, value)| Bound {
        key: &binding.key,
        state: BoundState::Collected { value, gaps: &[] },
        empty_ok: binding.empty_ok,
    });
    let params = baseline.params_of(check);
    let env = Environment {
        bindings: bindings.collect(),
        params: &params,
        registers: check.registers.iter().map(|_| None).collect(),
        // No assertion looks things up in a list by the time of day.
        now: Timestamp::UNIX_EPOCH,
    };
    Ok(assertion.looked_up(&env, register))
}

/// The value of a piece of evidence that was had without any gap.
fn whole_value(key: &EvidenceKey, snapshot: &Snapshot) -> Result<serde_json::Value, Reason> {
    let reason = |category, detail: String| Reason { category, key: Some(key.clone()), detail };
    let record = snapshot.records.get(key).ok_or_else(|| {
        reason(ReasonCategory::NotCollected, format!("{key} was not collected in that run"))
    })?;
    match &record.status {
        EvidenceStatus::Collected => {}
        EvidenceStatus::Absent { detail } => {
            return Err(reason(ReasonCategory::Absent, format!("{key}: {detail}")));
        }
        EvidenceStatus::Failed { category, detail } => {
            let category = ReasonCategory::Evidence(*category);
            return Err(reason(category, format!("{key}: {detail}")));
        }
    }
    if let Some(gap) = record.gaps.first() {
        let category = ReasonCategory::Evidence(gap.category);
        return Err(reason(category, format!("{key} is incomplete: {}", gap.detail)));
    }
    let body = record.body.and_then(|digest| snapshot.bodies.get(&digest));
    body.and_then(|body| serde_json::from_slice(body).ok())
        .ok_or_else(|| reason(ReasonCategory::Fault, format!("{key}: its body cannot be read")))
}
