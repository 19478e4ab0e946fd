//! The capture bodies.

/// What apt has fetched, narrowed to the packages that are installed.
///
/// ```text
/// i<TAB>name<TAB>arch<TAB>version<TAB>want ok state     a package of dpkg's
/// pin                                                   priorities are configured
/// x<TAB>file<TAB>compressed|closed|failed               a list that was not read
/// F<TAB>file                                            a list that is read
/// f<TAB>file                                            now it begins
/// R<TAB>Label: Debian-Security                          a line of a release file
/// e<TAB>name<TAB>arch<TAB>version                       an offer
/// end
/// ```
pub(super) const APT: &str = r#"s=$(anji_path /var/lib/dpkg/status)
[ -r "$s" ] && [ -f "$s" ] || { anji_why "$s"; return; }
l=$(anji_path /var/lib/apt/lists)
if [ -d "$l" ] && ! { [ -r "$l" ] && [ -x "$l" ]; }; then printf 'x\tlists\tclosed\n'; fi
h=/usr/lib/apt/apt-helper
z=
set -- m=0 "$s"
for f in "$l"/*Release "$l"/*Packages "$l"/*Packages.*; do
  [ -f "$f" ] || continue
  b=${f##*/}
  case $f in
    *Packages.*)
      if [ -z "$R" ] && [ -x "$h" ] && [ -r "$f" ]; then
        z="$z $b"
        printf 'F\t%s\n' "${b%.*}"
      else
        printf 'x\t%s\tcompressed\n' "$b"
      fi
      continue
      ;;
  esac
  [ -r "$f" ] || { printf 'x\t%s\tclosed\n' "$b"; continue; }
  printf 'F\t%s\n' "$b"
  case $f in *Release) set -- "$@" m=1 "$f" ;; *) set -- "$@" m=2 "$f" ;; esac
done
e=$(anji_path /etc/apt)
for f in "$e"/preferences "$e"/preferences.d/* "$e"/apt.conf "$e"/apt.conf.d/*; do
  [ -f "$f" ] || continue
  [ -r "$f" ] || { printf 'pin\n'; continue; }
  case $f in */preferences*) set -- "$@" m=3 "$f" ;; *) set -- "$@" m=4 "$f" ;; esac
