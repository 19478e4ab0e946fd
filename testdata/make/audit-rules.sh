#!/bin/sh
# Makes the recordings `audit-NAME`: rules are really loaded into the kernel, and the
# script of the type `audit` records what it holds. Run it as root in a guest that may be
# changed, with auditd running and rules that are not locked; at the end no rule is loaded.
#
#   cargo run -p anji-collect --example script -- audit >script.sh
#   sh audit-rules.sh script.sh FOLDER
set -eu
script=$1 out=$2
mkdir -p "$out"
rules=$out/rules

complete() {
    for f in passwd shadow group gshadow; do echo "-w /etc/$f -p wa -k identity"; done
    echo '-w /etc/sudoers -p wa -k scope'
    echo '-w /etc/sudoers.d/ -p wa -k scope'
    for arch in b64 b32; do
        for call in adjtimex settimeofday clock_settime; do
            echo "-a always,exit -F arch=$arch -S $call -k time-change"
        done
        for call in init_module finit_module delete_module; do
            echo "-a always,exit -F arch=$arch -S $call -k modules"
        done
        for call in mount unlink unlinkat rename renameat; do
            echo "-a always,exit -F arch=$arch -S $call -F auid>=1000 -F auid!=unset -k $call"
        done
    done
}

# Loads the rules that stand in $rules, and records.
record() {
    auditctl -D >/dev/null
    auditctl -R "$rules" >/dev/null
    mkdir -p "$out/audit-$1"
    sh "$script" recording </dev/null | sed 's/ ms=[0-9]*$/ ms=-/' >"$out/audit-$1/bundle.txt"
}

complete >"$rules"; record complete
for path in passwd shadow group gshadow sudoers sudoers.d/; do
    complete | grep -v -e "-w /etc/$path -p" >"$rules"; record "without-${path%/}"
done
for call in adjtimex settimeofday clock_settime init_module finit_module delete_module mount \
    unlink unlinkat rename renameat; do
    complete | grep -v -e "-S $call -" >"$rules"; record "without-$call"
done
for arch in b64 b32; do
    complete | grep -v -e "arch=$arch" >"$rules"; record "without-$arch"
done
# What silences complete rules.
{ echo '-a never,task'; complete; } >"$rules"; record silenced
{ echo '-a never,exit -F arch=b64 -S unlink -F dir=/srv'; complete; } >"$rules"; record excepted
# Another way to the same end: one watch over the folder, one rule for many calls.
{ echo '-w /etc/ -p wa -k etc'; complete | grep -v -e '^-w'; } >"$rules"; record folder
# A path is watched, and not what is below it.
{ complete | grep -v -e '^-w'; for f in passwd shadow group gshadow sudoers sudoers.d; do
    echo "-a always,exit -F path=/etc/$f -F perm=wa -F auid>=1000 -k narrow"; done; } >"$rules"
record narrow
{ complete | grep -v -e '-w /etc/passwd'; echo '-w /etc/passwd -p r -k reading'; } >"$rules"
record reading
auditctl -D >/dev/null
rm "$rules"
