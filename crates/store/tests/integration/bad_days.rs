//! Full disks, read-only folders, damaged files, wrong permissions: each has its own clear error,
//! and what was stored before stays.

use crate::support::{Day, Dice, child, fill, handed, problems, tell, told};
use anji_store::trust::KeyPair;
use anji_store::{Store, StoreError, key_file, store_file};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use tempfile::{TempDir, tempdir};

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn beside(dir: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", store_file(dir).display()))
}

fn told_by(output: &Output) -> Vec<String> {
    let told = told(&String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{output:?}");
    told
}

/// Runs in a child process: puts runs until the store refuses, and tells how.
#[test]
fn child_fills_the_disk() {
    let Some(dir) = handed() else { return };
    let mut store = match Store::open(&dir) {
        Ok(store) => store,
        Err(error) => return tell(&format!("open {error:?}")),
    };
    for day in 0..5000 {
        let mut run = Day::quiet(day, 60);
        if day % 2 == 1 {
            run = run.changed();
        }
        match run.put(&mut store) {
            Ok(_) => tell("put"),
            Err(error) => {
                tell(&format!("refused {error:?}"));
                return tell(&error.to_string());
            }
        }
    }
}

/// The child met a full disk after some runs; all of these, and only these, are there.
fn check_filled(told: &[String], dir: &Path) {
    let puts = told.iter().filter(|word| *word == "put").count();
    assert!(puts > 3, "{told:?}");
    assert!(told[puts].starts_with("refused DiskFull"), "{:?}", &told[puts..]);
    assert!(told[puts + 1].starts_with("no room left for the store"), "{:?}", &told[puts..]);
    let store = Store::open_read_only(dir).unwrap();
    let report = store.verify(None).unwrap();
    assert!(report.is_intact(), "{}", problems(&report));
    assert_eq!(report.runs, puts as u64);
}

#[test]
fn a_file_size_limit_is_a_full_disk() {
    let dir = tempdir().unwrap();
    let exe = child("bad_days::child_fills_the_disk", dir.path());
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 800; exec \"$@\"", "sh"])
        .arg(exe.get_program())
        .args(exe.get_args())
        .env("ANJI_TEST_STORE", dir.path())
        .output()
        .unwrap();
    check_filled(&told_by(&output), dir.path());
    // With room again it goes on.
    let mut store = Store::open(dir.path()).unwrap();
    Day::quiet(9000, 60).put(&mut store).unwrap();
}

#[test]
fn a_full_disk_loses_nothing() {
    let dir = tempdir().unwrap();
    let mounted = is_root()
        && Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=900k,mode=0700", "tmpfs"])
            .arg(dir.path())
            .status()
            .is_ok_and(|status| status.success());
    if !mounted {
        // Without the right to mount, the limit on file size stands for it.
        return;
    }
    let _mounted = Mounted(dir.path());
    let state = dir.path().join("state");
    let output = child("bad_days::child_fills_the_disk", &state).output().unwrap();
    check_filled(&told_by(&output), &state);
    let more = Command::new("mount").args(["-o", "remount,size=4m"]).arg(dir.path()).status();
    assert!(more.unwrap().success());
    let mut store = Store::open(&state).unwrap();
    Day::quiet(9000, 60).put(&mut store).unwrap();
    assert!(store.verify(None).unwrap().is_intact());
}

/// A mounted file system, unmounted when the test ends in any way.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.0).status();
        assert!(unmounted.is_ok_and(|status| status.success()) || std::thread::panicking());
    }
}

/// Runs in a child process, as an ordinary user: the folder can be read and not written.
#[test]
fn child_reads_only() {
    let Some(dir) = handed() else { return };
    tell(&format!("{:?}", Store::open(&dir).map(|_| ())));
    match Store::open_read_only(&dir) {
        Ok(mut store) => {
            let report = store.verify(None).unwrap();
            tell(&format!("intact {} runs {}", report.is_intact(), report.runs));
            let runs = store.read(|reader| reader.runs()).unwrap();
            let results = store.read(|reader| reader.results_of(&runs[0].run)).unwrap();
            tell(&format!("results {}", results.len()));
            tell(&format!("{:?}", Day::quiet(99, 3).put(&mut store).map(|_| ())));
        }
        Err(error) => tell(&format!("{error:?}")),
    }
}

/// A folder that an ordinary user can reach, with a copy of this test binary that it can run.
struct Elsewhere(TempDir);

impl Elsewhere {
    fn new() -> Self {
        let dir = tempdir().unwrap();
        chmod(dir.path(), 0o755);
        fs::copy(std::env::current_exe().unwrap(), dir.path().join("test")).unwrap();
        fs::create_dir(dir.path().join("state")).unwrap();
        Self(dir)
    }

    fn state(&self) -> PathBuf {
        self.0.path().join("state")
    }

