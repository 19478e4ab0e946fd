#![no_main]
//! The parser of `os.release`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("os.release", input));
