// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The subject, date and machine of a report.

use std::path::Path;
use std::process::Command;

/// The head of a report. Unknown fields are empty.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub project: String,
    /// git's short name of the commit, and whether the files differ from it.
    pub commit: String,
    pub date: String,
    pub machine: String,
}

impl About {
    /// Collects the data from git, `date` and `uname`.
    pub fn of(root: &Path) -> About {
        let project = root.canonicalize().ok().and_then(|root| Some(root.file_name()?.to_string_lossy().into_owned()));
        let git = |arguments: &[&str]| said(Command::new("git").arg("-C").arg(root).args(arguments));
        let changed = git(&["status", "--porcelain"]).map_or(false, |files| !files.is_empty());
        let commit = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_default();
        let processors = std::thread::available_parallelism().map_or(1, |n| n.get());
        About {
            project: project.unwrap_or_default(),
            commit: if changed && !commit.is_empty() { format!("{commit} with changes") } else { commit },
            date: said(Command::new("date").args(["--utc", "+%Y-%m-%d %H:%M UTC"])).unwrap_or_default(),
            machine: said(Command::new("uname").args(["-srm"]))
                .map_or_else(String::new, |machine| format!("{machine}, {processors} processors")),
        }
    }

    /// Returns the known fields: names and values.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let lines =
            [("project", &self.project), ("commit", &self.commit), ("date", &self.date), ("machine", &self.machine)];
        lines.into_iter().map(|(name, value)| (name, value.as_str())).filter(|(_, value)| !value.is_empty())
    }
}

fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_git_has_no_commit() {
        let folder = tempfile::tempdir().unwrap();
        let about = About::of(folder.path());
        assert_eq!(about.commit, "");
        assert!(about.lines().all(|(name, _)| name != "commit"));
        assert_eq!(about.date.len(), "2026-11-27 06:30 UTC".len(), "{}", about.date);
    }
}
