use super::*;

fn configuration(lines: &str) -> Configuration {
    let mut frame = Frame::empty("sshd.config");
    frame.data = lines.as_bytes().to_vec();
    frame.exit = Some(0);
    read(&frame)
}

/// The contexts of a file, with a base that has `maxauthtries 6` and `banner none`.
fn contexts(lines: &str) -> Vec<(String, String, String)> {
    let base: Settings = [("maxauthtries", "6"), ("banner", "none"), ("allowusers", "base")]
        .map(|(name, value)| (name.to_owned(), vec![value.as_bytes().to_vec()]))
        .into();
    let marked: String = lines.lines().map(|line| format!("={line}\n")).collect();
    let configuration = configuration(&format!("> /etc/ssh/sshd_config\n{marked}<\n"));
    assert!(configuration.problems.is_empty(), "{:?}", configuration.problems);
    let show = |values: &Vec<Vec<u8>>| {
        values.iter().map(|value| String::from_utf8_lossy(value)).collect::<Vec<_>>().join(" ")
    };
    let of = |(condition, settings): (String, Settings)| {
        (condition, show(&settings["maxauthtries"]), show(&settings["allowusers"]))
    };
    configuration.contexts(&base).into_iter().map(of).collect()
}

fn expect(lines: &str, expected: &[(&str, &str, &str)]) {
    let met = contexts(lines);
    let met: Vec<_> = met.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(met, expected, "{lines}");
}

#[test]
fn a_block_overrides_the_base_for_those_it_matches() {
    expect("MaxAuthTries 4\n", &[("base", "6", "base")]);
    expect(
        "Match User a\n\tmaxauthtries = 3 # why\nMatch \"User\" b\nMAXAUTHTRIES=\"2\"\nMatch all\n",
        &[("base", "6", "base"), ("User a", "3", "base"), ("\"User\" b", "2", "base")],
    );
}

#[test]
fn the_first_value_of_a_block_holds_and_equal_conditions_are_one() {
    expect(
        "Match User a\nMaxAuthTries 3\nMaxAuthTries 9\nMatch User=a\nMaxAuthTries 8\n",
        &[("base", "6", "base"), ("User a", "3", "base")],
    );
}

#[test]
fn a_block_for_everybody_is_the_base_and_wins_over_later_blocks() {
    expect(
        "Match User a\nMaxAuthTries 3\nMatch all\nMaxAuthTries 4\nMatch User b\nMaxAuthTries 5\nBanner x\n",
        &[("base", "4", "base"), ("User a", "3", "base"), ("User b", "4", "base")],
    );
}

#[test]
fn lists_add_up_among_blocks_and_replace_the_base() {
    expect(
        "Match User a\nAllowUsers x y\nAllowUsers z\nMatch all\nAllowUsers w\n",
        &[("base", "6", "w"), ("User a", "6", "w x y z")],
    );
}

#[test]
fn a_block_ends_with_the_file_it_stands_in() {
    let lines = "> /a\n=Include b\n> /b\n=Match User a\n=MaxAuthTries 3\n<\ni\n=MaxAuthTries 4\n\
                 =Match User c\n=Include d\n> /d\n=MaxAuthTries 2\n=Match Group g\n=MaxAuthTries 9\n\
                 =Banner y\n<\ni\n=Banner z\n<\n";
    let met = configuration(lines);
    assert!(met.problems.is_empty(), "{:?}", met.problems);
    let show: Vec<_> =
        met.blocks.iter().map(|b| (b.condition.as_str(), b.settings.len())).collect();
    assert_eq!(show, [("", 0), ("User a", 1), ("User c", 2), ("User c and Match Group g", 2)]);
}

#[test]
fn what_cannot_be_followed_is_a_problem() {
    for lines in [
        "> /a\n=Include \"b c\"\n?\n<\n",
        "> /a\n=Include b\n=Port 22\n<\n",
        "> /a\n=Include b\n<\n",
        "> /a\n=Include b\n- /b\ni\n<\n",
        "- /a\n",
        "> /a\n=Port 22\n",
        "",
        "garbage\n> /a\n<\n",
    ] {
        assert!(!configuration(lines).problems.is_empty(), "{lines}");
    }
}

#[test]
fn too_many_blocks_are_a_problem_not_a_burden() {
    let mut lines = "> /a\n".to_owned();
    for n in 0..20_000 {
        lines.push_str(&format!("=Match User u{n}\n=MaxAuthTries 3\n"));
    }
    lines.push_str("<\n");
    let met = configuration(&lines);
    assert_eq!(met.blocks.len(), BLOCKS_MAX);
    assert_eq!(met.problems[0].category, FailureCategory::Truncated);
}

#[test]
fn arguments_are_split_as_the_daemon_does() {
    for (text, expected) in [
        ("a b  c", vec!["a", "b", "c"]),
        ("\"a b\" 'c d'", vec!["a b", "c d"]),
        ("a#b #c", vec!["a#b"]),
        (r#""a\"b" a\ b a\x"#, vec!["a\"b", "a b", "a\\x"]),
        ("\"\"", vec![""]),
        ("", vec![]),
    ] {
        let expected: Vec<Vec<u8>> = expected.iter().map(|e| e.as_bytes().to_vec()).collect();
        assert_eq!(arguments(text.as_bytes()), expected, "{text}");
    }
}
