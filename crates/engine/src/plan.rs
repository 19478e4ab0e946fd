//! What to collect, and what for: [`plan`].

mod selection;

use crate::content::{Baseline, Check, Content};
use crate::derived;
use anji_model::{
    AbsPath, Capture, CollectionPlan, EvidenceKey, EvidenceType, Limits, Plan, Selector, Served,
    Subject, WantedEvidence,
};
use std::collections::{BTreeMap, BTreeSet};

pub use selection::Selection;
pub(crate) use selection::{Choice, is_walk, version_of};

/// The plan for one subject: every piece of evidence that some selected check
/// of the baseline needs, once, and the commands that bring it.
///
/// In another root directory the plan is the same: there is no running system
/// to ask, and captures of live facts say so by themselves, so that their
/// records tell "not live" from "not arrived".
pub fn plan(
    content: &Content,
    baseline: &Baseline,
    selection: &Selection,
    subject: &Subject,
    root: Option<&AbsPath>,
) -> Plan {
    let asked = checks_of(content, baseline)
        .filter(|check| selection.choice(check) == Choice::Asked)
        .collect::<Vec<_>>();
    let (limits, serves) = wants(asked);
    let captures = captures(limits.keys());
    let wanted = limits.into_iter().map(|(key, limits)| WantedEvidence { key, limits }).collect();
    let collection =
        CollectionPlan { subject: subject.clone(), root: root.cloned(), wanted, captures };
    Plan { collection, serves }
}

/// The plan of every evidence type there is, for one subject: selectors are
/// those that any check names. With `skip_walk` nothing walks the file systems.
pub fn plan_everything(
    content: &Content,
    skip_walk: bool,
    subject: &Subject,
    root: Option<&AbsPath>,
) -> CollectionPlan {
    let (mut limits, _) = wants(content.checks());
    for kind in anji_evidence::registry() {
        if kind.selector() == anji_evidence::SelectorKind::None {
            let key = EvidenceKey { kind: kind.name(), selector: None };
            limits.entry(key).or_insert_with(|| kind.limits());
        }
    }
    limits.retain(|key, _| !skip_walk || !is_walk(&key.kind));
    let captures = captures(limits.keys());
    let wanted = limits.into_iter().map(|(key, limits)| WantedEvidence { key, limits }).collect();
    CollectionPlan { subject: subject.clone(), root: root.cloned(), wanted, captures }
}

/// The checks that the baseline asks for, in its order.
pub(crate) fn checks_of<'c>(
    content: &'c Content,
    baseline: &'c Baseline,
) -> impl Iterator<Item = &'c Check> {
    baseline.checks.iter().filter_map(|id| content.check(id.as_str()))
}

/// The bounds of one binding's evidence: the type's own, with the age that the
/// check lowers. None for a type that is not registered, which the loader
/// refuses in content.
pub(crate) fn binding_limits(key: &EvidenceKey, age_seconds_max: Option<u32>) -> Option<Limits> {
    let limits = anji_evidence::find(&key.kind)?.limits();
    let age = age_seconds_max.unwrap_or(u32::MAX).min(limits.age_seconds_max);
    Some(Limits { age_seconds_max: age, ..limits })
}

/// What is collected for `key`: itself, or the evidence that it is derived from.
/// No target is ever asked for derived evidence, and so no record of it comes
/// before what it rests on.
fn collected(key: &EvidenceKey) -> Vec<EvidenceKey> {
    match derived::inputs(key) {
        inputs if inputs.is_empty() => vec![key.clone()],
        inputs => inputs,
    }
}

type Wants = (BTreeMap<EvidenceKey, Limits>, BTreeMap<EvidenceKey, Vec<Served>>);

/// Every key with its merged bounds, and the checks that it serves.
fn wants<'c>(checks: impl IntoIterator<Item = &'c Check>) -> Wants {
    let mut limits: BTreeMap<EvidenceKey, Limits> = BTreeMap::new();
    let mut serves: BTreeMap<EvidenceKey, BTreeMap<_, Served>> = BTreeMap::new();
    for check in checks {
        for binding in &check.bindings {
            for key in collected(&binding.key) {
                let Some(own) = binding_limits(&key, binding.age_seconds_max) else { continue };
                limits
                    .entry(key.clone())
                    .and_modify(|merged| *merged = merged.merge(own))
                    .or_insert(own);
                let served =
                    Served { check: check.info.id.clone(), clauses: check.info.clauses.clone() };
                serves.entry(key).or_default().insert(&check.info.id, served);
            }
        }
    }
    let serves =
        serves.into_iter().map(|(key, served)| (key, served.into_values().collect())).collect();
    (limits, serves)
}

/// The commands for `keys`: each name once, cheap ones first, walks last.
fn captures<'k>(keys: impl IntoIterator<Item = &'k EvidenceKey>) -> Vec<Capture> {
    let mut selectors: BTreeMap<&EvidenceType, BTreeSet<&Selector>> = BTreeMap::new();
    for key in keys {
        selectors.entry(&key.kind).or_default().extend(&key.selector);
    }
    let mut by_id: BTreeMap<String, (bool, Capture)> = BTreeMap::new();
    for (kind, selectors) in selectors {
        let Some(known) = anji_evidence::find(kind) else { continue };
        let selectors: Vec<Selector> = selectors.into_iter().cloned().collect();
        for capture in known.captures(&selectors) {
            let walks = is_walk(kind);
            match by_id.entry(capture.id.clone()) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert((walks, capture));
                }
                std::collections::btree_map::Entry::Occupied(mut place) => {
                    let (last, merged) = place.get_mut();
                    *last &= walks;
                    *merged = merge(merged, &capture);
                }
            }
        }
    }
    let mut found: Vec<_> = by_id.into_values().collect();
    // The time and the bytes that a command is granted are what is known of
    // its cost; the name makes the order total, so that the script is the same
    // every day.
    found.sort_by(|(a_walks, a), (b_walks, b)| {
        (a_walks, a.timeout_seconds, a.bytes_max, &a.id).cmp(&(
            b_walks,
            b.timeout_seconds,
            b.bytes_max,
            &b.id,
        ))
    });
    found.into_iter().map(|(_, capture)| capture).collect()
}

/// One capture for two types that share it: the larger limits. Two different
/// commands under one name would be a fault of the types; the choice between
/// them must then at least not hang on their order.
fn merge(a: &Capture, b: &Capture) -> Capture {
    let first = if (&a.command, &a.sudo) <= (&b.command, &b.sudo) { a } else { b };
    Capture {
        bytes_max: a.bytes_max.max(b.bytes_max),
        timeout_seconds: a.timeout_seconds.max(b.timeout_seconds),
        ..first.clone()
    }
}

#[cfg(test)]
mod tests;
