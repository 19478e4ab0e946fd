//! The evidence of a recording or a snapshot under names, as somebody asks
//! about it: whole, and whatever its age.

use crate::case::{nonce_of, parse};
use crate::error::EngineError;
use crate::predicate::{Bound, BoundState};
use anji_evidence::{SelectorKind, read_bundle};
use anji_model::{
    EvidenceKey, EvidenceStatus, Gap, Privilege, Reason, ReasonCategory, Snapshot, Subject,
};
use jiff::Timestamp;
use serde_json::Value;

/// The evidence of a recorded bundle, and when it was made: every type without
/// a selector, and `keys`.
///
/// # Errors
/// When the bytes are no bundle.
pub fn recorded(
    name: &str,
    bytes: &[u8],
    keys: &[EvidenceKey],
) -> Result<(Snapshot, Timestamp), EngineError> {
    let damaged =
        |detail: String| EngineError::DamagedRecording { recording: name.to_owned(), detail };
    let nonce = nonce_of(bytes).ok_or_else(|| damaged("no header".to_owned()))?;
    let (header, frames) = read_bundle(nonce, bytes).map_err(|error| damaged(error.to_string()))?;
    let now = Timestamp::from_second(header.time).unwrap_or(Timestamp::UNIX_EPOCH);
    let privilege = match (header.uid, header.sudo) {
        (0, _) => Privilege::Root,
        (_, true) => Privilege::Sudo,
        (_, false) => Privilege::User,
    };
    let mut snapshot = Snapshot::empty(Subject::local());
    let plain = anji_evidence::registry()
        .iter()
        .filter(|kind| kind.selector() == SelectorKind::None && kind.derived_from().is_empty())
        .map(|kind| EvidenceKey { kind: kind.name(), selector: None });
    for key in plain.chain(keys.iter().cloned()) {
        parse(&mut snapshot, &key, &frames, now, privilege)?;
    }
    Ok((snapshot, now))
}

/// A piece of evidence under a name.
#[derive(Debug, Clone)]
pub struct NamedEvidence {
    /// The name.
    pub name: String,
    /// What it is.
    pub key: EvidenceKey,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    Collected(Value, Vec<Gap>),
    Absent,
    Unknown(Reason),
}

impl NamedEvidence {
    /// The evidence `key` of `snapshot` under `name`. One that the snapshot does
    /// not hold is unknown.
    pub fn new(name: String, key: EvidenceKey, snapshot: &Snapshot) -> Self {
        let unknown = |category, detail: &str| {
            State::Unknown(Reason { category, key: Some(key.clone()), detail: detail.to_owned() })
        };
        let state = match snapshot.records.get(&key) {
            None => unknown(ReasonCategory::NotCollected, "there is no record of it"),
            Some(record) => match &record.status {
                EvidenceStatus::Absent { .. } => State::Absent,
                EvidenceStatus::Failed { category, detail } => {
                    unknown(ReasonCategory::Evidence(*category), detail)
                }
                EvidenceStatus::Collected => {
                    let bytes = record.body.and_then(|digest| snapshot.bodies.get(&digest));
                    match bytes.map(|bytes| serde_json::from_slice(bytes)) {
                        Some(Ok(body)) => State::Collected(body, record.gaps.clone()),
                        Some(Err(_)) => unknown(ReasonCategory::Fault, "its body is no JSON"),
                        None => unknown(ReasonCategory::NotCollected, "its body is not kept"),
                    }
                }
            },
        };
        Self { name, key, state }
    }

    /// Whether there is something to look at.
    pub fn is_collected(&self) -> bool {
        matches!(self.state, State::Collected(..))
    }

    /// Why it is not known; none where it is.
    pub fn reason(&self) -> Option<&Reason> {
        match &self.state {
            State::Unknown(reason) => Some(reason),
            _ => None,
        }
    }

    /// What it is to an environment.
    pub fn bound(&self) -> Bound<'_> {
        Bound {
            key: &self.key,
            state: match &self.state {
                State::Collected(value, gaps) => BoundState::Collected { value, gaps },
                State::Absent => BoundState::Absent,
                State::Unknown(reason) => BoundState::Unknown(reason.clone()),
            },
            empty_ok: false,
        }
    }
}
