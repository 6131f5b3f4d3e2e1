// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The architectures that Debian releases.

/// The names of an architecture.
#[derive(Debug, PartialEq, Eq)]
pub struct Architecture {
    pub debian: &'static str,
    /// That of QEMU's user-mode emulation.
    pub qemu: &'static str,
    /// That of GCC and binutils, in the names of programs.
    pub gnu: &'static str,
    /// The target of Debian's rustc.
    pub rust: &'static str,
}

/// Debian's, QEMU's, GCC's and rustc's names.
const ARCHITECTURES: [Architecture; 9] = [
    names_of("amd64", "x86_64", "x86_64-linux-gnu", "x86_64-unknown-linux-gnu"),
    names_of("arm64", "aarch64", "aarch64-linux-gnu", "aarch64-unknown-linux-gnu"),
    names_of("armel", "arm", "arm-linux-gnueabi", "armv5te-unknown-linux-gnueabi"),
    names_of("armhf", "arm", "arm-linux-gnueabihf", "armv7-unknown-linux-gnueabihf"),
    names_of("i386", "i386", "i686-linux-gnu", "i686-unknown-linux-gnu"),
    names_of("mips64el", "mips64el", "mips64el-linux-gnuabi64", "mips64el-unknown-linux-gnuabi64"),
    names_of("ppc64el", "ppc64le", "powerpc64le-linux-gnu", "powerpc64le-unknown-linux-gnu"),
    names_of("riscv64", "riscv64", "riscv64-linux-gnu", "riscv64gc-unknown-linux-gnu"),
    names_of("s390x", "s390x", "s390x-linux-gnu", "s390x-unknown-linux-gnu"),
];

const fn names_of(debian: &'static str, qemu: &'static str, gnu: &'static str, rust: &'static str) -> Architecture {
    Architecture { debian, qemu, gnu, rust }
}

/// Returns Debian's names.
pub fn names() -> Vec<&'static str> {
    ARCHITECTURES.iter().map(|arch| arch.debian).collect()
}

/// Returns the architecture with this name of Debian's.
pub fn find(name: &str) -> Option<&'static Architecture> {
    ARCHITECTURES.iter().find(|arch| arch.debian == name)
}

/// Returns this machine's architecture, if Debian releases it.
pub fn own() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "x86" => "i386",
        "aarch64" => "arm64",
        "powerpc64" => "ppc64el",
        other => other,
    }
}

/// Returns whether this machine's processor runs an architecture's programs natively.
pub fn is_native(name: &str) -> bool {
    name == own() || own() == "amd64" && name == "i386"
}
