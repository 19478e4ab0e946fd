//! IPv4 and hardware addresses by their form, and where they go.
//!
//! A network of 256 addresses goes to a documentation network, and the last
//! number of an address stays, so that what lay in one network still does.
//! Networks of up to 65536 addresses get a block of their own with the same
//! inner order. Wider ones identify nobody or become the documentation block
//! of their length.

use super::number::{Numbers, Series};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// The documentation networks of 256 addresses, as their first 24 bits.
const NETWORKS: [u32; 3] = [0x00c0_0002, 0x00c6_3364, 0x00cb_0071];
/// The block for tests of network devices, 198.18.0.0/15, by its first 24 bits.
const BLOCK: u32 = 0x00c6_1200;
/// How many networks of 256 addresses it has.
const BLOCK_NETWORKS: u32 = 512;

/// An IPv4 address or network in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found4 {
    pub(super) address: Ipv4Addr,
    /// Bytes of the address alone.
    pub(super) length: usize,
    /// The length of the prefix that follows it, if one does.
    pub(super) prefix: Option<u8>,
}

/// The address at the start of `text`, if it is one as a whole: no version
/// number and no part of a name.
pub(super) fn find4(text: &[u8]) -> Option<Found4> {
    let (address, length) = dotted(text)?;
    let rest = &text[length..];
    let more = |at: usize| rest.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let ends = match rest.first() {
        Some(b'.') => !more(1),
        Some(b'-') => !more(1) || dotted(&rest[1..]).is_some(),
        Some(b'+' | b'~') => false,
        Some(byte) => !byte.is_ascii_alphanumeric(),
        None => true,
    };
    let prefix = rest.strip_prefix(b"/").and_then(prefix_length);
    ends.then_some(Found4 { address, length, prefix })
}

/// `24` or `255.255.255.0`.
fn prefix_length(text: &[u8]) -> Option<u8> {
    if let Some((mask, _)) = dotted(text) {
        let bits = u32::from(mask);
        return (bits.leading_ones() + bits.trailing_zeros() == 32 || bits == u32::MAX)
            .then_some(bits.leading_ones() as u8);
    }
    let end = text.iter().take(3).position(|b| !b.is_ascii_digit()).unwrap_or(text.len().min(3));
    let number: u8 = std::str::from_utf8(&text[..end]).ok()?.parse().ok()?;
    (number <= 32).then_some(number)
}

fn dotted(text: &[u8]) -> Option<(Ipv4Addr, usize)> {
    let mut octets = [0u8; 4];
    let mut at = 0;
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            if text.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
        let digits = text[at..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        if !(1..=3).contains(&digits) {
            return None;
        }
        *octet = std::str::from_utf8(&text[at..at + digits]).ok()?.parse().ok()?;
        at += digits;
    }
    Some((Ipv4Addr::from(octets), at))
}

/// Whether the address tells nothing of a network: it means the same anywhere,
/// or is made for documentation.
pub(super) fn is_neutral4(address: Ipv4Addr) -> bool {
    let bits = u32::from(address);
    let first = address.octets()[0];
    first == 0
        || first == 127
        || first >= 224
        || address.is_link_local()
        || NETWORKS.contains(&(bits >> 8))
        || (bits >> 8) & !0x1ff == BLOCK
}

/// Whether a range is so wide that it tells nothing of a network: whole
/// networks of 65536 addresses, and more than one.
pub(super) fn is_wide_range(first: Ipv4Addr, last: Ipv4Addr) -> bool {
    let (first, last) = (u32::from(first), u32::from(last));
    first & 0xffff == 0 && last & 0xffff == 0xffff && last.saturating_sub(first) > 0xffff
}

/// Networks that stand for a kind of address or hold a documentation network.
fn is_neutral_network(bits: u32, length: u8) -> bool {
    let kinds = [(10, 8), (0xac1, 12), (0x191, 10)];
    let masked = |value: u32, length: u8| u64::from(value) >> (32 - u32::from(length));
    let holds = |network: u32| masked(network << 8, length) == masked(bits, length);
    kinds.iter().any(|(head, size)| *size == length && masked(bits, length) == *head)
        || NETWORKS.iter().any(|network| holds(*network))
        || holds(BLOCK)
}

/// The wide networks of the input, and which networks are taken.
#[derive(Debug, Clone, Default)]
pub(super) struct Networks {
    wide: BTreeSet<(u8, u32)>,
    blocks: std::collections::BTreeMap<(u8, u32), u32>,
    used: BTreeSet<u32>,
    next: u32,
}

