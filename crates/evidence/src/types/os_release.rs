//! `os.release`: which product in which version, and the running kernel.

use super::{WHY_FUNCTION, capture, text, type_name, whole_lines};
use crate::body::canonical_list;
use crate::escape::escape;
use crate::frame::{Frame, Frames};
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::{Problem, arrived, exit_problem, stopped, whole};
use crate::{schema, status};
use anji_model::{Capture, EvidenceType, FailureCategory, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The operating system, as its own description file and kernel say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The distribution's identifier in lower case: `debian`, `openEuler` becomes `openeuler`.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub id: String,
    /// The version's identifier, absent for a rolling distribution: `12`.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub version_id: Option<String>,
    /// The name for people: `Debian GNU/Linux 12 (bookworm)`.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub pretty_name: String,
    /// Identifier and version in lower case, as end-of-life tables name it:
    /// `debian 12`; the identifier alone where there is no version.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub product: String,
    /// Identifiers of the distributions that this one is made from.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub id_like: Vec<String>,
    /// The running kernel.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kernel: Option<Kernel>,
}

/// The running kernel, as `uname` names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Kernel {
    /// The kernel's name: `Linux`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sysname: String,
    /// Its release: `6.1.0-50-cloud-amd64`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub release: String,
    /// Its build: `#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02)`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub version: String,
    /// The machine's architecture: `x86_64`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub machine: String,
}

/// The type `os.release`.
#[derive(Debug, Clone, Copy)]
pub struct OsRelease;

const FILE: &str = "os.release";
const KERNEL: &str = "os.kernel";

const FILE_BODY: &str = r#"for f in /etc/os-release /usr/lib/os-release; do
  p=$(anji_path "$f")
  if [ -r "$p" ] && [ -f "$p" ]; then cat "$p"; return; fi
  e=0
  anji_why "$p" || e=$?
  [ "$e" = 44 ] || return "$e"
done
return 44"#;

const KERNEL_BODY: &str = r#"[ -z "$R" ] || return 46
uname -s && uname -r && uname -v && uname -m"#;

impl EvidenceKind for OsRelease {
    fn name(&self) -> EvidenceType {
        type_name("os.release")
    }

    fn title(&self) -> Text {
        text("操作系统版本与内核", "Operating system release and kernel")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 64 << 10, timeout_seconds: 10, age_seconds_max: 86_400 }
    }

    fn selector(&self) -> SelectorKind {
        SelectorKind::None
    }

    fn source(&self) -> Source {
        Source::Files
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<Body>()
    }

    fn captures(&self, _selectors: &[Selector]) -> Vec<Capture> {
        let limits = self.limits();
        vec![
            capture(FILE, Source::Files, limits, &format!("{WHY_FUNCTION}\n{FILE_BODY}")),
            capture(KERNEL, Source::Live, limits, KERNEL_BODY),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}

fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = arrived(frames, FILE)?;
    if let Some(problem) = stopped(frame) {
        return Err(problem);
    }
    if frame.exit == Some(status::ABSENT) {
        return Ok(Parsed::absent("no os-release file"));
    }
    if let Some(problem) = exit_problem(frame) {
        return Err(problem);
    }
    let mut values = assignments(frame)?;
    let mut gaps = Vec::new();
    let kernel = whole(frames, KERNEL).and_then(kernel);
    let kernel = kernel.map_err(|problem| gaps.push(problem.unknown("kernel"))).ok();
    // The defaults are those of the file format itself.
    let id = values.remove("ID").unwrap_or_else(|| "linux".to_owned()).to_lowercase();
    let version_id = values.remove("VERSION_ID").filter(|version| !version.is_empty());
    let product = match &version_id {
        Some(version) => format!("{id} {}", version.to_lowercase()),
        None => id.clone(),
    };
    let id_like = values.remove("ID_LIKE").unwrap_or_default().to_lowercase();
    let body = Body {
        pretty_name: values.remove("PRETTY_NAME").unwrap_or_else(|| "Linux".to_owned()),
        id_like: canonical_list(id_like.split_ascii_whitespace().map(str::to_owned)),
        id,
        version_id,
        product,
        kernel,
    };
    Ok(Parsed::collected(&body, gaps))
}

fn kernel(frame: &Frame) -> Result<Kernel, Problem> {
    let lines: Vec<String> = whole_lines(frame).take(5).map(escape).collect();
    match <[String; 4]>::try_from(lines) {
        Ok([sysname, release, version, machine]) => {
            Ok(Kernel { sysname, release, version, machine })
        }
        Err(_) => Err(Problem::new(FailureCategory::Unparsable, "uname did not give four lines")),
    }
}

/// The assignments of an os-release file; the last one of a name holds.
fn assignments(frame: &Frame) -> Result<BTreeMap<String, String>, Problem> {
    let mut values = BTreeMap::new();
    for line in whole_lines(frame) {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let Some(at) = line.iter().position(|&b| b == b'=') else { continue };
        let (name, value) = (&line[..at], &line[at + 1..]);
        if matches!(name, b"ID" | b"VERSION_ID" | b"PRETTY_NAME" | b"ID_LIKE") {
            values.insert(escape(name), escape(&unquote(value)));
        }
    }
    if values.is_empty() {
        let detail = "the os-release file names no system";
        return Err(Problem::new(FailureCategory::Unparsable, detail));
    }
    Ok(values)
}

/// The value of a shell assignment without expansions.
fn unquote(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut quote = None;
    let mut bytes = value.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'\\') => out.extend(bytes.next()),
            (Some(b'"'), b'\\') => {
                let special = |b: &u8| matches!(b, b'"' | b'\\' | b'$' | b'`');
                out.push(bytes.next_if(|b| special(b)).unwrap_or(b'\\'));
            }
            (None, b' ' | b'\t') => break,
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn values_are_unquoted_as_a_shell_would() {
        for (raw, value) in [
            ("debian", "debian"),
            ("\"Debian GNU/Linux 12\"", "Debian GNU/Linux 12"),
            ("'a\"b'", "a\"b"),
            ("\"a\\\"b\\n\"", "a\"b\\n"),
            ("a\\ b c", "a b"),
            ("\"unterminated", "unterminated"),
            ("", ""),
        ] {
            assert_eq!(unquote(raw.as_bytes()), value.as_bytes(), "{raw}");
        }
    }
}
