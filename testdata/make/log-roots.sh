#!/bin/bash
# Makes the recordings `log-NAME`: roots with log files of chosen age and mode and real
# configurations of logrotate and auditd, read by the script of the type `log.files`.
# Today is 2026-11-25 there. Root, because of the owners.
#
#   testdata/make/log-roots.sh [FOLDER]      (default: testdata/recordings)
set -eu
cd "$(dirname "$0")/../.."
out=${1:-testdata/recordings}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run -q -p anji-collect --example script -- log.files >"$work/script.sh"
root=$work/root

# A file with one line, of a day, with a mode.
log() { # PATH DAY MODE LINE
    mkdir -p "$root${1%/*}"
    printf '%s\n' "$4" >"$root$1"
    chmod "$3" "$root$1"
    touch -d "$2 12:00:00Z" "$root$1"
}

# A log of five weeks or more: the file at hand and the oldest that was put aside.
family() { # PATH FIRST-DAY
    log "$1" 2026-11-25 0640 "2026-11-22T03:10:01.000000+08:00 his01 systemd[1]: Started."
    log "$1-${2//-/}" "$2" 0640 "${2}T03:10:01.000000+08:00 his01 systemd[1]: Started."
}

audit_family() { # FIRST-DAY
    log /var/log/audit/audit.log 2026-11-25 0600 \
        "type=SERVICE_START msg=audit($(date -d 2026-11-22Z +%s).120:91): pid=1 uid=0"
    log /var/log/audit/audit.log.4 "$1" 0400 \
        "type=DAEMON_START msg=audit($(date -d "$1"Z +%s).050:7): op=start ver=3.0"
    chmod 0700 "$root/var/log/audit"
}

# A host that has kept its logs since a day, with rules for 27 weeks.
host() { # SINCE FIRST-DAY
    rm -rf "$root"
    for name in auth.log secure syslog messages; do family "/var/log/$name" "$2"; done
    audit_family "$2"
    log /var/log/wtmp 2026-11-25 0664 x
    log /var/log/lastlog 2026-11-25 0664 x
    log /var/log/btmp 2026-11-25 0660 x
    log /var/log/dpkg.log 2026-11-25 0644 x
    log /etc/machine-id "$1" 0444 0f0e0d0c0b0a09080706050403020100
    log /etc/logrotate.conf "$1" 0644 $'weekly\nrotate 27\ncreate\ndateext\ninclude /etc/logrotate.d'
    rules $'weekly\nrotate 27'
    log /etc/audit/auditd.conf "$1" 0640 $'log_file = /var/log/audit/audit.log\nmax_log_file_action = keep_logs'
    log /usr/sbin/logrotate "$1" 0755 '#!/bin/sh'
    log /var/lib/logrotate/logrotate.status 2026-11-24 0640 'logrotate state -- version 2'
    mkdir -p "$root/etc/systemd/system/timers.target.wants"
    ln -s /usr/lib/systemd/system/logrotate.timer "$root/etc/systemd/system/timers.target.wants/logrotate.timer"
}

rules() { # DIRECTIVES
    log /etc/logrotate.d/rsyslog 2026-01-01 0644 \
        $'/var/log/auth.log\n/var/log/secure\n/var/log/syslog\n/var/log/messages\n{\n'"$1"$'\nmissingok\nsharedscripts\npostrotate\n/usr/bin/true\nendscript\n}'
}

record() { # NAME
    mkdir -p "$out/log-$1"
    sed "s|^R=.*|R='$root'|" "$work/script.sh" >"$work/rooted.sh"
    bash "$work/rooted.sh" recording </dev/null |
        sed -E -e 's/ ms=[0-9]+$/ ms=-/' \
            -e '1s/ time=[0-9]+ host=.* shell=.*/ time=1795608000 host=his01 shell=sh/' \
            >"$out/log-$1/bundle.txt"
}

host 2023-01-01 2026-05-10; record kept
for short in auth.log secure syslog messages; do
    host 2023-01-01 2026-05-10; rm "$root/var/log/$short"-*; family "/var/log/$short" 2026-10-28
    record "short-$short"
done
host 2023-01-01 2026-05-10; rm "$root/var/log/audit/audit.log.4"; audit_family 2026-10-28
record short-audit

# Younger than half a year: what counts is how long the rules keep lines.
host 2026-10-01 2026-10-01; record young
rules $'monthly\nrotate 6'; record young-180
rules $'daily\nrotate 179'; record young-179
rules $'weekly\nrotate 27\nmaxsize 100M'; record young-size

# The journal alone.
host 2023-01-01 2026-05-10; rm -r "$root"/var/log/*; mkdir -p "$root/var/log/journal/0f0e"
for kept in 2026-05-10:journal-kept 2026-10-28:journal-short; do
    rm -f "$root"/var/log/journal/0f0e/*
    hex=$(printf %016x "$(($(date -d "${kept%:*}Z" +%s) * 1000000))")
    log "/var/log/journal/0f0e/system@0a-0000000000000001-$hex.journal" 2026-11-20 0640 x
    record "${kept#*:}"
done
audit_family 2026-05-10; record journal-audit
rm -r "$root/var/log/audit"; touch -d '2026-10-01 12:00:00Z' "$root/etc/machine-id"
record journal-young
host 2023-01-01 2026-05-10; rm -r "$root"/var/log/*; family /var/log/cron 2026-05-10
record cron-alone

# Modes and rotation.
for wide in secure:0644 syslog:0660 wtmp:0666 btmp:0664; do
    host 2023-01-01 2026-05-10; chmod "${wide#*:}" "$root/var/log/${wide%:*}"
    record "wide-${wide%:*}"
done
host 2023-01-01 2026-05-10; rm "$root/usr/sbin/logrotate"; record no-logrotate
host 2026-11-20 2026-11-20; rm "$root/var/lib/logrotate/logrotate.status"; record not-yet-run
rm -r "$root/etc/systemd" "$root/var/log/audit"; record unscheduled
