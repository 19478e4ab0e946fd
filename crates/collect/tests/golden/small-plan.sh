#!/bin/sh
# Anji collection script. It reads, and writes nothing but its standard output.
# Run it as:  sh SCRIPT NONCE > BUNDLE
#
# All of it stands in one function that the last line calls, so a script that
# arrives in part does nothing. Each line of the output bears a prefix, so no
# data can look like a frame:
#
#   #anji 1 NONCE begin uid=... sudo=... time=... host=... shell=...
#   #anji NONCE B CAPTURE
#   |a line of data
#   !a line of standard error (its end)
#   #anji NONCE E CAPTURE exit=0 bytes=15 truncated=0 timeout=0 ms=4
#   #anji NONCE end captures=1

anji_main() {

# --- Surroundings -----------------------------------------------------------
# Nothing of the caller's environment reaches a command: no shadowing functions
# or aliases, no preloaded libraries, no settings that change a tool's output.
# bash only gives special builtins their due in POSIX mode; it is left again.
POSIXLY_CORRECT=1
\unset -f unset export set trap exit return eval read printf test kill wait cd command 2>/dev/null
\unset -f awk cat date head id ls od readlink renice ionice sleep sudo tail tr umask 2>/dev/null
\unset -f compgen builtin unalias shift : [ 2>/dev/null
\unalias -a 2>/dev/null
unset POSIXLY_CORRECT
unset IFS ENV BASH_ENV CDPATH GLOBIGNORE PS4
# bash takes functions from the environment, and would pass them on.
if [ -n "${BASH_VERSION-}" ]; then
  for anji_name in $(compgen -A function); do
    if [ "$anji_name" != anji_main ]; then unset -f "$anji_name"; fi
  done
  export -n -f anji_main
  export -n SHELLOPTS BASHOPTS
fi
unset LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG LD_PROFILE LD_BIND_NOW GCONV_PATH
unset LOCPATH NLSPATH LANGUAGE MALLOC_CHECK_ MALLOC_PERTURB_ RES_OPTIONS HOSTALIASES
unset GREP_OPTIONS GREP_COLOR GREP_COLORS LS_COLORS LS_BLOCK_SIZE BLOCK_SIZE BLOCKSIZE
unset DF_BLOCK_SIZE DU_BLOCK_SIZE QUOTING_STYLE TIME_STYLE TABSIZE COLUMNS TERM
unset AWKPATH AWKLIBPATH MAWKBINMODE MAWK_LONG_OPTIONS TMPDIR OPENSSL_CONF PYTHONPATH
unset PERL5LIB PERL5OPT PERLLIB PERL_UNICODE SYSTEMD_PAGER SYSTEMD_LESS PAGER LESS LESSOPEN
unset SUDO_ASKPASS SUDO_EDITOR DISPLAY SSH_AUTH_SOCK ANJI_MARK
# A shell that was made to trace, to stop at errors or to leave out patterns.
set +a +e +f +u +v +x +C 2>/dev/null
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
LC_ALL=C
TZ=UTC0
HOME=/nonexistent
export PATH LC_ALL TZ HOME
umask 077
cd / || return 71

# The nonce marks the lines of this run; it is all that varies between runs.
anji_nonce=$1
case $anji_nonce in
  '' | *[!0-9a-zA-Z-]*)
    printf '%s\n' 'usage: sh SCRIPT NONCE (letters, digits and hyphens)' >&2
    return 64
    ;;
esac
anji_newline='
'

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

# --- Files as they stand ------------------------------------------------------

# anji_dump PATTERN...: the lines of regular files, with mode and owner. A
# pattern is an absolute path; its last component may hold `*` and `?`.
#
#   //F 81a4 0 0 123 /etc/login.defs  a file: its mode in hex, owner, group, size
#    a line of it                     behind one blank
#   //E 0                             its end; 1 says that it was not read whole
#   //D /etc/pam.d/*                  all names of this pattern are told
#   //- denied /etc/shadow            not read, and why: absent, denied, loop,
#                                     kind (no regular file), large, failed
#
# What an ordinary account may not read is asked of sudo, where a rule allows it.
anji_dump() {
  anji_left=$#
  while [ "$anji_left" -gt 0 ]; do
    anji_left=$((anji_left - 1))
    anji_want=$1
    shift
    case $anji_want in
      *[*?]*) ;;
      *)
        set -- "$@" "$anji_want"
        continue
        ;;
    esac
    anji_path "${anji_want%/*}" >/dev/null
    if [ -d "$anji_at" ] && [ -r "$anji_at" ] && [ -x "$anji_at" ]; then
      for anji_name in "$anji_at"/${anji_want##*/}; do
        if [ -e "$anji_name" ] || [ -h "$anji_name" ]; then
          set -- "$@" "${anji_want%/*}/${anji_name##*/}"
        fi
      done
      printf '//D %s\n' "$anji_want"
    elif [ -d "$anji_at" ]; then
      anji_dump_folder
    else
      anji_dump_why
    fi
  done
  anji_left=$#
  anji_names=
  while [ "$anji_left" -gt 0 ]; do
    anji_left=$((anji_left - 1))
    anji_want=$1
    shift
    anji_path "$anji_want" >/dev/null
    if [ ! -f "$anji_at" ]; then
      anji_dump_why
    elif [ ! -r "$anji_at" ]; then
      anji_dump_closed
    else
      set -- "$@" "$anji_at"
      anji_dump_name
      anji_names="$anji_names$anji_name
"
    fi
  done
  if [ "$#" -eq 0 ]; then return 0; fi
  anji_facts=
  if anji_have stat; then anji_facts=$(stat -L -c '%f %u %g %s' "$@" 2>/dev/null); fi
  awk '
    BEGIN {
      told = split(ARGV[1], facts, "\n")
      split(ARGV[2], names, "\n")
      files = ARGC - 3
      for (i = 1; i <= files; i++) {
        fact = told == files ? facts[i] : "- - - -"
        split(fact, field, " ")
        size = field[4]
        if (size != "-" && size + 0 > 4194304) { print "//- large " names[i]; continue }
        print "//F " fact " " names[i]
        bytes = 0
        while ((got = (getline line < ARGV[i + 2])) > 0) {
          print " " line
          bytes += length(line) + 1
          if (bytes > 4194305) break
        }
        close(ARGV[i + 2])
        # A file that ends without a newline has one byte less than its lines.
        whole = got == 0 && (size == "-" || bytes == size + 0 || bytes == size + 1)
        print "//E " (whole ? 0 : 1)
      }
      exit
    }' "$anji_facts" "$anji_names" "$@"
}

