//! The captures of running values.
//!
//! ```text
//! v net/ipv4/ip_forward:0        a value, after its path below /proc/sys
//! - kernel/kexec_load_disabled   the kernel has no such key
//! ! net/core/bpf_jit_harden      this account may not read it
//! i ipv4 eth0                    an interface, with values as above
//! f ipv6                         the kernel has no such family
//! ```
//!
//! Values are read by one `awk`: a shell that reads byte by byte gets only the
//! first digit of a value from the kernel.

use super::kernel::FAMILIES;
use super::{KEYS, PARAMETERS};

/// The keys and interface parameters that are read, and nothing else: there
/// are secrets among the others.
pub(super) fn running_body() -> String {
    let keys: Vec<String> = KEYS.iter().map(|key| key.replace('.', "/")).collect();
    let families = FAMILIES.map(|family| {
        let names: Vec<&str> = PARAMETERS
            .iter()
            .filter(|(_, families)| families.contains(&family))
            .map(|(name, _)| *name)
            .collect();
        format!("  {family}) s='{}' ;;", names.join(" "))
    });
    format!(
        r#"[ -z "$R" ] || return 46
[ -d /proc/sys/kernel ] && cd /proc/sys || {{ printf 'no /proc/sys\n' >&2; return 45; }}
set --
for k in {}; do
  if [ -r "$k" ]; then set -- "$@" "$k"
  elif [ -e "$k" ]; then printf '! %s\n' "$k"
  else printf -- '- %s\n' "$k"; fi
done
for f in ipv4 ipv6; do
  if [ ! -d "net/$f/conf/all" ]; then printf 'f %s\n' "$f"; continue; fi
  case $f in
{}
  esac
  for d in net/"$f"/conf/*; do
    printf 'i %s %s\n' "$f" "$(anji_esc "${{d##*/}}")"
    for p in $s; do [ ! -e "$d/$p" ] || set -- "$@" "$d/$p"; done
  done
done
awk 'BEGIN {{
  for (i = 1; i < ARGC; i++) {{
    while ((getline l < ARGV[i]) > 0) print "v " ARGV[i] ":" l
    close(ARGV[i])
  }}
}}' "$@""#,
        keys.join(" "),
        families.join("\n"),
    )
}

/// Who applies the configuration when the system starts. systemd's own program
/// does not read `/etc/sysctl.conf`.
pub(super) const PROGRAM_BODY: &str = r#"for f in /usr/lib/systemd/systemd-sysctl /lib/systemd/systemd-sysctl; do
  anji_path "$f" >/dev/null
  if [ -f "$anji_at" ]; then printf 'systemd-sysctl\n'; return 0; fi
done
printf 'procps\n'"#;
