//! The capture bodies.

/// Whether the host speaks IPv6, and which interfaces do not lead out of it.
///
/// ```text
/// ip6 on|off             whether an interface other than lo has an address
/// inside br-0123         a bridge to the host's own containers and guests alone
/// ```
pub(super) const KERNEL_BODY: &str = r#"[ -z "$R" ] || return 46
[ -r /proc/net/dev ] || return 45
s=off
if [ -e /proc/net/if_inet6 ]; then
  while read -r a b c d e n; do
    [ "$n" = lo ] || s=on
  done </proc/net/if_inet6 || return 1
fi
printf 'ip6 %s\n' "$s"
for b in /sys/class/net/*/bridge; do
  [ -d "$b" ] || continue
  b=${b%/bridge}
  for p in "$b"/brif/*; do
    n=${p##*/}
    case $n in
      veth* | '*') ;;
      *) [ -e "/sys/class/net/$n/tun_flags" ] || continue 2 ;;
    esac
    [ ! -e "/sys/class/net/$n/device" ] || continue 2
  done
  printf 'inside %s\n' "$(anji_esc "${b##*/}")"
done
return 0"#;

/// A shell function: answers 44 where the kernel has no nf_tables, so that
/// asking for rules would load it.
const NF_TABLES: &str = r#"anji_nf_tables() {
  # Who cannot see the modules cannot say that one is not loaded.
  [ -r /proc/modules ] || return 0
  if grep -q '^nf_tables ' /proc/modules; then return 0; fi
  k=$(uname -r)
  if [ -r "/lib/modules/$k/modules.builtin" ]; then
    grep -q '/nf_tables\.ko' "/lib/modules/$k/modules.builtin" || return 44
  elif [ -r "/boot/config-$k" ]; then
    grep -q '^CONFIG_NF_TABLES=y' "/boot/config-$k" || return 44
  elif grep -q ' do_exit$' /proc/kallsyms 2>/dev/null; then
    grep -q ' nft_do_chain$' /proc/kallsyms || return 44
  fi
  return 0
}"#;

/// Names the tables of nf_tables where there is no `nft`: root may ask the
/// kernel itself. One line for each, the number of its family and its name.
const TABLES_PROGRAM: &str = r#"perl -e '
  socket(S, 16, 3, 12) or exit 1;
  send(S, pack("LSSLLCCn", 20, 2561, 769, 1, 0, 0, 0, 0), 0) or exit 1;
  while (defined recv(S, $b, 65536, 0) and length $b) {
    while (length($b) >= 16) {
      ($l, $t) = unpack("LS", $b);
      exit 1 if $l < 16 or $l > length $b;
      $m = substr($b, 16, $l - 16);
      $b = $l + 3 < length($b) ? substr($b, ($l + 3) & ~3) : "";
      exit 0 if $t == 3;
      exit 1 if $t == 2 or $t != 2560;
      $f = unpack("C", $m);
      for ($o = 4; $o + 4 <= length $m; $o += ($n + 3) & ~3) {
        ($n, $k) = unpack("SS", substr($m, $o));
        exit 1 if $n < 4;
        next if ($k & 16383) != 1;
        $w = substr($m, $o + 4, $n - 5);
        $w =~ s/[^!-~]/?/g;
        print "$f $w\n";
      }
    }
  }
  exit 1;'"#;

/// What `nft` prints, after a line that says `ruleset`; or, after `tables`,
/// the names of the tables alone.
pub(super) fn nft_body() -> String {
    format!(
        r#"[ -z "$R" ] || return 46
{NF_TABLES}
anji_nf_tables || return 44
s=/usr/sbin/nft
[ -x "$s" ] || s=/sbin/nft
[ -x "$s" ] || s=$(command -v nft) || s=
if [ -z "$s" ]; then
  [ "$(id -u)" = 0 ] && anji_have perl || return 45
  printf 'tables\n'
  {TABLES_PROGRAM} || return 45
  return 0
fi
printf 'ruleset\n'
anji_sudo "$s" -s list ruleset"#
    )
}

/// What the tools of iptables print, each line after a blank, and before it:
///
/// ```text
/// @legacy ip4 0|none|denied|tool     exit status, or why there is none
/// @nft ip6 0
/// ```
pub(super) fn iptables_body() -> String {
    format!(
        r#"[ -z "$R" ] || return 46
{NF_TABLES}
anji_fw_save() {{
  for s in "$3" "$4"; do
    for d in /usr/sbin /sbin /usr/bin; do
      [ -x "$d/$s" ] || continue
      e=0
      o=$(anji_sudo "$d/$s" 2>/dev/null) || e=$?
      [ "$e" != 43 ] || e=denied
      # A tool of both names answers for the one that its heading tells.
      case $s:$e:$1:${{o%%\**}} in
        "$3":*) ;;
        *:denied:*) ;;
        *:legacy:*'(nf_tables)'* | *:legacy:) continue ;;
        *:nft:*'(nf_tables)'* | *:nft:) ;;
        *:nft:*) continue ;;
      esac
      printf '@%s %s %s\n' "$1" "$2" "$e"
      # Without the time of the day and the counters.
      [ -z "$o" ] || printf '%s\n' "$o" | sed -e '/^#/d' -e 's/^\(:[^ ]* [^ ]*\) .*/\1/' -e 's/^/ /'
      return 0
    done
  done
  printf '@%s %s tool\n' "$1" "$2"
}}
anji_nf_tables && n=1 || n=0
for f in ip4 ip6; do
  case $f in ip4) p=ip ;; *) p=ip6 ;; esac
  t=/proc/net/${{p}}_tables_names
  if [ ! -e /proc/net/dev ]; then return 45; fi
  if [ ! -e "$t" ] || {{ [ -r "$t" ] && ! read -r l 2>/dev/null <"$t"; }}; then
    printf '@legacy %s none\n' "$f"
  else
    anji_fw_save legacy "$f" "${{p}}tables-legacy-save" "${{p}}tables-save"
  fi
  if [ "$n" = 0 ]; then printf '@nft %s none\n' "$f"; continue; fi
  anji_fw_save nft "$f" "${{p}}tables-nft-save" "${{p}}tables-save"