# $anji_name: $anji_want as one lossless line.
anji_dump_name() {
  case $anji_want in
    *[!0-9A-Za-z/._@%+=:,~-]*) anji_name=$(anji_esc "$anji_want") ;;
    *) anji_name=$anji_want ;;
  esac
}

# Why $anji_want, which is $anji_at, is no regular file or no folder.
anji_dump_why() {
  anji_why=kind
  if [ ! -e "$anji_at" ]; then
    anji_why=absent
    if [ -h "$anji_at" ]; then
      case $(ls -ldL "$anji_at" 2>&1) in
        *'ermission denied') anji_why=denied ;;
        *': No such file or directory' | *': Not a directory') ;;
        *) anji_why=loop ;;
      esac
    fi
    case $anji_at in /unresolved-link*) anji_why=loop ;; esac
    anji_above=$anji_at
    while anji_above=${anji_above%/*} && [ -n "$anji_above" ]; do
      if [ -d "$anji_above" ]; then
        if [ ! -x "$anji_above" ]; then anji_why=denied; fi
        break
      fi
    done
  fi
  anji_dump_name
  printf '//- %s %s\n' "$anji_why" "$anji_name"
}

# A file that this account may not read.
anji_dump_closed() {
  anji_dump_name
  if [ -z "$R" ] && anji_text=$(anji_sudo /usr/bin/cat "$anji_want" 2>/dev/null); then
    printf '//F - - - - %s\n' "$anji_name"
    if [ -n "$anji_text" ]; then printf '%s\n' "$anji_text" | awk '{ print " " $0 }'; fi
    printf '//E 0\n'
  else
    printf '//- denied %s\n' "$anji_name"
  fi
}

# A folder that this account may not list. The program holds no blank, so that
# sudo can compare its arguments exactly; it is also in the printed sudo rules.
anji_dump_folder() {
  if [ -z "$R" ] && anji_sudo /usr/bin/find -L "${anji_want%/*}" -maxdepth 1 -type f \
    -name "${anji_want##*/}" -exec /usr/bin/awk \
    'FNR==1{if(o)print"//E";f=FILENAME;gsub(/[^!-~]/,"?",f);print"//F\t-\t-\t-\t-\t"f;o=1}{print"\040"$0}END{if(o)print"//E"}' \
    '{}' + 2>/dev/null; then
    printf '//D %s\n' "$anji_want"
  else
    printf '//- denied %s\n' "$anji_want"
  fi
}