    /// Runs `test` as nobody where we may become nobody, else as ourselves.
    fn run(&self, test: &str) -> Vec<String> {
        let exe = self.0.path().join("test");
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(exe);
            command
        } else {
            Command::new(exe)
        };
        let output = command
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env("ANJI_TEST_STORE", self.state())
            .output()
            .unwrap();
        told_by(&output)
    }

    fn give_away(&self) {
        for entry in fs::read_dir(self.state()).unwrap() {
            let path = entry.unwrap().path();
            chmod(&path, 0o400);
            if is_root() {
                chown(&path, Some(65534), Some(65534)).unwrap();
            }
        }
        if is_root() {
            chown(self.state(), Some(65534), Some(65534)).unwrap();
        }
        chmod(&self.state(), 0o500);
    }
}

#[test]
fn a_read_only_folder_can_still_be_read() {
    let place = Elsewhere::new();
    drop(fill(&place.state()));
    place.give_away();
    let told = place.run("bad_days::child_reads_only");
    assert!(
        told[0].starts_with("Err(NotWritable") || told[0].starts_with("Err(ReadOnly"),
        "{told:?}"
    );
    assert_eq!(told[1..3], ["intact true runs 5", "results 6"]);
    assert!(told[3].starts_with("Err(ReadOnly"), "{told:?}");
    // The folder can be written, the file in it cannot.
    chmod(&place.state(), 0o700);
    let told = place.run("bad_days::child_reads_only");
    assert!(told[0].starts_with("Err(ReadOnly"), "{told:?}");
    assert_eq!(told[1..3], ["intact true runs 5", "results 6"]);
}

#[test]
fn a_log_that_cannot_be_read_without_writing_is_said() {
    let place = Elsewhere::new();
    let store = fill(&place.state());
    let log = fs::read(beside(&place.state(), "-wal")).unwrap();
    assert!(!log.is_empty());
    drop(store);
    fs::write(beside(&place.state(), "-wal"), log).unwrap();
    place.give_away();
    let told = place.run("bad_days::child_reads_only");
    assert!(told[1].starts_with("UnfinishedLog"), "{told:?}");
}

#[test]
fn a_log_cut_anywhere_leaves_whole_runs() {
    let (dir, copy) = (tempdir().unwrap(), tempdir().unwrap());
    let mut store = Store::open(dir.path()).unwrap();
    let conn = rusqlite::Connection::open(store_file(dir.path())).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    for day in 0..6 {
        Day::quiet(day, 6).put(&mut store).unwrap();
    }
    let (main, log) =
        (fs::read(store_file(dir.path())).unwrap(), fs::read(beside(dir.path(), "-wal")).unwrap());
    fs::copy(key_file(dir.path()), key_file(copy.path())).unwrap();
    let mut dice = Dice::fresh();
    let mut counts = std::collections::BTreeSet::new();
    for _ in 0..60 {
        fs::write(store_file(copy.path()), &main).unwrap();
        chmod(&store_file(copy.path()), 0o600);
        fs::write(beside(copy.path(), "-wal"), &log[..dice.below(log.len() + 1)]).unwrap();
        let store = Store::open(copy.path()).unwrap();
        let report = store.verify(None).unwrap();
        assert!(report.is_intact(), "{}", problems(&report));
        counts.insert(report.runs);
    }
    assert!(counts.len() > 3, "{counts:?}");
}

#[test]
fn a_damaged_file_is_an_error_or_a_finding_and_never_a_wrong_answer() {
    let (dir, copy) = (tempdir().unwrap(), tempdir().unwrap());
    drop(fill(dir.path()));
    fs::copy(key_file(dir.path()), key_file(copy.path())).unwrap();
    let whole = fs::read(store_file(dir.path())).unwrap();
    let mut dice = Dice::fresh();
    let mut seen = (0, 0, 0);
    for round in 0..300 {
        let mut bytes = whole.clone();
        if round % 5 == 0 {
            bytes.truncate(dice.below(whole.len()));
        } else {
            let place = dice.below(bytes.len());
            bytes[place] ^= 1 << dice.below(8);
        }
        fs::write(store_file(copy.path()), &bytes).unwrap();
        chmod(&store_file(copy.path()), 0o600);
        let report = Store::open_read_only(copy.path()).and_then(|store| store.verify(None));
        match report {
            Ok(report) if report.is_intact() => {
                // The bit was in a place that nothing is read from.
                let store = Store::open_read_only(copy.path()).unwrap();
                let results = store.read(|reader| reader.results_of(&Day::quiet(3, 6).id));
                assert_eq!(results.unwrap(), Day::quiet(3, 6).changed().results);
                seen.0 += 1;
            }
            Ok(_) => seen.1 += 1,
            Err(error) => {
                use StoreError as E;
                let known = matches!(
                    error,
                    E::Corrupt { .. }
                        | E::ForeignFile { .. }
                        | E::NewerSchema { .. }
                        | E::OlderSchema { .. }
                        | E::Missing { .. }
                );
                assert!(known, "{error:?}");
                seen.2 += 1;
            }
        }
    }
    assert!(seen.1 > 50 && seen.2 > 5, "{seen:?}");
}

