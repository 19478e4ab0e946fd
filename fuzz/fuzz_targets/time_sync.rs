#![no_main]
//! The parser of `time.sync`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("time.sync", input));
