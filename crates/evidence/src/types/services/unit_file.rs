//! The settings of unit files, as the capture gives them.

use super::super::decimal;
use super::listing::base;
use std::collections::{BTreeMap, BTreeSet};

/// The settings of one unit, its drop-in files included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// Whether `systemctl enable` would do anything by itself.
    pub(super) installable: bool,
    /// Whether it names others that are enabled with it.
    pub(super) also: bool,
    /// The names that enabling would give it besides its own.
    pub(super) aliases: BTreeSet<Vec<u8>>,
    /// The instance that enabling a template without one gives.
    pub(super) default_instance: Vec<u8>,
    pub(super) user: Vec<u8>,
    pub(super) dynamic_user: bool,
    pub(super) kind: Vec<u8>,
    /// Whether it takes a name on the bus.
    pub(super) bus: bool,
    pub(super) remains: bool,
    pub(super) program: Vec<u8>,
    pub(super) tcp: BTreeSet<u16>,
    pub(super) udp: BTreeSet<u16>,
    pub(super) schedule: BTreeSet<Vec<u8>>,
    /// `Unit=` of a timer, `Service=` of a socket.
    pub(super) starts: Vec<u8>,
}

impl Settings {
    /// Whether it is a service that ends by itself.
    pub(super) fn ends(&self) -> bool {
        self.kind == b"oneshot" && !self.remains
    }

    /// Whether others start it by asking for its name on the bus.
    pub(super) fn by_bus(&self) -> bool {
        self.kind == b"dbus" || self.kind.is_empty() && self.bus
    }

    /// One line of the capture: `Service User=postgres`.
    pub(super) fn line(&mut self, line: &[u8]) -> bool {
        let Some(blank) = line.iter().position(|&b| b == b' ') else { return false };
        let (section, rest) = (&line[..blank], &line[blank + 1..]);
        let Some(equals) = rest.iter().position(|&b| b == b'=') else { return false };
        let (key, value) = (&rest[..equals], &rest[equals + 1..]);
        match section {
            b"Install" => self.install(key, value),
            b"Service" => self.service(key, value),
            b"Socket" => self.socket(key, value),
            b"Timer" => self.timer(key, value),
            _ => return false,
        }
        true
    }

    fn install(&mut self, key: &[u8], value: &[u8]) {
        if value.is_empty() {
            return;
        }
        match key {
            b"Also" => self.also = true,
            b"DefaultInstance" => self.default_instance = value.to_vec(),
            b"Alias" => {
                self.installable = true;
                let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
                self.aliases.extend(words.map(<[u8]>::to_vec));
            }
            _ => self.installable = true,
        }
    }

    fn service(&mut self, key: &[u8], value: &[u8]) {
        match key {
            b"User" => self.user = value.to_vec(),
            b"DynamicUser" => self.dynamic_user = truth(value),
            b"Type" => self.kind = value.to_vec(),
            b"BusName" => self.bus = !value.is_empty(),
            b"RemainAfterExit" => self.remains = truth(value),
            // An empty assignment takes back those before it.
            b"ExecStart" if value.is_empty() => self.program.clear(),
            b"ExecStart" if self.program.is_empty() => self.program = value.to_vec(),
            _ => {}
        }
    }

    fn socket(&mut self, key: &[u8], value: &[u8]) {
        let ports = match key {
            b"ListenStream" => &mut self.tcp,
            b"ListenDatagram" => &mut self.udp,
            b"Service" => {
                self.starts = value.to_vec();
                return;
            }
            _ => return,
        };
        if value.is_empty() {
            ports.clear();
        }
        ports.extend(port(value));
    }

    fn timer(&mut self, key: &[u8], value: &[u8]) {
        match key {
            b"Unit" => self.starts = value.to_vec(),
            _ if value.is_empty() => self.schedule.clear(),
            _ => {
                self.schedule.insert([key, b"=", value].concat());
            }
        }
    }
}

fn truth(value: &[u8]) -> bool {
    [&b"1"[..], b"yes", b"y", b"true", b"t", b"on"]
        .iter()
        .any(|yes| value.eq_ignore_ascii_case(yes))
}

/// `23`, `0.0.0.0:23`, `[::]:23`; paths and others have no port, and what only
/// the host itself can reach is left out.
fn port(value: &[u8]) -> Option<u16> {
    if value.starts_with(b"127.") || value.starts_with(b"[::1]:") {
        return None;
    }
    if value.first().is_some_and(|b| matches!(b, b'/' | b'@')) || value.starts_with(b"vsock:") {
        return None;
    }
    let address = value.split(|&b| b == b'%').next().unwrap_or_default();
    decimal(address.rsplit(|&b| b == b':').next().unwrap_or_default())
}

