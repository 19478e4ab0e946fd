#![no_main]
//! The parser of `kernel.cmdline`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("kernel.cmdline", input));
