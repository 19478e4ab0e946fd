//! Evidence that is computed from other evidence, after collection.
//!
//! A type that names what it is [derived
//! from](anji_evidence::EvidenceKind::derived_from) has no captures. A plan
//! wants what it rests on in its place; once that is collected, [`derive`] puts
//! the record into the snapshot, and checks read it like any other.

use crate::content::{Baseline, Content};
use crate::plan::{Choice, Selection, checks_of};
use anji_evidence::package_vulnerabilities::{self, Input, Lookup};
use anji_evidence::{EvidenceKind, Parsed, digest, find};
use anji_model::{
    Body, Collector, EvidenceKey, EvidenceRecord, EvidenceType, FailureCategory, Snapshot,
    VulnKnowledge,
};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The keys that `key` is derived from; none where it is collected itself.
pub(crate) fn inputs(key: &EvidenceKey) -> Vec<EvidenceKey> {
    let names = find(&key.kind).map_or(&[][..], EvidenceKind::derived_from);
    names.iter().map(|name| plain_key(name)).collect()
}

fn plain_key(name: &str) -> EvidenceKey {
    let kind = EvidenceType::new(name).expect("evidence types name others by valid names");
    EvidenceKey { kind, selector: None }
}

/// The derived keys that the selected checks of `baseline` need.
pub fn derived_keys(
    content: &Content,
    baseline: &Baseline,
    selection: &Selection,
) -> BTreeSet<EvidenceKey> {
    checks_of(content, baseline)
        .filter(|check| selection.choice(check) == Choice::Asked)
        .flat_map(|check| check.bindings.iter().map(|binding| &binding.key))
        .filter(|key| !inputs(key).is_empty())
        .cloned()
        .collect()
}

const OS: &str = "os.release";
const PACKAGES: &str = "packages";

/// What vulnerability data to look up for the host of `snapshot`; none where
/// too little is known of it.
pub fn lookup(snapshot: &Snapshot) -> Option<Lookup> {
    let (os, packages) = (record(snapshot, OS)?, record(snapshot, PACKAGES)?);
    package_vulnerabilities::subject(&input(snapshot, os, packages)).ok()
}

fn record<'s>(snapshot: &'s Snapshot, name: &str) -> Option<&'s EvidenceRecord> {
    snapshot.records.get(&plain_key(name))
}

fn input<'s>(
    snapshot: &'s Snapshot,
    os: &'s EvidenceRecord,
    packages: &'s EvidenceRecord,
) -> Input<'s> {
    let body = |record: &EvidenceRecord| snapshot.bodies.get(&record.body?).map(AsRef::as_ref);
    Input {
        os_status: &os.status,
        os: body(os),
        packages_status: &packages.status,
        packages_gaps: &packages.gaps,
        packages: body(packages),
    }
}

/// Computes the derived evidence `key` and puts its record into `snapshot`. It
/// is as old as the oldest of what it rests on, and was had with the least of
/// its rights. Nothing happens while some of that has no record yet.
pub fn derive(
    snapshot: &mut Snapshot,
    key: &EvidenceKey,
    knowledge: &VulnKnowledge,
    now: Timestamp,
) -> Option<EvidenceRecord> {
    let kind = find(&key.kind)?;
    let rests_on: Option<Vec<_>> =
        inputs(key).iter().map(|key| snapshot.records.get(key)).collect();
    let rests_on = rests_on.filter(|records| !records.is_empty())?;
    let parsed = compute(snapshot, key, knowledge, now);
    let body = parsed.body.map(|bytes| (digest(&bytes), Body::from(bytes)));
    let record = EvidenceRecord {
        key: key.clone(),
        subject: snapshot.subject.clone(),
        observed_at: rests_on.iter().map(|record| record.observed_at).min()?,
        received_at: rests_on.iter().map(|record| record.received_at).max()?,
        collector: Collector {
            transport: "derived".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        privilege: rests_on.iter().map(|record| record.privilege).min()?,
        status: parsed.status,
        gaps: parsed.gaps,
        parser_revision: kind.parser_revision(),
        body: body.as_ref().map(|(digest, _)| *digest),
        volatile: None,
        capture: None,
    };
    snapshot.bodies.extend(body);
    snapshot.records.insert(key.clone(), record.clone());
    Some(record)
}

fn compute(
    snapshot: &Snapshot,
    key: &EvidenceKey,
    knowledge: &VulnKnowledge,
    now: Timestamp,
) -> Parsed {
    let unknown = || Parsed::failed(FailureCategory::Unsupported, "nothing derives this type");
    if key.kind.as_str() != "package.vulnerabilities" {
        return unknown();
    }
    let (Some(os), Some(packages)) = (record(snapshot, OS), record(snapshot, PACKAGES)) else {
        return unknown();
    };
    let input = input(snapshot, os, packages);
    match package_vulnerabilities::subject(&input) {
        Ok(lookup) => {
            let today = now.as_second().div_euclid(86_400);
            package_vulnerabilities::derive(&input, &lookup, knowledge, today)
        }
        Err(parsed) => *parsed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_model::Subject;

    #[test]
    fn derived_evidence_waits_for_all_that_it_rests_on() {
        let key = plain_key("package.vulnerabilities");
        let names: Vec<_> = inputs(&key).iter().map(ToString::to_string).collect();
        assert_eq!(names, [OS, PACKAGES]);
        assert!(inputs(&plain_key(OS)).is_empty());
        let mut snapshot = Snapshot::empty(Subject::local());
        let now = Timestamp::UNIX_EPOCH;
        assert!(derive(&mut snapshot, &key, &VulnKnowledge::default(), now).is_none());
        assert!(snapshot.records.is_empty());
    }

    #[test]
    fn every_input_is_collected_and_has_no_selector() {
        for kind in anji_evidence::registry() {
            for name in kind.derived_from() {
                let input = find(&plain_key(name).kind).expect("inputs are registered");
                assert!(input.derived_from().is_empty(), "{name}");
                assert_eq!(input.selector(), anji_evidence::SelectorKind::None, "{name}");
            }
        }
    }
}
