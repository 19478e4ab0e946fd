//! The capture bodies.
//!
//! ```text
//! lastlog 292292 1795613105    the file's size and its birth (0 where not known)
//! lastlog denied|none          it cannot be read; no program keeps it, or there is no file
//! slot 292                     the size of its slots on such a machine
//! account 1000 opsadm          an account whose shell does not end at once
//! time 1795613200              its slot: seconds since 1970, 0 for never
//! done
//! ```
//!
//! The other one has what `last` and `lastlog2` say, in UTC and each account once:
//!
//! ```text
//! wtmp begins Wed Nov 25 21:25:59 2026
//! wtmp seen Wed Nov 25 21:25:59 2026 opsadm
//! lastlog2 born 1795613105
//! lastlog2 seen Wed Nov 25 21:25:59 2026 opsadm
//! wtmp none                    no program that reads it, or no file
//! done
//! ```

pub(super) const RECORDS_BODY: &str = r#"p=$(anji_path /etc/passwd)
if [ ! -f "$p" ] || [ ! -r "$p" ]; then
  printf 'no passwd file that can be read\n' >&2
  return 1
fi
k=
for f in /usr/bin/lastlog /usr/sbin/lastlog /bin/lastlog /sbin/lastlog; do
  anji_path "$f" >/dev/null
  [ ! -e "$anji_at" ] || k=1
done
l=$(anji_path /var/log/lastlog)
s=0 r=292
if [ -z "$k" ] || [ ! -e "$l" ]; then
  printf 'lastlog none\n'
elif [ ! -f "$l" ] || [ ! -r "$l" ]; then
  printf 'lastlog denied\n'
else
  s=$(ls -lnL "$l" | awk 'NR == 1 { print $5 }')
  b=$(stat -L -c %W "$l" 2>/dev/null) || b=0
  case $b in '' | *[!0-9]*) b=0 ;; esac
  case $s in '' | *[!0-9]*) return 1 ;; esac
  r=292
  case $(uname -m) in aarch64* | riscv64* | loongarch64*) r=296 ;; esac
  if [ -n "$R" ] && [ $((s % r)) != 0 ]; then r=$((588 - r)); fi
  printf 'lastlog %s %s\nslot %s\n' "$s" "$b" "$r"
fi
head -c 4194304 "$p" | awk -F: '
  /^[-+#]/ || NF < 6 || length($0) > 4096 || $3 !~ /^[0-9]+$/ || $3 > 4294967295 { next }
  $7 ~ /\/(nologin|false|sync|shutdown|halt)$/ || ++n > 500 { next }
  { print $3 " " $1 }' |
while IFS=' ' read -r u n; do
  printf 'account %s %s\n' "$u" "$(anji_esc "$n")"
  if [ $(((u + 1) * r)) -le "$s" ]; then
    if t=$(od -An -v -tu4 -N4 -j $((u * r)) "$l" 2>/dev/null); then
      set -- $t
      printf 'time %s\n' "${1-}"
    fi
  fi
done
printf 'done\n'"#;

pub(super) const WTMP_BODY: &str = r#"[ -z "$R" ] || return 46
anji_seen() {
  awk -v of="$1" '
    match($0, /(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z][a-z] [ 0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9] ([-+][0-9][0-9][0-9][0-9] )?[0-9][0-9][0-9][0-9]/) {
      d = substr($0, RSTART, RLENGTH)
      sub(/ [-+][0-9][0-9][0-9][0-9] /, " ", d)
      if ($2 == "begins" && NF < 8) { print of " begins " d; next }
      if ($1 == "reboot" || $1 == "shutdown" || $1 == "runlevel") next
      if (!($1 in seen) && ++n < 5000) print of " seen " d " " $1
      seen[$1]
    }'
}
if ! anji_have last || [ ! -e /var/log/wtmp ]; then
  printf 'wtmp none\n'
elif [ ! -r /var/log/wtmp ]; then
  printf 'wtmp denied\n'
elif o=$(last -F -w -R 2>&1); then
  printf '%s\n' "$o" | anji_seen wtmp
  if [ -r /var/log/wtmp.1 ] && o=$(last -F -w -R -f /var/log/wtmp.1 2>/dev/null); then
    printf '%s\n' "$o" | anji_seen wtmp
  fi
else
  printf 'wtmp none\n'
fi
if anji_have lastlog2; then
  if o=$(lastlog2 2>/dev/null); then
    b=$(stat -L -c %W /var/lib/lastlog/lastlog2.db 2>/dev/null) || b=0
    case $b in '' | *[!0-9]*) b=0 ;; esac
    printf 'lastlog2 born %s\n' "$b"
    printf '%s\n' "$o" | anji_seen lastlog2
  else
    printf 'lastlog2 denied\n'
  fi
fi
printf 'done\n'"#;
