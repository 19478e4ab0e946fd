#!/bin/bash
# Makes the recordings `package-NAME`: in a root of its own, the real dpkg or rpm installs a
# package of that name (an empty one, made here), and the script of a plan records it.
# Root; needs dpkg, rpm (with rpmbuild), anji.
#
#   testdata/make/packages.sh [FOLDER]      (default: testdata/recordings)
set -eu
cd "$(dirname "$0")/../.."
out=$(realpath "${1:-testdata/recordings}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work

# A root with an empty database of dpkg.
debian_root() {
    rm -rf "$work/root"
    mkdir -p "$work/root/var/lib/dpkg/info" "$work/root/var/lib/dpkg/updates" "$work/root/etc"
    : >"$work/root/var/lib/dpkg/status"
}

# Name: a package without content but one file of settings.
deb() {
    rm -rf "$work/deb"
    mkdir -p "$work/deb/DEBIAN" "$work/deb/etc/$1"
    echo example >"$work/deb/etc/$1/conf"
    echo "/etc/$1/conf" >"$work/deb/DEBIAN/conffiles"
    printf '%s\n' "Package: $1" 'Version: 1.0-1' 'Architecture: all' \
        'Maintainer: Example <example@example.com>' 'Description: an empty package' >"$work/deb/DEBIAN/control"
    dpkg-deb --build --root-owner-group "$work/deb" "$work/$1.deb" >/dev/null
}

dpkg_in_root() {
    dpkg --root="$work/root" --log=/dev/null "$@" >/dev/null 2>&1
}

# A root with an empty database of rpm.
rpm_root() {
    rm -rf "$work/root"
    mkdir -p "$work/root/etc"
    rpm --root "$work/root" --dbpath /var/lib/rpm --initdb
}

# Name: as deb.
rpm_package() {
    printf '%s\n' "Name: $1" 'Version: 1.0' 'Release: 1.el9' 'Summary: an empty package' 'License: none' \
        'Vendor: Example' 'BuildArch: noarch' '%description' 'an empty package' '%files' >"$work/$1.spec"
    rpmbuild --quiet -bb --define "_topdir $work" --define "_rpmdir $work" \
        --define '_build_name_fmt %%{NAME}.rpm' --define '_buildhost build.example' "$work/$1.spec"
}

# Name of the recording: the root as it is now.
record() {
    mkdir -p "$out/package-$1"
    anji plan --content content --root "$work/root" --only LNX-029 --script >"$work/script.sh"
    unshare --uts bash -c 'hostname guest01; sh "$1" recording </dev/null' record "$work/script.sh" |
        sed "s|$work/root|/other-root|g" >"$out/package-$1/bundle.txt"
}

for name in telnetd inetutils-telnetd telnetd-ssl rsh-server rsh-redone-server nis ypserv tftpd tftpd-hpa \
    atftpd xinetd inetutils-inetd openbsd-inetd talkd inetutils-talkd xserver-xorg-core; do
    debian_root
    deb "$name"
    dpkg_in_root -i "$work/$name.deb"
    record "$name"
done

debian_root
dpkg_in_root -i "$work/telnetd.deb"
dpkg_in_root -r telnetd
record telnetd-removed

debian_root
dpkg_in_root --unpack "$work/telnetd.deb"
record telnetd-unpacked

for name in telnet-server tftp-server talk-server xorg-x11-server-Xorg xorg-x11-server bash; do
    rpm_root
    rpm_package "$name"
    rpm --root "$work/root" --dbpath /var/lib/rpm -i --nodeps "$work/$name.rpm" 2>/dev/null
    record "$name"
done
rm -rf "$out/package-rpm-clean"
mv "$out/package-bash" "$out/package-rpm-clean"

debian_root
deb bash
dpkg_in_root -i "$work/bash.deb"
rpm --root "$work/root" --dbpath /var/lib/rpm --initdb
rpm --root "$work/root" --dbpath /var/lib/rpm -i --nodeps "$work/telnet-server.rpm" 2>/dev/null
record both

# As on a host whose rpm was taken away: every folder with an rpm is hidden from the script.
mkdir -p "$work/bin"
for tool in awk cat cut head id ls od readlink sed sh stat tail tr date sleep printf uname grep; do
    ln -sf "$(command -v "$tool")" "$work/bin/$tool"
done
mkdir -p "$out/package-rpm-unread"
anji plan --content content --root "$work/root" --only LNX-029 --script |
    sed "s|^PATH=.*|PATH=$work/bin|" >"$work/script.sh"
unshare --uts bash -c 'hostname guest01; sh "$1" recording </dev/null' record "$work/script.sh" |
    sed "s|$work/root|/other-root|g" >"$out/package-rpm-unread/bundle.txt"
