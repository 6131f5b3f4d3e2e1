// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods and constants of addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[cfg(before_1_63)]
extension! {
    /// Methods of `Ipv6Addr` from Rust 1.63.
    Ipv6ToIpv4Mapped for Ipv6Addr;
    /// The IPv4 address, if it has the form `::ffff:a.b.c.d`.
    fn to_ipv4_mapped(&self) -> Option<Ipv4Addr> {
        match self.octets() {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d] => Some(Ipv4Addr::new(a, b, c, d)),
            _ => None,
        }
    }
}

/// The IPv4 address, if it has the form `::ffff:a.b.c.d`, else the address itself.
#[cfg(before_1_75)]
#[inline]
fn canonical(address: &Ipv6Addr) -> IpAddr {
    match address.octets() {
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d] => IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
        _ => IpAddr::V6(*address),
    }
}

#[cfg(before_1_75)]
extension! {
    /// Methods of `Ipv6Addr` from Rust 1.75.
    Ipv6ToCanonical for Ipv6Addr;
    /// The IPv4 address, if it has the form `::ffff:a.b.c.d`, else the address itself.
    fn to_canonical(&self) -> IpAddr { canonical(self) }
}

#[cfg(before_1_75)]
extension! {
    /// Methods of `IpAddr` from Rust 1.75.
    IpToCanonical for IpAddr;
    /// The IPv4 address, if it has the form `::ffff:a.b.c.d`, else the address itself.
    fn to_canonical(&self) -> IpAddr {
        match self {
            IpAddr::V4(_) => *self,
            IpAddr::V6(address) => canonical(address),
        }
    }
}

/// Declares the bits of addresses of one version.
#[cfg(before_1_80)]
macro_rules! bits {
    ($Trait:ident $Addr:ident $Int:ident) => {
        /// Methods of addresses from Rust 1.80.
        pub trait $Trait {
            /// The width in bits.
            const BITS: u32;
            /// The address with these bits.
            fn from_bits(bits: $Int) -> Self;
            /// The bits.
            fn to_bits(self) -> $Int;
        }
        impl $Trait for $Addr {
            const BITS: u32 = core::mem::size_of::<$Int>() as u32 * 8;
            #[inline]
            fn from_bits(bits: $Int) -> Self {
                bits.into()
            }
            #[inline]
            fn to_bits(self) -> $Int {
                self.into()
            }
        }
    };
}
#[cfg(before_1_80)]
bits! { Ipv4Bits Ipv4Addr u32 }
#[cfg(before_1_80)]
bits! { Ipv6Bits Ipv6Addr u128 }

#[cfg(before_1_84)]
extension! {
    /// Methods of `Ipv6Addr` from Rust 1.84.
    Ipv6IsUniqueLocal for Ipv6Addr;
    /// Whether it is in `fc00::/7`.
    fn is_unique_local(&self) -> bool { self.segments()[0] & 0xfe00 == 0xfc00 }
    /// Whether it is in `fe80::/10`.
    fn is_unicast_link_local(&self) -> bool { self.segments()[0] & 0xffc0 == 0xfe80 }
}

#[cfg(before_1_91)]
extension! {
    /// Functions of `Ipv4Addr` from Rust 1.91.
    Ipv4FromOctets for Ipv4Addr;
    /// The address with these bytes.
    fn from_octets(octets: [u8; 4]) -> Ipv4Addr { octets.into() }
}

#[cfg(before_1_91)]
extension! {
    /// Functions of `Ipv6Addr` from Rust 1.91.
    Ipv6FromOctets for Ipv6Addr;
    /// The address with these bytes.
    fn from_octets(octets: [u8; 16]) -> Ipv6Addr { octets.into() }
    /// The address with these segments.
    fn from_segments(segments: [u16; 8]) -> Ipv6Addr { segments.into() }
}
