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
