#![no_main]
//! The parser of `audit`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("audit", input));
