//! Where Debian's packages come from: the machine's own apt sources, or what the user says.
//!
//! Both formats of apt are read: one line for a source (`deb [options] address suite component…`), and
//! paragraphs of fields (deb822).

use std::fs;
use std::path::Path;

use anyhow::{anyhow, Result};

use crate::project::config::{Archive, Cell, Config};

/// One address of apt with the suites that are taken from it.
#[derive(Debug, PartialEq, Eq)]
struct Source {
    address: String,
    suites: Vec<String>,
}

/// The addresses of the two trees that Debian's suites lie in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// `…/debian`: main, updates and backports.
    pub main: String,
    /// `…/debian-security`.
    pub security: String,
}

impl Mirror {
    /// The mirror for a suite: the option's, msrv.toml's for the suite, msrv.toml's, the machine's.
    pub fn of(suite: &str, config: &Config, option: Option<&str>) -> Result<Mirror> {
        let own = config.suites.get(suite);
        let given = option
            .or_else(|| own.and_then(|s| s.mirror.as_deref()))
            .or(config.mirror.as_deref())
            .map(|address| Mirror::from_main(address.to_string()));
        let mut mirror = match given {
            Some(mirror) => mirror,
            None => Mirror::of_machine()?,
        };
        if let Some(security) = own.and_then(|s| s.security_mirror.clone()) {
            mirror.security = security;
        }
        Ok(mirror)
    }

    fn from_main(address: String) -> Mirror {
        let main = address.trim_end_matches('/').to_string();
        let security = match main.strip_suffix("debian") {
            Some(host) => format!("{host}debian-security"),
            None => format!("{main}-security"),
        };
        Mirror { main, security }
    }

    fn of_machine() -> Result<Mirror> {
        let sources = machine_sources(Path::new("/etc/apt"));
        Mirror::from_sources(&sources).ok_or_else(|| {
            anyhow!(
                "this machine's apt names no Debian mirror: \
                 give one with --mirror, or as mirror = \"…\" in msrv.toml"
            )
        })
    }

    fn from_sources(sources: &[Source]) -> Option<Mirror> {
        let tree = |name: &str| {
            sources
                .iter()
                .map(|s| s.address.trim_end_matches('/'))
                .find(|address| address.rsplit('/').next() == Some(name))
                .map(str::to_string)
        };
        let mut mirror = Mirror::from_main(tree("debian")?);
        // A mirror's name need not say "security": the suite does.
        let security = tree("debian-security").or_else(|| {
            sources
                .iter()
                .find(|s| s.suites.iter().any(|suite| suite.ends_with("-security")))
                .map(|s| s.address.trim_end_matches('/').to_string())
        });
        if let Some(security) = security {
            mirror.security = security;
        }
        Some(mirror)
    }

    /// The lines of a sources.list for a cell.
    pub fn lines(&self, cell: &Cell, suite: &str) -> Vec<String> {
        cell.archives()
            .iter()
            .map(|archive| match archive {
                Archive::Main => format!("deb {} {suite} main", self.main),
                Archive::Updates => format!("deb {} {suite}-updates main", self.main),
                Archive::Backports => format!("deb {} {suite}-backports main", self.main),
                Archive::Security => format!("deb {} {suite}-security main", self.security),
            })
            .collect()
    }
}

fn machine_sources(apt: &Path) -> Vec<Source> {
    let mut files = vec![apt.join("sources.list")];
    if let Ok(entries) = fs::read_dir(apt.join("sources.list.d")) {
        let mut more: Vec<_> = entries.flatten().map(|e| e.path()).collect();
        more.sort();
        files.extend(more);
    }
    let mut sources = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        match file.extension().and_then(|e| e.to_str()) {
            Some("list") => sources.extend(one_line_sources(&text)),
            Some("sources") => sources.extend(paragraph_sources(&text)),
            _ => {}
        }
    }
    for source in &mut sources {
        // Cloud images name a file with the addresses in it, one a line.
        if let Some(list) = source.address.strip_prefix("mirror+file:") {
            let text = fs::read_to_string(list).unwrap_or_default();
            let first = text.split_whitespace().find(|word| word.contains("://"));
            source.address = first.unwrap_or_default().to_string();
        }
    }
    sources
}

