#![no_main]
//! The parser of `sshd.effective`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("sshd.effective", input));
