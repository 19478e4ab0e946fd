//! Prints the captures of every evidence type as a JSON list, for the scripts
//! that make recordings. Arguments are paths for the types that take one.

#![expect(
    clippy::disallowed_methods,
    reason = "a tool for making recordings, not a part of the crate"
)]

use anji_evidence::{SelectorKind, registry};
use anji_model::{AbsPath, Selector};
use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths = Vec::new();
    for argument in std::env::args().skip(1) {
        paths.push(Selector::Path(AbsPath::new(argument).map_err(|e| e.to_string())?));
    }
    let mut all = Vec::new();
    for kind in registry() {
        let selectors = match kind.selector() {
            SelectorKind::None => &[][..],
            SelectorKind::Path => &paths,
        };
        all.extend(kind.captures(selectors));
    }
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&all)?)?;
    Ok(())
}
