//! The capture bodies: start files with their words masked, and login shells.
//!
//! The files come as `anji_dump` writes them. A word of a line stays when it is
//! one of the shell's own, or a number or flag on a line about the limit or the
//! mask; any other is `x`. Here-documents are left blank.
//!
//! ```text
//! shell bash /bin/bash        a login shell: the program behind its links, its path
//! shell - /opt/gone           one that is not there
//! done
//! ```

use super::super::dump::dump_capture;
use anji_model::{Capture, Limits};

/// The start files of all shells that are told apart.
pub(super) const PATTERNS: [&str; 26] = [
    "/etc/environment",
    "/etc/profile",
    "/etc/profile.d/*",
    "/etc/profile.local",
    "/usr/etc/profile",
    "/usr/etc/profile.d/*",
    "/etc/bash.bashrc",
    "/etc/bash.bashrc.local",
    "/usr/etc/bash.bashrc",
    "/etc/bashrc",
    "/etc/zshenv",
    "/etc/zprofile",
    "/etc/zshrc",
    "/etc/zlogin",
    "/etc/zsh/zshenv",
    "/etc/zsh/zprofile",
    "/etc/zsh/zshrc",
    "/etc/zsh/zlogin",
    "/etc/csh.cshrc",
    "/etc/csh.login",
    "/etc/csh/csh.cshrc",
    "/etc/csh/csh.login",
    "/root/.bash_profile",
    "/root/.bashrc",
    "/root/.profile",
    "/root/.bash_login",
];

const MASK_PROGRAM: &str = r##"
  BEGIN {
    n = split("if then else elif fi case esac in for select while until do done function time source set unset export readonly typeset declare local return exit umask test eval unless endif end foreach switch breaksw endsw TMOUT autologout PS1 BASH prompt etc profile environment bash bashrc csh cshrc zsh zshrc zshenv zprofile zlogin login sh root usr bash_profile bash_login i n z d r x", a, " ")
    for (j = 1; j <= n; j++) keep[a[j]] = 1
  }
  function mask(l,  o, k, w, p) {
    k = l ~ /TMOUT|autologout|umask/
    if (length(l) > 4096) return k ? "eval TMOUT" : "x"
    o = ""; p = ""
    while (match(l, /[^][ \t\r!"#$%&\047()*+,.\/:;<=>?@\\^`{|}~-]+/)) {
      w = substr(l, RSTART, RLENGTH)
      if (RSTART > 1) p = substr(l, RSTART - 1, 1)
      if (!(w in keep) && !(k && (w ~ /^[0-9]+$/ || (p == "-" && w ~ /^[airxgtunlS]+$/)))) w = "x"
      o = o substr(l, 1, RSTART - 1) w
      l = substr(l, RSTART + RLENGTH)
    }
    return o l
  }
  /^\/\// { inside = 0; print; next }
  {
    l = substr($0, 2)
    if (inside) {
      if (tabs) sub(/^\t+/, "", l)
      if (l == stop) inside = 0
      print " "
      next
    }
    print " " mask(l)
    if (l !~ /^[ \t]*#/ && l !~ /\(\(/ && match(l, /<<-?[ \t]*["\047\\]?[A-Za-z_][A-Za-z_0-9]*/)) {
      stop = substr(l, RSTART + 2, RLENGTH - 2)
      tabs = stop ~ /^-/
      gsub(/^-?[ \t]*["\047\\]?/, "", stop)
      inside = 1
    }
  }"##;

pub(super) fn files(id: &str, limits: Limits) -> Capture {
    let dump = dump_capture(id, limits, &PATTERNS);
    let program = MASK_PROGRAM.trim_start_matches('\n');
    Capture { command: format!("{} | awk '{program}'", dump.command), ..dump }
}

pub(super) const PROGRAMS_BODY: &str = r#"p=$(anji_path /etc/passwd)
if [ ! -f "$p" ] || [ ! -r "$p" ]; then
  printf 'no passwd file that can be read\n' >&2
  return 1
fi
head -c 4194304 "$p" | awk -F: '
  /^[-+#]/ || NF < 6 || length($0) > 4096 { next }
  { s = $7; if (s == "") s = "/bin/sh"; if (!(s in seen) && ++n < 200) print s; seen[s] }' |
while IFS= read -r s; do
  case $s in
    /*) ;;
    *) printf 'shell - %s\n' "$(anji_esc "$s")"; continue ;;
  esac
  anji_path "$s" >/dev/null
  t=$anji_at
  if [ ! -e "$t" ]; then printf 'shell - %s\n' "$(anji_esc "$s")"; continue; fi
  if [ -z "$R" ]; then t=$(readlink -f "$t" 2>/dev/null) || t=$s; fi
  case ${t##*/} in
    '' | *[!A-Za-z0-9._+-]*) t=other ;;
  esac
  printf 'shell %s %s\n' "${t##*/}" "$(anji_esc "$s")"
done
printf 'done\n'"#;
