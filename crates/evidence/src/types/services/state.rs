//! Which units there are and what the links say of them, as systemd itself
//! decides it (`systemctl list-unit-files`).

use super::listing::{Entry, Listing, base};
use super::unit_file::Settings;
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of units that are told of.
const KINDS: [&[u8]; 8] =
    [b"service", b"socket", b"timer", b"path", b"target", b"mount", b"automount", b"swap"];

/// The kind of a unit's name, if it is one that is told of.
pub(super) fn kind(name: &[u8]) -> Option<&'static str> {
    let dot = name.iter().rposition(|&b| b == b'.')?;
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b":_.@\\-+".contains(b);
    if dot == 0 || name.len() > 255 || !name.iter().all(plain) {
        return None;
    }
    let kind = KINDS.into_iter().find(|kind| *kind == &name[dot + 1..])?;
    std::str::from_utf8(kind).ok()
}

/// The name without kind and instance.
pub(super) fn short(name: &[u8]) -> &[u8] {
    let end = name.iter().rposition(|&b| b == b'.').unwrap_or(name.len());
    name[..end].split(|&b| b == b'@').next().unwrap_or_default()
}

/// `getty@.service` of `getty@tty1.service`.
pub(super) fn template(name: &[u8]) -> Option<Vec<u8>> {
    let at = name.iter().position(|&b| b == b'@')?;
    let dot = name.iter().rposition(|&b| b == b'.')?;
    (at + 1 < dot).then(|| [&name[..=at], &name[dot..]].concat())
}

/// What a name is defined by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Definition {
    /// A file: its folder and its name there.
    File(Vec<u8>, Vec<u8>),
    /// Nothing may start it; in this folder.
    Masked(Vec<u8>),
    /// Another name of this unit.
    Alias(Vec<u8>),
    /// A link in this folder to a file outside the search path.
    Linked(Vec<u8>),
}

