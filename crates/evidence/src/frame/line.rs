//! The lines of our own in a stream: exact in form, or not ours.

use super::{FrameError, Header};
use crate::escape::{escape, unescape};

pub(super) enum Control {
    Begin(String),
    End(End),
    Close(u64),
}

pub(super) struct End {
    pub(super) id: String,
    pub(super) exit: i32,
    pub(super) bytes: u64,
    pub(super) truncated: bool,
    pub(super) timed_out: bool,
    pub(super) milliseconds: Option<u64>,
}

/// A header, if the line is one: of this run, or an error.
pub(super) fn parse_header(line: &[u8], nonce: &str) -> Option<Result<Header, FrameError>> {
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split(' ');
    if words.next() != Some("#anji") {
        return None;
    }
    let version = words.next()?;
    let met = words.next()?;
    if words.next() != Some("begin") {
        return None;
    }
    if version != "1" {
        return Some(Err(FrameError::Version));
    }
    if met != nonce {
        return Some(Err(FrameError::Nonce));
    }
    let rest = words.collect::<Vec<_>>().join(" ");
    header_fields(&rest).map(Ok)
}

/// The name and the shell may hold blanks, so each field runs to the next
/// field's name; they come in fixed order.
fn header_fields(rest: &str) -> Option<Header> {
    let rest = rest.strip_prefix("uid=")?;
    let (uid, rest) = rest.split_once(" sudo=")?;
    let (sudo, rest) = rest.split_once(" time=")?;
    let (time, rest) = rest.split_once(" host=")?;
    let (host, shell) = rest.rsplit_once(" shell=").unwrap_or((rest, ""));
    Some(Header {
        uid: digits(uid)?,
        sudo: flag(sudo)?,
        time: time.parse().ok()?,
        host: clean(host),
        shell: clean(shell),
    })
}

/// What a host says of itself, in our own escaping whatever it used.
fn clean(text: &str) -> String {
    escape(&unescape(text.as_bytes()).unwrap_or_else(|| text.as_bytes().to_vec()))
}

pub(super) fn parse_control(line: &[u8], nonce: &str) -> Option<Control> {
    let line = std::str::from_utf8(line).ok()?;
    let rest = line.strip_prefix("#anji ")?.strip_prefix(nonce)?.strip_prefix(' ')?;
    let (verb, rest) = rest.split_once(' ')?;
    match verb {
        "B" => capture_id(rest).map(Control::Begin),
        "E" => end(rest).map(Control::End),
        "end" => digits(rest.strip_prefix("captures=")?).map(Control::Close),
        _ => None,
    }
}

fn end(rest: &str) -> Option<End> {
    let mut words = rest.split(' ');
    let id = capture_id(words.next()?)?;
    let mut field = |name: &str| words.next()?.strip_prefix(name)?.strip_prefix('=');
    let exit = digits(field("exit")?)?;
    let bytes = digits(field("bytes")?)?;
    let truncated = flag(field("truncated")?)?;
    let timed_out = flag(field("timeout")?)?;
    let milliseconds = match field("ms")? {
        "-" => None,
        number => Some(digits(number)?),
    };
    words.next().is_none().then_some(End { id, exit, bytes, truncated, timed_out, milliseconds })
}

fn capture_id(text: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-' || b == b'_';
    (!text.is_empty() && text.len() <= 128 && text.bytes().all(plain)).then(|| text.to_owned())
}

fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}
