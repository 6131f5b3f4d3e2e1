//! What was read from the distributions' own builds of QEMU.
//!
//! `tests/data/qemu-abi*.toml` has the layouts, `tests/data/qemu-symbols.txt` the exported symbols.

use oldstable::sys::{self, Release};
use std::collections::HashMap;

#[cfg(target_pointer_width = "64")]
const FACTS: &str = include_str!("../data/qemu-abi.toml");
#[cfg(target_pointer_width = "32")]
const FACTS: &str = include_str!("../data/qemu-abi-i386.toml");
const PCI_FACTS: &str = include_str!("../data/qemu-abi-pci.toml");
const SYMBOLS: &str = include_str!("../data/qemu-symbols.txt");

/// A C struct of one release.
#[derive(Default)]
pub struct Struct {
    pub size: usize,
    pub align: usize,
    pub fields: HashMap<&'static str, usize>,
}

/// What follows `key = ` in a line of the facts, up to the next comma.
fn value(line: &'static str, key: &str) -> Option<&'static str> {
    let start = line.find(&format!("{} = ", key))? + key.len() + 3;
    let rest = &line[start..];
    let end = rest.find(|c| c == ',' || c == ' ').unwrap_or(rest.len());
    Some(rest[..end].trim_matches('"'))
}

fn number(line: &'static str, key: &str) -> Option<usize> {
    value(line, key)?.parse().ok()
}

/// All structs of a release. The facts are written one table a struct and one line a field, so that they
/// can be read on a compiler for which no TOML parser builds.
pub fn structs(release: &str) -> HashMap<&'static str, Struct> {
    let mut structs = HashMap::new();
    let prefix = format!("[qemu.\"{}\".struct.", release);
    let mut current: Option<&'static str> = None;
    for line in FACTS.lines().chain(PCI_FACTS.lines()) {
        if line.starts_with('[') {
            current = line
                .strip_prefix(prefix.as_str())
                .and_then(|name| name.strip_suffix(']'));
            if let Some(name) = current {
                structs.insert(name, Struct::default());
            }
        } else if let Some(known) = current.and_then(|name| structs.get_mut(name)) {
            if line.starts_with("size = ") {
                known.size = number(line, "size").expect("a size");
            } else if line.starts_with("align = ") {
                known.align = number(line, "align").expect("an alignment");
            } else if line.contains("{ name = ") {
                let name = value(line, "name").expect("a name");
                known
                    .fields
                    .insert(name, number(line, "offset").expect("an offset"));
            }
        }
    }
    assert!(!structs.is_empty(), "no facts of QEMU {}", release);
    structs
}

/// The number of a name in an enum.
pub fn enum_number(release: &str, c_name: &str, value: &str) -> usize {
    let table = format!("[qemu.\"{}\".enum.{}]", release, c_name);
    let values = FACTS
        .lines()
        .chain(PCI_FACTS.lines())
        .skip_while(|line| *line != table)
        .find(|line| line.starts_with("values"))
        .expect("the enum");
    number(values, value).expect("the name")
}

/// The first bit of a field, counted from the start of its struct.
pub fn bit(release: &str, c_name: &str, field: &str) -> usize {
    let table = format!("[qemu.\"{}\".struct.{}]", release, c_name);
    let start = format!("{{ name = \"{}\",", field);
    let line = FACTS
        .lines()
        .skip_while(|line| *line != table)
        .find(|line| line.trim_start().starts_with(&start))
        .expect("the field");
    8 * number(line, "offset").expect("an offset") + number(line, "bit_offset").unwrap_or(0)
}

/// The name under which the facts have a release of this architecture.
pub fn name(release: &Release) -> String {
    let suffix = if cfg!(target_pointer_width = "32") {
        "-i386"
    } else {
        ""
    };
    format!("{}.{}{}", release.major, release.minor, suffix)
}

pub fn for_each_release(check: impl Fn(&Release, &HashMap<&'static str, Struct>)) {
    for release in &sys::RELEASES {
        check(release, &structs(&name(release)));
    }
}

/// A number of the facts that is no struct: `KEY = 7` in the table of constants of a release.
pub fn constant(release: &Release, key: &str) -> Option<&'static str> {
    let table = format!("[qemu.\"{}\".const]", name(release));
    FACTS
        .lines()
        .skip_while(|line| *line != table)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .find(|line| line.starts_with(&format!("{} = ", key)))
        .and_then(|line| value(line, key))
}

/// Which releases export each symbol.
pub fn exporters() -> HashMap<&'static str, Vec<&'static str>> {
    let lines = SYMBOLS.lines().filter(|line| !line.starts_with('#'));
    let symbols = lines.map(|line| {
        let mut words = line.split(' ');
        (words.next().expect("a name"), words.collect())
    });
    symbols.collect()
}
