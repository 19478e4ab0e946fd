//! The walks of CONTRIBUTING.md, run as written.
