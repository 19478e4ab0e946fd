//! `core.dumps`: where the kernel puts the memory of a program that crashed,
//! and what limits that.

mod config;

use self::config::{Systemd, limits_of, systemd_of};
use super::dump::{Dump, closed_capture, dump_capture};
use super::{capture, decimal, text, type_name, whole_lines};
use crate::body::canonical_list;
use crate::escape::escape_bounded;
use crate::frame::{Frame, Frames};
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::{Problem, arrived, whole};
use crate::schema;
use anji_model::{Capture, EvidenceType, FailureCategory, Gap, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// What becomes of the memory of a program that crashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// Where it goes now: `none`, `file`, `systemd-coredump` or `program`
    /// (another one, to which limits mean nothing by themselves).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub handler: Option<String>,
    /// The kernel's pattern that says so.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub core_pattern: Option<String>,
    /// What is dumped of programs that changed their rights: 0 nothing, 1
    /// everything, 2 for root alone.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub suid_dumpable: Option<i64>,
    /// The size limits that `pam_limits` sets at login, for each name that the
    /// files give.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub limits: Vec<Limit>,
    /// The soft limit that services begin with: `DefaultLimitCORE` of systemd,
    /// else that of the first process. `0`, a number of bytes, or `unlimited`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub service_limit: Option<String>,
    /// The programs that run now with a soft limit above 0, the first process
    /// left out.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub able: Vec<String>,
    /// What `systemd-coredump` keeps: `external`, `journal` or `none`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub storage: Option<String>,
    /// The largest process that `systemd-coredump` looks at, in bytes; absent
    /// where its own default holds.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub process_size_max: Option<i64>,
}

/// The limits of one name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Limit {
    /// An account, `@group`, a range of ids, or `*` for everybody.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub domain: String,
    /// The limit that a program begins with: kilobytes, or `unlimited`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub soft: Option<String>,
    /// The limit up to which a program may raise it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub hard: Option<String>,
}

/// The type `core.dumps`.
#[derive(Debug, Clone, Copy)]
pub struct CoreDumps;

const KERNEL: &str = "core.kernel";
const LIMITS: &str = "core.limits";
const SYSTEMD: &str = "core.systemd";

/// ```text
/// pattern |/usr/lib/systemd/systemd-coredump %P
/// uses_pid 0
/// suid_dumpable 0
/// first 0 unlimited          limits of the first process
/// able java                  another process that may dump
/// hidden                     processes cannot be seen
/// ```
const KERNEL_BODY: &str = r#"[ -z "$R" ] || return 46
[ -r /proc/sys/kernel/core_pattern ] || { printf 'no /proc/sys\n' >&2; return 45; }
awk 'BEGIN {
  p = "/proc/sys/kernel/core_pattern"
  if ((getline l < p) > 0) print "pattern " l; else print "pattern "
  if ((getline l < "/proc/sys/kernel/core_uses_pid") > 0) print "uses_pid " l
  if ((getline l < "/proc/sys/fs/suid_dumpable") > 0) print "suid_dumpable " l
  for (i = 1; i < ARGC; i++) {
    while ((getline l < ARGV[i]) > 0) {
      if (l !~ /^Max core file size /) continue
      split(l, w, " ")
      split(ARGV[i], d, "/")
      if (d[3] == 1) print "first", w[5], w[6]
      else if (w[5] != "0") {
        f = "/proc/" d[3] "/comm"
        if ((getline c < f) > 0) print "able " c
        close(f)
      }
      break
    }
    close(ARGV[i])
  }
}' /proc/[0-9]*/limits
[ -r /proc/1/limits ] || printf 'hidden\n'"#;

/// Folders of `pam_limits`, from the one that wins to the one that yields.
const LIMIT_FOLDERS: [&str; 2] = ["/etc/security/limits.d", "/usr/etc/security/limits.d"];
const LIMIT_FILES: [&str; 2] = ["/etc/security/limits.conf", "/usr/etc/security/limits.conf"];

impl EvidenceKind for CoreDumps {
    fn name(&self) -> EvidenceType {
        type_name("core.dumps")
    }

