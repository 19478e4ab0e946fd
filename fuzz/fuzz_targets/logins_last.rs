#![no_main]
//! The parser of `logins.last`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("logins.last", input));
