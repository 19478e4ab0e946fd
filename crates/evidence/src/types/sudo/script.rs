//! The capture body: what there is of sudo besides its files.
//!
//! ```text
//! sudo /usr/bin/sudo          a program
//! other /usr/bin/doas         a program that does the like with rules of its own
//! host his-db01               the host's name
//! folder drwxr-x--- 0 0       mode and owner of /etc/sudoers.d
//! ```

pub(super) const PROGRAMS_BODY: &str = r#"for d in /usr/bin /bin /usr/local/bin /opt/sudo/bin /usr/sbin; do
  for n in sudo sudo-rs doas; do
    p=$(anji_path "$d/$n")
    [ -e "$p" ] || [ -h "$p" ] || continue
    case $n in
      doas) printf 'other %s\n' "$d/$n" ;;
      *) printf 'sudo %s\n' "$d/$n" ;;
    esac
  done
done
if [ -z "$R" ]; then
  h=$(uname -n)
else
  h=
  p=$(anji_path /etc/hostname)
  if [ -f "$p" ]; then { IFS= read -r h < "$p"; } 2>/dev/null || :; fi
fi
[ -z "$h" ] || printf 'host %s\n' "$(anji_esc "$h")"
for f in /etc/sudoers.d /usr/etc/sudoers.d; do
  p=$(anji_path "$f")
  [ -e "$p" ] || continue
  o=$(ls -ldnL "$p" 2>/dev/null) || continue
  set -f
  set -- $o
  set +f
  printf 'folder %s %s %s %s\n' "$1" "$3" "$4" "$f"
done
printf 'done\n'"#;
