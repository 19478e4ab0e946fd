//! Running the cases of a check: recorded captures through the real parsers
//! and the real evaluation.

use crate::content::{Baseline, Case, Check};
use crate::derived;
use crate::error::EngineError;
use crate::evaluate::{Input, evaluate_check};
use crate::plan::Selection;
use anji_evidence::{Frames, digest, find, read_bundle};
use anji_model::{
    Approval, Body, CheckResult, Collector, Digest, EvidenceKey, EvidenceRecord, Privilege,
    Register, RegisterEntry, Snapshot, Subject, SystemId, Text,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What a case came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseOutcome {
    /// The answer of the check.
    pub result: CheckResult,
    /// How the answer differs from what the case expects, in English; none
    /// when it is as expected.
    pub mismatch: Option<String>,
}

/// A case with its evidence parsed: runs any number of variants of its check.
#[derive(Debug, Clone)]
pub struct PreparedCase<'c> {
    case: &'c Case,
    snapshot: Snapshot,
    registers: Vec<Register>,
    baseline: Baseline,
    now: Timestamp,
}

/// Runs one case. `recording` gives the bytes of a recorded bundle by name.
///
/// # Errors
/// When the recording is missing or damaged, a patch does not apply exactly
/// once, or the check's evidence type is not registered.
pub fn run_case(
    check: &Check,
    case: &Case,
    recording: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<CaseOutcome, EngineError> {
    Ok(PreparedCase::new(check, case, recording)?.run(check))
}

impl<'c> PreparedCase<'c> {
    /// Reads the recording, applies the patches, parses the evidence.
    ///
    /// # Errors
    /// As [`run_case`].
    pub fn new(
        check: &Check,
        case: &'c Case,
        recording: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Self, EngineError> {
        let bytes = recording(&case.recording)
            .ok_or_else(|| EngineError::NoRecording(case.recording.clone()))?;
        let damaged = |detail: String| EngineError::DamagedRecording {
            recording: case.recording.clone(),
            detail,
        };
        let nonce = nonce_of(&bytes).ok_or_else(|| damaged("no header".to_owned()))?;
        let (header, frames) =
            read_bundle(nonce, &bytes).map_err(|error| damaged(error.to_string()))?;
        let frames = patched(case, frames)?;
        let recorded = Timestamp::from_second(header.time).unwrap_or(Timestamp::UNIX_EPOCH);
        let now = case.now.unwrap_or(recorded);
        let privilege = match (header.uid, header.sudo) {
            (0, _) => Privilege::Root,
            (_, true) => Privilege::Sudo,
            (_, false) => Privilege::User,
        };
        let mut snapshot = Snapshot::empty(Subject::local());
        for binding in &check.bindings {
            let inputs = derived::inputs(&binding.key);
            for key in if inputs.is_empty() { vec![binding.key.clone()] } else { inputs.clone() } {
                if !snapshot.records.contains_key(&key) {
                    parse(&mut snapshot, &key, &frames, now, privilege)?;
                }
            }
            if !inputs.is_empty() {
                derived::derive(&mut snapshot, &binding.key, &case.vulnerabilities, now);
            }
        }
        let registers = registers(check, case, now);
        Ok(Self { case, snapshot, registers, baseline: baseline(check, case), now })
    }

    /// Evaluates `check` (or a mutant of it, bound to the same evidence).
    pub fn run(&self, check: &Check) -> CaseOutcome {
        let system = system();
        let selection = Selection::default();
        let input = Input {
            subject: &self.snapshot.subject,
            system: &system,
            snapshot: &self.snapshot,
            registers: &self.registers,
            now: self.now,
            selection: &selection,
            prior: None,
        };
        let results = evaluate_check(check, &self.baseline, &input).unwrap_or_default();
        let result = results.into_iter().next().unwrap_or_else(|| {
            // Every binding has a record and each check one result.
            unreachable!("a check over whole evidence has a result")
        });
        let mismatch = mismatch(self.case, &result);
        CaseOutcome { result, mismatch }
    }
}

fn system() -> SystemId {
    SystemId::new("unassigned").expect("`unassigned` has the form of a system id")
}

/// The nonce that the header of a recorded bundle bears.
pub(crate) fn nonce_of(bytes: &[u8]) -> Option<&str> {
    bytes.split(|byte| *byte == b'\n').find_map(|line| {
        let words = std::str::from_utf8(line.strip_prefix(b"#anji 1 ")?).ok()?;
        let (nonce, rest) = words.split_once(' ')?;
        rest.starts_with("begin").then_some(nonce)
    })
}

fn patched(case: &Case, frames: Frames) -> Result<Frames, EngineError> {
    if case.patches.is_empty() {
        return Ok(frames);
    }
    let mut all: BTreeMap<String, anji_evidence::Frame> =
        frames.iter().map(|frame| (frame.id.clone(), frame.clone())).collect();
    for patch in &case.patches {
        let frame = all.get_mut(&patch.capture).ok_or_else(|| EngineError::NoCapture {
            recording: case.recording.clone(),
            capture: patch.capture.clone(),
        })?;
        let find = patch.find.as_bytes();
        let places: Vec<usize> = frame
            .data
            .windows(find.len().max(1))
            .enumerate()
            .filter(|(_, window)| *window == find)
            .map(|(at, _)| at)
            .collect();
        let [at] = places.as_slice() else {
            return Err(EngineError::PatchNotOnce {
                capture: patch.capture.clone(),
                find: patch.find.chars().take(120).collect(),
                times: places.len(),
            });
        };
        frame.data.splice(*at..*at + find.len(), patch.replace.bytes());
    }
    // Frames that were cut stay away, as they would from any parser.
    Ok(all.into_values().collect())
}

pub(crate) fn parse(
    snapshot: &mut Snapshot,
    key: &EvidenceKey,
    frames: &Frames,
    now: Timestamp,
    privilege: Privilege,
) -> Result<(), EngineError> {
    let kind = find(&key.kind).ok_or_else(|| EngineError::NoEvidenceType(key.kind.to_string()))?;
    let parsed = kind.parse(key.selector.as_ref(), frames);
    let mut keep = |bytes: Option<Vec<u8>>| -> Option<Digest> {
        let bytes = bytes?;
        let digest = digest(&bytes);
        snapshot.bodies.insert(digest, Body::from(bytes));
        Some(digest)
    };
    let (body, volatile) = (keep(parsed.body), keep(parsed.volatile));
    let record = EvidenceRecord {
        key: key.clone(),
        subject: snapshot.subject.clone(),
        // A case asks what the check says of the situation, not of its age.
        observed_at: now,
        received_at: now,
        collector: Collector { transport: "recording".to_owned(), version: String::new() },
        privilege,
        status: parsed.status,
        gaps: parsed.gaps,
        parser_revision: kind.parser_revision(),
        body,
        volatile,
        capture: None,
    };
    snapshot.records.insert(key.clone(), record);
    Ok(())
}

fn registers(check: &Check, case: &Case, now: Timestamp) -> Vec<Register> {
    let adopted = check.registers.iter().filter_map(|used| {
        let values = case.registers.get(&used.name)?;
        let mut entries: Vec<RegisterEntry> =
            values.iter().map(|value| RegisterEntry { value: value.clone() }).collect();
        entries.sort();
        entries.dedup();
        Some(Register {
            id: used.register.clone(),
            subject: Subject::local(),
            version: 1,
            entries,
            adopted_from: None,
            approval: Approval {
                recorded_by: "case".to_owned(),
                approved_by: None,
                at: now,
                reason: None,
            },
        })
    });
    adopted.collect()
}

fn baseline(check: &Check, case: &Case) -> Baseline {
    let id = check.info.id.clone();
    Baseline {
        id: "case".to_owned(),
        version: 1,
        title: Text { zh: String::new(), en: String::new() },
        imports: Vec::new(),
        checks: vec![id.clone()],
        params: BTreeMap::from([(id, case.params.clone())]),
    }
}

fn mismatch(case: &Case, result: &CheckResult) -> Option<String> {
    if result.raw != case.expect {
        let reasons: Vec<&str> = result.reasons.iter().map(|r| r.detail.as_str()).collect();
        let terms: Vec<&str> = result.failed_terms.iter().map(|t| t.path.as_str()).collect();
        let because = match (reasons.is_empty(), terms.is_empty()) {
            (false, _) => format!(" because of {}", reasons.join("; ")),
            (true, false) => format!(" because of {}", terms.join(", ")),
            (true, true) => String::new(),
        };
        return Some(format!("expected {}, came to {}{because}", case.expect, result.raw));
    }
    let missing = case.terms.iter().find(|prefix| {
        !result.failed_terms.iter().any(|term| term.path.starts_with(prefix.as_str()))
    })?;
    let met: Vec<&str> = result.failed_terms.iter().map(|term| term.path.as_str()).collect();
    Some(format!("no failed term begins with `{missing}`, only {}", met.join(", ")))
}

#[cfg(test)]
mod tests;
