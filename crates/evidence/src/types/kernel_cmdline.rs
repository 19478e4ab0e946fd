//! `kernel.cmdline`: the arguments that the kernel was started with, and those
//! that the boot loader's files hold.

use super::{capture, text, type_name, whole_lines};
use crate::body::canonical_list;
use crate::escape::{escape_bounded, unescape};
use crate::frame::{Frame, Frames};
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::{Problem, arrived, exit_problem, stopped, whole};
use crate::schema;
use anji_model::{Capture, EvidenceType, FailureCategory, Gap, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The kernel's command line. Of arguments whose names speak of secrets the
/// value is `***`, and so is what stands before the `@` of an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The arguments of the running kernel.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub running: Vec<String>,
    /// Arguments in the files from which the boot loader's menu is made, and in
    /// the menu.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured: Vec<Configured>,
}

/// One argument in one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Configured {
    /// File and argument: `/etc/default/grub audit=1`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: String,
    /// The file.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: String,
    /// The argument.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub argument: String,
}

/// The type `kernel.cmdline`.
#[derive(Debug, Clone, Copy)]
pub struct KernelCmdline;

const RUNNING: &str = "cmdline.running";
const FILES: &str = "cmdline.files";

/// An awk function that prints the arguments of a line, one a line. Blanks in
/// double quotes do not end an argument, and a value that may be secret stays.
const ARGUMENTS_PROGRAM: &str = r#"function argument(a, i, n, v) {
  if (a == "") return
  i = index(a, "=")
  if (i) {
    n = tolower(substr(a, 1, i - 1))
    v = substr(a, i + 1)
    if (n ~ /pass|pwd|secret|token|key|cred|auth|dm-mod\.create|^systemd\.set_/) v = "***"
    else if (v ~ /@/) sub(/^.*@/, "***@", v)
    a = substr(a, 1, i) v
  }
  print "a " a
}
function arguments(s, i, c, q, a) {
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1)
    if (c == "\"") q = !q
    else if (!q && c ~ /[ \t\r]/) { argument(a); a = "" }
    else a = a c
  }
  argument(a)
}"#;

fn running_body() -> String {
    format!(
        r#"[ -z "$R" ] || return 46
[ -r /proc/cmdline ] || {{ printf 'no /proc/cmdline\n' >&2; return 45; }}
printf 'running\n'
awk '{ARGUMENTS_PROGRAM}
{{ arguments($0) }}' /proc/cmdline"#
    )
}

/// ```text
/// f /etc/default/grub     a file; what it holds follows
/// ! /boot/grub/grub.cfg   a file that is closed
/// a audit=1               an argument
/// ```
fn files_body() -> String {
    format!(
        r#"printf 'files\n'
set --
for f in /etc/default/grub /etc/default/grub.d/*.cfg /etc/kernel/cmdline \
  /boot/loader/entries/*.conf /boot/grub/grub.cfg /boot/grub2/grub.cfg; do
  case $f in
    *'*'*)
      anji_path "${{f%/*}}" >/dev/null
      d=$anji_at
      [ -d "$d" ] || continue
      if [ ! -r "$d" ] || [ ! -x "$d" ]; then printf '! %s\n' "${{f%/*}}"; continue; fi
      for g in "$d"/*."${{f##*.}}"; do
        [ -e "$g" ] || continue
        g="${{f%/*}}/${{g##*/}}"
        anji_cmdline_file "$g" && set -- "$@" "$g" "$anji_at"
      done ;;
    *) anji_cmdline_file "$f" && set -- "$@" "$f" "$anji_at" ;;
  esac
