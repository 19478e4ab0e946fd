//! `sysctl`: the kernel's security-relevant settings, as they are now and as
//! the configuration would set them when the system starts.

mod config;
mod kernel;
mod read;
mod script;

use super::dump::closed_capture;
use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Security-relevant settings of the kernel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// A fixed list of keys, each of them in every body.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub settings: Vec<Setting>,
    /// What stands for every interface of a family: the values of `all`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub families: Vec<Family>,
    /// The network interfaces of each family, and `default`, which an interface
    /// that is made later begins with. Names that are made up anew each time
    /// (`veth1a2b3c`) stand once, as `veth*`, for all that are alike.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub interfaces: Vec<Interface>,
    /// What applies the configuration when the system starts: `systemd-sysctl`,
    /// or `procps` (or a program like it), which reads `/etc/sysctl.conf` last.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub applied_by: Option<String>,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Setting {
    /// Its name with dots: `net.ipv4.ip_forward`.
    #[schemars(extend("x-sensitivity" = "public", "x-label" = true))]
    pub key: String,
    /// Its value now, as the kernel shows it; absent where the kernel has no such key.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub running: Option<String>,
    /// The value that the configuration assigns; absent where it assigns none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured: Option<String>,
    /// The file that decides what is assigned.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: Option<String>,
}

/// One address family.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Family {
    /// `ipv4` or `ipv6`.
    #[schemars(extend("x-sensitivity" = "public", "x-label" = true))]
    pub family: String,
    /// The values of `all` now.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub running: Parameters,
    /// The values that the configuration assigns to `all`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured: Parameters,
}

/// One interface in one family.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Interface {
    /// Family and name: `ipv4 eth0`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: String,
    /// `ipv4` or `ipv6`.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub family: String,
    /// The interface's name, or `default`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub name: String,
    /// Whether it is `lo`, which only this host itself can reach.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub loopback: bool,
    /// Its own values now.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub running: Parameters,
    /// The values that the configuration assigns to it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub configured: Parameters,
    /// What holds on it now, by the kernel's rule of `all` and its own value.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub effective: Effective,
    /// What would hold after a start: the same, with what the configuration assigns.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub after_start: Effective,
}

/// Values of an interface, each absent where its family has no such parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Parameters {
    /// Whether router advertisements are believed; 2: by a router too.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accept_ra: Option<i64>,
    /// Whether ICMP redirects are believed.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accept_redirects: Option<i64>,
    /// Whether packets with a source route are accepted.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accept_source_route: Option<i64>,
    /// Whether IPv6 is off.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub disable_ipv6: Option<i64>,
    /// Whether packets for others are forwarded.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub forwarding: Option<i64>,
    /// Whether packets with impossible addresses are logged.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub log_martians: Option<i64>,
    /// Whether it answers for others' addresses.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub proxy_arp: Option<i64>,
    /// The reverse path filter: 0 off, 1 strict, 2 loose.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub rp_filter: Option<i64>,
    /// Whether redirects are believed from listed gateways only.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub secure_redirects: Option<i64>,
    /// Whether ICMP redirects are sent.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub send_redirects: Option<i64>,
}

/// What holds on an interface, each absent where its family has no such thing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Effective {
    /// Router advertisements are believed.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accept_ra: Option<bool>,
    /// ICMP redirects are believed.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accept_redirects: Option<bool>,
    /// Packets with a source route are accepted.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accept_source_route: Option<bool>,
    /// Packets for others are forwarded.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub forwarding: Option<bool>,
    /// Packets with impossible addresses are logged.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub log_martians: Option<bool>,
    /// It answers for others' addresses.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub proxy_arp: Option<bool>,
    /// The reverse path filter: 0 off, 1 strict, 2 loose.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub rp_filter: Option<i64>,
    /// Redirects are believed from listed gateways only.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub secure_redirects: Option<bool>,
    /// ICMP redirects are sent.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub send_redirects: Option<bool>,
}

