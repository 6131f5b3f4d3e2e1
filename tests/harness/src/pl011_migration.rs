// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU's own PL011 and ours read each other's section of the migration stream.

use crate::pl011::board::Board;
use crate::pl011::model::random::{operations, Random};
use oldstable::compat::c_str;
use oldstable::pl011::registers::{flag, interrupt, line, offset};
use oldstable::pl011::Pl011;
use oldstable::qom::{ObjectMethods, ObjectType};
use oldstable::testing::Pause;
use oldstable::testing::{load, save as save_alone};

const VERSION: i32 = 2;
const REFUSED: Result<(), i32> = Err(-22);

/// The positions in the stream of the values to check, in words.
const READ_POS: usize = 28;
const READ_COUNT: usize = 29;

oldstable::tests! {
    // As for the tests of `pl011`.
    on "none";

    fn both_devices_save_the_same_bytes() {
        let saved: Vec<Vec<u8>> = boards().iter().map(|board| {
            set_up(board);
            save(board)
        }).collect();
        assert_eq!(saved[0], saved[1]);
    }

    fn each_device_goes_on_where_the_other_was() {
        let [c, ours] = boards();
        for (from, to) in &[(&c, &ours), (&ours, &c), (&ours, &ours)] {
            from.reset();
            set_up(from);
            let stream = save(from);
            to.reset();
            load(to.device(), &stream, VERSION).unwrap();
            for (offset, value) in &REGISTERS {
                assert_eq!(to.read(*offset, 2), (0, *value), "{:#x}", offset);
            }
            let (_, raised) = to.read(offset::RIS, 2);
            assert_eq!(raised as u32 & interrupt::RX, interrupt::RX);
            for byte in b"unread" {
                assert_eq!(to.read(offset::DR, 2), (0, u64::from(*byte)));
            }
            assert_eq!(to.read(offset::FR, 2).1 as u32 & flag::RXFE, flag::RXFE);
        }
    }

    fn the_clock_travels_unless_it_is_asked_not_to() {
        let [_, ours] = boards();
        let [_, copy] = boards();
        ours.set_clock(1);
        ours.write(offset::IBRD, 1, 2);
        ours.write(offset::LCR_H, u64::from(line::FEN), 2);
        load(copy.device(), &save(&ours), VERSION).unwrap();
        // At this rate the receive timeout is far in the future; without a rate it would be over at once.
        copy.input(b"x");
        assert_eq!(copy.read(offset::RIS, 2), (0, 0));
        let has_clock = |stream: &[u8]| stream.windows(11).any(|part| part == b"pl011/clock");
        assert!(has_clock(&save(&ours)));
        ours.device().property_set_bool("realized", false).unwrap();
        ours.device().property_set_bool("migrate-clk", false).unwrap();
        assert!(!has_clock(&save(&ours)));
    }

    fn indices_and_counts_outside_the_fifo_are_refused() {
        let ours = board();
        set_up(&ours);
        let good = save(&ours);
        for (word, values) in &[(READ_POS, [16, -1, i32::MAX]), (READ_COUNT, [17, -1, i32::MIN])] {
            for value in values {
                let mut bad = good.clone();
                bad[4 * word..][..4].copy_from_slice(&value.to_be_bytes());
                assert_eq!(load(ours.device(), &bad, VERSION), REFUSED);
            }
        }
        assert_eq!(load(ours.device(), &good, VERSION), Ok(()));
    }

    fn unsent_output_travels_and_the_device_in_c_refuses_it() {
        let [c, ours] = boards();
        ours.make_room(0);
        for byte in b"unsent" {
            ours.write(offset::DR, u64::from(*byte), 2);
        }
        let stream = save(&ours);
        assert!(load(c.device(), &stream, VERSION).is_err());
        ours.make_room(usize::MAX);
        ours.reset();
        assert_eq!(ours.take_sent(), b"unsent");
        load(ours.device(), &stream, VERSION).unwrap();
        ours.reset();
        assert_eq!(ours.take_sent(), b"unsent");
    }

    fn no_input_is_lost_doubled_or_reordered_wherever_it_waits() {
        let mut random = Random::from_environment();
        let mut refused = 0;
        // Each saves and loads devices, and counts for fifty: the number that shortens other tests shortens this one too.
        for _ in 0..operations(5_000) / 50 {
            let mut input = Input::new(&mut random);
            for _ in 0..4 {
                input.give(&mut random);
                input.read(&mut random);
                refused += u32::from(input.hop(&mut random));
            }
            input.read_all();
        }
        assert!(refused > 0, "QEMU's own was never sent what it has no place for");
    }

    fn more_unread_characters_than_can_be_are_refused() {
        let ours = board();
        ours.input(b"ab");
        let mut stream = save(&ours);
        let name = b"pl011/unread";
        let start = stream.windows(name.len()).position(|part| part == name).unwrap();
        let len = start + name.len() + 4;
        assert_eq!(stream[len..][..4], 1_u32.to_be_bytes());
        stream[len..][..4].copy_from_slice(&4097_u32.to_be_bytes());
        assert_eq!(load(ours.device(), &stream, VERSION), REFUSED);
    }

    fn saved_output_is_written_only_if_this_machine_resumes() {
        let ours = board();
        // Devices of other tests write their remaining output.
        ours.make_room(usize::MAX);
        drop(Pause::new());
        ours.take_sent();
        ours.make_room(0);
        ours.write(offset::DR, 0x55, 2);
        let pause = Pause::new();
        save(&ours);
        ours.make_room(usize::MAX);
        ours.reset();
        assert_eq!(ours.take_sent(), b"");
        drop(pause);
        assert_eq!(ours.take_sent(), b"\x55");
    }

    fn more_unsent_bytes_than_can_be_are_refused() {
        let ours = board();
        ours.make_room(0);
        ours.write(offset::DR, 0, 2);
        let mut stream = save(&ours);
        let name = b"pl011/unsent";
        let start = stream.windows(name.len()).position(|part| part == name).unwrap();
        // The version and then the number of bytes follow the name.
        let len = start + name.len() + 4;
        stream[len..][..4].copy_from_slice(&4097_u32.to_be_bytes());
        assert_eq!(load(ours.device(), &stream, VERSION), REFUSED);
    }
}

