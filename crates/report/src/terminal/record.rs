//! `anji record`: what was recorded, and what was replaced in it.

use super::parts;
use crate::layout::{Page, Paint, glued, span, text};
use crate::style::Style;
use crate::view::RecordedView;
use crate::words::record as words;

/// What is told after a recording was made; the recording itself is elsewhere.
pub fn recorded(view: &RecordedView, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    let title = match &view.place {
        Some(place) => words::WRITTEN.fill(lang, &[("place", &parts::path(place))]),
        None => words::PRINTED.get(lang).to_owned(),
    };
    let facts = vec![
        span(title, Paint::Strong),
        glued(words::CAPTURES.get(lang, view.captures), Paint::Plain),
        glued(words::BYTES.get(lang, view.bytes), Paint::Plain),
        glued(crate::words::privilege(view.privilege).get(lang), Paint::Plain),
    ];
    page.wrap(0, 2, &parts::joined(facts));
    for (id, why) in &view.damaged {
        let line = words::DAMAGED.fill(lang, &[("id", id), ("why", why)]);
        page.wrap(2, 4, &[span(line, Paint::Warn)]);
    }
    if !view.complete {
        page.wrap(2, 4, &[span(words::BROKE_OFF.get(lang), Paint::Warn)]);
    }
    let Some(replaced) = &view.replaced else {
        page.wrap(0, 2, &[span(words::KEEP_IT.get(lang), Paint::Warn)]);
        return page.finish();
    };
    match replaced.is_empty() {
        true => page.wrap(0, 2, &[text(words::REPLACED_NOTHING.get(lang))]),
        false => page.wrap(0, 2, &[text(words::REPLACED.get(lang))]),
    }
    for one in replaced {
        let facts = vec![
            text(words::kind(one.kind).get(lang)),
            glued(words::THINGS.get(lang, one.things), Paint::Strong),
            glued(words::TIMES.get(lang, one.times), Paint::Plain),
        ];
        page.wrap(2, 4, &parts::joined(facts));
    }
    page.wrap(0, 2, &[span(words::READ_IT.get(lang), Paint::Strong)]);
    page.finish()
}
