//! What is known of the recorded systems' services, processes, containers and
//! security tools.

use super::support::{body, complete, element, has_gap, parse, recording, repository};
use anji_model::{FailureCategory, GapKind};
use serde_json::{Value, json};

fn services(host: &str) -> Value {
    complete(&parse("services", None, &recording(host)))
}

fn unit<'a>(body: &'a Value, name: &str) -> &'a Value {
    element(&body["units"], "unit", name)
}

/// `testdata/truth` holds what `systemctl list-unit-files` printed in the guests.
#[test]
fn unit_file_states_are_those_that_systemd_gives() {
    for host in ["debian12-default", "debian12-weak", "debian12-hardened"] {
        let path = repository().join(format!("testdata/truth/{host}.unit-files"));
        let truth = std::fs::read_to_string(path).unwrap();
        let body = services(host);
        let units = body["units"].as_array().unwrap();
        let mut seen = 0;
        for line in truth.lines() {
            let (name, state) = line.split_once(' ').unwrap();
            let ours = units.iter().find(|unit| unit["unit"] == name);
            assert_eq!(ours.map(|unit| &unit["state"]), Some(&json!(state)), "{host} {name}");
            seen += 1;
        }
        assert!(seen > 200, "{host}: {seen}");
    }
}

#[test]
fn managers_and_default_targets() {
    for host in ["debian12-default", "debian12-weak", "debian12-hardened"] {
        let body = services(host);
        assert_eq!(body["manager"], "systemd", "{host}");
        assert_eq!(body["init"], "/usr/lib/systemd/systemd", "{host}");
        let target = if host.ends_with("hardened") { "multi-user" } else { "graphical" };
        assert_eq!(body["default_target"], format!("{target}.target"), "{host}");
    }
    // There, process 1 is the script that made the recording.
    assert_eq!(services("debian12-minbase")["manager"], "other");
    assert_eq!(services("busybox-initramfs")["manager"], "busybox");
}

#[test]
fn what_weakening_changed_is_seen() {
    let weak = services("debian12-weak");
    let broken = unit(&weak, "his-broken.service");
    assert_eq!((&broken["failed"], &broken["active"]), (&json!(true), &json!(false)));
    assert_eq!(unit(&weak, "apt-daily.timer")["state"], "masked");
    assert_eq!(unit(&weak, "apt-daily.timer")["failed"], true);
    let telnet = unit(&weak, "telnet.socket");
    assert_eq!(telnet["tcp_ports"], json!([23]));
    assert_eq!(telnet["udp_ports"], json!([161]));
    assert_eq!((&telnet["starts"], &telnet["active"]), (&json!(true), &json!(true)));
    let web = unit(&weak, "his-web.service");
    assert_eq!((&web["program_name"], &web["user"]), (&json!("perl"), &Value::Null));
    assert_eq!(unit(&weak, "rsyslog.service")["state"], "disabled");
    assert_eq!(unit(&weak, "rsyslog.service")["active"], false);
    assert_eq!(unit(&weak, "auditd.service")["active"], false);
    let default = services("debian12-default");
    let failed = |body: &Value| {
        body["units"].as_array().unwrap().iter().filter(|unit| unit["failed"] == true).count()
    };
    assert_eq!(failed(&default), 0);
    assert_eq!(failed(&services("debian12-hardened")), 0);
    assert_eq!(unit(&default, "chrony.service")["user"], "_chrony");
    assert_eq!(unit(&default, "ssh.service")["active"], true);
    assert_eq!(unit(&default, "nftables.service")["starts"], false);
    assert_eq!(unit(&services("debian12-hardened"), "nftables.service")["starts"], true);
    let timer = element(&default["timers"], "timer", "logrotate.timer");
    assert_eq!(timer["schedule"], json!(["OnCalendar=daily"]));
    assert_eq!(timer["starts_unit"], "logrotate.service");
    assert_eq!((&timer["starts"], &timer["active"]), (&json!(true), &json!(true)));
}

#[test]
fn an_ordinary_user_sees_the_services_but_not_the_program_of_process_1() {
    let parsed = parse("services", None, &recording("debian12-default-unprivileged"));
    assert!(has_gap(&parsed.gaps, "init", GapKind::Unknown, FailureCategory::Permission));
    assert_eq!(parsed.gaps.len(), 1, "{:?}", parsed.gaps);
    let (seen, whole) = (body(&parsed), services("debian12-default"));
    assert_eq!(seen["units"], whole["units"]);
}

