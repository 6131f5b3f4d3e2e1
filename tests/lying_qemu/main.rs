// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A QEMU that states a wrong version, and an object whose table has one wrong number: each ends with one line, before
//! anything is registered. The test needs a `qemu-system-aarch64`, so it runs only on request:
//! `cargo test --test lying_qemu`.

use oldstable::sys::{self, Release};
use std::convert::TryInto;
use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

#[path = "../common/cargo_build.rs"]
mod cargo_build;
#[cfg(target_arch = "x86_64")]
mod elf;
#[path = "../common/example.rs"]
mod example;

#[cfg(target_arch = "x86_64")]
use elf::{Elf, TypeInfo};

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

/// What becomes of a QEMU without the object.
#[cfg(target_arch = "x86_64")]
fn stock(qemu: &Path) -> Output {
    output_of(&mut bare(qemu))
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
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut qemu = command.stderr(Stdio::piped()).spawn().expect("QEMU starts");
    // A QEMU that was refused reads nothing.
    let _ = qemu.stdin.take().expect("a pipe").write_all(b"quit\n");
    qemu.wait_with_output().expect("QEMU ends")
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

#[cfg(target_arch = "x86_64")]
/// Makes a copy of the installed QEMU that states another version.
fn saying(major: u64, minor: u64, micro: u64, folder: &Path) -> PathBuf {
    let mut elf = Elf(fs::read(installed()).expect("QEMU is read"));
    let (address, size) = elf.function("qmp_query_version");
    let start = elf.place(address);
    let code = start..start + size;
    let find = |elf: &Elf, bytes: &[u8]| {
        let mut at = code.clone();
        at.find(|at| elf.0[*at..].starts_with(bytes))
    };
    // movdqa of major and minor, or a movq of each; then a movq of micro.
    if let Some(at) = find(&elf, &[0x66, 0x0f, 0x6f, 0x05]) {
        let relative = elf.number(at + 4, 4) as u32 as i32;
        let target = (address + (at - start) + 8) as i64 + i64::from(relative);
        let place = elf.place(target.try_into().expect("an address"));
        elf.put(place, major);
        elf.put(place + 8, minor);
    } else {
        let at = find(&elf, &[0x48, 0xc7, 0x00]).expect("major");
        elf.0[at + 3] = major as u8;
        let at = find(&elf, &[0x48, 0xc7, 0x40, 0x08]).expect("minor");
        elf.0[at + 4] = minor as u8;
    }
    let at = find(&elf, &[0x48, 0xc7, 0x40, 0x10]).expect("micro");
    elf.0[at + 4] = micro as u8;
    let file = folder.join(format!("qemu-{}.{}.{}", major, minor, micro));
    elf.save(&file);
    file
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_qemu_that_says_another_version_is_refused() {
    let object = example::build("pl011");
    let folder = folder("version");
    let (own, micro) = version();
    let honest = run(&installed(), &object, own, "");
    assert!(honest.status.success() && lines(&honest).is_empty(), "{:?}", honest);
    for claimed in sys::RELEASES.iter() {
        let (major, minor) = (u64::from(claimed.major), u64::from(claimed.minor));
        if (claimed.major, claimed.minor) == (own.major, own.minor) {
            continue;
        }
        let qemu = saying(major, minor, micro, &folder);
        let preloaded = output_of(bare(&qemu).env("LD_PRELOAD", &object));
        let lines = lines(&preloaded);
        assert_eq!(lines.len(), 1, "{}.{}: {:?}", major, minor, preloaded);
        println!("{}.{}, preloaded: {}", major, minor, lines[0]);
        if own.plugin_version.is_some() {
            // QEMU itself may refuse a plugin for another version of the plugin interface.
            let plugged = run(&qemu, &object, own, "");
            assert_eq!(plugged.status.signal(), None, "{:?}", plugged);
            assert!(!plugged.status.success(), "{}.{}: {:?}", major, minor, plugged);
        }
        fs::remove_file(qemu).expect("the copy");
    }

    let (major, minor) = (u64::from(own.major), u64::from(own.minor));
    let development = saying(major, minor, 50, &folder);
    let line = is_refused(&run(&development, &object, own, ""), "development");
    assert!(line.contains("unsafe-abi=on"), "{}", line);
    let allowed = run(&development, &object, own, ",unsafe-abi=on");
    assert!(allowed.status.success() && lines(&allowed).is_empty(), "{:?}", allowed);
    fs::remove_dir_all(folder).expect("the folder");
}

/// QEMU's own types whose instances or classes we use, and their parents.
#[cfg(target_arch = "x86_64")]
const TYPES: [(&str, &str); 9] = [
    ("device", "object"),
    ("sys-bus-device", "device"),
    ("pci-device", "device"),
    ("i2c-slave", "device"),
    ("memory-region", "object"),
    // Its name in 5.2.
    ("qemu:memory-region", "object"),
    ("irq", "object"),
    ("clock", "object"),
    ("pl011", "sys-bus-device"),
];

#[test]
#[cfg(target_arch = "x86_64")]
fn a_qemu_that_has_one_type_of_another_size_is_refused() {
    let object = example::build("pl011");
    let (own, _) = version();
    let folder = folder("sizes");
    let honest = Elf(fs::read(installed()).expect("QEMU is read"));
    let infos = honest.type_infos();
    let infos = infos.iter().filter(|info| TYPES.contains(&(&*info.name, &*info.parent)));
    let file = folder.join("qemu");
    let mut count = 0;
    for TypeInfo { name, at, .. } in infos {
        let at = at + oldstable_compat::mem::offset_of!(sys::TypeInfo, instance_size);
        let size = honest.number(at, 8) as u64;
        // QEMU's own assertions refuse what is larger than a descendant.
        let mut elf = Elf(honest.0.clone());
        elf.put(at, size - 8);
        elf.save(&file);
        let line = is_refused(&run(&file, &object, own, ""), name);
        assert!(line.contains("the size of the type"), "{}: {}", name, line);
        println!("{} in place of {}: {}", size - 8, size, line);
        count += 1;
    }
    assert_eq!(count, TYPES.len() - 1);
    fs::remove_dir_all(folder).expect("the folder");
}

/// Where the size of its class lies in a `TypeInfo`. It is no constant on old compilers.
#[cfg(target_arch = "x86_64")]
fn class_size() -> usize {
    oldstable_compat::mem::offset_of!(sys::TypeInfo, class_size)
}

/// The types whose classes ours begin with or are held against, and the sizes of these.
#[cfg(target_arch = "x86_64")]
fn classes(release: &Release) -> [(&'static str, usize); 6] {
    [
        ("device", release.device_class.size),
        ("sys-bus-device", release.sysbus_class_size),
        ("pci-device", release.pci_class.size),
        ("i2c-slave", release.i2c_class.size),
        ("interface", release.interface_class_size),
        ("resettable", release.sizes.resettable_class),
    ]
}

/// It is refused when the object is preloaded. When it is a plugin, QEMU has made its classes before, and where they do not
/// fit it has ended by its own assertion, or its own memory fault, with the plugin as without.
#[cfg(target_arch = "x86_64")]
fn class_is_refused(qemu: &Path, object: &Path, own: &Release, name: &str) {
    let mut refused = vec![output_of(bare(qemu).env("LD_PRELOAD", object))];
    let without = stock(qemu).status;
    if own.plugin_version.is_some() && without.success() {
        refused.push(run(qemu, object, own, ""));
    }
    for output in &refused {
        let line = is_refused(output, name);
        assert!(line.contains(&format!("the size of the class {} is", name)), "{}", line);
        println!("{}; without the object: {}", line, without);
    }
}

/// As if it had been built from other headers: a class is larger, and with it each constant that descends from it.
#[test]
#[cfg(target_arch = "x86_64")]
fn a_qemu_that_has_larger_classes_is_refused() {
    let object = example::build("pl011");
    let (own, _) = version();
    let folder = folder("larger-classes");
    let file = folder.join("qemu");
    let honest = Elf(fs::read(installed()).expect("QEMU is read"));
    let infos = honest.type_infos();
    for &(name, size) in &classes(own) {
        let mut family = vec![name];
        let mut next = 0;
        while let Some(parent) = family.get(next).copied() {
            let children = infos.iter().filter(|info| info.parent == parent).map(|info| &*info.name);
            let new: Vec<&str> = children.filter(|child| !family.contains(child)).collect();
            family.extend(new);
            next += 1;
        }
        let mut elf = Elf(honest.0.clone());
        let of_family = infos.iter().filter(|info| family.contains(&&*info.name));
        let places = of_family.map(|info| info.at + class_size());
        // What has none has its parent's; and a text with its neighbour need not be the names of a type.
        for at in places.filter(|at| (size..0x1000).contains(&honest.number(*at, 8))) {
            elf.put(at, honest.number(at, 8) as u64 + 8);
        }
        elf.save(&file);
        class_is_refused(&file, &object, own, name);
    }
    fs::remove_dir_all(folder).expect("the folder");
}

/// One class that does not fit its descendants.
#[test]
#[cfg(target_arch = "x86_64")]
fn a_qemu_that_has_one_class_of_another_size_is_refused() {
    let object = example::build("pl011");
    let (own, _) = version();
    let folder = folder("classes");
    let file = folder.join("qemu");
    let honest = Elf(fs::read(installed()).expect("QEMU is read"));
    let infos = honest.type_infos();
    for (name, size) in &classes(own) {
        let mut places = infos.iter().filter(|info| info.name == *name).map(|info| info.at + class_size());
        let at = places.find(|at| honest.number(*at, 8) == *size).expect("the type");
        for other in &[size - 8, size + 8] {
            let mut elf = Elf(honest.0.clone());
            elf.put(at, *other as u64);
            elf.save(&file);
            class_is_refused(&file, &object, own, name);
        }
    }
    fs::remove_dir_all(folder).expect("the folder");
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
    let harness = ["--example", "harness", "--features", "testing"];
    let object = cargo_build::build(cargo_build::own_manifest(), &harness, |built| built.ends_with("libharness.so"));
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
