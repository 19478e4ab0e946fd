#![no_main]
//! The parser of `core.dumps`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("core.dumps", input));
