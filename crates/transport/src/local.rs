//! This machine, by a shell of its own.

use crate::group::{Group, kill_marked, wait_for_end};
use crate::{Ended, Exit, Sink, Transport, TransportError};
use rustix::process::Signal;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes read from the shell at once.
const CHUNK: usize = 64 * 1024;
/// Chunks that wait for the sink; then the shell waits.
const CHUNKS_WAITING: usize = 4;
/// How long a run that was told to end may clean up before it is killed. The
/// script's own watchdog needs two seconds for what ignores a request.
const GRACE: Duration = Duration::from_secs(4);

/// Runs scripts in a POSIX shell of this machine, with nothing of our
/// environment, in a process group of its own.
#[derive(Debug, Clone)]
pub struct LocalShell {
    program: String,
    arguments: Vec<String>,
    stop: Stop,
}

/// Ends a run from outside of it, for instance from a signal handler. Once
/// told, every run of its [`LocalShell`] ends.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Tells the run to end.
    pub fn tell(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was told.
    pub fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for LocalShell {
    fn default() -> Self {
        Self::new()
    }
}

impl LocalShell {
    /// The system's own shell, `/bin/sh`.
    pub fn new() -> Self {
        Self::with_command("/bin/sh", [])
    }

    /// Another shell, with arguments that come before `-s`, for instance
    /// `/usr/bin/busybox` with `sh`.
    pub fn with_command<'a>(
        program: impl Into<String>,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().map(str::to_owned).collect(),
            stop: Stop::default(),
        }
    }

    /// The means to end its runs from outside.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    fn start(&self, nonce: &str) -> Result<Child, TransportError> {
        Command::new(&self.program)
            .args(&self.arguments)
            .args(["-s", "--", nonce])
            .env_clear()
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| TransportError::Start { shell: self.program.clone(), source })
    }
}

impl Transport for LocalShell {
    fn name(&self) -> &'static str {
        "local"
    }

    fn run(
        &self,
        script: &str,
        nonce: &str,
        limit: Duration,
        sink: &mut Sink<'_>,
    ) -> Result<Exit, TransportError> {
        let deadline = Instant::now() + limit;
        let mut child = self.start(nonce)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let group = Group::new(child).ok_or_else(|| TransportError::Start {
            shell: self.program.clone(),
            source: std::io::Error::other("no process id"),
        })?;
        let mut run = Run::serve(&group, script, pipes)?;
        let cut = run.pass_on(deadline, &self.stop, sink);
        if cut.is_some() {
            // The shell dies of it; its watchdog stays to end what it started.
            group.signal(Signal::TERM);
            run.drain(Instant::now() + GRACE);
        }
        let status = group.end();
        if cut.is_some() || !run.is_over() {
            kill_marked(nonce);
            run.drain(Instant::now() + Duration::from_secs(1));
        }
        let ended = cut.unwrap_or_else(|| ended_by_itself(status));
        Ok(Exit { ended, diagnostics: run.diagnostics.unwrap_or_default() })
    }
}

fn ended_by_itself(status: Option<ExitStatus>) -> Ended {
    match status {
        Some(status) => match (status.code(), status.signal()) {
            (Some(code), _) => Ended::Exited(code),
            (None, signal) => Ended::Signalled(signal.unwrap_or(0)),
        },
        // The system would not say; it is not a success.
        None => Ended::Signalled(0),
    }
}

/// What the threads that serve a run tell about it.
enum Event {
    /// All of standard error, bounded.
    Diagnostics(Vec<u8>),
    /// The shell itself has ended.
    Exited,
}

/// A running script, seen from outside.
struct Run {
    chunks: Receiver<Vec<u8>>,
    events: Receiver<Event>,
    output_over: bool,
    exited: bool,
    diagnostics: Option<Vec<u8>>,
}

type Pipes = (
    Option<std::process::ChildStdin>,
    Option<std::process::ChildStdout>,
    Option<std::process::ChildStderr>,
);

