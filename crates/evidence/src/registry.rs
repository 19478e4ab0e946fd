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
    types::boot_secure::SecureBoot,
    types::core_dumps::CoreDumps,
    types::disk_encryption::DiskEncryption,
    types::file_stat::FileStat,
    types::file_walk::FileWalk,
    types::kernel_cmdline::KernelCmdline,
    types::kernel_modules::KernelModules,
    types::banners::LoginBanners,
    types::logins::LastLogins,
    types::mounts::Mounts,
    types::os_release::OsRelease,
    types::startup::ShellStartup,
    types::sockets::ListeningSockets,
    types::sshd::SshdEffective,
    types::sudo::SudoRules,
    types::sysctl::Sysctl,
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
