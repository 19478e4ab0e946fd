//! Replays the corpora of the fuzz targets: what was found once stays found.

use anji_engine::{ContentFile, load};
use proptest::prelude::*;
use std::path::Path;

/// Every file of a corpus as text, at least `least` of them.
fn corpus(name: &str, least: usize) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let mut texts: Vec<_> = std::fs::read_dir(&folder)
        .expect("the corpus is in the repository")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("a readable file");
            (path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect();
    texts.sort();
    assert!(texts.len() >= least, "{name} holds {} texts", texts.len());
    texts
}

#[test]
fn any_text_is_loaded_or_refused_with_places_in_it() {
    let (mut loaded, mut refused) = (0, 0);
    for (name, text) in corpus("content_yaml", 15) {
        for path in ["packs/fuzz/a.yaml", "mappings/a.yaml", "baselines/a.yaml"] {
            let file = ContentFile { path: path.to_owned(), text: text.clone() };
            match load(&[file]) {
                Ok(_) => loaded += 1,
                Err(problems) => {
                    refused += 1;
                    assert!(!problems.is_empty(), "{name}");
                    for problem in problems {
                        assert!(problem.line >= 1 && problem.column >= 1, "{name}");
                        assert!(problem.length >= 1, "{name}");
                        assert!(problem.line <= text.lines().count() + 1, "{name}");
                    }
                }
            }
        }
    }
    assert!(loaded > 0 && refused > 0, "{loaded} loaded, {refused} refused");
}

#[test]
fn any_assertion_is_typed_or_refused() {
    let pack = include_str!("../../../../fuzz/corpus/predicate_pack.yaml");
    let (mut typed, mut refused) = (0, 0);
    for (name, text) in corpus("predicate", 20) {
        let quoted = serde_json::to_string(&text).expect("a text");
        let text = pack.replace("ASSERTION", &quoted);
        let file = ContentFile { path: "packs/fuzz/a.yaml".to_owned(), text };
        match load(&[file]) {
            Ok(content) => {
                typed += 1;
                let assertion = content.checks()[0].assertion.as_ref().expect("an assertion");
                assert!(!assertion.mutants().is_empty(), "{name}");
            }
            Err(problems) => {
                refused += 1;
                assert!(problems.iter().all(|problem| problem.line >= 11), "{name}: {problems:?}");
            }
        }
    }
    assert!(typed >= 5 && refused >= 15, "{typed} typed, {refused} refused");
}

/// `text` with a part of `other` in the place of a part of its own.
fn spliced(text: &str, other: &str, cuts: [usize; 4]) -> String {
    let chars: Vec<char> = text.chars().collect();
    let others: Vec<char> = other.chars().collect();
    let at = |cut: usize, all: &[char]| cut % (all.len() + 1);
    let (from, to) = (at(cuts[0], &chars), at(cuts[1], &chars));
    let (other_from, other_to) = (at(cuts[2], &others), at(cuts[3], &others));
    let part = &others[other_from.min(other_to)..other_from.max(other_to)];
    chars[..from.min(to)].iter().chain(part).chain(&chars[from.max(to)..]).collect()
}

proptest! {
    #[test]
    fn spliced_texts_are_loaded_or_refused(
        which in any::<[usize; 2]>(), cuts in any::<[usize; 4]>(),
    ) {
        let pack = include_str!("../../../../fuzz/corpus/predicate_pack.yaml");
        for name in ["content_yaml", "predicate"] {
            let texts = corpus(name, 15);
            let [one, other] = which.map(|index| &texts[index % texts.len()].1);
            let mut text = spliced(one, other, cuts);
            if name == "predicate" {
                let quoted = serde_json::to_string(&text).expect("a text");
                text = pack.replace("ASSERTION", &quoted);
            }
            let file = ContentFile { path: "packs/fuzz/a.yaml".to_owned(), text };
            for problem in load(&[file]).err().unwrap_or_default() {
                prop_assert!(problem.line >= 1 && problem.column >= 1 && problem.length >= 1);
            }
        }
    }
}