const REGISTERS: [(u64, u64); 8] = [
    (offset::ILPR, 0x12),
    (offset::IBRD, 0x3456),
    (offset::FBRD, 0x17),
    (offset::LCR_H, 0x70),
    (offset::CR, 0x301),
    (offset::IFLS, 0x0b),
    (offset::IMSC, 0x55),
    (offset::DMACR, 4),
];

/// A guest's input on its way from one device to another, with the host's part of it.
struct Input {
    board: Board,
    is_ours: bool,
    /// The numbers of the next byte from the host and of the next one that the guest reads.
    next: u8,
    wanted: u8,
    waiting: usize,
}

impl Input {
    fn new(random: &mut Random) -> Input {
        let (board, is_ours) = either(random);
        let fifo = if random.byte() % 4 == 0 { 0 } else { line::FEN };
        board.write(offset::LCR_H, u64::from(fifo), 2);
        Input { board, is_ours, next: 0, wanted: 0, waiting: 0 }
    }

    /// The host sends some bytes, as many as the device takes.
    fn give(&mut self, random: &mut Random) {
        for _ in 0..random.byte() % 4 {
            let room = self.board.can_receive().max(0) as usize;
            // Devices of QEMU before 10 take one at a time.
            let most = if self.is_ours { room } else { room.min(1) };
            let count = most.min(random.byte().into());
            // The older devices in C read a byte from an empty FIFO.
            if count == 0 {
                continue;
            }
            let bytes: Vec<u8> = (0..count).map(|n| self.next.wrapping_add(n as u8)).collect();
            self.board.input(&bytes);
            self.next = self.next.wrapping_add(count as u8);
            self.waiting += count;
        }
    }

    fn read_one(&mut self) {
        let board = &self.board;
        if board.read(offset::FR, 2).1 as u32 & flag::RXFE != 0 {
            board.end_pause();
        }
        assert_eq!(board.read(offset::DR, 2), (0, self.wanted.into()));
        self.wanted = self.wanted.wrapping_add(1);
        self.waiting -= 1;
    }

    fn read(&mut self, random: &mut Random) {
        for _ in 0..self.waiting.min((random.byte() % 64).into()) {
            self.read_one();
        }
    }

    /// Migrates the guest to another device, or continues it on its own if that one refuses; then returns true.
    fn hop(&mut self, random: &mut Random) -> bool {
        let (to, to_ours) = either(random);
        // A machine is stopped before it is saved.
        let pause = Pause::new();
        let stream = save(&self.board);
        let loaded = load(to.device(), &stream, VERSION).is_ok();
        drop(pause);
        if loaded {
            std::mem::replace(&mut self.board, to).leave();
            self.is_ours = to_ours;
        } else {
            assert!(!to_ours, "ours refuses nothing that either has saved");
            to.leave();
        }
        !loaded
    }

    fn read_all(mut self) {
        while self.waiting > 0 {
            self.read_one();
        }
        let board = &self.board;
        assert_eq!(board.read(offset::FR, 2).1 as u32 & flag::RXFE, flag::RXFE);
        assert_eq!(self.next, self.wanted);
        self.board.leave();
    }
}

/// Sets every register, and fills the FIFO.
fn set_up(board: &Board) {
    board.make_room(usize::MAX);
    board.write(offset::LCR_H, u64::from(line::FEN), 2);
    for (offset, value) in &REGISTERS {
        board.write(*offset, *value, 2);
    }
    // The older devices in C keep only the first of several characters.
    for byte in b"unread" {
        board.input(&[*byte]);
    }
}

/// Returns the saved section with further data as in a whole stream, where QEMU looks for more subsections.
fn save(board: &Board) -> Vec<u8> {
    let mut stream = save_alone(board.device()).unwrap();
    stream.extend_from_slice(&[0; 64]);
    stream
}

/// A board with the device in C or with ours, and whether it is the one in C.
fn either(random: &mut Random) -> (Board, bool) {
    let is_ours = random.byte() % 3 > 0;
    let name = if is_ours { Pl011::TYPE } else { c_str!("pl011") };
    let board = Board::new(name);
    board.make_room(usize::MAX);
    (board, is_ours)
}

/// A board with the device in C and one with ours.
fn boards() -> [Board; 2] {
    [Board::new(c_str!("pl011")), board()]
}

/// A board with ours.
fn board() -> Board {
    Board::new(Pl011::TYPE)
}
