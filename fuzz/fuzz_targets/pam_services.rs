#![no_main]
//! The parser of `pam.services`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("pam.services", input));
