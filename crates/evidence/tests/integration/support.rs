//! What the tests share.

use anji_evidence::{Frame, Frames, Parsed, find, read_bundle};
use anji_model::{AbsPath, EvidenceStatus, EvidenceType, FailureCategory, Gap, GapKind, Selector};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(super) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(super) fn recording(host: &str) -> Frames {
    let path = repository().join("testdata/recordings").join(host).join("bundle.txt");
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    read_bundle("recording", &bytes).unwrap_or_else(|e| panic!("{host}: {e}")).1
}

pub(super) fn frame(id: &str, data: &[u8]) -> Frame {
    Frame { data: data.to_vec(), exit: Some(0), ..Frame::empty(id) }
}

pub(super) fn path(path: &str) -> Selector {
    Selector::Path(AbsPath::new(path).unwrap())
}

pub(super) fn parse(kind: &str, selector: Option<&Selector>, frames: &Frames) -> Parsed {
    let kind = find(&EvidenceType::new(kind).unwrap()).unwrap();
    kind.parse(selector, frames)
}

/// The body of evidence that was had, whatever it lacks.
pub(super) fn body(parsed: &Parsed) -> Value {
    assert_eq!(parsed.status, EvidenceStatus::Collected, "{parsed:?}");
    serde_json::from_slice(parsed.body.as_ref().unwrap()).unwrap()
}

/// The body of evidence that lacks nothing.
pub(super) fn complete(parsed: &Parsed) -> Value {
    assert_eq!(parsed.gaps, [], "{parsed:?}");
    body(parsed)
}

pub(super) fn failed(parsed: &Parsed) -> FailureCategory {
    assert!(parsed.body.is_none());
    match parsed.status {
        EvidenceStatus::Failed { category, .. } => category,
        ref other => panic!("not failed: {other:?}"),
    }
}

pub(super) fn absent(parsed: &Parsed) -> bool {
    matches!(parsed.status, EvidenceStatus::Absent { .. })
}

pub(super) fn has_gap(gaps: &[Gap], path: &str, kind: GapKind, category: FailureCategory) -> bool {
    gaps.iter().any(|gap| gap.path == path && gap.kind == kind && gap.category == category)
}

/// The values at `field` of every element of `list`.
pub(super) fn column<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().filter_map(|item| item[field].as_str()).collect()
}

/// The one element of `list` whose `field` is `value`.
pub(super) fn element<'a>(list: &'a Value, field: &str, value: &str) -> &'a Value {
    let mut found = list.as_array().unwrap().iter().filter(|item| item[field] == value);
    match (found.next(), found.next()) {
        (Some(one), None) => one,
        other => panic!("{field} {value}: {other:?}"),
    }
}

pub(super) fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}
