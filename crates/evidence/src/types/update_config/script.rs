//! The capture bodies.
//!
//! ```text
//! f<TAB>/etc/apt/sources.list    a file begins
//!  a line of it                  behind one blank, without what is secret
//! x<TAB>path                     a file or folder that was not read
//! end
//! ```

/// `anji_files FILE...` writes files through `awk "$anji_filter"`, by their names in the root.
pub(super) const FILES_FUNCTION: &str = r#"anji_files() {
  n=$#
  while [ "$n" -gt 0 ]; do
    n=$((n - 1))
    f=$1
    shift
    if [ -f "$f" ] && [ -r "$f" ]; then
      set -- "$@" "$f"
    elif [ -e "$f" ] && [ ! -d "$f" ]; then
      printf 'x\t%s\n' "${f#"$R"}"
    fi
  done
  [ $# -gt 0 ] || return 0
  awk -v root="${#R}" '
    FNR == 1 { f = substr(FILENAME, root + 1); gsub(/[\t\n]/, "?", f); print "f\t" f }
    { sub(/\r$/, ""); gsub(/:\/\/[^\/ \t"]*@/, "://") }
    '"$anji_filter" "$@"
}
anji_folder() {
  if [ -d "$1" ] && ! { [ -r "$1" ] && [ -x "$1" ]; }; then printf 'x\t%s\n' "${1#"$R"}"; fi
}"#;

/// Keys in armour, proxies and whatever is called a secret are left out.
pub(super) const APT: &str = r#"a=$(anji_path /etc/apt)
[ -d "$a" ] || { anji_why "$a"; return; }
anji_folder "$a"
anji_folder "$a/sources.list.d"
anji_folder "$a/apt.conf.d"
anji_filter='
  /^[ \t]*(\/\/|#[^c])/ || /^[ \t]*$/ && f !~ /\.sources$/ { next }
  /[Pp]roxy|[Pp]assw|[Tt]oken|[Ss]ecret|[Pp]ipe|[Hh]ook|[Ii]nvoke/ { gsub(/"[^"]*"/, "\"\"") }
  /^[ \t]+[A-Za-z0-9+\/=]*$/ && length($0) > 40 { next }
  { print " " $0 }'
anji_files "$a/sources.list" "$a"/sources.list.d/*.list "$a"/sources.list.d/*.sources \
  "$a"/apt.conf.d/* "$a/apt.conf"
printf 'end\n'"#;

/// Of yum, dnf and zypper only the settings that matter here.
pub(super) const RPM: &str = r#"e=$(anji_path /etc)
for d in yum.repos.d zypp/repos.d; do anji_folder "$e/$d"; done
anji_filter='
  /^[ \t]*\[/ { print " " $0; next }
  /^[ \t]*(baseurl|mirrorlist|metalink)[ \t]*=/ { sub(/[?#].*/, ""); print " " $0; next }
  /^[ \t]*(enabled|gpgcheck|repo_gpgcheck|sslverify|gpgkey|apply_updates|download_updates|upgrade_type)[ \t]*=/ { print " " $0 }'
anji_files "$e/yum.conf" "$e/dnf/dnf.conf" "$e"/yum.repos.d/*.repo "$e"/zypp/repos.d/*.repo \
  "$e/dnf/automatic.conf" "$e/yum/yum-cron.conf"
printf 'end\n'"#;

/// What starts automatic updates: timers that are enabled, and daily jobs.
///
/// ```text
/// unit<TAB>apt-daily-upgrade.timer     wanted by some target
/// masked<TAB>apt-daily-upgrade.timer
/// job<TAB>/etc/cron.daily/0yum-daily.cron
/// program<TAB>/usr/bin/unattended-upgrade
/// init<TAB>systemd                     systemd is there to run timers
/// end
/// ```
pub(super) const STARTED: &str = r#"e=$(anji_path /etc/systemd/system)
for t in apt-daily apt-daily-upgrade dnf-automatic dnf-automatic-install dnf-automatic-download \
  dnf-automatic-notifyonly dnf5-automatic yum-cron packagekit-background; do
  for d in timers.target multi-user.target basic.target; do
    for u in timer service; do
      if [ -h "$e/$d.wants/$t.$u" ] || [ -e "$e/$d.wants/$t.$u" ]; then printf 'unit\t%s.%s\n' "$t" "$u"; fi
    done
  done
  for u in timer service; do
    if [ -h "$e/$t.$u" ] && [ "$(ls -ld "$e/$t.$u" | sed 's/.* -> //')" = /dev/null ]; then
      printf 'masked\t%s.%s\n' "$t" "$u"
    fi
  done
done
for f in /etc/cron.daily/apt-compat /etc/cron.daily/apt /etc/cron.daily/0yum-daily.cron \
  /etc/cron.daily/yum-autoupdate /etc/cron.daily/dnf-automatic; do
  p=$(anji_path "$f")
  if [ -f "$p" ] && [ -x "$p" ]; then printf 'job\t%s\n' "$f"; fi
done
for f in /usr/bin/unattended-upgrade /usr/bin/dnf-automatic /usr/sbin/yum-cron; do
  p=$(anji_path "$f")
  if [ -e "$p" ]; then printf 'program\t%s\n' "$f"; fi
done
p=$(anji_path /lib/systemd/systemd)
if [ -e "$p" ]; then printf 'init\tsystemd\n'; fi
printf 'end\n'"#;
