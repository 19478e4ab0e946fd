//! Versions against the package managers' own words, on thousands of pairs.

use anji_evidence::version::Scheme::{Dpkg, Rpm};
use std::cmp::Ordering;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Numbers that look like chance and are the same every day.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    /// A version made of `pieces`, valid for dpkg in that it begins with a digit.
    fn version(&mut self, pieces: &[&str]) -> String {
        let mut text = ["", "", "", "0:", "1:", "10:"][self.below(6)].to_owned();
        text += ["0", "1", "2", "09", "10"][self.below(5)];
        for _ in 0..self.below(6) {
            text += pieces[self.below(pieces.len())];
        }
        if self.below(2) == 0 {
            text += ["-1", "-0", "-1+b1", "-2~bpo12+1", "-1.el9"][self.below(5)];
        }
        text
    }

    /// A version and one that differs from it a little.
    fn pair(&mut self, pieces: &[&str]) -> (String, String) {
        let a = self.version(pieces);
        if self.below(3) == 0 {
            return (a, self.version(pieces));
        }
        let mut b = a.clone();
        let at = 1 + self.below(b.len());
        // After the first digit, so that the version stays well-formed; all is ASCII.
        let at = at.max(b.find(':').map_or(1, |colon| colon + 2)).min(b.len());
        b.insert_str(at, pieces[self.below(pieces.len())]);
        (a, b)
    }
}

#[test]
fn dpkg_agrees() {
    let pieces = [".", "1", "0", "00", "10", "~", "~~", "+", "a", "b", "Z", "rc", "+dfsg", ".1"];
    let mut chance = Chance(20_261_125);
    let mut pairs: Vec<_> = (0..1500).map(|_| chance.pair(&pieces)).collect();
    let status = std::fs::read_to_string("/var/lib/dpkg/status").unwrap_or_default();
    let real: Vec<&str> = status.lines().filter_map(|l| l.strip_prefix("Version: ")).collect();
    for pair in real.windows(2).take(500) {
        pairs.push((pair[0].to_owned(), pair[1].to_owned()));
    }
    // One shell asks for all: of each pair, the relation that holds.
    let mut script = String::new();
    for (a, b) in &pairs {
        for relation in ["lt", "eq", "gt"] {
            script +=
                &format!("dpkg --compare-versions '{a}' {relation} '{b}' && echo {relation}\n");
        }
    }
    let said = shell(&["sh"], &script);
    let said: Vec<&str> = said.lines().collect();
    assert_eq!(said.len(), pairs.len());
    let mut unequal = 0;
    for ((a, b), said) in pairs.iter().zip(said) {
        let order = Dpkg.compare(a, b);
        assert_eq!(word(order), said, "{a} {b}");
        unequal += usize::from(order != Ordering::Equal);
    }
    assert!(unequal > 1000, "{unequal}");
}

#[test]
fn rpm_agrees() {
    let pieces =
        [".", "1", "0", "00", "10", "~", "^", "^git1", "_", "a", "b", "Z", "rc", "+", ".1"];
    let mut chance = Chance(20_261_124);
    let pairs: Vec<_> = (0..6000).map(|_| chance.pair(&pieces)).collect();
    let mut said = Vec::new();
    for some in pairs.chunks(200) {
        let mut program = "%{lua:".to_owned();
        for (a, b) in some {
            program += &format!("print(rpm.vercmp(\"{a}\",\"{b}\") .. \" \")\n");
        }
        program += "}";
        let out = Command::new("rpm").args(["--eval", &program]).output();
        let out = out.unwrap_or_else(|error| panic!("rpm: {error}: apt-get install rpm"));
        let text = String::from_utf8(out.stdout).unwrap();
        said.extend(text.split_whitespace().map(|n| n.parse::<i32>().unwrap().cmp(&0)));
    }
    assert_eq!(said.len(), pairs.len());
    for ((a, b), said) in pairs.iter().zip(said) {
        assert_eq!(Rpm.compare(a, b), said, "{a} {b}");
    }
}

fn word(order: Ordering) -> &'static str {
    match order {
        Ordering::Less => "lt",
        Ordering::Equal => "eq",
        Ordering::Greater => "gt",
    }
}

fn shell(words: &[&str], script: &str) -> String {
    let mut child = Command::new(words[0])
        .args(&words[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let script = script.to_owned();
    let writer = std::thread::spawn(move || input.write_all(script.as_bytes()));
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    String::from_utf8(out.stdout).unwrap()
}
