#!/usr/bin/env python3
"""Writes vulnerability data of any size, for measuring an import.

    testdata/make/vulns.py oval 40000 >big.xml        OVAL in the form of Debian's
    testdata/make/vulns.py osv 40000 big.zip          OSV records in a zip archive

Names and versions are invented.
"""
import json
import sys
import zipfile


def oval(count):
    print('<?xml version="1.0" ?>\n<oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5" '
          'xmlns:linux-def="http://oval.mitre.org/XMLSchema/oval-definitions-5#linux" '
          'xmlns:oval="http://oval.mitre.org/XMLSchema/oval-common-5">')
    print("<generator><oval:timestamp>2026-11-24T04:08:15.188-04:00</oval:timestamp></generator>\n<definitions>")
    for n in range(count):
        cve, name = f"CVE-{2000 + n % 27}-{10000 + n}", f"source{n % 3000}"
        print(f'''<definition class="vulnerability" id="oval:org.debian:def:{n}" version="1"><metadata><title>{cve} {name}</title>
<affected family="unix"><platform>Debian GNU/Linux 12</platform><product>{name}</product></affected>
<reference ref_id="{cve}" ref_url="https://security-tracker.debian.org/tracker/{cve}" source="CVE"/>
<description>{"An invented flaw that does harm in many ways. " * 8}</description><debian><date>2026-01-01</date></debian></metadata>
<criteria comment="Release section" operator="AND"><criterion comment="Debian 12 is installed" test_ref="tst:0"/>
<criterion comment="{name} DPKG is earlier than 1.{n}-1" test_ref="tst:{n + 1}"/></criteria></definition>''')
    print("</definitions>\n<tests>")
    for n in range(count):
        print(f'<linux-def:dpkginfo_test check="all" id="tst:{n + 1}" version="1"><linux-def:object object_ref="obj:{n % 3000}"/>'
              f'<linux-def:state state_ref="ste:{n}"/></linux-def:dpkginfo_test>')
    print("</tests>\n<objects>")
    for n in range(min(count, 3000)):
        print(f'<linux-def:dpkginfo_object id="obj:{n}" version="1"><linux-def:name>source{n}</linux-def:name></linux-def:dpkginfo_object>')
    print("</objects>\n<states>")
    for n in range(count):
        print(f'<linux-def:dpkginfo_state id="ste:{n}" version="1"><linux-def:evr datatype="debian_evr_string" operation="less than">'
              f'0:1.{n}-1</linux-def:evr></linux-def:dpkginfo_state>')
    print("</states>\n</oval_definitions>")


def osv(count, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(count):
            record = {
                "schema_version": "1.7.0", "id": f"DEBIAN-CVE-2026-{10000 + n}", "modified": "2026-11-24T00:00:00Z",
                "published": "2026-01-01T00:00:00Z", "upstream": [f"CVE-2026-{10000 + n}"], "details": "invented " * 60,
                "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                "affected": [{"package": {"ecosystem": "Debian:12", "name": f"source{n % 3000}"},
                              "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": f"1.{n}-1"}]}],
                              "versions": ["1.0-1"]}]}
            archive.writestr(f"{record['id']}.json", json.dumps(record))


if __name__ == "__main__":
    if sys.argv[1] == "oval":
        oval(int(sys.argv[2]))
    else:
        osv(int(sys.argv[2]), sys.argv[3])
