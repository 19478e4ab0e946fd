#!/bin/bash
# Makes the recordings `pam-weak-NAME` and `sshd-NAME`: the script of evidence types is run
# on small roots in which one service is weak, and in copies of a Debian 12 root in which a
# real sshd was set up for two factors. Root; needs a folder with such a root
# (openssh-server, libpam-google-authenticator, libpam-pwquality installed), and cargo.
#
#   testdata/make/pam.sh ROOT [FOLDER]      (default: testdata/recordings)
set -eu
base=$(realpath "$1")
cd "$(dirname "$0")/../.."
out=${2:-testdata/recordings}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Name of the recording, the script as the command sees it, words before it. Run times are
# left out. The nonce is one of our own while the script runs: it ends the processes that
# bear its nonce, and other recordings may be under way.
record() {
    mkdir -p "$out/$1"
    "${@:3}" sh "$2" "recording$$" </dev/null | sed "s/^\(#anji 1\|#anji\) recording$$ /\1 recording /" |
        sed 's/ host=[^ ]*/ host=guest01/; s/ ms=[0-9]*$/ ms=-/' >"$out/$1/bundle.txt"
    tail -n 1 "$out/$1/bundle.txt" | grep -q '^#anji recording end'
}

cargo run -q -p anji-collect --example script -- pam.services >"$work/pam.sh"
cargo run -q -p anji-collect --example script -- pam.services sshd.effective >"$work/sshd.sh"

# --- Small roots in which one service is weak ---------------------------------

for name in passwd login sshd su other gdm-password lightdm remote cockpit xrdp-sesman vsftpd; do
    root=$work/root
    mkdir -p "$root/etc/pam.d" "$root/etc/security" "$root/usr/lib/x86_64-linux-gnu"
    cp -a "$base/etc/debian_version" "$root/etc/"
    cp -a "$base/usr/lib/x86_64-linux-gnu/security" "$root/usr/lib/x86_64-linux-gnu/"
    cat >"$root/etc/pam.d/common-good" <<'X'
auth required pam_faillock.so preauth
auth [success=2 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail
auth requisite pam_deny.so
auth required pam_faillock.so authsucc
password requisite pam_pwquality.so minlen=10 minclass=3
password required pam_unix.so use_authtok yescrypt
X
    for service in passwd login sshd su; do
        echo '@include common-good' >"$root/etc/pam.d/$service"
    done
    printf 'auth required pam_deny.so\npassword required pam_deny.so\n' >"$root/etc/pam.d/other"
    printf 'auth required pam_unix.so\npassword required pam_unix.so yescrypt\n' >"$root/etc/pam.d/$name"
    sed "s|^R=.*|R='$root'|" "$work/pam.sh" >"$work/script.sh"
    record "pam-weak-$name" "$work/script.sh"
    rm -r "$root"
done

# --- A real sshd with two factors ----------------------------------------------

# Name, lines of sshd's configuration, a line behind the password's rules
sshd() {
    root=$work/root
    cp -a "$base" "$root"
    rm -f "$root"/etc/ssh/sshd_config.d/*
    printf '%b\n' "$2" >"$root/etc/ssh/sshd_config.d/10-factors.conf"
    if [ -n "$3" ]; then sed -i "/^@include common-auth/a $3" "$root/etc/pam.d/sshd"; fi
    printf 'guest01\n' >"$root/etc/hostname"
    sleep 2
    cp "$work/sshd.sh" "$root/script.sh"
    record "sshd-$1" /script.sh unshare --net --uts --pid --fork --kill-child --mount bash -c '
        set -e
        hostname guest01
        ip link set lo up
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        mkdir -p "$1/run/sshd"
        chroot "$1" /usr/sbin/sshd
        sleep 1
        chroot "$1" env -i LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin "${@:2}"
    ' sshd "$root"
    rm -r "$root"
}

typed='UsePAM yes\nKbdInteractiveAuthentication yes\nPasswordAuthentication no\nPermitRootLogin no'
code='auth required pam_google_authenticator.so'
sshd password-and-code "$typed\nPubkeyAuthentication no" "$code"
sshd code-nullok "$typed\nPubkeyAuthentication no" "$code nullok"
sshd key-and-password "$typed\nAuthenticationMethods publickey,keyboard-interactive" ''
