//! Recording this machine: what the captures brought, to be shared.

use crate::content;
use crate::context::{Home, Ports};
use crate::error::AppError;
use crate::plan::{PlanRequest, Prepared};
use anji_collect::Recorded;
use anji_evidence::frame::encode_bundle;
use anji_evidence::scrub::scrub;
use anji_model::{CollectionPlan, Personal, Privilege};
use std::collections::BTreeMap;

/// The nonce that recordings bear; tests and cases read them with it.
const NONCE: &str = "recording";

/// What is recorded, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRequest {
    /// Whose evidence.
    pub plan: PlanRequest,
    /// Whether all evidence types are recorded, and not those of the plan alone.
    pub all_types: bool,
    /// Whether what identifies people, hosts and networks is replaced.
    pub scrub: bool,
}

/// How much of one kind was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplacedCount {
    /// The kind.
    pub kind: Personal,
    /// How many different things.
    pub things: u64,
    /// How often they stood there.
    pub times: u64,
}

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Its text, as a case reads it.
    pub bytes: Vec<u8>,
    /// How many captures it holds.
    pub captures: u64,
    /// Captures that are not in it, with the reason.
    pub damaged: Vec<(String, &'static str)>,
    /// Whether the script ran to its end.
    pub complete: bool,
    /// The rights that the script ran with.
    pub privilege: Privilege,
    /// What was replaced, where it was scrubbed.
    pub replaced: Option<Vec<ReplacedCount>>,
}

/// Records this machine, or a root file system of it. Nothing is stored.
///
/// # Errors
/// When the content has problems, a name is unknown, or nothing was collected.
pub fn record(
    home: &Home,
    ports: &Ports<'_>,
    request: &RecordRequest,
) -> Result<Recording, AppError> {
    let content = content::load(home.content.as_deref())?;
    let prepared = Prepared::new(&content, &request.plan)?;
    let plan: CollectionPlan = match request.all_types {
        true => anji_engine::plan_everything(
            &content,
            request.plan.skip_walk,
            &prepared.subject,
            request.plan.root.as_ref(),
        ),
        false => prepared.plan.collection,
    };
    let nonce = crate::check::hex(&(ports.random)());
    let recorded = anji_collect::record(&plan, ports.transport, &nonce);
    if (ports.interrupted)() {
        return Err(AppError::Interrupted);
    }
    let recorded = recorded.map_err(|error| AppError::NothingCollected {
        detail: match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    })?;
    Ok(recording(recorded, request.scrub))
}

fn recording(recorded: Recorded, scrubbing: bool) -> Recording {
    let Recorded { header, frames, damaged, complete } = recorded;
    let captures = frames.len() as u64;
    let privilege = match (header.uid, header.sudo) {
        (0, _) => Privilege::Root,
        (_, true) => Privilege::Sudo,
        (_, false) => Privilege::User,
    };
    let (bytes, replaced) = match scrubbing {
        true => {
            let scrubbed = scrub(&header, &frames);
            (scrubbed.encode(NONCE), Some(counts(&scrubbed.counts())))
        }
        false => (encode_bundle(NONCE, &header, &frames), None),
    };
    Recording { bytes, captures, damaged, complete, privilege, replaced }
}

fn counts(counts: &BTreeMap<Personal, (u64, u64)>) -> Vec<ReplacedCount> {
    let count = |(kind, (things, times)): (&Personal, &(u64, u64))| ReplacedCount {
        kind: *kind,
        things: *things,
        times: *times,
    };
    counts.iter().map(count).collect()
}
