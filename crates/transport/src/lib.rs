//! Channels to targets. Nothing else in the product opens one.
//!
//! A [`Transport`] carries one script to one target, hands back what the script
//! writes while it writes it, and is sure to end: at its deadline, or as soon
//! as the reader has had enough. It knows nothing of what a script does.

mod group;
mod local;

pub use local::{LocalShell, Stop};

use std::ops::ControlFlow;
use std::time::Duration;

/// The environment variable by which a run's processes are known, however they
/// were detached. Its value is the run's nonce. The script sets it for what it
/// starts, and a transport that had to end a run by force looks for it.
pub const MARK_VARIABLE: &str = "ANJI_MARK";

/// Takes the script's output piece by piece; breaks when it wants no more.
pub type Sink<'a> = dyn FnMut(&[u8]) -> ControlFlow<()> + 'a;

/// A way to run a script on a target.
pub trait Transport {
    /// Its name, for instance `local`.
    fn name(&self) -> &str;

    /// Runs `script` with `nonce` as its only argument and passes what it
    /// writes to `sink`, in order. Returns when the script has ended, at the
    /// latest some seconds after `limit`; then nothing of the run is left on
    /// the target that the account is able to end.
    ///
    /// # Errors
    /// [`TransportError`] when the script could not be started. A script that
    /// was cut short is no error: [`Exit`] says how it ended.
    fn run(
        &self,
        script: &str,
        nonce: &str,
        limit: Duration,
        sink: &mut Sink<'_>,
    ) -> Result<Exit, TransportError>;
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this status.
    Exited(i32),
    /// By a signal that did not come from here.
    Signalled(i32),
    /// By us, at the time limit.
    TimedOut,
    /// By us, because the sink broke.
    SinkBroke,
    /// By us, because somebody asked for it.
    Stopped,
}

/// What is known of a run besides its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// How it ended.
    pub ended: Ended,
    /// The last bytes that the shell itself wrote to standard error, at most
    /// [`Exit::DIAGNOSTICS_MAX`]; hostile until escaped.
    pub diagnostics: Vec<u8>,
}

impl Exit {
    /// The most bytes of standard error that are kept.
    pub const DIAGNOSTICS_MAX: usize = 4096;
}

/// Why a script could not be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The shell could not be started.
    #[error("could not start shell `{shell}`")]
    Start {
        /// The shell that was asked for.
        shell: String,
        /// Why not.
        source: std::io::Error,
    },
    /// A thread to serve the run could not be started.
    #[error("could not start a thread")]
    Thread(#[source] std::io::Error),
}
