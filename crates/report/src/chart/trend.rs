//! The trend line: conformance and unknown share over time.

use crate::style::Style;
use crate::told;
use crate::view::TrendView;
use crate::words::document as words;
use jiff::Timestamp;
use maud::{Markup, html};

const LEFT: i64 = 58;
const RIGHT: i64 = 628;
const TOP: i64 = 12;
const BOTTOM: i64 = 148;

/// Whether there is anything to draw: a line needs two points.
pub(crate) fn has_trend(points: &[TrendView]) -> bool {
    rated(points).len() > 1
}

/// The points that have a rate: when, the rate, the unknown share, in permille.
fn rated(points: &[TrendView]) -> Vec<(Timestamp, u64, u64)> {
    let measured = points.iter().filter_map(|point| {
        let conformance = point.conformance.as_ref()?;
        Some((point.as_of, conformance.rate_permille()?, conformance.unknown_permille()?))
    });
    measured.collect()
}

/// One measured point on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    x: i64,
    rate: i64,
    unknown: i64,
}

fn height(permille: u64) -> i64 {
    BOTTOM - i64::try_from(permille.min(1000)).unwrap_or(0) * (BOTTOM - TOP) / 1000
}

/// The points in stretches: where a run is missing, the line breaks off.
fn stretches(points: &[(Timestamp, u64, u64)]) -> Vec<Vec<Spot>> {
    let seconds = |at: &Timestamp| at.as_second();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let (first, last) = (seconds(&first.0), seconds(&last.0));
    let span = (last - first).max(1);
    let mut gaps: Vec<i64> =
        points.windows(2).map(|two| seconds(&two[1].0) - seconds(&two[0].0)).collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0).max(24 * 3600);
    let mut found: Vec<Vec<Spot>> = Vec::new();
    let mut before = None;
    for (at, rate, unknown) in points {
        let at = seconds(at);
        let x = LEFT + (at - first).clamp(0, span) * (RIGHT - LEFT) / span;
        let spot = Spot { x, rate: height(*rate), unknown: height(*unknown) };
        match (before, found.last_mut()) {
            // A day whose check began some hours late is not missing.
            (Some(then), Some(stretch)) if at - then < usual + usual * 3 / 4 => stretch.push(spot),
            _ => found.push(vec![spot]),
        }
        before = Some(at);
    }
    found
}

fn line(stretch: &[Spot], of: impl Fn(&Spot) -> i64) -> String {
    let spots: Vec<_> = stretch.iter().map(|spot| format!("{},{}", spot.x, of(spot))).collect();
    spots.join(" ")
}

/// The line of `points`, oldest first.
pub(crate) fn trend(points: &[TrendView], style: &Style) -> Markup {
    let lang = style.lang;
    let rated = rated(points);
    let (Some((first, from, _)), Some((last, to, _))) = (rated.first(), rated.last()) else {
        return html! {};
    };
    let values = [
        ("first", style.day(*first)),
        ("from", told::percent(*from, lang)),
        ("last", style.day(*last)),
        ("to", told::percent(*to, lang)),
    ];
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let title = words::CHART_TREND.fill(lang, &values);
    html! {
        svg.trend viewBox="0 0 640 176" role="img" {
            title { (title) }
            @for (percent, y) in [(100, TOP), (50, (TOP + BOTTOM) / 2), (0, BOTTOM)] {
                line.grid x1=(LEFT) y1=(y) x2=(RIGHT) y2=(y) {}
                text.axis x=(LEFT - 6) y=(y + 4) text-anchor="end" { (percent) "%" }
            }
            @for stretch in stretches(&rated) {
                polyline.unknown points=(line(&stretch, |spot| spot.unknown)) {}
                polyline.rate points=(line(&stretch, |spot| spot.rate)) {}
                @for spot in &stretch {
                    circle.rate cx=(spot.x) cy=(spot.rate) r="2.6" {}
                }
            }
            text.axis x=(LEFT) y="170" { (style.day(*first)) }
            text.axis x=(RIGHT) y="170" text-anchor="end" { (style.day(*last)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    fn at(hour: i64, rate: u64) -> (Timestamp, u64, u64) {
        (Timestamp::UNIX_EPOCH + hour.hours(), rate, 0)
    }

    fn lengths(hours: &[i64]) -> Vec<usize> {
        let points: Vec<_> = hours.iter().map(|hour| at(*hour, 500)).collect();
        stretches(&points).iter().map(Vec::len).collect()
    }

    #[test]
    fn a_line_breaks_off_where_days_are_missing() {
        assert_eq!(lengths(&[0, 24, 48, 144, 168]), [3, 2]);
        assert_eq!(lengths(&[0, 30, 50, 78]), [4], "some hours late is not missing");
        assert_eq!(lengths(&[0, 168, 336, 504]), [4], "weekly is a rhythm too");
        assert_eq!(lengths(&[0, 1, 2, 30, 31]), [5]);
        assert_eq!(lengths(&[]), [0; 0]);
    }

    #[test]
    fn points_stay_on_the_page() {
        let spots: Vec<_> = stretches(&[at(0, 0), at(24, 1000)]).into_iter().flatten().collect();
        assert_eq!((spots[0].x, spots[0].rate), (LEFT, BOTTOM));
        assert_eq!((spots[1].x, spots[1].rate), (RIGHT, TOP));
        let twice = stretches(&[at(3, 500), at(3, 600)]);
        assert!(twice.iter().flatten().all(|spot| (LEFT..=RIGHT).contains(&spot.x)));
    }
}
