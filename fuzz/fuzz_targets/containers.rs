#![no_main]
//! The parser of `containers`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("containers", input));
