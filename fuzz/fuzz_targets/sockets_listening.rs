#![no_main]
//! The parser of `sockets.listening`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("sockets.listening", input));
