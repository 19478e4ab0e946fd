//! `boot.secure`: whether the firmware verifies what it starts, and whether
//! what runs is measured.

use super::{capture, decimal, text, type_name, vector, whole_lines};
use crate::escape::escape_bounded;
use crate::frame::{Frame, Frames};
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::{Problem, whole};
use crate::schema;
use anji_model::{Capture, EvidenceType, FailureCategory, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// How far the start of the system is verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// `uefi`, or `other`: a BIOS, or the firmware of another kind of machine.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub firmware: Option<String>,
    /// Whether the firmware verifies signatures; false where it cannot.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub secure_boot: Option<bool>,
    /// Whether the firmware takes new keys from anyone.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub setup_mode: Option<bool>,
    /// Whether shim, the first boot loader, was told to verify nothing.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub shim_insecure: Option<bool>,
    /// What the kernel keeps even from root: `none`, `integrity` or
    /// `confidentiality`; absent where the kernel does not have this.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub lockdown: Option<String>,
    /// Whether there is a chip (TPM or TCM) that keeps measurements.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub trusted_module: Option<bool>,
    /// Whether the kernel measures what it runs (IMA). Told by a hundred
    /// measurements or more: a policy that measures programs has made them before
    /// anyone can log in, and what the kernel measures of its own start is a few.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub measuring: Option<bool>,
    /// The state of EVM, which seals the attributes of files: 0 is off; absent
    /// where the kernel does not have it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub evm: Option<i64>,
}

/// The type `boot.secure`.
#[derive(Debug, Clone, Copy)]
pub struct SecureBoot;

/// Secure boot alone makes two.
const MEASURED_MIN: i64 = 100;

const STATE: &str = "boot.state";
const COUNT: &str = "/sys/kernel/security/ima/runtime_measurements_count";
const EVM: &str = "/sys/kernel/security/evm";

