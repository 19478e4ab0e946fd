#![no_main]
//! The parser of `mounts`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("mounts", input));
