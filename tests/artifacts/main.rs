// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The results of the compiler and cargo for the package: messages, machine code, objects.
//! What is measured is built with the package's default features, independently of those of these tests.

#[path = "../common/cargo_build.rs"]
mod cargo_build;
#[path = "../common/example.rs"]
mod example;
#[path = "../common/library.rs"]
mod library;
mod machine_code;
mod object_size;
mod plugin;
mod ui;
#[path = "../common/ui.rs"]
mod ui_programs;
