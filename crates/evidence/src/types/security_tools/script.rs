//! The capture bodies.

use super::products::PRODUCTS;
use std::fmt::Write as _;

/// What the files say.
///
/// ```text
/// file 1795600000 /usr/bin/aide      a mark that is there, with its last change in seconds
/// file - /usr/bin/aide               ... whose last change no tool tells
/// denied /var/ossec                  a folder that may not be searched
/// cvd daily ClamAV-VDB:...           the head of a signature database
/// state status=connected             what the agent of OSSEC or Wazuh says of its manager
/// cron 0 5 * * * aide                a job, with its five fields or its word (`daily`)
/// timer dailyaidecheck OnCalendar=*  a timer that is started
/// version aide 0.18.3-1              a package
/// end
/// ```
const FILES_BODY: &str = r#"anji_look() {
  p=$1
  [ -z "$R" ] || p=$(anji_path "$1")
}
anji_denied() {
  up=$1
  while up=${up%/*}; [ -n "$up" ] && [ "$up" != "$R" ]; do
    [ -d "$up" ] || continue
    [ -x "$up" ] || printf 'denied %s\n' "${1#"$R"}"
    return
  done
}
any=0
set --
for f in $files; do
  anji_look "$f"
  # An empty file is one that its rotation left.
  [ ! -f "$p" ] || [ -s "$p" ] || continue
  if [ ! -e "$p" ]; then anji_denied "$p"; continue; fi
  # In another root the thing may stand elsewhere than its name says.
  if [ -n "$R" ] || ! anji_have stat; then
    t=$(date -r "$p" +%s 2>/dev/null) || t=-
    printf 'file %s %s\n' "$t" "$f"
    any=1
  else
    set -- "$@" "$p"
  fi
done
[ "$#" = 0 ] || { any=1; stat -c 'file %Y %n' "$@"; }
# The database that the configuration of AIDE names, where it is another one.
for f in /etc/aide/aide.conf /etc/aide.conf; do
  anji_look "$f"
  [ -f "$p" ] || continue
  [ -r "$p" ] || { printf 'denied %s\n' "$f"; continue; }
  d=$(awk '/^@@define[ \t]+DBDIR[ \t]/ { d = $3 }
    /^[ \t]*database(_in)?[ \t]*=[ \t]*file:/ { sub(/^[^:]*:/, ""); sub(/[ \t]+$/, ""); sub(/@@[{]DBDIR[}]/, d); if (!n++) print }' "$p" | head -c 4096)
  case $d in
    '' | *[!A-Za-z0-9/._-]*) continue ;;
    /*) ;;
    *) continue ;;
  esac
  q=$(anji_path "$d")
  if [ -e "$q" ]; then
    t=$(stat -c %Y "$q" 2>/dev/null) || t=$(date -r "$q" +%s 2>/dev/null) || t=-
    printf 'aide %s %s\n' "$t" "$d"
  else
    anji_denied "$q"
    printf 'aide none %s\n' "$d"
  fi
done
dirs=/var/lib/clamav
for f in /etc/clamav/freshclam.conf /etc/freshclam.conf /etc/clamav/clamd.conf /etc/clamd.d/scan.conf; do
  anji_look "$f"
  [ -f "$p" ] && [ -r "$p" ] || continue
  d=$(awk '$1 == "DatabaseDirectory" && $2 ~ /^\/[A-Za-z0-9\/._-]+$/ { d = $2 } END { print d }' "$p")
  [ -z "$d" ] || dirs="$dirs $d"
done
for d in $dirs; do
  anji_look "$d"
  [ ! -d "$p" ] || [ -x "$p" ] || printf 'denied %s\n' "$d"
  for f in daily.cld daily.cvd; do
    [ -f "$p/$f" ] || continue
    if [ -r "$p/$f" ]; then
      printf 'cvd daily %s\n' "$(head -c 200 "$p/$f" | tr -c ' -~' '?')"
    else
      printf 'denied %s\n' "$d/$f"
    fi
  done
done
for f in /var/ossec/var/run/wazuh-agentd.state /var/ossec/var/run/ossec-agentd.state; do
  anji_look "$f"
  [ -f "$p" ] || { anji_denied "$p"; continue; }
  [ -r "$p" ] || { printf 'denied %s\n' "$f"; continue; }
  sed -n "s/^\(status\|last_keepalive\|last_ack\)='\([A-Za-z0-9: -]*\)'.*/state \1=\2/p" "$p"
done
[ "$any" != 0 ] || { printf 'end\n'; return 0; }
set --
for d in /etc/cron.d /var/spool/cron /var/spool/cron/crontabs /etc/cron.hourly /etc/cron.daily /etc/cron.weekly; do
  anji_look "$d"
  [ -d "$p" ] || continue
  [ -r "$p" ] && [ -x "$p" ] || { printf 'denied %s\n' "$d"; continue; }
  for f in "$p"/*; do
    [ -f "$f" ] || continue
    if [ -n "$R" ] && [ -h "$f" ]; then anji_look "${f#"$R"}"; f=$p; p=${p%/*}; [ -f "$f" ] || continue; fi
    # run-parts runs what may be run.
    case $d in *ly) [ -x "$f" ] || continue ;; esac
    [ -r "$f" ] || { printf 'denied %s\n' "$d"; continue; }
    set -- "$@" "$d" "$f"
  done
done
anji_look /etc/crontab
if [ -f "$p" ]; then
  if [ -r "$p" ]; then set -- "$@" /etc/crontab "$p"; else printf 'denied /etc/crontab\n'; fi
fi
b=0
[ ! -d "$(anji_path /run/systemd/system)" ] || b=1
awk -v jobs="$jobs" -v systemd="$b" '
  BEGIN {
    m = split(jobs, job, " ")
    for (i = 1; i < ARGC; i += 2) {
      d = ARGV[i]; f = ARGV[i + 1]; n = 0; how = d; sub(/.*[.]/, "", how)
      split("", told)
      while ((getline l < f) > 0 && ++n <= 5000) {
        # A script for cron that leaves its work to a timer where systemd runs.
        if (how ~ /ly$/ && systemd && l ~ /\/run\/systemd\/system/) skip[f] = 1
        sub(/^[ \t]+/, "", l); if (l ~ /^#/ || l == "") continue
        for (j = 1; j <= m; j++) {
          w = job[j]
          if (!match(" " l " ", "[ \t/;&|\"=]" w "([.]wrapper)?[ \t;&|\"]")) continue
          if (how ~ /ly$/) { told[w] = how; continue }
          k = split(l, a, /[ \t]+/)
          if (a[1] ~ /^@[a-z]+$/) print "cron " substr(a[1], 2) " " w
          else if (k > 5 && l ~ /^[-0-9*,\/A-Za-z]+[ \t]+[-0-9*,\/A-Za-z]+[ \t]+[-0-9*,\/A-Za-z]+[ \t]+[-0-9*,\/A-Za-z]+[ \t]+[-0-9*,\/A-Za-z]+[ \t]/)
            print "cron " a[1] " " a[2] " " a[3] " " a[4] " " a[5] " " w
        }
      }
      close(f)
      for (w in told) if (!(f in skip)) print "cron " told[w] " " w
    }
  }' "$@"
for w in $jobs; do
  s=
  for g in "$R"/etc/systemd/system/*.wants/"$w.timer" "$R"/usr/lib/systemd/system/*.wants/"$w.timer"; do
    if [ -e "$g" ] || [ -h "$g" ]; then s=1; fi
  done
  [ -n "$s" ] || continue
  for d in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    anji_look "$d/$w.timer"
    [ "$p" != "$R/dev/null" ] || break
    [ -f "$p" ] && [ -r "$p" ] || continue
    awk -v w="$w" '/^[ \t]*OnCalendar[ \t]*=/ { sub(/^[^=]*=[ \t]*/, ""); gsub(/[^ -~]/, "?"); print "timer " w " OnCalendar=" substr($0, 1, 200) }
      /^[ \t]*On(UnitActive|UnitInactive)Sec[ \t]*=/ { sub(/^[ \t]*/, ""); gsub(/[ \t]/, ""); gsub(/[^ -~]/, "?"); print "timer " w " " substr($0, 1, 200) }' "$p"
    break
  done