/// The search path with all its names.
pub(super) struct Search<'a> {
    /// The folders, the first of which wins.
    pub(super) folders: &'a [Vec<u8>],
    pub(super) listing: &'a Listing,
    /// Links of `.wants` folders and of the folders themselves, by the base of
    /// their target and by their own name.
    links: BTreeMap<&'a [u8], Vec<Link<'a>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Link<'a> {
    folder: usize,
    name: &'a [u8],
    /// Whether it stands in a `.wants`, `.requires` or `.upholds` folder.
    wants: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(folders: &'a [Vec<u8>], listing: &'a Listing) -> Self {
        let mut links: BTreeMap<&[u8], Vec<Link<'_>>> = BTreeMap::new();
        for (path, names) in listing {
            let wants = is_dependency(path);
            let parent = if wants { parent(path) } else { path };
            let Some(folder) = folders.iter().position(|folder| folder == parent) else { continue };
            for (name, entry) in names {
                let target = match entry {
                    Entry::Link(target) => base(target),
                    Entry::File { .. } if wants => name,
                    _ => continue,
                };
                let link = Link { folder, name, wants };
                for key in BTreeSet::from([target, name.as_slice()]) {
                    links.entry(key).or_default().push(link);
                }
            }
        }
        Self { folders, listing, links }
    }

    fn find(&self, name: &[u8]) -> Option<(&'a [u8], &'a Entry)> {
        self.folders
            .iter()
            .find_map(|folder| Some((folder.as_slice(), self.listing.get(folder)?.get(name)?)))
    }

    /// What defines `name`, following instances to their template.
    pub(super) fn definition(&self, name: &[u8]) -> Option<Definition> {
        let (found, used) = match self.find(name) {
            Some(found) => (found, name.to_vec()),
            None => {
                let template = template(name)?;
                (self.find(&template)?, template)
            }
        };
        let (folder, entry) = found;
        match entry {
            Entry::File { empty: true } => Some(Definition::Masked(folder.to_vec())),
            Entry::File { .. } => Some(Definition::File(folder.to_vec(), used)),
            Entry::Link(target) if target == b"/dev/null" => {
                Some(Definition::Masked(folder.to_vec()))
            }
            Entry::Link(target) => {
                let target = base(target);
                if template(&used).is_some_and(|template| template == target) {
                    return Some(Definition::File(folder.to_vec(), target.to_vec()));
                }
                if target != used && kind(target).is_some() {
                    return Some(Definition::Alias(target.to_vec()));
                }
                // The same name further down the path, or a file elsewhere.
                let below = self.folders.iter().skip_while(|f| f.as_slice() != folder).skip(1);
                let below = below
                    .filter(|f| self.listing.get(*f).and_then(|names| names.get(&used)).is_some());
                Some(match below.into_iter().next() {
                    Some(other) => Definition::File(other.clone(), used),
                    None => Definition::Linked(folder.to_vec()),
                })
            }
            Entry::Folder | Entry::Other => None,
        }
    }

    /// Every unit that has a file or a link, and every instance that a link names.
    pub(super) fn names(&self) -> BTreeSet<&'a [u8]> {
        let listed = self.folders.iter().filter_map(|folder| self.listing.get(folder));
        let own = listed.flat_map(|names| names.keys().map(Vec::as_slice));
        let wanted = self.links.values().flatten().filter(|link| link.wants).map(|link| link.name);
        own.chain(wanted).filter(|name| kind(name).is_some()).collect()
    }

    /// The names that links of other units name, and what they are aliases of.
    pub(super) fn wanted(&self) -> BTreeSet<Vec<u8>> {
        let mut wanted = BTreeSet::new();
        for link in self.links.values().flatten().filter(|link| link.wants) {
            wanted.insert(link.name.to_vec());
            let mut name = link.name.to_vec();
            for _ in 0..4 {
                let Some(Definition::Alias(target)) = self.definition(&name) else { break };
                name.clone_from(&target);
                wanted.insert(target);
            }
        }
        wanted
    }

    /// The state, in systemd's words.
    pub(super) fn state(
        &self,
        name: &[u8],
        definition: &Definition,
        settings: &Settings,
    ) -> &'static str {
        let folder = match definition {
            Definition::Masked(folder) if is_runtime(folder) => return "masked-runtime",
            Definition::Masked(_) => return "masked",
            Definition::Alias(_) => return "alias",
            Definition::File(folder, _) | Definition::Linked(folder) => folder,
        };
        if base(parent(folder)) == b"systemd" && base(folder).starts_with(b"generator") {
            return "generated";
        }
        let (mut runtime, mut vendor, mut other) = (false, false, false);
        let template = template(name);
        for key in [Some(name), template.as_deref()].into_iter().flatten() {
            for link in self.links.get(key).into_iter().flatten() {
                if !self.counts(link, name, template.as_deref()) {
                    continue;
                }
                let at = &self.folders[link.folder];
                if !is_known(link.name, name, settings) {
                    let placed = link.wants || at == b"./etc/systemd/system";
                    other |= key == name && placed;
                } else if at == b"./etc/systemd/system" {
                    return "enabled";
                } else if is_runtime(at) {
                    runtime = true;
                } else {
                    vendor = true;
                }
            }
        }
        match definition {
            _ if runtime => "enabled-runtime",
            _ if vendor && template.is_some() => "static",
            Definition::Linked(folder) if is_runtime(folder) => "linked-runtime",
            Definition::Linked(_) => "linked",
            _ if other => "indirect",
            _ if settings.installable => "disabled",
            _ if settings.also => "indirect",
            _ => "static",
        }
    }

    /// A link to itself in the search path says nothing; neither does a link of
    /// another instance of the same template.
    fn counts(&self, link: &Link<'_>, name: &[u8], template: Option<&[u8]>) -> bool {
        let own = link.name == name;
        (link.wants || !own) && (template.is_none() || own)
    }
}

/// Whether the link's name is one that enabling gives.
fn is_known(link: &[u8], name: &[u8], settings: &Settings) -> bool {
    let instance = || {
        let at = name.windows(2).position(|two| two == b"@.")?;
        let instance = settings.default_instance.as_slice();
        (!instance.is_empty()).then(|| [&name[..=at], instance, &name[at + 1..]].concat())
    };
    link == name || settings.aliases.contains(link) || instance().is_some_and(|own| own == link)
}

pub(super) fn is_dependency(path: &[u8]) -> bool {
    [&b".wants"[..], b".requires", b".upholds"].iter().any(|end| path.ends_with(end))
}

fn is_runtime(folder: &[u8]) -> bool {
    folder.starts_with(b"./run/")
}

pub(super) fn parent(path: &[u8]) -> &[u8] {
    path.iter().rposition(|&b| b == b'/').map_or(&[][..], |at| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(kind(b"ssh.service"), Some("service"));
        assert_eq!(kind(b"a b.service"), None);
        assert_eq!(kind(b"session-1.scope"), None);
        assert_eq!(short(b"postgresql@15-main.service"), b"postgresql");
        assert_eq!(short(b"dbus-org.x.service"), b"dbus-org.x");
        assert_eq!(template(b"getty@tty1.service"), Some(b"getty@.service".to_vec()));
        assert_eq!(template(b"getty@.service"), None);
        assert_eq!(template(b"getty.service"), None);
    }
}
