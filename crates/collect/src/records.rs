//! From the frames of one evidence type to a record for each of its keys.

use crate::bundle::encode_capture;
use anji_evidence::{EvidenceKind, Frame, Frames, Parsed, digest, find};
use anji_model::{
    Body, CollectionPlan, Digest, EvidenceKey, EvidenceStatus, EvidenceType, FailureCategory,
    Selector,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One evidence type of the plan: its keys, its captures, what came of them.
pub(crate) struct Group {
    kind: Option<&'static dyn EvidenceKind>,
    keys: Vec<EvidenceKey>,
    /// The captures that its parser reads.
    captures: BTreeSet<String>,
    /// Those that the script has and that have not ended.
    awaited: BTreeSet<String>,
    frames: Frames,
    /// When its first capture began.
    pub(crate) begun_at: Option<Timestamp>,
    pub(crate) recorded: bool,
}

impl Group {
    /// The types of the plan, in the order of their names. `rendered` are the
    /// captures that the script has.
    pub(crate) fn all(
        plan: &CollectionPlan,
        rendered: &BTreeSet<&str>,
    ) -> BTreeMap<EvidenceType, Self> {
        let mut keys: BTreeMap<EvidenceType, Vec<EvidenceKey>> = BTreeMap::new();
        for wanted in &plan.wanted {
            let of_type = keys.entry(wanted.key.kind.clone()).or_default();
            if !of_type.contains(&wanted.key) {
                of_type.push(wanted.key.clone());
            }
        }
        keys.into_iter()
            .map(|(name, keys)| (name.clone(), Self::new(&name, keys, rendered)))
            .collect()
    }

    fn new(name: &EvidenceType, keys: Vec<EvidenceKey>, rendered: &BTreeSet<&str>) -> Self {
        let kind = find(name);
        let selectors: Vec<Selector> = keys.iter().filter_map(|k| k.selector.clone()).collect();
        let captures: BTreeSet<String> = kind
            .map(|kind| kind.captures(&selectors).into_iter().map(|c| c.id).collect())
            .unwrap_or_default();
        let awaited =
            captures.iter().filter(|id| rendered.contains(id.as_str())).cloned().collect();
        let frames = Frames::new();
        Self { kind, keys, captures, awaited, frames, begun_at: None, recorded: false }
    }

    pub(crate) fn reads(&self, capture: &str) -> bool {
        self.captures.contains(capture)
    }

    pub(crate) fn keys(&self) -> &[EvidenceKey] {
        &self.keys
    }

    pub(crate) fn parser_revision(&self) -> u32 {
        self.kind.map_or(0, EvidenceKind::parser_revision)
    }

    /// Takes in a whole frame.
    pub(crate) fn ended(&mut self, frame: Frame) {
        self.awaited.remove(&frame.id);
        self.frames.insert(frame);
    }

    /// Takes in that a capture cannot be trusted, now or later.
    pub(crate) fn damaged(&mut self, event: &anji_evidence::FrameEvent, capture: &str) {
        self.awaited.remove(capture);
        self.frames.absorb(event);
    }

    /// Whether all that can still be hoped for has come.
    pub(crate) fn is_ready(&self) -> bool {
        self.awaited.is_empty()
    }

    /// The kept form of the captures, if any frame is whole.
    pub(crate) fn capture(&self) -> Option<(Digest, Body)> {
        self.frames.iter().next()?;
        Some(addressed(encode_capture(self.frames.iter())))
    }

    /// What the frames say for one key; `in_root` for another root directory.
    pub(crate) fn parse(&self, key: &EvidenceKey, in_root: bool) -> Parsed {
        let Some(kind) = self.kind else {
            return Parsed::failed(FailureCategory::Unsupported, "unknown evidence type");
        };
        if in_root && kind.source() == anji_model::Source::Live {
            return Parsed::failed(FailureCategory::NotLive, "not a running system");
        }
        // Parsers are total; should one have a fault, it costs this record and
        // not the run.
        let parse = AssertUnwindSafe(|| kind.parse(key.selector.as_ref(), &self.frames));
        let parsed = catch_unwind(parse).unwrap_or_else(|_| {
            Parsed::failed(FailureCategory::Unparsable, "the parser has a fault")
        });
        self.doubted(parsed)
    }

    /// Never lets a parser be surer than its frames: where one of them is not
    /// whole, a body without a gap and an absence do not stand.
    fn doubted(&self, parsed: Parsed) -> Parsed {
        let sure = match &parsed.status {
            EvidenceStatus::Collected if parsed.body.is_none() => {
                return Parsed::failed(FailureCategory::Unparsable, "the parser gave no body");
            }
            EvidenceStatus::Collected => parsed.gaps.is_empty(),
            EvidenceStatus::Absent { .. } => true,
            EvidenceStatus::Failed { .. } => false,
        };
        match self.defect() {
            Some((category, detail)) if sure => Parsed::failed(category, detail),
            _ => parsed,
        }
    }

    /// The first capture that is not whole, and why.
    fn defect(&self) -> Option<(FailureCategory, String)> {
        self.captures.iter().find_map(|id| match self.frames.get(id) {
            None => {
                Some((FailureCategory::Incomplete, format!("capture {id} did not arrive whole")))
            }
            Some(frame) if frame.timed_out => {
                Some((FailureCategory::TimedOut, format!("capture {id} ran out of its time")))
            }
            Some(frame) if frame.truncated => Some((
                FailureCategory::Truncated,
                format!("capture {id} brought more than its limit"),
            )),
            Some(_) => None,
        })
    }
}

/// Bytes with the digest that addresses them.
pub(crate) fn addressed(bytes: Vec<u8>) -> (Digest, Body) {
    (digest(&bytes), bytes.into())
}
