//! The printed script itself: the same every time, and good shell everywhere.

use crate::support::{busybox, capture, host_keys, key, plan, plan_for};
use anji_collect::render_script;
use anji_model::{AbsPath, Capture, Source};
use std::path::Path;
use std::process::Command;

fn small_plan() -> anji_model::CollectionPlan {
    let mut plan = plan(vec![
        capture("os.release.file", "cat \"$(anji_path /etc/os-release)\""),
        Capture {
            source: Source::Live,
            sudo: vec![vec!["/usr/sbin/sshd".to_owned(), "-T".to_owned()]],
            ..capture("sshd.effective", "anji_sudo /usr/sbin/sshd -T")
        },
    ]);
    plan.captures[1].timeout_seconds = 30;
    plan
}

#[test]
fn the_script_of_a_small_plan_is_the_recorded_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/small-plan.sh");
    let script = render_script(&small_plan());
    if std::env::var_os("ANJI_BLESS").is_some() {
        std::fs::write(&path, &script).expect("golden file");
    }
    let golden = std::fs::read_to_string(&path).expect("golden file");
    assert!(script == golden, "the script changed; look at it, then run again with ANJI_BLESS=1");
}

#[test]
fn rendering_is_repeatable_and_every_shell_can_read_it() {
    let folder = tempfile::tempdir().expect("folder");
    let mut keys = host_keys();
    keys.push(key("file.walk", None));
    let mut in_root = plan_for(&keys, None);
    in_root.root = Some(AbsPath::new("/srv/root").expect("root"));
    for plan in [small_plan(), plan_for(&keys, None), in_root, plan(Vec::new())] {
        let script = render_script(&plan);
        assert_eq!(script, render_script(&plan));
        let path = folder.path().join("script.sh");
        std::fs::write(&path, &script).expect("script");
        for (program, arguments) in
            [("/bin/dash", vec!["-n"]), ("/bin/bash", vec!["-n"]), (busybox(), vec!["sh", "-n"])]
        {
            let output = Command::new(program).args(&arguments).arg(&path).output();
            let output = output.expect("shell starts");
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && errors.is_empty(), "{program}: {errors}");
        }
    }
}
