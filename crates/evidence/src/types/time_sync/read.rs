//! The parser: what the daemons say of themselves.

use super::super::dump::Dump;
use super::super::{decimal, whole_lines};
use super::{Body, FILES, Moment, STATE, ZONE, config};
use crate::body::{canonical, canonical_list};
use crate::escape::{escape_bounded, unescape};
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, stopped, whole};
use anji_model::{FailureCategory, Gap};
use std::collections::BTreeMap;

/// The classes of the offset, in milliseconds.
const CLASSES_MS: [i64; 6] = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// A tool's answer.
#[derive(Default)]
struct Answer<'f> {
    lines: Vec<&'f [u8]>,
    exit: Option<i32>,
}

/// A daemon's word on the clock.
struct Word {
    synchronised: bool,
    /// Whether it tells how far the clock is off.
    offset_us: Option<i64>,
    selected: Option<String>,
    stratum: Option<i64>,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    arrived(frames, STATE)?;
    let mut gaps = Vec::new();
    let mut body = Body {
        daemons: Vec::new(),
        daemon_running: None,
        synchronised: None,
        offset_under_ms: None,
        sources: Vec::new(),
        timezone: None,
    };
    let moment = state(frames, &mut body, &mut gaps);
    match whole(frames, ZONE).and_then(zone) {
        Ok(zone) => body.timezone = zone,
        Err(problem) => gaps.push(problem.unknown("timezone")),
    }
    match arrived(frames, FILES).and_then(Dump::read) {
        Ok(dump) => body.sources = config::sources(&dump, &mut gaps),
        Err(problem) => gaps.push(problem.partial("sources")),
    }
    let mut parsed = Parsed::collected(&body, gaps);
    parsed.volatile = moment.and_then(|moment| canonical(&moment).ok());
    Ok(parsed)
}

fn state(frames: &Frames, body: &mut Body, gaps: &mut Vec<Gap>) -> Option<Moment> {
    let all = ["daemon_running", "synchronised", "offset_under_ms"];
    let frame = match whole(frames, STATE) {
        Ok(frame) => frame,
        Err(problem) => {
            gaps.push(problem.partial("daemons"));
            gaps.extend(all.map(|field| problem.unknown(field)));
            return None;
        }
    };
    let mut seen = false;
    let mut hidden = false;
    let mut unread = false;
    let mut answers: BTreeMap<&[u8], Answer<'_>> = BTreeMap::new();
    let mut open: Option<&[u8]> = None;
    for line in whole_lines(frame) {
        if let Some(said) = line.strip_prefix(b" ") {
            match open {
                Some(tool) => answers.entry(tool).or_default().lines.push(said),
                None => unread = true,
            }
        } else if let Some(name) = line.strip_prefix(b"process ") {
            // The kernel keeps 15 letters of a name.
            let name = if name == b"systemd-timesyn" { b"systemd-timesyncd" } else { name };
            body.daemons.push(escape_bounded(name, 64));
        } else if let Some(tool) = line.strip_prefix(b"ask ") {
            open = Some(tool);
            answers.entry(tool).or_default();
        } else if let Some(exit) = line.strip_prefix(b"exit ") {
            match open.take() {
                Some(tool) => answers.entry(tool).or_default().exit = decimal(exit),
                None => unread = true,
            }
        } else {
            match line {
                b"hidden" => hidden = true,
                b"seen" => seen = true,
                _ => unread = true,
            }
        }
    }
    body.daemons = canonical_list(std::mem::take(&mut body.daemons));
    let problem = if unread || !seen {
        Some(Problem::new(FailureCategory::Unparsable, "the capture has another form"))
    } else if hidden {
        Some(Problem::new(FailureCategory::Permission, "not every process can be seen"))
    } else {
        None
    };
    if let Some(problem) = &problem {
        gaps.push(problem.partial("daemons"));
    }
    if body.daemons.is_empty() {
        match problem {
            Some(problem) => gaps.extend(all.map(|field| problem.unknown(field))),
            None => body.daemon_running = Some(false),
        }
        return None;
    }
    body.daemon_running = Some(true);
    let words: Vec<_> = words(&answers);
    let best = words.iter().find_map(|word| word.as_ref().ok().filter(|word| word.synchronised));
    if let Some(word) = best {
        body.synchronised = Some(true);
        body.offset_under_ms = word.offset_us.and_then(class);
        if body.offset_under_ms.is_none() {
            let detail = "the daemon does not tell how far the clock is off";
            gaps.push(Problem::new(FailureCategory::Unsupported, detail).unknown(all[2]));
        }
        return Some(Moment {
            selected: word.selected.clone(),
            stratum: word.stratum,
            offset_us: word.offset_us,
        });
    }
    let untold = || {
        let detail = "no tool here that tells what the daemon does";
        Problem::new(FailureCategory::ToolMissing, detail)
    };
    let asked = words.len() >= body.daemons.len();
    let failed = words.into_iter().find_map(Result::err).or_else(|| (!asked).then(untold));
    match failed {
        Some(problem) => gaps.extend(all[1..].iter().map(|field| problem.unknown(field))),
        None => body.synchronised = Some(false),
    }
    None
}

