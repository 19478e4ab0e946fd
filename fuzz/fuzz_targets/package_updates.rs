#![no_main]
//! The parser of `package.updates`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("package.updates", input));
