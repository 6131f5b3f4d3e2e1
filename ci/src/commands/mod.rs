//! The command line, and a file for each command.

pub mod cli;
pub mod find;
pub mod init;
pub mod man;
pub mod sync;
pub mod workflow;
