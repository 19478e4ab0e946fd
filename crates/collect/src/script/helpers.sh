# --- Helpers that captures may call -----------------------------------------

# anji_have CMD: whether PATH holds a program CMD. Functions, aliases and
# builtins do not count.
anji_have() {
  anji_rest=$PATH:
  while [ -n "$anji_rest" ]; do
    if [ -f "${anji_rest%%:*}/$1" ] && [ -x "${anji_rest%%:*}/$1" ]; then return 0; fi
    anji_rest=${anji_rest#*:}
  done
  return 1
}

# anji_sudo CMD ARG...: runs a listed command with root's rights: directly as
# root, else through sudo when the account may do so without a password. 43
# says that it may not.
anji_sudo() {
  if [ "$anji_uid" = 0 ]; then
    "$@"
    return
  fi
  if [ "$anji_may_sudo" = 1 ] && sudo -n -l -- "$@" >/dev/null 2>&1; then
    sudo -n -- "$@"
    return
  fi
  printf '%s: permission denied (not root, and no sudo rule)\n' "$1" >&2
  return 43
}

# anji_path /etc/passwd: prints the path to read for it. On a live host that is
# the path itself. In another root directory, links are followed one component
# at a time and never lead out of the root. The path is left in $anji_at too,
# for names that end in a newline. A loop of links gives a name that is longer
# than any file's, so that reading it fails and does not show a file missing.
anji_path() {
  anji_at=$1
  if [ -n "$R" ]; then anji_resolve "$1"; fi
  printf '%s\n' "$anji_at"
}

anji_overlong=unresolved-link
anji_overlong=$anji_overlong$anji_overlong$anji_overlong$anji_overlong$anji_overlong
anji_overlong=$anji_overlong$anji_overlong$anji_overlong$anji_overlong$anji_overlong

anji_resolve() {
  anji_todo=$1
  anji_at=
  anji_links=0
  while [ -n "$anji_todo" ]; do
    anji_part=${anji_todo%%/*}
    case $anji_todo in
      */*) anji_todo=${anji_todo#*/} ;;
      *) anji_todo= ;;
    esac
    case $anji_part in
      '' | .) continue ;;
      ..)
        anji_at=${anji_at%/*}
        continue
        ;;
    esac
    if [ ! -h "$R$anji_at/$anji_part" ]; then
      anji_at=$anji_at/$anji_part
      continue
    fi
    anji_links=$((anji_links + 1))
    if [ "$anji_links" -gt 40 ] || ! anji_target "$R$anji_at/$anji_part"; then
      anji_at=/$anji_overlong
      return 1
    fi
    case $anji_link in
      /*) anji_at= ;;
    esac
    anji_todo=$anji_link/$anji_todo
  done
  anji_at=$R${anji_at:-/}
}

# Sets $anji_link to the target of a link, final newlines included.
anji_target() {
  if anji_have readlink; then
    anji_link=$(readlink "$1" && printf x)
  else
    anji_link=$(ls -ld "$1" && printf x)
    anji_link=${anji_link#*"$1 -> "}
  fi
  anji_link=${anji_link%x}
  anji_link=${anji_link%"$anji_newline"}
  [ -n "$anji_link" ]
}

# anji_esc NAME: NAME as one lossless line: a backslash is \\, and whatever is
# not printable ASCII is \xNN, so that any reader gets the same bytes back.
anji_esc() {
  case $1 in
    *[!0-9A-Za-z\ /._@%+=:,~-]*)
      printf '%s' "$1" | od -An -v -tx1 | awk '
        BEGIN {
          for (i = 32; i < 127; i++) text[sprintf("%02x", i)] = sprintf("%c", i)
          text["5c"] = "\\\\"; text["0a"] = "\\n"; text["09"] = "\\t"
        }
        { for (i = 1; i <= NF; i++) printf "%s", ($i in text) ? text[$i] : "\\x" $i }
        END { print "" }'
      ;;
    *) printf '%s\n' "$1" ;;
  esac
}
