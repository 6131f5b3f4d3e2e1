// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The project's pages: this program accepts each command line, each link has a target, and each snippet is run by a
//! test or has a reason why not.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs};

/// Placeholders for a reader's own word, each with a word that the command line accepts in its place.
const PLACEHOLDERS: [(&str, &str); 3] = [("FLOOR", "1.63"), ("VERSION", "1.63"), ("STEP", "build")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project").to_path_buf()
}

/// Returns the pages with their text, except those below `target` and in folders with others' files.
fn pages() -> Vec<(PathBuf, String)> {
    let mut folders = vec![root()];
    let mut pages = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
                folders.push(path);
            } else if path.extension().map_or(false, |extension| extension == "md") {
                let text = fs::read_to_string(&path).expect("a page");
                pages.push((path, text));
            }
        }
    }
    assert!(pages.len() > 10, "{pages:?}");
    pages
}

/// Returns this program's command lines in a page, without `cargo`: on separate lines and in running text.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    for line in text.lines() {
        let alone = line.trim_start().trim_start_matches("$ ");
        if alone.starts_with("cargo oldstable ") {
            commands.push(alone.split(" #").next().unwrap_or(alone).trim().to_string());
        }
        let quoted = line.split('`').skip(1).step_by(2);
        commands.extend(quoted.filter(|code| code.starts_with("cargo oldstable ")).map(str::to_string));
    }
    commands
}

/// Returns the command's own arguments, up to those of QEMU or to another command.
fn arguments(command: &str) -> Vec<String> {
    let words = command.split_whitespace().skip(1).take_while(|word| !["--", "…", "|", "&&"].contains(word));
    words
        .map(|word| PLACEHOLDERS.iter().find(|(name, _)| *name == word).map_or(word, |(_, value)| *value).to_string())
        .collect()
}

#[test]
fn every_command_of_the_pages_is_one() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for (page, text) in pages() {
        for command in commands(&text) {
            count += 1;
            // The arguments before `--help` are parsed first, and their errors come first.
            let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
                .args(arguments(&command))
                .arg("--help")
                .output()
                .expect("the program runs");
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                wrong.push(format!("{}: `{command}`: {}", page.display(), said.lines().next().unwrap_or("")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "only {count} command lines were found");
}

#[test]
fn a_command_that_is_none_is_found() {
    for command in ["cargo oldstable matrix --bogus", "cargo oldstable bogus", "cargo oldstable retire x"] {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
            .args(arguments(command))
            .arg("--help")
            .output()
            .expect("the program runs");
        assert!(!output.status.success(), "{command}");
    }
}

#[test]
fn every_command_has_a_row() {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable")).arg("--help").output().expect("the program runs");
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    let commands = help.lines().skip_while(|line| *line != "Commands:");
    // Two blanks, the name, and its description.
    let names: Vec<&str> = commands
        .filter_map(|line| line.strip_prefix("  ")?.split("  ").next())
        .filter(|name| name.chars().all(|char| char.is_ascii_lowercase()) && !["", "help"].contains(name))
        .collect();
    assert!(names.len() > 15, "{names:?}");
    let readme = fs::read_to_string(root().join("ci/README.md")).expect("the tool's page");
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with('|')).collect();
    for name in names {
        let quoted = [format!("`{name}`"), format!("`{name} ")];
        let has_row = rows.iter().any(|row| quoted.iter().any(|quoted| row.contains(quoted)));
        assert!(has_row, "no row of a table in ci/README.md has `{name}`");
    }
}

/// Returns whether a page has a heading to which a browser jumps for `#anchor`: in lower case, without punctuation, with
/// hyphens for blanks.
fn has_anchor(text: &str, anchor: &str) -> bool {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let mut anchors = headings.map(|heading| {
        let kept = heading.chars().filter(|char| char.is_alphanumeric() || [' ', '-', '_'].contains(char));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    });
    anchors.any(|found| found == anchor)
}

#[test]
fn every_link_of_the_pages_leads_to_a_file_or_a_heading() {
    let (mut count, mut anchors) = (0, 0);
    let mut wrong = Vec::new();
    for (page, text) in pages() {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.contains(char::is_whitespace) {
                continue;
            }
            count += 1;
            let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
            let path = if file.is_empty() { page.clone() } else { page.parent().expect("a folder").join(file) };
            anchors += usize::from(anchor.is_some());
            let leads = match anchor {
                Some(anchor) => fs::read_to_string(&path).map_or(false, |text| has_anchor(&text, anchor)),
                None => path.exists(),
            };
            if !leads {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 20 && anchors > 4, "only {count} links were found, {anchors} of them to headings");
}

/// A fenced block and its origin.
struct Snippet {
    page: String,
    language: String,
    text: String,
}

fn snippets() -> Vec<Snippet> {
    let mut snippets = Vec::new();
    for (page, text) in pages() {
        let page = page.strip_prefix(root()).expect("a page of the project").display().to_string();
        let mut lines = text.lines().map(str::trim_start);
        while let Some(line) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                let text: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
                snippets.push(Snippet { page: page.clone(), language: language.into(), text: text.join("\n") });
            }
        }
    }
    // The reader fills in an empty one.
    snippets.retain(|snippet| !snippet.text.is_empty());
    snippets
}

