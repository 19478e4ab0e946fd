//! Shells, plans, and a look at what a run leaves behind.

use anji_collect::{Collected, Progress, collect, render_script};
use anji_evidence::frame::Header;
use anji_evidence::{EvidenceKind, Frames, read_bundle, registry};
use anji_model::{
    AbsPath, Capture, CollectionPlan, EvidenceKey, EvidenceType, Selector, Source, Subject,
    WantedEvidence,
};
use anji_transport::{Ended, Exit, LocalShell, Sink, Transport, TransportError};
use jiff::Timestamp;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The first of the paths that is there; the test fails with the line that
/// installs it otherwise.
pub(crate) fn tool(paths: &[&'static str], package: &str) -> &'static str {
    paths
        .iter()
        .copied()
        .find(|path| Path::new(path).exists())
        .unwrap_or_else(|| panic!("{} is missing; install it: apt-get install {package}", paths[0]))
}

pub(crate) fn busybox() -> &'static str {
    tool(&["/usr/bin/busybox", "/bin/busybox"], "busybox")
}

/// Every shell that scripts are tested under, by name.
pub(crate) fn shells() -> Vec<(&'static str, LocalShell)> {
    vec![
        ("dash", LocalShell::with_command(tool(&["/bin/dash", "/usr/bin/dash"], "dash"), [])),
        ("bash", LocalShell::with_command(tool(&["/bin/bash", "/usr/bin/bash"], "bash"), [])),
        ("busybox", LocalShell::with_command(busybox(), ["sh"])),
    ]
}

/// A nonce that no other run has.
pub(crate) fn nonce() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn capture(id: &str, command: &str) -> Capture {
    Capture {
        id: id.to_owned(),
        command: command.to_owned(),
        source: Source::Files,
        bytes_max: 1 << 20,
        timeout_seconds: 20,
        sudo: Vec::new(),
    }
}

pub(crate) fn plan(captures: Vec<Capture>) -> CollectionPlan {
    CollectionPlan { subject: Subject::local(), root: None, wanted: Vec::new(), captures }
}

pub(crate) fn key(kind: &str, path: Option<&str>) -> EvidenceKey {
    EvidenceKey {
        kind: EvidenceType::new(kind).expect("type name"),
        selector: path.map(|p| Selector::Path(AbsPath::new(p).expect("path"))),
    }
}

/// A plan for these keys, made of the registered types as the planner does it.
pub(crate) fn plan_for(keys: &[EvidenceKey], root: Option<&str>) -> CollectionPlan {
    let mut plan = plan(Vec::new());
    plan.root = root.map(|root| AbsPath::new(root).expect("root"));
    for kind in registry() {
        let of_kind: Vec<_> = keys.iter().filter(|key| key.kind == kind.name()).collect();
        if of_kind.is_empty() {
            continue;
        }
        let selectors: Vec<_> = of_kind.iter().filter_map(|key| key.selector.clone()).collect();
        plan.captures.extend(kind.captures(&selectors));
        let limits = EvidenceKind::limits(*kind);
        plan.wanted.extend(of_kind.into_iter().map(|k| WantedEvidence { key: k.clone(), limits }));
    }
    plan
}

/// Everything but the walk, with a few files.
pub(crate) fn host_keys() -> Vec<EvidenceKey> {
    let mut keys: Vec<_> = ["accounts", "os.release", "sockets.listening", "sshd.effective"]
        .map(|kind| key(kind, None))
        .into();
    for path in ["/etc/passwd", "/etc/shadow", "/etc/ssh/sshd_config", "/no/such/file", "/etc"] {
        keys.push(key("file.stat", Some(path)));
    }
    keys
}

/// One run of a script, whole.
pub(crate) struct Ran {
    pub(crate) nonce: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) exit: Exit,
}

impl Ran {
    pub(crate) fn read(&self) -> (Header, Frames) {
        read_bundle(&self.nonce, &self.bytes).unwrap_or_else(|error| {
            panic!("{error}: {}", String::from_utf8_lossy(&self.exit.diagnostics))
        })
    }

    pub(crate) fn frames(&self) -> Frames {
        self.read().1
    }
}

pub(crate) fn run_script(shell: &dyn Transport, script: &str, limit: Duration) -> Ran {
    let nonce = nonce();
    let mut bytes = Vec::new();
    let mut sink = |chunk: &[u8]| {
        bytes.extend_from_slice(chunk);
        ControlFlow::Continue(())
    };
    let exit = shell.run(script, &nonce, limit, &mut sink).expect("shell starts");
    Ran { nonce, bytes, exit }
}

