//! The releases of QEMU that are known, and which one is running.
//!
//! Each has a file that says what differs from the release before; `abi/README.md` says how one is added.

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

/// The table of the running QEMU.
///
/// # Panics
/// Before [`load`] has succeeded: nothing that needs a release can be reached before it.
#[inline]
pub fn release() -> &'static Release {
    running().expect("a QEMU whose ABI is known has been loaded into")
}

/// Why the object does not go into this process.
#[derive(Clone, Copy, Debug)]
pub enum LoadError {
    /// The process is no QEMU system emulator.
    NotQemu,
    /// A kind of machine on which no QEMU's ABI is known.
    UnknownMachine,
    /// A release whose ABI is not known.
    UnknownRelease {
        /// The first number of its version.
        major: i64,
        /// The second one.
        minor: i64,
    },
    /// A version between two releases.
    Development {
        /// Major, minor and micro version.
        version: (i64, i64, i64),
    },
    /// It says that it is a release which it is not, or another build of it.
    Differs {
        /// What it says that it is.
        release: &'static Release,
        /// What is not as in that release.
        difference: Difference,
    },
    /// A release that is known but lacks a symbol that it should have: another build of it.
    MissingSymbol {
        /// What it says that it is.
        release: &'static Release,
        /// The symbol's name.
        name: &'static str,
    },
}

/// Lists what is known, for messages: "5.2, 7.2, 10.0, 11.1".
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
            LoadError::NotQemu => write!(f, "this process is no QEMU system emulator"),
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

/// Finds out which QEMU this process is and looks up all that it must have.
///
/// Nothing of QEMU is written or called but `qmp_query_version`, which only reads. Whoever asks again once
/// it has succeeded gets the same answer; two threads that ask at once find the same.
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
    // What a QEMU without the bus has nothing of is not asked for.
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

/// Whether the tables hold. Where the big end comes first, so does a bit field's first bit (`MemTxAttrs`), and another
/// processor of 32 bits aligns numbers of 64 as x86 does not.
fn is_known_machine(little_endian: bool, bits: usize, x86: bool) -> bool {
    little_endian && (bits == 64 || x86)
}

/// Between two releases QEMU numbers its versions from here on.
const FIRST_DEVELOPMENT_VERSION: i64 = 50;

/// Compares the running QEMU with the table that its version has chosen, once its own types are registered and
/// before any of ours is. A development version is refused unless `unsafe_abi` is said.
///
/// # Errors
/// If it is a development version, or not what its version says.
///
/// # Panics
/// Before [`load`] has succeeded.
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
