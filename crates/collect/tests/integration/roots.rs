//! Another root directory: links never lead out of it, and it has no live facts.

use crate::support::{capture, collect_over, key, plan, plan_for, run, shells};
use anji_model::{AbsPath, Capture, EvidenceStatus, FailureCategory, Source};
use std::os::unix::fs::symlink;
use std::path::Path;

/// A root with links of every kind, beside a file outside of it.
fn make(folder: &Path) -> String {
    let root = folder.join("it's a root");
    for path in ["etc/deep", "usr/lib", "data", "link\n"] {
        std::fs::create_dir_all(root.join(path)).expect("folder");
    }
    std::fs::write(folder.join("secret"), "outside\n").expect("file");
    std::fs::write(root.join("data/file"), "inside\n").expect("file");
    std::fs::write(root.join("usr/lib/os-release"), "ID=testos\nVERSION_ID=\"7\"\n").expect("file");
    let outside = folder.join("secret").display().to_string();
    for (link, target) in [
        ("etc/os-release", "../usr/lib/os-release"),
        ("etc/absolute", "/data/file"),
        ("etc/relative", "../data/file"),
        ("etc/out", outside.as_str()),
        ("etc/up", "../../../../../../../../data/file"),
        ("etc/up-out", "../../secret"),
        ("etc/loop", "/etc/loop2"),
        ("etc/loop2", "loop"),
        ("etc/self", "self"),
        ("etc/dangling", "/no/such"),
        ("etc/dir", "/data/"),
        ("etc/host", "/etc/passwd"),
        ("etc/chain", "dir/../etc/absolute"),
        ("etc/newline", "../link\n/../data/file"),
        ("escape", folder.to_str().expect("text")),
    ] {
        symlink(target, root.join(link)).expect("link");
    }
    root.display().to_string()
}

#[test]
fn paths_resolve_inside_the_root() {
    let folder = tempfile::tempdir().expect("folder");
    let root = make(folder.path());
    let inside = |path: &str| format!("{root}{path}");
    let cases = [
        ("/data/file", inside("/data/file")),
        ("/etc/absolute", inside("/data/file")),
        ("/etc/relative", inside("/data/file")),
        ("/etc/up", inside("/data/file")),
        ("/etc/up-out", inside("/secret")),
        ("/etc/out", inside(&folder.path().join("secret").display().to_string())),
        ("/escape/secret", inside(&folder.path().join("secret").display().to_string())),
        ("/etc/dangling", inside("/no/such")),
        ("/etc/dir/file", inside("/data/file")),
        ("/etc/host", inside("/etc/passwd")),
        ("/etc/chain", inside("/data/file")),
        ("/etc/newline", inside("/data/file")),
        ("/etc/../../../etc/dir/./file", inside("/data/file")),
        ("/no/such/thing", inside("/no/such/thing")),
        ("/", inside("/")),
    ];
    let captures = cases
        .iter()
        .enumerate()
        .map(|(number, (path, _))| capture(&format!("a.{number}"), &format!("anji_path '{path}'")));
    let loops =
        ["/etc/loop", "/etc/self", "/etc/loop2/more"].iter().enumerate().map(|(n, path)| {
            let show =
                format!("p=$(anji_path '{path}'); [ -e \"$p\" ] && echo exists; cat \"$p\" 2>&1");
            capture(&format!("loop.{n}"), &show)
        });
    let mut plan = plan(captures.chain(loops).collect());
    plan.root = Some(AbsPath::new(root.as_str()).expect("root"));
    for (name, shell) in shells() {
        let frames = run(&shell, &plan).frames();
        for (number, (path, expected)) in cases.iter().enumerate() {
            let frame = frames.get(&format!("a.{number}")).expect("frame");
            let got = String::from_utf8_lossy(&frame.data).into_owned();
            assert_eq!(got, format!("{expected}\n"), "{name} {path}");
        }
        for number in 0..3 {
            let frame = frames.get(&format!("loop.{number}")).expect("frame");
            let got = String::from_utf8_lossy(&frame.data).into_owned();
            assert!(got.contains("File name too long"), "{name} loop.{number}: {got}");
        }
    }
}

