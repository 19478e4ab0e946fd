//! The capture of the files.

use super::super::WHY_FUNCTION;

/// How the audit log's folder is listed through sudo.
pub(super) const AUDIT_FILES: [&str; 12] = [
    "/usr/bin/find",
    "/var/log/audit",
    "-maxdepth",
    "1",
    "-type",
    "f",
    "-exec",
    "/usr/bin/stat",
    "-c",
    "%f/%u/%g/%Y%n",
    "{}",
    "+",
];

/// The files with mode, owner and the second of their last change; of logs in
/// plain text the time of their first line.
///
/// ```text
/// f 81a0 0 4 1795463067 /var/log/syslog
/// t 2026-11-23 /var/log/syslog          the first line's date
/// t Nov 23 /var/log/messages            ... without a year
/// t 1795462016 /var/log/audit/audit.log ... in seconds
/// j 660f6abffa89f /var/log/journal/...  the journal's first entry, microseconds in hex
/// denied /var/log/audit                 this folder is closed
/// link /var/log/messages                a link in another root, not followed
/// more                                  files that are not told
/// host 1795462429                       when the machine-id was written
/// status 1795463000                     when logrotate last ran
/// program                               logrotate is there
/// timer                                 its timer is enabled
/// cron.daily                            its daily script does the work
/// end
/// ```
const TREE_BODY: &str = r#"anji_have stat || return 45
anji_path /var/log >/dev/null
v=$anji_at
if [ ! -d "$v" ]; then anji_why "$v"; return; fi
[ -r "$v" ] && [ -x "$v" ] || return 43
anji_log_have() {
  anji_path "$1" >/dev/null
  [ -e "$anji_at" ]
}
set --
n=0
for d in "$v" "$v/audit" "$v"/journal/*; do
  [ -d "$d" ] || continue
  if [ -n "$R" ] && [ -h "$d" ]; then printf 'more\n'; continue; fi
  if [ ! -r "$d" ] || [ ! -x "$d" ]; then
    if [ -z "$R" ] && [ "$d" = /var/log/audit ] && o=$(anji_sudo SUDO 2>/dev/null); then
      printf '%s\n' "$o" | awk '{ split($0, a, "/"); m = a[1] " " a[2] " " a[3] " " a[4]
        print "f " m " " substr($0, length(m) + 1) }'
    else
      printf 'denied /var/log%s\n' "${d#"$v"}"
    fi
    continue
  fi
  for f in "$d"/*; do
    # No log that is looked at has such a name.
    case ${f##*/} in *[!0-9A-Za-z._@~+-]*) continue ;; esac
    if [ -n "$R" ] && [ -h "$f" ]; then printf 'link %s\n' "${f#"$R"}"; continue; fi
    [ -f "$f" ] || continue
    n=$((n + 1))
    [ "$n" -le 4000 ] || { printf 'more\n'; break; }
    set -- "$@" "$f"
  done
done
if [ "$#" -gt 0 ]; then
  stat -L -c '%f %u %g %Y %n' "$@" 2>/dev/null | awk -v r="$R" '
    { at = index($0, "/"); p = substr($0, at)
      if (r != "" && index(p, r) == 1) p = substr(p, length(r) + 1)
      print "f " substr($0, 1, at - 1) p
      if (p !~ /^\/var\/log\/(syslog|messages|auth\.log|secure|kern\.log|daemon\.log|cron(\.log)?|user\.log|mail\.log|maillog|sudo\.log|audit\/audit\.log)/) next
      if (p ~ /\.(gz|xz|bz2|zst|lz4)$/) next
      if ((getline l < (r p)) > 0) {
        if (l ~ /^[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T/) print "t " substr(l, 1, 10) " " p
        else if (l ~ /^[A-Z][a-z][a-z] [ 1-3][0-9] /) print "t " substr(l, 1, 6) " " p
        else if (match(l, /audit\([0-9]+/)) print "t " substr(l, RSTART + 6, RLENGTH - 6) " " p
      }
      close(r p) }'
  for f in "$v"/journal/*/system.journal; do
    [ -r "$f" ] || continue
    o=$(od -An -v -tx1 -j184 -N8 "$f" 2>/dev/null)
    set -f
    set -- $o
    set +f
    [ "$#" -eq 8 ] && printf 'j %s %s\n' "$8$7$6$5$4$3$2$1" "${f#"$R"}"
  done
fi
if anji_log_have /etc/machine-id && [ -s "$anji_at" ]; then
  printf 'host %s\n' "$(stat -L -c %Y "$anji_at" 2>/dev/null)"
fi
for f in /var/lib/logrotate/status /var/lib/logrotate/logrotate.status /var/lib/logrotate.status /var/lib/misc/logrotate.status; do
  if anji_log_have "$f"; then printf 'status %s\n' "$(stat -L -c %Y "$anji_at" 2>/dev/null)"; fi
done
for f in /usr/sbin/logrotate /usr/bin/logrotate; do
  if anji_log_have "$f" && [ -x "$anji_at" ]; then printf 'program\n'; break; fi
done
m=
if [ -h "$R/etc/systemd/system/logrotate.timer" ]; then
  case $(ls -ld "$R/etc/systemd/system/logrotate.timer") in *' -> /dev/null') m=1 ;; esac
fi
for f in /etc/systemd/system/timers.target.wants /usr/lib/systemd/system/timers.target.wants; do
  if [ -z "$m" ] && [ -h "$R$f/logrotate.timer" ]; then printf 'timer\n'; break; fi
done
# The one of Debian leaves the work to systemd where that runs.
s=/run/systemd/system
[ -z "$R" ] || s=$R/usr/lib/systemd/system
if anji_log_have /etc/cron.daily/logrotate && [ -x "$anji_at" ] && [ -r "$anji_at" ]; then
  w=cron.daily
  while IFS= read -r l; do
    case $l in *'-d /run/systemd/system'*) [ ! -d "$s" ] || w= ;; esac
  done < "$anji_at"
  [ -z "$w" ] || printf '%s\n' "$w"
fi
printf 'end\n'"#;

pub(super) fn tree_body() -> String {
    let mut words = String::new();
    for (at, word) in AUDIT_FILES.iter().enumerate() {
        if at > 0 {
            words.push(' ');
        }
        words.push_str(&crate::shell::quote(word));
    }
    format!("{WHY_FUNCTION}\n{}", TREE_BODY.replace("SUDO", &words))
}
