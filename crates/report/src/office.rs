//! What the office documents (spreadsheet and written report) share: how a
//! result, a change and a piece of evidence are told in short lines of text.
//! Whatever comes from evidence leaves here printable and bounded.

pub(crate) mod cells;
mod facts;

pub(crate) use cells::{Room, Teller};
pub(crate) use facts::{Critical, Fact, Kind, critical, facts, partial, steps};
