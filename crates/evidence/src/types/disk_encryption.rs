//! `disk.encryption`: which block devices decrypt, and which file systems and
//! swap areas stand on them.

mod read;

use self::read::read;
use super::{WHY_FUNCTION, capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Encryption below the file systems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The devices that decrypt.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub devices: Vec<Device>,
    /// The mounted file systems that stand on block devices.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub volumes: Vec<Volume>,
    /// The swap areas in use.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub swaps: Vec<Volume>,
    /// The lines of `/etc/crypttab`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured: Vec<Configured>,
}

/// A device that decrypts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Device {
    /// Its name: `cryptroot`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// How: `LUKS1`, `LUKS2`, `PLAIN`, `BITLK` ...
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kind: String,
}

/// A file system or swap area.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Volume {
    /// Where it is mounted; for swap the device or file.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub target: String,
    /// Whether everything below it decrypts; not known of file systems that
    /// encrypt by themselves or span devices (ZFS, Btrfs).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub encrypted: Option<bool>,
}

/// A line of `/etc/crypttab`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Configured {
    /// The device's name.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// What it decrypts.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub source: String,
    /// Where the key comes from: `asked`, `random` (new each time), or `file`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub key: String,
}

/// The type `disk.encryption`.
#[derive(Debug, Clone, Copy)]
pub struct DiskEncryption;

const RUNNING: &str = "encryption.running";
const CRYPTTAB: &str = "encryption.crypttab";

/// ```text
/// b dm-0                               a block device
/// s dm-0 vda2                          what it stands on, or is a part of
/// n dm-0 254:1                         its number
/// x dm-0 cryptroot                     the name of its mapping
/// u dm-0 CRYPT-LUKS2                   the beginning of the mapping's identifier
/// m 254:1 ext4 /dev/mapper/x /         a mount; only a device's name is told
/// w /dev/dm-1 partition                a swap area
/// end
/// ```
const RUNNING_BODY: &str = r#"[ -z "$R" ] || return 46
[ -d /sys/class/block ] && [ -r /proc/self/mountinfo ] || { printf 'no /sys or /proc\n' >&2; return 45; }
for d in /sys/class/block/*; do
  [ -r "$d/dev" ] || continue
  printf 'b %s\n' "${d##*/}"
  for s in "$d"/slaves/*; do
    [ ! -e "$s" ] || printf 's %s %s\n' "${d##*/}" "${s##*/}"
  done
done
awk 'BEGIN {
  for (i = 1; i < ARGC; i++) {
    split(ARGV[i], w, "/")
    k = w[7] == "uuid" ? "u" : (w[7] == "name" ? "x" : "n")
    while ((getline l < ARGV[i]) > 0) {
      if (k == "u") { split(l, u, "-"); l = u[1] "-" u[2] }
      print k, w[5], l
    }
    close(ARGV[i])
  }
}' /sys/class/block/*/dev /sys/class/block/*/dm/name /sys/class/block/*/dm/uuid
for p in /sys/class/block/*/partition; do
  [ -e "$p" ] || continue
  d=${p%/partition}
  o=$(cd -P "$d/.." && pwd -P) && printf 's %s %s\n' "${d##*/}" "${o##*/}"
done
awk '{
  for (i = 7; i <= NF && $i != "-"; i++);
  print "m", $3, $(i + 1), ($(i + 2) ~ /^\/dev\// ? $(i + 2) : "-"), $5
}' /proc/self/mountinfo
[ ! -r /proc/swaps ] || awk 'NR > 1 { print "w", $1, $2 }' /proc/swaps
printf 'end\n'"#;

/// `c NAME SOURCE asked|random|file` for each line; neither keys nor their places.
const CRYPTTAB_BODY: &str = r#"p=$(anji_path /etc/crypttab)
printf 'crypttab\n'
if [ ! -r "$p" ] || [ ! -f "$p" ]; then anji_why "$p"; return; fi
awk '/^[ \t]*(#|$)/ { next }
NF < 2 { next }
{
  k = "file"
  if (NF < 3 || $3 == "none" || $3 == "-") k = "asked"
  if ($3 == "/dev/urandom" || $3 == "/dev/random" || $3 == "/dev/hwrng") k = "random"
  print "c", $1, $2, k
}' "$p""#;

impl EvidenceKind for DiskEncryption {
    fn name(&self) -> EvidenceType {
        type_name("disk.encryption")
    }

    fn title(&self) -> Text {
        text("磁盘加密", "Disk encryption")
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
            capture(RUNNING, Source::Live, limits, RUNNING_BODY),
            capture(CRYPTTAB, Source::Files, limits, &format!("{WHY_FUNCTION}\n{CRYPTTAB_BODY}")),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}