    fn title(&self) -> Text {
        text("核心转储", "Core dumps")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 1 << 20, timeout_seconds: 20, age_seconds_max: 86_400 }
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
        let mut pam: Vec<String> = LIMIT_FILES.map(str::to_owned).to_vec();
        pam.extend(LIMIT_FOLDERS.map(|folder| format!("{folder}/*.conf")));
        let pam: Vec<&str> = pam.iter().map(String::as_str).collect();
        let systemd = config::systemd_patterns();
        let systemd: Vec<&str> = systemd.iter().map(String::as_str).collect();
        vec![
            capture(KERNEL, Source::Live, limits, KERNEL_BODY),
            closed_capture(LIMITS, limits, &pam),
            dump_capture(SYSTEMD, limits, &systemd),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}

/// What the kernel says.
#[derive(Debug, Default)]
struct Kernel {
    pattern: Option<String>,
    uses_pid: Option<i64>,
    suid_dumpable: Option<i64>,
    first: Option<String>,
    able: Vec<String>,
    hidden: bool,
}

fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let mut gaps = Vec::new();
    let kernel = match whole(frames, KERNEL).and_then(kernel) {
        Ok(kernel) => kernel,
        Err(problem) => {
            gaps.extend(["handler", "core_pattern", "suid_dumpable"].map(|f| problem.unknown(f)));
            gaps.push(problem.partial("able"));
            Kernel::default()
        }
    };
    if kernel.hidden {
        let detail = "processes cannot be seen";
        gaps.push(Problem::new(FailureCategory::Permission, detail).partial("able"));
    }
    let limits = arrived(frames, LIMITS).and_then(Dump::read).and_then(|dump| limits_of(&dump));
    let limits = limits.map_err(|problem| gaps.push(problem.partial("limits")));
    let systemd = arrived(frames, SYSTEMD).and_then(Dump::read).and_then(|dump| systemd_of(&dump));
    let systemd = systemd.map_err(|problem| {
        let fields = ["service_limit", "storage", "process_size_max"];
        gaps.extend(fields.map(|field| problem.unknown(field)));
    });
    if kernel.pattern.is_none() && limits.is_err() && systemd.is_err() {
        let first = gaps.swap_remove(0);
        return Err(Problem::new(first.category, first.detail));
    }
    let service_limit = service_limit(&kernel, systemd.as_ref().ok(), &mut gaps);
    let systemd = systemd.ok();
    let body = Body {
        handler: kernel.pattern.as_ref().map(|pattern| handler(pattern, kernel.uses_pid)),
        able: canonical_list(kernel.able),
        core_pattern: kernel.pattern,
        suid_dumpable: kernel.suid_dumpable,
        limits: limits.unwrap_or_default(),
        service_limit,
        storage: systemd.as_ref().map(|systemd| systemd.storage.clone()),
        process_size_max: systemd.and_then(|systemd| systemd.process_size_max),
    };
    Ok(Parsed::collected(&body, gaps))
}

fn kernel(frame: &Frame) -> Result<Kernel, Problem> {
    let unreadable =
        || Problem::new(FailureCategory::Unparsable, "the kernel's settings were not told");
    let mut kernel = Kernel::default();
    for line in whole_lines(frame) {
        let at = line.iter().position(|&b| b == b' ').unwrap_or(line.len());
        let value = line.get(at + 1..).unwrap_or_default().trim_ascii();
        match &line[..at] {
            b"pattern" => kernel.pattern = Some(escape_bounded(value, 128)),
            b"uses_pid" => kernel.uses_pid = decimal(value),
            b"suid_dumpable" => kernel.suid_dumpable = decimal(value),
            b"first" => kernel.first = value.split(|&b| b == b' ').next().and_then(soft),
            b"able" => kernel.able.push(escape_bounded(value, 64)),
            b"hidden" => kernel.hidden = true,
            _ => return Err(unreadable()),
        }
    }
    let whole = kernel.pattern.is_some() && kernel.suid_dumpable.is_some();
    if whole && (kernel.hidden || kernel.first.is_some()) { Ok(kernel) } else { Err(unreadable()) }
}

fn soft(word: &[u8]) -> Option<String> {
    if word == b"unlimited" {
        return Some("unlimited".to_owned());
    }
    decimal::<u64>(word).map(|bytes| bytes.to_string())
}

fn service_limit(
    kernel: &Kernel,
    systemd: Option<&Systemd>,
    gaps: &mut Vec<Gap>,
) -> Option<String> {
    let systemd = systemd?;
    if let Some(limit) = &systemd.default_limit {
        return Some(limit.clone());
    }
    if kernel.first.is_none() {
        let detail = "the limits of the first process cannot be seen";
        let problem = Problem::new(FailureCategory::Permission, detail);
        gaps.push(problem.unknown("service_limit"));
    }
    kernel.first.clone()
}

/// Where the kernel's pattern leads.
fn handler(pattern: &str, uses_pid: Option<i64>) -> String {
    let word = match pattern.strip_prefix('|') {
        None if pattern == "/dev/null" || pattern.is_empty() && uses_pid == Some(0) => "none",
        None => "file",
        Some(program) => match program.trim_start().split(' ').next().unwrap_or_default() {
            "/bin/false" | "/usr/bin/false" | "/bin/true" | "/usr/bin/true" => "none",
            program if program.ends_with("/systemd-coredump") => "systemd-coredump",
            _ => "program",
        },
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::handler;

    #[test]
    fn patterns_lead_to_a_file_a_program_or_nowhere() {
        for (pattern, uses_pid, expected) in [
            ("core", 0, "file"),
            ("/var/crash/%e", 1, "file"),
            ("", 0, "none"),
            ("", 1, "file"),
            ("/dev/null", 0, "none"),
            ("|/bin/false", 0, "none"),
            ("|/usr/bin/true %p", 1, "none"),
            ("|/usr/lib/systemd/systemd-coredump %P %u", 0, "systemd-coredump"),
            ("|/usr/share/apport/apport -p%p", 0, "program"),
            ("|/bin/falsehood", 0, "program"),
        ] {
            assert_eq!(handler(pattern, Some(uses_pid)), expected, "{pattern}");
        }
    }
}
