#![no_main]
//! The parser of `cron.jobs`.

mod common;

libfuzzer_sys::fuzz_target!(|input: &[u8]| common::parse("cron.jobs", input));
