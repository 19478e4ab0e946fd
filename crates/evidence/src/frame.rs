//! The frames that a host script writes, read as a stream.
//!
//! ```text
//! #anji 1 <nonce> begin uid=0 sudo=0 time=1795463513 host=db01 shell=dash
//! #anji <nonce> B accounts.passwd
//! |root:x:0:0:root:/root:/bin/bash
//! !a line of standard error
//! #anji <nonce> E accounts.passwd exit=0 bytes=31 truncated=0 timeout=0 ms=4
//! #anji <nonce> end captures=1
//! ```
//!
//! Every data line carries a prefix, so no data can begin a frame. Whatever
//! does not have exactly this form damages the frame it stands in; a damaged
//! frame is never given out. Noise before the first line (a login banner) is
//! passed over. The reader keeps at most one frame of [`ReadLimits::frame`]
//! bytes, whatever arrives.

mod encode;
mod frames;
mod line;

pub use encode::{Encoder, encode_bundle, read_events};
pub use frames::{Frame, Frames, read_bundle};

use line::{Control, parse_control};
use std::collections::BTreeSet;

/// The most bytes of standard error that a frame keeps.
pub const DIAGNOSTICS_MAX: usize = 600;
/// The longest line of our own; data lines may be as long as a frame.
const CONTROL_MAX: usize = 4096;

/// What the reader will hold at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// Bytes of data in one frame; a frame with more is damaged.
    pub frame: usize,
    /// Frames in one stream; more end the reading.
    pub frames: usize,
    /// Bytes before the header; more end the reading.
    pub noise: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { frame: 64 << 20, frames: 4096, noise: 1 << 20 }
    }
}

/// What the stream said about the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The effective user id that the script ran with.
    pub uid: u32,
    /// Whether some command went through sudo.
    pub sudo: bool,
    /// The host's clock, in seconds since 1970.
    pub time: i64,
    /// The host's own name, escaped.
    pub host: String,
    /// The shell that ran the script, as far as it said.
    pub shell: String,
}

/// Something that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameEvent {
    /// The stream began.
    Header(Header),
    /// A capture began.
    Began {
        /// Which.
        id: String,
    },
    /// A capture ended and its frame is whole.
    Ended(Frame),
    /// A capture's frame is not to be trusted, now and later.
    Damaged {
        /// Which.
        id: String,
        /// Why, in a few English words.
        detail: &'static str,
    },
    /// The script ran to its end.
    Closed {
        /// How many captures it says it made.
        captures: u64,
    },
}

/// Why reading stopped for good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The stream ended, or too much came, without a header.
    #[error("no header in the collected stream")]
    NoHeader,
    /// The header is of another protocol.
    #[error("stream of an unknown protocol version")]
    Version,
    /// The header bears another nonce.
    #[error("stream belongs to another run")]
    Nonce,
    /// More frames than any plan has.
    #[error("stream has too many frames")]
    TooMany,
}

#[derive(Debug)]
struct Open {
    frame: Frame,
    damaged: Option<&'static str>,
}

/// Reads a stream of frames piece by piece. What it gives does not depend on
/// how the stream was cut into pieces.
#[derive(Debug)]
pub struct FrameReader {
    nonce: String,
    limits: ReadLimits,
    line: Vec<u8>,
    /// The rest of the current line is passed over: it was too long.
    overlong: bool,
    noise: usize,
    begun: bool,
    closed: bool,
    open: Option<Open>,
    seen: BTreeSet<String>,
    failure: Option<FrameError>,
}

impl FrameReader {
    /// A reader of the run that `nonce` names.
    pub fn new(nonce: impl Into<String>) -> Self {
        Self::with_limits(nonce, ReadLimits::default())
    }

    /// As [`FrameReader::new`], with other bounds.
    pub fn with_limits(nonce: impl Into<String>, limits: ReadLimits) -> Self {
        Self {
            nonce: nonce.into(),
            limits,
            line: Vec::new(),
            overlong: false,
            noise: 0,
            begun: false,
            closed: false,
            open: None,
            seen: BTreeSet::new(),
            failure: None,
        }
    }