# --- One capture -------------------------------------------------------------

# Sets $anji_self to the process id of the current (sub)shell, which $$ is not.
anji_pid() {
  anji_self=
  { read -r anji_self anji_rest </proc/self/stat; } 2>/dev/null ||
    anji_self=$(exec sh -c 'printf "%s\n" "$PPID"')
}

# Sets $anji_clock to milliseconds since some fixed instant, or to nothing.
anji_time() {
  anji_clock=
  { read -r anji_clock anji_rest </proc/uptime; } 2>/dev/null || return 0
  anji_rest=${anji_clock#*.}
  anji_clock=$((${anji_clock%.*} * 1000 + 1${anji_rest} * 10 - 1000))
}

# anji_capture ID BYTES SECONDS FUNCTION: runs FUNCTION and writes its frame.
#
# Descriptors: 3 the stream to the reader, 5 keeps the error pipe open until
# the count is in, 6 notes to this shell, 7 events for the watchdog. The
# function has none of them, so nothing that it leaves behind can hold them.
# Notes bear the nonce, which no error text of a command begins with.
anji_capture() {
  anji_count=$((anji_count + 1))
  printf '#anji %s B %s\n' "$anji_nonce" "$1"
  anji_late=0
  anji_time
  anji_began=$anji_clock
  anji_notes=$(
    {
      {
        {
          anji_pid
          printf 'body %s %s\n' "$anji_self" "$3" >&7
          (
            ANJI_MARK=$anji_nonce
            export ANJI_MARK
            "$4"
          ) </dev/null 3>&- 6>&- 7>&-
          printf '%s status %s\n' "$anji_nonce" "$?" >&6
          printf 'ended\n' >&7
        } | {
          anji_pid
          printf 'head %s\n' "$anji_self" >&7
          exec 2>/dev/null 3>&- 6>&- 7>&-
          anji_bound "$(($2 + 1))"
          printf '%s' "$anji_nonce"
        } | anji_frame "$2" 5>&2 2>&6 >&3 3>&- 6>&- 7>&-
      } 2>&1 | {
        anji_pid
        printf 'tail %s\n' "$anji_self" >&7
        exec tail -c 600 3>&- 6>&- 7>&-
      }
    } 6>&1
  )
  printf 'closed\n' >&7
  anji_time
  anji_end "$1"
}

# Passes on at most $1 bytes. An awk that cannot keep NUL gets 001 in its place.
anji_bound() {
  if [ "$anji_nul" = kept ]; then
    head -c "$1"
  else
    head -c "$1" | tr '\000' '\001'
  fi
}

# Prefixes each line, counts, and cuts at $1 bytes. The input ends with the
# nonce, so that a last line without a newline is told from one with; without
# that mark there is no count, and the frame is damaged.
anji_frame() {
  exec awk -v limit="$1" -v mark="$anji_nonce" '
    NR > 1 { print "|" last; count += length(last) + 1 }
    { last = $0 }
    END {
      keep = length(last) - length(mark)
      if (keep < 0 || substr(last, keep + 1) != mark) exit 1
      count += keep
      cut = count > limit
      if (cut) { count--; keep-- }
      if (keep > 0) print "|" substr(last, 1, keep)
      # One write, so that the note of the status cannot come into its middle.
      note = sprintf("%s count %.0f %d\n", mark, count, cut)
      printf "%s", note > "/dev/stderr"
    }'
}

# Writes the end of the frame from what the notes say. What is not known stays
# a hyphen, which damages the frame.
anji_end() {
  anji_status=-
  anji_bytes=-
  anji_cut=0
  while :; do
    case $anji_notes in
      "$anji_nonce "*"$anji_newline"*)
        anji_note=${anji_notes%%"$anji_newline"*}
        anji_notes=${anji_notes#*"$anji_newline"}
        ;;
      "$anji_nonce "*)
        anji_note=$anji_notes
        anji_notes=
        ;;
      *) break ;;
    esac
    anji_note=${anji_note#* }
    case $anji_note in
      'status '*) anji_status=${anji_note#* } ;;
      'count '*)
        anji_bytes=${anji_note#* }
        anji_cut=${anji_bytes#* }
        anji_bytes=${anji_bytes% *}
        ;;
    esac
  done
  while [ -n "$anji_notes" ]; do
    printf '!%s\n' "${anji_notes%%"$anji_newline"*}"
    case $anji_notes in
      *"$anji_newline"*) anji_notes=${anji_notes#*"$anji_newline"} ;;
      *) anji_notes= ;;
    esac
  done
  anji_took=-
  if [ -n "$anji_began" ] && [ -n "$anji_clock" ]; then
    anji_took=$((anji_clock - anji_began))
  fi
  printf '#anji %s E %s exit=%s bytes=%s truncated=%s timeout=%s ms=%s\n' "$anji_nonce" \
    "$1" "$anji_status" "$anji_bytes" "$anji_cut" "$anji_late" "$anji_took"
}

