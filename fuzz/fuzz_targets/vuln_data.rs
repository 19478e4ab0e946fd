#![no_main]
//! The readers of vulnerability data.

use anji_engine::vulns::{Importer, Packaging};
use anji_model::Digest;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    for packaging in [Packaging::Single, Packaging::Archive] {
        let mut importer = Importer::new(Digest([0; 32]));
        let read = importer.document("input", packaging, &mut &input[..]);
        if read.is_ok() {
            for set in importer.finish().0 {
                assert!(set.advisories.is_sorted());
            }
        }
    }
});
