//! The audit log: its hash chain, and what its entries hold digests of.

use super::{Problem, Verifier};
use crate::codec::digest;
use crate::sql::rows::unsigned;
use crate::sql::{Fault, Stored, parse_stored};
use anji_model::Digest;
use serde_json::Value;

/// An audit entry of the store itself: most hold the digest of something stored elsewhere.
pub(super) struct Held {
    pub(super) sequence: u64,
    pub(super) stored: Stored,
    pub(super) digest: String,
    pub(super) object: String,
}

impl Verifier<'_> {
    /// Every entry has the hash it is stored with, its number, and the hash of the one before.
    pub(super) fn audit(&mut self) -> Result<(), Fault> {
        let conn = self.conn;
        let mut statement =
            conn.prepare("SELECT sequence, entry, hash FROM audit ORDER BY sequence")?;
        let mut rows = statement.query([])?;
        let (mut next, mut before) = (0, None);
        while let Some(row) = rows.next()? {
            let (sequence, text): (u64, String) = (unsigned(row, 0)?, row.get(1)?);
            let hash = Digest(row.get(2)?);
            if next < sequence {
                let what = format!("is missing, and all up to entry {sequence}");
                self.found(Problem::AuditBroken { sequence: next, what });
            }
            self.entry(sequence, &text, hash, before);
            self.audit_hashes.insert(sequence, hash);
            self.report.audit_entries += 1;
            before = Some(hash);
            next = sequence.saturating_add(1);
        }
        Ok(())
    }

    fn entry(&mut self, sequence: u64, text: &str, hash: Digest, before: Option<Digest>) {
        let mut broken = |what: &str| {
            let what = what.to_owned();
            self.report.problems.push(Problem::AuditBroken { sequence, what });
        };
        if digest(&[text.as_bytes()]) != hash {
            broken("does not have its hash: entry or hash was changed");
        }
        let Ok(entry) = serde_json::from_str::<Value>(text) else {
            broken("cannot be read");
            return;
        };
        if entry["sequence"].as_u64() != Some(sequence) {
            broken("stands under another number");
        }
        if entry["previous"].as_str() != before.map(|hash| hash.to_string()).as_deref() {
            broken("does not follow the entry before it");
        }
        let word = |name: &str| entry[name].as_str().unwrap_or_default();
        if let Some((stored, digest)) = parse_stored(word("detail")) {
            let (digest, object) = (digest.to_owned(), word("object").to_owned());
            self.audit_stored.push(Held { sequence, stored, digest, object });
        }
    }

    /// What audit entry `sequence` holds the digest of, if it does.
    pub(super) fn held(&self, sequence: u64, stored: Stored) -> Option<&Held> {
        let is_it = |held: &&Held| held.sequence == sequence && held.stored == stored;
        self.audit_stored.iter().find(is_it)
    }

    /// How many epochs began in the first `entries` entries.
    pub(super) fn epochs_before(&self, entries: u64) -> u64 {
        let began = self.all_held(Stored::Epoch);
        began.iter().filter(|sequence| **sequence < entries).count() as u64
    }

    /// The numbers of all entries that hold a digest of such a thing.
    pub(super) fn all_held(&self, stored: Stored) -> Vec<u64> {
        let of_kind = self.audit_stored.iter().filter(|held| held.stored == stored);
        of_kind.map(|held| held.sequence).collect()
    }
}
