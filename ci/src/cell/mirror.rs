// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The source of Debian's packages: the machine's own apt sources, or the user's choice.
//!
//! Both formats of apt are read: one line for a source (`deb [options] address suite component…`), and
//! paragraphs of fields (deb822).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, ensure, Result};

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
    /// Whether its lists are no longer signed anew: their signatures are verified, their expiry dates ignored.
    pub is_closed: bool,
    /// The keys that its lists are verified with, where they are not the ones that apt here trusts.
    pub keyring: Option<PathBuf>,
}

/// Debian's keys, including those of suites that are no longer supported.
const KEYRINGS: [&str; 2] =
    ["/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-removed-keys.gpg"];

/// The source of each archive of a cell.
pub struct Sources {
    mirror: Mirror,
    suites_given_up: Mirror,
    archives: Vec<(Archive, Place)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Mirror,
    /// The tree of the suites that Debian no longer supports.
    GivenUp,
    /// No tree: the archive was merged into the suite's last release.
    Nowhere,
}

impl Mirror {
    /// Returns the mirror for a suite, the first of: the option, the suite's in msrv.toml, msrv.toml's, the machine's.
    pub fn of(suite: &str, config: &Config, option: Option<&str>) -> Result<Mirror> {
        let own = config.suites.get(suite);
        if let Some(date) = &config.date {
            let snapshot = config.snapshot.as_deref().ok_or_else(|| {
                anyhow!(
                    "date = \"{date}\" needs old packages: add snapshot = \"…\", the address of a server with a \
                    folder for each day in debian/ and debian-security/"
                )
            })?;
            let keyring = own.and_then(|suite| suite.keyring.clone());
            return Ok(Mirror { keyring, ..Mirror::on(date, snapshot)? });
        }
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
        mirror.is_closed |= own.map_or(false, |s| s.closed);
        mirror.keyring = own.and_then(|suite| suite.keyring.clone());
        Ok(mirror)
    }

    /// Returns the mirror of a suite at the beginning of a day, by the layout of Debian's snapshots.
    fn on(date: &str, snapshot: &str) -> Result<Mirror> {
        let digits = date.replace('-', "");
        let is_date = date.len() == 10 && digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
        ensure!(is_date, "date = \"{date}\" is not a date: write one such as 2026-11-01");
        let of = |tree: &str| format!("{}/{tree}/{digits}T000000Z", snapshot.trim_end_matches('/'));
        Ok(Mirror { main: of("debian"), security: of("debian-security"), is_closed: true, keyring: None })
    }

    /// Returns the mirror of the suites that Debian no longer supports: msrv.toml's, or `debian-archive` beside the
    /// mirror's tree.
    fn of_suites_given_up(&self, config: &Config) -> Mirror {
        let beside = self.main.rsplit_once('/').map_or("", |(host, _)| host);
        let folder = config.archive.clone().unwrap_or_else(|| format!("{beside}/debian-archive"));
        let folder = folder.trim_end_matches('/');
        Mirror {
            main: format!("{folder}/debian"),
            security: format!("{folder}/debian-security"),
            is_closed: true,
            keyring: self.keyring.clone(),
        }
    }

    fn from_main(address: String) -> Mirror {
        let main = address.trim_end_matches('/').to_string();
        let security = match main.strip_suffix("debian") {
            Some(host) => format!("{host}debian-security"),
            None => format!("{main}-security"),
        };
        Mirror { main, security, is_closed: false, keyring: None }
    }

