#![no_main]
//! The parser of `log.files`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("log.files", input));
