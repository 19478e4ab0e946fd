//! The trend line: conformance and unknown share over time.

use crate::style::Style;
use crate::told;
use crate::view::TrendView;
use crate::words::document as words;
use maud::{Markup, html};

const LEFT: i64 = 58;
const RIGHT: i64 = 628;
const TOP: i64 = 12;
const BOTTOM: i64 = 148;

/// Whether there is anything to draw: a line needs two points.
pub(crate) fn has_trend(points: &[TrendView]) -> bool {
    points.iter().filter(|point| point.conformance.rate_permille().is_some()).count() > 1
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
fn stretches(points: &[TrendView]) -> Vec<Vec<Spot>> {
    let seconds = |point: &TrendView| point.as_of.as_second();
    let (Some(first), Some(last)) = (points.first().map(seconds), points.last().map(seconds))
    else {
        return Vec::new();
    };
    let span = (last - first).max(1);
    let mut gaps: Vec<i64> =
        points.windows(2).map(|two| seconds(&two[1]) - seconds(&two[0])).collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0).max(1);
    let mut found: Vec<Vec<Spot>> = Vec::new();
    let mut before = None;
    for point in points {
        let (Some(rate), Some(unknown)) =
            (point.conformance.rate_permille(), point.conformance.unknown_permille())
        else {
            before = None;
            continue;
        };
        let at = seconds(point);
        let x = LEFT + (at - first).clamp(0, span) * (RIGHT - LEFT) / span;
        let spot = Spot { x, rate: height(rate), unknown: height(unknown) };
        match (before, found.last_mut()) {
            (Some(then), Some(stretch)) if at - then < 2 * usual => stretch.push(spot),
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
    let rated: Vec<_> =
        points.iter().filter_map(|one| Some((one, one.conformance.rate_permille()?))).collect();
    let (Some((first, from)), Some((last, to))) = (rated.first(), rated.last()) else {
        return html! {};
    };
    let values = [
        ("first", style.day(first.as_of)),
        ("from", told::percent(*from, lang)),
        ("last", style.day(last.as_of)),
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
            @for stretch in stretches(points) {
                polyline.unknown points=(line(&stretch, |spot| spot.unknown)) {}
                polyline.rate points=(line(&stretch, |spot| spot.rate)) {}
                @for spot in &stretch {
                    circle.rate cx=(spot.x) cy=(spot.rate) r="2.6" {}
                }
            }
            text.axis x=(LEFT) y="170" { (style.day(first.as_of)) }
            text.axis x=(RIGHT) y="170" text-anchor="end" { (style.day(last.as_of)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_model::{Conformance, Coverage, RunId};
    use jiff::{Timestamp, ToSpan};
    use std::collections::BTreeMap;

    fn point(day: i64, pass: u64) -> TrendView {
        TrendView {
            run: RunId::new(format!("run-{day}")).expect("test id"),
            as_of: Timestamp::UNIX_EPOCH + (day * 24).hours(),
            conformance: Conformance {
                pass_weight: pass,
                fail_weight: if pass == 0 { 0 } else { 100 - pass },
                unknown_weight: 0,
                critical_failing: false,
            },
            coverage: Coverage::default(),
            changes: BTreeMap::new(),
        }
    }

    #[test]
    fn a_line_breaks_off_where_runs_are_missing_or_had_nothing_to_rate() {
        let days = [(0, 50), (1, 60), (2, 70), (6, 80), (7, 0), (8, 90)];
        let points: Vec<_> = days.iter().map(|(day, pass)| point(*day, *pass)).collect();
        let lengths: Vec<_> = stretches(&points).iter().map(Vec::len).collect();
        assert_eq!(lengths, [3, 1, 1]);
        let all: Vec<_> = stretches(&points).into_iter().flatten().collect();
        assert_eq!((all[0].x, all[4].x), (LEFT, RIGHT));
        assert_eq!(all[0].rate, (TOP + BOTTOM) / 2);
    }

    #[test]
    fn one_point_is_no_trend_and_equal_times_do_no_harm() {
        assert!(!has_trend(&[point(0, 50)]) && !has_trend(&[point(0, 0), point(1, 5)]));
        let twice = [point(3, 50), point(3, 60)];
        assert!(has_trend(&twice));
        assert!(stretches(&twice).iter().flatten().all(|spot| (LEFT..=RIGHT).contains(&spot.x)));
        assert!(
            stretches(&[point(5, 10), point(1, 10)])
                .iter()
                .flatten()
                .all(|s| (LEFT..=RIGHT).contains(&s.x))
        );
    }
}
