//! The capture body: which file systems to walk, and the walk.
//!
//! ```text
//! //S /run/user/1000/doc          a FUSE mount that is left out
//! //R /data\040disk               a walk begins; its mount point as mountinfo has it
//! //f4755 0 0 /usr/bin/su         kind, mode, ids, path (GNU find)
//! //x89ed 0 0 ./bin/su            the same by stat; `.` is the root that was given
//! //E find: '/root': ...          an error of the walk, the first few
//! //G mount not walked: /var      something that the walk does not see
//! //X 0                           the walk's exit status
//! //N 0                           how many errors there were
//! ```
//!
//! No path holds two slashes in a row, so a line without them at its beginning
//! is the next line of the name before.

pub(super) const BODY: &str = r#"anji_walk() {
  set -- "$1" -xdev \( -type f \( -perm -4000 -o -perm -2000 -o -perm -0002 \) \
    -o \( -type b -o -type c \) -perm -0002 -o -type d -perm -0002 ! -perm -1000 \)
  if find / -maxdepth 0 -printf '' >/dev/null 2>&1; then
    find "$@" -printf '//%y%m %U %G %p\n'
  else
    find "$@" -exec stat -c '//x%f %u %g %n' {} +
  fi
}
anji_walk_errors() {
  n=0
  while IFS= read -r l; do
    case $l in *': No such file or directory') continue ;; esac
    n=$((n + 1))
    [ "$n" -gt 400 ] || printf '//E %s\n' "$l"
  done
  printf '//N %s\n' "$n"
}
anji_walk_root() {
  [ -d "$1" ] || printf '//G nothing to walk there\n'
  { e=$({ anji_walk "$1"; printf '//X %s\n' "$?"; } 2>&1 >&3 | anji_walk_errors); } 3>&1
  printf '%s\n' "$e"
}
anji_have find || return 45
find / -maxdepth 0 -printf '' >/dev/null 2>&1 || anji_have stat || return 45
if [ -n "$R" ]; then
  cd "$R/" || return 43
  printf '//R /\n'
  anji_walk_root .
  [ -e usr ] || [ -e bin ] || [ -e etc/passwd ] || [ -e etc/os-release ] ||
    printf '//G not a root file system: empty, or not mounted\n'
  if [ -r /proc/self/mountinfo ]; then
    while IFS=' ' read -r _ _ _ _ m _; do
      case $m in "$R"/*) printf '//G mount not walked: %s\n' "${m#"$R"}" ;; esac
    done < /proc/self/mountinfo
    case $R in *[!A-Za-z0-9/._-]*) printf '//G mounts below this folder cannot be told\n' ;; esac
  else
    printf '//G mounts below this folder cannot be told\n'
  fi
  return 0
fi
if [ ! -r /proc/self/mountinfo ]; then
  printf '//M\n//R /\n'
  anji_walk_root /
  return 0
fi
awk '
  # Whether mount k shows all that mount n shows, at the place p of its own: a
  # later mount on k or above it hides k, and one on the way to p, on p or below
  # p hides something there.
  function shows(k, p,  j, at) {
    for (j = 1; j <= NR; j++) {
      if (j == k || j in gone) continue
      at = mount[j]
      if (j > k && (at == mount[k] || at == "/" || index(mount[k] "/", at "/") == 1)) return 0
      if (at != mount[k] && index(at "/", mount[k] == "/" ? "/" : mount[k] "/") == 1 \
        && (index(p "/", at "/") == 1 || index(at "/", p "/") == 1)) return 0
    }
    return 1
  }
  { for (i = 7; i < NF && $i != "-"; i++); t = $(i + 1); at = $5 }
  at in line { gone[line[at]] }
  { line[at] = NR; type[NR] = t; dev[NR] = $3; root[NR] = $4; mount[NR] = at }
  END {
    for (n = 1; n <= NR; n++) {
      t = type[n]; m = mount[n]
      if (n in gone) continue
      if (m != "/") {
        if (t ~ /^fuse/ && t != "fuseblk") { if (t != "fusectl") print "//S " m; continue }
        if (t ~ /^(proc|sysfs|devpts|cgroup2?|securityfs|debugfs|tracefs|configfs|pstore|bpf|mqueue)$/) continue
        if (t ~ /^(hugetlbfs|autofs|binfmt_misc|efivarfs|rpc_pipefs|nsfs|selinuxfs|smackfs|nfsd|resctrl)$/) continue
        if (t ~ /^(9p|virtiofs)$/) { print "//G not walked: " t " " m; continue }
        if (t ~ /^(nfs|nfs4|cifs|smb3|smbfs|ceph|afs|lustre|gpfs|beegfs|glusterfs|vboxsf|vmhgfs)$/) continue
        if (t == "overlay" && (m ~ /\/(merged|rootfs)$/ || m ~ /\/(docker|containers|containerd|kubelet)\//)) continue
      }
      left[++c] = n
    }
    for (a = 1; a <= c; a++) {
      n = left[a]; ok = 1
      for (b = 1; b <= c && ok; b++) {
        k = left[b]; if (k == n || dev[k] != dev[n]) continue
        r = root[k] == "/" ? "/" : root[k] "/"
        p = mount[k] == "/" ? "" : mount[k]
        if (root[k] == root[n]) {
          if ((mount[k] == "/" || (mount[n] != "/" && k < n)) && shows(k, mount[k])) ok = 0
        } else if (index(root[n], r) == 1) {
          p = p "/" substr(root[n], length(r) + 1)
          if (shows(k, p)) ok = 0
        }
      }
      if (ok) print "//R " mount[n]
    }
  }' /proc/self/mountinfo | while IFS= read -r l; do
  printf '%s\n' "$l"
  case $l in '//S '* | '//G '*) continue ;; esac
  m=${l#//R }
  case $m in
    *\\*)
      m=$(printf '%s' "$m" | sed 's/%/%%/g')
      m=$(printf "$m.")
      m=${m%.} ;;
  esac
  anji_walk_root "$m" </dev/null
done"#;
