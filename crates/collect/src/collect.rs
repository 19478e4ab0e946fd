//! One plan over one transport.

use crate::records::{Group, addressed};
use crate::script::{captures, is_run, render_script, timeout_seconds};
use anji_evidence::escape::escape_bounded;
use anji_evidence::frame::Header;
use anji_evidence::{Frame, FrameEvent, FrameReader};
use anji_model::{
    Body, CollectionPlan, Collector, EvidenceKey, EvidenceRecord, EvidenceStatus, EvidenceType,
    FailureCategory, Privilege, Snapshot,
};
use anji_transport::{Ended, Exit, Transport, TransportError};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::Duration;

/// What the host said of itself; what it did not say stays empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostFacts {
    /// Its own name, escaped.
    pub host_name: String,
    /// The effective user id that the script ran with.
    pub uid: Option<u32>,
    /// Whether the account may run commands through sudo without a password.
    pub sudo: bool,
    /// Its clock, when the script began.
    pub time: Option<Timestamp>,
    /// The shell that ran the script, and what its tools can do.
    pub shell: String,
}

impl HostFacts {
    /// The rights that the script ran with; the least where it did not say.
    pub fn privilege(&self) -> Privilege {
        match (self.uid, self.sudo) {
            (Some(0), _) => Privilege::Root,
            (Some(_), true) => Privilege::Sudo,
            _ => Privilege::User,
        }
    }
}

/// What one capture came to, for the log of what ran on the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLog {
    /// The capture.
    pub capture: String,
    /// Its exit status; none when its frame was damaged.
    pub exit: Option<i32>,
    /// Bytes of data that it brought.
    pub bytes: u64,
    /// Milliseconds that it ran, where the host could tell.
    pub milliseconds: Option<u64>,
    /// Whether its output was cut at the byte limit.
    pub truncated: bool,
    /// Whether it was ended at its time limit.
    pub timed_out: bool,
    /// Why its frame is not trusted, if it is not.
    pub damaged: Option<&'static str>,
}

