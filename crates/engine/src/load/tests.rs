//! The linter over a small realistic pack and its mutilations.

use super::load;
use crate::content::{AbsentAnswer, Content, ContentFile, Decides, ParamValue};
use anji_model::Diagnostic;

const PACK: &str = include_str!("tests/pack.yaml");
const MAPPING: &str = include_str!("tests/mapping.yaml");
const BASELINE: &str = include_str!("tests/baseline.yaml");

fn file(path: &str, text: &str) -> ContentFile {
    ContentFile { path: path.to_owned(), text: text.to_owned() }
}

fn files() -> Vec<ContentFile> {
    vec![
        file("packs/fixture/host.yaml", PACK),
        file("mappings/gbt22239-2019.yaml", MAPPING),
        file("baselines/starter.yaml", BASELINE),
    ]
}

fn loaded() -> Content {
    load(&files()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The problems after `find` in the pack became `replace`.
fn after(find: &str, replace: &str) -> Vec<Diagnostic> {
    after_in(0, find, replace)
}

fn after_in(index: usize, find: &str, replace: &str) -> Vec<Diagnostic> {
    let mut files = files();
    let text = &mut files[index].text;
    assert_eq!(text.matches(find).count(), 1, "`{find}` stands once in the fixture");
    *text = text.replace(find, replace);
    load(&files).err().unwrap_or_default()
}

fn codes(problems: &[Diagnostic]) -> Vec<&str> {
    problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn marked(problem: &Diagnostic) -> String {
    problem.line_text.chars().skip(problem.column - 1).take(problem.length).collect()
}

#[test]
fn a_good_pack_loads_with_everything_in_it() {
    let content = loaded();
    let ids: Vec<_> = content.checks().iter().map(|check| check.info.id.as_str()).collect();
    assert_eq!(ids, ["FIX-001", "FIX-002", "FIX-003", "FIX-004"]);
    let root = content.check("linux-sshd-no-root-login").expect("by alias");
    assert_eq!(root.info.pack, "fixture");
    assert_eq!(root.info.clauses.len(), 1);
    assert_eq!(root.bindings[0].when_absent, Some(AbsentAnswer::NotApplicable));
    assert_eq!(root.params[0].default, ParamValue::Texts(vec!["no".to_owned()]));
    let stat = content.check("FIX-002").expect("by id");
    assert_eq!(stat.bindings[0].key.to_string(), "file.stat[/etc/shadow]");
    assert_eq!(stat.bindings[0].age_seconds_max, Some(86400));
    assert_eq!(stat.cases[1].patches.len(), 1);
    let idle = content.check("FIX-004").expect("by id");
    assert_eq!(idle.decides, Decides::Nothing);
    assert!(idle.assertion.is_none());
    let baseline = content.baseline("starter").expect("a baseline");
    assert_eq!(baseline.checks.len(), 4);
    assert_eq!(baseline.params_of(stat), [ParamValue::Text("0600".to_owned())]);
    assert_eq!(baseline.baseline_version().map(|v| v.to_string()), Ok("starter@1".to_owned()));
    assert_eq!(content.registers().len(), 1);
}

#[test]
fn the_digest_hangs_on_texts_and_paths_and_not_on_their_order() {
    let mut files = files();
    let digest = loaded().digest();
    files.reverse();
    assert_eq!(load(&files).map(|content| content.digest()).ok(), Some(digest));
    files[0].text.push('\n');
    assert_ne!(load(&files).map(|content| content.digest()).ok(), Some(digest));
}

/// What is replaced in the pack, by what, the problem that it makes, what is marked.
const MUTILATIONS: &[(&str, &str, &str, &str)] = &[
    ("severity: critical", "severty: critical", "unknown-field", "severty"),
    ("  alias: linux-shadow-mode\n", "", "missing-field", "FIX-002"),
    ("revision: 2", "revision: two", "wrong-type", "two"),
    ("severity: critical", "severity: critcal", "unknown-word", "critcal"),
    ("{accounts: accounts}", "{accounts: acounts}", "unknown-evidence-type", "acounts"),
    (
        "{sshd: sshd.effective}",
        "{sshd: {type: sshd.effective, path: /x}}",
        "superfluous-selector",
        "/x",
    ),
    ("path: /etc/shadow, ", "", "missing-selector", "file.stat"),
    ("type: mode", "type: moed", "unknown-param-type", "moed"),
    ("default: \"0640\"", "default: 0640", "wrong-type", "0640"),
    ("default: [\"no\"]", "default: [1]", "wrong-type", "1"),
    ("stricter: superset", "stricter: lower", "stricter-type", "lower"),
    ("when_absent: {shadow: fail}", "when_absent: {}", "missing-when-absent", "shadow"),
    ("FIX-002", "FIX-001", "duplicate-id", "FIX-001"),
    ("alias: linux-shadow-mode", "alias: FIX", "wrong-form", "FIX"),
    (
        "alias: linux-shadow-mode",
        "alias: linux-sshd-no-root-login",
        "duplicate-id",
        "linux-sshd-no-root-login",
    ),
    ("    en: Shadow is private", "    fr: x", "missing-field", "zh"),
    (
        "debian12-weak, expect: fail, terms: [\"sshd.contexts\"]}",
        "x, expect: unknown}",
        "missing-case",
        "-",
    ),
    ("expect: notchecked}  # idle", "expect: pass}  # idle", "missing-case", "-"),
    ("c.permitrootlogin in", "c.permitrotlogin in", "no-such-field", "permitrotlogin"),
    ("u.shell in params.nologin", "u.shel in params.nologin", "no-such-field", "shel"),
    ("params.shadow_mode)", "\"0640\")", "unused", "shadow_mode"),
    ("u.uid >= 0", "u.uid >= '0'", "cel-type", ">="),
    ("&& u.name in registers.approved", "", "unused", "approved"),
    (
        "registers: {approved: [root]}",
        "registers: {aproved: [root]}",
        "unknown-register",
        "aproved",
    ),
    (
        "params: {shadow_mode: \"0644\"}",
        "params: {shadow_mod: \"0644\"}",
        "unknown-param",
        "shadow_mod",
    ),
    ("terms: [\"shadow.mode\"]", "term: [\"shadow.mode\"]", "unknown-field", "term"),
    ("decides: nothing", "decides: noting", "unknown-word", "noting"),
    ("platform: linux}  # shadow", "platform: linus}  # shadow", "unknown-word", "linus"),
    ("now: 2026-11-23T00:00:00Z", "now: yesterday", "wrong-form", "yesterday"),
];

#[test]
fn each_problem_is_reported_where_it_stands() {
    for (find, replace, code, mark) in MUTILATIONS {
        let (find, replace, code, mark) = (*find, *replace, *code, *mark);
        let problems = after(find, replace);
        let found = problems.iter().find(|p| p.code == code && marked(p) == mark);
        let all: Vec<_> = problems.iter().map(|p| (&p.code, marked(p), &p.message.en)).collect();
        assert!(found.is_some(), "`{replace}` gives {code} at `{mark}`, not {all:?}");
        let zh = found.is_some_and(|p| !p.message.zh.is_ascii());
        assert!(zh, "{code} speaks Chinese");
    }
}

#[test]
fn mappings_and_baselines_are_checked_too() {
    for (index, find, replace, code, mark) in [
        (1, "checks: [FIX-002]", "checks: [FIX-009]", "unknown-check", "FIX-009"),
        (1, "    left: {zh: 其余, en: the rest}\n", "", "missing-field", "clause"),
        (1, "status: automated", "status: automatic", "unknown-word", "automatic"),
        (1, "clause: 8.1.4.1b", "clause: 8.1.4.1a", "duplicate-id", "clause"),
        (1, "clause: 8.1.4.1b", "clause: 8.1", "wrong-type", "8.1"),
        (2, "imports: [fixture]", "imports: [fixtur]", "unknown-import", "fixtur"),
        (2, "imports: [fixture]", "imports: [fixture, starter]", "import-cycle", "starter"),
        (2, "shadow_mode:", "shadow_mod:", "unknown-param", "shadow_mod"),
        (2, "FIX-002:", "FIX-202:", "unknown-check", "FIX-202"),
        (2, "version: 1", "version: 0", "wrong-type", "0"),
        (2, "id: starter", "id: fixture", "duplicate-id", "fixture"),
    ] {
        let problems = after_in(index, find, replace);
        let found = problems.iter().any(|p| p.code == code && marked(p) == mark);
        assert!(found, "`{replace}`: {problems:#?}");
    }
}

#[test]
fn all_problems_of_all_files_come_at_once_in_order() {
    let mut files = files();
    files[0].text = files[0].text.replace("severity: critical", "severty: critical");
    files[0].text = files[0].text.replace("c.permitrootlogin in", "c.permitrotlogin in");
    files[1].text = files[1].text.replace("FIX-002", "FIX-009");
    files[2].text = "a: [".to_owned();
    files.push(file("elsewhere/x.yaml", "- a\n"));
    let problems = load(&files).expect_err("problems");
    for code in ["unknown-field", "no-such-field", "unknown-check", "yaml-syntax", "unknown-area"] {
        assert!(codes(&problems).contains(&code), "{code}: {:?}", codes(&problems));
    }
    let places: Vec<_> = problems.iter().map(|p| (p.file.clone(), p.line)).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn cel_problems_point_into_folded_text() {
    let problems = after("u.shell in params.nologin", "u.shel in params.nologin");
    let problem = &problems[0];
    assert_eq!(problem.help.as_ref().map(|help| help.en.as_str()), Some("did you mean `shell`?"));
    assert!(problem.line_text.trim_start().starts_with("|| u.shel in"), "{problem:?}");
}

#[test]
fn circles_of_baselines_are_refused_and_chains_followed() {
    let baseline = |id: &str, imports: &str, mode: &str| {
        let params = match mode {
            "" => String::new(),
            mode => format!("params: {{FIX-002: {{shadow_mode: \"{mode}\"}}}}\n"),
        };
        let path = format!("baselines/{id}.yaml");
        let title = "title: {zh: 基线, en: a baseline}";
        file(&path, &format!("id: {id}\nversion: 3\n{title}\nimports: [{imports}]\n{params}"))
    };
    let mut files = files();
    files.push(baseline("hospital", "starter", ""));
    files.push(baseline("his", "hospital", "0400"));
    let content = load(&files).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let check = content.check("FIX-002").expect("a check");
    let mode = |id: &str| content.baseline(id).map(|b| b.params_of(check));
    assert_eq!(mode("hospital"), Some(vec![ParamValue::Text("0600".to_owned())]));
    assert_eq!(mode("his"), Some(vec![ParamValue::Text("0400".to_owned())]));
    assert_eq!(content.baseline("his").map(|b| b.checks.len()), Some(4));
    files.push(baseline("a", "b", ""));
    files.push(baseline("b", "c, starter", ""));
    files.push(baseline("c", "a", ""));
    let problems = load(&files).expect_err("a circle");
    assert_eq!(codes(&problems), ["import-cycle"; 3]);
}

#[test]
fn a_file_with_nothing_in_it_is_a_problem_and_an_empty_list_is_not() {
    for text in ["", "\n", "# a comment\n\n# and another\n"] {
        for path in ["packs/p/a.yaml", "mappings/a.yaml", "baselines/a.yaml"] {
            let problems = load(&[file(path, text)]).err().unwrap_or_default();
            assert_eq!(codes(&problems), ["nothing-in-file"], "{path}: {text:?}");
        }
    }
    assert!(load(&[file("packs/p/a.yaml", "[]\n")]).is_ok());
}

#[test]
fn whoever_takes_a_name_twice_is_told_where_it_stands_first() {
    let again = |path: &str, text: &str| {
        let mut files = files();
        files.push(file(path, text));
        load(&files).err().unwrap_or_default()
    };
    let line = |text: &str, part: &str| {
        text.lines().position(|line| line.contains(part)).expect("in the fixture") + 1
    };
    for (path, text, first) in [
        ("packs/p/z.yaml", PACK, format!("`packs/fixture/host.yaml:{}`", line(PACK, "FIX-001"))),
        (
            "packs/p/z.yaml",
            PACK,
            format!("`packs/fixture/host.yaml:{}`", line(PACK, "linux-shadow-mode")),
        ),
        ("mappings/z.yaml", MAPPING, "`mappings/gbt22239-2019.yaml:1`".to_owned()),
        ("baselines/z.yaml", BASELINE, "`baselines/starter.yaml:1`".to_owned()),
    ] {
        let problems = again(path, text);
        let told = problems.iter().any(|p| {
            let message = &p.message;
            p.code == "duplicate-id"
                && p.file == path
                && message.zh.contains(&first)
                && message.en.contains(&first)
        });
        assert!(told, "{path}: {first} is not named in {problems:#?}");
    }
    let clause = after_in(1, "clause: 8.1.4.1b", "clause: 8.1.4.1a");
    let first = format!("`mappings/gbt22239-2019.yaml:{}`", line(MAPPING, "8.1.4.1a"));
    assert!(clause.iter().any(|p| p.message.en.contains(&first)), "{clause:#?}");
    let pack = after_in(2, "id: starter", "id: fixture");
    assert!(pack.iter().any(|p| p.message.en.contains("`packs/fixture/host.yaml:")), "{pack:#?}");
}

#[test]
fn shapes_that_nobody_expects_are_problems_and_not_panics() {
    for text in [
        "",
        "~",
        "5",
        "a",
        "[]",
        "- ",
        "- 5",
        "- {}",
        "- {id: }",
        "- {id: [], cases: {}}",
        "{a: b}",
    ] {
        for path in ["packs/p/a.yaml", "packs/a.yaml", "mappings/a.yaml", "baselines/a.yaml", "a"] {
            let problems = load(&[file(path, text)]).err().unwrap_or_default();
            let empty_is_well = text == "[]" && path.starts_with("packs/");
            assert!(empty_is_well || !problems.is_empty(), "{path}: {text}");
        }
    }
}
