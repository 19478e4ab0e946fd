//! Kinds of what identifies, which a shared recording must not hold.

/// What tells people, hosts and networks apart, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Personal {
    /// An account of a person.
    Account,
    /// A person's full name, or what else stands with it.
    FullName,
    /// The name of a host.
    Host,
    /// A domain.
    Domain,
    /// An IP address or network.
    Address,
    /// A hardware address.
    Hardware,
    /// An e-mail address.
    Mail,
    /// An identifier of a machine, disk or key; a digest.
    Identifier,
    /// A password, token or key text.
    Secret,
    /// The name of a hospital.
    Organisation,
    /// A telephone number.
    Phone,
    /// A process id.
    Process,
}

impl Personal {
    /// Every kind, in order.
    pub const ALL: [Self; 12] = [
        Self::Account,
        Self::FullName,
        Self::Host,
        Self::Domain,
        Self::Address,
        Self::Hardware,
        Self::Mail,
        Self::Identifier,
        Self::Secret,
        Self::Organisation,
        Self::Phone,
        Self::Process,
    ];

    /// Its one English word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::FullName => "full-name",
            Self::Host => "host",
            Self::Domain => "domain",
            Self::Address => "address",
            Self::Hardware => "hardware",
            Self::Mail => "mail",
            Self::Identifier => "identifier",
            Self::Secret => "secret",
            Self::Organisation => "organisation",
            Self::Phone => "phone",
            Self::Process => "process",
        }
    }
}
