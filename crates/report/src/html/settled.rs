//! What neither fails nor is open: passing checks, and those that were not asked or do not apply.

use super::Sheet;
use super::check::{check, groups};
use crate::words;
use crate::words::document;
use anji_model::RawResult;
use maud::{Markup, html};

pub(super) fn settled(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let all = sheet.view.settled();
    html! {
        section.settled #settled aria-labelledby="settled-title" {
            h2 #settled-title { (document::SETTLED.get(lang)) " " span.count { (words::grouped(all.len() as u64)) } }
            @if all.is_empty() { p { (document::SETTLED_NONE.get(lang)) } }
            @if !all.is_empty() { p.paper { (document::PRINTED_PART.get(lang)) } }
            @for word in RawResult::ALL {
                @let of_word: Vec<_> = all.iter().copied().filter(|one| one.raw == word).collect();
                @if !of_word.is_empty() {
                    div.level {
                        h3 { (words::raw(word).get(lang)) " " span.count { (words::grouped(of_word.len() as u64)) } }
                        @for group in groups(of_word) { (check(sheet, &group, None, false)) }
                    }
                }
            }
        }
    }
}
