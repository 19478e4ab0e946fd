//! What shows while a run still works: verdicts as they come, and progress.

use super::parts;
use crate::layout::{Page, Paint, span, text};
use crate::style::Style;
use crate::view::ProgressView;
use crate::words;
use anji_model::{CheckInfo, CheckResult, Lang, RawResult};

/// One verdict, as it appears while the run still works; one line, cut at the
/// width, without a newline.
pub fn live_line(result: &CheckResult, check: &CheckInfo, style: &Style) -> String {
    let lang = style.lang;
    let (symbol, paint) = words::symbol(result.raw, style.ascii);
    let columns = if lang == Lang::En { 7 } else { 6 };
    let word = parts::padded(words::raw(result.raw).get(lang), columns);
    let mut line = vec![
        span(format!("{symbol} {word}  "), paint),
        span(format!("{}  ", parts::id(result)), Paint::Strong),
        text(check.title.get(lang)),
    ];
    let why = match result.raw {
        RawResult::Fail => result.failed_terms.first().map(|term| {
            let values =
                [("path", parts::path(&term.path)), ("value", parts::value(&term.observed))];
            format!("{} = {}", values[0].1, values[1].1)
        }),
        RawResult::Unknown | RawResult::Error => {
            result.reasons.first().map(|reason| parts::reason(reason, lang))
        }
        _ => None,
    };
    if let Some(why) = why {
        line.push(parts::dot());
        line.push(span(why, Paint::Dim));
    }
    let mut page = Page::new(style);
    page.cut(0, &line);
    page.finish_line()
}

/// How far the run is, on one line that never wraps; without a newline.
pub fn progress(view: &ProgressView, style: &Style) -> String {
    let lang = style.lang;
    let total = words::grouped(view.total);
    let mut line = words::PROGRESS.spans(lang, view.done, &[("total", &total)]);
    line.push(parts::dot());
    line.push(text(words::SECONDS.get(lang, view.seconds)));
    if let Some(current) = &view.current {
        line.push(parts::dot());
        line.push(span(parts::value(current), Paint::Dim));
    }
    let mut page = Page::new(style);
    page.cut(0, &line);
    page.finish_line()
}
