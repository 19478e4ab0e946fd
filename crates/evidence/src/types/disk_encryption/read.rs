//! The parser: what each mounted device stands on.

use super::super::whole_lines;
use super::{Body, CRYPTTAB, Configured, Device, RUNNING, Volume};
use crate::body::canonical_list;
use crate::escape::escape_bounded;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped, whole};
use crate::status;
use anji_model::FailureCategory;
use std::collections::BTreeMap;

/// File systems that encrypt by themselves, or whose device is not one.
const OWN_WAYS: [&[u8]; 6] =
    [b"bcachefs", b"btrfs", b"ecryptfs", b"fuse.gocryptfs", b"overlay", b"zfs"];

/// More layers than any real stack has.
const DEPTH_MAX: usize = 16;

/// The kernel takes 32 at most.
const SWAPS_MAX: usize = 64;

/// Devices of which it was found out.
type Known = BTreeMap<String, Option<bool>>;

#[derive(Debug, Default)]
struct Block {
    below: Vec<String>,
    name: Option<String>,
    kind: Option<String>,
}

#[derive(Debug)]
struct Mount {
    number: Vec<u8>,
    fstype: Vec<u8>,
    on_device: bool,
    target: String,
}

#[derive(Debug, Default)]
struct Running {
    blocks: BTreeMap<String, Block>,
    numbers: BTreeMap<Vec<u8>, String>,
    mounts: Vec<Mount>,
    swaps: Vec<(String, bool)>,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let mut gaps = Vec::new();
    let running = whole(frames, RUNNING).and_then(running);
    let configured = arrived(frames, CRYPTTAB).and_then(crypttab);
    if let (Err(problem), Err(_)) = (&running, &configured) {
        return Err(problem.clone());
    }
    let running = running.unwrap_or_else(|problem| {
        gaps.extend(["devices", "volumes", "swaps"].map(|list| problem.partial(list)));
        Running::default()
    });
    let configured = configured.unwrap_or_else(|problem| {
        gaps.push(problem.partial("configured"));
        Vec::new()
    });
    let mut known = Known::new();
    let volumes = canonical_list(running.volumes(&mut known));
    let swaps = canonical_list(running.swaps(&volumes, &mut known));
    if running.swaps.len() > SWAPS_MAX {
        let detail = "more swap areas than a kernel takes";
        gaps.push(Problem::new(FailureCategory::Truncated, detail).partial("swaps"));
    }
    for (list, field) in [(&volumes, "volumes[].encrypted"), (&swaps, "swaps[].encrypted")] {
        if list.iter().any(|volume| volume.encrypted.is_none()) {
            let detail = "what some of them stand on cannot be told";
            gaps.push(Problem::new(FailureCategory::Unsupported, detail).unknown(field));
        }
    }
    let body = Body {
        devices: canonical_list(running.devices()),
        volumes,
        swaps,
        configured: canonical_list(configured),
    };
    Ok(Parsed::collected(&body, gaps))
}

fn unreadable(what: &str) -> Problem {
    Problem::new(FailureCategory::Unparsable, format!("{what} were told in another form"))
}

fn running(frame: &Frame) -> Result<Running, Problem> {
    let mut running = Running::default();
    let mut ended = false;
    for line in whole_lines(frame) {
        ended = line == b"end";
        if !ended {
            running.line(line).ok_or_else(|| unreadable("the block devices"))?;
        }
    }
    if ended { Ok(running) } else { Err(unreadable("the block devices")) }
}

impl Running {
    fn line(&mut self, line: &[u8]) -> Option<()> {
        let words: Vec<&[u8]> = line.split(|&b| b == b' ').collect();
        let text = |word: &[u8]| escape_bounded(word, 200);
        match words.as_slice() {
            [b"b", device] => {
                self.blocks.entry(text(device)).or_default();
            }
            [b"n", device, number] => {
                self.numbers.insert(number.to_vec(), text(device));
            }
            [b"s", device, below] => {
                let (device, below) = (text(device), text(below));
                self.blocks.entry(device).or_default().below.push(below);
            }
            [b"x", device, name @ ..] => {
                let name = text(&name.join(&b' '));
                self.blocks.entry(text(device)).or_default().name = Some(name);
            }
            // An own mapping may have no identifier.
            [b"u", _] => {}
            [b"u", device, uuid @ ..] => {
                let uuid = uuid.join(&b' ');
                if let Some(rest) = uuid.strip_prefix(b"CRYPT-") {
                    let kind = rest.split(|&b| b == b'-').next().unwrap_or_default();
                    // Verified and not encrypted.
                    if !matches!(kind, b"VERITY" | b"INTEGRITY") {
                        self.blocks.entry(text(device)).or_default().kind = Some(text(kind));
                    }
                }
            }
            [b"m", number, fstype, source, target] => {
                let target = text(&super::super::mounts::octal(target));
                self.mounts.push(Mount {
                    number: number.to_vec(),
                    fstype: fstype.to_vec(),
                    on_device: source.starts_with(b"/dev/"),
                    target,
                });
            }
            [b"w", area, kind] => {
                let area = text(&super::super::mounts::octal(area));
                self.swaps.push((area, *kind == b"partition"));
            }
            _ => return None,
        }
        Some(())
    }