/// The keys that every body holds, in order.
pub(crate) const KEYS: [&str; 39] = [
    "crypto.fips_enabled",
    "dev.tty.ldisc_autoload",
    "fs.protected_fifos",
    "fs.protected_hardlinks",
    "fs.protected_regular",
    "fs.protected_symlinks",
    "fs.suid_dumpable",
    "kernel.core_pattern",
    "kernel.core_uses_pid",
    "kernel.ctrl-alt-del",
    "kernel.dmesg_restrict",
    "kernel.io_uring_disabled",
    "kernel.kexec_load_disabled",
    "kernel.kptr_restrict",
    "kernel.modules_disabled",
    "kernel.panic",
    "kernel.panic_on_oops",
    "kernel.perf_event_paranoid",
    "kernel.randomize_va_space",
    "kernel.sysrq",
    "kernel.unprivileged_bpf_disabled",
    "kernel.unprivileged_userns_clone",
    "kernel.yama.ptrace_scope",
    "net.core.bpf_jit_harden",
    "net.ipv4.icmp_echo_ignore_all",
    "net.ipv4.icmp_echo_ignore_broadcasts",
    "net.ipv4.icmp_ignore_bogus_error_responses",
    "net.ipv4.ip_forward",
    "net.ipv4.tcp_rfc1337",
    "net.ipv4.tcp_sack",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_timestamps",
    "user.max_user_namespaces",
    "vm.max_map_count",
    "vm.mmap_min_addr",
    "vm.mmap_rnd_bits",
    "vm.overcommit_memory",
    "vm.swappiness",
    "vm.unprivileged_userfaultfd",
];

/// The parameters of interfaces and the families that have them, in order.
const PARAMETERS: [(&str, &[&str]); 10] = [
    ("accept_ra", &["ipv6"]),
    ("accept_redirects", &["ipv4", "ipv6"]),
    ("accept_source_route", &["ipv4", "ipv6"]),
    ("disable_ipv6", &["ipv6"]),
    ("forwarding", &["ipv4", "ipv6"]),
    ("log_martians", &["ipv4"]),
    ("proxy_arp", &["ipv4"]),
    ("rp_filter", &["ipv4"]),
    ("secure_redirects", &["ipv4"]),
    ("send_redirects", &["ipv4"]),
];

/// Where drop-ins stand, from the folder that wins to the one that yields.
const FOLDERS: [&str; 5] = [
    "/etc/sysctl.d",
    "/run/sysctl.d",
    "/usr/local/lib/sysctl.d",
    "/usr/lib/sysctl.d",
    "/lib/sysctl.d",
];

/// The file that `procps` reads last and systemd not at all.
const MAIN_FILE: &str = "/etc/sysctl.conf";

const RUNNING: &str = "sysctl.running";
const FILES: &str = "sysctl.files";
const PROGRAM: &str = "sysctl.program";

/// The type `sysctl`.
#[derive(Debug, Clone, Copy)]
pub struct Sysctl;

impl EvidenceKind for Sysctl {
    fn name(&self) -> EvidenceType {
        type_name("sysctl")
    }

    fn title(&self) -> Text {
        text("内核参数", "Kernel settings")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 4 << 20, timeout_seconds: 20, age_seconds_max: 86_400 }
    }

    fn selector(&self) -> SelectorKind {
        SelectorKind::None
    }

    fn source(&self) -> Source {
        Source::Files
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<Body>()
    }

    fn captures(&self, _selectors: &[Selector]) -> Vec<Capture> {
        let limits = self.limits();
        let patterns: Vec<String> =
            FOLDERS.iter().map(|folder| format!("{folder}/*.conf")).collect();
        let mut patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        patterns.push(MAIN_FILE);
        vec![
            capture(RUNNING, Source::Live, limits, &script::running_body()),
            closed_capture(FILES, limits, &patterns),
            capture(PROGRAM, Source::Files, limits, script::PROGRAM_BODY),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read::read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}
