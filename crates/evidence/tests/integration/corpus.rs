//! Every input that fuzzing kept is read again here.

use super::support::{frame, path, repository};
use anji_evidence::{Frames, SelectorKind, read_bundle, registry};
use std::fs;

#[test]
fn every_corpus_file_is_read_without_a_panic() {
    let corpus = repository().join("fuzz/corpus");
    let mut read = 0;
    for target in fs::read_dir(&corpus).unwrap_or_else(|e| panic!("{}: {e}", corpus.display())) {
        let target = target.unwrap().path();
        if !target.is_dir() {
            continue;
        }
        for file in fs::read_dir(&target).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            if let Ok((_, frames)) = read_bundle("recording", &bytes) {
                parse(&frames);
            }
            parse(&every_capture_says(&bytes));
            read += 1;
        }
    }
    assert!(read >= 20, "{read} corpus files");
}

/// Each capture's frame with the same bytes, as the fuzz targets of the parsers have it.
fn every_capture_says(bytes: &[u8]) -> Frames {
    let selectors = [path("/etc/shadow")];
    let captures = registry().iter().flat_map(|kind| kind.captures(&selectors));
    captures.map(|capture| frame(&capture.id, bytes)).collect()
}

fn parse(frames: &Frames) {
    let selector = path("/etc/shadow");
    for kind in registry() {
        let wanted = (kind.selector() == SelectorKind::Path).then_some(&selector);
        kind.parse(wanted, frames);
    }
}
