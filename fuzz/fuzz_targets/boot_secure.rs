#![no_main]
//! The parser of `boot.secure`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("boot.secure", input));
