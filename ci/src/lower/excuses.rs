// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why tests that do not build are not run instead of failed: the floor's language, or a dependency that is missing.

use std::collections::BTreeSet;
use std::fs;

use super::copy;
use super::language;
use super::own_tests::Runner;
use super::source::File;

/// Errors that follow from an import that fails, whichever names it has.
const FOLLOWS: [&str; 5] = [
    "cannot find attribute `",
    "cannot find macro `",
    "cannot find derive macro `",
    "cannot determine resolution for the attribute macro `",
    "cannot determine resolution for the derive macro `",
];

/// Errors that follow from a derive macro that is missing.
const UNDERIVED: [&str; 4] =
    ["no method named `", "no function or associated item named `", "is not satisfied", "doesn't implement `"];

impl Runner<'_> {
    /// Returns why something that does not build is not run, or its first error that is neither about the floor's
    /// language nor about a dependency that is missing: that one is of our making.
    pub fn excuse<'a>(&self, errors: &[&'a str], missing: &Missing) -> Result<String, &'a str> {
        let lacks = |error: &str| missing.name(error).is_some() || self.is_about_a_dependency(error);
        let is_lacking = errors.iter().any(|error| lacks(error));
        let imported = if is_lacking { self.imported(missing) } else { BTreeSet::new() };
        // Older compilers do not find the names of such an import either.
        let unfound = |error: &str| {
            let says = [" in this scope", "use of undeclared "].iter().any(|text| error.contains(text));
            let name = error.split('`').nth(1).filter(|_| says);
            name.map_or(false, |name| imported.contains(name) || imported.contains("*"))
        };
        // An attribute of an attribute macro that is missing, such as rstest's `#[case::first]`.
        let attribute = |error: &str| {
            let name = error.split("undeclared crate or module `").nth(1).and_then(|rest| rest.split('`').next());
            is_lacking && name.map_or(false, |name| self.is_of_attributes(name))
        };
        let underived = errors.iter().any(|error| error.contains("derive macro `"));
        let mut first = None;
        for error in errors {
            let language = self.manifest.floor.and_then(|floor| language::named(error, floor));
            let why = language.map(|(what, since)| format!("{what}: 1.{since}"));
            let has = |texts: &[&str]| texts.iter().any(|text| error.contains(text));
            let follows = has(&FOLLOWS) || unfound(error) || attribute(error) || underived && has(&UNDERIVED);
            let lacking = lacks(error) || is_lacking && follows;
            let why = why.or_else(|| lacking.then(|| missing.name(error).unwrap_or_else(|| short(error))));
            first.get_or_insert(why.ok_or(*error)?);
        }
        first.ok_or("it does not build")
    }

    /// Returns the texts of the package's sources.
    fn sources(&self) -> impl Iterator<Item = String> + '_ {
        let files = copy::files(self.files).unwrap_or_default().into_iter();
        let sources = files.filter(|path| path.extension().map_or(false, |extension| extension == "rs"));
        sources.map(move |path| fs::read_to_string(self.files.join(path)).unwrap_or_default())
    }

    /// Returns the names that the package imports from dependencies that are missing; `*` is all.
    fn imported(&self, missing: &Missing) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for text in self.sources() {
            for name in &missing.names {
                for (at, _) in text.match_indices(&format!("use {}::", name.replace('-', "_"))) {
                    let import = text[at..].split(';').next().unwrap_or_default();
                    let words = import.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '*');
                    names.extend(words.filter(|word| !word.is_empty()).map(String::from));
                }
            }
        }
        names
    }

    /// Returns whether the package has paths that begin with a name, all of them in attributes.
    fn is_of_attributes(&self, name: &str) -> bool {
        let mut any = false;
        for text in self.sources() {
            let file = match File::parse(&text) {
                Ok(file) if text.contains(&format!("{name}::")) => file,
                _ => continue,
            };
            for i in (0..file.len()).filter(|i| file.reads(*i, &[name, "::"]) && file.before(*i) != "::") {
                let mut around = std::iter::successors(file.around(i), |open| file.around(*open));
                any = true;
                if !around.any(|open| file.text(open) == "[" && file.before(open) == "#") {
                    return false;
                }
            }
        }
        any
    }

    /// Returns whether an import from a dependency of the tests fails: the version that can be had there is older.
    fn is_about_a_dependency(&self, error: &str) -> bool {
        let names = self.manifest.only_of_tests();
        names.iter().any(|name| error.contains(&format!("unresolved import `{}::", name.replace('-', "_"))))
    }
}

/// The dependencies of the tests that cannot be had.
#[derive(Clone, Default)]
pub struct Missing {
    pub names: Vec<String>,
    pub why: Vec<String>,
}

impl Missing {
    /// Returns the one that an error names.
    pub fn name(&self, text: &str) -> Option<String> {
        self.names.iter().find(|name| text.contains(&format!("`{}`", name.replace('-', "_")))).cloned()
    }
}

/// Returns a line that begins an error in a few words.
pub fn short(line: &str) -> String {
    line.trim_start_matches("error").trim_start_matches(": ").to_string()
}
