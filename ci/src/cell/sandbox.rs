// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Running a program inside a root file system, or with some files of this machine covered by others.
//! The program sees the root, /proc, the standard devices, folders /tmp, /root and /dev/shm of its own, and the folders
//! shown to it. It runs without root rights and capabilities, and sees neither a network except its own loopback nor
//! other processes' System V objects. Its child processes die with it, and it dies with this process.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Mounts, enters the root and the working folder, and becomes the program.
/// Arguments: the root; `network`, `capabilities`, both in one word or an empty string, for what to keep;
/// [`LEAVE_ROOT`]; pairs of a path to show and its place; `--`; the working folder; the program.
const ENTER: &str = r#"
set -e
root=$1 stays=$2 leave_root=$3; shift 3
# Only a mount point can be the root of the name spaces that the program may make in turn.
mount --bind "$root" "$root"
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
# What is root's there is the whole machine's, and a program may be root's without any capability.
for shared in bus fs irq sys sysrq-trigger; do
    [ -e "$root/proc/$shared" ] || continue
    mount --bind "$root/proc/$shared" "$root/proc/$shared"
    mount -o remount,bind,ro,nosuid,nodev,noexec "$root/proc/$shared"
done
# So are disks.
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
for stream in stdin:0 stdout:1 stderr:2; do ln -s "/proc/self/fd/${stream#*:}" "$root/dev/${stream%:*}"; done
mkdir "$root/dev/pts" "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" 2>/dev/null || mount --rbind /dev/pts "$root/dev/pts"
# What a program leaves there is nobody else's.
for own in tmp root dev/shm; do
    [ ! -d "$root/$own" ] || mount -t tmpfs -o mode=1777 tmpfs "$root/$own"
done
while [ "$1" != -- ]; do
    if [ "$1" -ef / ] || [ "$root$2" -ef "$root" ]; then
        echo "error: the sandbox does not show the folder / of this machine: use another folder for what the cell needs" >&2
        exit 125
    fi
    [ -f "$1" ] || mkdir -p "$root$2"
    mount --bind "$1" "$root$2"
    shift 2
done
shift
# Tests talk to themselves: SIOCSIFFLAGS with IFF_UP and IFF_RUNNING. mmdebstrap needs perl too.
[ "${stays#network}" != "$stays" ] || perl -e \
    'my $up = pack("a16sx22", "lo", 0x41); socket(S, 2, 2, 0) && ioctl(S, 0x8914, $up) or die "the loopback: $!\n"'
# On top of the old root nothing leads back to it: a chroot alone is left by another one.
cd "$root"
mount --move . /
[ "${stays%capabilities}" = "$stays" ] || exec chroot . /bin/sh -c 'cd "$0" && exec "$@"' "$@"
exec perl -e "$leave_root" "$@"
"#;

/// Enters the root, which is the working folder, and a user name space, so that the program does not own the mounts.
/// The program is not root, as in a package build, and so loses its capabilities when it starts.
///
/// The cell's own `unshare` may be of a foreign architecture, and QEMU's user-mode emulation is multi-threaded, while
/// this call needs a single thread.
const LEAVE_ROOT: &str = r#"
use Config;
my %unshare = (x86_64 => 272, i686 => 310, aarch64 => 97, riscv64 => 97, loongarch64 => 97, arm => 337,
    powerpc64le => 282, s390x => 303);
my ($machine) = $Config{archname} =~ /^([^-]+)/;
my $number = $unshare{$machine} or die "the number of unshare on $machine is not known\n";
my $folder = shift;
chroot "." and chdir $folder or die "$folder: $!\n";
syscall($number, 0x10000000) == 0 or die "unshare: $!\n";
for (["setgroups", "deny"], ["uid_map", "1000 0 1"], ["gid_map", "1000 0 1"]) {
    open F, ">", "/proc/self/$$_[0]" and syswrite F, $$_[1] or die "unshare: $$_[0]: $!\n";
}
exec { $ARGV[0] } @ARGV or print STDERR "$ARGV[0]: $!\n" and exit 127;
"#;

/// Mounts files over others, and becomes the program. Arguments: pairs of a path to show and its place, `--`, the
/// program.
const COVER: &str = r#"
set -e
while [ "$1" != -- ]; do
    mount --bind "$1" "$2"
    shift 2