done
a='
  function put() {
    if (p != "" && mode == 2 && (p in have)) print "e\t" p "\t" a "\t" v
    if (p != "" && mode == 0) { have[p]; if (one == "") print "i\t" p "\t" a "\t" v "\t" t }
    p = a = v = t = ""
  }
  function value() { sub(/^[^:]*:[ \t]*/, ""); sub(/[ \t\r]+$/, ""); gsub(/\t/, " "); return $0 }
  FNR == 1 {
    put(); skip = 0; mode = m
    f = FILENAME; sub(/.*\//, "", f)
    if (m == 1 || m == 2) print "f\t" (one == "" ? f : one)
  }
  mode == 2 && one != "" && /^Anji-Failed:/ { print "x\t" one "\tfailed" }
  mode == 2 && !/^(Package|Version|Architecture):/ { if ($0 == "") put(); next }
  mode == 1 {
    if (skip) next
    if (/^(MD5Sum|SHA1|SHA256|SHA512):/) { skip = 1; next }
    if (/^(Origin|Label|Suite|Codename|Date|NotAutomatic|ButAutomaticUpgrades):/) {
      gsub(/[\t\r]/, " "); print "R\t" $0
    }
    next
  }
  mode == 3 { if ($0 ~ /^[ \t]*Pin(-Priority)?[ \t]*:/) pin = 1; next }
  mode == 4 {
    if ($0 !~ /^[ \t]*(\/\/|#)/ && $0 ~ /[Dd][Ee][Ff][Aa][Uu][Ll][Tt]-[Rr][Ee][Ll][Ee][Aa][Ss][Ee]/) pin = 1
    next
  }
  /^Package:/ { p = value(); next }
  /^Architecture:/ { a = value(); next }
  /^Version:/ { v = value(); next }
  /^Status:/ { t = value(); next }
  /^$/ { put() }
  END { put(); if (pin) print "pin" }'
awk "$a" "$@" || return 1
# Names of lists hold no blanks: they are made from addresses.
for b in $z; do
  { "$h" cat-file "$l/$b" 2>/dev/null || printf '\nAnji-Failed: 1\n'; } |
    awk -v one="${b%.*}" "$a" m=0 "$s" m=2 - || return 1
done
printf 'end\n'"#;

/// The logs of apt: when something was upgraded, and whether everything was.
///
/// ```text
/// h<TAB>2026-11-25<TAB>full|some|part|failed   a run of apt that upgraded:
///                                           all, what its rules allow, or what was named
/// u<TAB>name:arch (old, new), ...           what it upgraded
/// x<TAB>file                                a log that was not read
/// end
/// ```
pub(super) const HISTORY: &str = r#"l=$(anji_path /var/log/apt)
if [ -d "$l" ] && ! { [ -r "$l" ] && [ -x "$l" ]; }; then printf 'x\t/var/log/apt\n'; fi
set --
for f in "$l"/history.log.[1-4].gz; do [ ! -f "$f" ] || set -- "$@" "$f"; done
{
  if [ $# -gt 0 ] && ! { anji_have gzip && gzip -dc "$@"; } 2>/dev/null; then
    printf '\nx\t/var/log/apt/history.log.*.gz\n'
  fi
  for f in "$l"/history.log.1 "$l"/history.log; do
    [ ! -f "$f" ] || cat "$f" 2>/dev/null || printf '\nx\t%s\n' "${f#"$R"}"
  done
} | awk '
  function put() { if (d != "" && u != "") print "h\t" d "\t" k "\nu\t" u; d = u = ""; k = "part" }
  BEGIN { k = "part" }
  /^x\t/ { print; next }
  /^Start-Date: / { put(); d = $2; next }
  /^Commandline: / {
    if ($0 ~ /[ \/](apt|apt-get|aptitude)( .*)? (dist-upgrade|full-upgrade)( |$)/) k = "full"
    if ($0 ~ /[ \/]apt( .*)? upgrade( |$)/ || $0 ~ /[ \/]aptitude( .*)? safe-upgrade( |$)/) k = "full"
    if ($0 ~ /[ \/]apt-get( .*)? upgrade( |$)/ && $0 ~ /--with-new-pkgs/) k = "full"
    if (k == "part" && $0 ~ /unattended-upgrade|[ \/]apt-get( .*)? upgrade( |$)/) k = "some"
    next
  }
  /^Upgrade: / { u = substr($0, 10); gsub(/\t/, " ", u); next }
  /^Error: / { k = "failed"; next }
  /^$/ { put() }
  END { put(); print "end" }'"#;

/// The advisories that dnf, yum or zypper have cached, narrowed to the packages that are
/// installed.
///
/// ```text
/// i<TAB>name<TAB>arch<TAB>epoch:version-release<TAB>day<TAB>seconds   a package of rpm's
/// t<TAB>repository<TAB>1795463624                                     when it was made
/// l<TAB>repository                                                    its advisories follow
/// a<TAB>name<TAB>arch<TAB>epoch:version-release<TAB>2026-01-05 ...    a security advisory's
/// x<TAB>repository<TAB>why                                            advisories not read
/// end
/// ```
pub(super) const RPM: &str = r#"d=
for f in /var/lib/rpm /usr/lib/sysimage/rpm /usr/share/rpm; do
  p=$(anji_path "$f")
  if [ -d "$p" ] && [ ! -x "$p" ]; then return 43; fi
  for n in rpmdb.sqlite Packages.db Packages; do
    [ ! -e "$p/$n" ] || d=$p
  done
done
[ -n "$d" ] || return 44
anji_have rpm || return 45
set -- -qa --qf 'i\t%{NAME}\t%{ARCH}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{INSTALLTIME}\n'
o=$(rpm --dbpath "$d" "$@") || return 1
r=$(anji_path /var/cache)
[ -n "$o" ] || { printf 'end\n'; return 0; }
{
  printf '%s\n' "$o"
  for f in "$r"/dnf/*/repodata/repomd.xml "$r"/libdnf5/*/repodata/repomd.xml \
    "$r"/yum/*/*/*/repomd.xml "$r"/yum/*/repomd.xml "$r"/zypp/raw/*/repodata/repomd.xml; do
    [ -f "$f" ] || continue
    n=${f%/repomd.xml}
    n=${n%/repodata}
    n=${n##*/}
    [ -r "$f" ] || { printf 'x\t%s\tclosed\n' "$n"; continue; }
    printf 'repository\t%s\n' "$n"
    tr '<\n\t' '\n  ' <"$f"
    printf '\n'
    z=
    for u in "${f%/repomd.xml}"/*updateinfo.xml* "${f%/repomd.xml}"/gen/updateinfo.xml; do
      [ ! -f "$u" ] || z=$u
    done
    [ -n "$z" ] || { printf 'x\t%s\tnone\n' "$n"; continue; }
    case $z in
      *.gz) t=gzip ;; *.xz) t=xz ;; *.zst) t=zstd ;; *.bz2) t=bzip2 ;; *) t= ;;
    esac
    if [ -n "$t" ] && ! anji_have "$t"; then printf 'x\t%s\ttool\n' "$n"; continue; fi
    printf 'advisories\t%s\n' "$n"
    if [ -n "$t" ]; then "$t" -dc <"$z"; else cat "$z"; fi 2>/dev/null | tr '<\n\t' '\n  '
    printf '\n'
  done
} | awk '
  function attribute(name,  v) {
    if (!match($0, " " name "=\"[^\"]*\"")) return ""
    v = substr($0, RSTART, RLENGTH); sub(/^[^"]*"/, "", v); sub(/"$/, "", v); return v
  }
  function close_list() {
    if (list == "") return
    if (ended) print "l\t" list; else print "x\t" list "\tcut"
    list = ""
  }
  /^i\t/ { split($0, w, "\t"); have[w[2]]; print; next }
  /^x\t/ { print; next }
  /^repository\t/ { close_list(); repo = substr($0, 12); next }
  /^advisories\t/ { list = substr($0, 12); ended = 0; next }
  list == "" && /^timestamp>/ { t = substr($0, 11) + 0; if (t > 0) printf "t\t%s\t%.0f\n", repo, t; next }
  list == "" { next }
  /^\/updates>/ { ended = 1; next }
  /^update / { secure = ($0 ~ / type="security"/); day = ""; next }
  /^issued / { day = attribute("date"); next }
  /^package / && secure {
    n = attribute("name"); if (!(n in have)) next
    e = attribute("epoch"); e = (e == "" || e == "0") ? "" : e ":"
    print "a\t" n "\t" attribute("arch") "\t" e attribute("version") "-" attribute("release") "\t" day
  }
  END { close_list(); print "end" }'"#;

/// Alpine's own index says nothing of security, and is packed; it is not read.
pub(super) const APK: &str = r#"for f in /lib/apk/db/installed /usr/lib/apk/db/installed; do
  p=$(anji_path "$f")
  if [ -e "$p" ]; then printf 'apk\n'; fi
done
printf 'end\n'"#;

/// ```text
/// marker                           /run/reboot-required is there
/// package<TAB>linux-image-...      a line of reboot-required.pkgs
/// running<TAB>6.1.0-50-amd64
/// kernel<TAB>6.1.0-56-amd64        a kernel in /boot
/// closed<TAB>/boot
/// end
/// ```
pub(super) const RUNNING: &str = r#"[ -z "$R" ] || return 46
for d in /run /var/run; do
  [ -e "$d/reboot-required" ] || continue
  printf 'marker\n'
  if [ -r "$d/reboot-required.pkgs" ]; then
    while IFS= read -r l || [ -n "$l" ]; do printf 'package\t%s\n' "$l"; done <"$d/reboot-required.pkgs"
  fi
  break
done
printf 'running\t%s\n' "$(uname -r)"
if [ -d /boot ] && ! { [ -r /boot ] && [ -x /boot ]; }; then printf 'closed\t/boot\n'; fi
for f in /boot/vmlinuz-* /boot/vmlinux-* /boot/kernel-* /boot/Image-*; do
  [ -f "$f" ] || continue
  f=${f##*/}
  printf 'kernel\t%s\n' "${f#*-}"
done
printf 'end\n'"#;

/// ```text
/// rights all|own
/// p<TAB>sleep          a process with a deleted library
/// end
/// ```
pub(super) const STALE: &str = r#"[ -z "$R" ] || return 46
[ -r /proc/self/maps ] || return 45
w=own
[ "$(id -u)" != 0 ] || w=all
printf 'rights %s\n' "$w"
grep -lE '/[^ ]*\.so[^ /]* \(deleted\)$' /proc/[0-9]*/maps 2>/dev/null | while IFS= read -r f; do
  { IFS= read -r c <"${f%maps}comm"; } 2>/dev/null && printf 'p\t%s\n' "$c"
done
printf 'end\n'"#;
