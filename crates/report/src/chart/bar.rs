//! The stacked bar: shares of a whole, side by side.

use maud::{Markup, html};

/// The width that the shares are spread over.
const WIDTH: u64 = 1000;
/// A share that is there is never thinner than this.
const PART_MIN: u64 = 6;

/// One share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// What it is: a class of the style sheet.
    pub(crate) class: &'static str,
    /// How much.
    pub(crate) count: u64,
}

/// Left edge and width of each share; what is there is seen.
fn spread(parts: &[Part]) -> Vec<(u64, u64)> {
    let total: u64 = parts.iter().map(|part| part.count).sum();
    let there = parts.iter().filter(|part| part.count > 0).count() as u64;
    let room = WIDTH.saturating_sub(there * PART_MIN);
    let mut edges = Vec::with_capacity(parts.len());
    let (mut seen, mut placed) = (0u128, 0u64);
    for part in parts {
        if part.count == 0 {
            edges.push((placed, 0));
            continue;
        }
        let before = (seen * u128::from(room) / u128::from(total.max(1))) as u64;
        seen += u128::from(part.count);
        let after = (seen * u128::from(room) / u128::from(total.max(1))) as u64;
        let width = after - before + PART_MIN;
        edges.push((placed, width));
        placed += width;
    }
    edges
}

/// A bar of `parts` that says `title`.
pub(crate) fn bar(parts: &[Part], title: &str) -> Markup {
    html! {
        svg.bar viewBox="0 0 1000 30" preserveAspectRatio="none" role="img" {
            title { (title) }
            @for (part, (left, width)) in parts.iter().zip(spread(parts)) {
                @if width > 0 {
                    rect class=(part.class) x=(left) y="0" width=(width) height="30" {}
                }
            }
        }
    }
}

/// The sign of a share in a legend.
pub(crate) fn swatch(class: &str) -> Markup {
    html! {
        svg.swatch viewBox="0 0 12 12" aria-hidden="true" focusable="false" {
            rect class=(class) width="12" height="12" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(counts: &[u64]) -> Vec<u64> {
        let parts: Vec<_> =
            counts.iter().map(|count| Part { class: "pass", count: *count }).collect();
        spread(&parts).iter().map(|(_, width)| *width).collect()
    }

    #[test]
    fn shares_fill_the_bar_and_none_that_is_there_vanishes() {
        assert_eq!(widths(&[1, 1]), [500, 500]);
        assert_eq!(widths(&[0, 3, 0]), [0, 1000, 0]);
        assert_eq!(widths(&[]), [0u64; 0]);
        assert_eq!(widths(&[0, 0]), [0, 0]);
        for counts in [[1, 1_000_000, 1, 0], [7, 11, 13, 1], [u64::MAX / 8, 1, 2, 3]] {
            let made = widths(&counts);
            assert_eq!(made.iter().sum::<u64>(), WIDTH, "{counts:?}");
            for (count, width) in counts.iter().zip(&made) {
                assert_eq!(*count > 0, *width >= PART_MIN, "{counts:?} {made:?}");
            }
        }
    }
}
