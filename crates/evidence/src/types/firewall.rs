//! `firewall`: what the host lets in, by the rules that its kernel holds and by
//! those that come back at boot.
//!
//! Whatever wrote the rules (nftables, either iptables, firewalld, ufw), they
//! become one model (`firewall/model.rs`), and a walk through it (`walk.rs`)
//! says what becomes of the first packet of a connection from outside. Packets
//! of standing connections, through `lo`, and to groups or everybody are left
//! out. What the model does not understand makes an answer unknown, never open
//! and never closed. Rules outside the filter of the kernel (XDP, traffic
//! control, a cloud's own) are not seen, and neither are packets that are
//! forwarded, for instance to containers.

mod answer;
mod boot;
mod firewalld;
mod iptables;
mod list;
mod live;
mod model;
mod names;
mod nft;
mod packet;
mod ranges;
mod read;
mod script;
mod walk;

use super::{capture, dump, text, type_name, vector};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
pub use list::Rule;
use schemars::JsonSchema;
use serde::Serialize;

/// The host's own packet filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// What happens now to packets from outside that no rule names.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub inbound: Vec<Inbound>,
    /// What will happen to them after the next start of the host, by what is
    /// configured.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub boot: Vec<Inbound>,
    /// What is let in from outside now; nothing of a family that the host does
    /// not speak.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub openings: Vec<Opening>,
    /// The rules that incoming packets meet now.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub rules: Vec<Rule>,
    /// What loads rules at boot, as far as it is known.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub loaders: Vec<Loader>,
    /// The zones of firewalld; empty where it is not there.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub zones: Vec<Zone>,
}

/// The default for one family and interface.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Inbound {
    /// Family and interface: `ip4 any`, `ip6 eth1`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// `ip4` or `ip6`.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub family: String,
    /// `any`, or an interface for which the rules say something else than for
    /// any; a name that ends in `*` stands for all that begin so.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub interface: String,
    /// Whether the host speaks the family: for IPv6, whether an interface other
    /// than `lo` has an address.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub enabled: Option<bool>,
    /// Whether the interface is a bridge to the host's own containers and guests
    /// alone.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub inside: Option<bool>,
    /// `deny`, or `allow`: more than a sixteenth of the ports of TCP or of UDP, or half of the
    /// other protocols let anyone in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub default: Option<String>,
    /// What decided, for people.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub reason: String,
}

/// One kind of packets that is let in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Opening {
    /// All of it in a line: `ip4 tcp 22 from 10.0.0.0/8`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: String,
    /// `ip4` or `ip6`.
    #[schemars(extend("x-sensitivity" = "public"))]
    pub family: String,
    /// `tcp`, `udp`, another protocol's name or number, or `others`: all that
    /// are not told one by one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub protocol: String,
    /// The first port; absent where the protocol has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub port_from: Option<i64>,
    /// The last port; absent where the protocol has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub port_to: Option<i64>,
    /// `any`, or the names of interfaces, joined by commas.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub interface: String,
    /// Who may send: addresses, networks and ranges.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sources: Vec<String>,
    /// Whether that is everybody, more than a sixteenth of all addresses.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub anyone: Option<bool>,
    /// Whether it depends on something that is not known; `sources` are then
    /// those that may get in at most.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub conditional: bool,
}

/// Something that loads rules at boot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Loader {
    /// The name of a unit or service, or a file that is run at boot.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// Whether the rules that it loads are known.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub understood: bool,
}

/// A zone of firewalld, as its files say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Zone {
    /// Its name.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// Whether what comes in through other interfaces belongs to it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub default: bool,
    /// `default` (refuse), `ACCEPT`, `DROP`, `%%REJECT%%`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub target: String,
    /// Interfaces that belong to it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub interfaces: Vec<String>,
    /// Networks that belong to it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sources: Vec<String>,
    /// Services that it lets in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub services: Vec<String>,
    /// Ports that it lets in: `8080/tcp`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub ports: Vec<String>,
}

/// The type `firewall`.
#[derive(Debug, Clone, Copy)]
pub struct Firewall;

const KERNEL: &str = "firewall.kernel";
const NFT: &str = "firewall.nft";
const IPTABLES: &str = "firewall.iptables";
const BOOT: &str = "firewall.boot";
const FILES: &str = "firewall.files";

impl EvidenceKind for Firewall {
    fn name(&self) -> EvidenceType {
        type_name("firewall")
    }

    fn title(&self) -> Text {
        text("主机防火墙规则", "Rules of the host's firewall")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 8 << 20, timeout_seconds: 20, age_seconds_max: 86_400 }
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
        let live = |id, command: &str, sudo: Vec<Vec<String>>| Capture {
            sudo,
            ..capture(id, Source::Live, limits, command)
        };
        let nft = ["/usr/sbin/nft", "/sbin/nft"];
        let nft = nft.map(|nft| vector(&[nft, "-s", "list", "ruleset"])).to_vec();
        let save = ["ip", "ip6"].iter().flat_map(|ip| {
            ["-legacy-save", "-nft-save", "-save"]
                .map(|save| vec![format!("/usr/sbin/{ip}tables{save}")])
        });
        vec![
            live(KERNEL, script::KERNEL_BODY, Vec::new()),
            live(NFT, &script::nft_body(), nft),
            live(IPTABLES, &script::iptables_body(), save.collect()),
            capture(BOOT, Source::Files, limits, script::BOOT_BODY),
            dump::closed_capture(FILES, limits, &boot::FILES),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(crate::problem::Problem::failed)
    }
}