    /// Takes the next piece of the stream and gives what it completed.
    ///
    /// # Errors
    /// [`FrameError`] once the stream cannot be read on; it is told after the
    /// events before it.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<FrameEvent>, FrameError> {
        let mut events = Vec::new();
        while self.failure.is_none() && !bytes.is_empty() {
            let end = bytes.iter().position(|&byte| byte == b'\n');
            let (piece, rest) = match end {
                Some(at) => (&bytes[..at], &bytes[at + 1..]),
                None => (bytes, &[][..]),
            };
            self.extend_line(piece);
            if end.is_some() {
                self.line_complete(&mut events);
            } else if !self.begun {
                self.check_noise(0);
            }
            bytes = rest;
        }
        match (&self.failure, events.is_empty()) {
            (Some(error), true) => Err(error.clone()),
            _ => Ok(events),
        }
    }

    /// Ends the stream: an open frame is damaged, and so is a last line
    /// without its end.
    ///
    /// # Errors
    /// [`FrameError`] when the stream could not be read.
    pub fn finish(mut self) -> Result<Vec<FrameEvent>, FrameError> {
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        if !self.begun {
            return Err(FrameError::NoHeader);
        }
        let mut events = Vec::new();
        self.abandon("the stream broke off", &mut events);
        Ok(events)
    }

    fn extend_line(&mut self, piece: &[u8]) {
        if self.overlong {
            return;
        }
        let room = match self.line.first().or(piece.first()) {
            Some(b'|') => self.limits.frame.saturating_add(1),
            _ => CONTROL_MAX,
        };
        if self.line.len().saturating_add(piece.len()) > room {
            self.overlong = true;
            self.line.truncate(CONTROL_MAX);
        } else {
            self.line.extend_from_slice(piece);
        }
        if !self.begun {
            self.noise = self.noise.saturating_add(piece.len());
        }
    }

    /// Bounds what may come before the header; counts one more for a line end.
    fn check_noise(&mut self, more: usize) {
        self.noise = self.noise.saturating_add(more);
        if self.noise > self.limits.noise {
            self.failure = Some(FrameError::NoHeader);
        }
    }

    fn line_complete(&mut self, events: &mut Vec<FrameEvent>) {
        let line = std::mem::take(&mut self.line);
        let overlong = std::mem::take(&mut self.overlong);
        if !self.begun {
            return self.before_header(&line, overlong, events);
        }
        if self.closed {
            return;
        }
        if overlong {
            return self.spoil("a line is too long");
        }
        match line.first() {
            Some(b'|') => self.data(&line[1..]),
            Some(b'!') => self.diagnostics(&line[1..]),
            _ => match parse_control(&line, &self.nonce) {
                Some(Control::Begin(id)) => self.begin(id, events),
                Some(Control::End(end)) => self.end(end, events),
                Some(Control::Close(captures)) => {
                    self.abandon("its end is missing", events);
                    self.closed = true;
                    events.push(FrameEvent::Closed { captures });
                }
                None => self.spoil("a line without prefix, or of another run"),
            },
        }
    }

    fn before_header(&mut self, line: &[u8], overlong: bool, events: &mut Vec<FrameEvent>) {
        self.check_noise(1);
        if !overlong && self.failure.is_none() {
            match line::parse_header(line, &self.nonce) {
                Some(Ok(header)) => {
                    self.begun = true;
                    events.push(FrameEvent::Header(header));
                }
                Some(Err(error)) => self.failure = Some(error),
                None => {}
            }
        }
    }

    fn spoil(&mut self, why: &'static str) {
        if let Some(open) = &mut self.open {
            open.damaged.get_or_insert(why);
            open.frame.data = Vec::new();
        }
    }

    fn data(&mut self, line: &[u8]) {
        let limit = self.limits.frame;
        let Some(open) = &mut self.open else { return };
        if open.damaged.is_some() {
            return;
        }
        if open.frame.data.len().saturating_add(line.len()).saturating_add(1) > limit {
            return self.spoil("more data than any limit allows");
        }
        open.frame.data.extend_from_slice(line);
        open.frame.data.push(b'\n');
    }

    fn diagnostics(&mut self, line: &[u8]) {
        let Some(open) = &mut self.open else { return };
        let kept = &mut open.frame.diagnostics;
        kept.extend_from_slice(line);
        kept.push(b'\n');
        let excess = kept.len().saturating_sub(DIAGNOSTICS_MAX);
        kept.drain(..excess);
    }

    fn begin(&mut self, id: String, events: &mut Vec<FrameEvent>) {
        self.abandon("its end is missing", events);
        if self.seen.len() >= self.limits.frames {
            self.failure = Some(FrameError::TooMany);
            return;
        }
        let repeated = !self.seen.insert(id.clone());
        events.push(FrameEvent::Began { id: id.clone() });
        let damaged = repeated.then_some("the capture came twice");
        self.open = Some(Open { frame: Frame::empty(id), damaged });
    }

    fn end(&mut self, end: line::End, events: &mut Vec<FrameEvent>) {
        let Some(Open { mut frame, mut damaged }) = self.open.take() else { return };
        if frame.id != end.id {
            damaged.get_or_insert("its end names another capture");
        }
        let count = frame.data.len() as u64;
        if end.bytes.checked_add(1) == Some(count) {
            // The last line of the data had no newline; the framing added one.
            frame.data.pop();
        } else if end.bytes != count {
            damaged.get_or_insert("its byte count is wrong");
        }
        events.push(match damaged {
            Some(detail) => FrameEvent::Damaged { id: frame.id, detail },
            None => FrameEvent::Ended(Frame {
                exit: Some(end.exit),
                truncated: end.truncated,
                timed_out: end.timed_out,
                milliseconds: end.milliseconds,
                ..frame
            }),
        });
    }

    /// Gives up the open frame, if there is one.
    fn abandon(&mut self, why: &'static str, events: &mut Vec<FrameEvent>) {
        if let Some(open) = self.open.take() {
            let detail = open.damaged.unwrap_or(why);
            events.push(FrameEvent::Damaged { id: open.frame.id, detail });
        }
    }
}

#[cfg(test)]
mod tests;
