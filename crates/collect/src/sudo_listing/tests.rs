use super::*;

/// As sudo 1.9.13 lists, into a pipe.
fn listing(defaults: &str, entries: &str) -> String {
    format!(
        "Matching Defaults entries for nobody on ward7:\n    env_reset, mail_badpass, \
         secure_path=/usr/local/sbin\\:/usr/bin, use_pty{defaults}\n\n\
         User nobody may run the following commands on ward7:\n{entries}"
    )
}

fn allows(entries: &str, command: &[&str]) -> bool {
    let vector: Vec<_> = command.iter().map(|&word| word.to_owned()).collect();
    let listing = SudoListing::parse(&listing("", entries)).expect("a listing");
    listing.allows(&vector)
}

#[test]
fn no_listing_is_no_rule() {
    assert_eq!(SudoListing::parse("sudo: a password is required\n"), None);
    assert_eq!(SudoListing::parse("User man is not allowed to run sudo on ward7.\n"), None);
    assert_eq!(SudoListing::parse(""), None);
}

#[test]
fn all_with_a_password_allows_nothing_and_all_without_one_everything() {
    assert!(!allows("    (ALL : ALL) ALL\n", &["/usr/bin/id"]));
    assert!(allows("    (root) NOPASSWD: ALL\n", &["/usr/bin/id", "-u"]));
    assert!(!allows("    (games) NOPASSWD: ALL\n", &["/usr/bin/id"]));
    assert!(!allows("    (ALL, !root) NOPASSWD: ALL\n", &["/usr/bin/id"]));
    let free = listing(", !authenticate", "    (root) /usr/bin/id\n    (root) PASSWD: /bin/x\n");
    let free = SudoListing::parse(&free).expect("a listing");
    assert!(free.allows(&["/usr/bin/id".to_owned()]));
    assert!(!free.allows(&["/bin/x".to_owned()]));
}

#[test]
fn the_last_rule_that_fits_decides() {
    let exact = "    (root) NOPASSWD: /usr/bin/id \"\"\n";
    let all = "    (ALL) ALL\n";
    assert!(!allows(&format!("{exact}{all}"), &["/usr/bin/id"]));
    assert!(allows(&format!("{all}{exact}"), &["/usr/bin/id"]));
    assert!(!allows(&format!("{all}{exact}"), &["/usr/bin/id", "-u"]), "it takes no argument");
}

#[test]
fn tags_hold_until_they_are_taken_back() {
    let mail = "    (root) NOPASSWD: /usr/bin/id, /usr/bin/stat -c *, PASSWD: /usr/bin/cat, \
                !/usr/bin/su, SETENV: NOPASSWD: /usr/bin/ls ^a$\n    \
                (games) SETENV: NOPASSWD: /usr/bin/true\n    (root) SETENV: NOPASSWD: /usr/sbin/\n";
    assert!(allows(mail, &["/usr/bin/id", "-u"]));
    assert!(allows(mail, &["/usr/bin/stat", "-c", "%m", "/x"]));
    assert!(!allows(mail, &["/usr/bin/stat", "/x"]));
    assert!(!allows(mail, &["/usr/bin/cat", "/x"]));
    assert!(!allows(mail, &["/usr/bin/su"]));
    assert!(!allows(mail, &["/usr/bin/ls", "a"]), "an expression is not decided here");
    assert!(!allows(mail, &["/usr/bin/true"]));
    assert!(allows(mail, &["/usr/sbin/nft", "list"]));
    assert!(!allows(mail, &["/usr/sbin/deeper/nft"]));
    let denied = "    (root) NOPASSWD: ALL, !/sbin/nft\n";
    assert!(!allows(denied, &["/usr/sbin/nft"]), "it may be the same file");
    let digest = "    (root) NOPASSWD: sha256:00ff /usr/bin/id\n";
    assert!(!allows(digest, &["/usr/bin/id"]));
    assert!(allows("    (root) CWD=/ NOPASSWD: /usr/b*/id\n", &["/usr/bin/id"]));
    assert!(!allows("    (root) NOPASSWD: /usr/*/id\n", &["/usr/a/b/idx"]));
}

#[test]
fn escapes_and_broken_lines_are_read_back() {
    let broken =
        "    (root) NOPASSWD: /usr/bin/awk -F\\:\n        a\t\\!\\=\t[$\\]x\n        /etc/shadow\n";
    assert!(!allows(broken, &["/usr/bin/awk", "-F:", "a\t!=\t[$]x", "/etc/shadow"]), "a class");
    let broken = broken.replace('[', "\\[");
    assert!(allows(&broken, &["/usr/bin/awk", "-F:", "a\t!=\t[$]x", "/etc/shadow"]));
    assert!(!allows(&broken, &["/usr/bin/awk", "-F:", "a\t!=\t[$]x", "/etc/passwd"]));
    let comma = "    (root) NOPASSWD: /usr/bin/x a\\, b\\\\040\\*, /usr/bin/y\n";
    assert!(allows(comma, &["/usr/bin/x", "a,", "b\\040*"]));
    assert!(allows(comma, &["/usr/bin/y", "z"]));
}
