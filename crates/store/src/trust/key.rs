//! The signing key of a state folder.

use crate::error::StoreError;
use crate::folder;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use std::fs::{OpenOptions, hard_link, remove_file};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The first words of a key file; the seed follows as 64 hexadecimal digits.
const PREFIX: &str = "anji-signing-key ed25519 ";

/// An Ed25519 key pair. The private half is wiped from memory when dropped.
pub struct KeyPair(SigningKey);

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyPair({})", hex::encode(self.public()))
    }
}

impl KeyPair {
    /// The key in the file `path`; `None` when there is no such file.
    ///
    /// # Errors
    /// [`StoreError::BadKey`] when the file is a symbolic link, can be read by others, belongs to
    /// someone else, cannot be read, or does not hold a key.
    pub fn load(path: &Path) -> Result<Option<Self>, StoreError> {
        let file = match folder::open_plain(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(path, error)),
        };
        let meta = file.metadata().map_err(|error| unreadable(path, error))?;
        if !meta.is_file() {
            return Err(bad(path, "is not a plain file; put the key file back from a backup"));
        }
        if !folder::is_ours(&meta) {
            return Err(bad(path, "belongs to someone else; run as its owner"));
        }
        if meta.mode() & 0o077 != 0 {
            return Err(bad(
                path,
                "can be read by others, so its signatures prove nothing; if nobody else had it, close it with `chmod 600`",
            ));
        }
        let mut text = Zeroizing::new(String::new());
        (&file).take(200).read_to_string(&mut text).map_err(|error| unreadable(path, error))?;
        let mut seed = Zeroizing::new([0; 32]);
        text.trim_end_matches('\n')
            .strip_prefix(PREFIX)
            .filter(|digits| digits.len() == 64)
            .and_then(|digits| hex::decode_to_slice(digits, &mut *seed).ok())
            .ok_or_else(|| bad(path, "does not hold a key; put it back from a backup"))?;
        Ok(Some(Self(SigningKey::from_bytes(&seed))))
    }

    /// The key in the file `path`, created with mode 0600 where there is none. Of two processes
    /// that create at once both get the same key.
    ///
    /// # Errors
    /// As [`KeyPair::load`], and when the file cannot be written.
    pub fn load_or_create(path: &Path) -> Result<Self, StoreError> {
        if let Some(pair) = Self::load(path)? {
            return Ok(pair);
        }
        let mut seed = Zeroizing::new([0; 32]);
        random(&mut *seed)?;
        let mut tail = [0; 8];
        random(&mut tail)?;
        let fresh = PathBuf::from(format!("{}.{}.new", path.display(), hex::encode(tail)));
        let digits = Zeroizing::new(hex::encode(seed.as_slice()));
        let made = write_key(&fresh, &digits)
            // A link does not replace: whoever is first has made the key.
            .and_then(|()| hard_link(&fresh, path))
            .or_else(|error| match error.kind() {
                ErrorKind::AlreadyExists => Ok(()),
                _ => Err(StoreError::io("create", path, error)),
            });
        // Left behind only when the process dies here; holds a key that nobody uses.
        let _removed = remove_file(&fresh);
        made?;
        folder::sync(path.parent().unwrap_or(path))?;
        Self::load(path)?.ok_or_else(|| bad(path, "vanished while it was created; run again"))
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs `message`.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// Whether `signature` over `message` was made with the private half of `public`.
pub fn signature_holds(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}

/// Fills `bytes` from the system's random source.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), StoreError> {
    getrandom::fill(bytes).map_err(|error| {
        let error = std::io::Error::other(error.to_string());
        StoreError::io("read", Path::new("the system's random source"), error)
    })
}

fn write_key(path: &Path, digits: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{PREFIX}{digits}")?;
    file.sync_all()
}

fn unreadable(path: &Path, error: std::io::Error) -> StoreError {
    let problem = if path.is_symlink() {
        "is a symbolic link; put the key file itself there"
    } else {
        "cannot be read; run as the account that owns it"
    };
    let problem = problem.to_owned();
    StoreError::BadKey { path: path.to_path_buf(), problem, source: Some(error.into()) }
}

fn bad(path: &Path, problem: &str) -> StoreError {
    StoreError::BadKey { path: path.to_path_buf(), problem: problem.to_owned(), source: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_equal_rfc_8032_test_2() {
        let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let mut bytes = [0; 32];
        hex::decode_to_slice(seed, &mut bytes).unwrap();
        let pair = KeyPair(SigningKey::from_bytes(&bytes));
        assert_eq!(
            hex::encode(pair.public()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        );
        let signature = pair.sign(&[0x72]);
        assert_eq!(
            hex::encode(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        );
        assert!(signature_holds(&pair.public(), &[0x72], &signature));
        assert!(!signature_holds(&pair.public(), &[0x73], &signature));
    }
}
