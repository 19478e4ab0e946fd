#![no_main]
//! The parser of `file.walk`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("file.walk", input));
