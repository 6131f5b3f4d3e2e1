// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Rewriting a package for an older floor: the opposite of `retire`.
//!
//! The passes go over the manifest ([`manifest`]), what editions bring into scope ([`editions`]), the
//! language ([`syntax`]) and the standard library ([`standard`]). They search the tokens and change the text. Then the
//! errors of the floor's compiler are fixed ([`errors`]), until it builds or nothing changes.
//! The passes use tokens instead of a syntax tree, because no parser can read the bodies of macros, which have to be
//! rewritten too. Besides, `proc-macro2` builds on the tool's own floor, and current versions of `syn` do not.

pub mod arrays;
pub mod captures;
pub mod casts;
pub mod comments;
pub mod comparisons;
pub mod constants;
pub mod copy;
pub mod denied;
pub mod dependencies;
pub mod editions;
pub mod errors;
pub mod examples;
pub mod excuses;
pub mod exported;
pub mod failures;
pub mod language;
pub mod manifest;
pub mod messages;
pub mod newer;
pub mod non_zero;
pub mod notes;
pub mod own_tests;
pub mod pages;
pub mod place;
pub mod report;
pub mod results;
pub mod source;
pub mod standard;
pub mod syntax;
pub mod temporaries;
pub mod transmutes;
pub mod trial;
pub mod uninhabited;
pub mod users;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;

use self::examples::Example;
use self::failures::Failure;
use self::manifest::Manifest;
use self::messages::Message;
use self::source::{Change, Draft, File};
use self::standard::Items;
use self::syntax::{Target, ROWS};
use self::users::Users;
use crate::project::version::Version;

/// The limit for a rewrite that never ends, which is a bug; deep nesting needs a few rounds.
const ROUNDS: usize = 50;

/// A package whose files are in memory; nothing is written to disk.
pub struct Package {
    pub manifest: Manifest,
    pub target: Target,
    pub items: Items,
    pub files: BTreeMap<PathBuf, Draft>,
    /// The texts that its documentation may include.
    pub pages: BTreeMap<PathBuf, String>,
    /// The rewrites by file, with their lines.
    pub changes: Vec<(PathBuf, Change)>,
    /// Files that cannot be parsed as Rust and are left as they are.
    pub unread: Vec<(PathBuf, String)>,
    /// Whether the library is `no_std`, at least conditionally.
    pub no_std: bool,
}

/// A function that finds one pass's changes in a file.
type Finder<'a> = Box<dyn Fn(&File) -> Vec<Change> + 'a>;

impl Package {
    pub fn new(manifest: &str, files: BTreeMap<PathBuf, String>, items: Items, minor: u32) -> Result<Package, String> {
        let manifest = Manifest::parse(manifest)?;
        let from = manifest.edition;
        let target = Target { minor, from, to: from.min(manifest::edition(minor)) };
        let no_std = files.values().any(|text| text.contains("no_std"));
        let files = files.into_iter().map(|(path, text)| (path, Draft::new(text))).collect();
        let (pages, changes, unread) = (BTreeMap::new(), Vec::new(), Vec::new());
        Ok(Package { manifest, target, items, files, pages, changes, unread, no_std })
    }

    /// Runs all passes over the manifest and every file.
    pub fn lower(&mut self) {
        self.manifest.lower(&self.target);
        let paths: Vec<PathBuf> = self.files.keys().cloned().collect();
        for path in paths {
            if self.target.minor < 54 {
                self.include_pages(&path);
            }
            self.passes(&path);
        }
    }

    fn include_pages(&mut self, path: &Path) {
        if let Some(draft) = self.files.get_mut(path).filter(|_| !self.pages.is_empty()) {
            let text = draft.text.clone();
            let changes = File::parse(&text).map(|file| pages::find(&file, path, &self.pages)).unwrap_or_default();
            self.changes.extend(draft.apply(changes).into_iter().map(|change| (path.to_path_buf(), change)));
        }
    }

    /// Runs the passes over one file until none finds anything.
    pub fn passes(&mut self, path: &Path) {
        let finders = finders(&self.target, &self.items, self.has_std(path));
        let draft = match self.files.get_mut(path) {
            Some(draft) => draft,
            None => return,
        };
        // A text is parsed again only if something was rewritten.
        let mut next = 0;
        let mut rounds = 0;
        let mut asked = BTreeSet::new();
        while next < finders.len() {
            let text = draft.text.clone();
            let file = match File::parse(&text) {
                Ok(file) => file,
                Err(why) => {
                    self.unread.push((path.to_path_buf(), why));
                    return;
                }
            };
            while next < finders.len() {
                let found = finders[next](&file);
                if asked.insert(next) {
                    let left = found.iter().filter(|change| change.edits.is_empty() && change.by_hand.is_some());
                    let left = left.map(|change| Change { line: draft.origin(change.line), ..change.clone() });
                    self.changes.extend(left.map(|change| (path.to_path_buf(), change)));
                }
                let found = outside_matchers(&file, found).into_iter().map(|change| comments::keep(&file, change));
                let applied = draft.apply(found.collect());
                rounds += 1;
                if applied.is_empty() || rounds > ROUNDS {
                    next += 1;
                    rounds = 0;
                }
                if !applied.is_empty() {
                    self.changes.extend(applied.into_iter().map(|change| (path.to_path_buf(), change)));
                    break;
                }
            }
        }
    }

