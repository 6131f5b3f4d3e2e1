// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The known releases of QEMU, and the running one.
//!
//! Each has a file with the differences from the previous release; `abi/README.md` says how to add one.

mod layout;
#[cfg(target_pointer_width = "64")]
mod v10_0;
#[cfg(target_pointer_width = "32")]
mod v10_2_i386;
#[cfg(target_pointer_width = "64")]
mod v11_1;
#[cfg(target_pointer_width = "64")]
mod v5_2;
#[cfg(target_pointer_width = "32")]
mod v5_2_i386;
#[cfg(target_pointer_width = "64")]
mod v7_2;

pub use self::layout::*;

use super::check::{self, Difference};
use super::{lock, startup, BUSES, IMPORTS};
use std::fmt;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The known releases, oldest first; the bits of `Exporters` count along this list.
#[cfg(target_pointer_width = "64")]
pub static RELEASES: [Release; 4] = [v5_2::RELEASE, v7_2::RELEASE, v10_0::RELEASE, v11_1::RELEASE];

/// The known releases, oldest first; the bits of `Exporters` count along this list.
#[cfg(target_pointer_width = "32")]
pub static RELEASES: [Release; 2] = [v5_2_i386::RELEASE, v10_2_i386::RELEASE];

static RUNNING: AtomicPtr<Release> = AtomicPtr::new(std::ptr::null_mut());

#[inline]
fn running() -> Option<&'static Release> {
    // SAFETY: the pointer is NULL or one of RELEASES.
    unsafe { RUNNING.load(Ordering::Relaxed).as_ref() }
}

/// Returns the table of the running QEMU.
///
/// # Panics
/// If [`load`] has not succeeded; code that needs a release cannot run before that.
#[inline]
pub fn release() -> &'static Release {
    running().expect("a QEMU whose ABI is known has been loaded into")
}

/// Why the object cannot be loaded into this process.
#[derive(Clone, Copy, Debug)]
pub enum LoadError {
    /// The process is not a QEMU system emulator.
    NotQemu,
    /// The architecture is one for which no QEMU's ABI is known.
    UnknownMachine,
    /// The release's ABI is not known.
    UnknownRelease {
        /// The first number of its version.
        major: i64,
        /// The second one.
        minor: i64,
    },
    /// The version is between two releases.
    Development {
        /// Major, minor and micro version.
        version: (i64, i64, i64),
    },
    /// The QEMU does not match its version, or is another build of it.
    Differs {
        /// The release of its version.
        release: &'static Release,
        /// The difference from that release.
        difference: Difference,
    },
    /// A known release lacks a symbol that it should have: another build of it.
    MissingSymbol {
        /// The release of its version.
        release: &'static Release,
        /// The symbol's name.
        name: &'static str,
    },
}

/// Lists the known releases, for messages: "5.2, 7.2, 10.0, 11.1".
struct Known;

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, known) in RELEASES.iter().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            write!(f, "{}{}.{}", comma, known.major, known.minor)?;
        }
        Ok(())
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NotQemu => write!(f, "this process is not a QEMU system emulator"),
            LoadError::UnknownMachine => write!(
                f,
                "QEMU is not known on {}, only on little-endian machines of 64 bits and on x86",
                std::env::consts::ARCH
            ),
            LoadError::UnknownRelease { major, minor } => write!(
                f,
                "QEMU {}.{} on {} bits is not known, only {}: use one of these, or a newer oldstable",
                major,
                minor,
                8 * std::mem::size_of::<usize>(),
                Known
            ),
            LoadError::Development { version: (major, minor, micro) } => write!(
                f,
                "QEMU {}.{}.{} is a development version, whose ABI may be any: use a release, or say unsafe-abi=on",
                major, minor, micro
            ),
            LoadError::Differs { release, difference } => write!(
                f,
                "this is not QEMU {}.{} as distributions build it: {}; \
                 use the distribution's qemu-system package",
                release.major, release.minor, difference
            ),
            LoadError::MissingSymbol { release, name } => write!(
                f,
                "this build of QEMU {}.{} has no {}: use the distribution's qemu-system package",
                release.major,
                release.minor,
                name.trim_end_matches('\0')
            ),
        }
    }
}

/// Determines which QEMU this process is, and looks up all required symbols.
///
/// The only function of QEMU's that it calls is `qmp_query_version`, which only reads; it writes nothing of QEMU's.
/// Later calls return the same result, and so do concurrent ones.
///
/// # Errors
/// If the process is not a QEMU, is of a release that is not known, or lacks a symbol that the release has.
pub fn load() -> Result<&'static Release, LoadError> {
    running().map_or_else(look_up, Ok)
}

fn look_up() -> Result<&'static Release, LoadError> {
    let (major, minor, _) = startup::version().ok_or(LoadError::NotQemu)?;
    let bits = 8 * std::mem::size_of::<usize>();
    if !is_known_machine(cfg!(target_endian = "little"), bits, cfg!(target_arch = "x86")) {
        return Err(LoadError::UnknownMachine);
    }
    let (index, release) = RELEASES
        .iter()
        .enumerate()
        .find(|(_, r)| i64::from(r.major) == major && i64::from(r.minor) == minor)
        .ok_or(LoadError::UnknownRelease { major, minor })?;
    let exporter = 1 << index;
    // The symbols of a bus that this QEMU does not have are not looked up.
    let buses = BUSES.iter().filter(|bus| bus.is_there());
    let buses = buses.map(|bus| &bus.imports);
    let missing = IMPORTS.iter().chain(buses).find_map(|imports| imports.resolve(exporter));
    if let Some(name) = missing {
        return Err(LoadError::MissingSymbol { release, name });
    }
    lock::load(release);
    RUNNING.store(release as *const Release as *mut Release, Ordering::Relaxed);
    Ok(release)
}

/// Returns whether the tables are valid here. On big-endian machines bit fields start at the other end (`MemTxAttrs`),
/// and other 32-bit processors align 64-bit numbers differently from x86.
fn is_known_machine(little_endian: bool, bits: usize, x86: bool) -> bool {
    little_endian && (bits == 64 || x86)
}

/// Development versions have micro versions from this number on.
const FIRST_DEVELOPMENT_VERSION: i64 = 50;

/// Compares the running QEMU with the table of its version. Call it after QEMU's own types are registered and before
/// any of ours. A development version is refused unless `unsafe_abi` is set.
///
/// # Errors
/// If it is a development version, or does not match its version.
///
/// # Panics
/// If [`load`] has not succeeded.
pub fn verify(unsafe_abi: bool) -> Result<(), LoadError> {
    let release = release();
    match startup::version() {
        Some(version) if version.2 >= FIRST_DEVELOPMENT_VERSION && !unsafe_abi => {
            return Err(LoadError::Development { version })
        }
        _ => {}
    }
    check::check(release).map_err(|difference| LoadError::Differs { release, difference })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_lays_c_out_differently_is_refused() {
        let amd64 = is_known_machine(true, 64, false);
        let i386 = is_known_machine(true, 32, true);
        let armhf = is_known_machine(true, 32, false);
        let s390x = is_known_machine(false, 64, false);
        assert_eq!([amd64, i386, armhf, s390x], [true, true, false, false]);
        let said = LoadError::UnknownMachine.to_string();
        assert!(said.contains(std::env::consts::ARCH) && said.contains("little-endian"), "{}", said);
    }
}
