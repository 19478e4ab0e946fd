//! Tests of the engine from outside.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read content, recordings and corpora, and ask a shell"
)]

#[path = "integration/content.rs"]
mod content;
#[path = "integration/corpus.rs"]
mod corpus;
#[path = "integration/scrub.rs"]
mod scrub;