    /// Runs the passes over the examples in the documentation, which are tests.
    pub fn lower_examples(&mut self) {
        // An example is a program.
        let finders = finders(&self.target, &self.items, true);
        for (path, draft) in &mut self.files {
            for _ in 0..ROUNDS {
                let find = |_: &Example, file: &File| {
                    let mut found = finders.iter().map(|find| find(file));
                    found.find(|found| found.iter().any(|change| !change.edits.is_empty())).unwrap_or_default()
                };
                let applied = in_examples(draft, &find);
                if applied.is_empty() {
                    break;
                }
                self.changes.extend(applied.into_iter().map(|change| (path.to_path_buf(), change)));
            }
        }
    }

    /// Fixes the errors that the floor's rustdoc reports in the examples; returns whether anything changed.
    pub fn mend_examples(&mut self, failed: &[Failure]) -> bool {
        let (items, target) = (&self.items, &self.target);
        let mut moved = false;
        for (path, draft) in &mut self.files {
            let of_file: Vec<&Failure> = failed.iter().filter(|failure| failure.file == *path).collect();
            let find = |example: &Example, file: &File| {
                let errors = of_file.iter().filter(|failure| failure.fence == example.line).flat_map(|f| &f.errors);
                let messages = errors.filter_map(|error| Some(error.at(path, example.bytes(error)?)));
                let fixed = messages.filter_map(|message| {
                    let place = message.places().first().copied().cloned()?;
                    errors::mend(file, &place, &message, items, target, true)
                });
                fixed.collect()
            };
            if !of_file.is_empty() {
                let applied = in_examples(draft, &find);
                moved |= !applied.is_empty();
                self.changes.extend(applied.into_iter().map(|change| (path.to_path_buf(), change)));
            }
        }
        moved
    }

    /// Fixes the errors that the floor's compiler reports; returns whether anything changed.
    pub fn mend(&mut self, messages: &[Message]) -> bool {
        let mut found: BTreeMap<PathBuf, Vec<Change>> = BTreeMap::new();
        let mut read: BTreeMap<PathBuf, Option<File>> = BTreeMap::new();
        for message in messages.iter().filter(|message| !message.follows(messages)) {
            for place in message.places() {
                let path = plain(Path::new(&place.file_name));
                let draft = match self.files.get(&path) {
                    Some(draft) => draft,
                    None => continue,
                };
                let std = self.has_std(&path);
                let file = read.entry(path.clone()).or_insert_with(|| File::parse(&draft.text).ok());
                let mend = |file: &File| {
                    let change = errors::mend(file, place, message, &self.items, &self.target, std)?;
                    Some(comments::keep(file, change))
                };
                if let Some(change) = file.as_ref().and_then(mend) {
                    found.entry(path).or_default().push(change);
                    break;
                }
            }
        }
        drop(read);
        self.apply(found)
    }

    /// Allows the lints that the floor's compiler reports and the package denies; returns whether there are any.
    pub fn allow(&mut self, warnings: &[Message]) -> bool {
        let mut found: BTreeMap<PathBuf, Vec<Change>> = BTreeMap::new();
        for (path, change) in denied::find(&self.files, warnings) {
            found.entry(path).or_default().push(change);
        }
        self.apply(found)
    }

    fn apply(&mut self, found: BTreeMap<PathBuf, Vec<Change>>) -> bool {
        let mut moved = false;
        for (path, changes) in found {
            let applied = self.files.get_mut(&path).map(|draft| draft.apply(changes)).unwrap_or_default();
            moved |= !applied.is_empty();
            self.changes.extend(applied.into_iter().map(|change| (path.clone(), change)));
        }
        moved
    }

    /// Makes exported macros independent of their callers' dependencies, and declares oldstable-compat in edition 2015.
    pub fn lead_exported(&mut self) {
        let mut any = false;
        for (path, draft) in &mut self.files {
            let changes = exported::lead(draft);
            any |= !changes.is_empty();
            self.changes.extend(changes.into_iter().map(|change| (path.clone(), change)));
        }
        let root = self.manifest.library();
        if let Some(draft) = self.files.get_mut(&root).filter(|_| any) {
            let changes = exported::hand_on(draft);
            self.changes.extend(changes.into_iter().map(|change| (root.clone(), change)));
        }
        if self.target.to < 2018 && self.uses_compat() {
            self.declare_compat();
        }
    }

    /// Declares oldstable-compat in the crate roots of edition 2015, where all files find it.
    fn declare_compat(&mut self) {
        let roots = [self.manifest.library(), PathBuf::from("src/main.rs")];
        for (path, draft) in &mut self.files {
            let text = draft.text.clone();
            if let Ok(file) = File::parse(&text) {
                let mut changes = editions::through_root(&file);
                changes.extend(editions::declare_compat(&file).filter(|_| roots.contains(path)));
                let applied = draft.apply(changes);
                self.changes.extend(applied.into_iter().map(|change| (path.clone(), change)));
            }
        }
    }

