//! The house rules as tests: what `ARCHITECTURE.md` and `CONTRIBUTING.md` claim
//! about the source is held here, so that "the tests pass" means that it is true.
//!
//! These tests read the source tree and `cargo metadata`; they use nothing of
//! the product. The command tests of the walks stand in [`walks`].

mod house {
    pub(crate) mod arrows;
    pub(crate) mod functions;
    pub(crate) mod purity;
    pub(crate) mod tidy;
    pub(crate) mod tree;
    pub(crate) mod walks;
}
