//! Merkle trees in the form of RFC 9162, section 2.1, over salted leaves.

use crate::codec::digest;
use anji_model::Digest;

/// The seed of a run's salts: random, kept locally, 32 bytes.
pub type Seed = [u8; 32];

/// The salt of leaf `index`: 16 bytes that tell nothing of any other salt. Derived instead of
/// stored one by one, so that an unchanged day costs 32 bytes and not 16 per record.
pub fn salt(seed: &Seed, index: u64) -> [u8; 16] {
    let Digest(bytes) = digest(&[&[2], seed, &index.to_be_bytes()]);
    let mut salt = [0; 16];
    salt.copy_from_slice(&bytes[..16]);
    salt
}

/// `SHA-256(0x00 || salt || record)`.
pub fn leaf(salt: &[u8], record: &[u8]) -> Digest {
    digest(&[&[0], salt, record])
}

/// `SHA-256(0x01 || left || right)`.
pub fn node(left: &Digest, right: &Digest) -> Digest {
    digest(&[&[1], &left.0, &right.0])
}

/// The root over `leaves`; over none, the hash of nothing.
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => digest(&[]),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The hashes that lead from leaf `index` to the root, nearest first; `None` when there is no
/// such leaf.
pub fn path(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    match leaves.len() {
        len if index >= len => None,
        1 => Some(Vec::new()),
        len => {
            let (left, right) = leaves.split_at(split(len));
            let (mut hashes, sibling) = if index < left.len() {
                (path(left, index)?, root(right))
            } else {
                (path(right, index - left.len())?, root(left))
            };
            hashes.push(sibling);
            Some(hashes)
        }
    }
}

/// The root that leaf `index` of `size` leads to by `path` (RFC 9162, section 2.1.3.2); `None`
/// when the path cannot belong to that place.
pub fn root_by_path(leaf: Digest, index: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    if index >= size {
        return None;
    }
    let (mut place, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if place & 1 == 1 || place == last {
            hash = node(sibling, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// The largest power of two below `len`, for `len >= 2`.
fn split(len: usize) -> usize {
    1 << (usize::BITS - 1 - (len - 1).leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The inputs and roots of the Certificate Transparency reference tests.
    const VECTORS: [(&str, &str); 9] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        (
            "606162636465666768696a6b6c6d6e6f",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ),
    ];

    #[test]
    fn roots_equal_the_reference_vectors() {
        let mut leaves = Vec::new();
        for (size, (input, expected)) in VECTORS.iter().enumerate() {
            if size > 0 {
                leaves.push(leaf(&[], &hex::decode(input).unwrap()));
            }
            assert_eq!(root(&leaves).to_string(), *expected, "{size} leaves");
        }
    }

    #[test]
    fn every_leaf_of_every_size_proves_itself_and_no_other_place() {
        for size in 1..=33u64 {
            let leaves: Vec<_> = (0..size).map(|n| leaf(&[], &n.to_be_bytes())).collect();
            let root = root(&leaves);
            for index in 0..size {
                let hashes = path(&leaves, index as usize).unwrap();
                let own = leaves[index as usize];
                assert_eq!(root_by_path(own, index, size, &hashes), Some(root));
                for other in (0..size + 2).filter(|other| *other != index) {
                    assert_ne!(root_by_path(own, other, size, &hashes), Some(root));
                }
                let mut longer = hashes.clone();
                longer.push(root);
                assert_eq!(root_by_path(own, index, size, &longer), None);
            }
            assert_eq!(path(&leaves, size as usize), None);
        }
    }

    #[test]
    fn salts_differ_by_place_and_seed() {
        assert_ne!(salt(&[1; 32], 0), salt(&[1; 32], 1));
        assert_ne!(salt(&[1; 32], 0), salt(&[2; 32], 0));
    }
}
