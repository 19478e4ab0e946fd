#!/usr/bin/env python3
"""usage: convert.py RAW_FOLDER OUT_FOLDER [SYSTEM ...]

Turns raw recordings (one SYSTEM.json of command outputs each) into
OUT_FOLDER/SYSTEM/bundle.txt, the form that a collected host has on the wire.
Where the raw recording holds the file itself, our own capture body is run on
a temporary root made of it; where it holds a live command's output, that
output is brought into the capture's form. Run as root, in the repository.
"""
import base64, json, os, pathlib, re, shutil, subprocess, sys, tempfile

REPO = pathlib.Path(__file__).resolve().parents[2]
HELPERS = (REPO / 'testdata/make/helpers.sh').read_text()
SYSTEMS = ['debian12-default', 'debian12-default-unprivileged', 'debian12-weak',
           'debian12-hardened', 'debian12-minbase', 'busybox-initramfs']
KINDS = {'regular file': 0x8, 'regular empty file': 0x8, 'directory': 0x4, 'symbolic link': 0xa,
         'fifo': 0x1, 'socket': 0xc, 'character special file': 0x2, 'block special file': 0x6}


class Recording:
    def __init__(self, path):
        self.rows = {row['id']: row for row in json.loads(path.read_text())['commands']}

    def out(self, name, stream='stdout'):
        row = self.rows.get(name)
        if row is None:
            return b''
        if row[stream] is None:
            return base64.b64decode(row[stream + '_base64'])
        return row[stream].encode()

    def rc(self, name):
        return self.rows[name]['rc'] if name in self.rows else 127


def captures(paths=()):
    made = subprocess.run(['cargo', 'run', '-q', '-p', 'anji-evidence', '--example', 'captures',
                           '--', *paths], cwd=REPO, check=True, capture_output=True).stdout
    return {capture['id']: capture for capture in json.loads(made)}


def run(command, root, user=None):
    script = f'{HELPERS}\nbody() {{\n{command}\n}}\nbody\n'
    env = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C', 'R': root}
    extra = {'user': user, 'group': user, 'extra_groups': []} if user else {}
    done = subprocess.run(['sh', '-c', script], env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, cwd='/', **extra)
    return done.stdout, done.returncode, done.stderr


def frame(name, data, code=0, errors=b''):
    if data and not data.endswith(b'\n'):
        data += b'\n'
    lines = [b'|' + line for line in data.split(b'\n')[:-1]]
    lines += [b'!' + line for line in errors[-600:].split(b'\n') if line]
    return b'\n'.join([b'#anji recording B ' + name.encode(), *lines,
                       b'#anji recording E %s exit=%d bytes=%d truncated=0 timeout=0 ms=-'
                       % (name.encode(), code, len(data)), b''])


def owners(data):
    ids = {}
    for line in data.decode('utf-8', 'replace').splitlines():
        fields = line.split(':')
        if len(fields) > 2:
            ids.setdefault(fields[2], fields[0])
    return ids


def stats(rec):
    """Every path whose stat was recorded, with its facts or None (absent) or 'denied'."""
    seen = {}
    for name in ('account-files-stat', 'ssh-files-stat', 'sudoers-stat', 'audit-stat', 'cron-stat',
                 'stat-key-files'):
        for line in rec.out(name).decode('utf-8', 'replace').splitlines():
            met = re.match(r'([0-7]+) (\d+) (\d+) \S+ \S+ (.+?) \d+ (?:\d+ )?(/.*)$', line)
            if met:
                mode, uid, gid, kind, path = met.groups()
                seen[path] = (KINDS[kind] << 12 | int(mode, 8), uid, gid)
        for line in rec.out(name, 'stderr').decode('utf-8', 'replace').splitlines():
            met = re.match(r"stat: can(?:not|'t) statx? '(/[^*]*)': (.*)$", line)
            if met:
                seen.setdefault(met[1], 'denied' if 'denied' in met[2] else None)
    return seen


def stat_line(path, facts, users, groups):
    if isinstance(facts, tuple):
        mode, uid, gid = facts
        return f's {mode:x} {uid} {gid} {users.get(uid, "-")} {groups.get(gid, "-")} {path}\n'
    return f'{facts or "absent"} - - - - - {path}\n'


def walk(rec):
    """The recorded finds, as one walk of `/`."""
    body = b'//R /\n'
    for name, kind in (('find-suid', b'f'), ('find-world-writable', b'f'), ('find-ww-dirs', b'd')):
        for record in re.split(rb'\n(?=[0-7]+ \d+ \d+ /|$)', rec.out(name)):
            met = re.match(rb'([0-7]+) (\d+) (\d+) (/.*)$', record, re.S)
            if met:
                body += b'//' + kind + b' '.join([met[1], met[2], met[3], met[4]]) + b'\n'
    errors = rec.out('find-suid', 'stderr').splitlines()
    body += b'//X %d\n' % rec.rc('find-suid')
    body += b''.join(b'//E ' + line + b'\n' for line in errors[:400])
    return body + b'//N %d\n' % len(errors)


