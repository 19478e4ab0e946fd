//! Words that name nobody, and domains that everybody knows.

/// Whether the word is one of a list.
fn holds(list: &str, word: &[u8]) -> bool {
    list.split(' ').any(|one| one.as_bytes() == word)
}

/// Names of accounts, hosts and roles that tell nobody apart, and words of
/// configuration formats that could stand where a name stands. Lower case.
const GENERIC: &str = "\
    - _ absent accept account accounts active adm admin administrator agent alarm all allow \
    almalinux alpine amazon anolis anonymous ansible any apache app application apps archive \
    audit auth auto avahi backup base bash bastion bin block boot broadcasthost cache cdrom \
    centos ceph cert chain clamav client cloud-user collector command config connect console \
    container containers continue cron crontabs daemon data database db db2 debian default deny \
    deploy dev developer dhcp directory disabled disk display dmz dnat dns docker domain drop \
    ec2-user elastic elasticsearch empty enabled error established etc everyone exclude external \
    false fedora file files filter forward ftp ftpuser games gateway git gitlab goto group \
    groups guest hacluster halt home host hosts http httpd https icmp image images include inet \
    info input install internal invalid ip ip6 ip6-allhosts ip6-allnodes ip6-allrouters \
    ip6-localhost ip6-localnet ip6-loopback ip6-mcastprefix ipv4 ipv6 jenkins jump kafka kube \
    kvm kylin ldap lib lib64 linux list local localdomain localhost localhost.localdomain \
    localhost4 localhost6 locked log loghost login logs lost+found lp mail man mangle masquerade \
    master media messagebus minio mnt mongo mongodb monitor mssql mysql nagios nameserver nat \
    network new news nfs nginx no nobody node nologin none ntp null off on openeuler operator \
    opt optional oracle output permit pi ping policy pool pop3 postfix postgres postmaster \
    postrouting prerouting primary print prometheus proxy public puppet queue rabbitmq raw \
    redhat redis reject related remote required requisite resolver return rocky root rpc rsync \
    rule run salt samba sbin secondary security server servers service services set sftp shell \
    shutdown smb snat snmp snmpd socket splunk srv ssh sshd staff state status sudo sufficient \
    support suse svc sync sys sysadmin syslog system systemd table target tcp temp template test \
    tester testuser tftp time tmp tomcat true trusted tty ubuntu udp unix unknown uos upload \
    user users usr uucp vagrant var virtual vm vnc web weblogic webmaster wheel windows work www \
    www-data x yes zabbix zone zookeeper";

/// Whether the word names nobody. Words of one letter never do.
pub(super) fn is_generic(word: &[u8]) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.len() < 2
        || lower.iter().all(|b| !b.is_ascii_alphabetic() && b.is_ascii())
        || holds(GENERIC, &lower)
}

/// Ends of domain names by which one is known in running text.
const ENDS: &str = "\
    ai arpa asia au biz br ca ch cloud club cn co com corp cz de dk edu es eu fi fr gov health \
    hk home hospital info int internal intra intranet io jp kr lan local localdomain med mil mo \
    net nl online org ru se sg site tech th top tw uk us vip vn wang work xyz";

/// Whether a name that ends so is one of a host or domain.
pub(super) fn is_domain_end(label: &[u8]) -> bool {
    let lower = label.to_ascii_lowercase();
    holds(ENDS, &lower)
}

/// Labels below which a country's names are registered.
pub(super) fn is_second_level(label: &[u8]) -> bool {
    ["com", "net", "org", "edu", "gov", "ac", "mil", "co"]
        .iter()
        .any(|one| label.eq_ignore_ascii_case(one.as_bytes()))
}