done
anji_look /var/lib/dpkg/status
if [ -f "$p" ] && [ -r "$p" ]; then
  awk -v names="$packages" 'BEGIN { n = split(names, a, " "); for (i = 1; i <= n; i++) want["Package: " a[i]] }
    /^Package: / { p = ($0 in want) ? $2 : "" }
    p != "" && /^Status: / && !/ installed$/ { p = "" }
    p != "" && /^Version: [-0-9A-Za-z.+:~]+$/ { print "version " p " " $2; p = "" }' "$p"
fi
printf 'end\n'"#;

pub(super) fn files_body() -> String {
    let files = PRODUCTS.iter().flat_map(|p| [p.paths, p.reports, p.databases]).flatten();
    let mut body = String::new();
    list(&mut body, "files", files);
    list(&mut body, "jobs", PRODUCTS.iter().flat_map(|p| p.jobs));
    list(&mut body, "packages", PRODUCTS.iter().flat_map(|p| p.packages));
    body.push_str(FILES_BODY);
    body
}

/// What runs.
///
/// ```text
/// hidden               other accounts' processes cannot be seen
/// comm clamd           a process of one of the names
/// exe /opt/qaxsafe/... a process whose program lies in one of the folders
/// unseen               programs of some processes cannot be seen
/// end
/// ```
const RUNNING_BODY: &str = r#"[ -r /proc/self/status ] || return 45
[ -r /proc/1/status ] || printf 'hidden\n'
for d in /proc/[0-9]*; do
  c=
  { IFS= read -r c < "$d/comm"; } 2>/dev/null || continue
  case " $names " in *" $c "*) printf 'comm %s\n' "$(anji_esc "$c")" ;; esac
done
[ "$(id -u)" = 0 ] || printf 'unseen\n'
ls -ln /proc/[0-9]*/exe 2>/dev/null | awk -v names="$folders" '
  BEGIN { n = split(names, a, " ") }
  (p = index($0, "/exe -> ")) {
    t = substr($0, p + 8)
    for (i = 1; i <= n; i++) if (index(t, a[i] "/") == 1) print "exe " a[i]
  }'
printf 'end\n'"#;

pub(super) fn running_body() -> String {
    let mut body = "[ -z \"$R\" ] || return 46\n".to_owned();
    list(&mut body, "names", PRODUCTS.iter().flat_map(|p| p.processes));
    list(&mut body, "folders", folders());
    body.push_str(RUNNING_BODY);
    body
}

/// Folders that hold the programs of one product alone.
fn folders() -> impl Iterator<Item = &'static &'static str> {
    let own = |path: &&&str| {
        !["/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"]
            .iter()
            .any(|dir| path.starts_with(dir))
    };
    PRODUCTS.iter().flat_map(|product| product.paths).filter(own)
}

fn list<'a>(body: &mut String, name: &str, words: impl Iterator<Item = &'a &'static str>) {
    let words: Vec<&str> = words.copied().collect();
    // Writing to a String cannot fail.
    let _infallible = writeln!(body, "{name}='{}'", words.join(" "));
}