/// The service managers and super-servers of roots that were made for it.
#[test]
fn other_managers_are_told_apart() {
    let of = |host: &str| body(&parse("services", None, &recording(host)));
    for (host, manager, target) in [
        ("services-sysv", "sysvinit", json!("2")),
        ("services-openrc", "openrc", json!("default")),
        ("services-runit", "runit", Value::Null),
        ("services-inetd", "systemd", json!("graphical.target")),
    ] {
        let body = of(host);
        assert_eq!(
            (&body["manager"], &body["default_target"]),
            (&json!(manager), &target),
            "{host}"
        );
    }
    let starts = |host: &str, name: &str| unit(&of(host), name)["starts"].clone();
    assert_eq!(starts("services-sysv", "sysv:vsftpd"), true);
    assert_eq!(starts("services-sysv", "sysv:halt"), false);
    assert_eq!(starts("services-openrc", "openrc:vsftpd"), true);
    assert_eq!(starts("services-openrc", "openrc:sendsigs"), false);
    assert_eq!(starts("services-runit", "runit:telnetd"), true);
    assert_eq!(starts("services-vsftpd", "vsftpd.service"), true);
    assert_eq!(starts("services-tftpd", "vsftpd.service"), false);
    assert_eq!(starts("services-tftpd", "sysv:tftpd-hpa"), true);
    assert_eq!(starts("services-inetd", "inetd:2323"), true);
    assert_eq!(starts("services-xinetd", "xinetd:telnet"), true);
    assert_eq!(starts("services-xinetd", "xinetd:chargen-stream"), false);
}

#[test]
fn processes_of_the_recorded_systems() {
    for host in ["debian12-default", "debian12-weak", "debian12-hardened"] {
        let body = complete(&parse("processes", None, &recording(host)));
        let all = body["processes"].as_array().unwrap();
        let postgres: Vec<_> = all.iter().filter(|p| p["name"] == "postgres").collect();
        assert_eq!(postgres.len(), 1, "{host}");
        assert_eq!((&postgres[0]["user"], &postgres[0]["euid"]), (&json!("postgres"), &json!(102)));
        assert_eq!(postgres[0]["exe"], "/usr/lib/postgresql/15/bin/postgres");
        assert_eq!(postgres[0]["unit"], "postgresql@15-main.service");
        assert!(all.iter().all(|p| p["name"] != "kthreadd" && p["name"] != "awk"), "{host}");
        assert!(all.iter().all(|p| p["container"].is_null()), "{host}");
    }
    let weak = complete(&parse("processes", None, &recording("debian12-weak")));
    let web = element(&weak["processes"], "name", "perl");
    assert_eq!(
        (&web["runs"], &web["unit"]),
        (&json!("his-listener.pl"), &json!("his-web.service"))
    );
    assert_eq!(web["euid"], 0);
    let parsed = parse("processes", None, &recording("debian12-default-unprivileged"));
    for path in ["processes[].exe", "processes[].program"] {
        assert!(has_gap(&parsed.gaps, path, GapKind::Unknown, FailureCategory::Permission));
    }
}

#[test]
fn no_guest_has_containers_or_security_tools() {
    for host in [
        "debian12-default",
        "debian12-default-unprivileged",
        "debian12-weak",
        "debian12-hardened",
        "debian12-minbase",
        "busybox-initramfs",
    ] {
        let tools = complete(&parse("security.tools", None, &recording(host)));
        assert_eq!(tools["tools"], json!([]), "{host}");
        let containers = complete(&parse("containers", None, &recording(host)));
        assert_eq!(containers["docker"], Value::Null, "{host}");
        assert_eq!(containers["sockets"], json!([]), "{host}");
    }
}

#[test]
fn tools_that_were_installed_are_told_with_their_days() {
    let of = |host: &str| complete(&parse("security.tools", None, &recording(host)));
    let idle = of("tools-idle");
    let clamav = element(&idle["tools"], "tool", "clamav");
    assert_eq!((&clamav["running"], &clamav["signatures_day"]), (&json!(false), &Value::Null));
    assert_eq!(clamav["version"], "1.4.3+dfsg-1~deb12u2");
    let running = of("tools-running");
    assert_eq!(element(&running["tools"], "tool", "clamav")["running"], true);
    let aide = element(&running["tools"], "tool", "aide");
    assert!(aide["database_day"].is_i64() && aide["last_report_day"] == aide["database_day"]);
    assert_eq!(aide["scheduled"], true);
    assert_eq!(element(&of("tools-stale")["tools"], "tool", "aide")["database_day"], 20_767);
}
