//! What the reports look like, and that every JSON document keeps its schema.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the tests read the committed texts and start other programs; the crate does not"
)]

#[path = "integration/browser.rs"]
mod browser;
#[path = "integration/csv.rs"]
mod csv;
#[path = "integration/documents.rs"]
mod documents;
#[path = "integration/docx.rs"]
mod docx;
#[path = "integration/examination.rs"]
mod examination;
#[path = "integration/fixtures.rs"]
mod fixtures;
#[path = "integration/generated.rs"]
mod generated;
#[path = "integration/golden.rs"]
mod golden;
#[path = "integration/html.rs"]
mod html;
#[path = "integration/junit.rs"]
mod junit;
#[path = "integration/machine.rs"]
mod machine;
#[path = "integration/ocsf.rs"]
mod ocsf;
#[path = "integration/office.rs"]
mod office;
#[path = "integration/oscal.rs"]
mod oscal;
#[path = "integration/queries.rs"]
mod queries;
#[path = "integration/readable.rs"]
mod readable;
#[path = "integration/readers.rs"]
mod readers;
#[path = "integration/renderers.rs"]
mod renderers;
#[path = "integration/runs.rs"]
mod runs;
#[path = "integration/sarif.rs"]
mod sarif;
#[path = "integration/sheaf.rs"]
mod sheaf;
#[path = "integration/views.rs"]
mod views;
#[path = "integration/xlsx.rs"]
mod xlsx;
