#![no_main]
//! The parser of `login.banners`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("login.banners", input));
