#![no_main]
//! The parser of `firewall`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("firewall", input));
