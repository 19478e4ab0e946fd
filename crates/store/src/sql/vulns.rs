//! Imported vulnerability data: sets that take the place of earlier ones of their name.

use super::Fault;
use super::rows::{parse, signed, unsigned};
use crate::codec::{canonical, pack, unpack};
use crate::types::VulnSetSummary;
use anji_model::{Advisory, AuditEntry, VulnKnowledge, VulnSet, VulnSource};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// Stores the sets, each in the place of the one with its name. `audit` tells of the import.
pub(super) fn put(conn: &Connection, sets: &[VulnSet], audit: &AuditEntry) -> Result<(), Fault> {
    for set in sets {
        remove(conn, &set.source.name)?;
        conn.execute(
            "INSERT INTO vuln_set (name, source, audit) VALUES (?1, ?2, ?3)",
            params![set.source.name, canonical(&set.source)?, signed(audit.sequence)?],
        )?;
        let id = conn.last_insert_rowid();
        let mut packages: BTreeMap<(&str, &str), Vec<&Advisory>> = BTreeMap::new();
        for advisory in &set.advisories {
            let place = (advisory.distribution.as_str(), advisory.package.as_str());
            packages.entry(place).or_default().push(advisory);
        }
        let mut statement = conn.prepare_cached(
            "INSERT INTO vuln_package (vuln_set, distribution, package, count, advisories) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for ((distribution, package), advisories) in packages {
            let json = canonical(&advisories)?;
            let count = signed(advisories.len() as u64)?;
            statement.execute(params![id, distribution, package, count, pack(json.as_bytes())?])?;
        }
        let mut statement =
            conn.prepare_cached("INSERT INTO vuln_exploited (vuln_set, flaw) VALUES (?1, ?2)")?;
        for flaw in &set.exploited {
            statement.execute(params![id, flaw])?;
        }
    }
    Ok(())
}

fn remove(conn: &Connection, name: &str) -> Result<(), Fault> {
    let mut statement = conn.prepare_cached("SELECT id FROM vuln_set WHERE name = ?1")?;
    let found: Option<i64> = statement.query_row([name], |row| row.get(0)).optional()?;
    if let Some(id) = found {
        conn.execute("DELETE FROM vuln_package WHERE vuln_set = ?1", [id])?;
        conn.execute("DELETE FROM vuln_exploited WHERE vuln_set = ?1", [id])?;
        conn.execute("DELETE FROM vuln_set WHERE id = ?1", [id])?;
    }
    Ok(())
}

pub(super) fn list(conn: &Connection) -> Result<Vec<VulnSetSummary>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT source, (SELECT coalesce(sum(count), 0) FROM vuln_package WHERE vuln_set = id), \
         (SELECT count(*) FROM vuln_exploited WHERE vuln_set = id) FROM vuln_set ORDER BY name",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, unsigned(row, 1)?, unsigned(row, 2)?))
    })?;
    rows.map(|row| {
        let (source, advisories, exploited) = row?;
        Ok(VulnSetSummary { source: parse(&source)?, advisories, exploited })
    })
    .collect()
}

/// What the sets say of these packages in these releases, and of flaws that attackers use.
pub(super) fn knowledge(
    conn: &Connection,
    distributions: &[String],
    packages: &BTreeSet<String>,
) -> Result<VulnKnowledge, Fault> {
    let mut knowledge = VulnKnowledge::default();
    let mut speaking: BTreeSet<i64> = BTreeSet::new();
    let mut statement = conn.prepare_cached(
        "SELECT vuln_set, advisories FROM vuln_package WHERE distribution = ?1 AND package = ?2",
    )?;
    for distribution in distributions {
        for package in packages {
            let rows = statement.query_map([distribution, package], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })?;
            for row in rows {
                let (set, packed) = row?;
                let json = unpack(&packed).and_then(|bytes| String::from_utf8(bytes).ok());
                let json = json.ok_or_else(|| {
                    Fault::damaged(format!("the advisories on {package} of {distribution}"))
                })?;
                knowledge.advisories.extend(parse::<Vec<Advisory>>(&json)?);
                speaking.insert(set);
            }
        }
    }
    let mut statement = conn.prepare_cached(
        "SELECT id, source, EXISTS (SELECT 1 FROM vuln_exploited WHERE vuln_set = id) \
         FROM vuln_set ORDER BY name",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for row in rows {
        let (id, source, exploited): (i64, String, bool) = row?;
        let source: VulnSource = parse(&source)?;
        let complete = distributions.iter().any(|name| source.complete.contains(name));
        if complete || exploited || speaking.contains(&id) {
            knowledge.sources.push(source);
        }
    }
    knowledge.advisories.sort();
    knowledge.advisories.dedup();
    knowledge.exploited = exploited(conn, &knowledge.advisories)?;
    Ok(knowledge)
}

fn exploited(conn: &Connection, advisories: &[Advisory]) -> Result<BTreeSet<String>, Fault> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM vuln_exploited WHERE flaw = ?1")?;
    let mut found = BTreeSet::new();
    let names = advisories.iter().flat_map(|a| std::iter::once(&a.id).chain(&a.aliases));
    for name in names.collect::<BTreeSet<_>>() {
        if statement.exists([name])? {
            found.insert(name.clone());
        }
    }
    Ok(found)
}
