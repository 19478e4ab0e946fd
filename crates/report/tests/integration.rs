//! What the reports look like, and that every JSON document keeps its schema.

#![allow(
    clippy::disallowed_methods,
    reason = "the tests read the committed texts; the crate does not"
)]

#[path = "integration/documents.rs"]
mod documents;
#[path = "integration/examination.rs"]
mod examination;
#[path = "integration/fixtures.rs"]
mod fixtures;
#[path = "integration/golden.rs"]
mod golden;
#[path = "integration/queries.rs"]
mod queries;
#[path = "integration/readable.rs"]
mod readable;
#[path = "integration/runs.rs"]
mod runs;
#[path = "integration/sheaf.rs"]
mod sheaf;
#[path = "integration/views.rs"]
mod views;
