//! The contract that each evidence type fulfils.

use crate::frame::Frames;
use anji_model::{
    Capture, EvidenceStatus, EvidenceType, FailureCategory, Gap, Limits, Selector, Source, Text,
};

/// What a parser made of the frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// Whether the evidence was had.
    pub status: EvidenceStatus,
    /// What the body lacks; empty means complete.
    pub gaps: Vec<Gap>,
    /// Canonical JSON of the body, present when collected.
    pub body: Option<Vec<u8>>,
    /// Canonical JSON of the values that change by themselves, where the type has any.
    pub volatile: Option<Vec<u8>>,
}

impl Parsed {
    /// The evidence was not had.
    pub fn failed(category: FailureCategory, detail: impl Into<String>) -> Self {
        Self {
            status: EvidenceStatus::Failed { category, detail: detail.into() },
            gaps: Vec::new(),
            body: None,
            volatile: None,
        }
    }

    /// The thing is not there, by the fact that `detail` names.
    pub fn absent(detail: impl Into<String>) -> Self {
        Self {
            status: EvidenceStatus::Absent { detail: detail.into() },
            gaps: Vec::new(),
            body: None,
            volatile: None,
        }
    }

    /// A body with what it lacks. Gaps are put in order and said once each.
    pub fn collected<T: serde::Serialize>(body: &T, gaps: Vec<Gap>) -> Self {
        match crate::body::canonical(body) {
            Ok(bytes) => Self {
                status: EvidenceStatus::Collected,
                gaps: crate::body::canonical_list(gaps),
                body: Some(bytes),
                volatile: None,
            },
            // Bodies hold text keys and integers alone, so this does not happen;
            // if it did, the evidence was not had.
            Err(error) => Self::failed(FailureCategory::Unparsable, error.to_string()),
        }
    }
}

/// Whether keys of a type carry a selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectorKind {
    /// The type describes the whole target.
    None,
    /// Each key names one path.
    Path,
}

/// One evidence type: its schema, its captures, its parser.
pub trait EvidenceKind: Sync {
    /// The type's name, for instance `sshd.effective`.
    fn name(&self) -> EvidenceType;
    /// What it is, in both languages.
    fn title(&self) -> Text;
    /// Raised whenever the same frames could give another body.
    fn parser_revision(&self) -> u32;
    /// The bounds that hold where no check asks for others.
    fn limits(&self) -> Limits;
    /// Whether its keys carry a selector.
    fn selector(&self) -> SelectorKind;
    /// Whether the evidence can be had in another root directory.
    fn source(&self) -> Source;
    /// The JSON schema of its body, derived from the body's struct.
    fn schema(&self) -> schemars::Schema;
    /// The captures for all wanted keys of the type at once. `selectors` is
    /// empty for a type without selectors.
    fn captures(&self, selectors: &[Selector]) -> Vec<Capture>;
    /// Reads the frames of [`EvidenceKind::captures`] for one key. Total: any
    /// bytes give a value, in time and memory linear in their number.
    fn parse(&self, selector: Option<&Selector>, frames: &Frames) -> Parsed;
    /// The types that it is computed from after collection, none of which has
    /// selectors. Empty for a type that is captured; one that is not captured
    /// has no captures and is never asked of a target.
    fn derived_from(&self) -> &'static [&'static str] {
        &[]
    }
}