def sockets(rec, root_rights):
    span = re.search(rb'ip_local_port_range = (\d+)\s+(\d+)', rec.out('sysctl-a'))
    body = b'range %s\t%s\n' % span.groups() if span else b''
    body += b'rights %s\n' % (b'all' if root_rights else b'own')
    if rec.rc('ss-tulpn') == 0:
        return body + rec.out('ss-tulpn')
    for table in ('tcp', 'tcp6', 'udp', 'udp6'):
        if rec.rc('proc-net-' + table) == 0:
            body += b'table %s\n' % table.encode() + rec.out('proc-net-' + table)
    return body


def sshd(rec, all_captures, root, root_rights, facts, users, groups):
    there = rec.rc('sshd-T') != 127
    presence = 'binary /usr/sbin/sshd\n' * there
    presence += 'config /etc/ssh/sshd_config\n' * isinstance(facts.get('/etc/ssh/sshd_config'), tuple)
    for line in rec.out('ps-eo-wide').decode('utf-8', 'replace').splitlines():
        met = re.match(r'\s*(?:\d+\s+){5}.*?\ssshd\s+(sshd: .*)$', line)
        if met:
            presence += f'process {met[1]}\n'
    yield frame('sshd.presence', presence.encode())
    code = rec.rc('sshd-T') if there else 44
    settings = frame('sshd.settings', rec.out('sshd-T'), 43 if code and there and not root_rights else code,
                     rec.out('sshd-T', 'stderr') if there else b'')
    yield settings
    if there:
        command = all_captures['sshd.config']['command'].replace('/etc/ssh', f'{root}/etc/ssh')
        data, code, errors = run(command, '')
        yield frame('sshd.config', data.replace(root.encode(), b''), code, errors)
        lines = re.findall(r'^hostkey (.*)$', rec.out('sshd-T').decode(), re.M)
        keys = ''.join(stat_line(path, facts.get(path), users, groups) for path in lines)
        yield frame('sshd.hostkeys', keys.encode(), 0 if rec.rc('sshd-T') == 0 else 43)
    else:
        yield frame('sshd.config', b'', 44)
        yield frame('sshd.hostkeys', b'', 44)


def make_root(rec, root):
    """The files that the recording holds, under `root`. What was denied is there, unreadable."""
    for name, path in (('os-release', 'etc/os-release'), ('passwd', 'etc/passwd'),
                       ('shadow', 'etc/shadow'), ('group', 'etc/group'),
                       ('nsswitch', 'etc/nsswitch.conf'), ('sshd_config', 'etc/ssh/sshd_config')):
        denied = b'ermission denied' in rec.out(name, 'stderr')
        if rec.rc(name) != 0 and not denied:
            continue
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = rec.out(name)
        if name == 'sshd_config':
            data = data.replace(b'/etc/ssh/', f'{root}/etc/ssh/'.encode())
        target.write_bytes(data)
        if denied:
            target.chmod(0o600)
    if (root / 'etc/ssh').exists():
        (root / 'etc/ssh/sshd_config.d').mkdir()
    for part in re.split(rb'^### (?=/)', rec.out('sshd_config.d'), flags=re.M)[1:]:
        path, _, data = part.partition(b'\n')
        if b'*' not in path:
            (root / path.decode().lstrip('/')).write_bytes(data)


def bundle(system, rec):
    uid = re.search(rb'uid=(\d+)', rec.out('id'))[1].decode()
    root_rights = uid == '0'
    facts = stats(rec)
    users, groups = owners(rec.out('passwd')), owners(rec.out('group'))
    all_captures = captures()
    time = rec.out('date').split(b'\n')[1]
    host = rec.out('uname-parts').split(b'\n')[4]
    yield b'#anji 1 recording begin uid=%s sudo=0 time=%s host=%s shell=sh\n' % (uid.encode(), time, host)
    count = 0
    with tempfile.TemporaryDirectory(prefix='anji-') as folder:
        root = pathlib.Path(folder)
        root.chmod(0o755)
        make_root(rec, root)
        parts = []
        for name in ('accounts.passwd', 'accounts.shadow', 'accounts.group', 'accounts.nsswitch',
                     'os.release'):
            data, code, errors = run(all_captures[name]['command'], folder, None if root_rights else 65534)
            parts.append(frame(name, data.replace(folder.encode(), b''), code, errors))
        kernel = b'\n'.join(rec.out('uname-parts').split(b'\n')[:4]) + b'\n'
        parts.append(frame('os.kernel', kernel))
        stat = ''.join(stat_line(path, facts[path], users, groups) for path in sorted(facts))
        parts.append(frame('file.stat', stat.encode()))
        parts.append(frame('sockets.listening', sockets(rec, root_rights)))
        parts += sshd(rec, all_captures, folder, root_rights, facts, users, groups)
        parts.append(frame('file.walk', walk(rec)))
        for part in parts:
            count += 1
            yield part
    yield b'#anji recording end captures=%d\n' % count


def main():
    raw, out, *systems = sys.argv[1:]
    for system in systems or SYSTEMS:
        rec = Recording(pathlib.Path(raw) / f'{system}.json')
        target = pathlib.Path(out) / system
        target.mkdir(parents=True, exist_ok=True)
        data = b''.join(bundle(system, rec))
        (target / 'bundle.txt').write_bytes(data)
        print(f'{system}: {len(data)} bytes')


if __name__ == '__main__':
    main()
