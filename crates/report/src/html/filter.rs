//! The line of filters. Only the script can carry them out, so it is the
//! script that shows them.

use super::{Safe, Sheet, markup};
use crate::told;
use crate::words;
use crate::words::document;
use anji_model::{RawResult, Severity};
use maud::{Markup, html};

pub(super) fn filter(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let levels =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];
    let results = [RawResult::Fail, RawResult::Unknown, RawResult::Pass, RawResult::NotApplicable];
    html! {
        div.filter #filter role="search" aria-label=(document::FILTER.get(lang)) hidden {
            label { span { (document::SEARCH.get(lang)) } input #f-text type="search" autocomplete="off" spellcheck="false" placeholder=(document::SEARCH_HINT.get(lang)); }
            label { span { (document::BY_SEVERITY_SHORT.get(lang)) } select #f-s {
                option value="" { (document::ANY_SEVERITY.get(lang)) }
                @for level in levels { option value=(level as u8) { (words::severity(level).get(lang)) } }
            } }
            label { span { (document::COLUMN_RESULT.get(lang)) } select #f-w {
                option value="" { (document::ANY_RESULT.get(lang)) }
                @for raw in results {
                    @let name = if raw == RawResult::NotApplicable { document::OTHER_WORD } else { words::raw(raw) };
                    option value=(markup::class(raw)) { (name.get(lang)) }
                }
            } }
            @if sheet.subjects.len() > 1 {
                label { span { (document::FACT_SUBJECT.get(lang)) } select #f-h {
                    option value="" { (document::ANY_SUBJECT.get(lang)) }
                    @for (subject, number) in &sheet.subjects {
                        option value=(number) { (Safe(crate::escape::bounded(sheet.view.subject_name(subject), 60))) }
                    }
                } }
            }
            @if sheet.systems.len() > 1 {
                label { span { (document::SYSTEM.get(lang)) } select #f-y {
                    option value="" { (document::ANY_SYSTEM.get(lang)) }
                    @for (system, number) in &sheet.systems { option value=(number) { (Safe(told::system(system, lang))) } }
                } }
            }
            label.tick { input #f-c type="checkbox"; span { (document::ONLY_CHANGED.get(lang)) } }
            button #f-open type="button" { (document::OPEN_ALL.get(lang)) }
            button #f-close type="button" { (document::CLOSE_ALL.get(lang)) }
            output #f-count aria-live="polite" data-text=(document::SHOWN.get(lang)) {}
        }
    }
}