fn one_line_sources(text: &str) -> Vec<Source> {
    text.lines()
        .filter_map(|line| {
            let rest = line.split('#').next()?.trim().strip_prefix("deb")?;
            let rest = rest.strip_prefix(|c: char| c.is_whitespace())?.trim_start();
            let rest = match rest.strip_prefix('[') {
                Some(options) => options.split_once(']')?.1,
                None => rest,
            };
            let mut words = rest.split_whitespace();
            Some(Source { address: words.next()?.to_string(), suites: vec![words.next()?.to_string()] })
        })
        .collect()
}

fn paragraph_sources(text: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().chain(std::iter::once("")) {
        if line.starts_with('#') {
            continue;
        }
        if line.trim().is_empty() {
            sources.extend(paragraph_source(&fields));
            fields.clear();
        } else if line.starts_with(char::is_whitespace) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_string()));
        }
    }
    sources
}

fn paragraph_source(fields: &[(String, String)]) -> Vec<Source> {
    let words = |name: &str| -> Vec<String> {
        let value = fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
        value.split_whitespace().map(str::to_string).collect()
    };
    if words("enabled") == ["no"] || !words("types").iter().any(|t| t == "deb") {
        return Vec::new();
    }
    let suites = words("suites");
    words("uris").into_iter().map(|address| Source { address, suites: suites.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(address: &str, suites: &[&str]) -> Source {
        Source { address: address.to_string(), suites: suites.iter().map(|s| s.to_string()).collect() }
    }

    #[test]
    fn one_line_sources_are_read_with_options_and_comments() {
        let text = "# deb http://off.example/debian a main\n\
                    deb [arch=amd64 signed-by=/x] http://one.example/debian bookworm main # why\n\
                    deb-src http://src.example/debian bookworm main\n\
                    debug http://x y z\n";
        assert_eq!(one_line_sources(text), [source("http://one.example/debian", &["bookworm"])]);
    }

    #[test]
    fn paragraphs_are_read_with_continued_fields_and_switched_off_ones() {
        let text = "Types: deb deb-src\nURIs: http://one.example/debian\n# note\nSuites: a\n a-updates\n\n\
                    Types: deb\nEnabled: no\nURIs: http://two.example/debian\nSuites: a\n";
        assert_eq!(paragraph_sources(text), [source("http://one.example/debian", &["a", "a-updates"])]);
    }

    #[test]
    fn the_security_tree_is_taken_from_the_sources_where_they_have_it() {
        let sources = [
            source("http://other.example/nodesource", &["x"]),
            source("http://one.example/debian/", &["bookworm"]),
            source("http://sec.example/secure", &["bookworm-security"]),
        ];
        let mirror = Mirror::from_sources(&sources).unwrap();
        assert_eq!(mirror.main, "http://one.example/debian");
        assert_eq!(mirror.security, "http://sec.example/secure");
    }

    #[test]
    fn the_security_tree_is_derived_where_no_source_names_it() {
        let mirror = Mirror::from_sources(&[source("http://one.example/debian", &["a"])]).unwrap();
        assert_eq!(mirror.security, "http://one.example/debian-security");
        assert_eq!(Mirror::from_sources(&[source("http://one.example/ubuntu", &["a"])]), None);
    }

    #[test]
    fn archives_become_suites_of_the_right_tree() {
        let cell = Cell { archives: vec![Archive::Main, Archive::Security, Archive::Backports], ..Cell::default() };
        let mirror = Mirror::from_main("http://m.example/debian".to_string());
        assert_eq!(
            mirror.lines(&cell, "s"),
            [
                "deb http://m.example/debian s main",
                "deb http://m.example/debian-security s-security main",
                "deb http://m.example/debian s-backports main",
            ]
        );
    }

    #[test]
    fn files_of_both_formats_and_lists_of_mirrors_are_found() {
        let apt = tempfile::tempdir().unwrap();
        let parts = apt.path().join("sources.list.d");
        fs::create_dir(&parts).unwrap();
        let list = apt.path().join("mirrors");
        fs::write(&list, "https://m.example/debian\n").unwrap();
        let text = format!("Types: deb\nURIs: mirror+file:{}\nSuites: a\n", list.display());
        fs::write(parts.join("debian.sources"), text).unwrap();
        fs::write(parts.join("debian.sources.save"), "Types: deb\nURIs: x\nSuites: a\n").unwrap();
        assert_eq!(machine_sources(apt.path()), [source("https://m.example/debian", &["a"])]);
    }
}
