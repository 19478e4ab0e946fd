//! When a run breaks the threshold that a script asked for.

use anji_model::{CheckResult, RawResult, Severity};

/// The threshold of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Nothing breaks it.
    Never,
    /// An open regression: something fails that has passed before.
    Regression,
    /// A failure of this severity or above.
    Severity(Severity),
}

/// Whether `results` break the threshold. A result that could not be decided
/// (unknown or error) breaks a severity threshold too unless `allow_unknown`:
/// what was not seen cannot be called safe. `open_regressions` counts failing
/// results that passed in an earlier comparable run, not only the last.
pub(crate) fn is_broken(
    threshold: FailOn,
    results: &[CheckResult],
    open_regressions: usize,
    allow_unknown: bool,
) -> bool {
    match threshold {
        FailOn::Never => false,
        FailOn::Regression => open_regressions > 0,
        FailOn::Severity(floor) => {
            results.iter().filter(|result| result.severity >= floor).any(|result| {
                match result.raw {
                    RawResult::Fail => true,
                    RawResult::Unknown | RawResult::Error => !allow_unknown,
                    _ => false,
                }
            })
        }
    }
}