#[test]
fn files_that_are_not_ours_are_left_alone() {
    let dir = tempdir().unwrap();
    let file = store_file(dir.path());
    let check = |expected: &str| {
        let before = fs::read(&file).unwrap();
        for result in [Store::open(dir.path()), Store::open_read_only(dir.path())] {
            let error = result.unwrap_err();
            assert!(format!("{error:?}").starts_with(expected), "{error:?}");
            assert!(
                error.to_string().contains(dir.path().to_str().unwrap())
                    || expected.starts_with("NewerSchema")
            );
        }
        assert_eq!(fs::read(&file).unwrap(), before);
    };
    fs::write(&file, "not a database, but long enough to be taken for one ".repeat(100)).unwrap();
    check("ForeignFile");
    fs::remove_file(&file).unwrap();
    let conn = rusqlite::Connection::open(&file).unwrap();
    conn.execute_batch("CREATE TABLE theirs (a)").unwrap();
    check("ForeignFile");
    conn.execute_batch("PRAGMA application_id = 1095649865; PRAGMA user_version = 7").unwrap();
    check("NewerSchema { found: 7, known: 2 }");
    assert!(!key_file(dir.path()).exists());
}

#[test]
fn a_folder_open_to_others_is_refused() {
    let dir = tempdir().unwrap();
    let state = dir.path().join("deep/state");
    drop(Store::open(&state).unwrap());
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(&store_file(&state)), 0o600);
    assert_eq!(mode(&key_file(&state)), 0o600);
    for open in [0o770, 0o702, 0o1777] {
        chmod(&state, open);
        let error = Store::open(&state).unwrap_err();
        assert!(matches!(error, StoreError::BadPermissions { .. }));
        assert!(error.to_string().contains("chmod go-w"), "{error}");
    }
    chmod(&state, 0o700);
    chmod(&store_file(&state), 0o666);
    assert!(matches!(Store::open(&state), Err(StoreError::BadPermissions { .. })));
    chmod(&store_file(&state), 0o600);
    if is_root() {
        chown(&state, Some(65534), None).unwrap();
        let error = Store::open(&state).unwrap_err();
        assert!(error.to_string().contains("belongs to user 65534"), "{error}");
    }
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(Store::open(&file), Err(StoreError::BadPermissions { .. })));
    let missing = Store::open_read_only(&dir.path().join("nowhere"));
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
}

#[test]
fn a_key_that_others_could_have_is_refused() {
    let dir = tempdir().unwrap();
    drop(fill(dir.path()));
    let key = key_file(dir.path());
    let refused = |words: &str| {
        let error = Store::open(dir.path()).unwrap_err();
        assert!(matches!(error, StoreError::BadKey { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
        // Reading needs no key.
        let report = Store::open_read_only(dir.path()).unwrap().verify(None).unwrap();
        assert!(report.is_intact(), "{}", problems(&report));
    };
    chmod(&key, 0o640);
    refused("can be read by others");
    chmod(&key, 0o600);
    let moved = dir.path().join("moved.key");
    fs::rename(&key, &moved).unwrap();
    refused("is missing");
    symlink(&moved, &key).unwrap();
    refused("is a symbolic link");
    fs::remove_file(&key).unwrap();
    fs::create_dir(&key).unwrap();
    refused("is not a plain file");
    fs::remove_dir(&key).unwrap();
    fs::write(&key, "anji-signing-key ed25519 zz\n").unwrap();
    chmod(&key, 0o600);
    refused("does not hold a key");
    fs::rename(&moved, &key).unwrap();
    if is_root() {
        chown(&key, Some(65534), None).unwrap();
        refused("belongs to someone else");
        chown(&key, Some(0), None).unwrap();
    }
    let mut store = Store::open(dir.path()).unwrap();
    Day::quiet(9, 6).put(&mut store).unwrap();
    assert!(store.verify(None).unwrap().is_intact());
    let pair = KeyPair::load(&key).unwrap().unwrap();
    assert!(
        !format!("{pair:?}")
            .contains(fs::read_to_string(&key).unwrap().split(' ').nth(2).unwrap().trim())
    );
}

#[test]
fn a_clock_set_back_changes_no_order() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let days = [Day::quiet(5, 6), Day::quiet(3, 6).changed(), Day::quiet(4, 6)];
    for day in &days {
        day.put(&mut store).unwrap();
    }
    let runs = store.read(|reader| reader.runs()).unwrap();
    assert!(runs.iter().map(|run| &run.run).eq(days.iter().map(|day| &day.id)));
    let local = anji_model::Subject::local();
    let latest =
        store.read(|reader| reader.latest_results(&local, anji_model::Privilege::Root)).unwrap();
    assert!(latest.iter().all(|latest| latest.summary.run == days[2].id));
    let report = store.verify(None).unwrap();
    assert!(report.is_intact(), "{}", problems(&report));
    store.set_busy_timeout(Duration::ZERO).unwrap();
}
