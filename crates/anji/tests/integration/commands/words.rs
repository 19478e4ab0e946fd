//! Both languages, help, completions, manual.

use super::support::Bench;

#[test]
fn help_stands_in_both_languages() {
    let bench = Bench::new();
    let en = bench.run(&["--help"]);
    assert_eq!(en.code, 0);
    assert!(en.out.contains("Exit codes"), "{}", en.out);
    let zh = bench.run(&["--help", "--lang", "zh"]);
    assert_eq!(zh.code, 0);
    assert!(zh.out.contains("退出码") && zh.out.contains("按安全基线检查"), "{}", zh.out);
    let command = bench.command(&["check", "--help"]).env("LANG", "zh_CN.UTF-8").output();
    let text = String::from_utf8(command.expect("it runs").stdout).expect("UTF-8");
    assert!(text.contains("不遍历文件系统"), "{text}");
}

#[test]
fn reports_and_errors_stand_in_both_languages() {
    let bench = Bench::new();
    let zh = bench.check(&["--lang", "zh"]);
    assert!(zh.out.contains("符合率"), "{}", zh.out);
    let error = bench.run(&["explain", "NOPE", "--lang", "zh"]);
    assert!(error.err.starts_with("错误："), "{}", error.err);
}

#[test]
fn a_pipe_gets_no_colour_and_no_progress() {
    let bench = Bench::new();
    let ran = bench.check(&[]);
    assert!(!ran.out.contains('\u{1b}'), "{}", ran.out);
    assert_eq!(ran.err, "");
}

#[test]
fn completions_and_manual_pages_are_made() {
    let bench = Bench::new();
    for shell in ["bash", "zsh", "fish"] {
        let ran = bench.run(&["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("anji"), "{shell}");
    }
    let page = bench.run(&["man"]);
    assert!(page.out.contains(".TH anji 1"), "{}", page.out);
}

#[test]
fn every_use_case_has_its_command() {
    let bench = Bench::new();
    assert!(!anji_app::USE_CASES.is_empty());
    for use_case in anji_app::USE_CASES {
        let mut arguments = use_case.command.to_vec();
        arguments.push("--help");
        let ran = bench.run(&arguments);
        assert_eq!(ran.code, 0, "{}: {}", use_case.name, ran.err);
        let mut usage = String::from("Usage: anji");
        use_case.command.iter().for_each(|word| usage.push_str(&format!(" {word}")));
        assert!(ran.out.contains(&usage), "{}: {}", use_case.name, ran.out);
    }
}

#[test]
fn the_help_of_a_command_is_chinese_from_its_first_line_to_its_last() {
    let bench = Bench::new();
    for arguments in [&["--help"][..], &["-h"], &["check", "--help"], &["register", "adopt", "-h"]]
    {
        let mut all = arguments.to_vec();
        all.extend(["--lang", "zh"]);
        let ran = bench.run(&all);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for part in ["用法：", "选项：", "显示帮助", "（可选：zh、en）"] {
            assert!(ran.out.contains(part), "`{part}` is missing in\n{}", ran.out);
        }
        for part in ["Usage", "Options", "Print", "default:", "possible values"] {
            assert!(!ran.out.contains(part), "`{part}` in\n{}", ran.out);
        }
    }
    let version = bench.run(&["--version", "--lang", "zh"]);
    assert_eq!(version.out, bench.run(&["--version"]).out);
    assert_eq!(bench.run(&["-V", "--lang", "zh"]).code, 0);
}

#[test]
fn adopting_is_said_to_store_at_once() {
    let bench = Bench::new();
    for (lang, words) in [("en", "stored at once"), ("zh", "立即存为新的一版")] {
        let ran = bench.run(&["register", "adopt", "--help", "--lang", lang]);
        assert!(ran.out.contains(words) && ran.out.contains("--dry-run"), "{}", ran.out);
    }
}
