//! Scrubs a recording, for looking at what the scrubber does:
//! `cargo run -p anji-evidence --example scrub -- FILE`. What it would replace
//! goes to standard error.
#![allow(clippy::disallowed_methods, reason = "an example reads files")]

use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let scrubbed = anji_evidence::scrub::scrub_bundle("recording", &std::fs::read(path)?)?;
        std::io::stdout().write_all(&scrubbed.encode("recording"))?;
        for one in &scrubbed.replaced {
            writeln!(std::io::stderr(), "{} {} {}", one.kind.word(), one.times, one.text)?;
        }
    }
    Ok(())
}
