#![no_main]
//! The parser of `shell.startup`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("shell.startup", input));