/// What happens while a plan is carried out.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// The script runs on the host.
    Connected(&'a HostFacts),
    /// A capture began.
    CaptureBegan(&'a str),
    /// A capture ended.
    CaptureEnded(&'a CommandLog),
    /// A record is made, with its body if it has one. A key comes a second time
    /// only when the stream turned out to be forged after its record was made;
    /// the later record holds.
    Record(&'a EvidenceRecord, Option<&'a Body>),
}

/// What came of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected {
    /// One record for each wanted key.
    pub snapshot: Snapshot,
    /// What ran on the host, in order.
    pub log: Vec<CommandLog>,
    /// What the host said of itself.
    pub host: HostFacts,
}

/// Carries out `plan` over `transport`. `clock` is the collector's clock;
/// `nonce` names this run (letters, digits, hyphens; never used before).
/// Never fails as a whole: what could not be had is a failed record.
pub fn collect(
    plan: &CollectionPlan,
    transport: &dyn Transport,
    clock: &dyn Fn() -> Timestamp,
    nonce: &str,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Collected {
    let script = render_script(plan);
    let mut run = Run::new(plan, transport.name(), clock, progress);
    let mut reader = FrameReader::new(nonce);
    let outcome = transport.run(&script, nonce, time_limit(plan), &mut |bytes| {
        match reader.push(bytes) {
            Ok(events) => {
                events.into_iter().for_each(|event| run.take(event));
                ControlFlow::Continue(())
            }
            // The reader tells it again when it is finished.
            Err(_) => ControlFlow::Break(()),
        }
    });
    let fault = match reader.finish() {
        Ok(events) => {
            events.into_iter().for_each(|event| run.take(event));
            run_fault(&outcome, None)
        }
        Err(error) => run_fault(&outcome, Some(error.to_string())),
    };
    run.finish(fault)
}

/// The time in which even a run of which each capture is ended by its own
/// limit, with all that it takes to end one, is over.
pub(crate) fn time_limit(plan: &CollectionPlan) -> Duration {
    let own = captures(plan).into_iter().filter(|capture| is_run(plan, capture));
    let seconds: u64 = own.map(|capture| u64::from(timeout_seconds(capture)) + 6).sum();
    Duration::from_secs(seconds + 30)
}

/// Why evidence that did not arrive did not, as far as the run as a whole can
/// tell. `unread` is why the stream could not be read.
fn run_fault(
    outcome: &Result<Exit, TransportError>,
    unread: Option<String>,
) -> Option<(FailureCategory, String)> {
    let exit = match outcome {
        Ok(exit) => exit,
        Err(error) => return Some((FailureCategory::Unreachable, with_source(error))),
    };
    let said = match exit.diagnostics.trim_ascii() {
        [] => String::new(),
        text => format!(": {}", escape_bounded(text, 240)),
    };
    match (exit.ended, unread) {
        (Ended::TimedOut, _) => {
            Some((FailureCategory::TimedOut, "the run was ended at its time limit".to_owned()))
        }
        (ended, Some(unread)) => {
            Some((FailureCategory::Incomplete, format!("{unread} ({}){said}", words(ended))))
        }
        (Ended::Exited(0), None) => None,
        (ended, None) => {
            Some((FailureCategory::Incomplete, format!("the script {}{said}", words(ended))))
        }
    }
}

fn words(ended: Ended) -> String {
    match ended {
        Ended::Exited(status) => format!("ended with status {status}"),
        Ended::Signalled(signal) => format!("was killed by signal {signal}"),
        Ended::TimedOut => "was ended at its time limit".to_owned(),
        Ended::SinkBroke | Ended::Stopped => "was stopped".to_owned(),
    }
}

fn with_source(error: &TransportError) -> String {
    let source = std::error::Error::source(error).map(|source| format!(": {source}"));
    format!("{error}{}", source.unwrap_or_default())
}

/// The state of one run.
struct Run<'a> {
    in_root: bool,
    collector: Collector,
    clock: &'a dyn Fn() -> Timestamp,
    progress: &'a mut dyn FnMut(Progress<'_>),
    /// By type. Each capture belongs to one type.
    groups: BTreeMap<EvidenceType, Group>,
    /// The captures that the script has; others are not believed.
    known: BTreeSet<String>,
    collected: Collected,
}

