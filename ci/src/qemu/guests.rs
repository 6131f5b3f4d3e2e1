// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The guests of each column, and their outcomes.

use std::fs;
use std::path::Path;

use anyhow::{anyhow, Result};

use super::console::Pace;
use super::emulator::{Emulator, Emulators, Plugin};
use super::images::Images;
use super::images::NotRun;
use super::machine::Setting;
use super::typing::Port;
use super::{bare_metal, boards, echo, migration, reconnect, replay, slow_reader, snapshot, typing, uboot, xen};
use crate::host::cache::digest;
use crate::host::log::append;
use crate::matrix::steps::CellRun;
use crate::project::config::Config;
use crate::report::model::Outcome;

type Work<'a> = dyn Fn(&Setting) -> Result<()> + 'a;

/// A guest: its name, and the function that runs it.
pub struct Guest<'a> {
    name: String,
    /// Whether msrv.toml names it as a guest.
    is_fetched: bool,
    /// Whether QEMU's own devices cannot do it, so that there is no comparison.
    is_ours_alone: bool,
    /// Changes when other files that it reads are updated.
    reads: Result<String>,
    run: Box<Work<'a>>,
}

impl<'a> Guest<'a> {
    pub fn new(name: &str, run: impl Fn(&Setting) -> Result<()> + 'a) -> Guest<'a> {
        Guest {
            name: name.to_string(),
            is_fetched: false,
            is_ours_alone: false,
            reads: Ok(String::new()),
            run: Box::new(run),
        }
    }

    pub fn fetched(name: &str, run: impl Fn(&Setting) -> Result<()> + 'a) -> Guest<'a> {
        Guest { is_fetched: true, ..Guest::new(name, run) }
    }

    fn ours_alone(name: &str, run: impl Fn(&Setting) -> Result<()> + 'a) -> Guest<'a> {
        Guest { is_ours_alone: true, ..Guest::new(name, run) }
    }

    pub fn reading(self, identity: Result<String>) -> Guest<'a> {
        Guest { reads: identity, ..self }
    }
}

pub fn bare() -> Guest<'static> {
    Guest::new("bare-metal", bare_metal::run)
}

/// Our own guest as it is, and what else can be done to it on one machine.
pub fn bare_metals() -> [Guest<'static>; 4] {
    [
        bare(),
        Guest::new("replay", replay::run),
        Guest::new("snapshots", snapshot::run),
        Guest::new("reconnect", reconnect::run),
    ]
}

pub fn uboots() -> [Guest<'static>; 2] {
    let boot = |name, system| Guest::new(name, move |setting| uboot::run(setting, system));
    [boot("u-boot", "aarch64"), boot("u-boot-arm", "arm")]
}

/// Returns the kernel, and its shell as somebody types at it, at each kind of port.
pub fn with_typing<'a>(kernel: Guest<'a>) -> [Guest<'a>; 4] {
    let typing = |name, port| Guest::fetched(name, move |setting| typing::run(setting, port));
    [kernel, typing("typing-stdio", Port::Mux), typing("typing-pty", Port::Pty), typing("typing-socket", Port::Socket)]
}

/// Boards with Debian's kernels, and boards that these do not support.
pub fn boards() -> Vec<Guest<'static>> {
    let kernels = boards::ALL.iter().map(|board| Guest::fetched(&format!("board-{}", board.name()), |s| board.run(s)));
    let own = echo::BOARDS.iter().map(|board| Guest::new(&format!("board-{}", board.name), |s| board.run(s)));
    kernels.chain(own).collect()
}

