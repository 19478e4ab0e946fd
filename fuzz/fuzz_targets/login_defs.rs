#![no_main]
//! The parser of `login.defs`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("login.defs", input));
