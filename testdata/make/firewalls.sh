#!/bin/bash
# Makes the recordings `firewall-NAME` and `ssh-NAME`: in a network of its own, and in a copy of a Debian
# root that is thrown away, a firewall is really set up, and the script of a plan records it.
#
#   testdata/make/firewalls.sh ROOT [FOLDER [NAME...]]      (default: testdata/recordings, all)
#
# ROOT is a folder with Debian 12: mmdebstrap --variant=apt --include=systemd,openssh-server,\
# nftables,iptables,iproute2,procps,kmod,ufw,firewalld,dbus,cron bookworm ROOT
# Root; needs iproute2, util-linux and a kernel with overlayfs and nf_tables. `persistent` fetches
# two packages of Debian from ROOT/debs (apt-get download iptables-persistent netfilter-persistent),
# because they do not stand beside ufw.
set -eu
cd "$(dirname "$0")/../.."
root=$(realpath "$1")
out=$(realpath "${2:-testdata/recordings}")
shift "$(($# < 2 ? $# : 2))"
names=" $* "
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run -q -p anji-collect --example script -- firewall sshd.effective >"$work/script.sh"

# Name of the recording; commands that set the firewall up come in.
record() {
    name=$1
    case $names in '  ' | *" $name "*) ;; *) cat >/dev/null; return 0 ;; esac
    cat >"$work/setup.sh"
    mkdir -p "$out/$name"
    unshare --net --mount --uts bash -euc '
        hostname guest01
        mount -t tmpfs none "$2/mount"
        mkdir "$2/mount/up" "$2/mount/work" "$2/mount/root"
        mount -t overlay -o "lowerdir=$1,upperdir=$2/mount/up,workdir=$2/mount/work" none "$2/mount/root"
        r=$2/mount/root
        ip link set lo up
        ip link add eth0 type veth peer name cable
        ip addr add 192.0.2.5/24 dev eth0
        ip -6 addr add 2001:db8::5/64 dev eth0 nodad
        ip link set eth0 up
        mount -t proc none "$r/proc"
        mount -t sysfs none "$r/sys"
        mount --bind /dev "$r/dev"
        mkdir -p "$r/run/sshd"
        rm -f "$r"/etc/systemd/system/*.wants/{ufw,firewalld,nftables,netfilter-persistent}.service
        rm -f "$r"/etc/systemd/system/dbus-org.fedoraproject.FirewallD1.service "$r"/etc/rc?.d/*{ufw,nftables}*
        grep -q ufw "$2/setup.sh" || rm -r "$r/etc/ufw" "$r/etc/default/ufw"
        grep -q firewalld "$2/setup.sh" || rm -r "$r/usr/lib/firewalld"
        cp "$2/setup.sh" "$2/script.sh" "$r/root/"
        env -i PATH="$PATH" HOME=/root LC_ALL=C chroot "$r" sh -eu /root/setup.sh </dev/null >"$2/log" 2>&1 ||
            { tail "$2/log"; exit 1; }
        rm "$r/root/setup.sh"
        env -i PATH="$PATH" HOME=/root LC_ALL=C chroot "$r" sh /root/script.sh recording </dev/null
        if [ -e "$r/run/stop.pid" ]; then kill $(cat "$r/run/stop.pid"); fi
    ' firewalls "$root" "$work" >"$out/$name/bundle.txt.new"
    sed -E 's/ ms=[0-9]+$/ ms=-/' "$out/$name/bundle.txt.new" >"$out/$name/bundle.txt"
    rm "$out/$name/bundle.txt.new"
    tail -n 1 "$out/$name/bundle.txt"
}
mkdir "$work/mount"

# A ruleset of nftables with some rules in its input chain; $1 is the table's family.
table() {
    cat <<END
flush ruleset
table $1 filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif "lo" accept
$2
	}
}
END
}

# The same rules now and at boot.
nftables() {
    echo "cat >/etc/nftables.conf <<'CONF'"
    table "$@"
    echo "CONF"
    echo "nft -f /etc/nftables.conf"
    echo "systemctl enable nftables"
}

ssh='		ip saddr 10.0.2.0/24 tcp dport 22 accept'

record firewall-ufw <<'END'
ufw allow from 10.0.2.0/24 to any port 22 proto tcp
ufw limit 443/tcp
ufw --force enable
systemctl enable ufw
END

record firewall-persistent <<'END'
dpkg --force-all --unpack /debs/*.deb
for t in iptables ip6tables; do
  $t -P INPUT DROP
  $t -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
  $t -A INPUT -i lo -j ACCEPT
done
iptables -A INPUT -s 10.0.2.0/24 -p tcp -m tcp --dport 22 -m comment --comment "ops: ssh" -j ACCEPT
ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
mkdir -p /etc/iptables
iptables-save >/etc/iptables/rules.v4
ip6tables-save >/etc/iptables/rules.v6
systemctl enable netfilter-persistent
END

# firewalld runs and lets the operations net in.
firewalld() {
    cat <<'END'
mkdir -p /run/dbus
dbus-daemon --system --fork
firewalld --nofork --nopid --log-target=console &
echo $! >/run/stop.pid
cat /run/dbus/pid >>/run/stop.pid
n=0
until firewall-cmd --state; do n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.2; done
firewall-cmd --zone=public --add-rich-rule='rule family=ipv4 source address=10.0.2.0/24 service name=ssh accept'
firewall-cmd --zone=public --remove-service=ssh
firewall-cmd --zone=public --add-port=8080/tcp
firewall-cmd --runtime-to-permanent
systemctl enable firewalld
END
}

record firewall-firewalld < <(firewalld)
record firewall-firewalld-trusts <<END
$(firewalld)
firewall-cmd --set-default-zone=trusted
END
# What a container engine adds, with a port that it publishes.
record firewall-containers <<END
$(firewalld)
iptables -t nat -N DOCKER
iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8443 -j DNAT --to-destination 172.17.0.2:443
iptables -P FORWARD DROP
END

record firewall-not-at-boot <<END
nft -f - <<'RULES'
$(table inet "$ssh")
RULES
END

record firewall-cron-loads <<END
$(nftables inet "$ssh")
systemctl disable nftables
echo '@reboot root nft -f /etc/nftables.conf' >/etc/cron.d/rules
END

record firewall-ip4-only < <(nftables ip "$ssh")
record firewall-open-interface < <(nftables inet "$ssh
		iifname eth1 accept")
# Bridges as a container engine makes them, with a container and without.
record firewall-bridges < <(
    echo 'ip link add docker0 type bridge; ip link add br-0123456789ab type bridge'
    echo 'ip link add veth0123 type veth peer name inner; ip link set veth0123 master br-0123456789ab'
    nftables inet "$ssh
		iifname { docker0, br-0123456789ab } accept"
)
record firewall-bridge-outward < <(
    echo 'ip link add br-ward type bridge; ip link set eth0 master br-ward; ip addr add 192.0.2.6/24 dev br-ward'
    nftables inet "$ssh
		iifname br-ward accept"
)
record firewall-every-port < <(nftables inet "		tcp dport 1-65535 accept")
record firewall-ssh-from-anywhere < <(nftables inet "		tcp dport { 22, 443 } accept")
record firewall-ssh-through-conditions < <(nftables inet "		tcp dport 22 meta mark 7 accept")
record firewall-ssh-from-half-the-world < <(nftables inet "		ip saddr { 0.0.0.0/1, 128.0.0.0/2 } tcp dport 22 accept")

record firewall-allow-users <<END
$(nftables inet "		tcp dport { 22, 443 } accept")
echo 'AllowUsers *@10.0.2.0/24' >/etc/ssh/sshd_config.d/from.conf
END

record firewall-allow-users-for-one <<END
$(nftables inet "		tcp dport { 22, 443 } accept")
printf 'AllowUsers *@10.0.2.0/24\nMatch User vendor\n  AllowUsers vendor\n' >/etc/ssh/sshd_config.d/from.conf
END

record firewall-legacy <<'END'
for t in iptables-legacy ip6tables-legacy; do
  $t -P INPUT DROP
  $t -A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
  $t -A INPUT -i lo -j ACCEPT
done
iptables-legacy -A INPUT -s 10.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT
nft flush ruleset
END

# What the daemon offers beside what it offers anyway.
offers() {
    echo "echo '$1' >/etc/ssh/sshd_config.d/offers.conf; sshd -t"
}
record ssh-cbc < <(offers 'Ciphers +aes256-cbc')
record ssh-mac-96 < <(offers 'MACs +hmac-sha1-96-etm@openssh.com')
record ssh-mac-md5 < <(offers 'MACs +hmac-md5-etm@openssh.com')
record ssh-kex-group1 < <(offers 'KexAlgorithms +diffie-hellman-group1-sha1')
record ssh-kex-exchange-sha1 < <(offers 'KexAlgorithms +diffie-hellman-group-exchange-sha1')
