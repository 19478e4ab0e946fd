//! A run as a written report: cover, contents, scope, baseline, method,
//! conclusion, findings by severity, open questions, what to verify by hand,
//! what to put right, the evidence and room for signatures.
//!
//! The WordprocessingML is written here with an XML writer: what a hospital
//! prints and signs needs fonts, languages and fields exactly as they are
//! meant, and the same bytes for the same run.

mod body;
mod conclusion;
mod findings;
mod front;
mod lists;
mod open;
mod package;
mod styles;
mod xml;

use crate::office::{Room, Teller};
use crate::style::Style;
use crate::view::ReportView;
use body::Body;

/// The run as an Office Open XML document (`.docx`).
pub fn run(view: &ReportView, style: &Style) -> Vec<u8> {
    let teller = Teller::new(view, style, Room::PAPER);
    let mut text = Body::new(style.lang);
    front::scope(&mut text, &teller);
    front::baseline(&mut text, &teller);
    front::method(&mut text, &teller);
    conclusion::write(&mut text, &teller);
    findings::write(&mut text, &teller);
    open::write(&mut text, &teller);
    open::by_hand(&mut text, &teller);
    lists::to_put_right(&mut text, &teller);
    lists::evidence(&mut text, &teller);
    lists::signatures(&mut text, &teller);
    let mut whole = Body::new(style.lang);
    front::cover(&mut whole, &teller);
    whole.contents(text.headings());
    whole.append(text);
    package::zip(whole, &teller)
}
