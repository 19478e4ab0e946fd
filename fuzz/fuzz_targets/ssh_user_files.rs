#![no_main]
//! The parser of `ssh.user_files`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("ssh.user_files", input));
