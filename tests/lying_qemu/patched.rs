// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Copies of the installed QEMU, whose machine code or constants are changed: they state another version, or have a type
//! or a class of another size.

mod elf;

use super::*;
use elf::{Elf, TypeInfo};

/// Runs it with the object preloaded, whatever the release.
fn preloaded(qemu: &Path, object: &Path) -> Output {
    output_of(bare(qemu).env("LD_PRELOAD", object))
}

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
        let preloaded = preloaded(&qemu, &object);
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

/// What docs/faq.md says of QEMU 9.2.
#[test]
fn a_release_that_nobody_knows_is_named() {
    let object = example::build("pl011");
    let folder = folder("unknown");
    let (own, micro) = version();
    let qemu = saying(9, 2, micro, &folder);
    let preloaded = preloaded(&qemu, &object);
    assert!(lines(&preloaded)[0].contains("QEMU 9.2 on "), "{:?}", preloaded);
    // It starts with its own devices.
    assert!(preloaded.status.success(), "{:?}", preloaded);
    if own.plugin_version.is_some() {
        let line = is_refused(&run(&qemu, &object, own, ""), "9.2");
        assert!(line.contains("QEMU 9.2 on "), "{}", line);
    }
    fs::remove_dir_all(folder).expect("the folder");
}

/// QEMU's own types whose instances or classes we use, and their parents.
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
        honest.save_with(&[(at, size - 8)], &file);
        let line = is_refused(&run(&file, &object, own, ""), name);
        assert!(line.contains("the size of the type"), "{}: {}", name, line);
        println!("{} in place of {}: {}", size - 8, size, line);
        count += 1;
    }
    assert_eq!(count, TYPES.len() - 1);
    fs::remove_dir_all(folder).expect("the folder");
}

/// Where the size of its class lies in a `TypeInfo`. It is no constant on old compilers.
fn class_size() -> usize {
    oldstable_compat::mem::offset_of!(sys::TypeInfo, class_size)
}

/// The types whose classes ours begin with or are held against, and the sizes of these.
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
fn class_is_refused(qemu: &Path, object: &Path, own: &Release, name: &str) {
    let mut refused = vec![preloaded(qemu, object)];
    let without = output_of(&mut bare(qemu)).status;
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
        let of_family = infos.iter().filter(|info| family.contains(&&*info.name));
        let places = of_family.map(|info| info.at + class_size());
        // What has none has its parent's; and a text with its neighbour need not be the names of a type.
        let places = places.filter(|at| (size..0x1000).contains(&honest.number(*at, 8)));
        let larger: Vec<_> = places.map(|at| (at, honest.number(at, 8) as u64 + 8)).collect();
        honest.save_with(&larger, &file);
        class_is_refused(&file, &object, own, name);
    }
    fs::remove_dir_all(folder).expect("the folder");
}

/// One class that does not fit its descendants.
#[test]
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
            honest.save_with(&[(at, *other as u64)], &file);
            class_is_refused(&file, &object, own, name);
        }
    }
    fs::remove_dir_all(folder).expect("the folder");
}
