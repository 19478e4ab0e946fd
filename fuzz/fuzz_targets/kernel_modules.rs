#![no_main]
//! The parser of `kernel.modules`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("kernel.modules", input));
