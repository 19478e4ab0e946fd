//! That clippy really holds the pure crates pure: a scratch crate with each
//! crate's own `clippy.toml` is linted, and its violations must be found.

use super::tree;
use std::fs;
use std::process::Command;

/// Crates that touch no file, network, process, environment or clock.
const PURE: &[&str] = &["model", "evidence", "engine", "report"];

/// One violation a line; clippy must find every one.
const VIOLATIONS: &[&str] = &[
    "let _ = std::fs::read_to_string(\"/etc/passwd\");",
    "let _ = std::fs::File::open(\"/etc/passwd\");",
    "let _ = std::net::TcpStream::connect(\"127.0.0.1:1\");",
    "let _ = std::process::Command::new(\"true\");",
    "let _ = std::env::var(\"HOME\");",
    "let _ = std::time::SystemTime::now();",
    "let _ = std::time::Instant::now();",
    "let _ = std::path::Path::new(\"/\").exists();",
    "std::thread::sleep(std::time::Duration::ZERO);",
];

fn clippy() -> Option<Command> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let version = Command::new(&cargo).args(["clippy", "--version"]).output().ok()?;
    version.status.success().then(|| {
        let mut command = Command::new(cargo);
        command.arg("clippy");
        command
    })
}

#[test]
fn pure_crates_have_one_rule() {
    let rule = tree::read("crates/model/clippy.toml");
    for name in PURE {
        let own = tree::read(&format!("crates/{name}/clippy.toml"));
        assert_eq!(own, rule, "`{name}` has another clippy.toml than `model`");
    }
}

#[test]
fn clippy_finds_every_impurity() {
    let Some(mut clippy) = clippy() else {
        assert!(std::env::var_os("CI").is_none(), "clippy is missing");
        return;
    };
    let folder = tempfile::tempdir().expect("a scratch folder can be made");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("the name is inside the folder"))
            .and_then(|()| fs::write(path, text))
            .expect("the scratch crate can be written");
    };
    let manifest =
        "[package]\nname = \"scratch\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n";
    write("Cargo.toml", manifest);
    write("clippy.toml", &tree::read("crates/model/clippy.toml"));
    write("src/lib.rs", &format!("pub fn f() {{\n{}\n}}\n", VIOLATIONS.join("\n")));
    let output = clippy
        .args(["--offline", "--message-format", "short"])
        .current_dir(folder.path())
        .env("CARGO_TARGET_DIR", folder.path().join("target"))
        .env_remove("CLIPPY_CONF_DIR")
        .output()
        .expect("clippy can be started");
    let found = String::from_utf8_lossy(&output.stderr);
    for (index, violation) in VIOLATIONS.iter().enumerate() {
        let place = format!("src/lib.rs:{}:", index + 2);
        let caught =
            found.lines().any(|line| line.starts_with(&place) && line.contains("disallowed"));
        assert!(caught, "clippy let `{violation}` pass:\n{found}");
    }
}
