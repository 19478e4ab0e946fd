//! The strip of days: what each of the last days brought.

use crate::style::Style;
use crate::view::TrendView;
use crate::words;
use crate::words::document;
use anji_model::DriftKind;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// How many days are shown.
const DAYS: i64 = 30;
/// The place of one day, with the gap to the next.
const STEP: i64 = 22;
const SIDE: i64 = 18;

/// What a day brought, the gravest of its runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Day {
    None,
    First,
    Quiet,
    Better,
    Other,
    Worse,
}

impl Day {
    const ALL: [Self; 6] =
        [Self::Worse, Self::Other, Self::Better, Self::Quiet, Self::First, Self::None];

    fn of(point: &TrendView) -> Self {
        let Some(changes) = &point.changes else { return Self::First };
        let any = |kinds: &[DriftKind]| {
            kinds.iter().any(|kind| changes.get(kind).is_some_and(|count| *count > 0))
        };
        if any(&[DriftKind::Regressed, DriftKind::EvidenceLost, DriftKind::Appeared]) {
            Self::Worse
        } else if any(&[DriftKind::ValueMoved, DriftKind::Gone]) {
            Self::Other
        } else if any(&[DriftKind::Recovered, DriftKind::EvidenceRestored]) {
            Self::Better
        } else {
            Self::Quiet
        }
    }

    fn word(self) -> words::Phrase {
        match self {
            Self::None => document::DAY_NONE,
            Self::First => document::DAY_FIRST,
            Self::Quiet => document::DAY_QUIET,
            Self::Better => document::DAY_BETTER,
            Self::Other => document::DAY_OTHER,
            Self::Worse => document::DAY_WORSE,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::First => "first",
            Self::Quiet => "quiet",
            Self::Better => "better",
            Self::Other => "other",
            Self::Worse => "worse",
        }
    }

    /// The shape in a box of 18 by 18.
    fn shape(self) -> &'static str {
        match self {
            Self::None => "",
            Self::First => "M9 5.5v7M5.5 9h7",
            Self::Quiet => "M7 9h4",
            Self::Better => "M9 13V5M5.5 8.5 9 5l3.5 3.5",
            Self::Other => "M4.5 10.5q2.2-4 4.5-1.5t4.5-1.5",
            Self::Worse => "M9 5v8M5.5 9.5 9 13l3.5-3.5",
        }
    }
}

/// The last days up to that of `until`, oldest first.
fn spread(points: &[TrendView], until: Timestamp, style: &Style) -> Vec<(Date, Day)> {
    let date = |at: Timestamp| at.to_zoned_datetime(style.zone.clone()).date();
    let mut by_day: BTreeMap<Date, Day> = BTreeMap::new();
    for point in points {
        let day = by_day.entry(date(point.as_of)).or_insert(Day::None);
        *day = (*day).max(Day::of(point));
    }
    let last = date(until);
    let back = (0..DAYS).rev().filter_map(|ago| last.checked_sub(ago.days()).ok());
    back.map(|day| (day, by_day.get(&day).copied().unwrap_or(Day::None))).collect()
}

fn mark(day: Day) -> Markup {
    html! {
        g class=(day.class()) {
            rect width=(SIDE) height=(SIDE) rx="3" {}
            path d=(day.shape()) {}
        }
    }
}

/// The strip of the days up to that of `until`, with its legend.
pub(crate) fn days(points: &[TrendView], until: Timestamp, style: &Style) -> Markup {
    let lang = style.lang;
    let days = spread(points, until, style);
    let counts: Vec<_> = Day::ALL
        .iter()
        .map(|kind| (*kind, days.iter().filter(|(_, day)| day == kind).count() as u64))
        .filter(|(_, count)| *count > 0)
        .collect();
    let parts: Vec<_> = counts
        .iter()
        .map(|(day, count)| {
            let text = document::DAYS_HERE.get(lang, *count);
            format!("{}{}{text}", day.word().get(lang), words::COLON.get(lang))
        })
        .collect();
    let title =
        document::CHART_DAYS.fill(lang, &[("parts", &parts.join(words::SEMICOLON.get(lang)))]);
    html! {
        svg.days viewBox=(format!("0 0 {} 34", DAYS * STEP - (STEP - SIDE) + 2)) role="img" {
            title { (title) }
            @for (place, (date, day)) in days.iter().enumerate() {
                g transform=(format!("translate({},1)", place as i64 * STEP + 1)) {
                    (mark(*day))
                    @if place % 7 == 1 || place + 1 == days.len() {
                        text.axis x="9" y="31" text-anchor="middle" { (date.day()) }
                    }
                }
            }
        }
        ul.legend {
            @for (day, count) in &counts {
                li {
                    svg.days.key viewBox="-1 -1 20 20" aria-hidden="true" focusable="false" { (mark(*day)) }
                    (day.word().get(lang)) " " (document::DAYS_HERE.get(lang, *count))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_model::{Lang, RunId};

    fn point(at: &str, changes: &[DriftKind]) -> TrendView {
        TrendView {
            run: RunId::new("run").expect("test id"),
            as_of: at.parse().expect("test time"),
            conformance: None,
            changes: Some(changes.iter().map(|kind| (*kind, 1)).collect()),
        }
    }

    #[test]
    fn a_day_shows_the_gravest_of_its_runs_in_local_time() {
        let mut style = Style::plain(80, Lang::En);
        style.zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        // 23:30 UTC is the next morning in Beijing.
        let points = [
            point("2026-11-20T23:30:00Z", &[DriftKind::Recovered]),
            point("2026-11-21T02:00:00Z", &[DriftKind::Regressed]),
            point("2026-11-21T23:30:00Z", &[]),
            point("2026-11-22T23:30:00Z", &[DriftKind::ValueMoved]),
        ];
        let until = "2026-11-23T23:30:00Z".parse().expect("test time");
        let made = spread(&points, until, &style);
        assert_eq!(made.len(), 30);
        let tail: Vec<_> = made[25..].iter().map(|(_, day)| *day).collect();
        assert_eq!(tail, [Day::None, Day::Worse, Day::Quiet, Day::Other, Day::None]);
    }
}
