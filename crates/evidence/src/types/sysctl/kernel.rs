//! How the kernel combines the values of `all` and of an interface.

use super::{Effective, Parameters};

/// The address families, as the kernel's folders name them.
pub(super) const FAMILIES: [&str; 2] = ["ipv4", "ipv6"];

/// What holds on an interface, given the family's values for `all`.
pub(super) fn effective(family: &str, all: &Parameters, own: &Parameters) -> Effective {
    if family == "ipv4" { ipv4(all, own) } else { ipv6(all, own) }
}

fn on(value: Option<i64>) -> Option<bool> {
    value.map(|value| value > 0)
}

/// True where one is true, as far as known.
fn or(a: Option<i64>, b: Option<i64>) -> Option<bool> {
    match (on(a), on(b)) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// True where both are true, as far as known.
fn and(a: Option<i64>, b: Option<i64>) -> Option<bool> {
    match (on(a), on(b)) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// `include/linux/inetdevice.h`.
fn ipv4(all: &Parameters, own: &Parameters) -> Effective {
    let forwarding = on(own.forwarding);
    let both = and(all.accept_redirects, own.accept_redirects);
    let either = or(all.accept_redirects, own.accept_redirects);
    Effective {
        forwarding,
        accept_redirects: match forwarding {
            Some(true) => both,
            Some(false) => either,
            // Where both rules say the same, it does not matter which holds.
            None => both.filter(|_| both == either),
        },
        accept_source_route: and(all.accept_source_route, own.accept_source_route),
        send_redirects: or(all.send_redirects, own.send_redirects),
        secure_redirects: or(all.secure_redirects, own.secure_redirects),
        log_martians: or(all.log_martians, own.log_martians),
        proxy_arp: or(all.proxy_arp, own.proxy_arp),
        rp_filter: all.rp_filter.zip(own.rp_filter).map(|(all, own)| all.max(own)),
        accept_ra: None,
    }
}

/// `net/ipv6/{route,ndisc,exthdrs,ip6_output}.c`. An interface without IPv6
/// takes nothing.
fn ipv6(all: &Parameters, own: &Parameters) -> Effective {
    let enabled = own.disable_ipv6.map(|disabled| disabled == 0);
    let when = |value: Option<bool>| match (enabled, value) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), value) => value,
        (None, _) => None,
    };
    let host = own.forwarding.map(|forwarding| forwarding == 0);
    let redirects = match (host, on(own.accept_redirects)) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), accepts) => accepts,
        (None, _) => None,
    };
    let advertisements = match (own.accept_ra, host) {
        (Some(accept), Some(true)) => Some(accept > 0),
        (Some(accept), Some(false)) => Some(accept == 2),
        _ => None,
    };
    Effective {
        forwarding: when(on(all.forwarding)),
        accept_redirects: when(redirects),
        accept_source_route: when(and(all.accept_source_route, own.accept_source_route)),
        send_redirects: None,
        secure_redirects: None,
        log_martians: None,
        proxy_arp: None,
        rp_filter: None,
        accept_ra: when(advertisements),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirects(forwarding: i64, all: i64, own: i64) -> Option<bool> {
        let all = Parameters { accept_redirects: Some(all), ..Parameters::default() };
        let own = Parameters {
            forwarding: Some(forwarding),
            accept_redirects: Some(own),
            ..Parameters::default()
        };
        effective("ipv4", &all, &own).accept_redirects
    }

    #[test]
    fn a_router_needs_both_redirect_settings_and_a_host_one() {
        for (all, own, router, host) in
            [(0, 0, false, false), (0, 1, false, true), (1, 0, false, true), (1, 1, true, true)]
        {
            assert_eq!(redirects(1, all, own), Some(router), "router {all} {own}");
            assert_eq!(redirects(0, all, own), Some(host), "host {all} {own}");
        }
    }

    #[test]
    fn source_routes_need_both_and_filters_take_the_stricter() {
        let side = |route, filter| Parameters {
            accept_source_route: Some(route),
            rp_filter: Some(filter),
            ..Parameters::default()
        };
        for (all, own, expected) in [(0, 1, false), (1, 0, false), (1, 1, true)] {
            let met = effective("ipv4", &side(all, 1), &side(own, 2));
            assert_eq!((met.accept_source_route, met.rp_filter), (Some(expected), Some(2)));
        }
    }

    #[test]
    fn the_sixth_version_has_rules_of_its_own() {
        let all = Parameters {
            accept_redirects: Some(0),
            accept_source_route: Some(0),
            forwarding: Some(0),
            ..Parameters::default()
        };
        let own = |forwarding, disable_ipv6| Parameters {
            accept_redirects: Some(1),
            accept_source_route: Some(1),
            accept_ra: Some(1),
            forwarding: Some(forwarding),
            disable_ipv6: Some(disable_ipv6),
            ..Parameters::default()
        };
        // The value for `all` does not reach an interface that is there.
        let host = effective("ipv6", &all, &own(0, 0));
        assert_eq!((host.accept_redirects, host.accept_ra), (Some(true), Some(true)));
        assert_eq!((host.accept_source_route, host.forwarding), (Some(false), Some(false)));
        let router = effective("ipv6", &all, &own(1, 0));
        assert_eq!((router.accept_redirects, router.accept_ra), (Some(false), Some(false)));
        let without = effective("ipv6", &all, &own(0, 1));
        assert_eq!((without.accept_redirects, without.accept_ra), (Some(false), Some(false)));
    }

    #[test]
    fn what_is_not_known_stays_so() {
        let none = Parameters::default();
        let zero = Parameters { accept_redirects: Some(0), ..Parameters::default() };
        let one = Parameters { accept_redirects: Some(1), ..Parameters::default() };
        assert_eq!(effective("ipv4", &none, &none).accept_redirects, None);
        assert_eq!(effective("ipv4", &zero, &one).accept_redirects, None);
        assert_eq!(effective("ipv4", &zero, &zero).accept_redirects, Some(false));
        assert_eq!(effective("ipv4", &one, &one).accept_redirects, Some(true));
    }
}
