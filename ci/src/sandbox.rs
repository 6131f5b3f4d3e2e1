//! Running a program inside a root file system.
//!
//! The program sees the root, /proc, /dev and the folders that it is given, each at its own path. It needs
//! no right over the machine: a user who is not root gets a user name space. Whatever it started dies with it,
//! and it dies with this process.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Mounts, enters the root and the working folder, and becomes the program.
/// Arguments: the root, folders to show, `--`, the working folder, then the program.
const ENTER: &str = r#"
set -e
root=$1; shift
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do mkdir -p "$root$1"; mount --bind "$1" "$root$1"; shift; done
shift
exec chroot "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$@"
"#;

/// Whether this process may do everything.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A program to be run inside a root.
pub struct Inside {
    root: PathBuf,
    shown: Vec<PathBuf>,
    env: Vec<(OsString, OsString)>,
}

impl Inside {
    pub fn new(root: &Path) -> Inside {
        Inside { root: root.to_path_buf(), shown: Vec::new(), env: Vec::new() }
    }

    /// Lets the program see a folder of this machine, at its own path.
    pub fn show(mut self, folder: &Path) -> Inside {
        self.shown.push(folder.to_path_buf());
        self
    }

    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Inside {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The command that runs `program` in `folder`, with no variable but those given.
    pub fn command(&self, folder: &Path, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        command.env("HOME", "/root").env("LC_ALL", "C.UTF-8").envs(self.env.iter().cloned());
        command.args(["--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child"]);
        if !is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["sh", "-c", ENTER, "sh"]).arg(&self.root).args(&self.shown);
        command.arg("--").arg(folder).arg(program);
        command
    }
}
