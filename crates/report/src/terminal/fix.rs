//! `anji fix --print`: a shell script of commands that cure a finding. All
//! else in it are comments, so that it can be read, kept and run as it is.

use crate::layout::{Page, text};
use crate::style::Style;
use crate::view::{CureCommand, CureView};
use crate::words;
use anji_model::Text;

/// The commands of `view`, with what undoes them, as a shell script.
pub fn fix(view: &CureView, style: &Style) -> String {
    let lang = style.lang;
    let mut out = String::from("#!/bin/sh\n");
    let id = view.check.id.as_str();
    let time = style.time(view.as_of);
    comment(&mut out, style, &format!("anji fix {id} --print · {}", view.subject_name));
    comment(&mut out, style, view.check.title.get(lang));
    let values = [("run", view.run.as_str()), ("time", time.as_str())];
    comment(&mut out, style, &words::FIX_FOUND_BY.fill(lang, &values));
    out.push_str("#\n");
    if !view.failing {
        comment(&mut out, style, words::FIX_NOTHING.get(lang));
        return out;
    }
    comment(&mut out, style, words::FIX_READ_FIRST.get(lang));
    comment(&mut out, style, view.check.fix.get(lang));
    for (place, one) in view.commands.iter().enumerate() {
        command(&mut out, style, place + 1, one);
    }
    if !view.by_hand.is_empty() {
        out.push('\n');
        comment(&mut out, style, words::FIX_BY_HAND.get(lang));
        for place in &view.by_hand {
            comment(&mut out, style, &format!("  {place}"));
        }
    }
    if view.unnamed > 0 {
        out.push('\n');
        comment(&mut out, style, &words::FIX_MORE.get(lang, view.unnamed));
    }
    out.push('\n');
    comment(&mut out, style, &words::FIX_AFTER.fill(lang, &[("id", id)]));
    out
}

fn command(out: &mut String, style: &Style, place: usize, one: &CureCommand) {
    let said = |text: &Option<Text>| {
        text.as_ref().map(|text| text.get(style.lang).to_owned()).unwrap_or_default()
    };
    out.push('\n');
    comment(out, style, format!("{place}. {}", said(&one.before)).trim_end());
    out.push_str(one.run.trim_end());
    out.push('\n');
    if one.after.is_some() {
        comment(out, style, &said(&one.after));
    }
    comment(out, style, words::FIX_UNDO.get(style.lang));
    // Whatever a name holds, each line of the undoing stays a comment.
    for line in one.undo.trim_end().split('\n') {
        out.push_str("#   ");
        out.push_str(line);
        out.push('\n');
    }
}

/// A paragraph as comment lines of the page's width.
fn comment(out: &mut String, style: &Style, paragraph: &str) {
    let width = style.columns().saturating_sub(2);
    let narrow = Style { width, color: false, ..style.clone() };
    let mut page = Page::new(&narrow);
    page.wrap(0, 0, &[text(paragraph)]);
    for line in page.finish().lines() {
        out.push_str("# ");
        out.push_str(line);
        out.push('\n');
    }
}
