#![no_main]
//! The parser of `update.config`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("update.config", input));
