#![no_main]
//! The parser of `sysctl`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("sysctl", input));
