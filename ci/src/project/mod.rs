// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The project that is built: msrv.toml, its packages, manifests, lock files and the sources of its dependencies.

pub mod architecture;
pub mod config;
pub mod inheritance;
pub mod keyring;
pub mod lockfile;
pub mod manifest;
pub mod packaging;
pub mod reduced;
pub mod selection;
pub mod settings;
pub mod stub;
pub mod vendor;
pub mod version;
pub mod workspace;
