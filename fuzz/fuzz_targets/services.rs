#![no_main]
//! The parser of `services`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("services", input));
