//! The script of a plan: fixed shell text around the captures' bodies.
//!
//! The fixed text stands in `script/*.sh`. The same plan gives the same bytes
//! every day; the nonce is the script's argument.

use anji_evidence::shell::{DUMP, quote};
use anji_evidence::status;
use anji_model::{Capture, CollectionPlan, Source};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const HEADER: &str = include_str!("script/header.sh");
const PRELUDE: &str = include_str!("script/prelude.sh");
const HELPERS: &str = include_str!("script/helpers.sh");
const CAPTURE: &str = include_str!("script/capture.sh");
const WATCH: &str = include_str!("script/watch.sh");
const RUN: &str = include_str!("script/run.sh");

/// The most bytes that a capture may bring, whatever the plan says: what the
/// reader of the stream takes, with room for the newline that framing adds.
const BYTES_MAX: u64 = (64 << 20) - 2;
/// The longest time that a capture may run, in seconds: a day.
const TIMEOUT_MAX: u32 = 24 * 60 * 60;

/// The script that collects `plan`, as text for any POSIX shell.
///
/// Captures whose id has another form than [`Capture::id`] demands, or came
/// before, are left out; the evidence that waits for them is then not had.
pub fn render_script(plan: &CollectionPlan) -> String {
    let captures = captures(plan);
    let mut script = String::with_capacity(32 * 1024);
    script.push_str(HEADER);
    script.push_str("\nanji_main() {\n\n");
    for part in [PRELUDE, HELPERS, DUMP, CAPTURE, WATCH] {
        script.push_str(part);
        script.push('\n');
    }
    script.push_str(
        "# --- What this plan asks ---------------------------------------------------\n\n",
    );
    settings(plan, &captures, &mut script);
    let mut calls = String::new();
    for (number, capture) in captures.iter().enumerate() {
        render_capture(plan, capture, number + 1, &mut script, &mut calls);
    }
    line(&mut script, format_args!("anji_captures() {{\n  :\n{calls}}}\n"));
    script.push_str(RUN);
    script.push_str("\n}\n\nanji_main \"$@\"\n");
    script
}

/// The captures of `plan` that its script has, in their order.
pub(crate) fn captures(plan: &CollectionPlan) -> Vec<&Capture> {
    let mut seen = BTreeSet::new();
    plan.captures.iter().filter(|c| is_id(&c.id) && seen.insert(c.id.as_str())).collect()
}

/// Whether the script runs the capture's command, and does not merely answer
/// that a root directory has no live facts.
pub(crate) fn is_run(plan: &CollectionPlan, capture: &Capture) -> bool {
    plan.root.is_none() || capture.source == Source::Files
}

/// The seconds after which the script ends a capture, one tick more at most.
pub(crate) fn timeout_seconds(capture: &Capture) -> u32 {
    capture.timeout_seconds.clamp(1, TIMEOUT_MAX)
}

fn is_id(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b".-_".contains(&b);
    !id.is_empty() && id.len() <= 128 && id.bytes().all(plain)
}

fn settings(plan: &CollectionPlan, captures: &[&Capture], script: &mut String) {
    let root = plan.root.as_ref().map_or("", |root| root.as_str().trim_end_matches('/'));
    let sudo = captures.iter().any(|c| is_run(plan, c) && !c.sudo.is_empty());
    line(script, format_args!("R={}", quote(root)));
    line(script, format_args!("anji_wants_sudo={}\n", u8::from(sudo)));
}

fn render_capture(
    plan: &CollectionPlan,
    capture: &Capture,
    number: usize,
    script: &mut String,
    calls: &mut String,
) {
    let id = &capture.id;
    if !is_run(plan, capture) {
        line(calls, format_args!("  anji_refuse {id} {}", status::NOT_LIVE));
        return;
    }
    let body = capture.command.trim_matches('\n');
    line(script, format_args!("anji_capture_{number}() {{ # {id}\n  :\n{body}\n}}\n"));
    let bytes = capture.bytes_max.min(BYTES_MAX);
    let seconds = timeout_seconds(capture);
    line(calls, format_args!("  anji_capture {id} {bytes} {seconds} anji_capture_{number}"));
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _infallible = writeln!(text, "{arguments}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_model::{AbsPath, Subject};

    fn plan(ids: &[&str]) -> CollectionPlan {
        let capture = |id: &&str| Capture {
            id: (*id).to_owned(),
            command: "echo it".to_owned(),
            source: Source::Live,
            bytes_max: u64::MAX,
            timeout_seconds: 0,
            sudo: Vec::new(),
        };
        CollectionPlan {
            subject: Subject::local(),
            root: None,
            wanted: Vec::new(),
            captures: ids.iter().map(capture).collect(),
        }
    }

    #[test]
    fn ids_cannot_bring_shell_text_and_come_once() {
        let plan = plan(&["a.one", "$(id)", "a b", "", "a.one", "-x_1"]);
        let ids: Vec<_> = captures(&plan).iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["a.one", "-x_1"]);
        let script = render_script(&plan);
        assert!(!script.contains("$(id)"));
        assert!(script.contains("anji_capture a.one 67108862 1 anji_capture_1"));
    }

    #[test]
    fn live_captures_are_not_in_the_script_of_a_root() {
        let mut plan = plan(&["a.one"]);
        plan.root = Some(AbsPath::new("/srv/it's root").expect("normal path"));
        let script = render_script(&plan);
        assert!(script.contains("R='/srv/it'\\''s root'\n"));
        assert!(script.contains("  anji_refuse a.one 46\n"));
        assert!(!script.contains("echo it"));
    }

    #[test]
    fn the_mark_is_the_one_that_transports_look_for() {
        assert!(CAPTURE.contains(&format!("export {}", anji_transport::MARK_VARIABLE)));
        assert!(WATCH.contains(&format!("{}=$anji_nonce", anji_transport::MARK_VARIABLE)));
    }

    #[test]
    fn nothing_is_written_but_the_output() {
        // A redirection into a file would be `>` followed by a path or a name.
        for text in [PRELUDE, HELPERS, DUMP, CAPTURE, WATCH, RUN] {
            for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
                for after in line.split('>').skip(1).map(str::trim_start) {
                    let written =
                        after.starts_with(['/', '$', '.', '~']) && !after.starts_with("/dev/null");
                    assert!(!written, "{line}");
                }
            }
        }
    }
}
