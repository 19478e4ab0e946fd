//! `sockets.listening`: what accepts connections, and through which process.

mod read;
mod script;
mod table;

use super::{capture, text, type_name, vector};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The listening sockets of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The listening TCP and unconnected UDP sockets.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub listeners: Vec<Listener>,
}

/// One listening socket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Listener {
    /// Protocol, address, port and process as an approved list holds them:
    /// `tcp 0.0.0.0:22 sshd`; `-` where no process holds the socket. A UDP
    /// socket on an ephemeral port, mostly a client's, is `udp ephemeral any chronyd`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: Option<String>,
    /// `tcp` or `udp`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub protocol: String,
    /// The local address, with its zone where it has one; `*` for both families.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub address: String,
    /// The local port, absent where it is ephemeral and so another each time.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub port: Option<u16>,
    /// The names of the processes that hold it, joined by commas; absent where
    /// none does (the kernel's own).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub process: Option<String>,
    /// `loopback`, `any` (every address of the host) or `specific`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub scope: String,
    /// Whether it is a UDP socket on a port of the host's ephemeral range.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub ephemeral: bool,
}

/// The type `sockets.listening`.
#[derive(Debug, Clone, Copy)]
pub struct ListeningSockets;

const SOCKETS: &str = "sockets.listening";

impl EvidenceKind for ListeningSockets {
    fn name(&self) -> EvidenceType {
        type_name("sockets.listening")
    }

    fn title(&self) -> Text {
        text("监听端口", "Listening sockets")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 4 << 20, timeout_seconds: 30, age_seconds_max: 86_400 }
    }

    fn selector(&self) -> SelectorKind {
        SelectorKind::None
    }

    fn source(&self) -> Source {
        Source::Live
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<Body>()
    }

    fn captures(&self, _selectors: &[Selector]) -> Vec<Capture> {
        let mut sockets = capture(SOCKETS, Source::Live, self.limits(), script::BODY);
        sockets.sudo =
            ["/usr/bin/ss", "/usr/sbin/ss"].map(|ss| vector(&[ss, "-H", "-tulpn"])).to_vec();
        vec![sockets]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read::read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}