#[test]
fn a_live_host_reads_paths_as_they_are() {
    let plan = plan(vec![
        capture("a.one", "anji_path /etc/../etc/passwd; anji_path -n; anji_path '/a  b*'"),
        capture(
            "a.two",
            "anji_have sh && ! anji_have no-such && ! anji_have anji_have && echo yes",
        ),
    ]);
    for (name, shell) in shells() {
        let frames = run(&shell, &plan).frames();
        let one = frames.get("a.one").expect("frame");
        assert_eq!(one.data, b"/etc/../etc/passwd\n-n\n/a  b*\n", "{name}");
        assert_eq!(frames.get("a.two").expect("frame").data, b"yes\n", "{name}");
    }
}

#[test]
fn a_root_has_no_live_facts() {
    let folder = tempfile::tempdir().expect("folder");
    let root = make(folder.path());
    let keys = [
        key("os.release", None),
        key("sockets.listening", None),
        key("sshd.effective", None),
        key("file.stat", Some("/etc/absolute")),
        key("file.stat", Some("/etc/out")),
        key("file.stat", Some("/etc/loop")),
    ];
    let plan = plan_for(&keys, Some(&root));
    for (name, shell) in shells() {
        let collected = collect_over(&shell, &plan);
        let status = |at: usize| &collected.snapshot.records[&keys[at]].status;
        assert_eq!(status(0), &EvidenceStatus::Collected, "{name}");
        let record = &collected.snapshot.records[&keys[0]];
        assert_eq!(record.collector.transport, "root");
        let body = &collected.snapshot.bodies[&record.body.expect("body")];
        assert!(String::from_utf8_lossy(body).contains("testos"), "{name}");
        let not_live = |gap: &anji_model::Gap| gap.category == FailureCategory::NotLive;
        assert!(record.gaps.iter().any(not_live), "{name}: {:?}", record.gaps);
        for at in [1, 2] {
            let EvidenceStatus::Failed { category, .. } = status(at) else {
                panic!("{name} {}: {:?}", keys[at], status(at));
            };
            assert_eq!(*category, FailureCategory::NotLive, "{name}");
        }
        assert_eq!(status(3), &EvidenceStatus::Collected, "{name}");
        assert!(matches!(status(4), EvidenceStatus::Absent { .. }), "{name}: {:?}", status(4));
        assert!(matches!(status(5), EvidenceStatus::Failed { .. }), "{name}: {:?}", status(5));
    }
}

/// The name that stands for a loop inside the script is not for people.
#[test]
fn a_loop_of_links_is_called_one() {
    let folder = tempfile::tempdir().expect("folder");
    let root = make(folder.path());
    for name in ["passwd", "shadow", "group", "nsswitch.conf"] {
        symlink("/etc/loop", Path::new(&root).join("etc").join(name)).expect("link");
    }
    std::fs::remove_file(Path::new(&root).join("etc/os-release")).expect("link");
    symlink("loop", Path::new(&root).join("etc/os-release")).expect("link");
    let keys =
        [key("accounts", None), key("os.release", None), key("file.stat", Some("/etc/loop"))];
    let plan = plan_for(&keys, Some(&root));
    for (name, shell) in shells() {
        let collected = collect_over(&shell, &plan);
        for key in &keys {
            let EvidenceStatus::Failed { detail, .. } = &collected.snapshot.records[key].status
            else {
                panic!("{name} {key} is known");
            };
            assert!(detail.contains("a loop of links"), "{name} {key}: {detail}");
            assert!(!detail.contains("unresolved"), "{name} {key}: {detail}");
        }
    }
}

#[test]
fn live_captures_do_not_run_in_a_root() {
    let folder = tempfile::tempdir().expect("folder");
    let canary = folder.path().join("canary");
    let live = capture("a.live", &format!("touch {}", canary.display()));
    let mut plan =
        plan(vec![Capture { source: Source::Live, ..live }, capture("a.file", "echo $R")]);
    plan.root = Some(AbsPath::new("/srv/root").expect("root"));
    for (name, shell) in shells() {
        let frames = run(&shell, &plan).frames();
        assert_eq!(frames.get("a.live").expect("frame").exit, Some(46), "{name}");
        assert_eq!(frames.get("a.file").expect("frame").data, b"/srv/root\n", "{name}");
        assert!(!canary.exists(), "{name}");
    }
}
