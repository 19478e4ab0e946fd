//! Tests of the engine from outside.

#[path = "integration/corpus.rs"]
mod corpus;
