//! The list of exploited flaws that CISA keeps.

use super::{Importer, VulnError, day, list, text};
use serde_json::Value;

pub(super) fn read(importer: &mut Importer, place: &str, value: &Value) -> Result<(), VulnError> {
    let released = text(value, &["dateReleased"]).and_then(day).ok_or_else(|| VulnError {
        place: place.to_owned(),
        what: "CISA's list without a dateReleased".to_owned(),
    })?;
    let draft = importer.draft("cisa-kev".to_owned(), released);
    let names = list(value, "vulnerabilities").iter().filter_map(|v| text(v, &["cveID"]));
    draft.exploited.extend(names.filter(|name| name.len() < 64).map(str::to_owned));
    Ok(())
}