    /// Whether everything below a device decrypts. Each device is looked at once.
    fn encrypted(&self, device: &str, depth: usize, known: &mut Known) -> Option<bool> {
        if let Some(found) = known.get(device) {
            return *found;
        }
        let block = self.blocks.get(device)?;
        // Until it is known, and for a ring for good.
        known.insert(device.to_owned(), None);
        let found = if block.kind.is_some() {
            Some(true)
        } else if depth > DEPTH_MAX {
            None
        } else {
            let below = block.below.iter();
            let all: Option<Vec<bool>> =
                below.map(|below| self.encrypted(below, depth + 1, known)).collect();
            all.map(|all| !all.is_empty() && all.into_iter().all(|one| one))
        };
        known.insert(device.to_owned(), found);
        found
    }

    fn devices(&self) -> Vec<Device> {
        let all = self.blocks.iter().filter_map(|(device, block)| {
            let kind = block.kind.clone()?;
            Some(Device { name: block.name.clone().unwrap_or_else(|| device.clone()), kind })
        });
        all.collect()
    }

    fn volumes(&self, known: &mut Known) -> Vec<Volume> {
        let on_devices =
            self.mounts.iter().filter(|mount| mount.on_device || mount.fstype == b"zfs");
        on_devices
            .map(|mount| Volume {
                target: mount.target.clone(),
                encrypted: if OWN_WAYS.contains(&mount.fstype.as_slice()) {
                    None
                } else {
                    let device = self.numbers.get(&mount.number);
                    device.and_then(|device| self.encrypted(device, 0, known))
                },
            })
            .collect()
    }

    fn swaps(&self, volumes: &[Volume], known: &mut Known) -> Vec<Volume> {
        let first = self.swaps.iter().take(SWAPS_MAX);
        first
            .map(|(area, partition)| Volume {
                target: area.clone(),
                encrypted: if *partition {
                    let device = area.strip_prefix("/dev/");
                    device.and_then(|device| self.encrypted(device, 0, known))
                } else {
                    holder(area, volumes)
                },
            })
            .collect()
    }
}

/// Whether the file system that a swap file lies on is encrypted.
fn holder(file: &str, volumes: &[Volume]) -> Option<bool> {
    let above = volumes.iter().filter(|volume| {
        let folder = volume.target.trim_end_matches('/');
        file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    });
    above.max_by_key(|volume| volume.target.len())?.encrypted
}

fn crypttab(frame: &Frame) -> Result<Vec<Configured>, Problem> {
    if let Some(problem) = stopped(frame) {
        return Err(problem);
    }
    if frame.exit == Some(status::ABSENT) {
        return Ok(Vec::new());
    }
    if let Some(problem) = exit_problem(frame) {
        return Err(problem);
    }
    let mut lines = whole_lines(frame);
    if lines.next() != Some(b"crypttab") {
        return Err(unreadable("the lines of crypttab"));
    }
    lines
        .map(|line| {
            let words: Vec<&[u8]> = line.split(|&b| b == b' ').collect();
            let [b"c", name, source, key] = words.as_slice() else {
                return Err(unreadable("the lines of crypttab"));
            };
            Ok(Configured {
                name: escape_bounded(name, 200),
                source: escape_bounded(source, 200),
                key: escape_bounded(key, 20),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_on_a_device_that_decrypts_is_encrypted() {
        let lines = "b vda\nb vda1\nb vda2\nb dm-0\nb dm-1\nb dm-2\nb md0\ns vda1 vda\ns vda2 vda\n\
            s dm-0 vda2\ns dm-1 dm-0\ns dm-2 dm-0\ns dm-2 vda1\ns md0 md0\n\
            n vda1 254:1\nn dm-1 253:1\nn dm-2 253:2\nn md0 9:0\n\
            x dm-0 crypt root\nu dm-0 CRYPT-LUKS2\nx dm-1 vg-root\nu dm-1 LVM-abc\nu dm-2\n\
            m 254:1 vfat /dev/vda1 /boot\nm 253:1 ext4 /dev/mapper/vg-root /\n\
            m 253:2 xfs /dev/dm-2 /mixed\nm 9:0 ext4 /dev/md0 /ring\nm 0:30 btrfs /dev/vda2 /b\n\
            m 0:5 tmpfs tmpfs /tmp\nw /dev/dm-1 partition\nw /swap\\040file file\nend\n";
        let frame =
            Frame { data: lines.as_bytes().to_vec(), exit: Some(0), ..Frame::empty(RUNNING) };
        let running = running(&frame).expect("lines of this form");
        let of = |list: &[Volume], target: &str| {
            list.iter().find(|volume| volume.target == target).expect("a volume").encrypted
        };
        let mut known = Known::new();
        let volumes = running.volumes(&mut known);
        let swaps = running.swaps(&volumes, &mut known);
        for (target, expected) in [
            ("/boot", Some(false)),
            ("/", Some(true)),
            ("/mixed", Some(false)),
            ("/ring", None),
            ("/b", None),
        ] {
            assert_eq!(of(&volumes, target), expected, "{target}");
        }
        assert_eq!(volumes.len(), 5);
        assert_eq!(of(&swaps, "/dev/dm-1"), Some(true));
        assert_eq!(swaps.iter().filter(|s| s.encrypted == Some(true)).count(), 2);
        let device = Device { name: "crypt root".to_owned(), kind: "LUKS2".to_owned() };
        assert_eq!(running.devices(), [device]);
    }

    #[test]
    fn lines_without_an_end_are_not_all() {
        let frame = Frame { data: b"b vda\n".to_vec(), exit: Some(0), ..Frame::empty(RUNNING) };
        assert!(running(&frame).is_err());
    }
}