/// Returns the migrations: from QEMU's own device to ours and back within a release, and from ours to ours in every
/// later one.
pub fn migrations<'a>(run: &CellRun<'a>, own: &Emulator, all: &'a Emulators) -> Vec<Guest<'a>> {
    let mut guests = vec![
        Guest::new("migration-c-to-ours", |ours| migration::uboot(&ours.stock(), ours)),
        Guest::new("migration-ours-to-c", |ours| migration::uboot(ours, &ours.stock())),
        Guest::new("migration-ours-to-ours", |ours| migration::uboot(ours, ours)),
        Guest::fetched("migration-linux", migration::linux),
        Guest::ours_alone("migration-unsent", migration::unsent),
        Guest::ours_alone("migration-unsent-to-c", migration::unsent_to_c),
    ];
    let config = &run.run.bench.project.config;
    for other in all.newer(own) {
        let moves = move |ours: &Setting| {
            known(other, config)?;
            migration::bare_metal(ours, &Setting { emulator: other, ..*ours })
        };
        guests.push(Guest::new(&format!("migration-to-{}", other.cell), moves).reading(other.identity()));
        let unsent = move |ours: &Setting| {
            known(other, config)?;
            migration::unsent_to_newer(ours, &Setting { emulator: other, ..*ours })
        };
        guests.push(Guest::ours_alone(&format!("unsent-to-{}", other.cell), unsent).reading(other.identity()));
    }
    guests
}

pub fn slow_readers() -> [Guest<'static>; 6] {
    [
        Guest::new("slow-pipe", slow_reader::pipe),
        Guest::new("slow-socket", slow_reader::socket),
        Guest::new("slow-and-fast", slow_reader::two_ports),
        Guest::fetched("slow-linux", slow_reader::linux),
        Guest::fetched("slow-xen", |setting| xen::run(setting, slow_reader::PACE_FOR_LINUX)),
        Guest::fetched("fast-xen", |setting| xen::run(setting, Pace::default())),
    ]
}

/// Runs a guest in a QEMU with the object.
pub fn run(run: &CellRun, emulator: &Emulator, object: &Path, guest: &Guest) -> Outcome {
    let config = &run.run.bench.project.config;
    if let Err(unknown) = known(emulator, config) {
        return Outcome::skipped(unknown.to_string());
    }
    let images = match guest.is_fetched {
        true => Images::of(run.run.bench),
        false => Ok(Images::default()),
    };
    let images = match images {
        Ok(images) => images,
        Err(error) => return Outcome::failed(format!("{error:#}")),
    };
    let types = config.qemu.as_ref().map_or(&[][..], |qemu| &qemu.types);
    let depends = || {
        let object = digest([&fs::read(object)?[..]]);
        let reads = guest.reads.as_ref().map_err(|error| anyhow!("{error:#}"))?;
        Ok(format!("{object} {types:?} {} {} {reads}", emulator.identity()?, images.identity()?))
    };
    run.once(&format!("{}-{}", guest.name, emulator.cell), depends, |log| {
        let plugins = [Plugin::replacing(object)];
        let setting = Setting { emulator, plugins: &plugins, types, images: &images, log };
        tried(&setting, guest)
    })
}

/// Fails if no cell expects the release.
fn known(emulator: &Emulator, config: &Config) -> Result<(), NotRun> {
    match emulator.is_known(config) {
        true => Ok(()),
        false => Err(NotRun(format!("the ABI of QEMU {} is not known", emulator.release))),
    }
}

/// Runs a guest; if it fails with QEMU's own devices too, it does not test ours.
fn tried(setting: &Setting, guest: &Guest) -> Outcome {
    let error = match (guest.run)(setting) {
        Ok(()) => return Outcome::passed(),
        Err(error) if error.is::<NotRun>() => return Outcome::skipped(error.to_string()),
        Err(error) if guest.is_ours_alone => return Outcome::failed(format!("{error:#}")),
        Err(error) => error,
    };
    let said = append(setting.log, &format!("\n{error:#}\n\nWith QEMU's own devices:\n"));
    match said.and_then(|()| (guest.run)(&setting.stock())) {
        Ok(()) => Outcome::failed(format!("{error:#}")),
        Err(stock) => Outcome::skipped(format!("it fails with QEMU's own devices too: {stock:#}")),
    }
}

/// Several guests that share a column.
pub fn in_turn(run: &CellRun, emulator: &Emulator, object: &Path, guests: &[Guest]) -> Outcome {
    let mut total = Outcome::default();
    for each in guests {
        total.add(self::run(run, emulator, object, each), &each.name);
    }
    total
}