/// The files by path from the root, each with its lines.
pub(super) type Files = BTreeMap<Vec<u8>, Vec<Vec<u8>>>;

/// The settings of the unit `name`: its file and the drop-ins of every folder,
/// of its own name, its template's and its kind's. Of drop-ins with one name,
/// the first folder's holds; they are applied in order of their names.
pub(super) fn settings(
    name: &[u8],
    file: Option<&[u8]>,
    folders: &[Vec<u8>],
    files: &Files,
    drop_ins: &BTreeMap<Vec<u8>, Vec<Vec<u8>>>,
) -> Settings {
    let mut settings = Settings::default();
    for line in file.and_then(|file| files.get(file)).into_iter().flatten() {
        settings.line(line);
    }
    let kind = name.rsplit(|&b| b == b'.').next().unwrap_or_default().to_vec();
    let mut names = vec![name.to_vec(), kind];
    if let Some(at) = name.iter().position(|&b| b == b'@') {
        let end = name.iter().rposition(|&b| b == b'.').unwrap_or(name.len());
        names.push([&name[..=at], &name[end.max(at)..]].concat());
    }
    let mut chosen: BTreeMap<&[u8], (usize, &[u8])> = BTreeMap::new();
    for path in names.iter().filter_map(|name| drop_ins.get(name)).flatten() {
        let under =
            |folder: &Vec<u8>| path.strip_prefix(&folder[..]).is_some_and(|r| r.starts_with(b"/"));
        let rank = folders.iter().position(under).unwrap_or(usize::MAX);
        let place = chosen.entry(base(path)).or_insert((rank, path));
        if rank < place.0 {
            *place = (rank, path);
        }
    }
    for (_, path) in chosen.into_values() {
        for line in files.get(path).into_iter().flatten() {
            settings.line(line);
        }
    }
    settings
}

/// The drop-in files by the unit (or kind) that they are for.
pub(super) fn drop_ins(files: &Files) -> BTreeMap<Vec<u8>, Vec<Vec<u8>>> {
    let mut found: BTreeMap<Vec<u8>, Vec<Vec<u8>>> = BTreeMap::new();
    for path in files.keys() {
        let mut parts = path.rsplit(|&b| b == b'/');
        let (Some(_), Some(folder)) = (parts.next(), parts.next()) else { continue };
        if let Some(unit) = folder.strip_suffix(b".d") {
            found.entry(unit.to_vec()).or_default().push(path.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_sockets_have_ports_or_none() {
        for (value, expected) in [
            ("23", Some(23)),
            ("0.0.0.0:23", Some(23)),
            ("[::]:8104", Some(8104)),
            ("[::1]:8104", None),
            ("127.0.0.1:23", None),
            ("[fe80::1]:23%eth0", Some(23)),
            ("/run/dbus/system_bus_socket", None),
            ("@abstract:1", None),
            ("vsock::22", None),
            ("", None),
            ("99999", None),
        ] {
            assert_eq!(port(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn drop_ins_change_what_the_file_says() {
        let lines = |text: &str| text.lines().map(|line| line.as_bytes().to_vec()).collect();
        let files: Files = [
            (
                b"./usr/lib/systemd/system/a@.service".to_vec(),
                lines("Service User=one\nService ExecStart=/bin/a"),
            ),
            (
                b"./usr/lib/systemd/system/a@.service.d/10.conf".to_vec(),
                lines("Service User=vendor"),
            ),
            (
                b"./etc/systemd/system/a@.service.d/10.conf".to_vec(),
                lines("Service ExecStart=\nService ExecStart=/bin/b"),
            ),
            (b"./etc/systemd/system/a@x.service.d/20.conf".to_vec(), lines("Service User=two")),
        ]
        .into_iter()
        .collect();
        let folders = vec![b"./etc/systemd/system".to_vec(), b"./usr/lib/systemd/system".to_vec()];
        let file: &[u8] = b"./usr/lib/systemd/system/a@.service";
        let met = settings(b"a@x.service", Some(file), &folders, &files, &drop_ins(&files));
        assert_eq!((met.user.as_slice(), met.program.as_slice()), (&b"two"[..], &b"/bin/b"[..]));
        let met = settings(b"a@y.service", Some(file), &folders, &files, &drop_ins(&files));
        assert_eq!(met.user, b"one");
    }
}
