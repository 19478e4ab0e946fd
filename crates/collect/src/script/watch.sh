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