impl Run {
    /// Starts the threads. None of them outlives the pipes that it serves.
    fn serve(group: &Group, script: &str, pipes: Pipes) -> Result<Self, TransportError> {
        let (input, output, errors) = pipes;
        let (chunk_sender, chunks) = sync_channel(CHUNKS_WAITING);
        let (event_sender, events) = channel();
        let script = script.as_bytes().to_vec();
        let leader = group.leader();
        let exit_sender: Sender<Event> = event_sender.clone();
        spawn(move || {
            // A shell that stops reading has ended, which is told elsewhere.
            let _broken = input.map(|mut pipe| pipe.write_all(&script));
        })?;
        spawn(move || output.into_iter().for_each(|pipe| pass_chunks(pipe, &chunk_sender)))?;
        spawn(move || {
            let tail = errors.map(read_tail).unwrap_or_default();
            let _reader_gone = event_sender.send(Event::Diagnostics(tail));
        })?;
        spawn(move || {
            wait_for_end(leader);
            let _reader_gone = exit_sender.send(Event::Exited);
        })?;
        Ok(Self { chunks, events, output_over: false, exited: false, diagnostics: None })
    }

    /// Whether the shell has ended and nothing holds its output any more.
    fn is_over(&self) -> bool {
        self.output_over && self.exited && self.diagnostics.is_some()
    }

    fn take_events(&mut self) {
        for event in self.events.try_iter() {
            match event {
                Event::Diagnostics(tail) => self.diagnostics = Some(tail),
                Event::Exited => self.exited = true,
            }
        }
    }

    /// Passes the output to the sink until the run is over by itself, which
    /// gives none, or has to be ended.
    fn pass_on(&mut self, deadline: Instant, stop: &Stop, sink: &mut Sink<'_>) -> Option<Ended> {
        let mut linger = None;
        loop {
            let now = Instant::now();
            self.take_events();
            if self.is_over() {
                return None;
            }
            if now >= deadline {
                return Some(Ended::TimedOut);
            }
            if stop.is_told() {
                return Some(Ended::Stopped);
            }
            // Something that the shell left behind holds its output: not for long.
            if self.exited && now >= *linger.get_or_insert(now + GRACE) {
                return None;
            }
            match self.next(deadline.min(now + POLL)) {
                Some(chunk) if sink(&chunk).is_break() => return Some(Ended::SinkBroke),
                Some(_) | None => {}
            }
        }
    }

    /// Throws the output away until the run is over or the time has come.
    fn drain(&mut self, until: Instant) {
        loop {
            self.take_events();
            let now = Instant::now();
            if self.is_over() || now >= until {
                return;
            }
            self.next(until.min(now + POLL));
        }
    }

    fn next(&mut self, until: Instant) -> Option<Vec<u8>> {
        let wait = until.saturating_duration_since(Instant::now());
        if self.output_over {
            // Only events are left, and they come at once.
            thread::sleep(wait.min(Duration::from_millis(1)));
            return None;
        }
        match self.chunks.recv_timeout(wait) {
            Ok(chunk) => Some(chunk),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                self.output_over = true;
                None
            }
        }
    }
}

/// How often events are looked for while no output comes.
const POLL: Duration = Duration::from_millis(50);

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<(), TransportError> {
    thread::Builder::new().spawn(work).map(drop).map_err(TransportError::Thread)
}

fn pass_chunks(mut pipe: impl Read, sender: &SyncSender<Vec<u8>>) {
    let mut buffer = vec![0; CHUNK];
    loop {
        match pipe.read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// The last [`Exit::DIAGNOSTICS_MAX`] bytes, in bounded memory.
fn read_tail(mut pipe: impl Read) -> Vec<u8> {
    let mut tail = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match pipe.read(&mut buffer) {
            Ok(0) => return tail,
            Ok(length) => {
                tail.extend_from_slice(&buffer[..length]);
                tail.drain(..tail.len().saturating_sub(Exit::DIAGNOSTICS_MAX));
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return tail,
        }
    }
}
