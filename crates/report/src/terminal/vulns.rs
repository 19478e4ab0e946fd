//! `anji content`: imported vulnerability data.

use super::parts;
use crate::layout::{Page, Paint, glued, span, text};
use crate::style::Style;
use crate::view::VulnsView;
use crate::words;
use jiff::ToSpan;
use jiff::civil::date;

/// The day `days` after 1970-01-01 as `2026-11-25`; empty where there is none.
pub(crate) fn day(days: i64) -> String {
    let first = date(1970, 1, 1);
    let span = 0.days().try_days(days);
    span.and_then(|span| first.checked_add(span)).map(|day| day.to_string()).unwrap_or_default()
}

/// The sets with a line or two for each, and what was left out.
pub fn vulns(view: &VulnsView, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    if view.sets.is_empty() && view.skipped.is_empty() {
        page.wrap(0, 2, &words::VULNS_NONE.spans(lang, &[]));
    }
    for set in &view.sets {
        let day = day(set.source.as_of_day);
        let mut facts = vec![
            span(parts::value(&set.source.name), Paint::Strong),
            glued(words::DATA_AS_OF.fill(lang, &[("day", &day)]), Paint::Plain),
        ];
        if set.advisories > 0 {
            facts.push(glued(words::ADVISORIES.get(lang, set.advisories), Paint::Plain));
        }
        if set.exploited > 0 {
            facts.push(glued(words::EXPLOITED.get(lang, set.exploited), Paint::Plain));
        }
        if set.advisories > 0 {
            let releases: Vec<_> = set.source.complete.iter().map(String::as_str).collect();
            facts.push(match releases.as_slice() {
                [] => text(words::SINGLE_ADVISORIES.get(lang)),
                _ => text(words::COMPLETE_FOR.fill(lang, &[("releases", &releases.join(", "))])),
            });
        }
        page.wrap(0, 4, &parts::joined(facts));
    }
    for (why, count) in &view.skipped {
        let (count, why) = (count.to_string(), why.get(lang));
        let line = words::LEFT_OUT.fill(lang, &[("n", &count), ("why", &parts::value(why))]);
        page.wrap(0, 4, &[span(line, Paint::Dim)]);
    }
    page.finish()
}
