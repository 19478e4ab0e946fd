#![no_main]
//! The parser of `sudo.rules`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("sudo.rules", input));
