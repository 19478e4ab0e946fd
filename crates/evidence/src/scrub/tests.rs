//! What goes, what stays, and that twice is once.

use super::*;
use crate::frame::read_bundle;
use proptest::prelude::*;

fn header(host: &str) -> Header {
    Header { uid: 0, sudo: false, time: 0, host: host.to_owned(), shell: "dash".to_owned() }
}

fn frame(id: &str, data: &str) -> Frame {
    Frame { data: data.as_bytes().to_vec(), exit: Some(0), ..Frame::empty(id) }
}

const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
    _apt:x:100:106::/nonexistent:/usr/sbin/nologin\n\
    postgres:x:102:110:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n\
    zhang.wei:x:1000:1000:张伟,影像科,6543:/home/zhang.wei:/bin/bash\n\
    lisi:x:1001:1001:Li Si:/home/lisi:/bin/bash\n\
    admin:x:1002:1002:Wang Wu:/home/admin:/bin/bash\n\
    nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n";

/// A text of one frame beside the accounts, scrubbed.
fn text(data: &str) -> String {
    let frames = [frame("accounts.passwd", PASSWD), frame("x.files", data)];
    let once = scrub(&header("pacs01.ward.hospital.cn"), &frames);
    let twice = scrub(&once.header, &once.frames);
    assert_eq!((&twice.header, &twice.frames), (&once.header, &once.frames));
    String::from_utf8(once.frames[1].data.clone()).unwrap()
}

#[test]
fn people_go_and_system_accounts_stay() {
    let frames =
        [frame("accounts.passwd", PASSWD), frame("accounts.group", "dba:x:9:lisi,ldap1\n")];
    let scrubbed = scrub(&header("pacs01"), &frames);
    let passwd = String::from_utf8(scrubbed.frames[0].data.clone()).unwrap();
    let expected = "root:x:0:0:root:/root:/bin/bash\n\
        _apt:x:100:106::/nonexistent:/usr/sbin/nologin\n\
        postgres:x:102:110:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n\
        person01:x:1000:1000:Person 01:/home/person01:/bin/bash\n\
        person02:x:1001:1001:Person 02:/home/person02:/bin/bash\n\
        admin:x:1002:1002:Person 03:/home/admin:/bin/bash\n\
        nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n";
    assert_eq!(passwd, expected);
    assert_eq!(scrubbed.frames[1].data, b"dba:x:9:person02,person04\n");
    assert_eq!(scrubbed.header.host, "host01");
    assert_eq!(scrubbed.counts()[&Personal::Account], (3, 6));
}

#[test]
fn a_name_is_replaced_wherever_it_stands_as_a_word() {
    for (before, after) in [
        (
            "/home/lisi/.ssh lisi-backup.sh LISI xlisi lisi2",
            "/home/person02/.ssh person02-backup.sh person02 xlisi lisi2",
        ),
        ("zhang.wei@tty HOSPITAL\\lisi \\xe5lisi", "person01@tty HOSPITAL\\person02 \\xe5person02"),
        (
            "# 张伟维护, \\xe5\\xbc\\xa0\\xe4\\xbc\\x9f Li Si",
            "# Person 01维护, Person 01 Person 02",
        ),
        ("/home/newone/a newone", "/home/person04/a person04"),
    ] {
        assert_eq!(text(before), after, "{before}");
    }
}

#[test]
fn hosts_and_domains_go_and_software_makers_stay() {
    for (before, after) in [
        (
            "pacs01 pacs01.ward.hospital.cn db02.hospital.cn",
            "host01 host01.host02.d01.example host03.d01.example",
        ),
        (
            "ntp.debian.org chacha20-poly1305@openssh.com",
            "ntp.debian.org chacha20-poly1305@openssh.com",
        ),
        (
            "/etc/issue.net rc.local net.ipv4.ip_forward pam_unix.so",
            "/etc/issue.net rc.local net.ipv4.ip_forward pam_unix.so",
        ),
        (
            "//F 81a4 0 0 9 /etc/hosts\n 10.1.2.3 nas07 nas07.x\n//E 0\nnas07:/export",
            "//F 81a4 0 0 9 /etc/hosts\n 192.0.2.3 host03 host03.x\n//E 0\nhost03:/export",
        ),
        (
            "deb http://u:pw@mirror.hospital.cn/debian",
            "deb http://scrubbed@host03.d01.example/debian",
        ),
        ("http://mirror/debian getty@tty1.service", "http://host03/debian getty@tty1.service"),
        (
            "mailto lisi@hospital.cn, chen@other.com.cn, root@hospital.cn",
            "mailto person02@d01.example, person04@d02.example, root@d01.example",
        ),
        ("mirror.hospital.cn_debian_dists", "host03.d01.example_debian_dists"),
    ] {
        assert_eq!(text(before), after, "{before}");
    }
}

