//! The capture bodies. They go into the root folder and name everything from
//! there (`./etc/...`), so that the same lines come from a host and from a root.

/// Functions shared by the bodies.
///
/// `anji_at PATH` sets `$at` to the path from the root folder, links followed
/// where the root is another one. `anji_list PATH...` lists folders as `ls` does.
const FUNCTIONS: &str = r#"cd "$R/" || return 1
anji_at() {
  at=.$1
  if [ -n "$R" ]; then
    at=$(anji_path "$1")
    at=.${at#"$R"}
  fi
}
q=-lnq
ls -lnq / >/dev/null 2>&1 || q=-ln
anji_list() {
  # A single folder would be listed without its name.
  [ "$#" != 1 ] || printf '%s:\n' "$1"
  [ "$#" = 0 ] || ls "$q" "$@" || printf 'unlisted\n'
}"#;

/// The unit files of systemd.
///
/// ```text
/// dir ./etc/systemd/system     a folder of the search path, in its order
/// denied PATH                  may not be listed or read
/// listed                       the listings of `ls -ln` follow
/// files                        the settings of the unit files follow
/// f ./etc/systemd/system/x     a file begins
/// Service User=postgres        a setting of it; of commands the program alone
/// long                         the file is longer than what is read of it
/// end
/// ```
const UNITS_BODY: &str = r#"u= n=0
set --
for d in /etc/systemd/system.control /run/systemd/system.control /run/systemd/generator.early \
  /etc/systemd/system /etc/systemd/system.attached /run/systemd/system \
  /run/systemd/system.attached /run/systemd/generator /usr/local/lib/systemd/system \
  /usr/lib/systemd/system /lib/systemd/system /run/systemd/generator.late; do
  anji_at "$d"
  [ -d "$at" ] || {
    # Whether it is there is not seen through a folder that may not be searched.
    p=$at
    while p=${p%/*}; [ "$p" != . ] && [ -n "$p" ]; do
      [ ! -d "$p" ] || [ -x "$p" ] || printf 'denied %s\n' "$at"
    done
    continue
  }
  case $u in *" $at "*) continue ;; esac
  case $d in /lib/*) [ ! "$at" -ef ./usr/lib/systemd/system ] || continue ;; esac
  u="$u $at "
  printf 'dir %s\n' "$at"
  if [ ! -r "$at" ] || [ ! -x "$at" ]; then printf 'denied %s\n' "$at"; continue; fi
  set -- "$@" "$at/"
  for w in "$at"/*.wants "$at"/*.requires "$at"/*.upholds; do
    [ -d "$w" ] || continue
    if [ -n "$R" ] && [ -h "$w" ]; then printf 'denied %s\n' "$(anji_esc "$w")"; continue; fi
    if [ -r "$w" ] && [ -x "$w" ]; then set -- "$@" "$w/"; else printf 'denied %s\n' "$(anji_esc "$w")"; fi
  done
done
printf 'listed\n'
anji_list "$@"
set --
for d in $u; do
  for f in "$d"/*.service "$d"/*.socket "$d"/*.timer "$d"/*.path "$d"/*.target "$d"/*.mount \
    "$d"/*.automount "$d"/*.swap "$d"/*.d/*.conf; do
    case $f in *[!A-Za-z0-9:_.@\\/+-]*) continue ;; esac
    if [ -h "$f" ]; then
      # A link to a unit elsewhere; aliases of the vendor's folders stay there.
      case $f in ./etc/* | ./run/*) ;; *) continue ;; esac
      if [ -n "$R" ]; then
        anji_at "${f#.}"
        [ -f "$at" ] && [ -r "$at" ] && set -- "$@" "$f" "$at"
        continue
      fi
    fi
    [ -f "$f" ] || continue
    if [ -r "$f" ]; then set -- "$@" "$f" "$f"; else printf 'denied %s\n' "$f"; fi
  done
done
printf 'files\n'
awk '
  function word(v, m) {
    sub(/^[-@:+!|]*/, "", v)
    if (v ~ /^"/) { v = substr(v, 2); sub(/".*/, "", v); return v }
    if (v ~ /^\047/) { v = substr(v, 2); sub(/\047.*/, "", v); return v }
    sub(/[ \t].*/, "", v)
    return v
  }
  function setting(k, v) {
    if (s == "Install") {
      if (k ~ /^(WantedBy|RequiredBy|UpheldBy|Also|Alias|DefaultInstance)$/) print s " " k "=" v
    } else if (s == "Service") {
      if (k ~ /^(User|DynamicUser|Type|BusName|RemainAfterExit)$/) print s " " k "=" v
      else if (k == "ExecStart") print s " " k "=" word(v)
    } else if (s == "Socket") {
      if (k ~ /^(ListenStream|ListenDatagram|Service|SocketProtocol)$/) print s " " k "=" v
    } else if (s == "Timer") {
      if (k ~ /^(OnCalendar|On[A-Za-z]+Sec|Unit)$/) print s " " k "=" v
    }
  }
  BEGIN {
    for (i = 1; i < ARGC; i += 2) {
      f = ARGV[i + 1]; n = 0; s = ""; h = ""
      print "f " ARGV[i]
      while ((r = (getline l < f)) > 0) {
        if (++n > 4000 || length(l) > 16384 || length(h) > 16384) { print "long"; break }
        sub(/^[ \t]+/, "", l); sub(/[ \t\r]+$/, "", l)
        if (l ~ /^[#;]/ || (l == "" && h == "")) continue
        if (l ~ /\\$/) { h = h substr(l, 1, length(l) - 1) " "; continue }
        l = h l; h = ""
        if (l ~ /^\[.*\]$/) { s = substr(l, 2, length(l) - 2); continue }
        p = index(l, "=")
        if (p < 2) continue
        k = substr(l, 1, p - 1); v = substr(l, p + 1)
        sub(/[ \t]+$/, "", k); sub(/^[ \t]+/, "", v)
        setting(k, v)
      }
      if (r < 0) print "denied " ARGV[i]
      close(f)
    }
    print "end"
  }' "$@""#;

pub(super) fn units_body() -> String {
    format!("{FUNCTIONS}\n{UNITS_BODY}")
}

/// What starts services without systemd.
///
/// ```text
/// init TARGET|file|none        what /sbin/init is
/// there /sbin/openrc-run       a thing that tells managers apart
/// denied PATH
/// as ./etc/service ./etc/sv    a folder by its name, and where it really is
/// listed                       the listings of runlevels and service folders follow
/// files                        the entries of configuration files follow
/// inittab 3:initdefault:       runlevels, action, program
/// inetd telnet stream tcp root /usr/sbin/in.telnetd
/// xinetd /etc/xinetd.d/telnet  a file begins
/// service telnet | defaults    a block of it
/// = disable=yes                a setting of the block
/// }                            the block ends
/// end
/// ```
const LEGACY_BODY: &str = r#"anji_at /sbin/init
if [ -n "$R" ]; then i=$at; if [ -h ./sbin/init ] || [ "$at" != ./sbin/init ]; then i=${at#.}; else i=file; fi
else i=$(readlink -f /sbin/init 2>/dev/null) || i=file; fi
[ -e "$at" ] || i=none
printf 'init %s\n' "$(anji_esc "$i")"
for f in /sbin/openrc-run /sbin/openrc /usr/sbin/openrc-run /sbin/runit /usr/sbin/runit \
  /usr/bin/runit /usr/bin/runsvdir /usr/bin/s6-svscan /bin/s6-svscan /usr/bin/svscan /etc/inittab \
  /usr/lib/systemd/systemd /lib/systemd/systemd; do
  anji_at "$f"
  [ ! -e "$at" ] || printf 'there %s\n' "$f"
done
set --
for g in ./etc/init.d ./etc/rc.d/init.d ./etc/rc[0-9S].d ./etc/rc.d/rc[0-9S].d ./etc/runlevels/* \
  ./etc/service ./service ./var/service ./etc/runit/runsvdir/current ./etc/runit/runsvdir/default; do
  anji_at "${g#.}"
  [ -d "$at" ] || continue
  if [ -r "$at" ] && [ -x "$at" ]; then
    printf 'as %s %s\n' "$g" "$at"
    case " $* " in *" $at/ "*) ;; *) set -- "$@" "$at/" ;; esac
  else
    printf 'denied %s\n' "$(anji_esc "$g")"
  fi
done
printf 'listed\n'
anji_list "$@"
for d in /etc/service /service /var/service /etc/runit/runsvdir/current /etc/runit/runsvdir/default /etc/sv; do
  anji_at "$d"
  for f in "$at"/*/down; do
    [ ! -e "$f" ] || { f=${f%/down}; printf 'down %s\n' "$(anji_esc "${f##*/}")"; }
  done
done
set --
for f in /etc/inittab /etc/inetd.conf /etc/xinetd.conf; do
  anji_at "$f"
  [ -e "$at" ] || continue
  if [ -f "$at" ] && [ -r "$at" ]; then set -- "$@" "$at"; else printf 'denied %s\n' "$at"; fi
done
for d in /etc/inetd.d /etc/xinetd.d; do
  anji_at "$d"
  [ -d "$at" ] || continue
  [ -r "$at" ] && [ -x "$at" ] || printf 'denied %s\n' "$at"
  for f in "$at"/*; do
    # xinetd reads no file with a dot in its name, or one that ends in a tilde.
    case $d${f##*/} in /etc/xinetd.d*.* | *'~') continue ;; esac
    [ -e "$f" ] || continue
    if [ -f "$f" ] && [ -r "$f" ]; then set -- "$@" "$f"; else printf 'denied %s\n' "$(anji_esc "$f")"; fi
  done
done
printf 'files\n'
awk '
  function base(p) { sub(/.*\//, "", p); return p }
  function safe(p) { return p ~ /^[\/A-Za-z0-9._+:@{}*-]+$/ && length(p) < 256 ? p : "?" }
  BEGIN {
    for (i = 1; i < ARGC; i++) {
      f = ARGV[i]; n = 0; open = 0
      t = f ~ /xinetd/ ? "x" : f ~ /inetd/ ? "n" : "i"
      if (t == "x") print "xinetd"
      while ((r = (getline l < f)) > 0) {
        if (++n > 4000 || length(l) > 16384) { print "long"; break }
        sub(/^[ \t]+/, "", l); sub(/[ \t\r]+$/, "", l)
        if (l == "" || l ~ /^#/) continue
        if (t == "i") {
          m = split(l, a, ":")
          if (m < 3) continue
          w = a[4]
          sub(/^[-+@]*/, "", w); sub(/[ \t].*/, "", w)
          print "inittab " safe(a[2] == "" ? "*" : a[2]) ":" safe(a[3]) ":" (w == "" ? "" : safe(w))
        } else if (t == "n") {
          m = split(l, a, /[ \t]+/)
          if (m < 6) continue
          p = a[6]
          if (base(p) == "tcpd" && m > 6) p = a[7]
          sub(/[.:].*/, "", a[5]); sub(/.*:/, "", a[1]); sub(/[.].*/, "", a[4])
          print "inetd " safe(a[1]) " " safe(a[2]) " " safe(a[3]) " " safe(a[5]) " " safe(p)
        } else if (l ~ /^}/) { print "}"; open = 0
        } else if (!open && l ~ /^(service[ \t]|defaults)/) {
          m = split(l, a, /[ \t{]+/)
          print a[1] == "service" ? "service " safe(a[2]) : "defaults"
          open = 1
        } else if (open && (p = index(l, "=")) > 1) {
          k = substr(l, 1, p - 1); v = substr(l, p + 1)
          sub(/[ \t+-]+$/, "", k); sub(/^[ \t]+/, "", v)
          if (k ~ /^(disable|id|port|protocol|socket_type|user|server|type|enabled|disabled)$/) {
            m = split(v, a, /[ \t]+/); w = ""
            for (j = 1; j <= m && j < 200; j++) w = w " " safe(a[j])
            print "= " k "=" substr(w, 2)
          } else if (k == "server_args" && v ~ /^\/[a-z\/.]+s?bin\//) {
            # What a wrapper starts; any other argument may be a secret.
            split(v, a, /[ \t]+/); print "= wrapped=" safe(a[1])
          }
        }
      }
      if (r < 0) print "denied " f
      close(f)
    }
    print "end"
  }' "$@""#;

pub(super) fn legacy_body() -> String {
    format!("{FUNCTIONS}\n{LEGACY_BODY}")
}

/// What runs.
///
/// ```text
/// comm systemd                 the name of process 1
/// exe /usr/lib/systemd/systemd its program; `exe -` where it may not be seen
/// booted systemd|openrc        by that manager's own mark
/// started NAME, failed NAME    services of OpenRC
/// up NAME, down NAME           services of runit
/// unit ssh.service loaded active   a unit that systemd has loaded
/// refused                      it tells of none
/// end
/// ```
pub(super) const STATE_BODY: &str = r#"[ -z "$R" ] || return 46
c=
{ IFS= read -r c < /proc/1/comm; } 2>/dev/null || c=
[ -z "$c" ] || printf 'comm %s\n' "$(anji_esc "$c")"
e=$(readlink /proc/1/exe 2>/dev/null) || e=-
printf 'exe %s\n' "$(anji_esc "$e")"
for f in /run/openrc/started/* /run/openrc/failed/*; do
  [ -e "$f" ] || [ -h "$f" ] || continue
  d=${f%/*}
  printf '%s %s\n' "${d##*/}" "$(anji_esc "${f##*/}")"
done
[ ! -e /run/openrc/softlevel ] || printf 'booted openrc\n'
for d in /etc/service /service /var/service; do
  [ -d "$d" ] || continue
  for f in "$d"/*; do
    [ -d "$f" ] || continue
    s=
    if { IFS= read -r s < "$f/supervise/stat"; } 2>/dev/null; then
      case $s in run*) s=up ;; *) s=down ;; esac
    else
      s=unseen
    fi
    printf '%s %s\n' "$s" "$(anji_esc "${f##*/}")"
  done
done
if [ -d /run/systemd/system ]; then
  printf 'booted systemd\n'
  if anji_have systemctl; then
    # The kinds of which there are many, and none that is told of, are left out.
    if o=$(systemctl list-units --all --plain --full --no-legend --no-pager \
      --type=service,socket,timer,path,target,mount,automount,swap); then
      printf '%s\n' "$o" | awk '{ i = $1 ~ /[.]/ ? 1 : 2; print "unit " $i " " $(i + 1) " " $(i + 2) }'
    else
      printf 'refused\n'
    fi
  else
    printf 'refused\n'
  fi
fi
printf 'end\n'"#;
