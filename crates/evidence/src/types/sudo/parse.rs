//! The grammar of a sudoers file: entries from words.

use super::lex::{Arguments, Entry, Token};
use std::rc::Rc;

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Statement {
    /// A file, or a folder, that is read in this place.
    Include { path: Vec<u8>, folder: bool },
    /// Definitions of aliases of one kind: `U`, `H`, `C`, `R`.
    Aliases(u8, Vec<(Vec<u8>, Vec<Member>)>),
    /// Settings, with the sign and members of what they are bound to.
    Defaults { binding: Option<u8>, of: Vec<Member>, settings: Vec<Setting> },
    /// Who may do what.
    Grant { users: Vec<Member>, privileges: Vec<Privilege> },
}

/// One member of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) negated: bool,
    pub(super) what: What,
}

/// What a member of a list is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    All,
    /// An alias, or a name in capitals where there is no such alias.
    Alias(Vec<u8>),
    Word(Vec<u8>),
    Group(Vec<u8>),
    Netgroup(Vec<u8>),
    Command(Vec<u8>, Arguments),
}

/// One setting of `Defaults`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) name: Vec<u8>,
    pub(super) value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    On,
    Off,
    /// The sign (`=`, `+`, `-`) and the text.
    Text(u8, Vec<u8>),
}

/// Hosts with what may be run there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Privilege {
    pub(super) hosts: Vec<Member>,
    pub(super) commands: Vec<Grant>,
}

/// One command with its tags, those of the commands before it carried on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    /// As whom; `None` where nothing says.
    pub(super) runas: Option<Rc<Runas>>,
    pub(super) nopasswd: Option<bool>,
    pub(super) noexec: Option<bool>,
    pub(super) setenv: Option<bool>,
    pub(super) command: Member,
    pub(super) digest: bool,
    /// Whether it holds only for a time, or with an option such as `CHROOT`.
    pub(super) limited: bool,
}

/// The accounts and groups that a command may run as. No account is the
/// invoking one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Runas {
    pub(super) users: Vec<Member>,
    pub(super) groups: Vec<Member>,
}

/// What the entry says; `None` where sudo would call it a syntax error.
pub(super) fn statement(entry: &Entry) -> Option<Statement> {
    let mut reader = Reader { tokens: &entry.tokens };
    let statement = match reader.tokens.first()? {
        Token::Include(path, folder) => {
            reader.tokens = &[];
            Statement::Include { path: path.clone(), folder: *folder }
        }
        Token::Defaults(binding) => {
            reader.next();
            reader.defaults(*binding)?
        }
        Token::AliasKind(kind) => {
            reader.next();
            Statement::Aliases(*kind, reader.aliases(*kind)?)
        }
        _ => {
            let users = reader.list(Reader::user)?;
            let mut privileges = vec![reader.privilege()?];
            while reader.take(&Token::Colon) {
                privileges.push(reader.privilege()?);
            }
            Statement::Grant { users, privileges }
        }
    };
    reader.tokens.is_empty().then_some(statement)
}

