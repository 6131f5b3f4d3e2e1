// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The architectures that Debian releases.

/// Debian's names, and those of QEMU's user-mode emulation.
const ARCHITECTURES: [(&str, &str); 9] = [
    ("amd64", "x86_64"),
    ("arm64", "aarch64"),
    ("armel", "arm"),
    ("armhf", "arm"),
    ("i386", "i386"),
    ("mips64el", "mips64el"),
    ("ppc64el", "ppc64le"),
    ("riscv64", "riscv64"),
    ("s390x", "s390x"),
];

/// Returns Debian's names.
pub fn names() -> Vec<&'static str> {
    ARCHITECTURES.iter().map(|(name, _)| *name).collect()
}

/// Returns QEMU's name of an architecture.
pub fn in_qemu(name: &str) -> Option<&'static str> {
    ARCHITECTURES.iter().find(|(debian, _)| *debian == name).map(|(_, qemu)| *qemu)
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
