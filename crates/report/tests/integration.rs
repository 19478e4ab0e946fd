//! What the reports look like, and that every JSON document keeps its schema.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the tests read committed texts and run other programs; the crate does not"
)]

#[path = "integration/documents.rs"]
mod documents;
#[path = "integration/docx.rs"]
mod docx;
#[path = "integration/fixtures.rs"]
mod fixtures;
#[path = "integration/golden.rs"]
mod golden;
#[path = "integration/office.rs"]
mod office;
#[path = "integration/readers.rs"]
mod readers;
#[path = "integration/runs.rs"]
mod runs;
#[path = "integration/sheaf.rs"]
mod sheaf;
#[path = "integration/views.rs"]
mod views;
#[path = "integration/xlsx.rs"]
mod xlsx;
