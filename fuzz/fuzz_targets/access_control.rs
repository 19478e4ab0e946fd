#![no_main]
//! The parser of `access.control`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("access.control", input));
