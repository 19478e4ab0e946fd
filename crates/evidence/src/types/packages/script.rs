//! The capture bodies: each reads one database and writes a line for each package.
//!
//! ```text
//! p<TAB>name<TAB>arch<TAB>version<TAB>source<TAB>status or vendor
//! journal                     dpkg has changes that its status file lacks
//! end<TAB>312                 so many packages; without it the list is cut
//! ```

/// dpkg's status file is its database; reading it asks for no tool and works in any root.
pub(super) const DPKG: &str = r#"p=$(anji_path /var/lib/dpkg/status)
[ -r "$p" ] && [ -f "$p" ] || { anji_why "$p"; return; }
u=$(anji_path /var/lib/dpkg/updates)
for f in "$u"/[0-9]*; do [ ! -e "$f" ] || { printf 'journal\n'; break; }; done
awk '
  function put() {
    if (n != "") { c++; print "p\t" n "\t" a "\t" v "\t" s "\t" t }
    n = a = v = s = t = ""
  }
  function value() { sub(/^[^:]*:[ \t]*/, ""); sub(/[ \t\r]+$/, ""); gsub(/\t/, " "); return $0 }
  /^Package:/ { n = value(); next }
  /^Status:/ { t = value(); next }
  /^Architecture:/ { a = value(); next }
  /^Version:/ { v = value(); next }
  /^Source:/ { s = value(); next }
  /^$/ { put() }
  END { put(); print "end\t" c + 0 }' "$p""#;

/// rpm's databases have no form that a shell could read; only rpm itself can.
pub(super) const RPM: &str = r#"d=
for f in /var/lib/rpm /usr/lib/sysimage/rpm /usr/share/rpm; do
  p=$(anji_path "$f")
  if [ -d "$p" ] && [ ! -x "$p" ]; then return 43; fi
  for n in rpmdb.sqlite Packages.db Packages; do
    [ ! -e "$p/$n" ] || d=$p
  done
done
[ -n "$d" ] || return 44
if ! anji_have rpm; then
  printf 'an rpm database in %s, and no rpm to read it\n' "$d" >&2
  return 45
fi
set -- -qa --qf 'p\t%{NAME}\t%{ARCH}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{SOURCERPM}\t%{VENDOR}\n'
# Debian's rpm would look into a home folder.
rpm --dbpath "$d" "$@" && printf 'end\n'"#;

pub(super) const APK: &str = r#"for f in /lib/apk/db/installed /usr/lib/apk/db/installed; do
  p=$(anji_path "$f")
  if [ -r "$p" ] && [ -f "$p" ]; then
    awk '
      function put() {
        if (n != "") { c++; print "p\t" n "\t" a "\t" v "\t" o "\tinstalled" }
        n = a = v = o = ""
      }
      function value() { $0 = substr($0, 3); sub(/\r$/, ""); gsub(/\t/, " "); return $0 }
      /^P:/ { n = value(); next }
      /^A:/ { a = value(); next }
      /^V:/ { v = value(); next }
      /^o:/ { o = value(); next }
      /^$/ { put() }
      END { put(); print "end\t" c + 0 }' "$p"
    return
  fi
  e=0
  anji_why "$p" || e=$?
  [ "$e" = 44 ] || return "$e"
done
return 44"#;