struct Reader<'a> {
    tokens: &'a [Token],
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn take(&mut self, token: &Token) -> bool {
        let there = self.tokens.first() == Some(token);
        if there {
            self.next();
        }
        there
    }

    fn list(&mut self, one: fn(&mut Self) -> Option<What>) -> Option<Vec<Member>> {
        let mut members = Vec::new();
        loop {
            let negated = self.take(&Token::Not);
            members.push(Member { negated, what: one(self)? });
            if !self.take(&Token::Comma) {
                return Some(members);
            }
        }
    }

    fn user(&mut self) -> Option<What> {
        Some(match self.next()? {
            Token::Group(name) => What::Group(name.clone()),
            token => return Self::host_of(token),
        })
    }

    fn host(&mut self) -> Option<What> {
        Self::host_of(self.next()?)
    }

    fn host_of(token: &Token) -> Option<What> {
        Some(match token {
            Token::All => What::All,
            Token::Alias(name) => What::Alias(name.clone()),
            Token::Word(name) => What::Word(name.clone()),
            Token::Netgroup(name) => What::Netgroup(name.clone()),
            _ => return None,
        })
    }

    fn group(&mut self) -> Option<What> {
        Self::host_of(self.next()?).filter(|what| !matches!(what, What::Netgroup(_)))
    }

    /// A command without what stands before it.
    fn command(&mut self) -> Option<What> {
        Some(match self.next()? {
            Token::All => What::All,
            Token::Alias(name) => What::Alias(name.clone()),
            Token::Command(path, arguments) => What::Command(path.clone(), *arguments),
            Token::Word(name) if name == b"list" => What::Command(name.clone(), Arguments::Any),
            _ => return None,
        })
    }

    /// The digests before a command.
    fn digests(&mut self) -> Option<bool> {
        let mut any = false;
        while self.take(&Token::Digest) {
            any = true;
            if !self.take(&Token::Colon) || !self.take(&Token::Digest) {
                return None;
            }
            if self.take(&Token::Comma) && self.tokens.first() != Some(&Token::Digest) {
                return None;
            }
        }
        Some(any)
    }

    fn commands(&mut self) -> Option<Vec<Member>> {
        let mut members = Vec::new();
        loop {
            self.digests()?;
            let negated = self.take(&Token::Not);
            members.push(Member { negated, what: self.command()? });
            if !self.take(&Token::Comma) {
                return Some(members);
            }
        }
    }

    fn aliases(&mut self, kind: u8) -> Option<Vec<(Vec<u8>, Vec<Member>)>> {
        let mut aliases = Vec::new();
        loop {
            let Token::Alias(name) = self.next()? else { return None };
            if !self.take(&Token::Equals) {
                return None;
            }
            let members = match kind {
                b'C' => self.commands()?,
                b'H' => self.list(Self::host)?,
                _ => self.list(Self::user)?,
            };
            aliases.push((name.clone(), members));
            if !self.take(&Token::Colon) {
                return Some(aliases);
            }
        }
    }

    fn defaults(&mut self, binding: Option<u8>) -> Option<Statement> {
        let of = match binding {
            None => Vec::new(),
            Some(b'@') => self.list(Self::host)?,
            Some(b'!') => self.commands()?,
            Some(_) => self.list(Self::user)?,
        };
        let mut settings = Vec::new();
        loop {
            let off = self.take(&Token::Not);
            let Token::Setting(name) = self.next()? else { return None };
            let value = match self.tokens.first() {
                Some(Token::Assign(sign)) if !off => {
                    self.next();
                    let Token::Word(text) = self.next()? else { return None };
                    Value::Text(*sign, text.clone())
                }
                _ if off => Value::Off,
                _ => Value::On,
            };
            settings.push(Setting { name: name.clone(), value });
            if !self.take(&Token::Comma) {
                return Some(Statement::Defaults { binding, of, settings });
            }
        }
    }

    fn privilege(&mut self) -> Option<Privilege> {
        let hosts = self.list(Self::host)?;
        if !self.take(&Token::Equals) {
            return None;
        }
        let mut commands: Vec<Grant> = Vec::new();
        loop {
            let grant = self.grant(commands.last())?;
            commands.push(grant);
            if !self.take(&Token::Comma) {
                return Some(Privilege { hosts, commands });
            }
        }
    }

    fn grant(&mut self, before: Option<&Grant>) -> Option<Grant> {
        let runas = if self.take(&Token::Open) { Some(Rc::new(self.runas()?)) } else { None };
        let mut limited = before.is_some_and(|grant| grant.limited);
        while let Some(Token::Option(_)) = self.tokens.first() {
            limited = true;
            self.next();
            if !self.take(&Token::Equals) {
                return None;
            }
            match self.next()? {
                Token::Word(_) | Token::Alias(_) | Token::Command(..) => {}
                _ => return None,
            }
        }
        let mut tags = [None; 3];
        while let Some(Token::Tag(tag)) = self.tokens.first() {
            self.next();
            match *tag {
                "NOPASSWD" => tags[0] = Some(true),
                "PASSWD" => tags[0] = Some(false),
                "NOEXEC" => tags[1] = Some(true),
                "EXEC" => tags[1] = Some(false),
                "SETENV" => tags[2] = Some(true),
                "NOSETENV" => tags[2] = Some(false),
                _ => {}
            }
        }
        let digest = self.digests()?;
        let negated = self.take(&Token::Not);
        let command = Member { negated, what: self.command()? };
        let [nopasswd, noexec, setenv] = tags;
        Some(Grant {
            runas: runas.or_else(|| before.and_then(|grant| grant.runas.clone())),
            nopasswd: nopasswd.or(before.and_then(|grant| grant.nopasswd)),
            noexec: noexec.or(before.and_then(|grant| grant.noexec)),
            setenv: setenv.or(before.and_then(|grant| grant.setenv)),
            command,
            digest,
            limited,
        })
    }

    fn runas(&mut self) -> Option<Runas> {
        let mut runas = Runas::default();
        if !matches!(self.tokens.first(), Some(Token::Colon | Token::Close)) {
            runas.users = self.list(Self::user)?;
        }
        if self.take(&Token::Colon) && self.tokens.first() != Some(&Token::Close) {
            runas.groups = self.list(Self::group)?;
        }
        self.take(&Token::Close).then_some(runas)
    }
}
