//! One plan over one transport, kept as it came: a recording.

use crate::collect::time_limit;
use crate::script::render_script;
use anji_evidence::frame::Header;
use anji_evidence::{Frame, FrameError, FrameEvent, FrameReader};
use anji_model::CollectionPlan;
use anji_transport::{Ended, Transport, TransportError};
use std::ops::ControlFlow;

/// The most bytes of data that a recording holds.
const DATA_MAX: usize = 1 << 30;

/// The frames of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// What the host said of itself.
    pub header: Header,
    /// The whole frames, in their order.
    pub frames: Vec<Frame>,
    /// Captures whose frames are not to be trusted, with the reason. They are
    /// not among the frames.
    pub damaged: Vec<(String, &'static str)>,
    /// Whether the script ran to its end.
    pub complete: bool,
}

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The shell could not be started.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// What came is no stream of ours.
    #[error(transparent)]
    Stream(#[from] FrameError),
}

/// Runs the script of `plan` and keeps its frames. `nonce` names this run
/// alone; recordings bear another one, see [`anji_evidence::frame::Encoder`].
///
/// # Errors
/// [`RecordError`] when nothing at all came. A run that broke off is no error.
pub fn record(
    plan: &CollectionPlan,
    transport: &dyn Transport,
    nonce: &str,
) -> Result<Recorded, RecordError> {
    let mut reader = FrameReader::new(nonce);
    let (mut events, mut held) = (Vec::new(), 0usize);
    let exit = transport.run(&render_script(plan), nonce, time_limit(plan), &mut |bytes| {
        let Ok(new) = reader.push(bytes) else { return ControlFlow::Break(()) };
        for event in &new {
            if let FrameEvent::Ended(frame) = event {
                held = held.saturating_add(frame.data.len());
            }
        }
        events.extend(new);
        if held > DATA_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    events.extend(reader.finish()?);
    let mut header = None;
    let (mut frames, mut damaged, mut closed) = (Vec::<Frame>::new(), Vec::new(), false);
    for event in events {
        match event {
            FrameEvent::Header(met) => header = Some(met),
            FrameEvent::Ended(frame) => frames.push(frame),
            FrameEvent::Damaged { id, detail } => {
                frames.retain(|frame| frame.id != id);
                damaged.push((id, detail));
            }
            FrameEvent::Closed { .. } => closed = true,
            FrameEvent::Began { .. } => {}
        }
    }
    let header = header.ok_or(FrameError::NoHeader)?;
    let complete = closed && exit.ended == Ended::Exited(0);
    Ok(Recorded { header, frames, damaged, complete })
}
