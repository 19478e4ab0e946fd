//! The process group of a run: watched, and ended as a whole.

use crate::MARK_VARIABLE;
use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid,
};
use std::process::{Child, ExitStatus};

/// A child that leads a process group. The group is killed and the child is
/// reaped when this is dropped, also when a panic unwinds.
pub(crate) struct Group {
    child: Child,
    leader: Pid,
    status: Option<ExitStatus>,
}

impl Group {
    /// Takes over a child that was started with a process group of its own.
    /// None if the child has no process id that a signal could be sent to.
    pub(crate) fn new(child: Child) -> Option<Self> {
        let leader = Pid::from_raw(i32::try_from(child.id()).ok()?)?;
        Some(Self { child, leader, status: None })
    }

    pub(crate) fn leader(&self) -> Pid {
        self.leader
    }

    /// Sends a signal to every process of the group. The leader is not reaped
    /// before the end, so the group's number cannot have passed to others.
    pub(crate) fn signal(&self, signal: Signal) {
        if self.status.is_none() {
            // The group may be gone, which is what is wanted.
            let _gone = kill_process_group(self.leader, signal);
        }
    }

    /// Kills what is left of the group, and reaps the leader.
    pub(crate) fn end(mut self) -> Option<ExitStatus> {
        self.finish();
        self.status
    }

    fn finish(&mut self) {
        if self.status.is_none() {
            self.signal(Signal::KILL);
            self.status = self.child.wait().ok();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Waits until the process has ended, and leaves it to be reaped.
pub(crate) fn wait_for_end(process: Pid) {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while matches!(waitid(WaitId::Pid(process), options), Err(Errno::INTR)) {}
}

/// Kills every process whose environment bears the mark of the run `nonce`:
/// those that left the process group.
pub(crate) fn kill_marked(nonce: &str) {
    let mark = format!("{MARK_VARIABLE}={nonce}");
    let Ok(entries) = std::fs::read_dir("/proc") else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|n| n.parse().ok()).and_then(Pid::from_raw)
        else {
            continue;
        };
        let Ok(environment) = std::fs::read(entry.path().join("environ")) else { continue };
        if environment.split(|&byte| byte == 0).any(|variable| variable == mark.as_bytes()) {
            // It may have ended by itself, or belong to another account.
            let _gone = kill_process(process, Signal::KILL);
        }
    }
}