/// What each daemon says that could be asked.
fn words(answers: &BTreeMap<&[u8], Answer<'_>>) -> Vec<Result<Word, Problem>> {
    let of = |name: &str| answers.get(name.as_bytes());
    let mut words = Vec::new();
    if let Some(tracking) = of("tracking") {
        words.push(told(tracking).and_then(|tracking| {
            let sources = of("sources").ok_or_else(|| unclear("chronyc"))?;
            chrony(tracking, told(sources)?)
        }));
    }
    if let Some(answer) = of("ntpq") {
        words.push(told(answer).and_then(ntpq));
    }
    if let Some(answer) = of("ntpctl") {
        words.push(told(answer).and_then(ntpctl));
    }
    if let Some(answer) = of("adjtimex") {
        words.push(told(answer).and_then(adjtimex));
    }
    if let Some(answer) = of("timesync") {
        words.push(told(answer).and_then(timesync));
    }
    words
}

fn unclear(tool: &str) -> Problem {
    let detail = format!("the answer of {tool} could not be read");
    Problem::new(FailureCategory::Unparsable, detail)
}

fn told<'a>(answer: &'a Answer<'_>) -> Result<&'a [&'a [u8]], Problem> {
    match answer.exit {
        Some(0) => Ok(&answer.lines),
        exit => {
            let said = answer.lines.last().copied().unwrap_or_default();
            let category = match (exit, said.windows(4).any(|word| word == b"506 ")) {
                (Some(crate::status::DENIED), _) | (_, true) => FailureCategory::Permission,
                (None, _) => FailureCategory::Incomplete,
                _ => FailureCategory::CommandFailed,
            };
            Err(Problem::new(
                category,
                format!("the daemon did not answer: {}", escape_bounded(said, 160)),
            ))
        }
    }
}

/// `chronyc -c tracking` and `sources`. A reference to the host's own clock
/// (`local` in chrony.conf) is none; nor is one of which the source went away.
fn chrony(tracking: &[&[u8]], sources: &[&[u8]]) -> Result<Word, Problem> {
    let bad = || unclear("chronyc");
    let fields: Vec<&[u8]> = tracking.last().ok_or_else(bad)?.split(|&b| b == b',').collect();
    let [reference, _, stratum, _, offset, .., leap] = fields.as_slice() else { return Err(bad()) };
    let leap = match *leap {
        b"Normal" | b"Insert second" | b"Delete second" => true,
        b"Not synchronised" => false,
        _ => return Err(bad()),
    };
    let followed = sources.iter().find_map(|line| {
        let fields: Vec<&[u8]> = line.split(|&b| b == b',').collect();
        let [_, b"*", name, _, _, reach, ..] = fields.as_slice() else { return None };
        (*reach != b"0").then(|| escape_bounded(name, 120))
    });
    Ok(Word {
        synchronised: leap && followed.is_some() && *reference != b"7F7F0101",
        offset_us: Some(micros(offset, 6).ok_or_else(bad)?),
        selected: followed,
        stratum: decimal(stratum),
    })
}

