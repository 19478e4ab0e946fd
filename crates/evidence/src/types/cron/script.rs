//! The capture bodies: tables without their arguments, and periodic scripts by
//! name.
//!
//! The tables come as `anji_dump` writes them, each line as one of these, with
//! tabs between the words:
//!
//! ```text
//! J  0 2 * * 1-5  root  /usr/bin/his   a job; no user in a user's own table,
//!                                      no program where it cannot be told
//! E  MAILTO                            a variable
//! N  root                              an account of cron.allow or cron.deny
//! #                                    a comment
//! !                                    a line of another form
//! ```

use super::super::dump::closed_capture;
use super::super::{capture, vector};
use crate::shell::quote;
use anji_model::{Capture, Limits, Source};

/// Where the tables are, with the kind of each.
pub(super) const TABLES: [(&str, &str); 8] = [
    ("/etc/crontab", "system"),
    ("/etc/cron.d/*", "system"),
    ("/var/spool/cron/*", "user"),
    ("/var/spool/cron/crontabs/*", "user"),
    ("/var/spool/cron/tabs/*", "user"),
    ("/etc/anacrontab", "anacrontab"),
    ("/etc/cron.allow", "allow"),
    ("/etc/cron.deny", "deny"),
];

/// A word of the command is looked for as the shell splits it; where that takes
/// more than quotes, the program is not told.
const PROJECT: &str = r##"
  BEGIN {
    names = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat"
    words = " @reboot @yearly @annually @monthly @weekly @daily @midnight @hourly "
  }
  function word(  w) {
    match(l, /^[^ \t]*/)
    w = substr(l, 1, RLENGTH)
    l = substr(l, RLENGTH + 1)
    sub(/^[ \t]+/, "", l)
    return w
  }
  function field(w) {
    w = tolower(w)
    gsub(names, "1", w)
    return w ~ /^[-0-9*,\/~]+$/
  }
  function program(  w) {
    for (;;) {
      sub(/^[ \t;&({!]+/, "", l)
      if (l !~ /^[A-Za-z_][A-Za-z0-9_]*=/) break
      sub(/^[A-Za-z_][A-Za-z0-9_]*=/, "", l)
      while (l != "" && l !~ /^[ \t;&]/) {
        if (match(l, /^'[^']*'/) || match(l, /^"[^"\\$`]*"/) || match(l, /^\\./)) {
        } else if (match(l, /^[^'"\\$`()|<> \t;&%]+/)) {
        } else if (match(l, /^\$[A-Za-z_][A-Za-z0-9_]*/)) {
        } else return ""
        l = substr(l, RLENGTH + 1)
      }
      if (l == "") return ""
    }
    if (match(l, /^'[^']*'/) || match(l, /^"[^"]*"/)) {
      w = substr(l, 2, RLENGTH - 2)
      if (substr(l, RLENGTH + 1, 1) !~ /^[ \t;&|<>)]?$/) return ""
      # A whole command between quotes is no program.
      if (w ~ /[ \t]-/) return ""
    } else {
      match(l, /^[^ \t;&|<>)%]*/)
      w = substr(l, 1, RLENGTH)
    }
    if (w !~ /^(\$[A-Za-z_][A-Za-z0-9_]*\/)?[^-'"`$\\:;&|<>()=?*%#!\t][^'"`$\\:;&|<>()=?*%#!\t]*$/) return ""
    return w
  }
  function job(  s, i, w, u) {
    if (kind == "a") {
      w = word()
      s = w
      if (w !~ /^[0-9]+$/ && !(w ~ /^@[a-z]+$/ && index(words, " " w " "))) return "!"
      w = word()
      if (w !~ /^[0-9]+$/) return "!"
      s = s " " w
      if (word() == "") return "!"
      u = "root"
    } else {
      if (l ~ /^@/) {
        s = word()
        if (!index(words, " " s " ")) return "!"
      } else {
        for (i = 1; i <= 5; i++) {
          w = word()
          if (!field(w)) return "!"
          s = s (i > 1 ? " " : "") w
        }
      }
      if (kind == "s") {
        u = word()
        if (u !~ /^[A-Za-z0-9_.@+][-A-Za-z0-9_.@+]*\$?$/ || length(u) > 64) return "!"
      }
    }
    if (l == "" || length(s) > 400) return "!"
    return "J\t" s "\t" u "\t" program()
  }
  /^\/\// {
    if ($1 == "//F") {
      kind = "u"
      if ($6 == "/etc/crontab" || index($6, "/etc/cron.d/") == 1) kind = "s"
      if ($6 == "/etc/anacrontab") kind = "a"
      if ($6 == "/etc/cron.allow" || $6 == "/etc/cron.deny") kind = "n"
    }
    print
    next
  }
  {
    l = substr($0, 2, 4096)
    sub(/^[ \t]+/, "", l)
    sub(/[ \t\r]+$/, "", l)
    if (l == "") print " "
    else if (l ~ /^#/) print " #"
    else if (kind == "n") print (l ~ /^[A-Za-z0-9_.@+][-A-Za-z0-9_.@+]*\$?$/ && length(l) <= 64) ? " N\t" l : " !"
    else if (match(l, /^("[^"]*"|'[^']*'|[^ \t="']+)[ \t]*=/)) {
      l = substr(l, 1, RLENGTH - 1)
      gsub(/["' \t]/, "", l)
      print " E\t" ((l ~ /^[A-Za-z_][A-Za-z0-9_]*$/ && length(l) <= 64) ? l : "?")
    }
    else print " " job()
  }"##;

pub(super) fn tables(id: &str, limits: Limits) -> Capture {
    let patterns = TABLES.map(|(pattern, _)| pattern);
    let dump = closed_capture(id, limits, &patterns);
    let program = quote(PROJECT.trim_start_matches('\n'));
    Capture { command: format!("{} | awk {program}", dump.command), ..dump }
}

/// The folders of periodic scripts.
const PERIODIC: [&str; 4] =
    ["/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly"];

/// Folders with mode and owner, and the scripts of the periodic ones.
///
/// ```text
/// f 41ed 0 0 folder /etc/cron.daily
/// f 81ed 0 0 daily /etc/cron.daily/logrotate
/// closed /etc/cron.daily               this folder may not be listed
/// more                                 files that are not told
/// end
/// ```
const SCRIPTS: &str = r#"anji_have stat || return 45
set --
n=0
l=
for d in /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /var/spool/cron /var/spool/cron/crontabs /var/spool/cron/tabs; do
  anji_path "$d" >/dev/null
  a=$anji_at
  if [ ! -d "$a" ]; then
    while a=${a%/*} && [ -n "$a" ]; do
      if [ -d "$a" ]; then
        [ -x "$a" ] || printf 'closed %s\n' "$d"
        break
      fi
    done
    continue
  fi
  set -- "$@" "$a"
  l="${l}folder $d
"
  k=${d#/etc/cron.}
  case $k in hourly | daily | weekly | monthly) ;; *) continue ;; esac
  if [ ! -r "$a" ] || [ ! -x "$a" ]; then
    if [ -z "$R" ] && o=$(anji_sudo /usr/bin/find -L "$d" -maxdepth 1 -type f -exec /usr/bin/stat -L -c %f/%u/%g%n '{}' + 2>/dev/null); then
      printf '%s\n' "$o" | awk -v d="$d/" -v k="$k" '
        $0 == "" { next }
        split($0, a, "/") < 6 { print "more"; next }
        { p = substr($0, length(a[1] a[2] a[3]) + 3)
          if (index(p, d) != 1 || p ~ /[\\\001-\037\177-\377]/) print "more"
          else print "f " a[1] " " a[2] " " a[3] " " k " " p }'
    else
      printf 'closed %s\n' "$d"
    fi
    continue
  fi
  for f in "$a"/*; do
    p=$d/${f##*/}
    anji_path "$p" >/dev/null
    [ -f "$anji_at" ] || continue
    n=$((n + 1))
    [ "$n" -le 1000 ] || { printf 'more\n'; break; }
    case $p in *[!0-9A-Za-z/._@+~-]*) p=$(anji_esc "$p") ;; esac
    set -- "$@" "$anji_at"
    l="$l$k $p
"
  done
done
if [ "$#" -gt 0 ]; then
  o=$(stat -L -c '%f %u %g' "$@" 2>/dev/null)
  awk 'BEGIN {
    told = split(ARGV[1], facts, "\n")
    files = split(ARGV[2], names, "\n") - 1
    for (i = 1; i <= files; i++) print "f " (told == files ? facts[i] : "- - -") " " names[i]
    exit
  }' "$o" "$l"
fi
printf 'end\n'"#;

pub(super) fn scripts(id: &str, limits: Limits) -> Capture {
    let sudo = PERIODIC.iter().map(|folder| {
        let head = ["/usr/bin/find", "-L", folder, "-maxdepth", "1", "-type", "f", "-exec"];
        vector(&[&head[..], &["/usr/bin/stat", "-L", "-c", "%f/%u/%g%n", "{}", "+"]].concat())
    });
    Capture { sudo: sudo.collect(), ..capture(id, Source::Files, limits, SCRIPTS) }
}