done
return 0"#
    )
}

/// What begins at boot and may load rules.
///
/// ```text
/// begins nftables.service     a unit, or a service of SysV or OpenRC
/// masked nftables.service
/// mentions /etc/rc.local      a file that is run at boot speaks of rules
/// closed /var/spool/cron/root not to be read
/// ```
pub(super) const BOOT_BODY: &str = r#"anji_fw_begins() {
  for f in "$1"/*; do
    if [ -e "$f" ] || [ -h "$f" ]; then
      f=${f##*/}
      case $f in
        S[0-9][0-9]*) f=${f#S??} ;;
        K[0-9][0-9]*) continue ;;
      esac
      case ${f%.service} in
        nftables | netfilter-persistent | iptables-persistent | iptables | ip6tables | firewalld | ufw | \
        shorewall | shorewall6 | shorewall-lite | ferm | firehol | csf | lfd | apf | ipset | \
        iptables-restore | nftables-restore | arno-iptables-firewall | SuSEfirewall2 | susefirewall2 | \
        rc.firewall | awall | nft-restore | firewall)
          printf 'begins %s\n' "${f%.service}" ;;
      esac
    fi
  done
}
seen=0
for d in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
  d=$(anji_path "$d")
  [ -d "$d" ] || continue
  seen=1
  if [ ! -r "$d" ] || [ ! -x "$d" ]; then printf 'closed %s\n' "$(anji_esc "${d#"$R"}")"; continue; fi
  for w in "$d"/*.wants "$d"/*.requires; do
    [ ! -d "$w" ] || anji_fw_begins "$w"
  done
  for u in nftables netfilter-persistent iptables ip6tables firewalld ufw; do
    [ -h "$d/$u.service" ] || continue
    case $(readlink "$d/$u.service" 2>/dev/null) in /dev/null) printf 'masked %s\n' "$u" ;; esac
  done
done
for d in /etc/rc2.d /etc/rc3.d /etc/rc5.d /etc/rcS.d /etc/rc.d/rc3.d /etc/rc.d/rc5.d \
  /etc/runlevels/boot /etc/runlevels/default /etc/runlevels/sysinit; do
  d=$(anji_path "$d")
  [ ! -d "$d" ] || { seen=1; anji_fw_begins "$d"; }
done
d=$(anji_path /etc)
if [ ! -d "$d" ] || [ ! -x "$d" ] || [ ! -r "$d" ]; then printf 'closed /etc\n'; fi
set --
for f in rc.local rc.d/rc.local network/interfaces network/interfaces.d/* network/if-pre-up.d/* \
  network/if-up.d/* NetworkManager/dispatcher.d/* NetworkManager/dispatcher.d/pre-up.d/* \
  networkd-dispatcher/*/* systemd/system/*.service systemd/system/*/*.conf local.d/*.start \
  init.d/boot.local inittab crontab cron.d/* ; do
  case $f in
    *\**)
      for g in "$d"/$f; do
        # Other names of units are links to the units themselves.
        case $g in */dbus-*.service) continue ;; esac
        [ ! -f "$g" ] || set -- "$@" "$g"
      done ;;
    *) [ ! -f "$d/$f" ] || set -- "$@" "$d/$f" ;;
  esac
done
v=$(anji_path /var/spool/cron)
for f in "$v/root" "$v/crontabs/root"; do
  if [ -f "$f" ]; then set -- "$@" "$f"
  elif [ -d "${f%/*}" ] && [ ! -x "${f%/*}" ]; then printf 'closed %s\n' "$(anji_esc "${f#"$R"}")"; fi
done
n=$#
while [ "$n" -gt 0 ]; do
  f=$1; shift; n=$((n - 1))
  if [ -r "$f" ]; then set -- "$@" "$f"; else printf 'closed %s\n' "$(anji_esc "${f#"$R"}")"; fi
done
# What a unit is ordered after, and what it calls itself, is no command of it.
[ $# -eq 0 ] || awk -v r="$R" '
  FNR == 1 { told = 0 }
  told || /^[ \t]*#/ || /^(After|Before|Wants|Requires|Conflicts|PartOf|BindsTo|Documentation|Description)=/ { next }
  /ip6?tables|ipset|firewall|nftables|^nft[^a-z]|[^a-z]nft[^a-z]/ {
    f = substr(FILENAME, length(r) + 1); gsub(/[^ -~]|\\/, "?", f); print "mentions " f; told = 1
  }' "$@"
printf 'end %s\n' "$seen""#;
