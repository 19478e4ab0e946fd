#![no_main]
//! The parser of `disk.encryption`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("disk.encryption", input));