    /// Returns the lints that detect where the newer edition had a different meaning.
    pub fn lints(&self) -> Vec<&'static str> {
        let left = errors::LINTS.iter().filter(|(edition, _, _)| self.target.leaves(*edition));
        left.map(|(_, lint, _)| *lint).collect()
    }

    /// Lists the places where the newer edition had a different meaning, by the newest compiler's warnings, if it builds
    /// the copy.
    pub fn differs(&mut self, messages: Option<&[Message]>) {
        if messages.is_none() && !self.lints().is_empty() {
            self.manifest.differs("edition", "not known: the newest compiler does not build it".to_string());
        }
        for message in messages.unwrap_or_default() {
            let lint = errors::LINTS.iter().find(|(_, lint, _)| *lint == message.code());
            if let (Some((edition, _, how)), Some(place)) = (lint, message.places().first()) {
                let path = plain(Path::new(&place.file_name));
                if !self.files.contains_key(&path) {
                    continue;
                }
                let line = self.origin(&path, place.line_start);
                let what = format!("edition {edition}");
                self.changes.push((path, Change { line, what, differs: Some(how.to_string()), ..Change::default() }));
            }
        }
    }

    /// Returns whether anything uses oldstable-compat.
    pub fn uses_compat(&self) -> bool {
        self.files.values().any(|draft| draft.text.contains(standard::CRATE))
    }

    /// Returns the manifest for the package's own folder: in its own workspace, with its paths unchanged.
    pub fn own_manifest(&self, text: &str) -> Result<String, String> {
        let mut manifest = Manifest::parse(text)?;
        manifest.lower(&self.target);
        manifest.add_compat(self.users(), self.no_std, copy::COMPAT);
        manifest.patch_as(&self.manifest);
        Ok(manifest.text())
    }

    /// Returns the parts that use oldstable-compat.
    pub fn users(&self) -> Users {
        Users::of(&self.files, &self.manifest)
    }

    /// Returns whether a file has std, as the tests and the build script of a library without it do.
    fn has_std(&self, path: &Path) -> bool {
        let apart = ["tests", "examples", "benches"].iter().any(|folder| path.starts_with(folder));
        let program = apart || path == self.manifest.script();
        let no_std = |draft: &Draft| draft.text.contains("no_std");
        !self.no_std || program && !self.files.get(path).map_or(false, no_std)
    }

    /// Returns the original line of a line in the current text.
    pub fn origin(&self, path: &Path, line: usize) -> usize {
        self.files.get(path).map_or(line, |draft| draft.origin(line))
    }
}

/// Applies the changes that are found in the examples of a file.
fn in_examples(draft: &mut Draft, find: &dyn Fn(&Example, &File) -> Vec<Change>) -> Vec<Change> {
    let text = draft.text.clone();
    let whole = match File::parse(&text) {
        Ok(whole) => whole,
        Err(_) => return Vec::new(),
    };
    let mut changes = Vec::new();
    for example in examples::all(&whole) {
        // A file that is not Rust is not a test, or fails everywhere.
        if let Ok(file) = File::parse(&example.text) {
            let found = find(&example, &file).into_iter().map(|change| comments::keep(&file, change));
            changes.extend(found.map(|change| example.outside(&whole, change)));
        }
    }
    draft.apply(changes)
}

/// Returns the passes over a file, in their order.
fn finders<'a>(target: &'a Target, items: &'a Items, std: bool) -> Vec<Finder<'a>> {
    let rows = ROWS.iter().filter(|row| target.minor < row.since);
    let mut finders: Vec<Finder> = Vec::new();
    finders.extend(rows.map(|row| Box::new(move |file: &File| (row.find)(file, target)) as Finder));
    finders.push(Box::new(move |file| editions::find(file, target)));
    if target.leaves(2021) {
        finders.push(Box::new(move |file| arrays::into_iter(file, std)));
    }
    finders.push(Box::new(move |file| standard::find(file, items, target)));
    finders
}

/// Returns the number after `1.`.
pub fn minor(version: &Version) -> anyhow::Result<u32> {
    let text = version.to_string();
    let number = text.strip_prefix("1.").and_then(|rest| rest.split('.').next()).and_then(|number| number.parse().ok());
    number.with_context(|| format!("{version} is not a release of Rust, such as 1.63"))
}

/// Returns a path without `..`, which `#[path]` causes in the compiler's paths.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir if plain.pop() => {}
            other => plain.push(other),
        }
    }
    plain
}

/// Returns the changes except those in macro matchers, which are not code.
fn outside_matchers(file: &File, changes: Vec<Change>) -> Vec<Change> {
    if changes.is_empty() {
        return changes;
    }
    let matchers = file.matchers();
    let is_code = |change: &Change| {
        let inside = |at: usize| matchers.iter().any(|bytes| bytes.contains(&at));
        syntax::ABOUT_MATCHERS.contains(&change.what.as_str())
            || !change.edits.iter().any(|edit| inside(edit.bytes.start))
    };
    changes.into_iter().filter(is_code).collect()
}
