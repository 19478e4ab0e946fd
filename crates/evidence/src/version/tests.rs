//! Known orders, and that the orders are orders.

use super::Scheme::{self, Apk, Dpkg, Rpm};
use proptest::prelude::*;
use std::cmp::Ordering;

/// Rows from the oldest to the newest; versions of one row are equal.
fn assert_order(scheme: Scheme, rows: &[&[&str]]) {
    for (i, older) in rows.iter().enumerate() {
        for (j, newer) in rows.iter().enumerate() {
            for (a, b) in older.iter().flat_map(|a| newer.iter().map(move |b| (a, b))) {
                assert_eq!(scheme.compare(a, b), i.cmp(&j), "{scheme:?} {a} {b}");
            }
        }
    }
}

#[test]
fn dpkg_order() {
    assert_order(
        Dpkg,
        &[
            &["1.0~~", "1.0~~-0"],
            &["1.0~~a"],
            &["1.0~rc1-1"],
            &["1.0~rc2"],
            &["1.0", "0:1.0", "1.0-0", "01.00"],
            &["1.0-1~deb12u1"],
            &["1.0-1"],
            &["1.0-1+b1"],
            &["1.0-1.1"],
            &["1.0-2"],
            &["1.0-10"],
            &["1.0a"],
            &["1.0+dfsg"],
            &["1.0-1-1"],
            &["1.0.1"],
            &["1.1"],
            &["99999999999999999999"],
            &["100000000000000000000"],
            &["1:0"],
            &["10:0"],
        ],
    );
}

#[test]
fn rpm_order() {
    assert_order(
        Rpm,
        &[
            &["1.0~rc1-1"],
            &["1.0~rc1^git1-1"],
            &["1.0~rc2-1"],
            &["1.0-1.el8", "0:1.0-1.el8", "1.0-1_el8", "1.00-01.el8"],
            &["1.0-1.el9"],
            &["1.0-10.el8"],
            &["1.0^git1-1"],
            &["1.0^git2-1"],
            &["1.0a-1", "1.0.a-1"],
            &["1.0.1-1"],
            &["1.1-1"],
            &["1:0.1-1"],
        ],
    );
    assert_eq!(Rpm.compare("1.0a-1", "1.0.a-1"), Ordering::Equal);
    assert_eq!(Rpm.compare("1.0", "1.0-1"), Ordering::Less);
}

#[test]
fn apk_order() {
    assert_order(
        Apk,
        &[
            &["1.0_alpha"],
            &["1.0_alpha2"],
            &["1.0_beta1"],
            &["1.0_pre1"],
            &["1.0_rc1"],
            &["1.0"],
            &["1.0-r1"],
            &["1.0_git20260101"],
            &["1.0_p1"],
            &["1.0_p1-r1"],
            &["1.0b"],
            &["1.0.0"],
            &["1.0.01"],
            &["1.0.1"],
            &["1.0.10"],
            &["1.2"],
            &["10"],
        ],
    );
}

proptest! {
    #[test]
    fn orders_are_orders(a in "[0-9a-c.~^:+_r-]{0,9}", b in "[0-9a-c.~^:+_r-]{0,9}", any: String) {
        for scheme in [Dpkg, Rpm, Apk] {
            prop_assert_eq!(scheme.compare(&a, &a), Ordering::Equal);
            prop_assert_eq!(scheme.compare(&a, &b), scheme.compare(&b, &a).reverse());
            let _total = scheme.compare(&a, &any);
        }
    }
}
