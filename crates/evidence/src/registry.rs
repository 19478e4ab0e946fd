//! The list of evidence types.

use crate::kind::EvidenceKind;
use crate::types;
use anji_model::EvidenceType;

macro_rules! kinds {
    ($($kind:expr),* $(,)?) => { &[$(&$kind),*] };
}

static KINDS: &[&dyn EvidenceKind] = kinds![
    types::access_control::AccessControl,
    types::accounts::Accounts,
    types::audit::Audit,
    types::boot_secure::SecureBoot,
    types::containers::Containers,
    types::core_dumps::CoreDumps,
    types::disk_encryption::DiskEncryption,
    types::file_stat::FileStat,
    types::file_walk::FileWalk,
    types::firewall::Firewall,
    types::kernel_cmdline::KernelCmdline,
    types::kernel_modules::KernelModules,
    types::log_files::LogFiles,
    types::log_forwarding::LogForwarding,
    types::banners::LoginBanners,
    types::login_defs::LoginDefs,
    types::logins::LastLogins,
    types::mounts::Mounts,
    types::os_release::OsRelease,
    types::package_updates::PackageUpdates,
    types::package_vulnerabilities::PackageVulnerabilities,
    types::packages::Packages,
    types::pam::PamServices,
    types::processes::Processes,
    types::security_tools::SecurityTools,
    types::services::Services,
    types::startup::ShellStartup,
    types::sockets::ListeningSockets,
    types::sshd::SshdEffective,
    types::sudo::SudoRules,
    types::sysctl::Sysctl,
    types::time_sync::TimeSync,
    types::update_config::UpdateConfig,
];

/// Every evidence type, ordered by name.
pub fn registry() -> &'static [&'static dyn EvidenceKind] {
    KINDS
}

/// The evidence type of that name.
pub fn find(name: &EvidenceType) -> Option<&'static dyn EvidenceKind> {
    KINDS.iter().copied().find(|kind| kind.name() == *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_in_order() {
        let names: Vec<_> = registry().iter().map(|kind| kind.name()).collect();
        assert!(names.len() >= 6);
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        for name in names {
            assert_eq!(find(&name).map(EvidenceKind::name), Some(name));
        }
    }
}
