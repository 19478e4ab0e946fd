#!/bin/bash
# Makes the recordings `tools-NAME`: a root of Debian 12 with ClamAV, AIDE, rkhunter and chkrootkit,
# in process ids of its own. AIDE's database and report are real; clamd runs with one signature of
# our own, as the vendor's database cannot be had here. Root; needs mmdebstrap.
#
#   testdata/make/tools.sh ROOTS [MIRROR]     ROOTS: a folder for the root, kept for the next time
set -eu
cd "$(dirname "$0")/../.."
root=$(realpath "$1")/tools mirror=${2:?the address of a Debian mirror} out=testdata/recordings
cargo run -q -p anji-collect --example script -- security.tools processes >"$root.sh"
[ -d "$root" ] || mmdebstrap --quiet --variant=minbase bookworm "$root" "$mirror" \
    --include=aide,aide-common,clamav,clamav-daemon,clamav-freshclam,rkhunter,chkrootkit,cron,systemd-sysv
cp "$root.sh" "$root/root/script.sh"

# Name of the recording, command that runs before it
record() {
    mkdir -p "$out/tools-$1"
    unshare --pid --fork --net --uts --mount --kill-child bash -c '
        hostname guest01
        mount -t proc proc "$1/proc"
        chroot "$1" /bin/sh -c "$2 >/dev/null 2>&1; sh /root/script.sh recording </dev/null"
    ' tools "$root" "$2" | sed '1s/time=[0-9]*/time=1795600000/; s/ ms=[0-9]*$/ ms=-/' \
        >"$out/tools-$1/bundle.txt"
}

rm -rf "$root"/var/lib/aide/* "$root"/var/log/aide/* "$root"/var/lib/clamav/*
record idle :

printf 'Our.Test:0:*:414e4a492d544553542d5349474e4154555245\n' >"$root/var/lib/clamav/own.ndb"
mkdir -p "$root/run/clamav" && chroot "$root" chown clamav /run/clamav /var/lib/clamav/own.ndb
cat >"$root/root/aide.conf" <<'END'
database_in=file:/var/lib/aide/aide.db
database_out=file:/var/lib/aide/aide.db.new
/etc p+u+g+sha256
END
chroot "$root" aide --config /root/aide.conf --init >/dev/null
mv "$root/var/lib/aide/aide.db.new" "$root/var/lib/aide/aide.db"
chroot "$root" aide --config /root/aide.conf --check >"$root/var/log/aide/aide.log" || :
record running 'clamd; n=0; until [ -e /run/clamav/clamd.ctl ] || [ $n = 60 ]; do sleep 1; n=$((n + 1)); done'
# The same as another root folder.
mkdir -p "$out/tools-folder"
sed "s|^R=.*|R='$root'|" "$root.sh" >"$root.folder.sh"
sh "$root.folder.sh" recording </dev/null |
    sed "1s/time=[0-9]* host=[^ ]*/time=1795600000 host=guest01/; s/ ms=[0-9]*$/ ms=-/" >"$out/tools-folder/bundle.txt"
# The same a fortnight later, as far as the database and the report know.
touch -d '2026-11-10 12:00 UTC' "$root/var/lib/aide/aide.db" "$root/var/log/aide/aide.log"
record stale :
