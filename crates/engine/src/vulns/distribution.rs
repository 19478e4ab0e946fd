//! The names of distribution releases, in the form of `os.release`.

use anji_model::NamedBy;

/// The release of an OSV ecosystem, and what its package names are.
pub(super) fn of_ecosystem(ecosystem: &str) -> Option<(String, NamedBy)> {
    let (name, version) = ecosystem.split_once(':')?;
    let first = version.split(':').next().unwrap_or_default();
    let version = first.to_lowercase();
    let named = |id: &str, version: &str, named| {
        let fits = version.starts_with(|c: char| c.is_ascii_digit());
        fits.then(|| (format!("{id} {version}"), named))
    };
    match name {
        "Debian" => named("debian", &version, NamedBy::Source),
        "Ubuntu" => {
            // `Ubuntu:22.04:LTS`; what Pro alone brings is another set.
            let number = ecosystem.split(':').find(|part| part.contains('.'))?;
            (!ecosystem.contains("Pro")).then(|| named("ubuntu", number, NamedBy::Source))?
        }
        "Alpine" => named("alpine", version.strip_prefix('v')?, NamedBy::Source),
        "Rocky Linux" => named("rocky", &version, NamedBy::Source),
        "AlmaLinux" => named("almalinux", &version, NamedBy::Binary),
        "openEuler" => named("openeuler", &version, NamedBy::Source),
        "Red Hat" => of_cpe(version_tail(ecosystem)).map(|name| (name, NamedBy::Binary)),
        "SUSE" => of_suse(version_tail(ecosystem)).map(|name| (name, NamedBy::Binary)),
        _ => None,
    }
}

fn version_tail(ecosystem: &str) -> &str {
    ecosystem.split_once(':').map_or("", |(_, tail)| tail)
}

/// `Linux Enterprise Server 15 SP5` and its like.
fn of_suse(name: &str) -> Option<String> {
    let rest = name.strip_prefix("Linux Enterprise Server ")?;
    let mut words = rest.split_whitespace();
    let major = words.next()?.split('-').next()?;
    let pack = rest.split(['-', ' ']).find_map(|word| word.strip_prefix("SP"));
    match pack {
        Some(pack) => Some(format!("sles {major}.{pack}")),
        None => Some(format!("sles {major}")),
    }
}

/// `enterprise_linux:9::baseos`, with or without what stands before it.
pub(super) fn of_cpe(cpe: &str) -> Option<String> {
    let (_, rest) = cpe.split_once("enterprise_linux:")?;
    let version = rest.split([':', '/']).next()?;
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("rhel {version}"))
}

/// The platform of an OVAL definition.
pub(super) fn of_platform(platform: &str) -> Option<(String, NamedBy)> {
    let number = |rest: &str| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number = rest[..end].trim_end_matches(".0");
        (!number.is_empty()).then(|| number.to_owned())
    };
    if let Some(rest) = platform.strip_prefix("Debian GNU/Linux ") {
        return Some((format!("debian {}", number(rest)?), NamedBy::Source));
    }
    if let Some(rest) = platform.strip_prefix("Red Hat Enterprise Linux ") {
        return Some((format!("rhel {}", number(rest)?), NamedBy::Binary));
    }
    let suse = platform.strip_prefix("SUSE ").and_then(of_suse);
    suse.map(|name| (name, NamedBy::Binary))
}