/// ```text
/// firmware uefi|other|hidden
/// SecureBoot 1 | absent | hidden    a variable of the firmware
/// ... unmounted                     its file system is not there
/// lockdown none [integrity] confidentiality
/// module yes|no
/// ima 123 | absent | hidden         how much was measured
/// evm 0 | absent | hidden
/// ```
const STATE_BODY: &str = r#"[ -z "$R" ] || return 46
[ -d /sys/kernel ] && [ -d /sys/class ] || { printf 'no /sys\n' >&2; return 45; }
e=/sys/firmware/efi
if [ -d $e ]; then
  printf 'firmware uefi\n'
  for v in SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c \
    MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23; do
    if [ -r $e/efivars/$v ]; then o=$(od -An -v -tu1 $e/efivars/$v) || o=hidden; o=${o##* }
    elif [ -r $e/vars/$v/data ]; then o=$(od -An -v -tu1 $e/vars/$v/data) || o=hidden; o=${o##* }
    else
      # Without any variable the file system of variables is not there.
      o=unmounted
      for f in $e/efivars/*-* $e/vars/*-*; do [ ! -e "$f" ] || o=absent; done
      [ ! -e $e/efivars/$v ] || o=hidden
    fi
    printf '%s %s\n' "${v%%-*}" "${o:-hidden}"
  done
else
  # A container is often shown an empty folder.
  o=hidden
  for f in /sys/firmware/*; do [ ! -e "$f" ] || o=other; done
  printf 'firmware %s\n' $o
fi
s=/sys/kernel/security
if [ -r $s/lockdown ]; then printf 'lockdown '; cat $s/lockdown
elif [ -e $s/lsm ]; then printf 'lockdown absent\n'
else printf 'lockdown unmounted\n'; fi
m=no
for d in /sys/class/tpm/tpm* /sys/class/tcm/tcm* /sys/class/misc/tcm*; do [ ! -e "$d" ] || m=yes; done
printf 'module %s\n' $m
for p in ima:$s/ima:$s/ima/runtime_measurements_count evm:$s/evm:$s/evm; do
  f=${p##*:}
  t=${p#*:}
  t=${t%%:*}
  if [ -e "$t" ]; then
    o=$(anji_sudo /usr/bin/cat "$f" 2>/dev/null || cat "$f" 2>/dev/null) || o=hidden
  elif [ -e $s/lsm ]; then o=absent
  else o=unmounted; fi
  printf '%s %s\n' "${p%%:*}" "$o"
done"#;

impl EvidenceKind for SecureBoot {
    fn name(&self) -> EvidenceType {
        type_name("boot.secure")
    }

    fn title(&self) -> Text {
        text("安全启动与可信度量", "Secure boot and measurement")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 64 << 10, timeout_seconds: 20, age_seconds_max: 86_400 }
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
        let mut state = capture(STATE, Source::Live, self.limits(), STATE_BODY);
        state.sudo = [COUNT, EVM].map(|file| vector(&["/usr/bin/cat", file])).to_vec();
        vec![state]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}

/// A value, as far as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Told<'f> {
    Value(&'f [u8]),
    Absent,
    /// Why it was not had.
    Hidden(FailureCategory),
}

fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = whole(frames, STATE)?;
    let mut gaps = Vec::new();
    let uefi = match told(frame, b"firmware")? {
        Told::Value(b"uefi") => Some(true),
        Told::Value(b"other") => Some(false),
        Told::Hidden(_) => None,
        _ => return Err(unreadable("firmware")),
    };
    if uefi.is_none() {
        let detail = "the firmware is not shown to this system, as in a container";
        let problem = Problem::new(FailureCategory::Unsupported, detail);
        let fields = ["firmware", "secure_boot", "setup_mode", "shim_insecure"];
        gaps.extend(fields.map(|field| problem.unknown(field)));
    }
    let mut hidden = |field: &str, category| {
        let detail = match category {
            FailureCategory::Permission => "closed to this account",
            _ => "the kernel's file system for it is not mounted",
        };
        gaps.push(Problem::new(category, detail).unknown(field));
    };
    let mut variable = |name: &str, field: &str| -> Result<Option<bool>, Problem> {
        if uefi != Some(true) {
            return Ok(uefi);
        }
        match told(frame, name.as_bytes())? {
            Told::Value(b"1") => Ok(Some(true)),
            Told::Value(b"0") | Told::Absent => Ok(Some(false)),
            Told::Value(_) => Err(unreadable(name)),
            Told::Hidden(category) => {
                hidden(field, category);
                Ok(None)
            }
        }
    };
    let secure_boot = variable("SecureBoot", "secure_boot")?;
    let setup_mode = variable("SetupMode", "setup_mode")?;
    let shim_insecure = variable("MokSBStateRT", "shim_insecure")?;
    let lockdown = match told(frame, b"lockdown")? {
        Told::Value(states) => Some(chosen(states).ok_or_else(|| unreadable("lockdown"))?),
        Told::Absent => None,
        Told::Hidden(category) => {
            hidden("lockdown", category);
            None
        }
    };
    let trusted_module = match told(frame, b"module")? {
        Told::Value(b"yes") => true,
        Told::Value(b"no") => false,
        _ => return Err(unreadable("module")),
    };
    let mut number = |name: &str, field: &str| -> Result<Option<i64>, Problem> {
        match told(frame, name.as_bytes())? {
            Told::Value(digits) => decimal(digits).map(Some).ok_or_else(|| unreadable(name)),
            Told::Absent => Ok(None),
            Told::Hidden(category) => {
                hidden(field, category);
                Ok(None)
            }
        }
    };
    let measured = number("ima", "measuring")?;
    let evm = number("evm", "evm")?;
    let measuring = match measured {
        None if gaps.iter().any(|gap| gap.path == "measuring") => None,
        count => Some(count.is_some_and(|count| count >= MEASURED_MIN)),
    };
    let body = Body {
        firmware: uefi.map(|uefi| if uefi { "uefi" } else { "other" }.to_owned()),
        secure_boot,
        setup_mode,
        shim_insecure,
        lockdown,
        trusted_module: Some(trusted_module),
        measuring,
        evm,
    };
    Ok(Parsed::collected(&body, gaps))
}

fn unreadable(what: &str) -> Problem {
    Problem::new(FailureCategory::Unparsable, format!("{what} was told in another form"))
}

/// What the capture says of `name`.
fn told<'f>(frame: &'f Frame, name: &[u8]) -> Result<Told<'f>, Problem> {
    for line in whole_lines(frame) {
        let Some(value) = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(b" ")) else {
            continue;
        };
        return Ok(match value.trim_ascii() {
            b"absent" => Told::Absent,
            b"hidden" => Told::Hidden(FailureCategory::Permission),
            b"unmounted" => Told::Hidden(FailureCategory::Unsupported),
            value => Told::Value(value),
        });
    }
    Err(unreadable(&String::from_utf8_lossy(name)))
}

/// The word in brackets.
fn chosen(states: &[u8]) -> Option<String> {
    let open = states.iter().position(|&b| b == b'[')? + 1;
    let end = states[open..].iter().position(|&b| b == b']')? + open;
    Some(escape_bounded(&states[open..end], 40))
}

#[cfg(test)]
mod tests {
    use super::{STATE, chosen, read};
    use crate::frame::Frame;

    #[test]
    fn the_state_in_brackets_holds() {
        assert_eq!(chosen(b"none [integrity] confidentiality").as_deref(), Some("integrity"));
        assert_eq!(chosen(b"none"), None);
        assert_eq!(chosen(b"]x["), None);
    }

    #[test]
    fn few_measurements_are_those_of_the_start() {
        for (count, measuring) in [("1", "false"), ("99", "false"), ("100", "true")] {
            let data = format!("firmware other\nlockdown absent\nmodule yes\nima {count}\nevm 0\n");
            let data = data.into_bytes();
            let frame = Frame { data, exit: Some(0), ..Frame::empty(STATE) };
            let parsed = read(&[frame].into_iter().collect()).expect("lines of this form");
            let body = String::from_utf8(parsed.body.expect("a body")).expect("text");
            assert!(body.contains(&format!("\"measuring\":{measuring}")), "{count}: {body}");
        }
    }
}