/// Domains of software makers and public services, and those that are reserved.
const PUBLIC: &str = "\
    alibabacloud.com aliyun.com aliyuncs.com almalinux.org alpinelinux.org amazon.com \
    amazonaws.com apache.org apple.com archlinux.org busybox.net canonical.com centos.org \
    chrony.tuxfamily.org clamav.net cloudflare.com cr.yp.to debian.net debian.org docker.com \
    docker.io elastic.co example.com example.net example.org fedoraproject.org freedesktop.org \
    gentoo.org github.com github.io gitlab.com gnome.org gnu.org gnupg.org google.com \
    googleapis.com huaweicloud.com ietf.org in-addr.arpa ip6.arpa isc.org kde.org kernel.org \
    kylinos.cn launchpad.net libssh.org linux.com linuxcontainers.org liu.se \
    localhost.localdomain lwn.net man7.org mariadb.org metalinker.org microsoft.com mozilla.org \
    mysql.com nginx.org ntp.org ntsc.ac.cn openanolis.cn opencloudos.org openeuler.org \
    openssh.com openssl.org opensuse.org openwall.com oracle.com php.net postgresql.org purl.org \
    putty.projects.tartarus.org pypi.org python.org quay.io redhat.com rfc-editor.org \
    rockylinux.org rsyslog.com samba.org snapcraft.io ssh.com sudo.ws suse.com syslog-ng.com \
    tencent.com tencentyun.com torproject.org tuxfamily.org ubuntu.com uniontech.com w3.org \
    wikipedia.org wireguard.com xml.org";

/// Whether a name lies in a domain that tells nothing of a network.
pub(super) fn is_public_domain(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let reserved = ["example", "test", "invalid", "localhost"];
    let last = lower.rsplit(|b| *b == b'.').next().unwrap_or_default();
    if reserved.iter().any(|one| one.as_bytes() == last) {
        return true;
    }
    // From each dot on, so that a longer list costs no more.
    let mut rest = lower.as_slice();
    loop {
        if holds(PUBLIC, rest) {
            return true;
        }
        match rest.iter().position(|b| *b == b'.') {
            Some(at) => rest = &rest[at + 1..],
            None => return false,
        }
    }
}

/// Names of files and keys that look like names of hosts.
const LOOKALIKES: &str = "\
    after.local asp.net before.local boot.local fail2ban.local halt.local issue.net \
    jail.conf.local jail.local logind.local motd.local node.js rc.local resolv.local socket.io \
    sysctl.local system.net unattended.local";

/// Whether a text with dots is no name of a host, whatever its end is.
pub(super) fn is_lookalike(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let kernel = ["net", "kernel", "fs", "vm", "dev", "abi", "debug", "sunrpc", "crypto", "rc"];
    let first = lower.split(|b| *b == b'.').next().unwrap_or_default();
    // Links in the folders of run levels: S02rc.local.
    let plain = match lower.as_slice() {
        [b's' | b'k', b'0'..=b'9', b'0'..=b'9', rest @ ..] => rest,
        whole => whole,
    };
    holds(LOOKALIKES, plain) || kernel.iter().any(|one| one.as_bytes() == first) || first.is_empty()
}

/// Identifiers that the same program bears everywhere.
const KNOWN_UUIDS: &str = "\
    0657fd6d-a4ab-43c4-84e5-0933c84b4f4f 0fc63daf-8483-4772-8e79-3d69d8477de4 \
    21686148-6449-6e6f-744e-656564454649 4a67b082-0a4c-41cf-b6c7-440b29bb8c4f \
    605dab50-e046-4300-abb6-3dd810dd8b23 77fa9abd-0359-4d32-bd60-28f4e78f784b \
    8be4df61-93ca-11d2-aa0d-00e098032b8c a19d880f-05fc-4d3b-a006-743f0f84911e \
    c12a7328-f81f-11d2-ba4b-00a0c93ec93b d719b2cb-3d3a-4596-a3bc-dad00e67656f \
    e6d6d379-f507-44c2-a23c-238f2a3df928 ec87d643-eba4-4bb5-a1e5-3f3e36b20da9";

/// Whether an identifier is no machine's own.
pub(super) fn is_known_uuid(uuid: &[u8]) -> bool {
    let lower = uuid.to_ascii_lowercase();
    lower.starts_with(b"00000000-0000-") || holds(KNOWN_UUIDS, &lower)
}

/// Values of a setting that are no secret though its name says so.
const BENIGN: &str = "\
    scrubbed yes no true false on off none null any all set locked disabled enabled empty absent \
    default required optional sufficient requisite ask prompt hidden unknown never always";

/// Whether a value is no secret though the name of its setting says so.
pub(super) fn is_benign_value(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    lower.is_empty()
        || holds(BENIGN, &lower)
        || lower.iter().all(|b| b.is_ascii_digit())
        || matches!(lower[0], b'/' | b'$' | b'%' | b'<' | b'{' | b'-' | b'*' | b'=')
}
