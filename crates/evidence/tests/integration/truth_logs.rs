//! scratch
use super::support::{parse, recording};
#[test]
fn logs_show() {
    for host in [
        "debian12-default",
        "debian12-default-unprivileged",
        "debian12-weak",
        "debian12-hardened",
        "debian12-minbase",
        "busybox-initramfs",
    ] {
        for kind in ["audit", "log.files", "log.forwarding", "time.sync"] {
            let p = parse(kind, None, &recording(host));
            println!("##### {host} {kind}: {:?}", p.status);
            for g in &p.gaps {
                println!("  gap {} {:?} {:?} {}", g.path, g.kind, g.category, g.detail);
            }
            if let Some(b) = &p.body {
                println!("{}", String::from_utf8_lossy(b));
            }
            if let Some(b) = &p.volatile {
                println!("VOL {}", String::from_utf8_lossy(b));
            }
        }
    }
}
