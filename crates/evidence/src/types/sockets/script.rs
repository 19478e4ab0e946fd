//! The capture body: `ss`, or the tables of `/proc` where there is none.
//!
//! ```text
//! range 32768 60999          the ports of clients
//! rights all|own             whether every process can be seen
//! tcp LISTEN 0 128 ...       rows of ss
//! table tcp6                 else: a table of /proc/net follows
//! holder 13341 sshd          else: a socket's inode and a process that holds it
//! ```

pub(super) const BODY: &str = r#"[ -z "$R" ] || return 46
if r=$(cat /proc/sys/net/ipv4/ip_local_port_range 2>/dev/null); then printf 'range %s\n' "$r"; fi
w=own
[ "$(id -u)" != 0 ] || w=all
if anji_have ss; then
  s=/usr/bin/ss
  [ -x "$s" ] || s=/usr/sbin/ss
  [ -x "$s" ] || s=$(command -v ss)
  if o=$(anji_sudo "$s" -H -tulpn 2>/dev/null); then
    # It reports a socket without its process when it was refused something.
    case $(anji_sudo "$s" -H -tulpn 2>&1 >/dev/null) in '') w=all ;; *) w=own ;; esac
    printf 'rights %s\n%s\n' "$w" "$o"
    return 0
  fi
  if o=$("$s" -H -tulpn 2>/dev/null) || o=$("$s" -tulpn); then
    printf 'rights %s\n%s\n' "$w" "$o"
    return 0
  fi
fi
[ -r /proc/net/tcp ] || return 45
printf 'rights %s\n' "$w"
for t in tcp tcp6 udp udp6; do
  [ -r "/proc/net/$t" ] || continue
  printf 'table %s\n' "$t"
  cat "/proc/net/$t" || return 1
done
ls -ln /proc/[0-9]*/fd 2>/dev/null | awk '
  function want(f, l, a) {
    while ((getline l < f) > 0) { split(l, a, " "); if (a[4] == "0A" || a[4] == "07") w[a[10]] }
    close(f)
  }
  BEGIN { want("/proc/net/tcp"); want("/proc/net/tcp6"); want("/proc/net/udp"); want("/proc/net/udp6") }
  /^\/proc\/.*:$/ { split($0, a, "/"); pid = a[3]; next }
  {
    i = index($0, " -> "); n = substr($0, i + 4)
    if (!i || pid !~ /^[0-9]+$/ || n !~ /^socket:\[[0-9]+\]$/) next
    n = substr(n, 9, length(n) - 9)
    if (!(n in w) || ((pid, n) in seen)) next
    seen[pid, n]; f = "/proc/" pid "/comm"
    if ((getline c < f) > 0) print "holder " n " " c
    close(f)
  }'"#;
