#!/bin/bash
# Makes recordings of a Debian root that is really changed, one thing at a time: rules of
# sudo, shells' start files, accounts, logins, banners. Each change is made by the system's
# own programs in a throw-away layer over the root; then the script of the types is run there.
#
#   testdata/make/people.sh DEBIAN_ROOT [NAME...]
#
# DEBIAN_ROOT is a Debian 12 with sudo and sshd, for instance from mmdebstrap; it is not
# changed. Root; needs util-linux and cargo. Without names all are made anew.
set -eu
cd "$(dirname "$0")/../.."
base=$(realpath "$1")
shift
wanted=" $* "
out=$PWD/testdata/recordings
work=$(mktemp -d)
trap 'umount "$work/layer/root" 2>/dev/null || :; umount "$work/layer" 2>/dev/null || :; rm -rf "$work"' EXIT
mkdir "$work/layer"

# record NAME TYPES: standard input is the change, run in the root.
record() {
    change=$(cat)
    case $wanted in '  ') ;; *" $1 "*) ;; *) return 0 ;; esac
    script=$work/script-$(printf %s "$2" | tr ' ' +)
    # shellcheck disable=SC2086
    [ -s "$script" ] || cargo run -q -p anji-collect --example script -- $2 >"$script"
    mount -t tmpfs tmpfs "$work/layer"
    mkdir "$work/layer/up" "$work/layer/work" "$work/layer/root"
    mount -t overlay overlay "$work/layer/root" \
        -o "lowerdir=$base,upperdir=$work/layer/up,workdir=$work/layer/work"
    cp "$script" "$work/layer/root/script.sh"
    mkdir -p "$out/$1"
    printf '%s\n' "$change" >"$work/layer/root/change.sh"
    unshare --mount --uts --pid --fork bash -euc '
        hostname guest01
        mount -t proc proc "$1/proc"
        mount -t devtmpfs dev "$1/dev" 2>/dev/null || mount --bind /dev "$1/dev"
        chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -eu /change.sh
        rm "$1/change.sh"
        exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh /script.sh recording
    ' people "$work/layer/root" </dev/null >"$out/$1/bundle.txt"
    umount "$work/layer/root"
    umount "$work/layer"
    echo "$1"
}

# --- sudo ------------------------------------------------------------------------

# A short policy, with what standard input adds.
sudo_rule() {
    { printf 'cat >/etc/sudoers <<"X"\nDefaults env_reset\nroot ALL=(ALL:ALL) ALL\n'
      cat
      printf '\nX\nrm -f /etc/sudoers.d/* /etc/sudo.conf\n'; } | record "sudo-$1" sudo.rules
}

# Programs that are as good as everything, each alone.
for program in bash sh dash zsh su python3 perl find env vi vim less more \
    awk ed emacs gawk gdb man mawk nano strace view xargs ash busybox csh ksh lua node php ruby tclsh tcsh chmod chown cp crontab dd docker install ln mount mv podman rsync sed tar tee usermod visudo; do
    printf 'helpdesk ALL=(root) NOPASSWD: /usr/bin/%s' "$program" | sudo_rule "as-$program"
done
sudo_rule any-program <<'E'
helpdesk ALL=(root) /usr/sbin/
E
sudo_rule harmless <<'E'
# What looks like everything and is not.
helpdesk ALL=(root) NOPASSWD: /usr/bin/bash /opt/his/restart.sh, NOEXEC: /usr/bin/less, \
    NOEXEC: /usr/bin/vi /etc/hosts
