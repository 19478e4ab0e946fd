#!/bin/bash
# Makes the recordings `processes-NAME`: in process ids and a network of their own, real servers of
# Debian 12 run as root or as they are meant to, and the script records them. Root; needs mmdebstrap.
#
#   testdata/make/processes.sh ROOTS [MIRROR]     ROOTS: a folder for the root, kept for the next time
set -eu
cd "$(dirname "$0")/../.."
root=$(realpath "$1")/app mirror=${2:?the address of a Debian mirror} out=testdata/recordings
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run -q -p anji-collect --example script -- processes >"$root.sh"
[ -d "$root" ] || mmdebstrap --quiet --variant=minbase --include=nginx-light,redis-server,apache2-bin \
    bookworm "$root" "$mirror"
cp "$root.sh" "$root/root/script.sh"

# Name of the recording, command that starts a server in the background
record() {
    mkdir -p "$out/processes-$1"
    unshare --pid --fork --net --uts --mount --kill-child bash -c '
        hostname guest01
        mount -t proc proc "$1/proc"
        ip link set lo up
        chroot "$1" /bin/sh -c "$2 >/dev/null 2>&1; sleep 2; sh /root/script.sh recording </dev/null"
    ' processes "$root" "$2" | sed '1s/time=[0-9]*/time=1795600000/; s/ ms=[0-9]*$/ ms=-/' \
        >"$out/processes-$1/bundle.txt"
}

redis='redis-server --daemonize yes --dir /tmp --save ""'
record redis-root "$redis"
record redis "setpriv --reuid redis --regid redis --clear-groups $redis"
record nginx "nginx"
record nginx-root "sed 's/^user .*/user root;/' /etc/nginx/nginx.conf >/etc/nginx/root.conf; nginx -c /etc/nginx/root.conf"
