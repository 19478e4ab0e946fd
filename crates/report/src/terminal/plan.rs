//! `anji plan`: what would be collected, for what, and how.

use super::parts;
use crate::layout::{Page, Paint, glued, span, text};
use crate::style::Style;
use crate::words;
use anji_model::{Capture, CheckInfo, ClauseLink, Lang, Limits, Plan, Served, WantedEvidence};
use std::collections::{BTreeMap, BTreeSet};

/// `anji plan`: each key with the checks and clauses it serves, then the
/// commands in their order.
pub fn plan(plan: &Plan, checks: &[CheckInfo], style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    let subject = parts::path(&plan.collection.subject.to_string());
    let title = words::PLAN_TITLE.fill(lang, &[("subject", &subject)]);
    page.wrap(0, 2, &[span(title, Paint::Strong)]);
    let served: BTreeSet<_> = plan.serves.values().flatten().map(|served| &served.check).collect();
    let mut facts = vec![
        text(words::KEYS.get(lang, plan.collection.wanted.len() as u64)),
        text(words::CAPTURES.get(lang, plan.collection.captures.len() as u64)),
        text(words::CHECKS.get(lang, served.len() as u64)),
    ];
    if let Some(root) = &plan.collection.root {
        facts.push(text(words::IN_ROOT.fill(lang, &[("path", root.as_str())])));
    }
    page.wrap(2, 2, &parts::joined(facts));
    if plan.collection.wanted.is_empty() {
        page.blank();
        page.wrap(0, 2, &[text(words::PLAN_EMPTY.get(lang))]);
        return page.finish();
    }
    page.blank();
    let titles = parts::Checks::new(checks);
    for wanted in &plan.collection.wanted {
        let serves = plan.serves.get(&wanted.key).map_or(&[][..], Vec::as_slice);
        key(&mut page, wanted, serves, &titles);
    }
    page.heading(words::COMMANDS.get(lang));
    for capture in &plan.collection.captures {
        command(&mut page, capture);
    }
    page.blank();
    page.wrap(0, 2, &words::SEE_SCRIPT.spans(lang, &[]));
    page.finish()
}

fn key(
    page: &mut Page<'_>,
    wanted: &WantedEvidence,
    serves: &[Served],
    titles: &parts::Checks<'_>,
) {
    let lang = page.style.lang;
    page.wrap(0, 4, &[span(parts::path(&wanted.key.to_string()), Paint::Strong)]);
    if serves.is_empty() {
        page.wrap(4, 6, &[text(words::SERVES_NONE.get(lang))]);
    }
    for served in serves {
        let title = titles.title(&served.check, lang);
        page.wrap(4, 6, &[text(format!("{}  {title}", served.check))]);
    }
    let clauses = clauses(serves, lang);
    if !clauses.is_empty() {
        let line = words::CLAUSE_LIST.fill(lang, &[("clauses", &clauses)]);
        page.wrap(4, 6, &[span(line, Paint::Dim)]);
    }
    page.wrap(4, 6, &[span(limits(&wanted.limits, lang), Paint::Dim)]);
}

/// Each rule book once with its clauses.
fn clauses(serves: &[Served], lang: Lang) -> String {
    let links = serves.iter().flat_map(|served| &served.clauses);
    let mut books: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for ClauseLink { framework, clause, .. } in links {
        books.entry(framework.as_str()).or_default().insert(clause.as_str());
    }
    let list = |clauses: BTreeSet<&str>| {
        clauses.into_iter().collect::<Vec<_>>().join(words::LIST.get(lang))
    };
    let books: Vec<String> =
        books.into_iter().map(|(book, clauses)| format!("{book} {}", list(clauses))).collect();
    books.join(words::SEMICOLON.get(lang))
}

fn limits(limits: &Limits, lang: Lang) -> String {
    let (bytes, seconds) = (bytes(limits.bytes_max), u64::from(limits.timeout_seconds));
    let seconds = words::SECONDS.get(lang, seconds);
    let age = duration(u64::from(limits.age_seconds_max), lang);
    words::LIMITS.fill(lang, &[("bytes", &bytes), ("seconds", &seconds), ("age", &age)])
}

fn command(page: &mut Page<'_>, capture: &Capture) {
    let lang = page.style.lang;
    let seconds = words::SECONDS.get(lang, u64::from(capture.timeout_seconds));
    let facts = vec![
        span(parts::value(&capture.id), Paint::Strong),
        glued(words::source(capture.source).get(lang), Paint::Plain),
        glued(bytes(capture.bytes_max), Paint::Dim),
        glued(seconds, Paint::Dim),
    ];
    page.wrap(2, 4, &parts::joined(facts));
    for vector in &capture.sudo {
        let line = parts::path(&vector.join(" "));
        page.wrap(4, 6, &[text(words::WITH_SUDO.fill(lang, &[("command", &line)]))]);
    }
}

/// A size in the largest unit that keeps it whole or above ten.
pub(super) fn bytes(count: u64) -> String {
    const KIB: u64 = 1 << 10;
    const MIB: u64 = 1 << 20;
    match count {
        0..KIB => format!("{count} B"),
        KIB..MIB => format!("{} KiB", count.div_ceil(KIB)),
        _ => format!("{} MiB", words::grouped(count.div_ceil(MIB))),
    }
}

/// A time in its largest whole unit.
pub(super) fn duration(seconds: u64, lang: Lang) -> String {
    match seconds {
        0 => words::SECONDS.get(lang, 0),
        s if s.is_multiple_of(86_400) => words::DAYS.get(lang, s / 86_400),
        s if s.is_multiple_of(3_600) => words::HOURS.get(lang, s / 3_600),
        s if s.is_multiple_of(60) => words::MINUTES.get(lang, s / 60),
        s => words::SECONDS.get(lang, s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_take_their_largest_unit() {
        assert_eq!(bytes(1023), "1023 B");
        assert_eq!(bytes(65_536), "64 KiB");
        assert_eq!(bytes(64 << 20), "64 MiB");
        assert_eq!(duration(86_400, Lang::En), "1 day");
        assert_eq!(duration(172_800, Lang::Zh), "2 天");
        assert_eq!(duration(5_400, Lang::En), "90 minutes");
        assert_eq!(duration(61, Lang::En), "61 s");
    }
}
