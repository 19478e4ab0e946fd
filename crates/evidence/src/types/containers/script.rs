//! The capture bodies.

use super::super::file_stat::STAT_FUNCTIONS;

/// What the files say.
///
/// ```text
/// there docker                       a runtime's program
/// denied /etc/docker/daemon.json
/// long                               the file is larger than what is read of it
/// json icc=false                     a setting of daemon.json at its first level
/// json hosts=tcp://0.0.0.0:2375      ... of a list, one line for each member
/// broken                             the file has not the form of JSON
/// unit --host=fd://                  an option of the daemon in its unit or its environment
/// end
/// ```
///
/// Only settings of these names leave the target; `daemon.json` may hold
/// addresses of proxies with passwords.
pub(super) const FILES_BODY: &str = r#"anji_look() {
  p=$1
  [ -z "$R" ] || p=$(anji_path "$1")
}
for w in docker:dockerd docker:docker-current podman:podman containerd:containerd crio:crio \
  lxc:lxc-start nspawn:systemd-nspawn kubelet:kubelet; do
  for d in /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /bin /sbin; do
    anji_look "$d/${w#*:}"
    if [ -f "$p" ]; then printf 'there %s\n' "${w%%:*}"; break; fi
  done
done
anji_look /etc/docker/daemon.json
d=${p%/*}
if [ -d "$d" ] && [ ! -x "$d" ]; then printf 'denied /etc/docker\n'; fi
if [ -f "$p" ]; then
  if [ -r "$p" ]; then
    head -c 65537 "$p" | tr '\n\r\t\000' '   ?' | awk '
      function value(v) { print "json " key "=" v }
      {
        s = $0; n = length(s); depth = 0; key = ""
        if (n > 65536) print "long"
        want = "|hosts|tlsverify|userns-remap|icc|no-new-privileges|live-restore|userland-proxy|insecure-registries|log-driver|"
        while (n && ++steps < 200000) {
          if (match(s, /^ +/)) { s = substr(s, RLENGTH + 1); n = length(s); continue }
          c = substr(s, 1, 1)
          if (c == "\"") {
            if (!match(s, /^"([^"\\]|\\.)*"/)) { print "broken"; exit }
            t = substr(s, 2, RLENGTH - 2); s = substr(s, RLENGTH + 1)
            sub(/^ +/, "", s)
            if (depth == 1 && !inlist && substr(s, 1, 1) == ":") { key = t; s = substr(s, 2) }
            else if (index(want, "|" key "|") && (depth == 1 || (depth == 2 && inlist))) {
              gsub(/[^ -~]/, "?", t); sub(/\/\/[^\/]*@/, "//", t); value(substr(t, 1, 300))
            }
          } else if (c == "{" || c == "[") {
            depth++; if (depth == 2) inlist = c == "["; s = substr(s, 2); opened = 1
          } else if (c == "}" || c == "]") {
            depth--; if (depth == 1) inlist = 0
            if (depth < 0) { print "broken"; exit }
            s = substr(s, 2)
          } else if (c == "," || c == ":") s = substr(s, 2)
          else if (match(s, /^[-+A-Za-z0-9.]+/)) {
            if (depth == 1 && index(want, "|" key "|")) value(substr(s, 1, RLENGTH))
            s = substr(s, RLENGTH + 1)
          } else { print "broken"; exit }
          n = length(s)
        }
        if (depth != 0 || n || !opened) print "broken"
      }'
  else
    printf 'denied /etc/docker/daemon.json\n'
  fi
fi
set --
for f in /etc/systemd/system/docker.service /usr/lib/systemd/system/docker.service /lib/systemd/system/docker.service; do
  anji_look "$f"
  [ -f "$p" ] || continue
  if [ -r "$p" ]; then set -- "$@" "$p"; else printf 'denied %s\n' "$f"; fi
  break
done
for f in "$R"/etc/systemd/system/docker.service.d/*.conf; do
  anji_look "${f#"$R"}"
  [ -f "$p" ] || continue
  if [ -r "$p" ]; then set -- "$@" "$p"; else printf 'denied %s\n' "$(anji_esc "${f#"$R"}")"; fi
done
for f in /etc/default/docker /etc/sysconfig/docker; do
  anji_look "$f"
  [ -f "$p" ] || continue
  if [ -r "$p" ]; then set -- "$@" "$p"; else printf 'denied %s\n' "$f"; fi
done
awk '
  BEGIN {
    for (i = 1; i < ARGC; i++) {
      f = ARGV[i]; h = ""; n = 0
      while ((getline l < f) > 0 && ++n < 2000) {
        if (l ~ /^[ \t]*[#;]/) continue
        if (l ~ /\\$/) { h = h substr(l, 1, length(l) - 1) " "; if (length(h) > 16384) { print "long"; break } continue }
        l = h l; h = ""
        if (l !~ /^(ExecStart|DOCKER_OPTS|OPTIONS|other_args|Environment)=/) continue
        if (l ~ /^ExecStart=[ \t]*$/) { print "reset"; continue }
        sub(/^[^=]*=/, "", l); gsub(/["\047]/, " ", l)
        m = split(l, a, /[ \t]+/)
        for (j = 1; j <= m; j++) {
          if ((a[j] == "-H" || a[j] == "--host") && j < m) { print "unit --host=" safe(a[j + 1]); j++ }
          else if (a[j] ~ /^-H./) print "unit --host=" safe(substr(a[j], 3))
          else if (a[j] ~ /^--host=/) print "unit --host=" safe(substr(a[j], 8))
          else if (a[j] ~ /^--(tlsverify|icc|no-new-privileges|live-restore|userland-proxy)(=(true|false))?$/) print "unit " a[j]
          else if (a[j] ~ /^--(userns-remap|insecure-registry|log-driver)=/) print "unit " substr(a[j], 1, index(a[j], "=")) safe(substr(a[j], index(a[j], "=") + 1))
        }
      }
      close(f)
    }
    print "end"
  }
  function safe(w) { sub(/^=/, "", w); gsub(/[^ -~]/, "?", w); sub(/\/\/[^\/]*@/, "//", w); return substr(w, 1, 300) }' "$@""#;

/// What runs: the sockets as `file.stat` has them, and the names of daemons.
const LIVE_BODY: &str = r#"[ -r /proc/self/status ] || return 45
[ -r /proc/1/status ] || printf 'hidden\n'
for d in /proc/[0-9]*; do
  c=
  { IFS= read -r c < "$d/comm"; } 2>/dev/null || continue
  case $c in
    dockerd | containerd | crio | kubelet | dockerd-current) printf 'comm %s\n' "$c" ;;
  esac
done
for f in /run/docker.sock /run/containerd/containerd.sock /run/crio/crio.sock /run/podman/podman.sock \
  /run/k3s/containerd/containerd.sock /run/docker/containerd/containerd.sock /run/lxd.socket /var/lib/lxd/unix.socket \
  /var/snap/lxd/common/lxd/unix.socket; do
  if [ ! -e "$f" ]; then
    # Absent, unless a folder above may not be searched.
    d=$f
    while d=${d%/*}; [ -n "$d" ]; do
      if [ -d "$d" ]; then break; fi
    done
    [ -n "$d" ] && [ ! -x "$d" ] || continue
  fi
  anji_stat_one "$f"
done | anji_stat_names
printf 'end\n'"#;

pub(super) fn live_body() -> String {
    format!("[ -z \"$R\" ] || return 46\n{STAT_FUNCTIONS}\n{LIVE_BODY}")
}
