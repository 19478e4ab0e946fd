//! Any text as the assertion of a check: refused or typed, and then mutated.
#![no_main]

use anji_engine::{ContentFile, load};
use libfuzzer_sys::fuzz_target;

const PACK: &str = include_str!("../corpus/predicate_pack.yaml");

fuzz_target!(|text: &str| {
    // A JSON text is a double-quoted YAML text.
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let text = PACK.replace("ASSERTION", &quoted);
    let file = ContentFile { path: "packs/fuzz/a.yaml".to_owned(), text };
    if let Ok(content) = load(&[file]) {
        for check in content.checks() {
            let _mutants = check.assertion.as_ref().map(|assertion| assertion.mutants());
        }
    }
});
