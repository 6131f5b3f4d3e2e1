//! Plugins of two authors in one QEMU, built with different versions of this crate with different layouts of classes:
//! both devices work, and each plugin has its own arguments. The test needs a `qemu-system-aarch64`, so it runs only on
//! request: `cargo test --test two_plugins`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DEVICE: &str = r#"
use oldstable::bql::BqlCell;
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::plugin::Settings;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::Result;

oldstable::qdev_define_conf! {
    pub struct Conf { "step" => step: u32 = 1 }
}

oldstable::qom_define_type! {
    pub struct Counter("NAME"): SysBusDevice, DeviceState, Object {
        conf: Conf,
        registers: MemoryRegion,
        count: BqlCell<u32>,
    }
}

impl ObjectImpl for Counter {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|counter| {
        counter.registers.init_io(counter, "NAME", 4);
        counter.init_mmio(&counter.registers);
    });
}

impl DeviceImpl for Counter {}
impl SysBusDeviceImpl for Counter {}

impl MemoryRegionOps for Counter {
    const READ: fn(&Self, u64, u32) -> u64 = |counter, _offset, _size| {
        counter.count.set(counter.count.get() + counter.conf.step.get());
        counter.count.get().into()
    };
    const WRITE: fn(&Self, u64, u64, u32) = |_, _, _, _| ();
}

fn place(settings: &Settings) -> Result<()> {
    let counter = Counter::new();
    counter.property_set_uint("step", settings.number("step")?.unwrap_or(1))?;
    counter.sysbus_realize()?;
    counter.mmio_map(0, settings.number("address")?.unwrap_or(0))?;
    // The other author's device is an ordinary device, not one of ours.
    for object in Object::find_all() {
        if object.typename() == "OTHER" {
            println!("NAME sees {:?}", object);
            assert!(object.dynamic_cast::<Counter>().is_none());
        }
    }
    Ok(())
}

oldstable::plugin!(Counter; board place);
"#;

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).unwrap();
    fs::write(path, text).unwrap();
}

/// Copies a folder of sources.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// Returns a text with a part replaced, which it must contain.
fn replaced(text: &str, part: &str, by: &str) -> String {
    assert!(text.contains(part), "there is no {:?} to be replaced", part);
    text.replacen(part, by, 1)
}

/// Makes a possible future crate: version 0.9, whose classes have additional data in front of this version's.
fn another_version(folder: &Path) -> PathBuf {
    let (own, other) = (Path::new(env!("CARGO_MANIFEST_DIR")), folder.join("oldstable"));
    copy(&own.join("src"), &other.join("src"));
    copy(&own.join("compat"), &other.join("compat"));
    let manifest = fs::read_to_string(own.join("Cargo.toml")).unwrap();
    let head = manifest.split("[[example]]").next().unwrap();
    let head = replaced(head, "version = \"0.1.0\"", "version = \"0.9.0\"");
    write(&other.join("Cargo.toml"), &format!("{}\n[workspace]\nmembers = [\"compat\"]\n", head));
    // A member that inherits the workspace's lints finds none.
    let compat = other.join("compat/Cargo.toml");
    let manifest = fs::read_to_string(&compat).unwrap();
    fs::write(compat, manifest.replace("[lints]\nworkspace = true\n", "")).unwrap();
    let class = other.join("src/qom/class.rs");
    let text = fs::read_to_string(&class).unwrap();
    fs::write(&class, replaced(&text, "pub struct RustClass {\n", "pub struct RustClass {\n    _more: [usize; 5],\n"))
        .unwrap();
    other
}

/// Returns an author's plugin, built with the crate in a folder.
fn plugin(folder: &Path, name: &str, other: &str, bindings: &Path) -> PathBuf {
    let author = folder.join(name);
    let manifest = format!(
        "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2018\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n\
         [dependencies]\noldstable = {{ path = \"{}\" }}\n\n[workspace]\n",
        name,
        bindings.display()
    );
    write(&author.join("Cargo.toml"), &manifest);
    write(&author.join("src/lib.rs"), &DEVICE.replace("NAME", name).replace("OTHER", other));
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"), author.join("Cargo.lock")).unwrap();
    // The lock file of the repository has the versions; the authors' packages are added to it.
    let output = Command::new(env!("CARGO"))
        .args(&["build", "--offline", "--manifest-path"])
        .arg(author.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(folder.join(format!("target-{}", name)))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder.join(format!("target-{}/debug/lib{}.so", name, name))
}

#[test]
fn plugins_of_two_versions_live_in_one_qemu() {
    let folder = std::env::temp_dir().join(format!("oldstable-two-plugins-{}", std::process::id()));
    let other = another_version(&folder);
    let ours = plugin(&folder, "odometer", "tachometer", Path::new(env!("CARGO_MANIFEST_DIR")));
    let theirs = plugin(&folder, "tachometer", "odometer", &other);
    let (ours, theirs) = (ours.display(), theirs.display());
    let said = |arguments: &str| {
        let line = format!(
            "{{ printf 'xp /1wx 0x0c000000\\nxp /1wx 0x0c001000\\nxp /1wx 0x0c000000\\nxp /1wx 0x0c001000\\nquit\\n' | \
             {} timeout 100 qemu-system-aarch64 -S -M virt -nic none -display none -monitor stdio {}; }} 2>&1",
            if arguments.starts_with("LD_") { arguments } else { "" },
            if arguments.starts_with("LD_") { "" } else { arguments },
        );
        let output = Command::new("sh").args(&["-c", &line]).output().expect("a shell runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let version = said("-version");
    let both = if version.contains("version 5.2") {
        let said = said(&format!("LD_PRELOAD={} OLDSTABLE_PLUGIN='libtachometer.so,step=5'", ours));
        assert!(
            said.contains("OLDSTABLE_PLUGIN has arguments for libtachometer.so, which is not preloaded"),
            "{}",
            said
        );
        format!(
            "LD_PRELOAD={}:{} OLDSTABLE_PLUGIN='libodometer.so,address=0x0c000000,step=3;\
             libtachometer.so,step=5,address=0x0c001000'",
            ours, theirs
        )
    } else {
        format!("-plugin {},address=0x0c000000,step=3 -plugin {},step=5,address=0x0c001000", ours, theirs)
    };
    let said = said(&both);
    let read = |address: &str| -> Vec<u64> {
        let values = said.lines().filter_map(|line| line.split(address).nth(1));
        values.filter_map(|text| u64::from_str_radix(text.trim().strip_prefix("0x")?, 16).ok()).collect()
    };
    assert_eq!((read("0c000000:"), read("0c001000:")), (vec![3, 6], vec![5, 10]), "{}", said);
    // The plugin whose board function runs last sees the other's device.
    assert!(said.contains(" sees "), "{}", said);
    fs::remove_dir_all(&folder).unwrap();
}
