//! The capture bodies.

/// Which daemons run, and their own word.
///
/// ```text
/// process chronyd      a time daemon
/// hidden               processes cannot be seen
/// ask tracking         what a tool answers follows, each line behind a blank
///  0A000202,10.0.2.2,...
/// exit 0               its exit status
/// seen                 all processes were looked at
/// ```
pub(super) const STATE_BODY: &str = r#"[ -z "$R" ] || return 46
anji_answer() {
  [ -z "$o" ] || printf '%s\n' "$o" | sed 's/^/ /'
  printf 'exit %s\n' "$e"
}
[ -r /proc/self/comm ] || return 45
[ -r /proc/1/comm ] || printf 'hidden\n'
q=
for d in /proc/[0-9]*; do
  c=
  { IFS= read -r c < "$d/comm"; } 2>/dev/null
  case $c in
    chronyd | ntpd | ntp-daemon | ntpd-rs | systemd-timesyn | ptp4l | phc2sys | timemaster) ;;
    *) continue ;;
  esac
  case " $q " in *" $c "*) continue ;; esac
  q="$q $c"
  printf 'process %s\n' "$c"
done
printf 'seen\n'
for c in $q; do
  e=0
  case $c in
    chronyd)
      anji_have chronyc || continue
      for r in tracking sources; do
        printf 'ask %s\n' "$r"
        e=0
        o=$(chronyc -n -c "$r" 2>&1) || o=$(anji_sudo /usr/bin/chronyc -n -c "$r" 2>&1) || e=$?
        anji_answer
      done ;;
    ntpd)
      if anji_have ntpq; then
        printf 'ask ntpq\n'
        o=$(ntpq -n -c rv 2>&1) || e=$?
        anji_answer
      elif anji_have ntpctl; then
        printf 'ask ntpctl\n'
        o=$(ntpctl -s status 2>&1) || e=$?
        anji_answer
      elif anji_have adjtimex; then
        printf 'ask adjtimex\n'
        o=$(adjtimex 2>&1) || e=$?
        anji_answer
      fi ;;
    systemd-timesyn)
      anji_have timedatectl || continue
      printf 'ask timesync\n'
      o=$(timedatectl timesync-status --no-pager 2>&1) || e=$?
      anji_answer ;;
  esac
done
return 0"#;

/// What names the time zone.
///
/// ```text
/// link /usr/share/zoneinfo/Asia/Shanghai    where /etc/localtime leads
/// file                                      /etc/localtime is no link
/// name Asia/Shanghai                        what /etc/timezone says
/// none                                      there is neither
/// ```
pub(super) const ZONE_BODY: &str = r#"z=none
if [ -h "$R/etc/localtime" ]; then
  z=
  if anji_have readlink; then
    printf 'link %s\n' "$(anji_esc "$(readlink "$R/etc/localtime")")"
  else
    o=$(ls -ld "$R/etc/localtime")
    printf 'link %s\n' "$(anji_esc "${o#*' -> '}")"
  fi
elif [ -e "$R/etc/localtime" ]; then
  z=
  printf 'file\n'
fi
anji_path /etc/timezone >/dev/null
n=
if [ -f "$anji_at" ] && [ -r "$anji_at" ]; then IFS= read -r n < "$anji_at"; fi
if [ -n "$n" ]; then printf 'name %s\n' "$(anji_esc "$n")"; z=; fi
[ -z "$z" ] || printf 'none\n'
return 0"#;
