#!/bin/bash
# Makes the recordings `net-*`, `temp-*`, `core-*` and `access-none`: in namespaces of
# their own, on top of a root folder that stays as it is, the kernel's network settings,
# mounts and files are really changed, and the script of the evidence types records them.
# Root; needs overlayfs, iproute2, and a root folder of Debian 12 with systemd (the
# default guest's). The kernel's other settings are those of the machine: for the
# recordings to be what they say, fs.suid_dumpable is 0 and kernel.core_pattern `core`.
#
#   testdata/make/kernel.sh ROOT [FOLDER]      (default: testdata/recordings)
set -eu
root=$(realpath "$1")
cd "$(dirname "$0")/../.."
out=$(realpath "${2:-testdata/recordings}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Name of the recording, evidence types, commands that change the system
record() {
    name=$1 types=$2 change=$3
    # shellcheck disable=SC2086
    cargo run -q -p anji-collect --example script -- $types >"$work/script.sh"
    mkdir -p "$out/$name"
    printf 'set -eu\n%s\n' "$change" >"$work/change.sh"
    unshare --mount --net --pid --fork --uts bash -c '
        set -eu
        work=$1 root=$2
        hostname guest01
        mount -t tmpfs work "$work/fs"
        mkdir "$work/fs/up" "$work/fs/work" "$work/fs/root"
        mount -t overlay -o "lowerdir=$root,upperdir=$work/fs/up,workdir=$work/fs/work" overlay "$work/fs/root"
        cp "$work/script.sh" "$work/change.sh" "$work/fs/root/root/"
        cd "$work/fs/root"
        mount -t proc proc proc
        mount -t sysfs sys sys
        mount -t securityfs security sys/kernel/security
        mount -t tmpfs -o nosuid,mode=755 dev dev
        mknod -m 666 dev/null c 1 3
        mkdir dev/shm
        mount -t tmpfs -o nosuid,nodev,noexec shm dev/shm
        mount -t tmpfs -o nosuid,nodev,noexec tmp tmp
        mount --bind tmp var/tmp
        ip link set lo up
        ip link add eth0 type veth peer name peer0
        printf "* hard core 0\n" >etc/security/limits.d/10-core.conf
        s=/proc/sys/net/ipv4
        for f in all default eth0 peer0; do
            echo 0 >$s/conf/$f/accept_redirects
            echo 0 >$s/conf/$f/accept_source_route
        done
        exec env -i LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root chroot . /bin/sh -c \
            ". /root/change.sh; rm /root/change.sh; mv /root/script.sh /run; exec sh /run/script.sh recording </dev/null"
    ' kernel "$work" "$root" >"$out/$name/bundle.txt"
}
mkdir "$work/fs"

four='s=/proc/sys/net/ipv4'
conf='c=/etc/sysctl.d/90-site.conf'
record net-good sysctl ''
record net-forward sysctl "$four; echo 1 >\$s/ip_forward; echo 0 >\$s/conf/all/accept_redirects"
record net-forward-one sysctl "$four; echo 1 >\$s/conf/eth0/forwarding"
record net-forward-nowhere sysctl "$four; echo 1 >\$s/ip_forward; for f in default eth0 peer0; do echo 0 >\$s/conf/\$f/forwarding; done"
record net-router sysctl "$four; echo 1 >\$s/ip_forward; echo 0 >\$s/conf/all/accept_redirects; echo 1 >\$s/conf/eth0/accept_redirects"
record net-redirects-one sysctl "$four; echo 1 >\$s/conf/eth0/accept_redirects"
record net-redirects-default sysctl "$four; echo 1 >\$s/conf/default/accept_redirects"
record net-source-route sysctl "$four; echo 1 >\$s/conf/all/accept_source_route; echo 1 >\$s/conf/eth0/accept_source_route"
record net-source-route-one sysctl "$four; echo 1 >\$s/conf/eth0/accept_source_route"
record net-cookies-off sysctl "$four; echo 0 >\$s/tcp_syncookies"
record net-cookies-always sysctl "$four; echo 2 >\$s/tcp_syncookies"
record net-next-forward sysctl "$conf; echo 'net.ipv4.conf.all.forwarding = 1' >\$c"
record net-next-forward-one sysctl "$conf; echo 'net.ipv4.conf.eth0.forwarding = 1' >\$c"
record net-next-forward-nowhere sysctl "$conf; printf 'net.ipv4.conf.%s.forwarding = 0\n' default eth0 peer0 >\$c; echo 'net.ipv4.ip_forward = 1' >>\$c"
record net-now-forward-one sysctl "$four; $conf; echo 1 >\$s/conf/eth0/forwarding; echo 'net.ipv4.conf.eth0.forwarding = 0' >\$c"
record net-next-redirects sysctl "$conf; echo 'net/ipv4/conf/*/accept_redirects = 1' >\$c"
record net-next-source-route sysctl "$conf; printf -- '-net.ipv4.conf.%s.accept_source_route=1\n' all eth0 >\$c"
record net-next-cookies sysctl "$conf; echo 'net.ipv4.tcp_syncookies = 0' >\$c"
record net-next-same sysctl "$conf; printf 'net.ipv4.tcp_syncookies = 2\nnet.ipv4.ip_forward = 00\nnet.ipv4.conf.*.accept_redirects = 0\n' >\$c; sed 's/2/1/' \$c >/usr/lib/sysctl.d/90-site.conf"
record net-now-redirects sysctl "$four; $conf; echo 1 >\$s/conf/eth0/accept_redirects; echo 'net.ipv4.conf.eth0.accept_redirects = 0' >\$c"
record net-now-source-route sysctl "$four; $conf; echo 1 >\$s/conf/all/accept_source_route; echo 1 >\$s/conf/eth0/accept_source_route; echo 'net.ipv4.conf.all.accept_source_route = 0' >\$c"
record net-router-takes-redirects sysctl "$four; echo 1 >\$s/ip_forward; echo 1 >\$s/conf/all/accept_redirects; echo 1 >\$s/conf/eth0/accept_redirects"
record net-six sysctl 'for f in all default eth0 peer0; do echo 0 >/proc/sys/net/ipv6/conf/$f/accept_redirects; done'

record net-next-default sysctl "$conf; echo 'net.ipv4.conf.default.accept_redirects = 1' >\$c"

# What systemd's own program makes of files that shadow, override and exclude each other.
record sysctl-applied sysctl '
mkdir -p /run/sysctl.d /usr/local/lib/sysctl.d
ip link add name eth0.100 type veth peer name peer1
printf "%s\n" "net.ipv4.conf.eth0.rp_filter = 1" "net.ipv4.conf.*.rp_filter = 2" \
    "-net.ipv4.conf.peer0.send_redirects" "net.ipv4.conf.peer*.send_redirects = 0" \
    "net.ipv4.conf.e*.log_martians=1" "net/ipv4/conf/eth0.100/send_redirects = 0" \
    "net.ipv4.conf.eth0/100.proxy_arp=1" "; comment" "# net.ipv4.tcp_rfc1337=1" "junk line" \
    "  net.ipv4.tcp_syncookies  =   0x2" "-net.ipv4.no_such_key = 5" \
    "net.ipv4.conf.*.secure_redirects=0" >/etc/sysctl.d/10-a.conf
printf "%s\n" "net.ipv4.conf.et?0.log_martians=0" "net.ipv4.conf.[lp]*.secure_redirects = 1" \
    "net.ipv4.icmp_echo_ignore_all=1" "net.ipv4.tcp_timestamps = 010" >/etc/sysctl.d/20-b.conf
echo "net.ipv4.icmp_echo_ignore_all=0" >/usr/lib/sysctl.d/20-b.conf
echo "net.ipv4.tcp_sack=0" >/usr/lib/sysctl.d/30-m.conf
ln -s /dev/null /etc/sysctl.d/30-m.conf
echo "net.ipv4.tcp_sack=0" >/run/sysctl.d/.hidden.conf
echo "net.ipv4.conf.all.send_redirects=0" >/usr/local/lib/sysctl.d/15-c.conf
echo "net.ipv4.conf.all.send_redirects=1" >/etc/sysctl.d/15-c.conf.bak
echo "net.ipv4.tcp_timestamps = 2" >/etc/sysctl.d/99z.conf
echo "net.ipv4.icmp_echo_ignore_broadcasts = 0" >>/etc/sysctl.conf
/usr/lib/systemd/systemd-sysctl 2>/dev/null || true'

types='core.dumps mounts sysctl'
record temp-good "$types" ''
record temp-exec "$types" 'mount -o remount,nosuid,nodev,exec /tmp'
record temp-suid "$types" 'mount -o remount,bind,suid,nodev,noexec /var/tmp'
record temp-dev "$types" 'mount -o remount,bind,nosuid,dev,noexec /dev/shm'
record temp-root "$types" 'umount /var/tmp; rmdir /var/tmp; mkdir /var/tmp'
record temp-link "$types" 'umount /var/tmp; rmdir /var/tmp; ln -s ../tmp /var/tmp'
record temp-none "$types" 'umount /dev/shm; rmdir /dev/shm'
record temp-next-exec "$types" "echo 'tmpfs /tmp tmpfs nosuid,nodev 0 0' >>/etc/fstab"
record temp-next-suid "$types" "echo 'tmpfs /dev/shm tmpfs nodev,noexec 0 0' >>/etc/fstab"
record temp-next-dev "$types" "printf '[Mount]\nWhat=tmpfs\nWhere=/tmp\nOptions=mode=1777,nosuid,noexec\n' >/etc/systemd/system/tmp.mount; mkdir -p /etc/systemd/system/local-fs.target.wants; ln -s ../tmp.mount /etc/systemd/system/local-fs.target.wants/tmp.mount"
record temp-next-good "$types" "printf 'tmpfs /tmp tmpfs nosuid,nodev,noexec,size=1G 0 0\n/tmp /var/tmp none bind 0 0\n' >>/etc/fstab"
record core-soft-only "$types" "echo '* soft core 0' >/etc/security/limits.d/10-core.conf"
record core-one-account "$types" "echo 'hisadm - core unlimited' >/etc/security/limits.d/20-his.conf"
record core-one-account-soft "$types" "echo 'hisadm soft core 0' >/etc/security/limits.d/20-his.conf"
record core-group-only "$types" "echo '@users hard core 0' >/etc/security/limits.d/10-core.conf"
record core-services "$types" "mkdir -p /etc/systemd/system.conf.d; printf '[Manager]\nDefaultLimitCORE=infinity\n' >/etc/systemd/system.conf.d/core.conf"
record core-able "$types" '(ulimit -S -c unlimited; exec sleep 60) &'
record core-next-pattern "$types" "echo 'kernel.core_pattern = |/usr/lib/systemd/systemd-coredump %P' >/etc/sysctl.d/90-site.conf"
record core-next-same "$types" "printf 'kernel.core_pattern = core\nkernel.panic = 30\n' >/etc/sysctl.d/90-site.conf"
record core-next-suid "$types" "echo 'fs.suid_dumpable = 2' >/etc/sysctl.d/90-site.conf"
record access-none access.control ''
