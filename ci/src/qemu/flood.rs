//! A guest of our own that writes as fast as the FIFO takes it, and powers the machine off.

use std::path::Path;
use std::process::Command;

use anyhow::{ensure, Result};
use tempfile::NamedTempFile;

use super::a64::*;
use super::machine::{virt, Setting};
use super::program::{self, DR, FR, FR_TXFF_BIT, VIRT_UART};

/// More than a pipe or a socket buffers for a late reader.
pub const COUNT: u32 = 1_000_000;

/// Returns the guest's program in a file.
pub fn kernel() -> Result<NamedTempFile> {
    program::file(&image())
}

/// Returns the virt board with the guest, which writes to `serial`.
pub fn command(setting: &Setting, kernel: &Path, serial: &str) -> Result<Command> {
    let mut command = virt(setting.emulator, setting.plugins, "aarch64")?;
    command.args(["-serial", serial, "-kernel"]).arg(kernel);
    Ok(command)
}

/// It powers off right after its last bytes, which are still in the FIFO.
fn image() -> Vec<u8> {
    let (base, count, number, byte, flags) = (1, 2, 3, 4, 5);
    let write = [
        movz(count, (COUNT >> 16) as u16, 1),
        movk(count, COUNT as u16, 0),
        movz(number, 0, 0),
        // For each number.
        lsr(byte, number, 8),
        eor(byte, byte, number),
        and_byte(byte, byte),
        ldr(flags, base, FR),
        tbnz(flags, FR_TXFF_BIT, -1),
        str(byte, base, DR),
        add(number, number, 1),
        cmp_reg(number, count),
        b_ne(-8),
    ];
    program::bytes(&[&program::set_up(base, VIRT_UART, byte)[..], &write, &program::power_off()].concat())
}

/// Returns the guest's output.
fn written() -> Vec<u8> {
    (0..COUNT).map(|number| (number >> 8 ^ number) as u8).collect()
}

/// Checks that everything that the guest wrote was read, in order.
pub fn check(read: &[u8]) -> Result<()> {
    same(read, &written())
}

/// Checks that the data read equals a guest's output.
pub fn same(read: &[u8], written: &[u8]) -> Result<()> {
    let differs = read.iter().zip(written).position(|(a, b)| a != b);
    ensure!(differs.is_none(), "byte {} is not the one that the guest wrote", differs.unwrap_or_default());
    ensure!(read.len() == written.len(), "the guest wrote {} bytes, but {} were read", written.len(), read.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_byte_and_two_in_the_wrong_order_are_found() {
        let mut bytes = written();
        check(&bytes).unwrap();
        bytes.swap(70_000, 70_001);
        assert!(check(&bytes).unwrap_err().to_string().contains("byte 70000"));
        bytes.swap(70_000, 70_001);
        bytes.remove(300_000);
        assert!(check(&bytes).is_err());
        bytes.truncate(300_000);
        assert!(check(&bytes).unwrap_err().to_string().contains("300000 were read"));
    }
}
