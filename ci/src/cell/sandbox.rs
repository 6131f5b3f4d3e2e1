//! Running a program inside a root file system, or with some files of this machine covered by others.
//!
//! The program sees the root, /proc, /dev, folders /tmp, /root and /dev/shm of its own, and the folders that it is given.
//! It needs
//! no right over the machine: a user who is not root gets a user name space. Whatever it started dies with it,
//! and it dies with this process.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Mounts, enters the root and the working folder, and becomes the program.
/// Arguments: the root, pairs of what to show and where, `--`, the working folder, then the program.
const ENTER: &str = r#"
set -e
root=$1; shift
# Only a mount point can be the root of the name spaces that the program may make in turn.
mount --bind "$root" "$root"
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
# What a program leaves there is nobody else's.
for own in tmp root dev/shm; do
    [ ! -d "$root/$own" ] || mount -t tmpfs -o mode=1777 tmpfs "$root/$own"
done
while [ "$1" != -- ]; do
    [ -f "$1" ] || mkdir -p "$root$2"
    mount --bind "$1" "$root$2"
    shift 2
done
shift
# On top of the old root nothing leads back to it: a chroot alone is left by another one.
cd "$root"
mount --move . /
exec chroot . /bin/sh -c 'cd "$0" && exec "$@"' "$@"
"#;

/// Shows files in the place of others, and becomes the program.
/// Arguments: pairs of what to show and where, `--`, then the program.
const COVER: &str = r#"
set -e
while [ "$1" != -- ]; do
    mount --bind "$1" "$2"
    shift 2
done
shift
exec "$@"
"#;

/// Whether this process may do everything.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether a message says that the machine does not let this user make or enter a root.
pub fn is_refusal(line: &str) -> bool {
    ["newuidmap", "subuid", "unshare", "Operation not permitted", "user namespaces"]
        .iter()
        .any(|word| line.contains(word))
}

/// What that comes from, and the mend.
pub fn refusal(as_root: bool) -> &'static str {
    match as_root {
        true => {
            "this machine does not let root make mounts and name spaces: run outside of the chroot or container, or give \
             it more rights"
        }
        false => {
            "this user may not make or enter a root file system: install uidmap and allow user namespaces, or run as root"
        }
    }
}

/// A program to be run inside a root.
pub struct Inside {
    root: PathBuf,
    /// What of this machine is shown, and where.
    shown: Vec<(PathBuf, PathBuf)>,
    env: Vec<(OsString, OsString)>,
}

impl Inside {
    pub fn new(root: &Path) -> Inside {
        Inside { root: root.to_path_buf(), shown: Vec::new(), env: Vec::new() }
    }

    /// Lets the program see a folder of this machine, at its own path.
    pub fn show(self, folder: &Path) -> Inside {
        self.show_at(folder, folder)
    }

    /// Lets the program see a folder of this machine at another path, or a file in place of one that it sees.
    pub fn show_at(mut self, what: &Path, path: &Path) -> Inside {
        self.shown.push((what.to_path_buf(), path.to_path_buf()));
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
        command.args(["sh", "-c", ENTER, "sh"]).arg(&self.root);
        command.args(self.shown.iter().flat_map(|(what, path)| [what, path]));
        command.arg("--").arg(folder).arg(program);
        command
    }
}

/// The command that runs a program of this machine, which sees files in the place of others: what is shown, and where.
/// What is shown at its own path is there as it is.
pub fn covering(shown: &[(&Path, &Path)], program: &str) -> Command {
    let files: Vec<_> = shown.iter().filter(|(what, path)| what != path).collect();
    if files.is_empty() {
        return Command::new(program);
    }
    let mut command = Command::new("unshare");
    command.arg("--mount");
    if !is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["sh", "-c", COVER, "sh"]).args(files.iter().flat_map(|(what, path)| [what, path]));
    command.arg("--").arg(program);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_sees_a_file_in_the_place_of_another_and_nobody_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let [new, old] = ["new", "old"].map(|name| folder.path().join(name));
        std::fs::write(&new, "new").unwrap();
        std::fs::write(&old, "old").unwrap();
        let output = covering(&[(&new, &old)], "cat").arg(&old).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "new", "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(std::fs::read_to_string(&old).unwrap(), "old");
        let plain = covering(&[], "cat").arg(&old).output().unwrap();
        assert_eq!(plain.stdout, b"old");
    }

    /// What a program prints in a root that has this machine's /usr.
    fn printed_inside(program: &[&str]) -> String {
        let root = tempfile::tempdir().unwrap();
        for folder in ["proc", "dev", "tmp", "root", "usr"] {
            std::fs::create_dir(root.path().join(folder)).unwrap();
        }
        let mut inside = Inside::new(root.path()).show(Path::new("/usr"));
        for name in ["bin", "lib", "lib64"] {
            let folder = Path::new("/").join(name);
            // Where /usr is all, these are links into it.
            inside = match std::fs::read_link(&folder) {
                Ok(target) => {
                    std::os::unix::fs::symlink(target, root.path().join(name)).unwrap();
                    inside
                }
                Err(_) => inside.show(&folder),
            };
        }
        let output = inside.command(Path::new("/"), program[0]).args(&program[1..]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[test]
    fn a_program_does_not_leave_the_root() {
        let secret = tempfile::NamedTempFile::new_in("/var/tmp").unwrap();
        let escape = format!(
            "mkdir '/tmp/x'; chroot '/tmp/x' or die; chdir '..' for 1..64; chroot '.' or die; \
             print -e '{}' ? 'out' : 'in'",
            secret.path().display()
        );
        assert_eq!(printed_inside(&["perl", "-e", &escape]), "in");
    }

    #[test]
    fn temporary_folders_are_the_programs_own_and_empty() {
        let script = "ls -A /tmp /root /dev/shm; touch /tmp/x /root/x /dev/shm/x";
        let empty = "/dev/shm:\n\n/root:\n\n/tmp:\n";
        for _ in 0..2 {
            assert_eq!(printed_inside(&["sh", "-c", script]), empty);
        }
        assert!(!Path::new("/dev/shm/x").exists() && !Path::new("/tmp/x").exists());
    }

    #[test]
    fn root_is_not_told_to_become_root() {
        assert!(is_refusal("unshare: cannot change root filesystem propagation: Invalid argument"));
        assert!(refusal(true).contains("outside of the chroot") && !refusal(true).contains("as root"));
        assert!(refusal(false).contains("install uidmap") && refusal(false).contains("as root"));
    }
}
