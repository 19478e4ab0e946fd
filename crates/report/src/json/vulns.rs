//! Imported vulnerability data.

use super::Document;
use super::common::{Text, number, text};
use crate::terminal;
use crate::view::VulnsView;
use schemars::JsonSchema;
use serde::Serialize;

/// One imported set.
#[derive(Debug, Serialize, JsonSchema)]
struct Set {
    /// Its form and subject: `debian-oval debian 12`.
    name: String,
    /// The day whose state it shows (ISO 8601).
    as_of: String,
    /// SHA-256 of the imported file.
    digest: String,
    /// How many advisories it holds.
    advisories: u64,
    /// How many flaws it says are used by attackers.
    exploited: u64,
    /// The releases of which it holds all that the vendor publishes.
    complete: Vec<String>,
}

/// What an import left out.
#[derive(Debug, Serialize, JsonSchema)]
struct Skipped {
    /// Why.
    why: Text,
    /// How often.
    count: u64,
}

/// Imported vulnerability data.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Vulns {
    /// The document's format and version.
    format: String,
    /// The sets, by name.
    sets: Vec<Set>,
    /// What an import left out; empty in a listing.
    skipped: Vec<Skipped>,
}

impl From<&VulnsView> for Vulns {
    fn from(view: &VulnsView) -> Self {
        let sets = view.sets.iter().map(|set| Set {
            name: text(&set.source.name),
            as_of: terminal::day(set.source.as_of_day),
            digest: text(set.source.digest),
            advisories: number(set.advisories),
            exploited: number(set.exploited),
            complete: set.source.complete.iter().map(text).collect(),
        });
        let skipped = view
            .skipped
            .iter()
            .map(|(why, count)| Skipped { why: Text::from(why), count: number(*count) });
        Self { format: Document::Vulns.format(), sets: sets.collect(), skipped: skipped.collect() }
    }
}