done
shift
exec "$@"
"#;

/// Returns whether this process runs as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Returns whether a message means that this user may not make or enter a root on this machine.
pub fn is_refusal(line: &str) -> bool {
    ["newuidmap", "subuid", "unshare", "Operation not permitted", "user namespaces"]
        .iter()
        .any(|word| line.contains(word))
}

/// Returns the cause of such a refusal and its remedy.
pub fn refusal(as_root: bool) -> &'static str {
    match as_root {
        true => {
            "root may not make mounts and namespaces here: run outside of the chroot or container"
        }
        false => {
            "this user may not make or enter a root file system: install uidmap and allow user namespaces, or run as root"
        }
    }
}

/// A program to be run inside a root.
pub struct Inside {
    root: PathBuf,
    /// Whether it has access to this machine's network.
    network: bool,
    /// Whether it keeps its capabilities in order to install packages.
    installs: bool,
    /// The paths of this machine that it sees, and their places.
    shown: Vec<(PathBuf, PathBuf)>,
    env: Vec<(OsString, OsString)>,
}

impl Inside {
    pub fn new(root: &Path) -> Inside {
        let (shown, env) = (Vec::new(), Vec::new());
        Inside { root: root.to_path_buf(), network: false, installs: false, shown, env }
    }

    /// Gives the program this machine's network if `network` is true.
    pub fn with_network(self, network: bool) -> Inside {
        Inside { network, ..self }
    }

    /// Keeps the capabilities that the installation of packages needs, since their files have several owners.
    pub fn installing(self) -> Inside {
        Inside { installs: true, ..self }
    }

    /// Shows the program a folder of this machine at its own path.
    pub fn show(self, folder: &Path) -> Inside {
        self.show_at(folder, folder)
    }

