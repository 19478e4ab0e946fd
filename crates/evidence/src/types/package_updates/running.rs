//! What runs, against what is installed.

use super::Body;
use crate::body::canonical_list;
use crate::escape::escape;
use crate::frame::Frame;
use crate::problem::Problem;
use crate::types::whole_lines;
use crate::version::Scheme::Rpm;
use anji_model::{FailureCategory, Gap};

/// Fields that the capture of kernels and markers fills.
pub(super) const RUNNING_FIELDS: [&str; 5] =
    ["reboot_required", "reboot_packages", "kernel_running", "kernels", "kernel_outdated"];

/// Kernels and the marker of a restart.
pub(super) fn running(frame: &Frame, body: &mut Body, gaps: &mut Vec<Gap>) {
    let (mut marker, mut ended) = (false, false);
    let mut problem = None;
    for line in whole_lines(frame) {
        let fields: Vec<&[u8]> = line.splitn(2, |&b| b == b'\t').collect();
        match fields.as_slice() {
            [b"marker"] => marker = true,
            [b"package", name] => body.reboot_packages.push(escape(name)),
            [b"running", release] => body.kernel_running = Some(escape(release)),
            [b"kernel", release] if !is_rescue(release) => body.kernels.push(escape(release)),
            [b"kernel", _] => {}
            [b"closed", _] => {
                let closed = Problem::new(FailureCategory::Permission, "/boot cannot be read");
                gaps.extend([closed.partial("kernels"), closed.unknown("kernel_outdated")]);
            }
            [b"end"] => ended = true,
            _ => problem = Some(Problem::new(FailureCategory::Unparsable, "an unknown line")),
        }
    }
    if !ended {
        let detail = format!("capture {} has no end", frame.id);
        problem = Some(Problem::new(FailureCategory::Incomplete, detail));
    }
    body.kernels = canonical_list(std::mem::take(&mut body.kernels));
    body.reboot_packages = canonical_list(std::mem::take(&mut body.reboot_packages));
    if let Some(problem) = problem {
        // A marker that was seen is there, whatever else is not known.
        body.reboot_required = marker.then_some(true);
        let open = RUNNING_FIELDS.iter().filter(|field| **field != "reboot_required" || !marker);
        gaps.extend(open.map(|field| gap(&problem, field)));
        return;
    }
    body.reboot_required = Some(marker);
    body.kernel_outdated = body.kernel_running.as_deref().map(|running| {
        let newer = |other: &String| Rpm.compare(number(other), number(running)).is_gt();
        body.kernels.iter().any(newer)
    });
}

/// A gap of the kind that the field's form asks for.
pub(super) fn gap(problem: &Problem, field: &str) -> Gap {
    match field {
        "kernels" | "reboot_packages" | "stale_processes" => problem.partial(field),
        _ => problem.unknown(field),
    }
}

/// An image for repairs, or one that is kept under another name.
fn is_rescue(release: &[u8]) -> bool {
    !release.first().is_some_and(u8::is_ascii_digit)
}

/// The front of a kernel's release that counts: digits, dots and hyphens, without
/// the flavour: `6.1.0-50` of `6.1.0-50-cloud-amd64`.
fn number(release: &str) -> &str {
    let end =
        release.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')).count();
    release[..end].trim_end_matches(['.', '-'])
}

/// Processes that use deleted libraries.
pub(super) fn stale(frame: &Frame, body: &mut Body, gaps: &mut Vec<Gap>) {
    let mut ended = false;
    let mut own = true;
    let mut problem = None;
    for line in whole_lines(frame) {
        match line {
            b"rights all" => own = false,
            b"rights own" => {}
            b"end" => ended = true,
            _ => match line.strip_prefix(b"p\t") {
                Some(name) => body.stale_processes.push(escape(name)),
                None => problem = Some((FailureCategory::Unparsable, "an unknown line")),
            },
        }
    }
    body.stale_processes = canonical_list(std::mem::take(&mut body.stale_processes));
    if !ended {
        problem = Some((FailureCategory::Incomplete, "the list of processes has no end"));
    } else if own {
        problem.get_or_insert((FailureCategory::Permission, "processes of others are not seen"));
    }
    gaps.extend(
        problem.map(|(category, detail)| Problem::new(category, detail).partial("stale_processes")),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flavours_do_not_count() {
        assert_eq!(number("6.1.0-50-cloud-amd64"), "6.1.0-50");
        assert_eq!(number("5.14.0-362.8.1.el9_3.x86_64"), "5.14.0-362.8.1");
        assert_eq!(number("4.19.90-52.22.v2207.ky10.x86_64"), "4.19.90-52.22");
    }

    fn of(data: &str) -> (Body, Vec<Gap>) {
        let (mut body, mut gaps) = (Body::default(), Vec::new());
        let frame = Frame { data: data.into(), exit: Some(0), ..Frame::empty("x") };
        running(&frame, &mut body, &mut gaps);
        (body, gaps)
    }

    #[test]
    fn a_newer_kernel_waits_for_a_restart() {
        let kernels = |list: &str| of(&format!("running\t6.1.0-50-amd64\n{list}end\n"));
        let (body, gaps) = kernels("kernel\t6.1.0-56-amd64\nkernel\t6.1.0-50-rt-amd64\n");
        assert_eq!((body.kernel_outdated, gaps.len()), (Some(true), 0));
        let (body, _) = kernels("kernel\t6.1.0-50-amd64\nkernel\t6.1.0-9-amd64\nkernel\trescue\n");
        assert_eq!((body.kernel_outdated, body.kernels.len()), (Some(false), 2));
        assert_eq!(kernels("").0.kernel_outdated, Some(false));
        let (body, gaps) = of("marker\nrunning\t6.1");
        assert_eq!((body.reboot_required, gaps.len()), (Some(true), 4));
    }
}