#[test]
fn networks_keep_what_lies_in_them() {
    for (before, after) in [
        ("10.0.2.15 10.0.2.0/24 10.0.3.15", "192.0.2.15 192.0.2.0/24 198.51.100.15"),
        ("172.20.0.0/16 172.20.5.9 172.20.6.9", "198.18.0.0/16 198.18.5.9 198.18.6.9"),
        (
            "10.0.0.0/8 127.0.0.1 0.0.0.0/0 169.254.1.1 224.0.0.1 255.255.255.0",
            "10.0.0.0/8 127.0.0.1 0.0.0.0/0 169.254.1.1 224.0.0.1 255.255.255.0",
        ),
        ("192.0.2.9 10.0.2.15", "192.0.2.9 198.51.100.15"),
        ("128.0.0.0-191.255.255.255 2002:a00::/24", "128.0.0.0-191.255.255.255 2002:a00::/24"),
        (
            "116.192.0.0/12 10.0.0.1-10.0.0.9 1.2.3.4-5 v1.2.3.4",
            "198.16.0.0/12 192.0.2.1-192.0.2.9 1.2.3.4-5 v1.2.3.4",
        ),
        ("[fe80::5054:ff:fe12:3456] ::1 fd12:3456:789a:1::5", "[fe80::1:1] ::1 2001:db8:1:1::5"),
        ("::ffff:10.0.2.15 2001:db8::1 24:26:30", "::ffff:192.0.2.15 2001:db8::1 24:26:30"),
        (
            "52:54:00:12:34:56 52-54-00-12-34-56 enx525400123456",
            "00:00:5e:00:53:01 00-00-5e-00-53-01 enx00005e005301",
        ),
        ("ff:ff:ff:ff:ff:ff 10.0.2.15%enp0s2:68", "ff:ff:ff:ff:ff:ff 192.0.2.15%enp0s2:68"),
    ] {
        assert_eq!(text(before), after, "{before}");
    }
}

#[test]
fn identifiers_and_secrets_go() {
    for (before, after) in [
        (
            "UUID=9f3c1a52-6f0e-4c11-9b56-0c8b3f6a2d11 /",
            "UUID=00000000-0000-4000-8000-000000000001 /",
        ),
        (
            "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
            "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
        ),
        (
            "a7dde2a381b649e79291bf6d9920ee7d a7dde2a381b649e79291bf6d9920ee7d",
            "00000000000000000000000000000001 00000000000000000000000000000001",
        ),
        ("root:$6$abcd$Zm9vYmFyYmF6cXV4:1", "root:$6$scrubbed:1"),
        (
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7v9z2Lk lisi@pc",
            "ssh-rsa scrubbed-key-01 person02@pc",
        ),
        (
            "password=geheim1 db_passwd = \"x y\" token=none PASS_MAX_DAYS=90",
            "password=scrubbed db_passwd = \"scrubbed y\" token=none PASS_MAX_DAYS=90",
        ),
        ("mysqldump --password hunter2 -u x", "mysqldump --password scrubbed -u x"),
        ("ID_SERIAL=QM00001X UUID=ABCD-1234", "ID_SERIAL=SERIAL01 UUID=0000-0001"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----\nMIIEow",
            "-----BEGIN RSA PRIVATE KEY-----\nscrubbed\n-----END RSA PRIVATE KEY-----\nMIIEow",
        ),
        (
            "16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
            "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01",
        ),
        (
            "欢迎访问第一人民医院服务器，电话 13912345678 或 010-12345678",
            "示例医院服务器，电话 13000000000 或 000-00000000",
        ),
        ("Property of St Mary Hospital only", "Example Hospital only"),
        (
            "users:((\"a\",pid=1,fd=3),(\"b\",pid=578,fd=3))",
            "users:((\"a\",pid=1,fd=3),(\"b\",pid=1001,fd=3))",
        ),
    ] {
        assert_eq!(text(before), after, "{before}");
    }
}