%dba ALL=(postgres) ALL, NOPASSWD: /usr/bin/bash
vendor ALL=(root) !/usr/bin/su, !ALL
late ALL=(ALL) NOPASSWD: ALL
late ALL=(ALL) /usr/bin/id, !ALL
other web01=(ALL) NOPASSWD: ALL
%wheel ALL=(ALL) ALL
%admin ALL=(ALL) ALL
#0 ALL=(ALL:ALL) NOPASSWD: ALL
root ALL=(ALL:ALL) NOPASSWD: ALL
Defaults !authenticate
Defaults authenticate
Defaults!/usr/bin/id !authenticate
Defaults !exempt_group
E
sudo_rule outside-admins <<'E'
%his ALL=(ALL) ALL
E
sudo_rule nopasswd-as-other <<'E'
%dba ALL=(postgres) NOPASSWD: ALL
E
sudo_rule admin-without-password <<'E'
%sudo ALL=(ALL:ALL) NOPASSWD: ALL
E
sudo_rule not-authenticate <<'E'
Defaults !authenticate
Defaults:root authenticate
E
sudo_rule exempt-group <<'E'
Defaults exempt_group=his
E
sudo_rule target-password <<'E'
Defaults targetpw
ALL ALL=(ALL) ALL
E
sudo_rule syntax-error <<'E'
helpdesk ALL=(root NOPASSWD: /usr/bin/id
E

# --- idle limit ------------------------------------------------------------------

tmout() {
    record "tmout-$1" shell.startup
}
for seconds in 0 900 901; do
    echo "echo 'readonly TMOUT=$seconds' >/etc/profile.d/tmout.sh" | tmout "$seconds"
done
tmout writable <<'E'
printf 'TMOUT=600\nexport TMOUT\n' >/etc/profile.d/tmout.sh
E
tmout not-for-root <<'E'
printf '[ "$(id -u)" = 0 ] && return\nreadonly TMOUT=600\nexport TMOUT\n' >/etc/profile.d/tmout.sh
E
tmout declared <<'E'
printf 'if [[ $- == *i* ]]; then\n  declare -xr TMOUT=600\nfi\n' >/etc/profile.d/tmout.sh
E
tmout dash <<'E'
echo 'readonly TMOUT=600' >/etc/profile.d/tmout.sh
useradd -m -s /bin/dash kiosk
E
tmout shell-gone <<'E'
echo 'readonly TMOUT=600' >/etc/profile.d/tmout.sh
useradd -m -s /opt/shell kiosk
E
tmout menu <<'E'
echo 'readonly TMOUT=600' >/etc/profile.d/tmout.sh
printf '#!/bin/sh\n' >/usr/local/bin/menu
chmod 755 /usr/local/bin/menu
useradd -m -s /usr/local/bin/menu kiosk
E

# --- accounts --------------------------------------------------------------------

account() {
    record "account-$1" accounts
}
account 999-shell <<'E'
userdel postgres
useradd -r -u 999 -s /bin/bash svc
E
account 1000-shell <<'E'
userdel postgres
userdel -r opsadm 2>/dev/null
useradd -m -u 1000 -s /bin/bash person
E
account system-password <<'E'
userdel postgres
useradd -r -s /usr/sbin/nologin svc
echo svc:Svc-Pass-01 | chpasswd -c SHA512
E
account system-locked <<'E'
userdel postgres
useradd -r -s /usr/sbin/nologin svc
echo svc:Svc-Pass-01 | chpasswd -c SHA512
usermod -L svc
E

# --- last logins -----------------------------------------------------------------
# The cases name the day of the recording (2026-11-25): they move with it.

login() {
    record "login-$1" "accounts logins.last"
}
login never <<'E'
E
login seen <<'E'
lastlog -S -u opsadm
lastlog -S -u postgres
E
login expired <<'E'
usermod -L -e 1 opsadm
lastlog -S -u opsadm
E
login key-only <<'E'
usermod -p '*' opsadm
lastlog -S -u opsadm
E

# --- banners ---------------------------------------------------------------------

# On a system without sshd.
banner() {
    { echo 'rm -rf /usr/sbin/sshd /etc/ssh'; cat; } | record "banner-$1" "login.banners sshd.effective"
}
notice='Authorised users only. All activity is recorded.'
banner console <<E
echo '$notice' >/etc/issue
E
banner empty <<'E'
echo >/etc/issue
E
banner none <<'E'
rm /etc/issue
E
banner escape <<E
printf '%s\n\\\\r\n' '$notice' >/etc/issue
E
banner folder <<E
echo '$notice' >/etc/issue
mkdir -p /etc/issue.d
echo 'CentOS Linux 7' >/etc/issue.d/10-release.issue
E
banner motd <<E
echo '$notice' >/etc/issue
echo 'Debian 12 of the radiology' >/etc/motd
E
