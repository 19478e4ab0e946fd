//! What a control group says of the process in it.

/// The container and the unit of systemd that a path of control groups names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) container: Option<&'static str>,
    pub(super) unit: Option<Vec<u8>>,
}

/// Reads a path such as `/system.slice/ssh.service`.
pub(super) fn place(path: &[u8]) -> Place {
    let parts: Vec<&[u8]> = path.split(|&b| b == b'/').filter(|part| !part.is_empty()).collect();
    let container = container(&parts);
    let unit = parts.iter().rev().find_map(|part| unit(part)).filter(|_| container.is_none());
    Place { container, unit }
}

fn container(parts: &[&[u8]]) -> Option<&'static str> {
    let starts = |word: &[u8]| parts.iter().any(|part| part.starts_with(word));
    let is = |word: &[u8]| parts.contains(&word);
    Some(match () {
        () if starts(b"kubepods") => "kubernetes",
        () if starts(b"docker-") && parts.iter().any(|part| ends_in_id(part)) => "docker",
        () if is(b"docker") && parts.iter().any(|part| is_id(part)) => "docker",
        () if starts(b"libpod-") || starts(b"libpod_parent") => "podman",
        () if starts(b"cri-containerd-") || starts(b"nerdctl-") || starts(b"crio-") => "containerd",
        () if starts(b"lxc.payload") || is(b"lxc") => "lxc",
        () if is(b"machine.slice") && starts(b"machine-") => "nspawn",
        () if is(b"machine.slice") && starts(b"systemd-nspawn@") => "nspawn",
        () => return None,
    })
}

fn is_id(part: &[u8]) -> bool {
    part.len() == 64 && part.iter().all(u8::is_ascii_hexdigit)
}

fn ends_in_id(part: &[u8]) -> bool {
    let part = part.strip_suffix(b".scope").unwrap_or(part);
    part.rsplit(|&b| b == b'-').next().is_some_and(is_id)
}

fn unit(part: &[u8]) -> Option<Vec<u8>> {
    if part.starts_with(b"session-") && part.ends_with(b".scope") {
        return Some(b"session".to_vec());
    }
    let name = part.strip_suffix(b".service")?;
    if name.starts_with(b"user@") {
        return Some(b"user@.service".to_vec());
    }
    // The instance of one connection is another each time.
    let at = name.iter().position(|&b| b == b'@');
    let instance = at.map_or(&[][..], |at| &name[at + 1..]);
    let numbered = instance.first().is_some_and(u8::is_ascii_digit);
    let connection = instance.contains(&b':')
        || instance.contains(&b'-') && instance.iter().all(|b| b.is_ascii_digit() || *b == b'-');
    match at {
        Some(at) if numbered && connection => Some([&name[..=at], b".service"].concat()),
        _ => Some(part.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_units_and_containers() {
        let id = "0123456789abcdef".repeat(4);
        for (path, container, unit) in [
            ("/system.slice/ssh.service".to_owned(), None, Some("ssh.service")),
            ("/init.scope".to_owned(), None, None),
            ("/user.slice/user-1000.slice/session-3.scope".to_owned(), None, Some("session")),
            (
                "/user.slice/user-1000.slice/user@1000.service/init.scope".to_owned(),
                None,
                Some("user@.service"),
            ),
            (
                "/system.slice/system-postgresql.slice/postgresql@15-main.service".to_owned(),
                None,
                Some("postgresql@15-main.service"),
            ),
            (
                "/system.slice/telnet@3-10.0.2.15:23-10.0.2.2:5122.service".to_owned(),
                None,
                Some("telnet@.service"),
            ),
            (format!("/system.slice/docker-{id}.scope"), Some("docker"), None),
            (format!("/docker/{id}"), Some("docker"), None),
            ("/system.slice/docker.service".to_owned(), None, Some("docker.service")),
            (format!("/machine.slice/libpod-{id}.scope/container"), Some("podman"), None),
            ("/kubepods.slice/kubepods-pod1.slice/x.scope".to_owned(), Some("kubernetes"), None),
            ("/lxc.payload.web/system.slice/cron.service".to_owned(), Some("lxc"), None),
            (String::new(), None, None),
        ] {
            let met = place(path.as_bytes());
            let unit = unit.map(|unit| unit.as_bytes().to_vec());
            assert_eq!(met, Place { container, unit }, "{path}");
        }
    }
}
