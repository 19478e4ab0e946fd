//! A scratch folder with a root file system and a state folder, and the binary.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A small root file system and a state folder, gone at the end of the test.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    /// A root like that of a minimal Debian 12.
    pub(crate) fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().expect("a scratch folder") };
        bench.write("etc/os-release", OS_RELEASE, 0o644);
        bench.write(
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/bash\nopsadm:x:1000:1000::/home/opsadm:/bin/bash\n",
            0o644,
        );
        bench.write(
            "etc/shadow",
            "root:*:20780:0:99999:7:::\nopsadm:!:20780:0:99999:7:::\n",
            0o640,
        );
        bench.write("etc/group", "root:x:0:\nopsadm:x:1000:\n", 0o644);
        bench.write("etc/nsswitch.conf", "passwd: files\n", 0o644);
        bench
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub(crate) fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the root with its mode.
    pub(crate) fn write(&self, path: &str, text: &str, mode: u32) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("its mode");
    }

    /// The command with this bench's state folder, in English.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anji"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LANG", "C.UTF-8")
            .env("ANJI_STATE", self.state());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().expect("the binary starts"))
    }

    /// `anji check --root` on the bench's root, with more arguments.
    pub(crate) fn check(&self, arguments: &[&str]) -> Ran {
        let root = self.root();
        let mut all = vec!["check", "--root", path_text(&root)];
        all.extend(arguments);
        self.run(&all)
    }

    /// The report of a check as its JSON document.
    pub(crate) fn check_json(&self) -> serde_json::Value {
        let ran = self.check(&["--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        serde_json::from_str(&ran.out).expect("a JSON document")
    }
}

pub(crate) fn path_text(path: &Path) -> &str {
    path.to_str().expect("a scratch path is UTF-8")
}

/// How a command ended and what it said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }
}

const OS_RELEASE: &str = r#"PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
ID=debian
"#;
