//! `anji check --timings`: the cost of each command of the script.

use crate::escape::columns;
use crate::layout::{Page, Paint, span, text};
use crate::style::Style;
use crate::words::{grouped, timings as words};
use anji_model::CommandCost;

/// The commands with the dearest first, their sum, and the processor time of
/// this program in milliseconds, where it is known.
pub fn timings(commands: &[CommandCost], own_milliseconds: Option<u64>, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    page.heading(words::TITLE.get(lang));
    if commands.is_empty() {
        page.wrap(2, 4, &[text(words::NONE.get(lang))]);
    }
    let mut sorted: Vec<&CommandCost> = commands.iter().collect();
    sorted.sort_by_key(|one| (std::cmp::Reverse((one.milliseconds, one.bytes)), &one.capture));
    let known = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), grouped);
    let head = [words::COLUMN_MS, words::COLUMN_BYTES, words::COLUMN_EXIT].map(|p| p.get(lang));
    let mut rows = vec![(head.map(str::to_owned), words::COLUMN_CAPTURE.get(lang).to_owned(), "")];
    for one in &sorted {
        let exit = one.exit.map_or_else(|| "-".to_owned(), |status| status.to_string());
        let mark = match one {
            CommandCost { damaged: true, .. } => words::DAMAGED.get(lang),
            CommandCost { timed_out: true, .. } => words::LATE.get(lang),
            CommandCost { truncated: true, .. } => words::CUT.get(lang),
            _ => "",
        };
        let numbers = [known(one.milliseconds), grouped(one.bytes), exit];
        rows.push((numbers, one.capture.clone(), mark));
    }
    // Where one was not told, the sum would be too small to be called one.
    let total = commands.iter().map(|one| one.milliseconds).sum::<Option<u64>>();
    let bytes = commands.iter().map(|one| one.bytes).sum();
    let count = words::TOTAL.get(lang, commands.len() as u64);
    rows.push(([known(total), grouped(bytes), String::new()], count, ""));
    let wide = |at: usize| rows.iter().map(|(row, ..)| columns(&row[at])).max().unwrap_or(0);
    let widths = [wide(0), wide(1), wide(2)];
    let last = rows.len() - 1;
    for (index, (numbers, name, mark)) in rows.iter().enumerate().filter(|_| last > 1) {
        let paint = match index {
            0 => Paint::Dim,
            one if one == last => Paint::Strong,
            _ => Paint::Plain,
        };
        let cells = numbers.iter().zip(widths).map(|(cell, width)| {
            format!("{}{cell}  ", " ".repeat(width.saturating_sub(columns(cell))))
        });
        let mut line = vec![span(cells.collect::<String>(), paint), span(name.as_str(), paint)];
        if !mark.is_empty() {
            line.push(span(format!("  {mark}"), Paint::Warn));
        }
        page.cut(2, &line);
    }
    if let Some(own) = own_milliseconds {
        page.wrap(2, 4, &[text(words::OWN.fill(lang, &[("ms", &grouped(own))]))]);
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_model::Lang;
    use jiff::tz::TimeZone;

    fn cost(capture: &str, milliseconds: Option<u64>, bytes: u64) -> CommandCost {
        CommandCost {
            capture: capture.to_owned(),
            milliseconds,
            bytes,
            exit: Some(0),
            truncated: false,
            timed_out: false,
            damaged: false,
        }
    }

    fn style(lang: Lang) -> Style {
        Style { width: 80, color: false, ascii: false, lang, zone: TimeZone::UTC }
    }

    #[test]
    fn the_dearest_comes_first_and_the_sum_last() {
        let mut late = cost("file.walk", Some(120_000), 1_234_567);
        late.timed_out = true;
        let all = [cost("os.release", Some(10), 267), late, cost("accounts.passwd", Some(20), 9)];
        let expected = "What the script cost the host\n\
             \x20      ms      bytes  exit  capture\n\
             \x20 120,000  1,234,567     0  file.walk  ended at its time limit\n\
             \x20      20          9     0  accounts.passwd\n\
             \x20      10        267     0  os.release\n\
             \x20 120,030  1,234,843        3 captures in all\n\
             \x20 This program itself used 48 ms of CPU\n";
        assert_eq!(timings(&all, Some(48), &style(Lang::En)), expected);
        let zh = timings(&all, None, &style(Lang::Zh));
        assert!(zh.contains("达到时间上限被结束") && zh.contains("合计 3 个采集项"), "{zh}");
    }

    #[test]
    fn no_sum_is_made_of_what_is_not_known() {
        let text = timings(&[cost("a", None, 1), cost("b", Some(5), 1)], None, &style(Lang::En));
        assert!(text.ends_with("  -      2        2 captures in all\n"), "{text}");
        assert!(timings(&[], None, &style(Lang::En)).contains("No command ran."));
    }
}
