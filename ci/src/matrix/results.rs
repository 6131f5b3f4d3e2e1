// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Outcomes of earlier runs, so that only steps with changes are run again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::report::model::Outcome;

/// A folder with a file for each step that passed, named by the digest of all inputs known before the step.
pub struct Results {
    folder: PathBuf,
    /// Whether earlier outcomes are reused.
    reuse: bool,
}

/// A step that passed.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub outcome: Outcome,
    /// Further inputs, which were known only after the step.
    pub read: BTreeSet<PathBuf>,
    /// The digest of those inputs.
    pub digest: String,
}

impl Results {
    pub fn open(folder: &Path, reuse: bool) -> Result<Results> {
        fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
        Ok(Results { folder: folder.to_path_buf(), reuse })
    }

    /// Returns the outcome saved under this key, marked as an earlier one, if its inputs still have the same digest.
    pub fn get(&self, key: &str, digest: impl Fn(&BTreeSet<PathBuf>) -> Result<String>) -> Option<Outcome> {
        if !self.reuse {
            return None;
        }
        let text = fs::read(self.file(key)).ok()?;
        let kept: Kept = serde_json::from_slice(&text).ok()?;
        let is_same = digest(&kept.read).map_or(false, |now| now == kept.digest);
        is_same.then_some(Outcome { earlier: true, ..kept.outcome })
    }

    /// Saves an outcome if it is a success: other steps are tried again.
    pub fn keep(&self, key: &str, kept: &Kept) -> Result<()> {
        if kept.outcome.counts.failed > 0 || kept.outcome.counts.passed == 0 {
            return Ok(());
        }
        let partial = self.folder.join(format!("{key}.{}.partial", std::process::id()));
        fs::write(&partial, serde_json::to_vec(kept)?)
            .and_then(|()| fs::rename(&partial, self.file(key)))
            .with_context(|| format!("cannot write {}", partial.display()))
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(outcome: Outcome) -> Kept {
        Kept { outcome, read: BTreeSet::new(), digest: "1".to_string() }
    }

    fn same(_: &BTreeSet<PathBuf>) -> Result<String> {
        Ok("1".to_string())
    }

    #[test]
    fn only_successes_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let results = Results::open(folder.path(), true).unwrap();
        results.keep("good", &kept(Outcome::passed())).unwrap();
        results.keep("bad", &kept(Outcome::failed("x"))).unwrap();
        results.keep("none", &kept(Outcome::skipped("x"))).unwrap();
        assert!(results.get("good", same).unwrap().earlier);
        assert!(results.get("bad", same).is_none() && results.get("none", same).is_none());
        assert!(Results::open(folder.path(), false).unwrap().get("good", same).is_none());
    }

    #[test]
    fn a_success_does_not_count_when_what_it_read_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let results = Results::open(folder.path(), true).unwrap();
        results.keep("good", &kept(Outcome::passed())).unwrap();
        assert!(results.get("good", |_| Ok("2".to_string())).is_none());
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key.json"), "{").unwrap();
        assert!(Results::open(folder.path(), true).unwrap().get("key", same).is_none());
    }
}
