//! What the reports look like, and that every JSON document keeps its schema.

#[path = "integration/documents.rs"]
mod documents;
#[path = "integration/fixtures.rs"]
mod fixtures;
#[path = "integration/golden.rs"]
mod golden;
#[path = "integration/runs.rs"]
mod runs;
#[path = "integration/views.rs"]
mod views;
