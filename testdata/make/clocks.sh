#!/bin/bash
# Makes the recordings `time-NAME`: in namespaces of its own, a real chronyd that leaves
# the clock alone (-x) follows a time server that is wrong by so much, or only its own
# clock. Root; needs unshare, iproute2, python3 and a Debian root folder with chrony.
#
#   testdata/make/clocks.sh ROOT [FOLDER]      (default: testdata/recordings)
set -eu
cd "$(dirname "$0")/../.."
root=$1 out=${2:-testdata/recordings}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run -q -p anji-collect --example script -- time.sync >"$work/script.sh"

cat >"$work/server.py" <<'PY'
# A time server for one host, ahead by so many seconds.
import socket, struct, sys, time
ahead = float(sys.argv[1])
stamp = lambda: int((time.time() + ahead + 2208988800) * 2**32)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 10123))
while True:
    data, who = s.recvfrom(512)
    got = stamp()
    s.sendto(struct.pack("!BBbbII4sQ8sQQ", 0x24, 1, 4, -20, 0, 16, b"GPS\0", got, data[40:48], got, stamp()), who)
PY

record() { # NAME AHEAD CONFIGURATION
    mkdir -p "$out/time-$1"
    printf '%s\n' "$3" >"$work/chrony.conf"
    ROOT=$root WORK=$work AHEAD=$2 unshare --net --pid --mount --uts --fork --mount-proc bash -c '
        hostname guest01
        ip link set lo up
        for d in run tmp etc/chrony var/lib/chrony; do mount -t tmpfs none "$ROOT/$d"; done
        mount -t proc none "$ROOT/proc"
        mkdir "$ROOT/run/chrony"
        cp "$WORK/chrony.conf" "$ROOT/etc/chrony/"
        cp "$WORK/script.sh" "$ROOT/tmp/"
        python3 "$WORK/server.py" "$AHEAD" &
        chroot "$ROOT" /usr/sbin/chronyd -x -F 0 -u root >&2
        sleep 25
        chroot "$ROOT" sh /tmp/script.sh recording </dev/null
    ' | sed -E 's/ ms=[0-9]+$/ ms=-/' >"$out/time-$1/bundle.txt"
}

source='server 127.0.0.1 port 10123 iburst minpoll 0 maxpoll 1'
record half-a-second 0.5 "$source"
record two-seconds 2 "$source"
record own-clock 0 'local stratum 10'
