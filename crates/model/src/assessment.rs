//! The results of one evaluation with their scores.

use crate::grade::Severity;
use crate::result::{CheckResult, RawResult};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The weight of each severity in [`Conformance`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightTable {
    /// Weight of an informational check.
    pub info: u32,
    /// Weight of a low check.
    pub low: u32,
    /// Weight of a medium check.
    pub medium: u32,
    /// Weight of a high check.
    pub high: u32,
    /// Weight of a critical check.
    pub critical: u32,
}

impl Default for WeightTable {
    fn default() -> Self {
        Self { info: 0, low: 1, medium: 2, high: 4, critical: 8 }
    }
}

impl WeightTable {
    /// The weight of `severity`.
    pub fn of(&self, severity: Severity) -> u32 {
        match severity {
            Severity::Info => self.info,
            Severity::Low => self.low,
            Severity::Medium => self.medium,
            Severity::High => self.high,
            Severity::Critical => self.critical,
        }
    }
}

/// Weighted share of passing checks among the applicable ones:
/// `pass / (pass + fail + unknown + error)`, by weight. Raw results count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conformance {
    /// Weight that passes.
    pub pass_weight: u64,
    /// Weight that fails.
    pub fail_weight: u64,
    /// Weight that is unknown or in error.
    pub unknown_weight: u64,
    /// Whether a critical check fails: red whatever the rate.
    pub critical_failing: bool,
}

impl Conformance {
    /// The weight of everything applicable.
    pub fn denominator(&self) -> u64 {
        self.pass_weight + self.fail_weight + self.unknown_weight
    }

    /// The passing share in tenths of a percent, rounded down; none over nothing.
    pub fn rate_permille(&self) -> Option<u64> {
        (self.pass_weight * 1000).checked_div(self.denominator())
    }

    /// The unknown share in tenths of a percent, rounded up; none over nothing.
    pub fn unknown_permille(&self) -> Option<u64> {
        let denominator = self.denominator();
        (denominator > 0).then(|| (self.unknown_weight * 1000).div_ceil(denominator))
    }
}

/// How many results carry each word, and how much was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Count per word, in the order of [`RawResult::ALL`].
    pub counts: [u64; 9],
}

impl Coverage {
    /// How many results carry `word`.
    pub fn count(&self, word: RawResult) -> u64 {
        self.counts[word as usize]
    }

    /// How many results there are.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// Everything one evaluation came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The instant that the evaluation took as now.
    pub as_of: Timestamp,
    /// The results, sorted by identity.
    pub results: Vec<CheckResult>,
    /// The rate.
    pub conformance: Conformance,
    /// The counts.
    pub coverage: Coverage,
}