/// Returns a page's text without its fenced blocks.
fn prose(text: &str) -> String {
    let mut in_block = false;
    let lines = text.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        in_block ^= fence;
        !in_block && !fence
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn each_block_of_code_is_fenced() {
    let mut others = Vec::new();
    for (page, text) in pages() {
        let mut blank = true;
        for line in prose(&text).lines() {
            // The other two ways to write a block.
            if blank && line.starts_with("    ") || line.trim_start().starts_with("~~~") {
                others.push(format!("{}: {}", page.display(), line.trim()));
            }
            blank = line.is_empty();
        }
    }
    assert!(others.is_empty(), "put these between lines of ```, where the tests look:\n{}", others.join("\n"));
}

/// Returns the command lines in the running text of a page: what is quoted, and begins with a program and an argument.
fn commands_in_prose(text: &str) -> Vec<String> {
    const PROGRAMS: [&str; 10] =
        ["cargo", "rustup", "rustc", "virsh", "sh", "git", "diff", "lintian", "dpkg-buildpackage", "timeout"];
    let text = prose(text);
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .map(|code| code.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|code| {
            let mut words = code.split(' ').skip_while(|word| word.contains('=') && !word.starts_with('-'));
            let program = words.next().unwrap_or("");
            words.next().is_some() && (PROGRAMS.contains(&program) || program.starts_with("qemu-system-"))
        })
        .collect()
}

/// The page of the table's rows about [`commands_in_prose`].
const ANYWHERE: &str = "(running text)";

/// Returns whether a row stands for a command: `cargo test` does for `cargo test NAME`, but not if it is only a name.
fn is_about([_, begin, how, _]: &[&str; 4], command: &str) -> bool {
    let rest = command.strip_prefix(begin);
    rest.map_or(false, |rest| rest.is_empty() || *how != "name" && rest.starts_with(' '))
}

#[test]
fn each_command_in_the_text_is_run_by_a_test_or_has_a_reason_why_not() {
    let rows: Vec<_> = rows().into_iter().filter(|row| row[0] == ANYWHERE).collect();
    let commands: Vec<(PathBuf, String)> = pages()
        .into_iter()
        .flat_map(|(page, text)| commands_in_prose(&text).into_iter().map(move |command| (page.clone(), command)))
        .collect();
    let mut wrong = Vec::new();
    for (page, command) in &commands {
        if !rows.iter().any(|row| is_about(row, command)) {
            wrong.push(format!("{}: no row stands for `{command}`", page.display()));
        }
    }
    for row in &rows {
        let [_, begin, how, detail] = row;
        if !commands.iter().any(|(_, command)| is_about(row, command)) {
            wrong.push(format!("no page has a command `{begin}`"));
        }
        if !is_true(how, detail) {
            wrong.push(format!("{begin}: {how} {detail}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(commands.len() > 40, "only {} commands were found", commands.len());
}

/// Returns the folder of a manifest's package in which cargo's arguments look for it.
fn package_of(words: &[&str]) -> PathBuf {
    let after = |name: &str| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1));
    match (after("--manifest-path"), after("-p")) {
        (Some(path), _) => root().join(path).parent().expect("a folder").to_path_buf(),
        (None, Some(&"oldstable-compat")) => root().join("compat"),
        _ => root(),
    }
}

#[test]
fn each_test_that_the_text_names_is_there() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for (page, text) in pages() {
        for command in commands_in_prose(&text)
            .iter()
            .filter(|command| command.contains(" --manifest-path ") || command.contains(" --test "))
        {
            let words: Vec<&str> = command.split(' ').collect();
            let package = package_of(&words);
            let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap_or_default();
            let mut tests =
                words.windows(2).filter(|pair| pair[0] == "--test" && pair[1] != "NAME").map(|pair| pair[1]);
            let is_there = |test: &str| {
                let path = package.join("tests").join(test);
                path.is_dir() || path.with_extension("rs").exists() || manifest.contains(&format!("name = \"{test}\""))
            };
            count += 1;
            if manifest.is_empty() || !tests.all(is_there) {
                wrong.push(format!("{}: `{command}`", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 10, "only {count} commands were found");
}

/// A row of the table: page, beginning of the block, `test` or `no`, and the test or the reason.
fn rows() -> Vec<[&'static str; 4]> {
    let rows = include_str!("data/snippets.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| row.split('\t').collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("four columns: {row}")))
        .collect()
}

/// Returns whether a row names a test that exists, or gives a reason.
fn is_true(how: &str, detail: &str) -> bool {
    match (how, detail.split_once(' ')) {
        ("test", Some((file, name))) => {
            let source = fs::read_to_string(root().join(file)).unwrap_or_default();
            source.contains(&format!("fn {name}("))
        }
        ("no" | "name", Some(_)) => true,
        _ => false,
    }
}

#[test]
fn each_snippet_is_run_by_a_test_or_has_a_reason_why_not() {
    let rows: Vec<_> = rows().into_iter().filter(|row| row[0] != ANYWHERE).collect();
    let stands_for = |[page, begin, ..]: &[&str; 4], snippet: &Snippet| {
        *page == snippet.page && (*begin == "*" || snippet.text.starts_with(begin))
    };
    let snippets = snippets();
    let mut wrong = Vec::new();
    for snippet in &snippets {
        let count = rows.iter().filter(|row| stands_for(row, snippet)).count();
        if count != 1 {
            let first = snippet.text.lines().next().unwrap_or("");
            wrong.push(format!("{}: {count} rows stand for the block {first:?}", snippet.page));
        }
    }
    for row in &rows {
        let [page, begin, how, detail] = row;
        if !snippets.iter().any(|snippet| stands_for(row, snippet)) {
            wrong.push(format!("{page} has no block {begin:?}"));
        }
        if !is_true(how, detail) {
            wrong.push(format!("{page}, {begin:?}: {how} {detail}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns an empty package, for commands that need one.
fn package() -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = env::temp_dir().join(format!("oldstable-pages-{}-{number}", std::process::id()));
    fs::create_dir_all(folder.join("src")).expect("a folder below the temporary one");
    let manifest = "[package]\nname = \"stranger\"\nversion = \"0.1.0\"\nrust-version = \"1.63\"\n\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest).expect("the folder can be written to");
    fs::write(folder.join("src/lib.rs"), "").expect("the folder can be written to");
    folder
}

/// Returns a command's output in a folder.
fn printed(folder: &Path, command: &str) -> String {
    let program = env!("CARGO_BIN_EXE_cargo-oldstable");
    let output = Command::new(program).args(["oldstable", command]).current_dir(folder).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_settings_that_are_shown_can_be_read() {
    let shown = snippets().into_iter().find(|snippet| snippet.page == "ci/README.md" && snippet.language == "toml");
    let shown = shown.expect("ci/README.md shows a msrv.toml").text;
    let folder = package();
    fs::write(folder.join("msrv.toml"), &shown).expect("the folder can be written to");
    fs::create_dir(folder.join("keys")).expect("the folder can be written to");
    fs::write(folder.join("keys/ours.gpg"), "").expect("the folder can be written to");
    let cells = printed(&folder, "list");
    fs::remove_dir_all(&folder).expect("it was made above");
    for name in shown.lines().filter_map(|line| line.strip_prefix("name = \"")?.split('"').next()) {
        assert!(cells.contains(&format!("{name}: ")), "{name} is not in\n{cells}");
    }
}

#[test]
fn a_strangers_crate_gets_its_cells() {
    let folder = package();
    printed(&folder, "init");
    let cells = printed(&folder, "list");
    fs::remove_dir_all(&folder).expect("it was made above");
    for name in ["bullseye", "bookworm", "trixie"] {
        assert!(cells.contains(&format!("{name}: ")), "{name} is not in\n{cells}");
    }
}
