//! The captures. A source may carry a name and a password, and so may options:
//! of a source that names a machine what stands before the last `@` is left
//! out, and of options only known ones are told.

use super::super::WHY_FUNCTION;

/// An awk function: a source without names, passwords and queries.
const SOURCE_PROGRAM: &str = r#"function source(s) {
  if (s !~ /^\/[^\/]/ && s ~ /@/) sub(/^.*@/, "***@", s)
  if (s !~ /^\/[^\/]/) sub(/[?;].*$/, "", s)
  return s == "" ? "-" : s
}"#;

/// An awk function: the options that are known, of a list of options.
const OPTIONS_PROGRAM: &str = r#"function options(s, o, n, i, t) {
  n = split(s, o, ",")
  t = "-"
  for (i = 1; i <= n; i++)
    if (o[i] ~ /^(defaults|(no)?(suid|dev|exec|auto|user|atime|symfollow|fail)|ro|rw|users|owner|group|relatime|strictatime|r?bind|remount|x-systemd\.automount)$/)
      t = t "," o[i]
  return t
}"#;

/// ```text
/// m 133 27 0:37 / /tmp rw,nosuid - tmpfs tmpfs   a mount, as the kernel tells it
/// t /tmp /tmp                                    a folder, and where it is
/// - /dev/shm                                     a folder that is not there
/// ```
pub(super) fn running_body() -> String {
    format!(
        r#"[ -z "$R" ] || return 46
[ -r /proc/self/mountinfo ] || {{ printf 'no mountinfo\n' >&2; return 45; }}
for d in {}; do
  if [ ! -d "$d" ]; then printf -- '- %s\n' "$d"
  elif [ ! -h "$d" ] && [ ! -h "${{d%/*}}" ]; then printf 't %s %s\n' "$d" "$d"
  else printf 't %s %s\n' "$d" "$(anji_esc "$(cd "$d" && pwd -P)")"; fi
done
awk '{SOURCE_PROGRAM}
{{
  for (i = 7; i <= NF && $i != "-"; i++);
  print "m", $1, $2, $3, $4, $5, $6, "-", $(i + 1), source($(i + 2))
}}' /proc/self/mountinfo"#,
        super::TEMPORARY.join(" ")
    )
}

/// `e SOURCE TARGET FSTYPE OPTIONS` for each line.
pub(super) fn fstab_body() -> String {
    format!(
        r#"{WHY_FUNCTION}
p=$(anji_path /etc/fstab)
if [ ! -r "$p" ] || [ ! -f "$p" ]; then anji_why "$p"; return; fi
printf 'fstab\n'
awk '{SOURCE_PROGRAM}
{OPTIONS_PROGRAM}
/^[ \t]*(#|$)/ {{ next }}
NF < 2 {{ print "?"; next }}
{{ print "e", source($1), $2, (NF > 2 ? $3 : "auto"), options($4) }}' "$p""#
    )
}

/// ```text
/// u start /etc/systemd/system/tmp.mount   a unit, wanted when the system starts
/// u idle ...                              a unit that nothing wants
/// u masked ...                            a unit that can never start
/// d ...                                   a file that changes the unit before it
/// = Where /tmp                            a setting of either
/// ! ...                                   a file or folder that is closed
/// ```
pub(super) fn units_body() -> String {
    format!(
        r#"{}
printf 'units\n'
anji_path /etc/systemd/system >/dev/null
s=$anji_at
for d in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
  anji_path "$d" >/dev/null
  p=$anji_at
  [ "$d" != /lib/systemd/system ] || [ ! -h "$R/lib" ] || continue
  [ -d "$p" ] || continue
  if [ ! -r "$p" ] || [ ! -x "$p" ]; then printf '! %s\n' "$d"; continue; fi
  for f in "$p"/*.mount; do
    n=${{f##*/}}
    # Of the packages' own units only those of temporary folders are read.
    case $d/$n in
      /etc/* | */tmp.mount | */var-tmp.mount | */dev-shm.mount) ;;
      *) continue ;;
    esac
    [ -e "$f" ] || [ -h "$f" ] || continue
    w=idle
    for l in "$s"/*.wants/"$n" "$s"/*.requires/"$n" "$p"/*.wants/"$n"; do
      [ ! -h "$l" ] || w=start
    done
    e=$(anji_esc "$d/$n")
    anji_path "$d/$n" >/dev/null
    f=$anji_at
    if [ ! -f "$f" ]; then printf 'u masked %s\n' "$e"; continue; fi
    if [ ! -r "$f" ]; then printf '! %s\n' "$e"; continue; fi
    printf 'u %s %s\n' "$w" "$e"
    anji_mount_settings "$f"
    for g in "$s/$n.d"/*.conf; do
      [ -f "$g" ] || continue
      if [ ! -r "$g" ]; then printf '! %s\n' "$(anji_esc "/etc/systemd/system/$n.d")"; continue; fi
      printf 'd %s\n' "$(anji_esc "/etc/systemd/system/$n.d/${{g##*/}}")"
      anji_mount_settings "$g"
    done
  done
done"#,
        settings_function()
    )
}

fn settings_function() -> String {
    format!(
        r#"anji_mount_settings() {{
  awk '{SOURCE_PROGRAM}
{OPTIONS_PROGRAM}
/^[ \t]*[#;]/ {{ next }}
/^[ \t]*\[/ {{ s = $1; next }}
s == "[Mount]" && /^[ \t]*(What|Where|Type|Options)[ \t]*=/ {{
  i = index($0, "=")
  k = substr($0, 1, i - 1)
  v = substr($0, i + 1)
  gsub(/^[ \t]+|[ \t]+$/, "", k)
  gsub(/^[ \t]+|[ \t\r]+$/, "", v)
  if (k == "What") v = source(v)
  if (k == "Options") v = options(v)
  print "= " k " " v
}}' "$1"
}}"#
    )
}