impl Networks {
    /// Takes note of what stands in the input.
    pub(super) fn survey(&mut self, found: Found4) {
        let bits = u32::from(found.address);
        if is_neutral4(found.address) {
            if (bits >> 8) & !0x1ff == BLOCK {
                let size = 24u8.saturating_sub(found.prefix.unwrap_or(24));
                if size <= 8 {
                    let base = (bits >> 8) & !((1 << size) - 1);
                    self.used.extend(base..base + (1 << size));
                }
            }
            return;
        }
        if let Some(length @ 16..24) = found.prefix {
            self.wide.insert((length, bits >> (32 - length)));
        }
    }

    /// Where the address or network goes; nothing when it stays.
    pub(super) fn replace(&mut self, found: Found4, numbers: &mut Numbers) -> Option<Ipv4Addr> {
        let bits = u32::from(found.address);
        if is_neutral4(found.address) {
            return None;
        }
        if let Some(length) = found.prefix
            && length < 24
        {
            if length <= 8 || is_neutral_network(bits, length) {
                return None;
            }
            if length < 16 {
                let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
                return Some(Ipv4Addr::from((BLOCK << 8) & mask));
            }
        }
        Some(Ipv4Addr::from((self.network(bits >> 8, numbers) << 8) | (bits & 0xff)))
    }

    /// The network of 256 addresses that takes the place of `network`.
    fn network(&mut self, network: u32, numbers: &mut Numbers) -> u32 {
        for length in 16..24u8 {
            let wide = (length, network >> (24 - length));
            if !self.wide.contains(&wide) {
                continue;
            }
            let size = 1u32 << (24 - length);
            let block = match self.blocks.get(&wide) {
                Some(block) => *block,
                None => {
                    let block = self.free(size);
                    self.blocks.insert(wide, block);
                    block
                }
            };
            return block + (network & (size - 1));
        }
        let number = numbers.of(Series::Network4, &network.to_be_bytes());
        match usize::try_from(number - 1).ok().and_then(|at| NETWORKS.get(at)) {
            Some(network) => *network,
            None => {
                let wide = (24, network);
                if let Some(block) = self.blocks.get(&wide) {
                    return *block;
                }
                let block = self.free(1);
                self.blocks.insert(wide, block);
                block
            }
        }
    }

    /// A free aligned block of so many networks; the first where there is none.
    fn free(&mut self, size: u32) -> u32 {
        let mut at = self.next.next_multiple_of(size);
        while at + size <= BLOCK_NETWORKS {
            let base = BLOCK + at;
            if self.used.range(base..base + size).next().is_none() {
                self.used.extend(base..base + size);
                if size == 1 {
                    self.next = at + 1;
                }
                return base;
            }
            at += size;
        }
        BLOCK
    }
}

/// Takes the documentation networks of the input out of the series.
pub(super) fn take_networks(found: Found4, numbers: &mut Numbers) {
    let network = u32::from(found.address) >> 8;
    if let Some(at) = NETWORKS.iter().position(|one| *one == network) {
        numbers.take(Series::Network4, at as u64 + 1);
    }
}

/// A hardware address at the start of `text`: six pairs with one sign between.
pub(super) fn find_hardware(text: &[u8]) -> Option<([u8; 6], u8)> {
    let sign = *text.get(2)?;
    if !matches!(sign, b':' | b'-') {
        return None;
    }
    let mut bytes = [0; 6];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let at = index * 3;
        if index > 0 && text.get(at - 1) != Some(&sign) {
            return None;
        }
        let pair = std::str::from_utf8(text.get(at..at + 2)?).ok()?;
        if !pair.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    let after = text.get(17);
    let ends = after.is_none_or(|b| !b.is_ascii_alphanumeric() && *b != sign);
    ends.then_some((bytes, sign))
}

/// Whether a hardware address belongs to no device.
pub(super) fn is_neutral_hardware(bytes: [u8; 6]) -> bool {
    bytes[..3] == [0, 0, 0x5e] || bytes[0] & 1 == 1 || bytes == [0; 6]
}

/// The hardware address of a number; they repeat after 65535.
pub(super) fn hardware(number: u64) -> [u8; 6] {
    let number = u16::try_from(number & 0xffff).unwrap_or(0).to_be_bytes();
    // 00:00:5e:00:53:xx is for documentation; the block before it is unused.
    let group = if number[0] == 0 { 0x53 } else { number[0] | 0x80 };
    [0, 0, 0x5e, 0, group, number[1]]
}

/// The number that [`hardware`] made this address of.
pub(super) fn hardware_number(bytes: [u8; 6]) -> Option<u64> {
    match bytes {
        [0, 0, 0x5e, 0, 0x53, last] => Some(u64::from(last)),
        _ => None,
    }
}
