//! From results to a rate: [`assess`].
//!
//! The rate is what XCCDF calls a weighted score over raw results, with one
//! difference: a question that could not be answered stays in the denominator,
//! so that losing sight of a host can never raise its rate.

mod steps;

use anji_model::{Assessment, CheckResult, Conformance, Coverage, RawResult, WeightTable};
use jiff::Timestamp;

pub use steps::{next_steps, unknown_groups, verdicts_with_more_rights};

/// Sorts the results by identity and computes rate and counts.
///
/// `as_of` is the instant that the evaluation took as now.
pub fn assess(
    mut results: Vec<CheckResult>,
    as_of: Timestamp,
    weights: &WeightTable,
) -> Assessment {
    results.sort_by(|a, b| a.identity.cmp(&b.identity));
    let conformance = conformance(&results, weights);
    let coverage = coverage(&results);
    Assessment { as_of, results, conformance, coverage }
}

/// The weighted rate over `results`, in whatever order they come.
pub fn conformance<'a>(
    results: impl IntoIterator<Item = &'a CheckResult>,
    weights: &WeightTable,
) -> Conformance {
    let mut sum =
        Conformance { pass_weight: 0, fail_weight: 0, unknown_weight: 0, critical_failing: false };
    for result in results {
        let weight = u64::from(weights.of(result.severity));
        match share_of(result.raw) {
            Share::Pass => sum.pass_weight += weight,
            Share::Fail => {
                sum.fail_weight += weight;
                sum.critical_failing |= result.severity == anji_model::Severity::Critical;
            }
            Share::Unknown => sum.unknown_weight += weight,
            Share::Outside => {}
        }
    }
    sum
}

/// How many of `results` carry each word.
pub fn coverage<'a>(results: impl IntoIterator<Item = &'a CheckResult>) -> Coverage {
    let mut coverage = Coverage::default();
    for result in results {
        coverage.counts[result.raw as usize] += 1;
    }
    coverage
}

/// Where a word goes in the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    Pass,
    Fail,
    Unknown,
    Outside,
}

/// `fixed` counts as pass: it was mended and looked at again in the same run,
/// so that the last thing known of it is that it holds; XCCDF 1.2 scores it so
/// too, and any other choice would punish the repair until the next day.
/// `notchecked` and `notselected` were never asked and stand in the coverage.
fn share_of(word: RawResult) -> Share {
    match word {
        RawResult::Pass | RawResult::Fixed => Share::Pass,
        RawResult::Fail => Share::Fail,
        RawResult::Unknown | RawResult::Error => Share::Unknown,
        RawResult::NotApplicable
        | RawResult::NotChecked
        | RawResult::NotSelected
        | RawResult::Informational => Share::Outside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{any_result, result};
    use anji_model::Severity;
    use proptest::prelude::*;

    fn rate(results: &[CheckResult]) -> Option<u64> {
        conformance(results, &WeightTable::default()).rate_permille()
    }

    #[test]
    fn each_word_counts_as_documented() {
        let expected = [
            (RawResult::Pass, (4, 0, 0)),
            (RawResult::Fail, (0, 4, 0)),
            (RawResult::Error, (0, 0, 4)),
            (RawResult::Unknown, (0, 0, 4)),
            (RawResult::NotApplicable, (0, 0, 0)),
            (RawResult::NotChecked, (0, 0, 0)),
            (RawResult::NotSelected, (0, 0, 0)),
            (RawResult::Informational, (0, 0, 0)),
            (RawResult::Fixed, (4, 0, 0)),
        ];
        assert_eq!(expected.map(|(word, _)| word), RawResult::ALL);
        for (word, (pass, fail, unknown)) in expected {
            let one = conformance(&[result("A-1", word, Severity::High)], &WeightTable::default());
            assert_eq!(
                (one.pass_weight, one.fail_weight, one.unknown_weight),
                (pass, fail, unknown),
                "{word}"
            );
        }
    }

    #[test]
    fn nothing_applicable_has_no_rate() {
        let outside = [result("A-1", RawResult::NotApplicable, Severity::Critical)];
        let sum = conformance(&outside, &WeightTable::default());
        assert_eq!((sum.rate_permille(), sum.unknown_permille()), (None, None));
        assert_eq!(rate(&[]), None);
        let info = [result("A-1", RawResult::Fail, Severity::Info)];
        assert_eq!(rate(&info), None, "weight 0 alone gives no rate");
    }

    #[test]
    fn only_a_failing_critical_makes_red() {
        let red = |word, severity| {
            conformance(&[result("A-1", word, severity)], &WeightTable::default()).critical_failing
        };
        assert!(red(RawResult::Fail, Severity::Critical));
        assert!(!red(RawResult::Fail, Severity::High));
        assert!(!red(RawResult::Unknown, Severity::Critical));
    }

    proptest! {
        #[test]
        fn rate_and_unknown_share_stay_in_bounds(results in prop::collection::vec(any_result(), 0..40)) {
            let sum = conformance(&results, &WeightTable::default());
            match (sum.rate_permille(), sum.unknown_permille()) {
                (Some(rate), Some(unknown)) => prop_assert!(rate + unknown <= 1001 && rate <= 1000),
                (None, None) => prop_assert_eq!(sum.denominator(), 0),
                other => prop_assert!(false, "{:?}", other),
            }
            prop_assert_eq!(coverage(&results).total(), results.len() as u64);
        }

        #[test]
        fn order_changes_nothing(results in prop::collection::vec(any_result(), 0..40), turn in 0usize..40) {
            let mut turned = results.clone();
            turned.rotate_left(turn % results.len().max(1));
            let at = Timestamp::UNIX_EPOCH;
            let (a, b) = (
                assess(results, at, &WeightTable::default()),
                assess(turned, at, &WeightTable::default()),
            );
            prop_assert_eq!(a.conformance, b.conformance);
            prop_assert_eq!(a.coverage, b.coverage);
        }

        #[test]
        fn one_more_pass_never_lowers_the_rate(results in prop::collection::vec(any_result(), 1..40), at in 0usize..40) {
            let mut better = results.clone();
            let at = at % results.len();
            let asked = share_of(better[at].raw) != Share::Outside;
            better[at].raw = RawResult::Pass;
            if asked {
                prop_assert!(rate(&better) >= rate(&results));
            }
            let mut longer = results.clone();
            longer.push(result("Z-1", RawResult::Pass, Severity::High));
            prop_assert!(rate(&longer) >= rate(&results));
        }

        #[test]
        fn losing_sight_never_raises_the_rate(results in prop::collection::vec(any_result(), 1..40), at in 0usize..40) {
            let mut blind = results.clone();
            let at = at % results.len();
            if share_of(blind[at].raw) != Share::Outside {
                blind[at].raw = RawResult::Unknown;
                prop_assert!(rate(&blind) <= rate(&results));
            }
        }
    }
}