    fn of_machine() -> Result<Mirror> {
        let sources = machine_sources(Path::new("/etc/apt"));
        Mirror::from_sources(&sources).ok_or_else(|| {
            anyhow!(
                "this machine's apt has no Debian mirror: \
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

    /// The address and the suite of an archive.
    fn repository(&self, archive: Archive, suite: &str) -> String {
        match archive {
            Archive::Main => format!("{} {suite}", self.main),
            Archive::Updates => format!("{} {suite}-updates", self.main),
            Archive::Backports => format!("{} {suite}-backports", self.main),
            Archive::Security => format!("{} {suite}-security", self.security),
        }
    }

    /// The line of a sources.list for an archive.
    fn line(&self, archive: Archive, suite: &str) -> String {
        let mut options = Vec::new();
        if self.is_closed {
            options.push("check-valid-until=no".to_string());
        }
        let keys: Vec<String> = match &self.keyring {
            Some(keyring) => vec![keyring.display().to_string()],
            // Debian signs no more with what it signed such lists with.
            None if self.is_closed => {
                KEYRINGS.into_iter().filter(|f| Path::new(f).exists()).map(str::to_string).collect()
            }
            None => Vec::new(),
        };
        if !keys.is_empty() {
            options.push(format!("signed-by={}", keys.join(",")));
        }
        let options = if options.is_empty() { String::new() } else { format!("[{}] ", options.join(" ")) };
        format!("deb {options}{} main", self.repository(archive, suite))
    }
}

impl Sources {
    pub fn new(mirror: Mirror, config: &Config, cell: &Cell) -> Sources {
        let suites_given_up = mirror.of_suites_given_up(config);
        Sources { mirror, suites_given_up, archives: cell.archives().iter().map(|a| (*a, Place::Mirror)).collect() }
    }

    /// The lines of a sources.list.
    pub fn lines(&self, suite: &str) -> Vec<String> {
        let line = |(archive, place): &(Archive, Place)| Some(self.at(*place)?.line(*archive, suite));
        self.archives.iter().filter_map(line).collect()
    }

    fn at(&self, place: Place) -> Option<&Mirror> {
        match place {
            Place::Mirror => Some(&self.mirror),
            Place::GivenUp => Some(&self.suites_given_up),
            Place::Nowhere => None,
        }
    }

    /// Moves each archive that apt did not find to its next place and returns a note about it, or `None` if all places
    /// were tried.
    pub fn elsewhere(&mut self, log: &str, suite: &str) -> Option<String> {
        let mut said = Vec::new();
        for number in 0..self.archives.len() {
            let (archive, place) = self.archives[number];
            let repository = match self.at(place) {
                Some(mirror) => mirror.repository(archive, suite),
                None => continue,
            };
            if !log.contains(&format!("'{repository} Release' does not have a Release file")) {
                continue;
            }
            let next = match (place, archive) {
                (Place::Mirror, _) if !self.mirror.is_closed => Place::GivenUp,
                (Place::GivenUp, Archive::Updates) => Place::Nowhere,
                _ => return None,
            };
            self.archives[number].1 = next;
            said.push(match self.at(next) {
                Some(mirror) => {
                    format!("{repository} does not exist any more: taken from {}", mirror.repository(archive, suite))
                }
                None => format!("{repository} does not exist: left out, since the last release has all updates"),
            });
        }
        (!said.is_empty()).then(|| said.join("; "))
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
        // Cloud images name a file that lists the addresses, one per line.
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
    fn paragraphs_have_continued_and_disabled_fields() {
        let text = "Types: deb deb-src\nURIs: http://one.example/debian\n# note\nSuites: a\n a-updates\n\n\
                    Types: deb\nEnabled: no\nURIs: http://two.example/debian\nSuites: a\n";
        assert_eq!(paragraph_sources(text), [source("http://one.example/debian", &["a", "a-updates"])]);
    }

    #[test]
    fn security_comes_from_the_sources_that_list_it() {
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
        let config = Config::parse("floor = \"1.48\"\n[[cell]]\nname = \"a\"\npath = true\n").unwrap();
        assert_eq!(
            Sources::new(mirror, &config, &cell).lines("s"),
            [
                "deb http://m.example/debian s main",
                "deb http://m.example/debian-security s-security main",
                "deb http://m.example/debian s-backports main",
            ]
        );
    }

    fn config(settings: &str) -> Config {
        Config::parse(&format!("floor = \"1.48\"\n{settings}\n[[cell]]\nname = \"a\"\npath = true\n")).unwrap()
    }

    #[test]
    fn the_last_day_of_a_closed_suite_does_not_count() {
        let text = "floor = \"1.48\"\nmirror = \"http://m.example/debian\"\n[suites.old]\nclosed = true\n\
                    [[cell]]\nname = \"a\"\nsuite = \"old\"\npackages = [\"rustc\"]\n";
        let config = Config::parse(text).unwrap();
        assert!(Mirror::of("old", &config, None).unwrap().is_closed);
        assert!(!Mirror::of("new", &config, None).unwrap().is_closed);
    }

    #[test]
    fn a_suite_gone_from_the_mirror_is_looked_for_in_the_archive() {
        let cell = Cell { archives: vec![Archive::Main, Archive::Updates, Archive::Security], ..Cell::default() };
        let mirror = Mirror::from_main("http://m.example/debian".to_string());
        let gone =
            |repository: &str| format!("E: The repository '{repository} Release' does not have a Release file.\n");
        let mut sources = Sources::new(mirror, &config(""), &cell);
        let log = gone("http://m.example/debian s") + &gone("http://m.example/debian s-updates");
        assert!(sources.elsewhere(&log, "s").unwrap().contains("taken from http://m.example/debian-archive/debian s;"));
        let lines = sources.lines("s");
        assert!(lines[0].starts_with("deb [check-valid-until=no"), "{lines:?}");
        assert!(lines[0].ends_with("http://m.example/debian-archive/debian s main"), "{lines:?}");
        assert_eq!(lines[2], "deb http://m.example/debian-security s-security main", "it is there still");
        let log = gone("http://m.example/debian-archive/debian s-updates");
        assert!(sources.elsewhere(&log, "s").unwrap().contains("left out"));
        assert_eq!(sources.lines("s").len(), 2);
        assert_eq!(sources.elsewhere(&gone("http://m.example/debian-archive/debian s"), "s"), None);
        assert_eq!(sources.elsewhere("E: something else", "s"), None);
    }

    #[test]
    fn a_day_is_taken_from_the_snapshots() {
        let settings = "date = \"2026-11-01\"\nsnapshot = \"http://s.example/archive/\"";
        let mirror = Mirror::of("s", &config(settings), None).unwrap();
        assert_eq!(mirror.main, "http://s.example/archive/debian/20261101T000000Z");
        assert_eq!(mirror.security, "http://s.example/archive/debian-security/20261101T000000Z");
        let error = |settings: &str| Mirror::of("s", &config(settings), None).unwrap_err().to_string();
        assert!(error("date = \"2026-11-01\"").contains("add snapshot ="));
        assert!(error("date = \"1 Nov\"\nsnapshot = \"x\"").contains("such as 2026-11-01"));
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