done
while [ $# -gt 0 ]; do
  printf 'f %s\n' "$(anji_esc "$1")"
  awk '{ARGUMENTS_PROGRAM}
  FILENAME ~ /\/kernel\/cmdline$/ {{ if ($0 !~ /^[ \t]*#/) arguments($0); next }}
  /^[ \t]*(linux|linuxefi|linux16)[ \t]/ && FILENAME ~ /grub\.cfg$/ {{
    sub(/^[ \t]*[a-z0-9]+[ \t]+[^ \t]+/, "")
    arguments($0)
    next
  }}
  /^options[ \t]/ && FILENAME ~ /\.conf$/ {{ sub(/^options/, ""); arguments($0); next }}
  /^[ \t]*GRUB_CMDLINE_LINUX(_DEFAULT)?=/ {{
    sub(/^[^=]*=/, "")
    q = substr($0, 1, 1)
    if (q == "\"" || q == "\047") {{
      $0 = substr($0, 2)
      i = index($0, q)
      if (i) $0 = substr($0, 1, i - 1)
    }}
    arguments($0)
  }}' "$2"
  shift 2
done"#
    )
    .replacen(
        "printf 'files",
        "anji_cmdline_file() {\n  anji_path \"$1\" >/dev/null\n  [ -f \"$anji_at\" ] || return 1\n  \
         [ -r \"$anji_at\" ] || { printf '! %s\\n' \"$(anji_esc \"$1\")\"; return 1; }\n}\nprintf 'files",
        1,
    )
}

impl EvidenceKind for KernelCmdline {
    fn name(&self) -> EvidenceType {
        type_name("kernel.cmdline")
    }

    fn title(&self) -> Text {
        text("内核命令行", "Kernel command line")
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
        vec![
            capture(RUNNING, Source::Live, limits, &running_body()),
            capture(FILES, Source::Files, limits, &files_body()),
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
    let mut gaps = Vec::new();
    let running = whole(frames, RUNNING).and_then(running);
    let configured = arrived(frames, FILES).and_then(|frame| configured(frame, &mut gaps));
    if let (Err(problem), Err(_)) = (&running, &configured) {
        return Err(problem.clone());
    }
    let running = running.unwrap_or_else(|problem| {
        gaps.push(problem.partial("running"));
        Vec::new()
    });
    let configured = configured.unwrap_or_else(|problem| {
        gaps.push(problem.partial("configured"));
        Vec::new()
    });
    let body = Body { running: canonical_list(running), configured: canonical_list(configured) };
    Ok(Parsed::collected(&body, gaps))
}

fn unreadable() -> Problem {
    Problem::new(FailureCategory::Unparsable, "the command line was told in another form")
}

fn running(frame: &Frame) -> Result<Vec<String>, Problem> {
    let mut lines = whole_lines(frame);
    if lines.next() != Some(b"running") {
        return Err(unreadable());
    }
    lines
        .map(|line| line.strip_prefix(b"a ").map(|text| escape_bounded(text, 300)))
        .map(|argument| argument.ok_or_else(unreadable))
        .collect()
}

fn configured(frame: &Frame, gaps: &mut Vec<Gap>) -> Result<Vec<Configured>, Problem> {
    if let Some(problem) = stopped(frame).or_else(|| exit_problem(frame)) {
        return Err(problem);
    }
    let mut lines = whole_lines(frame);
    if lines.next() != Some(b"files") {
        return Err(unreadable());
    }
    let mut file: Option<String> = None;
    let mut all = Vec::new();
    for line in lines {
        let (mark, rest) = line.split_at_checked(2).ok_or_else(unreadable)?;
        match mark {
            b"f " => {
                let path = unescape(rest).ok_or_else(unreadable)?;
                file = Some(escape_bounded(&path, 300));
            }
            b"! " => {
                let detail = format!("{}: permission denied", escape_bounded(rest, 200));
                gaps.push(Problem::new(FailureCategory::Permission, detail).partial("configured"));
            }
            b"a " => {
                let file = file.clone().ok_or_else(unreadable)?;
                let argument = escape_bounded(rest, 300);
                all.push(Configured { entry: format!("{file} {argument}"), file, argument });
            }
            _ => return Err(unreadable()),
        }
    }
    Ok(all)
}
