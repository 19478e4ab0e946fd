#![no_main]
//! The parser of `file.stat`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("file.stat", input));
