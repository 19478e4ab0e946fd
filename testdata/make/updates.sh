#!/bin/bash
# Makes the recordings `updates-rpm-NAME`: a root with a database of the real rpm (packages
# are empty ones, made here) and a cache as dnf leaves it, with advisories in the form that
# createrepo writes. Root; needs rpm (with rpmbuild), gzip, anji.
#
#   testdata/make/updates.sh [FOLDER]      (default: testdata/recordings)
set -eu
cd "$(dirname "$0")/../.."
out=$(realpath "${1:-testdata/recordings}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work

# Release of openssl that is installed
rpm_root() {
    rm -rf "$work/root"
    mkdir -p "$work/root/etc"
    rpm --root "$work/root" --dbpath /var/lib/rpm --initdb
    printf '%s\n' 'Name: openssl' 'Epoch: 1' 'Version: 3.0.7' "Release: $1" 'Summary: an empty package' \
        'License: none' 'BuildArch: noarch' '%description' 'an empty package' '%files' >"$work/openssl.spec"
    rpmbuild --quiet -bb --define "_topdir $work" --define "_rpmdir $work" \
        --define '_build_name_fmt %%{NAME}.rpm' --define '_buildhost build.example' "$work/openssl.spec"
    rpm --root "$work/root" --dbpath /var/lib/rpm -i --nodeps "$work/openssl.rpm" 2>/dev/null
}

advisories() {
    cache=$work/root/var/cache/dnf/baseos-0123456789abcdef/repodata
    mkdir -p "$cache"
    cat >"$cache/repomd.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo">
  <revision>1795463624</revision>
  <data type="updateinfo">
    <location href="repodata/0123-updateinfo.xml.gz"/>
    <timestamp>1795463624</timestamp>
  </data>
</repomd>
END
    gzip -9n >"$cache/0123-updateinfo.xml.gz" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<updates>
  <update from="security@example.com" status="final" type="security" version="1">
    <id>EXSA-2026:0001</id>
    <title>Important: openssl security update</title>
    <issued date="2026-10-01 08:00:00"/>
    <severity>Important</severity>
    <pkglist><collection short="baseos"><name>baseos</name>
      <package name="openssl" version="3.0.7" release="25.el9" epoch="1" src="openssl-3.0.7-25.el9.src.rpm" arch="noarch"><filename>openssl-3.0.7-25.el9.noarch.rpm</filename></package>
    </collection></pkglist>
  </update>
  <update from="security@example.com" status="final" type="bugfix" version="1">
    <id>EXBA-2026:0002</id>
    <issued date="2026-01-01 08:00:00"/>
    <pkglist><collection short="baseos"><name>baseos</name>
      <package name="openssl" version="3.0.7" release="26.el9" epoch="1" src="openssl-3.0.7-26.el9.src.rpm" arch="noarch"><filename>openssl-3.0.7-26.el9.noarch.rpm</filename></package>
    </collection></pkglist>
  </update>
</updates>
END
}

record() {
    mkdir -p "$out/updates-rpm-$1"
    anji plan --content content --root "$work/root" --only LNX-035 --script >"$work/script.sh"
    unshare --uts bash -c 'hostname guest01; sh "$1" recording </dev/null' record "$work/script.sh" |
        sed "s|$work/root|/other-root|g" >"$out/updates-rpm-$1/bundle.txt"
}

rpm_root 24.el9
record none
advisories
record pending
rpm_root 25.el9
advisories
record current
