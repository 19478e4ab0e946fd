#![no_main]
//! The parser of `security.tools`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("security.tools", input));
