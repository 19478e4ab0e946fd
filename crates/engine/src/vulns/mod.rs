//! Vulnerability data as vendors publish it: OSV, OVAL, CSAF, and the list of
//! exploited flaws of CISA, read into one form.
//!
//! Everything here parses bytes from outside: bounded, without a panic, and all
//! or nothing: an [`Importer`] that met a document it cannot read gives no sets.
//! What it understands and leaves out is counted with the reason.

mod csaf;
mod distribution;
mod kev;
mod osv;
mod oval;
mod severity;

use anji_model::{Advisory, Digest, VulnSet, VulnSource};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read};

/// The most bytes of one document.
pub const DOCUMENT_MAX: u64 = 1 << 30;
/// The most bytes of one JSON value in a document that holds several.
const VALUE_MAX: u64 = 64 << 20;
/// The most advisories of one import.
const ADVISORIES_MAX: usize = 4_000_000;
/// The longest name or version; vendors' are a few dozen characters long.
const TEXT_MAX: usize = 300;

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct VulnError {
    /// The document and the place in it.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

/// How a document came, and so what it may claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packaging {
    /// As a file of its own.
    Single,
    /// Among others in an archive that a vendor publishes as a whole.
    Archive,
}

/// What of the documents was left out, and why, with its number.
pub type Skipped = BTreeMap<String, u64>;

/// Reads the documents of one file.
#[derive(Debug)]
pub struct Importer {
    digest: Digest,
    sets: BTreeMap<String, Draft>,
    skipped: Skipped,
    count: usize,
}

/// A set while it grows.
#[derive(Debug, Default)]
struct Draft {
    as_of_day: i64,
    complete: BTreeSet<String>,
    advisories: BTreeSet<Advisory>,
    exploited: BTreeSet<String>,
}

impl Importer {
    /// An importer of the file with this digest.
    pub fn new(digest: Digest) -> Self {
        Self { digest, sets: BTreeMap::new(), skipped: Skipped::new(), count: 0 }
    }

    /// Reads one document. `name` is told with errors.
    ///
    /// # Errors
    /// [`VulnError`] when it is none of the known forms, damaged, or too large.
    pub fn document(
        &mut self,
        name: &str,
        packaging: Packaging,
        reader: &mut dyn BufRead,
    ) -> Result<(), VulnError> {
        let error = |what: String| VulnError { place: name.to_owned(), what };
        let head = reader.fill_buf().map_err(|e| error(e.to_string()))?;
        let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let first = start.iter().copied().find(|b| !b.is_ascii_whitespace());
        let packed = match start {
            [0x1f, 0x8b, ..] => Some("gzip: unpack it with gunzip first"),
            [b'B', b'Z', b'h', ..] => Some("bzip2: unpack it with bunzip2 first"),
            [0xfd, b'7', b'z', b'X', b'Z', ..] => Some("xz: unpack it with unxz first"),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd: unpack it with unzstd first"),
            _ => None,
        };
        if let Some(packed) = packed {
            return Err(error(format!("packed with {packed}")));
        }
        let skip = head.len() - start.len();
        reader.consume(skip);
        match first {
            Some(b'<') => {
                let mut bounded = reader.take(DOCUMENT_MAX);
                oval::read(self, name, &mut bounded)
            }
            Some(b'{' | b'[') => self.json(name, packaging, reader),
            _ => Err(error(
                "neither XML (OVAL) nor JSON (OSV, CSAF, CISA's list of exploited flaws)".into(),
            )),
        }
    }

