//! A guest that writes more than somebody reads: it waits, nothing is lost, and nothing changes its place.

use std::io::{ErrorKind, Read};
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};

use super::a64::*;
use super::console::{Console, Pace};
use super::machine::{virt, Setting, PATIENCE};
use super::program::{self, DR, FR, FR_TXFF_BIT, VIRT_UART};

/// More than a pipe or a socket holds for a reader who has not come yet.
const COUNT: u32 = 1_000_000;
/// Late, and then slower than the guest writes.
const PACE: Pace = Pace { chunk: 4000, delay: Duration::from_secs(2), pause: Duration::from_millis(1) };

/// Writes its bytes as soon as the FIFO takes them, and powers off at once, with the last ones in the FIFO.
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

/// What the guest writes.
fn wanted() -> Vec<u8> {
    (0..COUNT).map(|number| (number >> 8 ^ number) as u8).collect()
}

/// With a reader at a pipe.
pub fn pipe(setting: &Setting) -> Result<()> {
    let kernel = program::file(&image())?;
    let mut command = virt(setting.emulator, setting.plugins, "aarch64")?;
    command.args(["-serial", "stdio", "-kernel"]).arg(kernel.path());
    let mut machine = setting.start_with(&mut command, |command| Console::with_reader(command, PACE))?;
    let read = machine.console.take(COUNT as usize, PATIENCE)?;
    machine.powered_off()?;
    compare(&read)
}

/// With a reader at a socket.
pub fn socket(setting: &Setting) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("serial");
    let listener = UnixListener::bind(&path)?;
    listener.set_nonblocking(true)?;
    let kernel = program::file(&image())?;
    let mut command = virt(setting.emulator, setting.plugins, "aarch64")?;
    command.arg("-serial").arg(format!("unix:{}", path.display())).arg("-kernel").arg(kernel.path());
    let reader = thread::spawn(move || read_slowly(&listener));
    let mut machine = setting.start_with(&mut command, Console::start)?;
    let read = reader.join().ok().context("the reader ended by a panic")??;
    machine.powered_off()?;
    compare(&read)
}

fn read_slowly(listener: &UnixListener) -> Result<Vec<u8>> {
    let end = Instant::now() + PATIENCE;
    let mut stream = accept(listener, end)?;
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    thread::sleep(PACE.delay);
    let mut all = Vec::new();
    let mut buffer = vec![0; PACE.chunk];
    while Instant::now() < end {
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        all.extend(&buffer[..n]);
        thread::sleep(PACE.pause);
    }
    Ok(all)
}

/// Waits for QEMU, which may not even have started.
fn accept(listener: &UnixListener, end: Instant) -> Result<UnixStream> {
    loop {
        match listener.accept() {
            Ok((stream, _)) => return Ok(stream),
            Err(e) if e.kind() == ErrorKind::WouldBlock && Instant::now() < end => {
                thread::sleep(Duration::from_millis(20));
            }
            Err(e) => return Err(e).context("QEMU did not connect to the socket"),
        }
    }
}

fn compare(read: &[u8]) -> Result<()> {
    let wanted = wanted();
    let differs = read.iter().zip(&wanted).position(|(a, b)| a != b);
    ensure!(differs.is_none(), "byte {} is another than the guest wrote", differs.unwrap_or_default());
    ensure!(read.len() == wanted.len(), "the guest wrote {} bytes, and {} were read", wanted.len(), read.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_byte_and_two_in_the_wrong_order_are_found() {
        let mut bytes = wanted();
        compare(&bytes).unwrap();
        bytes.swap(70_000, 70_001);
        assert!(compare(&bytes).unwrap_err().to_string().contains("byte 70000"));
        bytes.swap(70_000, 70_001);
        bytes.remove(300_000);
        assert!(compare(&bytes).is_err());
        bytes.truncate(300_000);
        assert!(compare(&bytes).unwrap_err().to_string().contains("300000 were read"));
    }
}
