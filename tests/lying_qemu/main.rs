// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A QEMU that states a wrong version, and an object whose table has one wrong number: each ends with one line, before
//! anything is registered. The test needs a `qemu-system-aarch64`, so it runs only on request:
//! `cargo test --test lying_qemu`.

use oldstable::sys::{self, Release};
use std::convert::TryInto;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[path = "../common/cargo_build.rs"]
mod cargo_build;
#[path = "../common/example.rs"]
mod example;
#[path = "../common/monitor.rs"]
mod monitor;
#[cfg(target_arch = "x86_64")]
mod patched;

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("lying-qemu-{}-{}", std::process::id(), name));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn installed() -> PathBuf {
    let path = std::env::var_os("PATH").expect("PATH");
    std::env::split_paths(&path)
        .flat_map(|folder| vec![folder.join("qemu-system-aarch64"), folder.join("qemu-system-arm")])
        .find(|file| file.is_file())
        .expect("qemu-system-aarch64 or, where there is none, qemu-system-arm is on PATH")
}

/// Returns the release and micro version of the installed QEMU.
fn version() -> (&'static Release, u64) {
    let output = Command::new(installed()).arg("--version").output();
    let text = String::from_utf8(output.expect("QEMU starts").stdout).expect("UTF-8");
    let numbers = text.split(' ').nth(3).expect("a version");
    let numbers: Vec<u64> = numbers.split('.').map(|number| number.parse().expect("a number")).collect();
    let known = sys::RELEASES
        .iter()
        .find(|release| u64::from(release.major) == numbers[0] && u64::from(release.minor) == numbers[1]);
    (known.expect("a known release"), numbers[2])
}

/// Runs a machine with no board, with the object in it, and ends it at once.
fn run(qemu: &Path, object: &Path, release: &Release, argument: &str) -> Output {
    output_of(&mut command(qemu, object, release, argument))
}

/// A machine with no board.
fn bare(qemu: &Path) -> Command {
    let mut command = Command::new(qemu);
    command.args(&["-M", "none", "-display", "none", "-monitor", "stdio"]);
    command
}

fn command(qemu: &Path, object: &Path, release: &Release, argument: &str) -> Command {
    let mut command = bare(qemu);
    if release.plugin_version.is_some() {
        let plugin = format!("{}{}", object.display(), argument);
        command.arg("-plugin").arg(plugin);
    } else {
        command.env("LD_PRELOAD", object);
        command.env("OLDSTABLE_PLUGIN", argument.trim_start_matches(','));
    }
    command
}

/// Has the monitor end QEMU.
fn output_of(command: &mut Command) -> Output {
    monitor::output(command, "quit\n")
}

/// What this package has said; and that QEMU has ended by itself.
fn lines(output: &Output) -> Vec<String> {
    assert_eq!(output.status.signal(), None, "{:?}", output);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let ours = text.lines().filter(|line| line.starts_with("oldstable: "));
    ours.map(str::to_owned).collect()
}

fn is_refused(output: &Output, what: &str) -> String {
    let lines = lines(output);
    assert_eq!(lines.len(), 1, "{}: {:?}", what, output);
    assert!(!output.status.success(), "{}: {:?}", what, output);
    lines[0].clone()
}

