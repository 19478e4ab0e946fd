//! The products that are known, and what shows each.

/// A product and its marks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product {
    pub(super) name: &'static str,
    pub(super) purposes: &'static [&'static str],
    /// Whether we had it on a system of our own.
    pub(super) seen: bool,
    /// Programs and folders, one of which is there where it is installed.
    pub(super) paths: &'static [&'static str],
    /// Names of its processes, as `comm` cuts them to 15 bytes.
    pub(super) processes: &'static [&'static str],
    /// Files whose last change is its last report.
    pub(super) reports: &'static [&'static str],
    /// Its database of files.
    pub(super) databases: &'static [&'static str],
    /// Words of a cron line, and names of timers without `.timer`.
    pub(super) jobs: &'static [&'static str],
    /// Names of its packages.
    pub(super) packages: &'static [&'static str],
}

const NONE: Product = Product {
    name: "",
    purposes: &[],
    seen: false,
    paths: &[],
    processes: &[],
    reports: &[],
    databases: &[],
    jobs: &[],
    packages: &[],
};

const EDR: &[&str] = &["antimalware", "intrusion"];

/// Every product, by name.
pub(super) const PRODUCTS: &[Product] = &[
    Product {
        name: "aide",
        purposes: &["integrity"],
        seen: true,
        paths: &["/usr/bin/aide", "/usr/sbin/aide", "/usr/local/bin/aide"],
        reports: &["/var/log/aide/aide.log", "/var/log/aide/aide.report.log"],
        databases: &["/var/lib/aide/aide.db", "/var/lib/aide/aide.db.gz"],
        jobs: &["aide", "dailyaidecheck", "aidecheck", "aide-check"],
        packages: &["aide"],
        ..NONE
    },
    Product {
        name: "alibaba-aegis",
        purposes: EDR,
        paths: &["/usr/local/aegis"],
        processes: &["AliYunDun", "AliYunDunMonito", "AliSecGuard"],
        ..NONE
    },
    Product {
        name: "asiainfo-ds",
        purposes: EDR,
        paths: &["/opt/ds_agent"],
        processes: &["ds_agent", "ds_am"],
        ..NONE
    },
    Product {
        name: "auditbeat",
        purposes: &["intrusion", "integrity"],
        paths: &["/usr/share/auditbeat"],
        processes: &["auditbeat"],
        packages: &["auditbeat"],
        ..NONE
    },
    Product {
        name: "chkrootkit",
        purposes: &["rootkit"],
        seen: true,
        paths: &["/usr/sbin/chkrootkit"],
        reports: &["/var/log/chkrootkit/log.today"],
        jobs: &["chkrootkit"],
        packages: &["chkrootkit"],
        ..NONE
    },
    Product {
        name: "clamav",
        purposes: &["antimalware"],
        seen: true,
        paths: &["/usr/sbin/clamd", "/usr/bin/clamscan", "/usr/local/sbin/clamd"],
        processes: &["clamd"],
        jobs: &["clamscan", "clamdscan", "clamav-scan"],
        packages: &["clamav", "clamav-daemon"],
        ..NONE
    },
    Product {
        name: "crowdstrike",
        purposes: EDR,
        paths: &["/opt/CrowdStrike"],
        processes: &["falcon-sensor", "falcon-sensor-b"],
        ..NONE
    },
    Product {
        name: "defender",
        purposes: EDR,
        paths: &["/opt/microsoft/mdatp"],
        processes: &["wdavdaemon"],
        ..NONE
    },
    Product {
        name: "eset",
        purposes: &["antimalware"],
        paths: &["/opt/eset"],
        processes: &["oaeventd", "scand", "startd"],
        ..NONE
    },
    Product {
        name: "falco",
        purposes: &["intrusion"],
        paths: &["/usr/bin/falco"],
        processes: &["falco"],
        packages: &["falco"],
        ..NONE
    },
    Product {
        name: "gov-defence",
        purposes: EDR,
        paths: &["/usr/local/gov_defence_agent"],
        processes: &["gov_defence_age", "gov_defence_gua"],
        ..NONE
    },
    Product {
        name: "huawei-hss",
        purposes: EDR,
        paths: &["/usr/local/hostguard"],
        processes: &["hostguard", "hostwatch"],
        ..NONE
    },
    Product {
        name: "huorong",
        purposes: &["antimalware"],
        paths: &["/opt/huorong", "/opt/apps/cn.huorong.esm"],
        processes: &["hipsdaemon", "hresd"],
        ..NONE
    },
    Product {
        name: "kaspersky",
        purposes: &["antimalware"],
        paths: &["/opt/kaspersky/kesl"],
        processes: &["kesl"],
        ..NONE
    },
    Product {
        name: "osquery",
        purposes: &["intrusion"],
        paths: &["/usr/bin/osqueryd", "/opt/osquery/bin/osqueryd"],
        processes: &["osqueryd"],
        reports: &["/var/log/osquery/osqueryd.results.log"],
        packages: &["osquery"],
        ..NONE
    },
    Product {
        name: "ossec",
        purposes: &["intrusion", "integrity"],
        paths: &["/var/ossec/bin/ossec-agentd"],
        processes: &["ossec-agentd", "ossec-syscheckd"],
        packages: &["ossec-hids-agent"],
        ..NONE
    },
    Product {
        name: "qianxin",
        purposes: EDR,
        paths: &["/opt/qaxsafe", "/opt/qianxin", "/opt/360safe", "/opt/360"],
        processes: &["qaxsafed", "qaxtray", "360entclient", "360safed"],
        ..NONE
    },
    Product {
        name: "qingteng",
        purposes: &["intrusion"],
        paths: &["/titan/agent"],
        processes: &["titanagent", "titan_monitor"],
        ..NONE
    },
    Product {
        name: "rising",
        purposes: &["antimalware"],
        paths: &["/opt/rising", "/usr/local/rising"],
        processes: &["ravd", "rsmain"],
        ..NONE
    },
    Product {
        name: "rkhunter",
        purposes: &["rootkit"],
        seen: true,
        paths: &["/usr/bin/rkhunter", "/usr/local/bin/rkhunter"],
        reports: &["/var/log/rkhunter.log", "/var/log/rkhunter/rkhunter.log"],
        databases: &["/var/lib/rkhunter/db/rkhunter.dat"],
        jobs: &["rkhunter"],
        packages: &["rkhunter"],
        ..NONE
    },
    Product {
        name: "safedog",
        purposes: EDR,
        paths: &["/etc/safedog"],
        processes: &["sdsvrd", "sdmonitor", "sduiservd"],
        ..NONE
    },
    Product {
        name: "samhain",
        purposes: &["integrity", "intrusion"],
        paths: &["/usr/sbin/samhain", "/usr/local/sbin/samhain"],
        processes: &["samhain"],
        reports: &["/var/log/samhain/samhain.log", "/var/log/samhain_log"],
        databases: &["/var/state/samhain/samhain_file", "/var/lib/samhain/samhain_file"],
        packages: &["samhain"],
        ..NONE
    },
    Product {
        name: "sangfor-edr",
        purposes: EDR,
        paths: &["/sf/edr"],
        processes: &["edr_agent", "edr_monitor", "eps_services", "abs_monitor"],
        ..NONE
    },
    Product {
        name: "sentinelone",
        purposes: EDR,
        paths: &["/opt/sentinelone"],
        processes: &["s1-agent", "s1-scanner"],
        ..NONE
    },
    Product {
        name: "sophos",
        purposes: &["antimalware"],
        paths: &["/opt/sophos-spl", "/opt/sophos-av"],
        processes: &["sophos_managem", "sophos_manageme", "savd"],
        ..NONE
    },
    Product {
        name: "tencent-yunjing",
        purposes: EDR,
        paths: &["/usr/local/qcloud/YunJing"],
        processes: &["YDService", "YDLive"],
        ..NONE
    },
    Product {
        name: "tripwire",
        purposes: &["integrity"],
        paths: &["/usr/sbin/tripwire"],
        jobs: &["tripwire", "tripwire-check"],
        packages: &["tripwire"],
        ..NONE
    },
    Product {
        name: "wazuh",
        purposes: &["intrusion", "integrity"],
        paths: &["/var/ossec/bin/wazuh-agentd"],
        processes: &["wazuh-agentd", "wazuh-syscheckd"],
        packages: &["wazuh-agent"],
        ..NONE
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_well_formed() {
        assert!(PRODUCTS.is_sorted_by(|a, b| a.name < b.name));
        for product in PRODUCTS {
            assert!(!product.purposes.is_empty() && !product.paths.is_empty(), "{}", product.name);
            assert!(product.purposes.len() == 1 || product.purposes[0] != product.purposes[1]);
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-".contains(&b);
            let all = [product.paths, product.reports, product.databases];
            for path in all.into_iter().flatten() {
                assert!(path.starts_with('/') && path.bytes().all(plain), "{path}");
            }
            for word in product.processes.iter().chain(product.jobs).chain(product.packages) {
                assert!(word.len() <= 20 && word.bytes().all(plain), "{word}");
            }
            assert!(product.processes.iter().all(|name| name.len() <= 15), "{}", product.name);
        }
    }
}
