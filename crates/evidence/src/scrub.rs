//! Making a recording shareable: what tells people, hosts and networks apart
//! is replaced, the same thing by the same replacement, so that facts stay
//! true.
//!
//! | what | becomes |
//! | --- | --- |
//! | names of people's accounts, their full names | `person01`, `Person 01` |
//! | host names and domains | `host01`, `d01.example` |
//! | IP addresses and networks | documentation ranges |
//! | hardware addresses | `00:00:5e:00:53:01` |
//! | identifiers of machines, disks, keys; digests | zeros and a number |
//! | passwords, tokens, key text | `scrubbed` |
//! | names of hospitals, telephone numbers | `示例医院`, zeros |
//! | process ids in `pid=` | numbers from 1001 |
//!
//! System accounts, groups, loopback, link-local and multicast networks, the
//! domains of software makers, and words that name nobody (`admin`, `backup`)
//! stay. What has the form of a replacement stays as well, so that scrubbing
//! twice is scrubbing once.
//!
//! The first reading ([`known`]) learns names from the accounts, the host's own
//! name, the hosts file, home folders and the settings that name servers; the
//! second finds addresses, identifiers and secrets by their form. Both are
//! linear in the input. No scrubber knows everything: the outcome is to be read
//! by a person before it is given away.

mod address;
mod files;
mod host;
mod known;
mod notice;
mod number;
mod scan;
mod secret;
mod v6;
mod words;

use crate::escape::escape_bounded;
use crate::frame::{Frame, FrameError, Header, encode_bundle, read_events};
use anji_model::Personal;
use known::Known;
use scan::Scanner;
use std::collections::BTreeMap;

/// One thing that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replaced {
    /// What it is.
    pub kind: Personal,
    /// Its text before, escaped and bounded. Not for showing to others.
    pub text: String,
    /// How often it stood there.
    pub times: u64,
}

/// A recording without what identifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrubbed {
    /// What the stream says about the host.
    pub header: Header,
    /// The frames, in their order, without run times.
    pub frames: Vec<Frame>,
    /// What was replaced, each thing once.
    pub replaced: Vec<Replaced>,
}

impl Scrubbed {
    /// How many different things of each kind were replaced, and how often.
    pub fn counts(&self) -> BTreeMap<Personal, (u64, u64)> {
        let mut counts = BTreeMap::new();
        for one in &self.replaced {
            let (things, times) = counts.entry(one.kind).or_insert((0, 0));
            *things += 1;
            *times += one.times;
        }
        counts
    }

    /// The stream that bears `nonce`.
    pub fn encode(&self, nonce: &str) -> Vec<u8> {
        encode_bundle(nonce, &self.header, &self.frames)
    }
}

/// How often what came out is scrubbed again, until nothing changes.
const ROUNDS: usize = 8;

/// Replaces what identifies people, hosts and networks. Total and linear.
///
/// What comes out is scrubbed once more, until nothing changes: a replacement
/// can stand so close to other text that the two look like something else.
pub fn scrub(header: &Header, frames: &[Frame]) -> Scrubbed {
    let mut scrubbed = round(header, frames);
    for _ in 1..ROUNDS {
        let again = round(&scrubbed.header, &scrubbed.frames);
        if again.header == scrubbed.header && again.frames == scrubbed.frames {
            break;
        }
        scrubbed = Scrubbed { replaced: scrubbed.replaced, ..again };
    }
    scrubbed
}

fn round(header: &Header, frames: &[Frame]) -> Scrubbed {
    let mut survey = Scanner::survey(Known::learn(header, frames));
    let mut out = Vec::new();
    survey.own_host(&header.host);
    for frame in frames {
        for text in [&frame.data, &frame.diagnostics] {
            survey.frame(&frame.id, text, &mut out);
            out.clear();
        }
    }
    let mut scanner = survey.rewriting();
    let header = Header { host: scanner.own_host(&header.host), ..header.clone() };
    let mut scrubbed = Vec::with_capacity(frames.len());
    for frame in frames {
        let (mut data, mut diagnostics) = (Vec::with_capacity(frame.data.len()), Vec::new());
        scanner.frame(&frame.id, &frame.data, &mut data);
        scanner.frame(&frame.id, &frame.diagnostics, &mut diagnostics);
        let excess = diagnostics.len().saturating_sub(crate::frame::DIAGNOSTICS_MAX);
        diagnostics.drain(..excess);
        scrubbed.push(Frame { data, diagnostics, milliseconds: None, ..frame.clone() });
    }
    let replaced = scanner.replaced().into_iter().map(|((kind, text), times)| Replaced {
        kind,
        text: escape_bounded(&text, 200),
        times,
    });
    Scrubbed { header, frames: scrubbed, replaced: replaced.collect() }
}

/// [`scrub`] over a stream. Frames that are not whole are left out.
///
/// # Errors
/// [`FrameError`] when the stream cannot be read.
pub fn scrub_bundle(nonce: &str, bytes: &[u8]) -> Result<Scrubbed, FrameError> {
    let (header, frames) = read_events(nonce, bytes)?;
    Ok(scrub(&header, &frames))
}

#[cfg(test)]
mod tests;
