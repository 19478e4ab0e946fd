//! The capture bodies.

use super::super::file_stat::STAT_FUNCTIONS;

/// What there is of an SSH server.
///
/// ```text
/// binary /usr/sbin/sshd     an executable
/// config /etc/ssh/...       a configuration
/// asked /usr/sbin/sshd      the executable that is asked for its settings
/// process ARG<tab>ARG       a server process by its arguments or title
/// other /opt/sshd           ... that runs another executable than the one asked
/// stale                     ... that began before its configuration was last changed
/// hidden, noproc            processes cannot be seen
/// ```
///
/// Processes of containers are left out where that can be seen. A daemon that is
/// told to reload keeps its start time but writes its pid file anew, so that
/// the later of the two counts.
pub(super) const PRESENCE_BODY: &str = r#"[ -z "$R" ] || return 46
for f in /usr/sbin/sshd /usr/local/sbin/sshd /sbin/sshd; do
  [ ! -x "$f" ] || printf 'binary %s\n' "$f"
done
for f in sshd dropbear tinysshd; do
  if anji_have "$f"; then printf 'binary %s\n' "$(command -v "$f")"; fi
done
n=0
for f in /etc/ssh/sshd_config /usr/etc/ssh/sshd_config; do
  if [ -e "$f" ] || [ -L "$f" ]; then printf 'config %s\n' "$f"; fi
done
for f in /etc/ssh/sshd_config /usr/etc/ssh/sshd_config /etc/ssh/sshd_config.d/*; do
  for t in $(stat -L -c '%Y %Z' "$f" 2>/dev/null); do [ "$t" -le "$n" ] || n=$t; done
done
s=/usr/sbin/sshd
[ -x "$s" ] || s=$(command -v sshd) || s=
[ -z "$s" ] || printf 'asked %s\n' "$s"
x=$(readlink -f "$s" 2>/dev/null)
if [ ! -r /proc/self/stat ]; then printf 'noproc\n'; return 0; fi
[ -r /proc/1/stat ] || printf 'hidden\n'
own=$(readlink /proc/self/ns/pid 2>/dev/null)
boot=$(sed -n 's/^btime //p' /proc/stat)
tick=$(getconf CLK_TCK 2>/dev/null) || tick=100
pid=$(stat -c %Y /run/sshd.pid 2>/dev/null) || pid=0
for d in /proc/[0-9]*; do
  c=
  { IFS= read -r c < "$d/comm"; } 2>/dev/null || continue
  case $c in
    sshd-session | sshd-auth) continue ;;
    *sshd* | dropbear* | tinysshd*) ;;
    *)
      # A second daemon under another name: a link to the same program, or a
      # copy that calls itself a listener.
      l=
      { IFS= read -r l < "$d/cmdline"; } 2>/dev/null
      case $l in
        *'[listener]'*) ;;
        *) [ -n "$s" ] && [ "$d/exe" -ef "$s" ] || continue ;;
      esac ;;
  esac
  ns=$(readlink "$d/ns/pid" 2>/dev/null)
  [ -z "$ns" ] || [ "$ns" = "$own" ] || continue
  a=$( { tr '\000\n\t' '\t  ' < "$d/cmdline"; } 2>/dev/null) || continue
  printf 'process %s\n' "$a"
  e=$(readlink "$d/exe" 2>/dev/null)
  [ -z "$e" ] || [ "$e" = "$x" ] || printf 'other %s\n' "$(anji_esc "$e")"
  t=$(sed 's/^.*) //' "$d/stat" 2>/dev/null | cut -d ' ' -f 20)
  case $t$boot in '' | *[!0-9]*) continue ;; esac
  t=$((boot + t / tick))
  [ "$t" -ge "$pid" ] || t=$pid
  [ "$n" -le "$((t + 1))" ] || printf 'stale\n'
done
return 0"#;

/// The daemon's own word; the helper says where the rights for it are lacking.
pub(super) const SETTINGS_BODY: &str = r#"[ -z "$R" ] || return 46
s=/usr/sbin/sshd
[ -x "$s" ] || s=$(command -v sshd) || return 44
anji_sudo "$s" -T"#;

/// The configuration with its includes in place.
///
/// ```text
/// > /etc/ssh/sshd_config      a file begins
/// =PermitRootLogin no         a line of it
/// i                           the include of the last line is complete
/// ?                           that include could not be followed
/// - /etc/ssh/sshd_config.d    this could not be read
/// <                           the file ends
/// ```
pub(super) const CONFIG_BODY: &str = r#"[ -z "$R" ] || return 46
anji_sshd_include() {
  set -f
  set -- "$1" $2
  case $2 in [Ii][Nn][Cc][Ll][Uu][Dd][Ee]) ;; *) printf '?\n'; return ;; esac
  n=$1
  shift 2
  [ "$n" -lt 16 ] || { printf '?\n'; return; }
  for p in "$@"; do
    case $p in
      '#'*) break ;;
      *[\"\'\\=~]*) printf '?\n'; continue ;;
      /*) ;;
      *) p=/etc/ssh/$p ;;
    esac
    d=$p
    while d=${d%/*}; [ -n "$d" ]; do
      [ -d "$d" ] || continue
      if [ ! -x "$d" ] || [ ! -r "$d" ]; then printf -- '- %s\n' "$(anji_esc "$d")"; fi
      break
    done
    set +f
    for f in $p; do
      if [ -e "$f" ] || [ -L "$f" ]; then (anji_sshd_file "$f" $((n + 1))); fi
    done
    set -f
  done
  printf 'i\n'
}
anji_sshd_lines() {
  while IFS= read -r l || [ -n "$l" ]; do
    printf '=%s\n' "$l"
    case $l in
      *[Ii][Nn][Cc][Ll][Uu][Dd][Ee]*)
        case ${l%%[Ii][Nn][Cc][Ll][Uu][Dd][Ee]*} in
          *[!\"[:blank:]]*) ;;
          *) (anji_sshd_include "$1" "$l") ;;
        esac ;;
    esac
  done
}
anji_sshd_file() {
  if [ -r "$1" ] && [ -f "$1" ]; then
    printf '> %s\n' "$(anji_esc "$1")"
    anji_sshd_lines "$2" < "$1"
    printf '<\n'
  elif [ "$1" = /etc/ssh/sshd_config ] && o=$(anji_sudo /usr/bin/cat "$1" 2>/dev/null); then
    printf '> %s\n' "$(anji_esc "$1")"
    printf '%s\n' "$o" | anji_sshd_lines "$2"
    printf '<\n'
  else
    printf -- '- %s\n' "$(anji_esc "$1")"
  fi
}
for f in /etc/ssh/sshd_config /usr/etc/ssh/sshd_config; do
  if [ -e "$f" ] || [ -L "$f" ]; then anji_sshd_file "$f" 0; return 0; fi
done
return 44"#;

/// Kind, mode and owner of every host key that the daemon names.
pub(super) fn hostkeys_body() -> String {
    format!(
        r#"[ -z "$R" ] || return 46
{STAT_FUNCTIONS}
s=/usr/sbin/sshd
[ -x "$s" ] || s=$(command -v sshd) || return 44
o=$(anji_sudo "$s" -T 2>/dev/null) || return
printf '%s\n' "$o" | while IFS= read -r l; do
  case $l in 'hostkey '*) anji_stat_one "${{l#hostkey }}" </dev/null ;; esac
done | anji_stat_names"#
    )
}
