//! PAM and login.defs of six real systems: what the rows of the truth table say.

use super::support::{absent, body, complete, element, parse, recording, texts};
use serde_json::{Value, json};

fn pam(host: &str) -> Value {
    complete(&parse("pam.services", None, &recording(host)))
}

fn service(host: &str, name: &str) -> Value {
    element(&pam(host)["services"], "name", name).clone()
}

#[test]
fn show() {
    for host in ["sshd-password-and-code"] {
        let p = parse("pam.services", None, &recording(host));
        println!("{host} {:?} {:?} {}", p.status, p.gaps, p.body.as_ref().map_or(0, Vec::len));
        if let Some(_) = &p.body {
            for s in body(&p)["services"].as_array().unwrap() {
                let mut s = s.clone();
                for k in ["auth","account","password","session"] { if s["name"]=="sshd" && host.ends_with("hardened") { for r in s[k].as_array().unwrap() {println!("{k} {r}");} } s.as_object_mut().unwrap().remove(k); }
                println!("{s}");
            }
        }
        let p = parse("login.defs", None, &recording(host));
        println!("{:?} {:?} {}", p.status, p.gaps, String::from_utf8_lossy(p.body.as_deref().unwrap_or(b"")));
    }
}