    /// JSON: one value, several one after the other, or a list of them.
    fn json(
        &mut self,
        name: &str,
        packaging: Packaging,
        reader: &mut dyn BufRead,
    ) -> Result<(), VulnError> {
        let bounded = reader.take(DOCUMENT_MAX);
        let values = serde_json::Deserializer::from_reader(Bounded { reader: bounded, value: 0 });
        let mut number = 0;
        let mut values = values.into_iter::<Value>().peekable();
        while let Some(value) = values.next() {
            let value = value.map_err(|e| VulnError {
                place: name.to_owned(),
                what: format!("not readable as JSON: {e}"),
            })?;
            let several = number > 0 || values.peek().is_some();
            number += 1;
            let whole = packaging == Packaging::Archive || several;
            match value {
                Value::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.value(&format!("{name}, item {}", index + 1), true, item)?;
                    }
                }
                value => self.value(&format!("{name}, value {number}"), whole, &value)?,
            }
        }
        Ok(())
    }

    fn value(&mut self, place: &str, whole: bool, value: &Value) -> Result<(), VulnError> {
        if value.get("document").is_some_and(|d| d.get("csaf_version").is_some()) {
            csaf::read(self, place, whole, value)
        } else if value.get("catalogVersion").is_some() {
            kev::read(self, place, value)
        } else if value.get("id").is_some() && value.get("modified").is_some() {
            osv::read(self, place, whole, value)
        } else {
            Err(VulnError {
                place: place.to_owned(),
                what: "neither OSV (id, modified), CSAF 2.0 (document.csaf_version) nor CISA's list (catalogVersion)".to_owned(),
            })
        }
    }

    fn draft(&mut self, name: String, as_of_day: i64) -> &mut Draft {
        let draft = self.sets.entry(name).or_default();
        draft.as_of_day = draft.as_of_day.max(as_of_day);
        draft
    }

    fn skip(&mut self, why: &str) {
        *self.skipped.entry(why.to_owned()).or_default() += 1;
    }

    /// Adds an advisory, unless one of its texts cannot be one.
    fn add(&mut self, set: &str, advisory: Advisory) -> Result<(), VulnError> {
        let fine = |text: &str| {
            !text.is_empty() && text.len() <= TEXT_MAX && !text.chars().any(char::is_control)
        };
        let optional = [&advisory.introduced, &advisory.fixed];
        if ![&advisory.id, &advisory.package, &advisory.distribution].into_iter().all(|t| fine(t))
            || !optional.into_iter().flatten().chain(&advisory.aliases).all(|t| fine(t))
        {
            self.skip("a name or version that cannot be one");
            return Ok(());
        }
        self.count += 1;
        if self.count > ADVISORIES_MAX {
            return Err(VulnError {
                place: set.to_owned(),
                what: format!("more than {ADVISORIES_MAX} advisories"),
            });
        }
        if let Some(draft) = self.sets.get_mut(set) {
            draft.advisories.insert(advisory);
        }
        Ok(())
    }

    /// The sets, and what was left out. A set without anything in it counts:
    /// it says that there is nothing.
    pub fn finish(self) -> (Vec<VulnSet>, Skipped) {
        let digest = self.digest;
        let set = |(name, draft): (String, Draft)| VulnSet {
            source: VulnSource {
                name,
                as_of_day: draft.as_of_day,
                digest,
                complete: draft.complete,
            },
            advisories: draft.advisories.into_iter().collect(),
            exploited: draft.exploited,
        };
        (self.sets.into_iter().map(set).collect(), self.skipped)
    }
}

/// Fails when one value takes more bytes than any has. Values are told apart by
/// the line ends between them, as lines of NDJSON have them.
struct Bounded<R> {
    reader: R,
    value: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let got = self.reader.read(buffer)?;
        match buffer[..got].iter().rposition(|&b| b == b'\n') {
            Some(at) => self.value = (got - at) as u64,
            None => self.value += got as u64,
        }
        if self.value > VALUE_MAX {
            return Err(std::io::Error::other("a line longer than any advisory"));
        }
        Ok(got)
    }
}

/// The text at a path of names.
fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    path.iter().try_fold(value, |value, name| value.get(name))?.as_str()
}

/// The list at a name; an empty one where there is none.
fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of the list at a name.
fn texts(value: &Value, name: &str) -> Vec<String> {
    list(value, name).iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
}

/// The day of `2026-11-25T...`, counted from 1970-01-01.
fn day(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    let days = date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).ok()?;
    Some(i64::from(days.get_days()))
}

#[cfg(test)]
mod tests;
