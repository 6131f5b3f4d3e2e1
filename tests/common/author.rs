// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! What an author of devices writes, who has this crate and no file of its sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A counter that the board function places. NAME is the class, OTHER one that is looked for.
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

/// Writes a file, and the folders that it is in.
pub fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).unwrap();
    fs::write(path, text).unwrap();
}

/// Builds an author's plugin with the crate in a folder.
pub fn plugin(folder: &Path, name: &str, other: &str, bindings: &Path) -> PathBuf {
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
        // What a debugger reads would take a third of the time.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder.join(format!("target-{}/debug/lib{}.so", name, name))
}