# anji_refuse ID STATUS: the frame of a capture that is not run here.
anji_refuse() {
  anji_count=$((anji_count + 1))
  printf '#anji %s B %s\n' "$anji_nonce" "$1"
  printf '#anji %s E %s exit=%s bytes=0 truncated=0 timeout=0 ms=0\n' "$anji_nonce" "$1" "$2"
}

# --- The watchdog ------------------------------------------------------------
# One process for the whole run reads events: which capture runs, that its
# function ended, that its frame is closed, and a tick each second. It ends a
# capture that is over its time, ends what a capture left behind, and outlives
# a killed run long enough to clean up after it.

# A tick each second, until told to end; no sleep stays behind.
anji_ticks() {
  trap 'kill "$!" 2>/dev/null; exit 0' TERM
  while :; do
    sleep 1 &
    wait "$!"
    printf 'tick\n'
  done
}

# Prints the processes under $anji_body, and any that bears this run's mark in
# its environment: what a capture started, however it hid. The status file is
# used because, unlike in stat, no process can choose what stands in it.
anji_victims() {
  set -- /proc/[0-9]*
  awk -v mark="ANJI_MARK=$anji_nonce" -v top="$anji_body" '
    BEGIN {
      for (i = 1; i < ARGC; i++) {
        file = ARGV[i] "/status"; pid = ""; dead = 0
        while ((getline line < file) > 0) {
          split(line, word)
          if (word[1] == "State:") dead = word[2] == "Z" || word[2] == "X"
          else if (word[1] == "Pid:") pid = word[2]
          else if (word[1] == "PPid:") { if (pid != "" && !dead) parent[pid] = word[2]; break }
        }
        close(file)
      }
      for (pid in parent) {
        found = 0
        for (up = parent[pid]; up + 0 > 1 && up in parent; up = parent[up]) {
          if (up == top) { found = 1; break }
          if (++steps[pid] > 1000) break
        }
        if (!found) {
          file = "/proc/" pid "/environ"
          while ((getline line < file) > 0) if (index(line, mark)) { found = 1; break }
          close(file)
        }
        # The function itself first, so that it does not go on to its next line.
        if (found && parent[pid] == top) print pid
        else if (found) others = others pid "\n"
      }
      printf "%s", others
    }' "$@" 2>/dev/null
}

# anji_kill SIGNAL: sends it to all of them; fails when there is none.
anji_kill() {
  anji_found=$(anji_victims)
  if [ -z "$anji_found" ]; then return 1; fi
  for anji_victim in $anji_found; do
    kill -s "$1" "$anji_victim" 2>/dev/null
  done
  return 0
}

# Ends everything: first asked, then forced, until none is left.
anji_reap() {
  anji_kill TERM || return 0
  for anji_round in 1 2 3; do
    sleep 1
    anji_kill KILL || return 0
  done
  printf 'processes could not be ended: %s\n' "$(anji_victims | tr '\n' ' ')" >&2
}

