#!/bin/bash
# Makes the recordings `services-NAME`: roots of Debian 12 with other service managers and
# super-servers, really installed and enabled, read as another root folder. Root; needs mmdebstrap.
#
#   testdata/make/services.sh ROOTS [MIRROR]     ROOTS: a folder for the roots, kept for the next time
set -eu
cd "$(dirname "$0")/../.."
roots=$(realpath "$1") mirror=${2:?the address of a Debian mirror} out=testdata/recordings
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run -q -p anji-collect --example script -- services os.release >"$work/script.sh"

# Name of the root, packages
root() {
    [ -d "$roots/$1" ] || mmdebstrap --quiet --variant=minbase --include="$2" bookworm "$roots/$1" "$mirror"
}
# Name of the recording, name of the root
record() {
    mkdir -p "$out/$1"
    sed "s|^R=.*|R='$roots/$2'|" "$work/script.sh" >"$work/root.sh"
    sh "$work/root.sh" recording </dev/null |
        sed "1s/time=[0-9]* host=[^ ]*/time=1795600000 host=guest01/; s/ ms=[0-9]*$/ ms=-/; s|$roots/$2||g" >"$out/$1/bundle.txt"
}

# A service of systemd, and one that only has a script of SysV init.
root inetd inetutils-inetd,inetutils-telnetd,vsftpd,tftpd-hpa,systemd-sysv
rc() { chroot "$roots/inetd" update-rc.d "$@"; }
chroot "$roots/inetd" systemctl --quiet disable inetutils-inetd tftpd-hpa vsftpd 2>/dev/null || :
rc inetutils-inetd disable; rc tftpd-hpa disable; rc vsftpd disable
rm -f "$roots/inetd/etc/inetd.conf"
chroot "$roots/inetd" systemctl --quiet enable vsftpd
record services-vsftpd inetd
chroot "$roots/inetd" systemctl --quiet disable vsftpd
rc vsftpd disable; rc tftpd-hpa enable
record services-tftpd inetd
rc tftpd-hpa disable; rc inetutils-inetd enable
# telnet on another port than its own, behind a wrapper.
printf '#<off># telnet\tstream\ttcp\tnowait\troot\t/usr/sbin/tcpd\t/usr/sbin/telnetd\n2323\tstream\ttcp\tnowait\troot\t/usr/sbin/tcpd\t/usr/sbin/telnetd\n' >"$roots/inetd/etc/inetd.conf"
record services-inetd inetd
rc inetutils-inetd disable

root xinetd xinetd,telnetd,systemd-sysv
cat >"$roots/xinetd/etc/xinetd.d/telnet" <<'END'
service telnet
{
	disable		= no
	flags		= REUSE
	socket_type	= stream
	wait		= no
	user		= root
	server		= /usr/lib/his/terminal
}
END
record services-xinetd xinetd
sed -i 's/= no$/= yes/' "$roots/xinetd/etc/xinetd.d/telnet"

root sysv sysvinit-core,vsftpd,cron
record services-sysv sysv
root openrc openrc,sysvinit-core,vsftpd
record services-openrc openrc
root runit runit-init,cron
mkdir -p "$roots/runit/etc/sv/telnetd"
printf '#!/bin/sh\nexec telnetd -F\n' >"$roots/runit/etc/sv/telnetd/run"
chmod 755 "$roots/runit/etc/sv/telnetd/run"
ln -sfn /etc/sv/telnetd "$roots/runit/etc/runit/runsvdir/default/telnetd"
record services-runit runit
