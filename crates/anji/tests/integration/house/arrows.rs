//! Which crate may know which: the figure in `ARCHITECTURE.md` is the table,
//! and what cargo says must be the same, no more and no less.

use super::tree;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Crate (its folder's name) and the crates that it depends on.
type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Crates that are pure, and what they may not reach, not even through others.
const PURE: &[&str] = &["model", "evidence", "engine", "report"];
const IMPURE: &[&str] = &[
    "async-std",
    "getrandom",
    "hyper",
    "libsqlite3-sys",
    "mio",
    "nix",
    "postgres",
    "rand",
    "reqwest",
    "rusqlite",
    "rustix",
    "smol",
    "socket2",
    "tempfile",
    "tokio",
    "ureq",
];

/// What cargo knows of the workspace.
fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Without the filter cargo wants packages of platforms that are never built here.
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", &platform])
        .current_dir(tree::root())
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

/// The folder name of a crate of ours.
fn folder(name: &str) -> &str {
    name.strip_prefix("anji-").unwrap_or(name)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("cargo gives `{key}`"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("cargo gives a list `{key}`"))
}

/// The arrows as cargo sees them: normal dependencies that have a path.
fn real_arrows(metadata: &Value) -> Arrows {
    let members: BTreeSet<_> =
        list(metadata, "workspace_members").iter().filter_map(Value::as_str).collect();
    let mut arrows = Arrows::new();
    for package in list(metadata, "packages") {
        if members.contains(text(package, "id")) {
            let targets = list(package, "dependencies")
                .iter()
                .filter(|dependency| dependency["kind"].is_null() && dependency["path"].is_string())
                .map(|dependency| folder(text(dependency, "name")).to_owned());
            arrows.insert(folder(text(package, "name")).to_owned(), targets.collect());
        }
    }
    assert!(arrows.len() >= 9, "cargo knows only {} crates of ours", arrows.len());
    arrows
}

/// The lines of the figure, in its order.
fn figure() -> Vec<(String, BTreeSet<String>)> {
    let page = tree::read("ARCHITECTURE.md");
    let (_, rest) = page.split_once("```arrows\n").expect("the page has a figure of arrows");
    let (figure, _) = rest.split_once("```").expect("the figure ends");
    figure
        .lines()
        .map(|line| {
            let (from, to) = line.split_once("->").expect("a line of the figure has an arrow");
            let to = to.split_whitespace().filter(|name| *name != "-").map(str::to_owned);
            (from.trim().to_owned(), to.collect())
        })
        .collect()
}

#[test]
fn arrows_are_those_of_the_figure() {
    let figure: Arrows = figure().into_iter().collect();
    assert_eq!(real_arrows(&metadata()), figure, "left: cargo; right: ARCHITECTURE.md");
}

#[test]
fn arrows_point_downward() {
    let figure = figure();
    for (index, (from, to)) in figure.iter().enumerate() {
        for target in to {
            let below = figure.iter().skip(index + 1).any(|(name, _)| name == target);
            assert!(below, "`{from}` points at `{target}`, which does not stand below it");
        }
    }
}

#[test]
fn crate_folders_are_those_of_the_figure() {
    let folders: BTreeSet<_> = tree::files("crates")
        .iter()
        .filter_map(|path| path.strip_suffix("/Cargo.toml"))
        .filter_map(|path| path.strip_prefix("crates/"))
        .map(str::to_owned)
        .collect();
    let drawn: BTreeSet<_> = figure().into_iter().map(|(name, _)| name).collect();
    assert_eq!(folders, drawn, "left: folders; right: ARCHITECTURE.md");
    let page = tree::read("ARCHITECTURE.md");
    for name in &drawn {
        assert!(page.contains(&format!("| `{name}` |")), "the code map leaves out `{name}`");
    }
}

#[test]
fn files_that_the_page_names_exist() {
    let page = tree::read("ARCHITECTURE.md");
    let mut named = 0;
    for word in page.split('`').skip(1).step_by(2) {
        if word.contains('/') && word.ends_with(".rs") {
            let places = ["", "crates/", "crates/anji/tests/integration/"];
            let found = places.iter().any(|place| tree::root().join(place).join(word).is_file());
            assert!(found, "there is no `{word}`");
            named += 1;
        }
    }
    assert!(named > 8, "the page names only {named} files");
}

#[test]
fn dependencies_come_from_the_workspace_table() {
    for path in tree::files("crates").iter().filter(|path| path.ends_with("/Cargo.toml")) {
        let text = tree::read(path);
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with('[') {
                inside = line.ends_with("dependencies]");
            } else if inside && line.contains('=') {
                let shared = line.contains("workspace = true");
                assert!(shared, "{path}: `{line}` has a version of its own");
            }
        }
    }
}

#[test]
fn pure_crates_reach_nothing_impure() {
    let metadata = metadata();
    let names: BTreeMap<_, _> = list(&metadata, "packages")
        .iter()
        .map(|package| (text(package, "id"), text(package, "name")))
        .collect();
    let nodes: BTreeMap<_, _> =
        list(&metadata["resolve"], "nodes").iter().map(|node| (text(node, "id"), node)).collect();
    for pure in PURE {
        let name = format!("anji-{pure}");
        let start = names.iter().find(|(_, met)| **met == name).map(|(id, _)| *id);
        let mut open = vec![start.unwrap_or_else(|| panic!("cargo knows `{name}`"))];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                let met = names[id];
                assert!(!IMPURE.contains(&met), "`{pure}` reaches `{met}`");
                open.extend(normal_dependencies(nodes[id]));
            }
        }
        assert!(seen.len() > 2, "`{pure}` was not followed");
    }
}

/// What a package needs when it runs.
fn normal_dependencies(node: &Value) -> impl Iterator<Item = &str> {
    list(node, "deps")
        .iter()
        .filter(|dependency| {
            list(dependency, "dep_kinds").iter().any(|kind| kind["kind"].is_null())
        })
        .map(|dependency| text(dependency, "pkg"))
}
