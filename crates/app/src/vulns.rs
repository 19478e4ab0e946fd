//! Importing vulnerability data that the user brings, offline.

use crate::context::{Actor, Home};
use crate::error::AppError;
use anji_engine::vulns::{Importer, Packaging, Skipped, VulnError};
use anji_model::{AuditOutcome, Digest, VulnSet};
use anji_store::{NewAudit, Store, VulnSetSummary};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

/// The most members of an archive, and bytes of one when it is unpacked.
const MEMBERS_MAX: usize = 2_000_000;
const MEMBER_MAX: u64 = 256 << 20;
/// The most bytes that an archive may unpack to.
const UNPACKED_MAX: u64 = 16 << 30;

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VulnImport {
    /// The sets as they are stored now.
    pub sets: Vec<VulnSetSummary>,
    /// What of the files was left out: why, and how much.
    pub skipped: Vec<(String, u64)>,
}

/// Reads files of vulnerability data (OSV, OVAL, CSAF, CISA's list; OSV also as
/// a zip archive or as lines) and stores all of it, or nothing.
///
/// # Errors
/// When a file cannot be read, is none of these, or is damaged; when the store
/// refuses.
pub fn import_vulnerabilities(
    home: &Home,
    actor: &Actor,
    now: Timestamp,
    files: &[PathBuf],
) -> Result<VulnImport, AppError> {
    let mut sets: BTreeMap<String, VulnSet> = BTreeMap::new();
    let mut skipped = Skipped::new();
    for file in files {
        let (found, left) = read(file)?;
        for (why, count) in left {
            *skipped.entry(why).or_default() += count;
        }
        // Of one set in two files the newer one holds.
        for set in found {
            let newer = sets
                .get(&set.source.name)
                .is_none_or(|known| known.source.as_of_day <= set.source.as_of_day);
            if newer {
                sets.insert(set.source.name.clone(), set);
            }
        }
    }
    let sets: Vec<VulnSet> = sets.into_values().collect();
    let mut store = Store::open(&home.state)?;
    let stored = store.write(|writer| {
        writer.put_vulnerabilities(
            &sets,
            &NewAudit {
                at: now,
                actor: actor.name.clone(),
                use_case: "content.import-vulns".to_owned(),
                object: format!("{} files", files.len()),
                outcome: AuditOutcome::Done,
                detail: told(&sets),
            },
        )?;
        writer.vulnerability_sets()
    })?;
    let names: Vec<_> = sets.iter().map(|set| set.source.name.as_str()).collect();
    let sets = stored.into_iter().filter(|s| names.contains(&s.source.name.as_str())).collect();
    Ok(VulnImport { sets, skipped: skipped.into_iter().collect() })
}

/// The imported sets, in a text of bounded length for the audit log.
fn told(sets: &[VulnSet]) -> String {
    let each = sets.iter().take(20).map(|set| {
        format!("{} ({} advisories, {})", set.source.name, set.advisories.len(), set.source.digest)
    });
    let mut text = each.collect::<Vec<_>>().join("; ");
    if sets.len() > 20 {
        text = format!("{text}; and {} more", sets.len() - 20);
    }
    text
}

/// The imported sets that are there.
///
/// # Errors
/// When the store cannot be read.
pub fn vulnerability_sets(home: &Home) -> Result<Vec<VulnSetSummary>, AppError> {
    Ok(Store::open_read_only(&home.state)?.read(|reader| reader.vulnerability_sets())?)
}

fn read(path: &Path) -> Result<(Vec<VulnSet>, Skipped), AppError> {
    let failed = |source| AppError::VulnFile { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(failed(std::io::Error::other("not a regular file")));
    }
    let digest = digest(&mut file).map_err(failed)?;
    file.rewind().map_err(failed)?;
    let mut head = [0; 4];
    let got = file.read(&mut head).map_err(failed)?;
    file.rewind().map_err(failed)?;
    let mut importer = Importer::new(digest);
    let name = path.display().to_string();
    if head[..got] == *b"PK\x03\x04" {
        archive(&mut importer, &name, file)?;
    } else {
        importer.document(
            &name,
            Packaging::Single,
            &mut BufReader::with_capacity(1 << 16, file),
        )?;
    }
    Ok(importer.finish())
}

fn digest(file: &mut File) -> std::io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Digest(hash.finalize().into())),
            got => hash.update(&buffer[..got]),
        }
    }
}

/// Every JSON or XML document of an archive; names never become files.
fn archive(importer: &mut Importer, name: &str, file: File) -> Result<(), VulnError> {
    let error = |what: String| VulnError { place: name.to_owned(), what };
    let mut archive = zip::ZipArchive::new(BufReader::new(file))
        .map_err(|e| error(format!("a damaged zip archive: {e}")))?;
    if archive.len() > MEMBERS_MAX {
        return Err(error(format!("more than {MEMBERS_MAX} members")));
    }
    let mut left = UNPACKED_MAX;
    let mut read = 0;
    for index in 0..archive.len() {
        let member = archive.by_index(index);
        let member = member.map_err(|e| error(format!("member {}: {e}", index + 1)))?;
        let shown = member.name().map_err(|e| error(format!("member {}: {e}", index + 1)))?;
        let shown: String = shown.chars().filter(|c| !c.is_control()).take(120).collect();
        if !(shown.ends_with(".json") || shown.ends_with(".xml")) {
            continue;
        }
        if member.size() > MEMBER_MAX || member.size() > left {
            return Err(error(format!("member {shown} is larger than any document")));
        }
        left -= member.size();
        // What is unpacked may be more than what was announced.
        let mut bounded = BufReader::new(member.take(MEMBER_MAX));
        importer.document(&format!("{name}, {shown}"), Packaging::Archive, &mut bounded)?;
        read += 1;
    }
    if read == 0 {
        return Err(error("a zip archive without a .json or .xml document".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
