//! Any text as a content file: refused with places inside the text, or loaded.
#![no_main]

use anji_engine::{ContentFile, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for path in ["packs/fuzz/a.yaml", "mappings/a.yaml", "baselines/a.yaml"] {
        let file = ContentFile { path: path.to_owned(), text: text.to_owned() };
        for problem in load(&[file]).err().unwrap_or_default() {
            assert!(problem.line >= 1 && problem.column >= 1 && problem.length >= 1);
            assert!(problem.line <= text.lines().count() + 1);
        }
    }
});
