#![no_main]
//! The parser of `processes`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("processes", input));