/// The numbers of a table that the running QEMU is asked for: the name, and where the number is.
///
/// Not asked for are the bits of `MemTxAttrs`, since nothing of QEMU's passes any before there is a machine: another test
/// is about those. `module_init` and `plugin_version` are QEMU's own to refuse, and version numbers and the names of
/// functions are seen when these are looked up.
fn numbers(release: &Release) -> Vec<(&'static str, usize)> {
    macro_rules! at {
        ($($first:ident $(.$rest:ident)*),* $(,)?) => {
            vec![$((
                concat!(stringify!($first), $(".", stringify!($rest)),*),
                &release.$first$(.$rest)* as *const _ as usize - release as *const Release as usize,
            )),*]
        };
    }
    let mut numbers = at![
        interface_class_size,
        sysbus_class_size,
        resettable_phases,
        pl011_chr,
        sizes.device,
        sizes.sysbus_device,
        sizes.pci_device,
        sizes.i2c_slave,
        sizes.memory_region,
        sizes.irq,
        sizes.clock,
        sizes.pl011,
        sizes.resettable_class,
        sizes.vmstate_info,
        device_class.size,
        device_class.user_creatable,
        device_class.hotpluggable,
        device_class.realize,
        device_class.unrealize,
        device_class.vmsd,
        device_class.bus_type,
        device_class.properties,
        property.size,
        property.name,
        property.info,
        property.offset,
        property.bitnr,
        property.set_default,
        property.defval,
        property.link_type,
        property.array_info,
        property.array_offset,
        property.array_field_size,
        property.info_size,
        property.enum_count,
        vmstate_description.size,
        vmstate_description.name,
        vmstate_description.version_id,
        vmstate_description.minimum_version_id,
        vmstate_description.pre_load,
        vmstate_description.post_load,
        vmstate_description.pre_save,
        vmstate_description.needed,
        vmstate_description.fields,
        vmstate_description.subsections,
        vmstate_field.size,
        vmstate_field.name,
        vmstate_field.offset,
        vmstate_field.size_,
        vmstate_field.num,
        vmstate_field.info,
        vmstate_field.flags,
        vmstate_field.vmsd,
        vmstate_field.version_id,
        vmstate_field.field_exists,
        vmstate_field.end_flags,
        pci_class.size,
        pci_class.realize,
        pci_class.exit,
        pci_device.config,
        pci_device.cap_present,
        i2c_class.size,
        i2c_class.send,
        i2c_class.recv,
        i2c_class.event,
        memory_region_container,
        clock_source,
        device_hotplugged,
    ];
    if let Some(count) = &release.device_class.properties_count {
        let at = count as *const usize as usize - release as *const Release as usize;
        numbers.push(("device_class.properties_count", at));
    }
    numbers
}

/// Returns the bytes of the table, which are also in the object, since the same compiler has built it.
fn bytes(release: &Release) -> &[u8] {
    // SAFETY: a constant of that size; what is padding in it the compiler has filled with zeros.
    unsafe { std::slice::from_raw_parts(release as *const Release as *const u8, std::mem::size_of::<Release>()) }
}

#[test]
fn one_wrong_number_is_one_line() {
    let object = example::build("pl011");
    let (own, _) = version();
    let folder = folder("numbers");
    let original = fs::read(&object).expect("the object is read");
    let table = bytes(own);
    let place = original.windows(table.len()).position(|window| window == table).expect("the object has the table");
    let patched = folder.join("libpatched.so");
    let numbers = numbers(own);
    assert!(numbers.len() >= 30);
    let mut not_refused = Vec::new();
    for (name, at) in &numbers {
        let at = place + at;
        let word = std::mem::size_of::<usize>();
        let number = usize::from_ne_bytes(original[at..at + word].try_into().expect("a word"));
        for other in vec![number.checked_sub(word), Some(number + word)].into_iter().flatten() {
            let mut wrong = original.clone();
            wrong[at..at + word].copy_from_slice(&other.to_ne_bytes());
            fs::write(&patched, wrong).expect("an object");
            let output = run(&installed(), &patched, own, "");
            let lines = lines(&output);
            if lines.len() == 1 && !output.status.success() {
                println!("{} {} in place of {}: {}", name, other, number, lines[0]);
            } else {
                not_refused.push((*name, other, number));
            }
        }
    }
    fs::remove_dir_all(folder).expect("the folder");
    assert!(not_refused.is_empty(), "not refused: {:?}", not_refused);
}

/// What a device hears of an access is wrong then, and no address is: tests of memory run to their end, and QEMU ends by
/// itself.
#[test]
fn wrong_bits_of_attributes_are_harmless() {
    let object = example::build("harness");
    let (own, _) = version();
    let original = fs::read(&object).expect("the object is read");
    let table = bytes(own);
    let place = original.windows(table.len()).position(|window| window == table).expect("the object has the table");
    // It opens other examples where it lies itself.
    let patched = object.with_file_name("libwrong_attributes.so");
    let bits = &own.mem_tx_attrs;
    for (name, bit) in &[
        ("unspecified", &bits.unspecified),
        ("secure", &bits.secure),
        ("user", &bits.user),
        ("requester_id", &bits.requester_id),
    ] {
        let mut wrong = original.clone();
        wrong[place + *bit as *const u8 as usize - own as *const Release as usize] += 1;
        fs::write(&patched, wrong).expect("an object");
        let mut command = command(&installed(), &patched, own, "");
        let output = output_of(command.env("OLDSTABLE_ONLY", "memory::"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let counts = text.lines().find(|line| line.contains(" passed, "));
        assert!(counts.is_some() && output.status.code().is_some(), "{}: {:?}", name, output);
        println!("{} + 1: {}", name, counts.unwrap_or_default());
    }
    fs::remove_file(patched).expect("the object");
}
