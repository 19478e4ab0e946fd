#!/bin/bash
# Makes the recordings `listener-NAME`: in a network of its own, one process really
# listens, and the script of a plan records it. Root; needs busybox, iproute2, anji.
#
#   testdata/make/listeners.sh [FOLDER]      (default: testdata/recordings)
set -eu
cd "$(dirname "$0")/../.."
out=${1:-testdata/recordings}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
anji plan --content content --only LNX-009 --script >"$work/script.sh"

# Name of the recording, name of the process, TCP port
record() {
    cp "$(command -v busybox)" "$work/$2"
    mkdir -p "$out/listener-$1"
    unshare --net --uts bash -c '
        hostname guest01
        ip link set lo up
        (exec -a nc "$1/$2" -l -p "$3" </dev/null >/dev/null 2>&1) &
        sleep 1
        sh "$1/script.sh" recording </dev/null
        kill $! 2>/dev/null || :
    ' listeners "$work" "$2" "$3" >"$out/listener-$1/bundle.txt"
    rm "$work/$2"
}

record port-21 worker 21
record port-23 worker 23
record port-512 worker 512
record port-513 worker 513
record port-514 worker 514
record telnetd in.telnetd 2323
record vsftpd vsftpd 2121
