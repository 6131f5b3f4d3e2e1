//! The manual page: one page for all commands.

use std::io::Write;

use anyhow::Result;
use clap::{Arg, Command, CommandFactory};
use clap_mangen::Man;

use crate::commands::cli::Cli;
use crate::host::output;

/// What the command line itself does not say.
const REST: &str = r#".SH "EXIT STATUS"
.IP 0
Nothing failed.
.IP 1
A step, a cell or a package failed; the table or the last lines say which.
.IP 2
The command could not do its work; a sentence on standard error says why, and what mends it.
.IP 141
Nobody read its output to the end.
.SH FILES
.IP msrv.toml
What is asked for. It is looked for in the working folder and the folders above it.
.IP ci/locks/
The dependency versions of the cells, as \fBlock\fR writes them.
.IP target/oldstable/report/
The last matrix as index.html, junit.xml and matrix.json.
.IP target/oldstable/logs/
A log for each step of each cell.
.IP $XDG_CACHE_HOME/oldstable/
Root file systems and dependencies, shared by all projects; below ~/.cache where the variable is not set.
"#;

/// Prints the page.
pub fn run() -> Result<i32> {
    output::all(manual(Cli::command())?);
    Ok(0)
}

/// The page in the format of man(7).
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

/// `-j, --jobs N`, or the value's own name where there is no dash.
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

/// Text in which nothing is an instruction to man(7).
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
