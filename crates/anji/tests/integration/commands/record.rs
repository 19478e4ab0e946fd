//! Recordings to share: nothing that identifies may leave with them.

use super::support::{Bench, path_text};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// What must not be found in a scrubbed recording, in any case of letters.
const IDENTITIES: &[&str] = &[
    // people: accounts, full names, telephone numbers, mail
    "zhangwei",
    "li.fang",
    "张伟",
    "李芳",
    "wangqiang",
    "ldapuser7",
    "Wang Qiang",
    "13800138123",
    "zhangwei@",
    "\\xe5\\xbc\\xa0\\xe4\\xbc\\x9f",
    // hosts and domains
    "pacs-db07",
    "nas-ward3",
    "tongren",
    "loghost9",
    "ntp-core2",
    "mirror8",
    // networks
    "10.77.",
    "172.29.",
    "203.119.",
    "2408:8456",
    "fd77:1234",
    "52:54:00:ab:cd:ef",
    "525400abcdef",
    "5054:ff:feab:cdef",
    // identifiers and secrets
    "9f3c1a52-6f0e-4c11-9b56-0c8b3f6a2d11",
    "a7dde2a381b649e79291bf6d9920ee7d",
    "Geheim-2026",
    "Qz8kX2vLw0bT",
    "AAAAB3NzaC1yc2E",
    "hunter-7-secret",
    // the hospital
    "同仁",
    "Tongren",
];

const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
    daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n\
    sshd:x:103:65534::/run/sshd:/usr/sbin/nologin\n\
    zhangwei:x:1000:1000:张伟,影像科,13800138123:/home/zhangwei:/bin/bash\n\
    li.fang:x:1001:1001:李芳:/home/li.fang:/bin/bash\n\
    wangqiang:x:1002:1002:Wang Qiang:/home/wangqiang:/bin/bash\n\
    nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";

/// Files that hold one thing or another of the list.
const FILES: &[(&str, &str)] = &[
    (
        "etc/group",
        "root:x:0:\nsudo:x:27:zhangwei,ldapuser7\nzhangwei:x:1000:\ndba:x:1005:li.fang\n",
    ),
    ("etc/hostname", "pacs-db07\n"),
    (
        "etc/hosts",
        "127.0.0.1 localhost\n10.77.3.7 pacs-db07.tongren.cn pacs-db07\n10.77.3.20 nas-ward3\n2408:8456:1:2::7 pacs-db07\n",
    ),
    ("etc/resolv.conf", "search tongren.cn\nnameserver 10.77.0.53\n"),
    ("etc/machine-id", "a7dde2a381b649e79291bf6d9920ee7d\n"),
    ("etc/issue", "同仁医院影像科服务器 联系 张伟 13800138123\n"),
    ("etc/issue.net", "Beijing Tongren Hospital, mail zhangwei@tongren.cn\n"),
    ("etc/motd", "Ask Wang Qiang (wangqiang) on pacs-db07.\n"),
    (
        "etc/fstab",
        "UUID=9f3c1a52-6f0e-4c11-9b56-0c8b3f6a2d11 / ext4 defaults 0 1\nnas-ward3:/export /mnt nfs rw 0 0\n//10.77.3.21/share /srv cifs username=zhangwei,password=Geheim-2026 0 0\n",
    ),
    (
        "etc/sudoers",
        "Defaults env_reset\nroot ALL=(ALL:ALL) ALL\nzhangwei ALL=(ALL) NOPASSWD: ALL\nldapuser7 pacs-db07=(root) /usr/bin/id\nUser_Alias OPS = li.fang, wangqiang\nOPS 10.77.3.0/24=(root) /usr/bin/less\n",
    ),
    ("etc/sudoers.d/50-ward", "wangqiang ALL=(root) /home/wangqiang/run.sh\n"),
    (
        "etc/chrony/chrony.conf",
        "server ntp-core2.tongren.cn iburst\npool 10.77.0.123\nallow 172.29.0.0/16\n",
    ),
    ("etc/systemd/timesyncd.conf", "[Time]\nNTP=ntp-core2 10.77.0.123\n"),
    (
        "etc/rsyslog.conf",
        "*.* @@loghost9.tongren.cn:514\n*.* @10.77.0.9\n*.* action(type=\"omfwd\" target=\"loghost9\" port=\"514\")\n",
    ),
    ("etc/audit/audisp-remote.conf", "remote_server = loghost9\n"),
    (
        "etc/ssh/sshd_config",
        "Port 22\nListenAddress 10.77.3.7\nListenAddress [2408:8456:1:2::7]:22\nAllowUsers zhangwei li.fang@172.29.4.0/24 ldapuser7\nMatch User wangqiang Address 10.77.3.0/24\n  PasswordAuthentication no\nBanner /etc/issue.net\n",
    ),
    (
        "home/zhangwei/.ssh/authorized_keys",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7v9z2Lk0P zhangwei@pacs-db07\n",
    ),
    (
        "etc/apt/sources.list",
        "deb http://zhangwei:hunter-7-secret@mirror8.tongren.cn/debian bookworm main\n",
    ),
    ("etc/crontab", "0 3 * * * zhangwei mysqldump --password=Geheim-2026 --host=10.77.3.7 his\n"),
    ("var/spool/cron/crontabs/zhangwei", "5 4 * * * /home/zhangwei/backup.sh li.fang@tongren.cn\n"),
    (
        "etc/nftables.conf",
        "table inet f { chain i { type filter hook input priority 0; policy drop; ip saddr { 10.77.3.0/24, 203.119.7.9 } tcp dport 22 accept\n ip6 saddr fd77:1234::/48 accept\n ether saddr 52:54:00:ab:cd:ef drop\n } }\n",
    ),
    ("etc/network/interfaces", "iface enx525400abcdef inet static\n  address 10.77.3.7/24\n"),
    ("home/zhangwei/open.txt", "anyone may write\n"),
    ("srv/张伟/open.txt", "anyone may write\n"),
    ("etc/pam.d/common-auth", "auth required pam_ldap.so bindpw=Geheim-2026\n"),
    ("etc/snmp/snmpd.conf", "rocommunity Qz8kX2vLw0bT 10.77.0.0/16\n"),
];

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("etc/passwd", PASSWD, 0o644);
    bench.write(
        "etc/shadow",
        "root:*:20780:0:99999:7:::\nzhangwei:$6$abcd$Qz8kX2vLw0bTQz8kX2vLw0bT:20780:0:99999:7:::\n",
        0o640,
    );
    for (path, text) in FILES {
        bench.write(path, text, if path.ends_with("open.txt") { 0o666 } else { 0o644 });
    }
    bench
}

