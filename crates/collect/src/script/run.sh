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