/// Runs a plan to its own end.
pub(crate) fn run(shell: &dyn Transport, plan: &CollectionPlan) -> Ran {
    let ran = run_script(shell, &render_script(plan), Duration::from_secs(60));
    assert_eq!(
        ran.exit.ended,
        Ended::Exited(0),
        "{}",
        String::from_utf8_lossy(&ran.exit.diagnostics)
    );
    assert!(ran.bytes.ends_with(b"\n"));
    ran
}

/// Collects with a clock that counts seconds.
pub(crate) fn collect_over(transport: &dyn Transport, plan: &CollectionPlan) -> Collected {
    collect_named(transport, plan, &nonce(), &mut |_| {})
}

pub(crate) fn collect_named(
    transport: &dyn Transport,
    plan: &CollectionPlan,
    nonce: &str,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Collected {
    let ticks = std::cell::Cell::new(0);
    let clock = || {
        ticks.set(ticks.get() + 1);
        Timestamp::from_second(1_795_000_000 + ticks.get()).expect("in range")
    };
    let collected = collect(plan, transport, &clock, nonce, progress);
    let keys: Vec<_> = plan.wanted.iter().map(|wanted| &wanted.key).collect();
    assert_eq!(collected.snapshot.records.len(), keys.len(), "one record for each key");
    for key in keys {
        let record = collected.snapshot.records.get(key).expect("a record for each key");
        for digest in [record.body, record.volatile, record.capture].into_iter().flatten() {
            assert!(collected.snapshot.bodies.contains_key(&digest));
        }
    }
    collected
}

/// A transport that plays a stream, in small pieces.
pub(crate) struct Played {
    pub(crate) bytes: Vec<u8>,
    pub(crate) ended: Ended,
}

impl Transport for Played {
    fn name(&self) -> &'static str {
        "played"
    }

    fn run(
        &self,
        _script: &str,
        _nonce: &str,
        _limit: Duration,
        sink: &mut Sink<'_>,
    ) -> Result<Exit, TransportError> {
        for chunk in self.bytes.chunks(4093) {
            if sink(chunk).is_break() {
                return Ok(Exit { ended: Ended::SinkBroke, diagnostics: Vec::new() });
            }
        }
        Ok(Exit { ended: self.ended, diagnostics: Vec::new() })
    }
}

/// The processes that bear the mark of a run and are not zombies.
pub(crate) fn marked(nonce: &str) -> Vec<String> {
    let mark = format!("ANJI_MARK={nonce}");
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("proc").flatten() {
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if environment.split(|&b| b == 0).any(|variable| variable == mark.as_bytes()) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

/// Processes of ours whose command line has the nonce: shells of the run.
pub(crate) fn shells_of(nonce: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("proc").flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if line.split(|&b| b == 0).any(|word| word == nonce.as_bytes()) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

/// Fails if anything of the run is still alive a moment after its end.
pub(crate) fn assert_nothing_left(nonce: &str) {
    let left = || [marked(nonce), shells_of(nonce)].concat();
    for _ in 0..20 {
        if left().is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("still alive: {:?}", left());
}

pub(crate) fn need_root() {
    assert!(
        rustix::process::geteuid().is_root(),
        "this test needs root: run it as root, for instance in a container"
    );
}

/// A shell run as another user of this machine.
pub(crate) fn as_user(uid: u32, gid: u32) -> LocalShell {
    need_root();
    let setpriv = tool(&["/usr/bin/setpriv", "/bin/setpriv"], "util-linux");
    let (uid, gid) = (format!("--reuid={uid}"), format!("--regid={gid}"));
    LocalShell::with_command(setpriv, [uid.as_str(), &gid, "--clear-groups", "/bin/sh"])
}

/// The processes with exactly this command line.
pub(crate) fn running(command: &[&str]) -> Vec<String> {
    let wanted: Vec<u8> = command.iter().flat_map(|w| [w.as_bytes(), b"\0"].concat()).collect();
    let entries = std::fs::read_dir("/proc").expect("proc").flatten();
    entries
        .filter(|e| std::fs::read(e.path().join("cmdline")).is_ok_and(|line| line == wanted))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

pub(crate) fn kill(process: &str) {
    let raw = process.parse().expect("process id");
    let pid = rustix::process::Pid::from_raw(raw).expect("not zero");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("is alive");
}