/// `anji record --root` of the bench, with more arguments.
fn record(bench: &Bench, arguments: &[&str]) -> super::support::Ran {
    let root = bench.root();
    let mut all = vec!["record", "--root", path_text(&root)];
    all.extend(arguments);
    bench.run(&all)
}

fn leaks(text: &str) -> Vec<String> {
    let lines: Vec<_> = text.lines().map(str::to_lowercase).collect();
    let mut found = Vec::new();
    for identity in IDENTITIES {
        let identity = identity.to_lowercase();
        let line = lines.iter().find(|line| line.contains(&identity));
        found.extend(line.map(|line| format!("{identity}: {line}")));
    }
    found
}

#[test]
fn nothing_that_identifies_leaves_with_a_scrubbed_recording() {
    let bench = bench();
    let raw = record(&bench, &["--raw", "--all-types"]);
    assert_eq!(raw.code, 0, "{}", raw.err);
    assert!(raw.err.contains("keep it to yourself"), "{}", raw.err);
    let known = leaks(&raw.out);
    assert!(known.len() >= 8, "the raw recording holds too little to test with: {known:#?}");

    let ran = record(&bench, &["--scrub", "--all-types"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let found = leaks(&ran.out);
    assert!(found.is_empty(), "{found:#?}");
    assert!(ran.err.contains("names of people's accounts"), "{}", ran.err);
    assert!(ran.err.contains("Read it through before you share it"), "{}", ran.err);
    assert_eq!(leaks(&ran.err), Vec::<String>::new(), "the summary tells what it hid");
    assert!(ran.out.starts_with("#anji 1 recording begin "), "{}", ran.out);
    assert!(ran.out.contains("root:x:0:0:root:/root:/bin/bash"), "system accounts stay");
    assert!(ran.out.contains("person01"), "{}", ran.out);
}

#[test]
fn a_recording_is_scrubbed_or_kept_raw_on_purpose() {
    let bench = bench();
    let ran = record(&bench, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (64, ""));
    assert!(ran.err.contains("--scrub") && ran.err.contains("--raw"), "{}", ran.err);
    let zh = record(&bench, &["--lang", "zh"]);
    assert!(zh.err.starts_with("错误：") && zh.err.contains("--scrub"), "{}", zh.err);
    let both = record(&bench, &["--scrub", "--raw"]);
    assert_eq!(both.code, 64, "{}", both.err);
}

#[test]
fn a_recording_goes_to_a_new_file_of_its_owner_alone() {
    let bench = bench();
    let file = bench.place("recording.txt");
    let arguments = ["--scrub", "--only", "LNX-011", "--output", path_text(&file)];
    let ran = record(&bench, &arguments);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("recording.txt"), "{}", ran.err);
    let text = fs::read_to_string(&file).expect("a recording");
    assert!(text.contains(" B accounts.passwd") && !text.contains(" B file.walk"), "{text}");
    assert_eq!(fs::metadata(&file).expect("facts").permissions().mode() & 0o777, 0o600);
    let again = record(&bench, &arguments);
    assert_eq!(again.code, 64, "{}", again.err);
    assert!(again.err.contains("is there already"), "{}", again.err);
    assert_eq!(fs::read_to_string(&file).expect("untouched"), text);
    let nowhere = bench.place("none/recording.txt");
    let lost = record(&bench, &["--scrub", "--output", path_text(&nowhere)]);
    assert_eq!(lost.code, 1, "{}", lost.err);
}
