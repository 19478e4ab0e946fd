//! The candidate and the security update of a package, case by case.

use super::*;

const MAIN: &str = "h_debian_dists_bookworm_InRelease";
const SECURITY: &str = "h_sec_dists_bookworm-security_InRelease";
const BACKPORTS: &str = "h_debian_dists_bookworm-backports_InRelease";

/// Reads a host with one package in the version 2-1, and these offers.
fn host(installed: &str, offers: &[(&str, &str)], more: &str) -> Apt {
    let mut text = format!("i\tdpkg\tamd64\t1.21\tinstall ok installed\n{installed}\n{more}");
    let releases = [
        (MAIN, "Label: Debian\nR\tDate: Tue, 24 Nov 2026 00:34:33 UTC"),
        (SECURITY, "Label: Debian-Security\nR\tDate: Tue, 24 Nov 2026 00:34:33 UTC"),
        (BACKPORTS, "NotAutomatic: yes\nR\tButAutomaticUpgrades: yes"),
    ];
    for (release, fields) in releases {
        let packages = release.replace("InRelease", "main_binary-amd64_Packages");
        text += &format!("F\t{release}\nF\t{packages}\nf\t{release}\nR\t{fields}\nf\t{packages}\n");
        for (_, offer) in offers.iter().filter(|(of, _)| *of == release) {
            text += &format!("e\t{offer}\n");
        }
    }
    text += "end\n";
    read(&Frame { data: text.into_bytes(), exit: Some(0), ..Frame::empty("x") })
}

const PACKAGE: &str = "i\ta\tamd64\t2-1\tinstall ok installed";

fn pairs(updates: &[Update]) -> Vec<(&str, &str)> {
    updates.iter().map(|u| (u.package.as_str(), u.available.as_str())).collect()
}

#[test]
fn the_highest_version_of_the_highest_priority_is_the_candidate() {
    let apt = host(PACKAGE, &[(MAIN, "a\tamd64\t2-2"), (SECURITY, "a\tamd64\t2-1+deb12u1")], "");
    assert_eq!(pairs(&apt.updates), [("a:amd64", "2-2")]);
    assert_eq!(pairs(&apt.security), [("a:amd64", "2-1+deb12u1")]);
    assert!(apt.security_open.is_none() && apt.updates_open.is_none());
    let apt = host(PACKAGE, &[(MAIN, "a\tamd64\t2-1"), (SECURITY, "a\tamd64\t1-9")], "");
    assert_eq!((apt.updates.len(), apt.security.len()), (0, 0));
}

#[test]
fn backports_are_followed_only_from_backports() {
    let offers = [(MAIN, "a\tamd64\t2-1"), (BACKPORTS, "a\tamd64\t3-1~bpo12+1")];
    assert_eq!(pairs(&host(PACKAGE, &offers, "").updates), []);
    let backport = "i\ta\tamd64\t3-1~bpo12+0\tinstall ok installed";
    assert_eq!(pairs(&host(backport, &offers, "").updates), [("a:amd64", "3-1~bpo12+1")]);
}

#[test]
fn architectures_are_kept_apart() {
    let offers = [(SECURITY, "a\ti386\t9"), (SECURITY, "a\tall\t2-0")];
    assert_eq!(pairs(&host(PACKAGE, &offers, "").security), []);
    let any = "i\ta\tall\t2-1\tinstall ok installed";
    assert_eq!(pairs(&host(any, &[(SECURITY, "a\tamd64\t3")], "").security), [("a:all", "3")]);
    assert_eq!(pairs(&host(any, &[(SECURITY, "a\ti386\t3")], "").security), []);
}

#[test]
fn held_and_removed_packages() {
    let held = "i\ta\tamd64\t2-1\thold ok installed\ni\tb\tamd64\t1\tdeinstall ok config-files";
    let apt = host(held, &[(SECURITY, "a\tamd64\t3"), (SECURITY, "b\tamd64\t3")], "");
    assert_eq!(apt.held, ["a:amd64"]);
    assert_eq!(pairs(&apt.security), [("a:amd64", "3")]);
    assert!(apt.security[0].held);
}

#[test]
fn what_apt_could_decide_otherwise_is_open() {
    assert!(host(PACKAGE, &[], "pin\n").updates_open.is_some());
    assert!(host(PACKAGE, &[], "pin\n").security_open.is_none());
    assert!(host(PACKAGE, &[], "x\tq_Packages.lz4\tcompressed\n").security_open.is_some());
    assert!(host(PACKAGE, &[], "F\tother_Packages\n").updates_open.is_some());
    let lacking = "F\tz_s-security_Release\nf\tz_s-security_Release\nR\tSuite: s-security\n";
    assert!(host(PACKAGE, &[], lacking).security_open.is_some());
    assert!(host("junk", &[], "").broken.is_some());
}
