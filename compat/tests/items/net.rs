// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#![cfg(feature = "std")]
use oldstable_compat::net::{IpAddr, Ipv4Addr, Ipv6Addr};

oldstable_compat::prelude!();

#[test]
fn addresses_change_their_form() {
    let v4 = Ipv4Addr::new(1, 2, 3, 4);
    let (mapped, other): (Ipv6Addr, Ipv6Addr) = (v4.to_ipv6_mapped(), v4.to_ipv6_compatible());
    assert_eq!((mapped.to_ipv4_mapped(), other.to_ipv4_mapped()), (Some(v4), None));
    assert_eq!((mapped.to_canonical(), other.to_canonical()), (IpAddr::V4(v4), IpAddr::V6(other)));
    assert_eq!(IpAddr::V6(mapped).to_canonical(), IpAddr::V4(v4));
    assert_eq!(IpAddr::V4(v4).to_canonical(), IpAddr::V4(v4));
}

#[test]
fn addresses_are_bits() {
    let v4 = Ipv4Addr::new(1, 2, 3, 4);
    assert_eq!((Ipv4Addr::BITS, v4.to_bits(), Ipv4Addr::from_bits(0x0102_0304)), (32, 0x0102_0304, v4));
    assert_eq!(Ipv4Addr::from_octets([1, 2, 3, 4]), v4);
    let v6 = Ipv6Addr::new(1, 0, 0, 0, 0, 0, 0, 2);
    assert_eq!((Ipv6Addr::BITS, v6.to_bits(), Ipv6Addr::from_bits(1 << 112 | 2)), (128, 1 << 112 | 2, v6));
    assert_eq!((Ipv6Addr::from_octets(v6.octets()), Ipv6Addr::from_segments(v6.segments())), (v6, v6));
}

#[test]
fn addresses_have_a_scope() {
    let first = |segment| Ipv6Addr::new(segment, 0, 0, 0, 0, 0, 0, 1);
    assert!(first(0xfc00).is_unique_local() && first(0xfdff).is_unique_local());
    assert!(!first(0xfe00).is_unique_local() && !first(0xfbff).is_unique_local());
    assert!(first(0xfe80).is_unicast_link_local() && first(0xfebf).is_unicast_link_local());
    assert!(!first(0xfec0).is_unicast_link_local() && !first(0xfe7f).is_unicast_link_local());
}