# One second has passed.
anji_tick() {
  anji_passed=$((anji_passed + 1))
  case $anji_state in
    running)
      if [ "$anji_passed" -gt "$anji_limit" ]; then
        kill -s USR1 "$anji_run" 2>/dev/null
        anji_state=killing anji_passed=0
        anji_kill TERM
      fi
      ;;
    ended)
      # Something that the function left behind still holds its output.
      if [ "$anji_passed" -gt 1 ]; then
        anji_state=killing anji_passed=0
        anji_kill TERM
      fi
      ;;
    killing)
      anji_kill KILL
      # What cannot be killed (another user's, through sudo) is not waited for.
      if [ "$anji_passed" -gt 2 ]; then
        kill "$anji_tail" 2>/dev/null
        anji_body=$anji_head
        anji_kill TERM
      fi
      ;;
  esac
}

# Reads events until the run is over, or is gone.
anji_watch() {
  trap '' HUP INT TERM USR1
  anji_run= anji_body= anji_head= anji_tail= anji_state=idle anji_passed=0 anji_limit=0
  while read -r anji_event anji_value anji_more; do
    case $anji_event in
      run) anji_run=$anji_value ;;
      ticks) anji_clockwork=$anji_value ;;
      body) anji_body=$anji_value anji_limit=$anji_more anji_state=running anji_passed=0 ;;
      head) anji_head=$anji_value ;;
      tail) anji_tail=$anji_value ;;
      ended) if [ "$anji_state" = running ]; then anji_state=ended anji_passed=0; fi ;;
      closed) anji_state=idle ;;
      tick)
        if ! kill -s 0 "$$" 2>/dev/null || ! kill -s 0 "$anji_run" 2>/dev/null; then
          kill "$anji_run" "$anji_clockwork" 2>/dev/null
          break
        fi
        anji_tick
        ;;
    esac
  done
  anji_reap
}

# --- What this plan asks ---------------------------------------------------

R=''
anji_wants_sudo=1

anji_capture_1() { # os.release.file
  :
cat "$(anji_path /etc/os-release)"
}

anji_capture_2() { # sshd.effective
  :
anji_sudo /usr/sbin/sshd -T
}

anji_captures() {
  :
  anji_capture os.release.file 1048576 20 anji_capture_1
  anji_capture sshd.effective 1048576 30 anji_capture_2
}

# --- The run -----------------------------------------------------------------

# Who, where, and what the tools here can do.
anji_header() {
  anji_uid=$(id -u)
  anji_may_sudo=0
  if [ "$anji_uid" != 0 ] && [ "$anji_wants_sudo" = 1 ] && anji_have sudo; then
    if sudo -n -l >/dev/null 2>&1 </dev/null; then anji_may_sudo=1; fi
  fi
  anji_nul=mapped
  if [ "$(printf 'a\000b' | awk '{ print length($0) }' | tr '\n' ' ')" = '3 ' ]; then
    anji_nul=kept
  fi
  anji_host=
  { read -r anji_host </proc/sys/kernel/hostname; } 2>/dev/null || anji_host=$(uname -n)
  anji_shell=sh
  if [ -n "${BASH_VERSION-}" ]; then anji_shell=bash; fi
  printf '#anji 1 %s begin uid=%s sudo=%s time=%s host=%s shell=%s nul=%s\n' "$anji_nonce" \
    "$anji_uid" "$anji_may_sudo" "$(date +%s)" "$(anji_esc "$anji_host")" "$anji_shell" "$anji_nul"
}

# Less of the processor and of the disk than the hospital's own work.
anji_humble() {
  anji_pid
  if anji_have renice; then renice -n 10 -p "$anji_self"; fi
  if anji_have ionice; then ionice -c 2 -n 7 -p "$anji_self"; fi
} </dev/null >/dev/null 2>&1

anji_run() {
  anji_pid
  printf 'run %s\n' "$anji_self" >&7
  trap 'anji_late=1' USR1
  anji_ticks >&7 3>&- 7>&- &
  anji_clockwork=$!
  printf 'ticks %s\n' "$anji_clockwork" >&7
  anji_count=0
  anji_header
  anji_captures
  printf '#anji %s end captures=%s\n' "$anji_nonce" "$anji_count"
  kill "$anji_clockwork" 2>/dev/null
  wait "$anji_clockwork" 2>/dev/null
}

anji_humble
{
  anji_run 7>&1 >&3 | anji_watch >/dev/null 3>&-
} 3>&1

}

anji_main "$@"
