//! Other programs that read what we write: Python packages from their registry
//! in an environment of their own, and Debian's LibreOffice and Chromium.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to do where a reader is missing.
const INSTALL: &str = "scripts/test readers (as root on Debian it also installs chromium, libreoffice-calc-nogui, libreoffice-writer-nogui, poppler-utils, fonts-noto-cjk, python3-venv)";

/// The Python of the readers' environment, which `scripts/test` makes.
fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target folder");
    let python = target.join("readers/bin/python");
    assert!(python.exists(), "{} is missing; run {INSTALL}", python.display());
    python
}

/// Runs `tests/readers/SCRIPT.py` with `args`; gives the JSON that it prints.
pub(crate) fn read(script: &str, args: &[&str]) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers");
    let output = Command::new(python())
        .arg(folder.join(script).with_extension("py"))
        .args(args)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{script} {args:?} (if a program is missing: {INSTALL})\n{errors}"
    );
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{script} printed no JSON ({error}):\n{errors}"))
}

/// A folder for the files of one test, empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("an old folder can be removed");
    }
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// Writes `bytes` into a file of `folder` and gives its path as text.
pub(crate) fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file can be written");
    path.to_str().expect("test paths are UTF-8").to_owned()
}

/// The schema that `script` finds in a package of the environment.
pub(crate) fn schema(script: &str) -> jsonschema::Validator {
    let schema = read(script, &["--schema"]);
    jsonschema::validator_for(&schema).expect("a package carries a valid schema")
}

/// What a schema has against a document; the first few.
pub(crate) fn problems(schema: &jsonschema::Validator, document: &Value) -> Vec<String> {
    let errors = schema.iter_errors(document).take(5);
    errors.map(|error| format!("{error:.300} at {}", error.instance_path())).collect()
}
