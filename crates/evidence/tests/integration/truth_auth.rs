//! PAM and login.defs of real systems: what the rows of the truth table say.

use super::support::{absent, complete, element, parse, recording};
use serde_json::{Value, json};

const SYSTEMS: [&str; 5] = [
    "debian12-default",
    "debian12-default-unprivileged",
    "debian12-weak",
    "debian12-hardened",
    "debian12-minbase",
];

fn services(host: &str) -> Value {
    complete(&parse("pam.services", None, &recording(host)))["services"].clone()
}

fn service(host: &str, name: &str) -> Value {
    element(&services(host), "name", name).clone()
}

fn rules(stack: &Value) -> Vec<String> {
    let text = |rule: &Value, field: &str| rule[field].as_str().unwrap().to_owned();
    let rules = stack.as_array().unwrap().iter();
    rules
        .map(|rule| {
            let words = ["control", "module", "arguments"].map(|field| text(rule, field));
            words.join(" ").trim_end().to_owned()
        })
        .collect()
}

#[test]
fn passwords_are_looked_at_in_hardened_alone() {
    for host in ["debian12-default", "debian12-default-unprivileged", "debian12-weak"] {
        let passwd = service(host, "passwd");
        let quality = element(&passwd["quality"], "module", "pam_pwquality");
        assert_eq!(rules(&passwd["password"])[0], "requisite pam_pwquality retry=3", "{host}");
        for (field, value) in [
            ("enforced", json!(true)),
            ("shortest", json!(8)),
            ("classes", json!(0)),
            ("minclass", json!(0)),
            ("enforce_for_root", json!(false)),
        ] {
            assert_eq!(quality[field], value, "{host} {field}");
        }
        assert_eq!(passwd["history"], json!([]), "{host}");
    }
    let passwd = service("debian12-hardened", "passwd");
    let quality = element(&passwd["quality"], "module", "pam_pwquality");
    for (field, value) in [
        ("enforced", json!(true)),
        ("shortest", json!(12)),
        ("classes", json!(3)),
        ("dcredit", json!(-1)),
        ("ocredit", json!(0)),
        ("difok", json!(5)),
        ("maxrepeat", json!(3)),
        ("enforce_for_root", json!(true)),
    ] {
        assert_eq!(quality[field], value, "{field}");
    }
    assert_eq!(passwd["history"], json!([{"module": "pam_pwhistory", "remember": 5}]));
    assert_eq!(service("debian12-minbase", "passwd")["quality"], json!([]));
}

#[test]
fn accounts_are_locked_in_hardened_alone() {
    for host in SYSTEMS {
        for name in ["login", "su"] {
            let service = service(host, name);
            let locks = host == "debian12-hardened";
            assert_eq!(service["lockout_enforced"], locks, "{host} {name}");
            assert_eq!(service["takes_passwords"], true, "{host} {name}");
            assert_eq!(service["nullok"], !locks, "{host} {name}");
        }
    }
    let sshd = service("debian12-hardened", "sshd");
    assert_eq!(sshd["lockouts"].as_array().unwrap().len(), 3);
    for rule in sshd["lockouts"].as_array().unwrap() {
        assert_eq!((&rule["deny"], &rule["unlock_time"]), (&json!(5), &json!(900)));
        assert_eq!(
            (&rule["even_deny_root"], &rule["root_unlock_time"]),
            (&json!(true), &json!(60))
        );
    }
    assert_eq!(
        rules(&sshd["auth"]),
        [
            "required pam_faillock preauth",
            "[success=2 default=ignore] pam_unix",
            "[default=die] pam_faillock authfail",
            "requisite pam_deny",
            "required pam_faillock authsucc",
            "required pam_permit",
        ]
    );
}

#[test]
fn su_asks_for_a_group_in_hardened_alone() {
    let wheel = |host: &str| {
        let rules = rules(&service(host, "su")["auth"]);
        rules.into_iter().find(|rule| rule.contains("pam_wheel"))
    };
    assert_eq!(wheel("debian12-hardened").as_deref(), Some("required pam_wheel group=sudo"));
    assert_eq!(wheel("debian12-default"), None);
}

#[test]
fn what_opens_without_a_password() {
    for host in SYSTEMS {
        // Root needs none for su, and runuser asks nobody.
        assert_eq!(service(host, "su")["password_required"], false, "{host}");
        assert_eq!(service(host, "login")["password_required"], true, "{host}");
        assert_eq!(service(host, "runuser")["takes_passwords"], false, "{host}");
        assert!(services(host).as_array().unwrap().iter().all(|s| s["loads"] == true), "{host}");
    }
}

#[test]
fn a_service_of_the_vendor_is_read_beside_its_own() {
    let user = service("debian12-hardened", "systemd-user");
    assert_eq!(user["session"][0]["file"], "/usr/lib/pam.d/systemd-user");
}

#[test]
fn factors_of_a_real_sshd() {
    let of = |host: &str| {
        let sshd = service(host, "sshd");
        let body = super::support::body(&parse("sshd.effective", None, &recording(host)));
        let base = element(&body["contexts"], "condition", "base");
        [
            sshd["second_factor_required"].clone(),
            sshd["password_required"].clone(),
            base["authentication_kinds"].clone(),
            base["typed_required"].clone(),
        ]
    };
    assert_eq!(of("sshd-password-and-code"), [json!(true), json!(true), json!(1), json!(true)]);
    assert_eq!(of("sshd-code-nullok"), [json!(false), json!(true), json!(1), json!(true)]);
    assert_eq!(of("sshd-key-and-password"), [json!(false), json!(true), json!(2), json!(true)]);
}

#[test]
fn defaults_of_accounts() {
    for host in SYSTEMS {
        let defs = complete(&parse("login.defs", None, &recording(host)));
        let hardened = host == "debian12-hardened";
        let (days, mask) = if hardened { (90, "0027") } else { (99_999, "0022") };
        assert_eq!(
            (&defs["pass_max_days"], &defs["umask"]),
            (&json!(days), &json!(mask)),
            "{host}"
        );
        assert_eq!(defs["pass_min_days"], if hardened { 7 } else { 0 }, "{host}");
        assert_eq!(defs["log_ok_logins"], if hardened { "yes" } else { "no" }, "{host}");
        assert_eq!(defs["uid_min"], 1000, "{host}");
    }
}

#[test]
fn a_system_without_pam() {
    let frames = recording("busybox-initramfs");
    assert!(absent(&parse("pam.services", None, &frames)));
    assert!(absent(&parse("login.defs", None, &frames)));
}
