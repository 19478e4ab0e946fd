//! Runs: manifests, signatures, the chain, and the Merkle root over the content.

use super::{Place, Problem, Verifier};
use crate::codec::{canonical, canonical_value};
use crate::span::Kind;
use crate::sql::rows::{RunRow, column, parse};
use crate::sql::runs::{Context, Loaded};
use crate::sql::{Fault, privilege_number};
use crate::trust::{head, leaf_hashes, merkle, signature_holds};
use anji_model::{Digest, RunManifest};
use serde_json::Value;

impl Verifier<'_> {
    /// Every run in the order of the chain.
    pub(super) fn runs(&mut self) -> Result<(), Fault> {
        let mut next = 0;
        let mut before: Option<Digest> = None;
        for number in column::<i64>(self.conn, "SELECT sequence FROM run ORDER BY sequence")? {
            let Ok(sequence) = u64::try_from(number) else {
                let detail = format!("a run stands at place {number}");
                self.found(Problem::Damaged { detail });
                continue;
            };
            if next < sequence {
                self.found(Problem::RunsMissing { first: next, last: sequence - 1 });
            }
            next = sequence.saturating_add(1);
            self.report.runs += 1;
            let row = match RunRow::find(self.conn, "sequence", &number) {
                Ok(Some(row)) => row,
                Ok(None) => {
                    self.found(Problem::RunsMissing { first: sequence, last: sequence });
                    continue;
                }
                Err(fault) => {
                    self.damaged(fault)?;
                    continue;
                }
            };
            let place = Place { sequence, run: row.run.clone() };
            let head = head(&row.manifest, &row.signature);
            let manifest = self.manifest(&place, &row, head);
            if manifest.as_ref().is_some_and(|manifest| manifest.previous_head != before) {
                self.found(Problem::ChainBroken { place: place.clone() });
            }
            self.heads.push(head);
            before = Some(head);
            if let Err(fault) = self.content(&place, row, manifest.as_ref()) {
                let Some(what) = fault.damage() else { return Err(fault) };
                self.found(Problem::ContentChanged { place, what });
            }
        }
        Ok(())
    }

    /// The manifest is canonical, signed by the right key, and says what its row says.
    fn manifest(&mut self, place: &Place, row: &RunRow, head: Digest) -> Option<RunManifest> {
        let key = *self.key.get_or_insert(row.public_key);
        if row.public_key != key {
            let found = hex::encode(row.public_key);
            self.found(Problem::WrongKey { place: place.clone(), found });
        }
        if !signature_holds(&key, row.manifest.as_bytes(), &row.signature) {
            self.found(Problem::BadSignature { place: place.clone() });
        }
        let mut changed = |what: &str| {
            let (place, what) = (place.clone(), what.to_owned());
            self.report.problems.push(Problem::ManifestChanged { place, what });
        };
        if row.head != head {
            changed("the head beside it is another");
        }
        let Ok(manifest) = serde_json::from_str::<RunManifest>(&row.manifest) else {
            changed("it cannot be read");
            return None;
        };
        if manifest.run.as_str() != row.run {
            changed("it is of another run");
        }
        if manifest.sequence != row.sequence {
            changed("it has another place in the chain");
        }
        if manifest.algorithm != "sha-256" {
            changed("its hash function is not known");
        }
        Some(manifest)
    }

    /// Context, records, results and command log have the root that was signed.
    fn content(
        &mut self,
        place: &Place,
        row: RunRow,
        manifest: Option<&RunManifest>,
    ) -> Result<(), Fault> {
        let context: Context = parse(&row.context)?;
        self.audit_end(place, &context);
        let loaded = Loaded::new(row)?;
        let privilege = privilege_number(context.privilege);
        self.use_spans(&loaded, place, privilege)?;
        let records = loaded.record_values(self.conn, &mut self.spans)?;
        let results = loaded.all_results(self.conn, &mut self.spans, &records)?;
        self.report.records += records.len() as u64;
        self.report.results += results.len() as u64;
        for record in &records {
            let digest =
                |name: &str| record[name].as_str().and_then(|text| text.parse::<Digest>().ok());
            self.named_bodies
                .extend(["body", "volatile", "capture"].into_iter().filter_map(digest));
        }
        let Some(manifest) = manifest else { return Ok(()) };
        if manifest.epoch != self.epochs_before(context.audit.entries) {
            self.found(Problem::ChainBroken { place: place.clone() });
        }
        let mut changed = |what: String| {
            let place = place.clone();
            self.report.problems.push(Problem::ContentChanged { place, what });
        };
        let counts = [
            ("records", manifest.counts.records, records.len() as u64),
            ("results", manifest.counts.results, results.len() as u64),
            ("drift entries", manifest.counts.drift, context.drift.total()),
        ];
        for (what, signed, found) in counts {
            if signed != found {
                changed(format!("{signed} {what} were signed, {found} are there"));
            }
        }
        let leaves = loaded.leaves(&records, &results)?;
        let root = merkle::root(&leaf_hashes(&loaded.row.seed, &leaves));
        if root != manifest.merkle_root {
            changed("records, results, command log or salts are not those that were signed".into());
        }
        Ok(())
    }

    /// The audit log that the run saw is the beginning of the one there is.
    fn audit_end(&mut self, place: &Place, context: &Context) {
        let entries = context.audit.entries;
        let seen = entries.checked_sub(1).and_then(|last| self.audit_hashes.get(&last)).copied();
        if seen != context.audit.hash || seen.is_some() != (entries > 0) {
            let sequence = entries.saturating_sub(1);
            let what = format!("is not what {place} saw");
            self.found(Problem::AuditBroken { sequence, what });
        }
    }

    /// Notes which spans the run names, and finds those of another kind or with other rights.
    fn use_spans(&mut self, loaded: &Loaded, place: &Place, privilege: i64) -> Result<(), Fault> {
        let sequence = place.sequence;
        let records = loaded.records.iter().map(|id| (*id, Kind::Record));
        for (id, kind) in records.chain(loaded.results.iter().map(|id| (*id, Kind::Result))) {
            let runs = self.usage.entry(id).or_insert((sequence, sequence));
            runs.1 = sequence;
            let span = self.spans.get(self.conn, id)?;
            if span.kind != kind as i64 || span.privilege != privilege {
                let name = super::spans::name(&span.topic);
                let what = format!("its kind or rights are not those of {place}");
                self.found(Problem::SpanChanged { name, what });
            }
        }
        // Equal bytes are the only bytes that the writer makes of this detail.
        let again = canonical(&loaded.detail)?;
        let stored = crate::codec::unpack(&loaded.row.detail);
        if stored.as_deref() != Some(again.as_bytes()) {
            let what = "the detail is not in the form it was written in".to_owned();
            self.found(Problem::ContentChanged { place: place.clone(), what });
        }
        Ok(())
    }
}

/// Whether `text` is canonical JSON.
pub(super) fn is_canonical(text: &str) -> bool {
    let value = serde_json::from_str::<Value>(text);
    value.is_ok_and(|value| canonical_value(&value).is_ok_and(|again| again == text))
}
