#![no_main]
//! The parser of `packages`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("packages", input));
