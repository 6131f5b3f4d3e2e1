//! A package rewritten for an older floor: the other direction of `retire`.
//!
//! The passes go over the manifest ([`manifest`]), what editions bring into scope ([`editions`]), the
//! language ([`syntax`]) and the standard library ([`standard`]). They find what they rewrite in the
//! tokens and change the text. Then the floor's compiler has its say ([`errors`]), until it builds or nothing moves.
//!
//! Tokens, and no syntax tree: a macro's body is a part of a crate as any other, and no parser of the
//! language reads it. `proc-macro2` builds from the tool's own floor on, where `syn` of today does not.

pub mod arrays;
pub mod captures;
pub mod constants;
pub mod copy;
pub mod dependencies;
pub mod editions;
pub mod errors;
pub mod exported;
pub mod manifest;
pub mod own_tests;
pub mod place;
pub mod report;
pub mod source;
pub mod standard;
pub mod syntax;
pub mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use self::errors::Message;
use self::manifest::Manifest;
use self::source::{Change, Draft, File};
use self::standard::Items;
use self::syntax::{Target, ROWS};

/// A rewriting that never comes to an end is a fault of its own; deep nesting needs a few rounds.
const ROUNDS: usize = 50;

/// A package whose files are in memory: nothing is written here.
pub struct Package {
    pub manifest: Manifest,
    pub target: Target,
    pub items: Items,
    pub files: BTreeMap<PathBuf, Draft>,
    /// What was rewritten, by file, with the line where it was.
    pub changes: Vec<(PathBuf, Change)>,
    /// Files that cannot be read as Rust, and are left as they are.
    pub unread: Vec<(PathBuf, String)>,
}

/// What finds in a file what one pass changes.
type Finder<'a> = Box<dyn Fn(&File) -> Vec<Change> + 'a>;

impl Package {
    pub fn new(manifest: &str, files: BTreeMap<PathBuf, String>, items: Items, minor: u32) -> Result<Package, String> {
        let manifest = Manifest::parse(manifest)?;
        let from = manifest.edition;
        let target = Target { minor, from, to: from.min(manifest::edition(minor)) };
        let files = files.into_iter().map(|(path, text)| (path, Draft::new(text))).collect();
        Ok(Package { manifest, target, items, files, changes: Vec::new(), unread: Vec::new() })
    }

    /// All passes, in the manifest and in every file.
    pub fn lower(&mut self) {
        self.manifest.lower(&self.target);
        let paths: Vec<PathBuf> = self.files.keys().cloned().collect();
        for path in paths {
            self.passes(&path);
        }
    }

    /// The passes over one file, until none finds anything.
    pub fn passes(&mut self, path: &Path) {
        let no_std = self.no_std();
        let draft = match self.files.get_mut(path) {
            Some(draft) => draft,
            None => return,
        };
        let (target, items) = (&self.target, &self.items);
        let rows = ROWS.iter().filter(|row| target.minor < row.since);
        let mut finders: Vec<Finder> = Vec::new();
        finders.extend(rows.map(|row| Box::new(move |file: &File| (row.find)(file, target)) as Finder));
        finders.push(Box::new(|file| editions::find(file, target)));
        if target.leaves(2021) && !no_std {
            finders.push(Box::new(arrays::into_iter));
        }
        finders.push(Box::new(|file| standard::find(file, items, target)));
        // A text is read once, and again only where something was rewritten.
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
                let applied = draft.apply(outside_matchers(&file, found));
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

    /// Mends what the floor's compiler says; whether anything was done.
    pub fn mend(&mut self, messages: &[Message]) -> bool {
        let mut found: BTreeMap<PathBuf, Vec<Change>> = BTreeMap::new();
        let mut read: BTreeMap<PathBuf, Option<File>> = BTreeMap::new();
        for message in messages {
            for place in message.places() {
                let path = plain(Path::new(&place.file_name));
                let draft = match self.files.get(&path) {
                    Some(draft) => draft,
                    None => continue,
                };
                let file = read.entry(path.clone()).or_insert_with(|| File::parse(&draft.text).ok());
                if let Some(change) = file.as_ref().and_then(|file| errors::mend(file, place, message, self)) {
                    found.entry(path).or_default().push(change);
                    break;
                }
            }
        }
        drop(read);
        let mut moved = false;
        for (path, changes) in found {
            let applied = self.files.get_mut(&path).map(|draft| draft.apply(changes)).unwrap_or_default();
            moved |= !applied.is_empty();
            self.changes.extend(applied.into_iter().map(|change| (path.clone(), change)));
        }
        moved
    }

    /// Macros that are exported do not ask their callers for oldstable-compat; edition 2015 has it declared.
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

    /// The roots of edition 2015 declare oldstable-compat, and all files find it there.
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

    /// The lints that tell where the edition that is left meant something else.
    pub fn lints(&self) -> Vec<&'static str> {
        let left = errors::LINTS.iter().filter(|(edition, _, _)| self.target.leaves(*edition));
        left.map(|(_, lint, _)| *lint).collect()
    }

    /// Lists where the edition that is left meant something else.
    pub fn differs(&mut self, messages: &[Message]) {
        for message in messages {
            let lint = errors::LINTS.iter().find(|(_, lint, _)| *lint == message.code());
            if let (Some((edition, _, how)), Some(place)) = (lint, message.places().first()) {
                let path = PathBuf::from(&place.file_name);
                let line = self.origin(&path, place.line_start);
                let what = format!("edition {edition}");
                self.changes.push((path, Change { line, what, differs: Some(how.to_string()), ..Change::default() }));
            }
        }
    }

    /// Whether anything leads to oldstable-compat.
    pub fn uses_compat(&self) -> bool {
        self.files.values().any(|draft| draft.text.contains(standard::CRATE))
    }

    /// The manifest where the package lies: with its own workspace, and its paths as they were written.
    pub fn own_manifest(&self, text: &str) -> Result<String, String> {
        let mut manifest = Manifest::parse(text)?;
        manifest.lower(&self.target);
        if self.uses_compat() {
            manifest.add_compat(self.no_std(), Some(copy::COMPAT));
        }
        manifest.patch_as(&self.manifest);
        Ok(manifest.text())
    }

    /// Whether the library does without std, at least sometimes.
    pub fn no_std(&self) -> bool {
        self.files.values().any(|draft| draft.text.contains("no_std"))
    }

    /// The line in the file as it was, of a line as it is now.
    pub fn origin(&self, path: &Path, line: usize) -> usize {
        self.files.get(path).map_or(line, |draft| draft.origin(line))
    }
}

/// A path without `..`, which `#[path]` brings into the compiler's.
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

/// The changes but for those in what a macro matches, which is no code.
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