    /// Shows the program a folder of this machine at another path, or a file in place of another.
    pub fn show_at(mut self, what: &Path, path: &Path) -> Inside {
        self.shown.push((what.to_path_buf(), path.to_path_buf()));
        self
    }

    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Inside {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Returns the command that runs `program` in `folder`, which inherits no environment variables from this process.
    pub fn command(&self, folder: &Path, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        command.env("HOME", "/root").env("LC_ALL", "C.UTF-8").envs(self.env.iter().cloned());
        command.args(["--pdeathsig", "KILL"]);
        if !self.installs {
            command.arg("--no-new-privs");
        }
        command.args(["unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child"]);
        if !is_root() || !self.installs {
            command.args(["--user", "--map-root-user"]);
        }
        if !self.network {
            command.arg("--net");
        }
        let network = if self.network { "network" } else { "" };
        let stays = format!("{network}{}", if self.installs { "capabilities" } else { "" });
        command.args(["sh", "-c", ENTER, "sh"]).arg(&self.root).arg(stays).arg(LEAVE_ROOT);
        command.args(self.shown.iter().flat_map(|(what, path)| [what, path]));
        command.arg("--").arg(folder).arg(program);
        command
    }
}

/// Returns the command that runs a program of this machine with files mounted over others: pairs of a file and its
/// place. A pair of equal paths has no effect.
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
    fn a_file_is_replaced_for_one_program_alone() {
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

    /// Returns the output of a program in a root that has this machine's /usr.
    fn printed_inside(program: &[&str]) -> String {
        let root = tempfile::tempdir().unwrap();
        printed_by(with_usr(root.path()), program)
    }

    fn printed_by(inside: Inside, program: &[&str]) -> String {
        let output = inside.command(Path::new("/"), program[0]).args(&program[1..]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Returns a root that has this machine's /usr.
    fn with_usr(root: &Path) -> Inside {
        for folder in ["proc", "dev", "tmp", "root", "usr"] {
            std::fs::create_dir(root.join(folder)).unwrap();
        }
        let mut inside = Inside::new(root).show(Path::new("/usr"));
        for name in ["bin", "lib", "lib64"] {
            let folder = Path::new("/").join(name);
            // With a merged /usr these are links into it.
            inside = match std::fs::read_link(&folder) {
                Ok(target) => {
                    std::os::unix::fs::symlink(target, root.join(name)).unwrap();
                    inside
                }
                Err(_) => inside.show(&folder),
            };
        }
        inside
    }

    #[test]
    fn a_program_does_not_leave_the_root() {
        let secret = tempfile::NamedTempFile::new_in("/var/tmp").unwrap();
        let escape = format!(
            "mkdir '/tmp/x'; chroot '/tmp/x'; chdir '..' for 1..64; chroot '.'; print -e '{0}' || -e '.{0}' ? 'out' : 'in'",
            secret.path().display()
        );
        let with_its_own_name_spaces = ["unshare", "--user", "--map-root-user", "--mount"];
        for before in [&[][..], &with_its_own_name_spaces] {
            let perl = [before, &["perl", "-e", &escape]].concat();
            assert_eq!(printed_inside(&perl), "in", "{before:?}");
            let below = format!(
                "umount -l / 2>/tmp/e; umount / 2>/tmp/e; [ -e {} ] && echo out || echo in",
                secret.path().display()
            );
            assert_eq!(printed_inside(&[before, &["sh", "-c", &below]].concat()), "in\n", "{before:?}");
        }
        // The test can fail: a folder that is shown is found.
        let root = tempfile::tempdir().unwrap();
        let shown = with_usr(root.path()).show(Path::new("/var/tmp"));
        assert_eq!(printed_by(shown, &["perl", "-e", &escape]), "out");
    }

    #[test]
    fn a_program_has_no_capabilities_and_only_harmless_devices() {
        let capabilities = printed_inside(&["grep", "-E", "^Cap(Inh|Prm|Eff|Amb)", "/proc/self/status"]);
        assert_eq!(capabilities.lines().count(), 4, "{capabilities}");
        assert!(capabilities.lines().all(|line| line.ends_with("\t0000000000000000")), "{capabilities}");
        let devices = printed_inside(&["ls", "/dev"]);
        let expected = "fd full null ptmx pts random shm stderr stdin stdout tty urandom zero";
        assert_eq!(devices.split_whitespace().collect::<Vec<_>>().join(" "), expected);
        let script = "for setting in /proc/sys/kernel/core_pattern /proc/sysrq-trigger; do \
                      (: >>$setting) 2>/dev/null && echo $setting; done; true";
        assert_eq!(printed_inside(&["sh", "-c", script]), "");
        assert_eq!(printed_inside(&["sh", "-c", "echo x >/dev/null; printf y >/dev/stdout"]), "y");
    }

    /// Connects to a port of this machine, and then to one of its own.
    const CONNECTS: &str =
        "use IO::Socket::INET; my $other = IO::Socket::INET->new('127.0.0.1:' . shift) ? 'yes' : 'no'; \
        my $own = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die $!; \
        my $to_own = IO::Socket::INET->new('127.0.0.1:' . $own->sockport) ? 'yes' : 'no'; print qq($other $to_own)";

    #[test]
    fn the_hosts_loopback_is_reached_only_with_net() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        for (asked, answer) in [(false, "no yes"), (true, "yes yes")] {
            let root = tempfile::tempdir().unwrap();
            let inside = with_usr(root.path()).with_network(asked);
            assert_eq!(printed_by(inside, &["perl", "-e", CONNECTS, &port]), answer);
        }
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
    fn the_whole_machine_is_not_shown() {
        let elsewhere = tempfile::tempdir().unwrap();
        let link = elsewhere.path().join("link");
        std::os::unix::fs::symlink("/", &link).unwrap();
        let slash = Path::new("/");
        for (what, path) in
            [(slash, slash), (slash, Path::new("/all")), (&link, &link), (elsewhere.path(), Path::new("//."))]
        {
            let root = tempfile::tempdir().unwrap();
            let inside = with_usr(root.path()).show_at(what, path);
            let output = inside.command(slash, "true").output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success() && said.starts_with("error: the sandbox does not show "), "{said}");
        }
    }

    #[test]
    fn root_is_not_told_to_become_root() {
        assert!(is_refusal("unshare: cannot change root filesystem propagation: Invalid argument"));
        assert!(refusal(true).contains("outside of the chroot") && !refusal(true).contains("as root"));
        assert!(refusal(false).contains("install uidmap") && refusal(false).contains("as root"));
    }
}