/// `ntpq -c rv`: the system variables of ntpd.
fn ntpq(lines: &[&[u8]]) -> Result<Word, Problem> {
    let bad = || unclear("ntpq");
    let text = lines.join(&b' ');
    let items = || text.split(|&b| b == b',' || b == b' ').filter(|item| !item.is_empty());
    let value = |name: &str| {
        items().find_map(|item| item.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
    };
    let state = items().find(|item| item.starts_with(b"sync_")).ok_or_else(bad)?;
    let alarm = items().any(|item| item == b"leap_alarm" || item == b"sync_alarm");
    let reference = value("refid").unwrap_or_default();
    let own = reference.starts_with(b"LOCAL") || reference.starts_with(b"127.127.1.");
    let nothing = matches!(state, b"sync_unspec" | b"sync_alarm" | b"sync_local");
    Ok(Word {
        synchronised: !alarm && !own && !nothing,
        offset_us: Some(micros(value("offset").ok_or_else(bad)?, 3).ok_or_else(bad)?),
        selected: Some(escape_bounded(reference, 120)),
        stratum: value("stratum").and_then(decimal),
    })
}

/// `ntpctl -s status` of OpenNTPD.
fn ntpctl(lines: &[&[u8]]) -> Result<Word, Problem> {
    let text = lines.join(&b' ');
    let has = |words: &[u8]| text.windows(words.len()).any(|part| part == words);
    let synchronised = has(b"clock synced");
    if !synchronised && !has(b"clock unsynced") {
        return Err(unclear("ntpctl"));
    }
    Ok(Word { synchronised, offset_us: None, selected: None, stratum: None })
}

/// The kernel's own state, as busybox prints it.
fn adjtimex(lines: &[&[u8]]) -> Result<Word, Problem> {
    let status = lines.iter().find_map(|line| line.trim_ascii().strip_prefix(b"status:"));
    let status = status.map(<[u8]>::trim_ascii).unwrap_or_default();
    let number = status.split(|&b| b == b' ').next().and_then(decimal::<u32>);
    let number = number.ok_or_else(|| unclear("adjtimex"))?;
    Ok(Word { synchronised: number & 0x40 == 0, offset_us: None, selected: None, stratum: None })
}

/// `timedatectl timesync-status`.
fn timesync(lines: &[&[u8]]) -> Result<Word, Problem> {
    let value = |name: &[u8]| {
        lines.iter().find_map(|line| line.trim_ascii().strip_prefix(name)).map(<[u8]>::trim_ascii)
    };
    let server = value(b"Server:").ok_or_else(|| unclear("timedatectl"))?;
    let count = value(b"Packet count:").and_then(decimal::<u64>);
    let answered =
        count.is_some_and(|count| count > 0) && value(b"Leap:") != Some(b"not synchronized");
    Ok(Word {
        synchronised: answered,
        offset_us: value(b"Offset:").and_then(span),
        selected: Some(escape_bounded(server, 120)),
        stratum: value(b"Stratum:").and_then(decimal),
    })
}

/// A decimal number without its sign, in units of which a millionth (6) or a
/// thousandth (3) is a microsecond; rounded up.
fn micros(text: &[u8], digits: usize) -> Option<i64> {
    let text = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let (whole, part) = match text.iter().position(|&b| b == b'.') {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[][..]),
    };
    if !part.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut number: i64 = decimal(whole)?;
    for at in 0..digits {
        let digit = part.get(at).map_or(0, |digit| i64::from(digit - b'0'));
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    let more = part.iter().skip(digits).any(|digit| *digit != b'0');
    number.checked_add(i64::from(more))
}

/// A span as systemd prints it (`-1.128ms`, `1min 2.5s`), in microseconds.
fn span(text: &[u8]) -> Option<i64> {
    let text = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let mut sum: i64 = 0;
    for word in text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        let at = word.iter().position(u8::is_ascii_alphabetic)?;
        let (digits, factor) = match &word[at..] {
            b"us" => (0, 1),
            b"ms" => (3, 1),
            b"s" => (6, 1),
            b"min" => (6, 60),
            b"h" => (6, 3600),
            b"d" | b"day" | b"days" => (6, 86_400),
            _ => return Some(i64::MAX),
        };
        sum = sum.checked_add(micros(&word[..at], digits)?.checked_mul(factor)?)?;
    }
    Some(sum)
}

/// The smallest class that the offset lies under.
fn class(offset_us: i64) -> Option<i64> {
    let under = |class: &i64| offset_us < class * 1000;
    CLASSES_MS.into_iter().find(under).or(Some(i64::from(u32::MAX)))
}

