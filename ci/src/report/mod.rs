// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The results of the cells, and their output formats.

pub mod about;
pub mod cases;
pub mod files;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod markup;
pub mod model;
pub mod table;
