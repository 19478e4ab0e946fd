//! `access.control`: the mandatory access control of the kernel - SELinux and
//! AppArmor - as it runs and as it is configured.

use super::dump::{Dump, Found, dump_capture};
use super::{capture, text, type_name, vector, whole_lines};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded};
use crate::frame::{Frame, Frames};
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::{Problem, arrived, exit_problem, stopped};
use crate::schema;
use anji_model::{Capture, EvidenceType, FailureCategory, Gap, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// The kernel's mandatory access control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The security modules that the kernel runs, ordered by name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub modules: Vec<String>,
    /// SELinux.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub selinux: Selinux,
    /// AppArmor.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub apparmor: Apparmor,
}

/// SELinux.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Selinux {
    /// `enforcing`, `permissive` or `disabled`, as it runs.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: Option<String>,
    /// The same, as `/etc/selinux/config` says; absent without that file or word.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured: Option<String>,
    /// The configured policy: `targeted`, `mls`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub policy: Option<String>,
}

/// AppArmor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Apparmor {
    /// Whether the kernel runs it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub enabled: Option<bool>,
    /// The profiles that the kernel holds.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub profiles: Vec<Profile>,
}

/// A profile of AppArmor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Profile {
    /// Its name.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// `enforce`, `complain`, `kill`, `prompt` or `unconfined`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: String,
    /// Whether a process runs under it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub in_use: bool,
}

/// The type `access.control`.
#[derive(Debug, Clone, Copy)]
pub struct AccessControl;

const KERNEL: &str = "access.kernel";
const CONFIG: &str = "access.config";
const CONFIG_FILE: &str = "/etc/selinux/config";
const PROFILES: &str = "/sys/kernel/security/apparmor/profiles";

/// ```text
/// lsm lockdown,capability,apparmor
/// selinux enforcing|permissive|disabled|hidden
/// apparmor on|off
/// profiles                    all profiles follow
/// denied | unmounted          why they do not
/// p hisd (complain)           a profile
/// c hisd (complain)           what a process runs under
/// ```
const KERNEL_BODY: &str = r#"[ -z "$R" ] || return 46
[ -d /sys/kernel ] && [ -r /proc/filesystems ] || { printf 'no /sys or /proc\n' >&2; return 45; }
s=/sys/kernel/security
if [ -r $s/lsm ]; then printf 'lsm '; cat $s/lsm; printf '\n'; fi
m=disabled
for f in /sys/fs/selinux/enforce /selinux/enforce; do
  [ -e "$f" ] || continue
  case $(cat "$f" 2>/dev/null) in 1) m=enforcing ;; 0) m=permissive ;; *) m=hidden ;; esac
  break
done
case $m$(cat /proc/filesystems) in disabled*selinuxfs*) m=hidden ;; esac
printf 'selinux %s\n' $m
case $(cat /sys/module/apparmor/parameters/enabled 2>/dev/null) in
  [Yy1]*) printf 'apparmor on\n' ;;
  *)
    if [ -e /sys/module/apparmor/parameters/enabled ] && [ ! -r /sys/module/apparmor/parameters/enabled ]; then
      printf 'apparmor hidden\n'
    else
      printf 'apparmor off\n'
    fi
    return 0 ;;
esac
if [ ! -e $s/apparmor ]; then printf 'unmounted\n'
elif o=$(anji_sudo /usr/bin/cat $s/apparmor/profiles 2>/dev/null || cat $s/apparmor/profiles 2>/dev/null); then
  printf 'profiles\n'
  [ -z "$o" ] || printf '%s\n' "$o" | sed 's/^/p /'
else printf 'denied\n'; fi
awk 'BEGIN {
  for (i = 1; i < ARGC; i++) {
    while ((getline l < ARGV[i]) > 0) if (l ~ /\)$/ && !(l in seen)) { seen[l]; print "c " l }
    close(ARGV[i])
  }
}' /proc/[0-9]*/attr/apparmor/current /proc/[0-9]*/attr/current"#;

