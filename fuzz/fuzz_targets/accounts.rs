#![no_main]
//! The parser of `accounts`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("accounts", input));
