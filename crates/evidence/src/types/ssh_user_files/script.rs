//! The capture body: what stands in the home folders, without any key.

/// Words are apart by tabs.
///
/// ```text
/// f  41c0  0  0  ssh_folder  root  /root/.ssh    account - for the whole system
/// k  ssh-ed25519  from,no-pty                    a key of the file before, - without options
/// e  yes                                         the private key before: yes, no, unknown
/// cut                                            the file before was not read to its end
/// unread                                         the file before may not be read
/// closed  /home/li                               this folder or file may not be looked at
/// more                                           files or accounts that are not told
/// end
/// ```
///
/// Other regular files of a `.ssh` folder are private keys where they begin as
/// such. An OpenSSH key names its cipher right behind a magic text, so that the
/// first letters of its base64 tell it.
pub(super) const BODY: &str = r#"anji_have stat || return 45
anji_path /etc/passwd >/dev/null
if [ ! -f "$anji_at" ] || [ ! -r "$anji_at" ]; then
  printf 'no passwd file that can be read\n' >&2
  return 1
fi
t=$(printf '\t')
anji_key_name() {
  case $1 in
    *[!0-9A-Za-z/._@+~-]*) s=$(anji_esc "$1") ;;
    *) s=$1 ;;
  esac
}
anji_key_closed() {
  anji_key_name "$1"
  printf 'closed\t%s\n' "$s"
}
head -c 4194304 "$anji_at" | awk -F: '
  /^[-+#]/ || NF < 6 || length($0) > 4096 || $1 == "" || $6 !~ /^\// { next }
  n++ == 500 { print ""; exit }
  { print $1; print $6 }' |
{
  set --
  l=
  c=0
  for p in /etc/hosts.equiv /etc/ssh/shosts.equiv; do
    anji_path "$p" >/dev/null
    if [ -f "$anji_at" ]; then
      k=hosts_equiv
      case $p in */shosts.equiv) k=shosts_equiv ;; esac
      set -- "$@" "$anji_at"
      l="$l$k$t-$t$p
"
    elif [ -d "${anji_at%/*}" ] && [ ! -x "${anji_at%/*}" ]; then
      anji_key_closed "$p"
    fi
  done
  while IFS= read -r u; do
    if [ -z "$u" ]; then printf 'more\n'; break; fi
    IFS= read -r h || break
    while :; do case $h in ?*/) h=${h%/} ;; *) break ;; esac; done
    [ "$h" != / ] || h=
    anji_path "$h/" >/dev/null
    a=$anji_at
    if [ ! -d "$a" ]; then
      while a=${a%/*} && [ -n "$a" ]; do
        if [ -d "$a" ]; then
          [ -x "$a" ] || anji_key_closed "$h"
          break
        fi
      done
      continue
    fi
    if [ ! -x "$a" ]; then anji_key_closed "$h"; continue; fi
    anji_key_name "$u"
    n=$s
    for p in .rhosts .shosts .netrc; do
      anji_path "$h/$p" >/dev/null
      [ -f "$anji_at" ] || continue
      anji_key_name "$h/$p"
      set -- "$@" "$anji_at"
      l="$l${p#.}$t$n$t$s
"
    done
    anji_path "$h/.ssh" >/dev/null
    a=$anji_at
    [ -d "$a" ] || continue
    anji_key_name "$h/.ssh"
    set -- "$@" "$a"
    l="${l}ssh_folder$t$n$t$s
"
    if [ ! -r "$a" ] || [ ! -x "$a" ]; then anji_key_closed "$h/.ssh"; continue; fi
    m=0
    for f in "$a"/*; do
      p=${f##*/}
      case $p in
        authorized_keys | authorized_keys2) k=authorized_keys ;;
        config) k=config ;;
        known_hosts | known_hosts2) k=known_hosts ;;
        *.pub) continue ;;
        id_*) k=private_key ;;
        *) k=other ;;
      esac
      anji_path "$h/.ssh/$p" >/dev/null
      [ -f "$anji_at" ] || continue
      if [ "$k" = other ] || [ "$k" = private_key ]; then
        m=$((m + 1))
        [ "$m" -le 64 ] || { [ "$m" -gt 65 ] || printf 'more\n'; continue; }
      fi
      anji_key_name "$h/.ssh/$p"
      if [ "$k" = other ] && [ ! -r "$anji_at" ]; then printf 'closed\t%s\n' "$s"; continue; fi
      set -- "$@" "$anji_at"
      l="$l$k$t$n$t$s