impl<'a> Run<'a> {
    fn new(
        plan: &'a CollectionPlan,
        transport: &str,
        clock: &'a dyn Fn() -> Timestamp,
        progress: &'a mut dyn FnMut(Progress<'_>),
    ) -> Self {
        let rendered: BTreeSet<&str> = captures(plan).iter().map(|c| c.id.as_str()).collect();
        let way = if plan.root.is_some() { "root" } else { transport };
        Self {
            in_root: plan.root.is_some(),
            collector: Collector {
                transport: way.to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            clock,
            progress,
            groups: Group::all(plan, &rendered),
            known: rendered.into_iter().map(str::to_owned).collect(),
            collected: Collected {
                snapshot: Snapshot::empty(plan.subject.clone()),
                log: Vec::new(),
                host: HostFacts::default(),
            },
        }
    }

    fn take(&mut self, event: FrameEvent) {
        match event {
            FrameEvent::Header(header) => self.connected(header),
            FrameEvent::Began { id } if self.known.contains(&id) => self.capture_began(&id),
            FrameEvent::Ended(frame) if self.known.contains(&frame.id) => self.capture_ended(frame),
            FrameEvent::Damaged { ref id, detail } if self.known.contains(id) => {
                self.capture_damaged(&event, id, detail);
            }
            // The end is known by the captures; a foreign id is nobody's.
            _ => {}
        }
    }

    fn connected(&mut self, header: Header) {
        self.collected.host = HostFacts {
            host_name: header.host,
            uid: Some(header.uid),
            sudo: header.sudo,
            time: Timestamp::from_second(header.time).ok(),
            shell: header.shell,
        };
        (self.progress)(Progress::Connected(&self.collected.host));
    }

    fn capture_began(&mut self, id: &str) {
        let now = (self.clock)();
        for group in self.groups.values_mut().filter(|group| group.reads(id)) {
            group.begun_at.get_or_insert(now);
        }
        (self.progress)(Progress::CaptureBegan(id));
    }

    fn capture_ended(&mut self, frame: Frame) {
        self.log(CommandLog {
            capture: frame.id.clone(),
            exit: frame.exit,
            bytes: frame.data.len() as u64,
            milliseconds: frame.milliseconds,
            truncated: frame.truncated,
            timed_out: frame.timed_out,
            damaged: None,
        });
        let reader = self.groups.iter_mut().find(|(_, group)| group.reads(&frame.id));
        if let Some((name, group)) = reader {
            let name = name.clone();
            group.ended(frame);
            self.record_if_ready(&name);
        }
    }

    fn capture_damaged(&mut self, event: &FrameEvent, id: &str, detail: &'static str) {
        self.log(CommandLog {
            capture: id.to_owned(),
            exit: None,
            bytes: 0,
            milliseconds: None,
            truncated: false,
            timed_out: false,
            damaged: Some(detail),
        });
        let reader = self.groups.iter_mut().find(|(_, group)| group.reads(id));
        if let Some((name, group)) = reader {
            let name = name.clone();
            // A record that was made from this capture is made again without it.
            group.recorded = false;
            group.damaged(event, id);
            self.record_if_ready(&name);
        }
    }

    fn log(&mut self, entry: CommandLog) {
        (self.progress)(Progress::CaptureEnded(&entry));
        self.collected.log.push(entry);
    }

    fn record_if_ready(&mut self, name: &EvidenceType) {
        let Some(mut group) = self.groups.remove(name) else { return };
        if group.is_ready() && !group.recorded {
            self.record_group(&mut group, None);
        }
        self.groups.insert(name.clone(), group);
    }

    /// Makes the records that are left. `fault` is what is known of the run.
    fn finish(mut self, fault: Option<(FailureCategory, String)>) -> Collected {
        for mut group in std::mem::take(&mut self.groups).into_values() {
            if !group.recorded {
                self.record_group(&mut group, fault.as_ref());
            }
        }
        self.collected
    }

    fn record_group(&mut self, group: &mut Group, fault: Option<&(FailureCategory, String)>) {
        group.recorded = true;
        let capture = group.capture();
        for key in group.keys() {
            let record = self.make_record(group, key, capture.as_ref(), fault);
            let body = record.body.and_then(|digest| self.collected.snapshot.bodies.get(&digest));
            (self.progress)(Progress::Record(&record, body));
            self.collected.snapshot.records.insert(key.clone(), record);
        }
        if let Some((digest, bytes)) = capture {
            self.collected.snapshot.bodies.insert(digest, bytes);
        }
    }

    fn make_record(
        &mut self,
        group: &Group,
        key: &EvidenceKey,
        capture: Option<&(anji_model::Digest, Body)>,
        fault: Option<&(FailureCategory, String)>,
    ) -> EvidenceRecord {
        let mut parsed = group.parse(key, self.in_root);
        if let (Some((category, detail)), EvidenceStatus::Failed { category: met, .. }) =
            (fault, &parsed.status)
            && *met == FailureCategory::Incomplete
        {
            // Why the run broke off says more than that a capture is missing.
            let (category, detail) = (*category, detail.clone());
            parsed.status = EvidenceStatus::Failed { category, detail };
        }
        let bodies = &mut self.collected.snapshot.bodies;
        let mut keep = |bytes: Option<Vec<u8>>| {
            let (digest, body) = addressed(bytes?);
            bodies.insert(digest, body);
            Some(digest)
        };
        let body = keep(parsed.body);
        let volatile = keep(parsed.volatile);
        let now = (self.clock)();
        EvidenceRecord {
            key: key.clone(),
            subject: self.collected.snapshot.subject.clone(),
            observed_at: group.begun_at.unwrap_or(now),
            received_at: now,
            collector: self.collector.clone(),
            privilege: self.collected.host.privilege(),
            status: parsed.status,
            gaps: parsed.gaps,
            parser_revision: group.parser_revision(),
            body,
            volatile,
            capture: capture.map(|(digest, _)| *digest),
        }
    }
}
