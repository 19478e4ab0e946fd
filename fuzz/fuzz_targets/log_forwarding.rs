#![no_main]
//! The parser of `log.forwarding`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("log.forwarding", input));