"
    done
    c=$#
    if [ "$c" -gt 2000 ]; then printf 'more\n'; break; fi
  done
  [ "$#" -gt 0 ] || return 0
  o=$(stat -L -c '%f %u %g %s' "$@" 2>/dev/null)
  awk '
    function options(l,  o, q, i, c, n, w, m) {
      o = ""; q = 0; m = 0; w = ""; n = length(l)
      # Some programs take a while for each letter of a long line.
      if (n > 16384) n = 16384
      for (i = 1; i <= n; i++) {
        c = substr(l, i, 1)
        if (c == "\\" && q && i < n) i++
        else if (c == "\"") q = !q
        else if (!q && (c == "," || c == " " || c == "\t")) {
          if (++m <= 64) o = o (o == "" ? "" : ",") (m < 64 ? name(w) : "?")
          w = ""
          if (c != ",") break
        } else if (!q && length(w) <= 64) w = w c
      }
      rest = substr(l, i)
      sub(/^[ \t]+/, "", rest)
      return o
    }
    function name(w) {
      sub(/=.*/, "", w)
      w = tolower(w)
      return (w ~ /^[a-z][a-z0-9-]*$/ && index(known, " " w " ")) ? w : "?"
    }
    function type(l,  a) {
      split(l, a, /[ \t]+/)
      return a[1] ~ /^(ssh|ecdsa-sha2|sk-ssh|sk-ecdsa-sha2)-[a-z0-9.@-]+$/ && length(a[1]) <= 64 ? a[1] : ""
    }
    function keys(f,  l, o, t, b, got, n) {
      b = 0; n = 0
      while ((got = (getline l < f)) > 0) {
        b += length(l) + 1
        if (b > 1048576 || n >= 2000) break
        sub(/^[ \t]+/, "", l)
        sub(/\r$/, "", l)
        if (l == "" || l ~ /^#/) continue
        n++
        o = "-"
        t = type(l)
        if (t == "") {
          o = options(l)
          t = type(rest)
          if (t == "") { t = "other"; o = "-" }
        }
        print "k\t" t "\t" o
      }
      if (got != 0) print (got < 0 ? "unread" : "cut")
      close(f)
    }
    # Whether the file begins as a private key, and whether it is encrypted.
    function header(f,  l, m, got) {
      l = ""; m = ""
      got = (getline l < f)
      if (got > 0 && l ~ /^(-----BEGIN |---- BEGIN |PuTTY-User-Key-File-)/) getline m < f
      close(f)
      if (got < 0) return "denied"
      if (l ~ /^-----BEGIN ENCRYPTED PRIVATE KEY-----/) return "yes"
      if (l ~ /^-----BEGIN PRIVATE KEY-----/) return "no"
      if (l ~ /^-----BEGIN OPENSSH PRIVATE KEY-----/) {
        if (index(m, "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ") == 1) return "no"
        return index(m, "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1j") == 1 ? "yes" : "unknown"
      }
      if (l ~ /^-----BEGIN (RSA|DSA|EC) PRIVATE KEY-----/) {
        if (m ~ /^Proc-Type:.*ENCRYPTED/) return "yes"
        return m ~ /^[A-Za-z0-9+\/=]+\r?$/ ? "no" : "unknown"
      }
      if (l ~ /^PuTTY-User-Key-File-/) {
        if (m !~ /^Encryption: /) return "unknown"
        return m ~ /^Encryption: none\r?$/ ? "no" : "yes"
      }
      return l ~ /^----+ ?BEGIN .*PRIVATE KEY/ ? "unknown" : ""
    }
    BEGIN {
      known = " agent-forwarding cert-authority command environment expiry-time from no-agent-forwarding no-port-forwarding no-pty no-user-rc no-x11-forwarding permitlisten permitopen port-forwarding principals pty no-touch-required verify-required restrict tunnel user-rc x11-forwarding "
      told = split(ARGV[1], facts, "\n")
      files = split(ARGV[2], names, "\n") - 1
      for (i = 1; i <= files; i++) {
        f = ARGV[i + 2]
        split(names[i], n, "\t")
        fact = told == files ? facts[i] : "- - - -"
        split(fact, field, " ")
        fact = field[1] "\t" field[2] "\t" field[3]
        # Programs of SSH refuse larger key files; what has no size is not waited for.
        small = field[4] ~ /^[0-9]+$/ && field[4] + 0 <= 1048576
        full = small && field[4] + 0 > 0
        e = ""
        if (n[1] == "private_key" || n[1] == "other") {
          if (n[1] == "other" && field[4] == "-") print "more"
          e = full ? header(f) : ""
          if (n[1] == "other") {
            if (e == "denied") print "closed\t" n[3]
            if (e == "" || e == "denied") continue
            n[1] = "private_key"
          }
          if (e == "" || e == "denied") e = "unknown"
        }
        print "f\t" fact "\t" n[1] "\t" n[2] "\t" n[3]
        if (e != "") print "e\t" e
        if (n[1] == "authorized_keys") {
          if (full) keys(f)
          else if (!small) print "cut"
        }
      }
      exit
    }' "$o" "$l" "$@"
} && printf 'end\n'"#;
