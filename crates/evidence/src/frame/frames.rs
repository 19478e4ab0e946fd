//! Whole frames by capture, and what is known of those that are not whole.

use super::{FrameError, FrameEvent, FrameReader, Header};
use std::collections::{BTreeMap, BTreeSet};

/// The whole output of one capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The capture.
    pub id: String,
    /// What it wrote to standard output.
    pub data: Vec<u8>,
    /// Its exit status.
    pub exit: Option<i32>,
    /// Whether its output was cut at the byte limit.
    pub truncated: bool,
    /// Whether it was killed at the time limit.
    pub timed_out: bool,
    /// How long it ran, where the target could tell.
    pub milliseconds: Option<u64>,
    /// The tail of its standard error, at most [`super::DIAGNOSTICS_MAX`] bytes.
    pub diagnostics: Vec<u8>,
}

impl Frame {
    /// A frame without data that has not ended yet.
    pub fn empty(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            data: Vec::new(),
            exit: None,
            truncated: false,
            timed_out: false,
            milliseconds: None,
            diagnostics: Vec::new(),
        }
    }
}

/// The frames of one run. Only whole ones can be got.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frames {
    whole: BTreeMap<String, Frame>,
    cut: BTreeSet<String>,
}

impl Frames {
    /// No frames.
    pub fn new() -> Self {
        Self::default()
    }

    /// The whole frame of a capture.
    pub fn get(&self, id: &str) -> Option<&Frame> {
        self.whole.get(id)
    }

    /// Whether the capture began and its frame is not to be had: its end is
    /// missing, or it was damaged.
    pub fn cut(&self, id: &str) -> bool {
        self.cut.contains(id)
    }

    /// Every whole frame, ordered by capture.
    pub fn iter(&self) -> impl Iterator<Item = &Frame> {
        self.whole.values()
    }

    /// Adds a whole frame, unless its capture is damaged.
    pub fn insert(&mut self, frame: Frame) {
        if !self.cut.contains(&frame.id) {
            self.whole.insert(frame.id.clone(), frame);
        }
    }

    /// Takes in what a [`FrameReader`] gave. A capture counts as cut from its
    /// beginning to its end, and for good once damaged.
    pub fn absorb(&mut self, event: &FrameEvent) {
        match event {
            FrameEvent::Began { id } | FrameEvent::Damaged { id, .. } => {
                self.whole.remove(id);
                self.cut.insert(id.clone());
            }
            FrameEvent::Ended(frame) => {
                self.cut.remove(&frame.id);
                self.whole.insert(frame.id.clone(), frame.clone());
            }
            FrameEvent::Header(_) | FrameEvent::Closed { .. } => {}
        }
    }
}

impl FromIterator<Frame> for Frames {
    fn from_iter<I: IntoIterator<Item = Frame>>(frames: I) -> Self {
        let mut all = Self::new();
        frames.into_iter().for_each(|frame| all.insert(frame));
        all
    }
}

/// Reads a whole stream at once, for instance a recording.
///
/// # Errors
/// [`FrameError`] when the stream cannot be read.
pub fn read_bundle(nonce: &str, bytes: &[u8]) -> Result<(Header, Frames), FrameError> {
    let mut reader = FrameReader::new(nonce);
    let mut events = reader.push(bytes)?;
    events.extend(reader.finish()?);
    let mut frames = Frames::new();
    let mut header = None;
    for event in &events {
        frames.absorb(event);
        if let FrameEvent::Header(met) = event {
            header = Some(met.clone());
        }
    }
    Ok((header.ok_or(FrameError::NoHeader)?, frames))
}