#[test]
fn settings_that_look_like_secrets_stay() {
    let all = "passwd: files systemd\npassword requisite pam_pwquality.so retry=3\n\
        passwordauthentication yes\n/usr/lib/x86_64-linux-gnu/security/pam_cap.so\n\
        p\tbash\tamd64\t5.2.15-2+b13\n20780:0:99999:7:::\nuid=0 serial 115200\n";
    assert_eq!(text(all), all);
}

/// Pieces that the rules look for, in any order and glued to anything.
fn pieces() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "lisi",
        "zhang.wei",
        "张伟",
        "Li Si",
        "pacs01",
        "hospital.cn",
        "10.0.2.15",
        "172.20.0.0/16",
        "172.20.7.1/28",
        "fd12:3456::1",
        "fe80::a1b2:c3d4:e5f6:1",
        "::ffff:8.8.8.8",
        "/",
        ":",
        "@",
        "://",
        "52:54:00:12:34:56",
        "password=",
        "pid=",
        "4321",
        "$6$",
        "abcdefgh12345",
        "-",
        ".",
        "_",
        " ",
        "\n",
        "\\",
        "\\x",
        "e5",
        "Hospital",
        "St ",
        "人民医院",
        "a7dde2a381b649e79291bf6d9920ee7d",
        "9f3c1a52-6f0e-4c11-9b56-0c8b3f6a2d11",
        "person01",
        "host02",
        "d01.example",
        "192.0.2.1",
        "198.18.4.0/22",
        "SERIAL01",
        "serial=",
        "QM00001X",
        "uuid=",
        "ABCD-1234",
        "scrubbed",
        "example.com",
        "AAAAB3NzaC1yc2EAAAADAQABAAABgQC7v9z2Lk",
        "/home/",
        "new.one",
        "enx525400123456",
        "//F 0 0 /etc/hosts\n ",
        "-----BEGIN PRIVATE KEY-----\n",
        "--token ",
        "2001:db8:1::",
        "--",
        "=",
        "0",
        "13912345678",
        "x:100:106::",
    ]);
    prop::collection::vec(known, 0..24).prop_map(|pieces| pieces.concat())
}

fn check_twice(frames: &[Frame], host: &str) {
    let once = scrub(&header(host), frames);
    let twice = scrub(&once.header, &once.frames);
    for (one, two) in once.frames.iter().zip(&twice.frames) {
        let text = |frame: &Frame| String::from_utf8_lossy(&frame.data).into_owned();
        assert_eq!(text(one), text(two));
        assert_eq!(one.diagnostics, two.diagnostics);
    }
    assert_eq!(once.header, twice.header);
    let (met, read) = read_bundle("recording", &once.encode("recording")).unwrap();
    assert_eq!(met, once.header);
    assert_eq!(read.iter().count(), frames.len());
    for (frame, old) in once.frames.iter().zip(frames) {
        assert_eq!(read.get(&frame.id), Some(frame));
        let lines = |data: &[u8]| data.iter().filter(|b| **b == b'\n').count();
        assert_eq!(lines(&frame.data), lines(&old.data));
        assert_eq!((frame.exit, frame.truncated), (old.exit, old.truncated));
    }
}

proptest! {
    #[test]
    fn twice_is_once_and_frames_stay_whole(a in pieces(), b in pieces(), bytes: Vec<u8>) {
        let mut odd = frame("z.odd", &b);
        odd.data.extend(&bytes);
        odd.diagnostics = a.bytes().take(100).collect();
        odd.diagnostics.push(b'\n');
        odd.truncated = true;
        let frames = [frame("accounts.passwd", PASSWD), frame("a.files", &a), odd];
        check_twice(&frames, "pacs01.ward.hospital.cn");
    }

    #[test]
    fn any_bytes_give_a_value(bytes: Vec<u8>) {
        let frames = [Frame { data: bytes, exit: Some(0), ..Frame::empty("accounts.passwd") }];
        check_twice(&frames, "x");
    }
}

/// A pass that went over its input again and again would not come to an end here.
#[test]
fn hostile_repetitions_are_passed_over_once() {
    let pieces = [
        "a.b-c/",
        "10.0.0.1-",
        "password=/",
        "http://a@",
        "a-a.",
        "$6$a",
        "fe80:",
        "张",
        "--token ",
    ];
    for piece in pieces {
        let data = piece.repeat(400_000 / piece.len());
        scrub(&header("h"), &[frame("accounts.passwd", PASSWD), frame("x", &data)]);
    }
}
