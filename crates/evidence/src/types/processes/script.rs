//! The capture body.
//!
//! ```text
//! hidden                    other accounts' processes cannot be seen
//! p 0 0 1 root              a process: real and effective uid, depth of its
//!                           process id namespaces, account (`-` for none)
//! n sshd                    its name, as the kernel escapes it
//! e /usr/sbin/sshd          its program; without path where it may not be seen
//! c /system.slice/ssh.service
//! h org.example.Main        what an interpreter runs
//! end
//! ```
//!
//! A path of a program may hold a newline and so look like the line of another
//! process: a process with two programs has one that is not known.

pub(super) const BODY: &str = r#"[ -z "$R" ] || return 46
[ -r /proc/self/status ] || return 45
[ -r /proc/1/status ] || printf 'hidden\n'
{
  for d in /proc/[0-9]*; do
    c=
    { IFS= read -r c < "$d/comm"; } 2>/dev/null || continue
    case $c in
      java | python* | node | nodejs | perl* | ruby* | php* | mono | dotnet)
        printf '@%s\n' "${d#/proc/}"
        { tr '\000\n' '\n ' < "$d/cmdline" | head -c 65536; } 2>/dev/null
        printf '\n@\n' ;;
    esac
  done
  printf '@@\n'
  ls -ln /proc/[0-9]*/exe 2>/dev/null
} | awk -v own="$$" '
  function base(p) { sub(/.*\//, "", p); return p }
  # Only what has the form of a name, so that no secret is taken for one.
  function name(w) { return length(w) <= 100 && w ~ /^[A-Za-z0-9_$][A-Za-z0-9._$-]*$/ ? w : "" }
  function java(n, i, w) {
    for (i = 2; i <= n; i++) {
      w = a[i]
      if (w == "-jar") return a[i + 1] ~ /[.][jw]ar$/ ? name(base(a[i + 1])) : ""
      if (w ~ /^(-cp|-classpath|--class-path|-p|--module-path|--add-modules|--add-opens|--add-exports|--add-reads|--upgrade-module-path|--patch-module|--limit-modules|--source)$/) { i++; continue }
      if (w == "-m" || w == "--module") { sub(/\/.*/, "", a[i + 1]); return name(a[i + 1]) }
      if (w ~ /^[-@]/) continue
      gsub(/\//, ".", w)
      return w ~ /[.]/ ? name(w) : ""
    }
    return ""
  }
  function script(n, i, w) {
    for (i = 2; i <= n; i++) {
      w = a[i]
      if (w ~ /^-(W|X|Q|I|S|r|M|d)$/ || w ~ /^--(require|import|loader|check-hash-based-pycs)$/) { i++; continue }
      if (w == "-m") return name(a[i + 1])
      if (w ~ /^-[A-Za-z]*[cepER]/ && w !~ /^--/) return ""
      if (w ~ /^--(eval|print|run)/) return ""
      if (w ~ /^-/) continue
      if (w ~ /^\// || w ~ /[.](py|pyc|js|mjs|cjs|pl|rb|php|dll|exe|phar)$/) return name(base(w))
      return ""
    }
    return ""
  }
  function status(f, l, w) {
    st = ""; up = ""; ru = ""; eu = ""; nm = ""; vm = 0; ns = 1
    if ((getline l < f) <= 0) { close(f); return 0 }
    do {
      if (l ~ /^Name:/) nm = substr(l, 7)
      else if (l ~ /^State:/) { split(l, w); st = w[2] }
      else if (l ~ /^PPid:/) { split(l, w); up = w[2] }
      else if (l ~ /^Uid:/) { split(l, w); ru = w[2]; eu = w[3] }
      else if (l ~ /^NSpid:/) ns = split(l, w) - 1
      else if (l ~ /^VmSize:/) { vm = 1; break }
    } while ((getline l < f) > 0)
    close(f)
    return ru != ""
  }
  function group(f, l, c) {
    c = ""
    while ((getline l < f) > 0) {
      if (l ~ /^0::/ && c == "") c = substr(l, 4)
      else if (l ~ /:name=systemd:/) { sub(/^[0-9]+:name=systemd:/, "", l); c = l }
      else if (c == "" && l ~ /:(pids|memory|devices):\/./) { sub(/^[0-9]+:[^:]*:/, "", l); c = l }
    }
    close(f)
    return c
  }
  BEGIN {
    # The arguments are processes; what is read is standard input.
    for (i = 1; i < ARGC; i++) { met[i] = ARGV[i]; sub(/.*\//, "", met[i]) }
    last = ARGC - 1; ARGC = 1
    while ((getline l < "/etc/passwd") > 0 && ++rows < 20000)
      if (split(l, w, ":") > 2 && w[3] ~ /^[0-9]+$/ && !(w[3] in user)) user[w[3]] = w[1]
    listing = 0; pid = ""
    while ((getline l) > 0) {
      if (!listing) {
        if (l == "@@") listing = 1
        else if (l == "@") {
          b = base(a[1])
          hint[pid] = b ~ /^java/ ? java(n) : script(n)
          pid = ""
        } else if (pid == "" && l ~ /^@[0-9]+$/) { pid = substr(l, 2); n = 0; split("", a) }
        else if (n < 2000) a[++n] = l
        continue
      }
      if (!match(l, /^l[^ ]* .*\/proc\/[0-9]+\/exe -> /)) continue
      h = substr(l, 1, RLENGTH); t = substr(l, RLENGTH + 1)
      # The first arrow ends the name of the link.
      if ((i = index(l, "/exe -> ")) + 7 < RLENGTH) { h = substr(l, 1, i + 7); t = substr(l, i + 8) }
      sub(/\/exe -> $/, "", h); sub(/.*\/proc\//, "", h)
      if (h in once) t = ""
      once[h] = 1; exe[h] = t
    }
    for (i = 1; i <= last; i++) {
      p = met[i]
      if (!status("/proc/" p "/status")) continue
      parent[p] = up; named[p] = nm
      if (st == "Z" || st == "X" || !vm) continue
      uid[p] = ru; euid[p] = eu; depth[p] = ns; all[++count] = p
    }
    # The collection itself, and the shells and sudo that it was started through.
    for (p = own; p in parent && p + 0 > 1; p = parent[p]) {
      if (p != own && named[p] ~ /^(sshd|login|systemd|cron|init|tmux|screen)/) break
      mine[p] = 1
      if (++steps > 100) break
    }
    for (i = 1; i <= count; i++) {
      p = all[i]; steps = 0
      for (up = p; up in parent && up + 0 > 1 && up != own; up = parent[up]) if (++steps > 1000) break
      if (up == own || p in mine) continue
      # Begun after the listing, or ended since: the one is asked again, the other left out.
      if (!(p in exe) && asked++ < 30) {
        ask = "ls -ln /proc/" p "/exe 2>/dev/null"
        if ((ask | getline l) > 0 && (i = index(l, "/exe -> "))) exe[p] = substr(l, i + 8)
        close(ask)
        if (!(p in exe) && !status("/proc/" p "/status")) continue
      }
      u = euid[p] in user ? user[euid[p]] : "-"
      if (u == "" || u ~ /[ \t]/) u = "-"
      print "p " uid[p] " " euid[p] " " depth[p] " " u
      print "n " named[p]
      print "e " (p in exe ? exe[p] : "")
      print "c " group("/proc/" p "/cgroup")
      if (hint[p] != "") print "h " hint[p]
    }
    print "end"
  }' /proc/[0-9]*"#;
