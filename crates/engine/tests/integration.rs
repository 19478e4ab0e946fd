//! Tests of the engine from outside.

#![allow(clippy::disallowed_methods, reason = "tests read content, recordings and corpora")]

#[path = "integration/content.rs"]
mod content;
#[path = "integration/corpus.rs"]
mod corpus;
#[path = "integration/scrub.rs"]
mod scrub;
