//! The capture bodies.

/// What there is of the audit system, and the kernel's word on it.
///
/// ```text
/// machine x86_64
/// program /usr/sbin/auditctl    a program of it
/// process auditd                a process of that name
/// folder /etc/audit             its configuration
/// hidden                        processes cannot be seen
/// status                        the kernel's word follows
/// enabled 1
/// ```
pub(super) const STATE_BODY: &str = r#"[ -z "$R" ] || return 46
printf 'machine %s\n' "$(uname -m)"
[ ! -d /etc/audit ] || printf 'folder /etc/audit\n'
for f in /usr/sbin/auditd /usr/sbin/auditctl; do
  [ ! -x "$f" ] || printf 'program %s\n' "$f"
done
[ -r /proc/1/comm ] || printf 'hidden\n'
for d in /proc/[0-9]*; do
  c=
  { IFS= read -r c < "$d/comm"; } 2>/dev/null
  [ "$c" != auditd ] || printf 'process auditd\n'
done
a=/usr/sbin/auditctl
[ -x "$a" ] || a=$(command -v auditctl) || return 44
printf 'status\n'
anji_sudo "$a" -s"#;

/// The rules that the kernel holds.
pub(super) const LOADED_BODY: &str = r#"[ -z "$R" ] || return 46
a=/usr/sbin/auditctl
[ -x "$a" ] || a=$(command -v auditctl) || return 44
anji_sudo "$a" -l"#;
