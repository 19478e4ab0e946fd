//! A run as a spreadsheet: what stands, everything to put right with columns
//! for who does it until when, what changed, the evidence, and all results of
//! each subject.
//!
//! Every value is text, a count or a time; there is no formula. Text from evidence is
//! printable and bounded before it gets here, and its cells carry the mark
//! (quote prefix) with which Excel keeps them text when they are edited.

mod book;
mod lists;
mod names;
mod subjects;
mod summary;

use crate::office::{Room, Teller};
use crate::style::Style;
use crate::view::ReportView;
use crate::words::{office as w, xlsx as x};
use book::Book;

/// The run as an Office Open XML workbook (`.xlsx`).
pub fn run(view: &ReportView, style: &Style) -> Vec<u8> {
    let teller = Teller::new(view, style, Room::SHEET);
    let written = || {
        let mut book = Book::new(style, view.made_at, footer(&teller))?;
        let plan = subjects::plan(&mut book, &teller);
        summary::write(&mut book, &teller, &plan)?;
        lists::to_put_right(&mut book, &teller)?;
        lists::changes(&mut book, &teller)?;
        subjects::overview(&mut book, &teller, &plan)?;
        lists::evidence(&mut book, &teller)?;
        subjects::sheets(&mut book, &teller, &plan)?;
        book.finish()
    };
    written().expect("names, ranges and lengths are made to be within Excel's limits")
}

/// Run, page and time at the foot of every printed page.
fn footer(teller: &Teller<'_>) -> String {
    let lang = teller.lang;
    let run = teller.view.report.run.as_ref();
    let run = run.map_or(w::RUN_NONE.get(lang), |run| run.as_str());
    let (product, page) = (w::PRODUCT.get(lang), x::PAGE.get(lang));
    // A run's id has no `&`, which would begin a code of Excel.
    format!("&L{product} · {run}&C{page}&R{}", teller.time(teller.view.made_at))
}
