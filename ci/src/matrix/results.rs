//! Outcomes of earlier runs, so that only what changed is run again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::report::model::Outcome;

/// A folder with a file for each step that passed, named by the digest of all that the step depends on.
pub struct Results {
    folder: PathBuf,
    /// Whether earlier outcomes count.
    reuse: bool,
}

impl Results {
    pub fn open(folder: &Path, reuse: bool) -> Result<Results> {
        fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
        Ok(Results { folder: folder.to_path_buf(), reuse })
    }

    /// The outcome that was kept under this key, marked as an earlier one.
    pub fn get(&self, key: &str) -> Option<Outcome> {
        if !self.reuse {
            return None;
        }
        let text = fs::read(self.file(key)).ok()?;
        let mut outcome: Outcome = serde_json::from_slice(&text).ok()?;
        outcome.earlier = true;
        Some(outcome)
    }

    /// Keeps an outcome, if it is a success: what failed or did not run is tried again.
    pub fn keep(&self, key: &str, outcome: &Outcome) -> Result<()> {
        if outcome.counts.failed > 0 || outcome.counts.passed == 0 {
            return Ok(());
        }
        let partial = self.folder.join(format!("{key}.{}.partial", std::process::id()));
        fs::write(&partial, serde_json::to_vec(outcome)?)
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

    #[test]
    fn only_successes_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let results = Results::open(folder.path(), true).unwrap();
        results.keep("good", &Outcome::passed()).unwrap();
        results.keep("bad", &Outcome::failed("x")).unwrap();
        results.keep("none", &Outcome::skipped("x")).unwrap();
        assert!(results.get("good").unwrap().earlier);
        assert!(results.get("bad").is_none() && results.get("none").is_none());
        assert!(Results::open(folder.path(), false).unwrap().get("good").is_none());
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key.json"), "{").unwrap();
        assert!(Results::open(folder.path(), true).unwrap().get("key").is_none());
    }
}
