//! IPv6 addresses by their form, and where they go: a network of /48 to one of
//! the documentation block, with its subnets kept; what names an interface to
//! a number.

use super::address::{self, Found4, Networks};
use super::number::{Numbers, Series};
use std::net::{Ipv4Addr, Ipv6Addr};

/// The longest text of an address.
const LONGEST: usize = 45;
/// 2001:db8::/32.
const BLOCK: u32 = 0x2001_0db8;
/// Numbers of interfaces that are given; smaller ones stay.
const INTERFACES: u64 = 0x1_0000;

/// An IPv6 address or network in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found6 {
    pub(super) address: Ipv6Addr,
    /// Bytes of the address alone.
    pub(super) length: usize,
    /// The length of the prefix that follows it, if one does.
    pub(super) prefix: Option<u8>,
}

/// The address at the start of `text`. `after_colon` says that a colon stands
/// before it, so that it may be a field of a line of such fields.
pub(super) fn find6(text: &[u8], after_colon: bool) -> Option<Found6> {
    let inside = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.');
    let run = text.iter().take(LONGEST + 2).take_while(|b| inside(b)).count();
    if run > LONGEST || text.get(run).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let whole = std::str::from_utf8(&text[..run]).ok()?;
    let trimmed = whole.strip_suffix([':', '.']).unwrap_or(whole);
    let (address, length) = [whole, trimmed]
        .iter()
        .find_map(|text| Some((text.parse::<Ipv6Addr>().ok()?, text.len())))?;
    if after_colon {
        // `100:106::/nonexistent` in a line of an account is none.
        let groups = text[..length].split(|b| *b == b':').filter(|group| !group.is_empty());
        let letters = text[..length].iter().any(u8::is_ascii_alphabetic);
        if groups.count() < 4 || !letters {
            return None;
        }
    }
    let rest = text[length..].strip_prefix(b"/").unwrap_or_default();
    let digits = rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let prefix = std::str::from_utf8(&rest[..digits]).ok().and_then(|text| text.parse().ok());
    Some(Found6 { address, length, prefix: prefix.filter(|length| *length <= 128) })
}

fn head(bits: u128) -> u32 {
    u32::try_from(bits >> 96).unwrap_or(0)
}

/// The number of an interface that one of ours bears.
fn given_interface(interface: u64) -> Option<u64> {
    let number = interface.checked_sub(INTERFACES)?;
    (number > 0 && number < INTERFACES).then_some(number)
}

/// Takes note of what stands in the input.
pub(super) fn survey(found: Found6, networks: &mut Networks, numbers: &mut Numbers) {
    let bits = u128::from(found.address);
    if let Some(address) = embedded(found.address) {
        let found = Found4 { address, length: 0, prefix: None };
        address::take_networks(found, numbers);
        return networks.survey(found);
    }
    if head(bits) == BLOCK {
        numbers.take(Series::Network6, u64::try_from((bits >> 80) & 0xffff).unwrap_or(0));
    }
    if let Some(number) = given_interface(bits as u64) {
        numbers.take(Series::Interface6, number);
    }
}

/// The IPv4 address that one of IPv6 stands for, where it was not made of
/// words that mean nothing else.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    address.to_ipv4_mapped().or_else(|| match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        // The old compatible form.
        [0, 0, 0, 0, 0, 0, high, low] if high > 0 => {
            Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        _ => None,
    })
}

/// Where the address or network goes; nothing when it stays.
pub(super) fn replace(
    found: Found6,
    networks: &mut Networks,
    numbers: &mut Numbers,
) -> Option<Ipv6Addr> {
    let bits = u128::from(found.address);
    if let Some(inner) = embedded(found.address) {
        let found = Found4 { address: inner, length: 0, prefix: None };
        let new = u128::from(u32::from(networks.replace(found, numbers)?));
        return Some(Ipv6Addr::from((bits & !0xffff_ffff) | new));
    }
    let first = found.address.segments()[0];
    // Unspecified, loopback and the old compatible form; multicast; documentation.
    if bits >> 32 == 0 || first >= 0xff00 || head(bits) == BLOCK || first == 0x3fff {
        return None;
    }
    let interface = bits as u64;
    let new_interface = match interface {
        small if small < INTERFACES => interface,
        one if given_interface(one).is_some() => one,
        other => {
            let number = numbers.of(Series::Interface6, &other.to_be_bytes());
            INTERFACES + 1 + (number - 1) % (INTERFACES - 1)
        }
    };
    if first & 0xffc0 == 0xfe80 {
        let new = (bits >> 64 << 64) | u128::from(new_interface);
        return (new != bits).then(|| Ipv6Addr::from(new));
    }
    if let Some(length) = found.prefix
        && length < 48
    {
        let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
        let kinds = [(0x2000u128 << 112, 3), (0xfc00 << 112, 7), (0xfd00 << 112, 8)];
        let block = u128::from(BLOCK) << 96;
        if first == 0x2002 && length <= 32 {
            // 6to4: the IPv4 network that it stands for tells.
            let inner = Ipv4Addr::from((bits >> 80) as u32);
            if length <= 16 || address::is_neutral4(inner) || inner.is_private() {
                return None;
            }
        }
        let stays =
            length <= 16 || kinds.contains(&(bits & mask, length)) || bits & mask == block & mask;
        return (!stays).then(|| Ipv6Addr::from(block & mask));
    }
    let number = numbers.of(Series::Network6, &(bits >> 80).to_be_bytes()) & 0xffff;
    let network = (u128::from(BLOCK) << 96) | (u128::from(number) << 80);
    let subnet = bits & (0xffff << 64);
    Some(Ipv6Addr::from(network | subnet | u128::from(new_interface)))
}