fn zone(frame: &Frame) -> Result<Option<String>, Problem> {
    let (mut link, mut name, mut known) = (None, None, false);
    let bad =
        || Problem::new(FailureCategory::Unparsable, "the capture of the zone has another form");
    for line in whole_lines(frame) {
        if let Some(target) = line.strip_prefix(b"link ") {
            let target = unescape(target).ok_or_else(bad)?;
            let at = target.windows(10).position(|part| part == b"/zoneinfo/");
            link = at.map(|at| escape_bounded(&target[at + 10..], 120));
        } else if let Some(said) = line.strip_prefix(b"name ") {
            name = Some(escape_bounded(&unescape(said).ok_or_else(bad)?, 120));
        } else if !matches!(line, b"file" | b"none") {
            return Err(bad());
        }
        known = true;
    }
    if !known || stopped(frame).is_some() {
        return Err(bad());
    }
    Ok(link.or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&[u8]> {
        text.lines().map(str::as_bytes).collect()
    }

    #[test]
    fn offsets_are_read_without_floats() {
        assert_eq!(micros(b"-0.000045993", 6), Some(46));
        assert_eq!(micros(b"12.5", 6), Some(12_500_000));
        assert_eq!(micros(b"-0.250", 3), Some(250));
        assert_eq!(micros(b"1e3", 6), None);
        assert_eq!(span(b"-1.128ms"), Some(1128));
        assert_eq!(span(b"+1min 2.5s"), Some(62_500_000));
        assert_eq!((class(0), class(99_999), class(100_000)), (Some(100), Some(100), Some(1000)));
        assert_eq!((class(999_999), class(1_000_000)), (Some(1000), Some(10_000)));
    }

    #[test]
    fn the_own_clock_is_no_source() {
        let tracking =
            split("7F7F0101,,10,1795463440.6,0.0,0.0,0.0,3.4,0.0,6.3,0.0,0.0,0.0,Normal");
        assert!(
            !chrony(&tracking, &split("^,?,192.0.2.1,0,6,0,4294967295,0.0,0.0,0.0"))
                .unwrap()
                .synchronised
        );
        let tracking =
            split("0A000202,10.0.2.2,3,1795463440.6,-0.2,0.0,0.0,3.4,0.0,6.3,0.0,0.0,32.4,Normal");
        let word = chrony(&tracking, &split("^,*,10.0.2.2,2,5,377,27,-0.1,-0.2,0.01")).unwrap();
        assert!(word.synchronised && word.offset_us == Some(200_000));
        // The source went away: nothing is followed any more.
        assert!(
            !chrony(&tracking, &split("^,?,10.0.2.2,2,5,0,2700,-0.1,-0.2,0.01"))
                .unwrap()
                .synchronised
        );
        assert!(chrony(&split("506 Cannot talk to daemon"), &[]).is_err());
    }

    #[test]
    fn ntpsec_without_an_answer_follows_nothing() {
        // As ntpsec 1.2.2 prints it.
        let rv = "associd=0 status=c016 leap_alarm, sync_unspec, 1 event, restart,\n\
                  leap=11, stratum=16, precision=-24, rootdelay=0.0, rootdisp=0.675,\n\
                  refid=INIT, reftime=00000000.00000000 2036-02-07T06:28:16.000Z, tc=0, peer=0,\n\
                  offset=0.0, frequency=0.0, sys_jitter=0.0, clk_jitter=6e-05,\n\
                  system=\"Linux/6.1\", version=\"ntpd ntpsec-1.2.2\", clk_wander=0.0,\nmintc=0";
        let word = ntpq(&split(rv)).unwrap();
        assert!(!word.synchronised && word.offset_us == Some(0) && word.stratum == Some(16));
    }

    #[test]
    fn other_daemons_say_it_otherwise() {
        let rv = "associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,\n\
                  version=\"ntpd 4.2.8p15\", stratum=3, refid=10.0.2.2, offset=-1.250, frequency=1.0";
        let word = ntpq(&split(rv)).unwrap();
        assert!(word.synchronised && word.offset_us == Some(1250) && word.stratum == Some(3));
        assert!(!ntpq(&split(&rv.replace("10.0.2.2", "LOCAL(0)"))).unwrap().synchronised);
        assert!(
            !ntpq(&split(&rv.replace("leap_none, sync_ntp", "leap_alarm, sync_unspec")))
                .unwrap()
                .synchronised
        );
        assert!(ntpctl(&split("4/4 peers valid, clock synced, stratum 2")).unwrap().synchronised);
        assert!(!ntpctl(&split("0/4 peers valid, clock unsynced")).unwrap().synchronised);
        assert!(!adjtimex(&split("    status:       64 (UNSYNC)")).unwrap().synchronised);
        let status = "       Server: 10.0.2.2 (ntp.hospital)\n         Leap: normal\n      Stratum: 2\n       Offset: -1.128ms\n Packet count: 20";
        let word = timesync(&split(status)).unwrap();
        assert!(word.synchronised && word.offset_us == Some(1128));
        assert!(!timesync(&split("Server: n/a\n Packet count: 0")).unwrap().synchronised);
    }
}