impl EvidenceKind for AccessControl {
    fn name(&self) -> EvidenceType {
        type_name("access.control")
    }

    fn title(&self) -> Text {
        text("强制访问控制", "Mandatory access control")
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
        Source::Live
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<Body>()
    }

    fn captures(&self, _selectors: &[Selector]) -> Vec<Capture> {
        let limits = self.limits();
        let mut kernel = capture(KERNEL, Source::Live, limits, KERNEL_BODY);
        kernel.sudo = vec![vector(&["/usr/bin/cat", PROFILES])];
        vec![kernel, dump_capture(CONFIG, limits, &[CONFIG_FILE])]
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
    let kernel = arrived(frames, KERNEL).and_then(kernel);
    let config = arrived(frames, CONFIG).and_then(Dump::read).and_then(|dump| configured(&dump));
    if let (Err(problem), Err(_)) = (&kernel, &config) {
        return Err(problem.clone());
    }
    let kernel =
        kernel.unwrap_or_else(|problem| Kernel { cut: Some(problem), ..Kernel::default() });
    kernel.gaps(&mut gaps);
    let (configured, policy) = config.unwrap_or_else(|problem| {
        gaps.extend(["selinux.configured", "selinux.policy"].map(|field| problem.unknown(field)));
        (None, None)
    });
    let profiles = kernel.profiles.iter().map(|(name, mode)| Profile {
        in_use: kernel.in_use.contains(&(name.clone(), mode.clone())),
        name: name.clone(),
        mode: mode.clone(),
    });
    let body = Body {
        modules: canonical_list(kernel.modules.clone().unwrap_or_default()),
        apparmor: Apparmor { enabled: kernel.apparmor, profiles: canonical_list(profiles) },
        selinux: Selinux { mode: kernel.selinux, configured, policy },
    };
    Ok(Parsed::collected(&body, gaps))
}

/// What the kernel says.
#[derive(Debug, Default)]
struct Kernel {
    modules: Option<Vec<String>>,
    selinux: Option<String>,
    apparmor: Option<bool>,
    /// Whether all profiles were told, or why not.
    told: Option<Result<(), Problem>>,
    profiles: BTreeSet<(String, String)>,
    in_use: BTreeSet<(String, String)>,
    /// Why what is not there is not known.
    cut: Option<Problem>,
}

impl Kernel {
    fn gaps(&self, gaps: &mut Vec<Gap>) {
        let cut = || {
            let detail = "the kernel's access control was not told whole";
            self.cut.clone().unwrap_or_else(|| Problem::new(FailureCategory::Unparsable, detail))
        };
        if self.modules.is_none() {
            let detail = "the list of security modules cannot be seen";
            let problem = Problem::new(FailureCategory::Unsupported, detail);
            gaps.push(self.cut.clone().unwrap_or(problem).partial("modules"));
        }
        if self.selinux.is_none() {
            gaps.push(cut().unknown("selinux.mode"));
        }
        match (self.apparmor, &self.told) {
            (None, _) => {
                gaps.push(cut().unknown("apparmor.enabled"));
                gaps.push(cut().partial("apparmor.profiles"));
            }
            (Some(true), Some(Err(problem))) => gaps.push(problem.partial("apparmor.profiles")),
            (Some(true), None) => gaps.push(cut().partial("apparmor.profiles")),
            _ => {}
        }
        // What came after the list of profiles may be lost.
        if let (Some(true), Some(problem)) = (self.apparmor, &self.cut) {
            gaps.push(problem.partial("apparmor.profiles"));
            gaps.push(problem.unknown("apparmor.profiles[].in_use"));
        }
    }
}

fn kernel(frame: &Frame) -> Result<Kernel, Problem> {
    let cut = stopped(frame);
    if cut.is_none()
        && let Some(problem) = exit_problem(frame)
    {
        return Err(problem);
    }
    let mut kernel = Kernel { cut, ..Kernel::default() };
    for line in whole_lines(frame) {
        if line.is_empty() {
            continue;
        }
        if kernel.line(line).is_none() {
            let detail = "the kernel's access control was told in another form";
            return Err(Problem::new(FailureCategory::Unparsable, detail));
        }
    }
    Ok(kernel)
}

impl Kernel {
    fn line(&mut self, line: &[u8]) -> Option<()> {
        let at = line.iter().position(|&b| b == b' ').unwrap_or(line.len());
        let rest = line.get(at + 1..).unwrap_or_default();
        match &line[..at] {
            b"lsm" => {
                let names = rest.split(|&b| b == b',').filter(|name| !name.is_empty());
                self.modules = Some(names.map(|name| escape_bounded(name, 40)).collect());
            }
            b"selinux" => match rest {
                b"enforcing" | b"permissive" | b"disabled" => self.selinux = Some(escape(rest)),
                b"hidden" => {}
                _ => return None,
            },
            b"apparmor" => match rest {
                b"on" => self.apparmor = Some(true),
                b"off" => self.apparmor = Some(false),
                b"hidden" => {}
                _ => return None,
            },
            b"profiles" => self.told = Some(Ok(())),
            b"denied" => {
                let detail = "the list of profiles is closed to this account";
                self.told = Some(Err(Problem::new(FailureCategory::Permission, detail)));
            }
            b"unmounted" => {
                let detail = "securityfs is not mounted, so the profiles cannot be seen";
                self.told = Some(Err(Problem::new(FailureCategory::Unsupported, detail)));
            }
            b"p" => {
                self.profiles.insert(profile(rest)?);
            }
            // A context of SELinux may end in a parenthesis too.
            b"c" => self.in_use.extend(profile(rest)),
            _ => return None,
        }
        Some(())
    }
}

/// `NAME (MODE)`; a name may hold blanks.
fn profile(line: &[u8]) -> Option<(String, String)> {
    let line = line.strip_suffix(b")")?;
    let at = line.windows(2).rposition(|pair| pair == b" (")?;
    let (name, mode) = (&line[..at], &line[at + 2..]);
    let known: [&[u8]; 5] = [b"complain", b"enforce", b"kill", b"prompt", b"unconfined"];
    known.contains(&mode).then(|| (escape_bounded(name, 300), escape(mode)))
}

/// Mode and policy of `/etc/selinux/config`, as libselinux reads it.
fn configured(dump: &Dump<'_>) -> Result<(Option<String>, Option<String>), Problem> {
    let file = match dump.file(CONFIG_FILE) {
        Found::File(file) => file,
        Found::Absent => return Ok((None, None)),
        Found::Failed(problem) => return Err(problem),
    };
    if let Some(problem) = &file.problem {
        return Err(problem.clone());
    }
    let mut found = (None, None);
    for line in &file.lines {
        let line = line.trim_ascii();
        if let Some(value) = line.strip_prefix(b"SELINUX=") {
            let value = value.trim_ascii().to_ascii_lowercase();
            let known = ["enforcing", "permissive", "disabled"];
            // Only the beginning of the word is looked at.
            let word = known.into_iter().find(|word| value.starts_with(word.as_bytes()));
            found.0 = word.map(str::to_owned).or(found.0);
        } else if let Some(value) = line.strip_prefix(b"SELINUXTYPE=") {
            found.1 = Some(escape_bounded(value.trim_ascii(), 60));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::profile;

    #[test]
    fn profiles_have_a_name_and_a_mode() {
        let read = |line: &str| profile(line.as_bytes());
        let pair = |name: &str, mode: &str| Some((name.to_owned(), mode.to_owned()));
        assert_eq!(read("/usr/sbin/chronyd (enforce)"), pair("/usr/sbin/chronyd", "enforce"));
        assert_eq!(read("a (b) c//d (complain)"), pair("a (b) c//d", "complain"));
        for bad in ["unconfined", "x (odd)", "system_u:system_r:init_t:s0", "(enforce)", ")"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
