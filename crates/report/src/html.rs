//! Reports as one HTML file that asks nobody for anything: the first page for
//! those who decide, then every finding down to the value that was observed.
//! It is complete without its script, which only filters, searches and unfolds.

mod changes;
mod check;
mod evidence;
mod filter;
mod findings;
mod front;
mod markup;
mod page;
mod safe;
mod settled;

use crate::chart;
use crate::style::Style;
use crate::view::{DiffView, Lookup, ReportView};
use crate::words::document as words;
use anji_model::{Lang, ResultIdentity, Subject, SystemId};
use maud::{Markup, html};
use safe::Safe;
use std::collections::{BTreeMap, BTreeSet};

/// What the parts of a page share.
struct Sheet<'a> {
    view: &'a ReportView,
    style: &'a Style,
    lookup: Lookup<'a>,
    /// Results that changed since the run before.
    changed: BTreeSet<&'a ResultIdentity>,
    /// Numbers of subjects and business systems in the filter.
    subjects: BTreeMap<&'a Subject, usize>,
    systems: BTreeMap<&'a SystemId, usize>,
}

impl<'a> Sheet<'a> {
    fn new(view: &'a ReportView, style: &'a Style) -> Self {
        let results = &view.report.assessment.results;
        let subjects: BTreeSet<_> = results.iter().map(|one| &one.identity.subject).collect();
        let systems: BTreeSet<_> = results.iter().map(|one| &one.identity.system).collect();
        Self {
            view,
            style,
            lookup: Lookup::new(view),
            changed: view.report.drift.iter().map(|one| &one.identity).collect(),
            subjects: subjects.into_iter().zip(0..).collect(),
            systems: systems.into_iter().zip(0..).collect(),
        }
    }

    fn lang(&self) -> Lang {
        self.style.lang
    }
}

/// A run as a page.
pub fn run(view: &ReportView, style: &Style) -> String {
    let sheet = Sheet::new(view, style);
    let lang = style.lang;
    let title = format!(
        "{} · {}",
        words::TITLE.get(lang),
        crate::escape::printable(&crate::escape::bounded(&view.report.subject_name, 120))
    );
    let body = html! {
        (chart::patterns())
        (front::header(&sheet))
        main #main tabindex="-1" {
            (front::front(&sheet))
            (filter::filter(&sheet))
            (findings::findings(&sheet))
            (findings::open(&sheet))
            (changes::of_run(&sheet))
            (settled::settled(&sheet))
            (evidence::evidence(&sheet))
            (front::proof(&sheet))
        }
        footer { p { (words::NOT_OFFICIAL.get(lang)) " " (words::MAPPED.get(lang)) } }
    };
    page::page(style, &title, &body)
}

/// What changed between two runs as a page.
pub fn diff(view: &DiffView, style: &Style) -> String {
    let lang = style.lang;
    let name = crate::escape::bounded(&view.subject_name, 120);
    let title = format!("{} · {}", words::TITLE_DIFF.get(lang), crate::escape::printable(&name));
    let body: Markup = html! {
        header {
            h1 { (words::TITLE_DIFF.get(lang)) }
            p.subject { (Safe(&name)) }
        }
        main #main tabindex="-1" { (changes::of_diff(view, style)) }
        footer { p { (words::NOT_OFFICIAL.get(lang)) } }
    };
    page::page(style, &title, &body)
}
