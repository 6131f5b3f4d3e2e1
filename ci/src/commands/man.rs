// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The manual page: one page for all commands.

use std::io::Write;

use anyhow::Result;
use clap::{Arg, Command, CommandFactory};
use clap_mangen::Man;

use crate::commands::cli::Cli;
use crate::host::output;

/// The sections that are not in the command line's own help.
const REST: &str = r#".SH "EXIT STATUS"
.IP 0
Nothing failed.
.IP 1
A step, a cell or a package failed; the table or the last lines say which.
.IP 2
The command could not do its work; a message on standard error says why, and what to do.
.IP 141
The reader of its output has gone.
.SH FILES
.IP msrv.toml
The settings. It is searched in the working folder and the folders above it.
.IP ci/locks/
The dependency versions of the cells, as \fBlock\fR writes them.
.IP target/oldstable/report/
The last matrix as index.html, junit.xml and matrix.json.
.IP target/oldstable/logs/
A log for each step of each cell.
.IP $XDG_CACHE_HOME/oldstable/
Root file systems and dependencies, shared by all projects; below ~/.cache if the variable is not set.
"#;

/// Prints the page.
pub fn run() -> Result<i32> {
    output::all(manual(Cli::command())?);
    Ok(0)
}

/// Returns the page in the format of man(7).
fn manual(mut command: Command) -> Result<String> {
    command.build();
    let mut page = Vec::new();
    let whole = Man::new(command.clone());
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    whole.render_synopsis_section(&mut page)?;
    whole.render_description_section(&mut page)?;
    whole.render_options_section(&mut page)?;
    page.write_all(b".SH COMMANDS\n")?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        writeln!(page, ".SS {}", plain(sub.get_name()))?;
        let about = sub.get_long_about().or_else(|| sub.get_about()).map(|about| about.to_string());
        writeln!(page, "{}", plain(&about.unwrap_or_default()))?;
        let own = |arg: &&Arg| !arg.is_global_set() && arg.get_id() != "help";
        for arg in sub.get_arguments().filter(own) {
            writeln!(
                page,
                ".TP\n{}\n{}",
                heading(arg),
                plain(&arg.get_help().map_or_else(String::new, |help| help.to_string()))
            )?;
        }
    }
    page.write_all(REST.as_bytes())?;
    Ok(String::from_utf8(page)?)
}

/// Returns `-j, --jobs N`, or for a positional argument its name.
fn heading(arg: &Arg) -> String {
    let short = arg.get_short().map(|short| format!("-{short}"));
    let dashes: Vec<String> = short.into_iter().chain(arg.get_long().map(|long| format!("--{long}"))).collect();
    let mut heading = format!("\\fB{}\\fR", plain(&dashes.join(", ")));
    if arg.get_action().takes_values() {
        let names = arg.get_value_names().unwrap_or(&[]);
        heading.push_str(&names.iter().map(|name| format!(" \\fI{}\\fR", plain(name))).collect::<String>());
    }
    heading
}

/// Escapes text for man(7).
fn plain(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-").replace("\n", "\n.br\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_on_the_page_with_its_options() {
        let page = manual(Cli::command()).unwrap();
        let command = Cli::command();
        for sub in command.get_subcommands() {
            assert!(page.contains(&format!(".SS {}\n", sub.get_name())), "{}", sub.get_name());
        }
        assert!(page.contains("\\-\\-keep\\-going") && page.contains("EXIT STATUS"), "{page}");
    }
}
