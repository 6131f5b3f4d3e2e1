// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Runs each program in a separate QEMU, and checks how that ends.

use oldstable::compat::sync::OnceLock;
use oldstable::plugin::Settings;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, Owned};
use oldstable::timer::{ClockType, Timer};
use oldstable::Result;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{channel, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How a program must end.
#[derive(Clone, Copy)]
pub enum End {
    /// QEMU exits normally, and the program has printed a line with this text.
    Clean(&'static str),
    /// The process ends by a signal or with status 1, with a sentence that contains this text and a line of the
    /// program's file.
    Sentence(&'static str),
    /// Like `Sentence`, if the line cannot be known.
    SentenceWithoutLine(&'static str),
    /// Like `SentenceWithoutLine` in the releases in which the main thread ends without the lock, else normally.
    WithoutTheLock(&'static str),
}

/// A program.
pub struct Program {
    pub name: &'static str,
    pub file: &'static str,
    pub machine: &'static str,
    /// An example that is plugged in beside it, and its arguments; empty for none.
    pub beside: &'static str,
    pub run: fn(),
    pub end: End,
}

/// Declares the programs of a file: each with how it must end, the machine if not any will do, and the example that
/// is plugged in beside it.
macro_rules! programs {
    ($($name:ident $(on $machine:literal)? $(beside $example:literal)? => $end:ident $text:literal $body:block)*) => {
        pub const PROGRAMS: &[$crate::runner::Program] = &[$($crate::runner::Program {
            name: concat!(module_path!(), "::", stringify!($name)),
            file: file!(),
            machine: $crate::runner::machine(concat!($($machine)?)),
            beside: concat!($($example)?),
            run: $name,
            end: $crate::runner::End::$end($text),
        }),*];
        $(fn $name() $body)*
    };
}

/// Without a machine's name, the machine `none`.
pub const fn machine(name: &'static str) -> &'static str {
    ["none", name][(!name.is_empty()) as usize]
}

/// When a QEMU that a program starts must have ended: before the program's own, behind which nobody would end it.
static LAST_END: OnceLock<Instant> = OnceLock::new();

thread_local! {
    /// Objects to keep until the end.
    static KEPT: RefCell<Vec<Owned<Object>>> = RefCell::default();
    /// What to do later, in this order.
    static LATER: RefCell<VecDeque<Step>> = RefCell::default();
}

/// A turn of the main loop, 40 ms after the last.
#[derive(Clone, Copy)]
enum Step {
    Run(fn()),
    /// The steps behind it wait until this is so.
    Wait(fn() -> bool),
}

/// Keeps an object in a thread-local variable of the main thread, until that ends.
pub fn keep<T: oldstable::qom::IsA<Object>>(object: Owned<T>) {
    KEPT.with(|kept| kept.borrow_mut().push(Owned::upcast(object)));
}

/// Keeps an object until the process has ended, whatever ends before.
pub fn forever<T: oldstable::qom::IsA<Object>>(object: Owned<T>) -> &'static Owned<T> {
    Box::leak(Box::new(object))
}

fn push(step: Step) {
    LATER.with(|later| later.borrow_mut().push_back(step));
}

/// Runs an action in the main loop, after all deferred work. Several actions are run one after the other.
pub fn later(what: fn()) {
    push(Step::Run(what))
}

/// Waits with the later actions until this is so, or the program has taken too long.
pub fn wait_until(what: fn() -> bool) {
    push(Step::Wait(what))
}

/// Waits with the later actions for some turns of the main loop, where nothing shows that all has been done.
pub fn pause(turns: usize) {
    (0..turns).for_each(|_| later(|| ()))
}

/// Sends QEMU's monitor a command.
pub fn ask(command: &str) {
    println!("== ask {{\"execute\": \"{}\"}}", command);
}

/// Has QEMU's monitor save the machine. There is a file of this name when that is over, well or not.
pub fn save_to(file: &Path) {
    let uri = format!("exec:cat > {0}.part; mv {0}.part {0}", file.display());
    ask(&format!("migrate\", \"arguments\": {{\"uri\": \"{}\"}}, \"id\": \"save", uri))
}

oldstable::qom_define_type! {
    /// Runs the later actions.
    pub struct Later("attacks-later"): DeviceState, Object {
        timer: Timer,
    }
}

impl ObjectImpl for Later {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|later| later.timer.init(later, ClockType::Realtime, Later::next));
}

impl DeviceImpl for Later {}

impl Later {
    fn wait(&self) {
        const MILLISECONDS: i64 = 1_000_000;
        self.timer.start_at(ClockType::Realtime.now() + 40 * MILLISECONDS)
    }

    fn next(&self) {
        match LATER.with(|later| later.borrow_mut().pop_front()) {
            Some(step) => {
                match step {
                    Step::Run(what) => what(),
                    Step::Wait(what) if what() => {}
                    Step::Wait(_) => LATER.with(|later| later.borrow_mut().push_front(step)),
                }
                self.wait()
            }
            None => {
                println!("== done");
                ask("quit")
            }
        }
    }
}

/// Runs the program that the argument `test=NAME` names, or all of them.
pub fn run(settings: &Settings, programs: &'static [&'static [Program]]) -> Result<()> {
    let programs: Vec<&Program> = programs.iter().flat_map(|part| part.iter()).collect();
    // A QEMU with one program also gets the arguments meant for all of them.
    let only = settings.get("only").unwrap_or_default();
    // A cell's environment has no place among the arguments of its QEMU.
    let otherwise = || env::var("OLDSTABLE_SECONDS").map_or(30, |text| text.parse().expect("a number of seconds"));
    let longest = Duration::from_secs(settings.number("seconds")?.unwrap_or_else(otherwise));
    if let Some(name) = settings.get("test") {
        let found = programs.iter().find(|program| program.name == name);
        let program = found.ok_or_else(|| format!("there is no program {}", name))?;
        let _ = LAST_END.set(Instant::now() + longest / 10 * 9);
        let later = Later::new();
        (program.run)();
        later.wait();
        keep(later);
        return Ok(());
    }
    run_all(programs.into_iter().filter(|program| program.name.contains(only)).collect(), longest)
}

fn run_all(programs: Vec<&'static Program>, longest: Duration) -> ! {
    const AT_ONCE: usize = 2;
    let (programs, next) = (Arc::new(programs), Arc::new(AtomicUsize::new(0)));
    let failed = Arc::new(AtomicUsize::new(0));
    let output = Arc::new(Mutex::new(()));
    let workers: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (programs, next) = (programs.clone(), next.clone());
            let (failed, output) = (failed.clone(), output.clone());
            thread::spawn(move || loop {
                let program = match programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    Some(program) => program,
                    None => return,
                };
                let result = run_one(program, longest);
                let _one_at_a_time = output.lock();
                match result {
                    Ok(()) => println!("test {} ... ok", program.name),
                    Err(why) => {
                        failed.fetch_add(1, Ordering::Relaxed);
                        println!("test {} ... FAILED: {}", program.name, why)
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().expect("a worker ends");
    }
    let failed = failed.load(Ordering::Relaxed);
    println!("{} passed, {} failed on none-machine", programs.len() - failed, failed);
    std::process::exit((failed > 0 || programs.is_empty()) as i32)
}

/// What this process was started by. It is read once: valgrind gives all who open the file one place in it.
fn own_arguments() -> &'static [String] {
    static OWN: OnceLock<Vec<String>> = OnceLock::new();
    OWN.get_or_init(|| {
        let own = fs::read("/proc/self/cmdline").expect("the command that this process was started by");
        let words = own.split(|byte| *byte == 0).filter(|word| !word.is_empty());
        words.map(|word| String::from_utf8_lossy(word).into_owned()).collect()
    })
}

/// Returns a QEMU with the arguments of this one, a program and its machine.
fn command(name: &str, machine: &str) -> Command {
    let mut arguments = own_arguments().iter().cloned();
    let mut command = Command::new(arguments.next().expect("the program's name"));
    while let Some(argument) = arguments.next() {
        // What has been added below, where a program starts another.
        if argument == "-qmp" || argument == "-nic" {
            arguments.next();
            continue;
        }
        command.arg(&argument);
        match argument.as_str() {
            "-plugin" => {
                let plugin = arguments.next().unwrap_or_default();
                command.arg(format!("{},test={}", plugin, name));
            }
            "-M" => {
                arguments.next();
                command.arg(machine);
            }
            _ => {}
        }
    }
    command.args(&["-qmp", "stdio", "-nic", "none"]);
    command.env("OLDSTABLE_PLUGIN", format!("test={}", name));
    command.env("RUST_BACKTRACE", "0");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn lines(of: impl Read + Send + 'static, into: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(of).split(b'\n') {
            let line = line.map(|line| String::from_utf8_lossy(&line).into_owned());
            if line.map_or(true, |line| into.send(line).is_err()) {
                break;
            }
        }
    });
}

/// How long a process, and those that it has started, have waited for a processor: a machine with other work is no fault
/// of theirs.
fn waited_by(process: u32) -> Duration {
    let read = |file: &str| fs::read_to_string(format!("/proc/{}/{}", process, file)).unwrap_or_default();
    let nanoseconds = read("schedstat").split(' ').nth(1).and_then(|number| number.parse().ok());
    let started = read(&format!("task/{}/children", process));
    let theirs: Duration = started.split_whitespace().filter_map(|child| child.parse().ok()).map(waited_by).sum();
    theirs + Duration::from_nanos(nanoseconds.unwrap_or_default())
}

/// Returns the process's output up to its end, or `None` if it takes too long, and sends the input that it asks for.
fn said_by(child: &mut Child, longest: Duration) -> Option<String> {
    let (sender, receiver) = channel();
    lines(child.stdout.take().expect("a pipe"), sender.clone());
    lines(child.stderr.take().expect("a pipe"), sender);
    let mut monitor = child.stdin.take().expect("a pipe");
    // It may have exited already.
    let _ = writeln!(monitor, "{{\"execute\": \"qmp_capabilities\"}}");
    let (mut said, start, mut waited) = (String::new(), Instant::now(), Duration::default());
    loop {
        match receiver.recv_timeout((longest + waited).checked_sub(start.elapsed()).unwrap_or_default()) {
            Ok(line) => {
                if let Some(command) = line.strip_prefix("== ask ") {
                    let _ = writeln!(monitor, "{}", command);
                }
                said += &line;
                said.push('\n');
            }
            Err(RecvTimeoutError::Disconnected) => return Some(said),
            Err(RecvTimeoutError::Timeout) => {
                let before = std::mem::replace(&mut waited, waited_by(child.id()));
                if waited <= before {
                    let _ = child.kill();
                    return None;
                }
            }
        }
    }
}

/// Plugs an example in, which lies beside this object.
fn plug_in(command: &mut Command, test: &str, example: &str) {
    let (name, arguments) = example.split_at(example.find(',').unwrap_or(example.len()));
    let maps = fs::read_to_string("/proc/self/maps").expect("what this process has loaded");
    let own = maps
        .lines()
        .find(|line| line.ends_with("/libattacks.so"))
        .and_then(|line| line.find('/').map(|at| &line[at..]));
    let own = Path::new(own.expect("this object"));
    let other = own.with_file_name(format!("lib{}.so", name));
    if own_arguments().contains(&"-plugin".to_owned()) {
        command.arg("-plugin").arg(format!("{}{}", other.display(), arguments));
    } else {
        command.env("LD_PRELOAD", format!("{}:{}", own.display(), other.display()));
        command.env("OLDSTABLE_PLUGIN", format!("libattacks.so,test={};lib{}.so{}", test, name, arguments));
    }
}

/// How a QEMU ends, and what it has said.
fn end_of(command: &mut Command, longest: Duration) -> std::result::Result<(ExitStatus, String), String> {
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let said = said_by(&mut child, longest);
    let status = child.wait().map_err(|error| error.to_string())?;
    let said = said.ok_or("it has not ended in time")?;
    // Messages of QEMU, GLib and the C library about broken memory or state.
    for word in &["ssertion `", "Bail out", "CRITICAL", "free()", "malloc", "corrupt"] {
        if said.contains(word) {
            return Err(format!("{}; {}: {}", word, status, said.replace('\n', " | ")));
        }
    }
    Ok((status, said))
}

/// Starts another QEMU as this one was started, for another program and with more arguments.
pub fn run_again(name: &str, arguments: &[&str]) -> std::result::Result<(ExitStatus, String), String> {
    let mut command = command(name, "none");
    let waited = waited_by(std::process::id());
    let left = LAST_END.get().map(|end| (*end + waited).saturating_duration_since(Instant::now()));
    end_of(command.args(arguments), left.unwrap_or_default())
}

fn run_one(program: &Program, longest: Duration) -> std::result::Result<(), String> {
    /// That of an invalid instruction: on Arm it is a breakpoint's.
    const SIGNAL_OF_STD: i32 = if cfg!(target_arch = "aarch64") { 5 } else { 4 };
    const SIGABRT: i32 = 6;
    let mut command = command(program.name, program.machine);
    if !program.beside.is_empty() {
        plug_in(&mut command, program.name, program.beside);
    }
    // What it leaves in its folder goes with that.
    let folder = std::env::temp_dir().join(format!("{}-{}", program.name.replace("::", "-"), std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).map_err(|error| error.to_string())?;
    let ended = end_of(command.env("TMPDIR", &folder), longest);
    fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    let (status, said) = ended?;
    let problem = |what: &str| Err(format!("{}; {}: {}", what, status, said.replace('\n', " | ")));
    let end = match program.end {
        End::WithoutTheLock(text) if oldstable::sys::release().major >= 10 => End::SentenceWithoutLine(text),
        End::WithoutTheLock(_) => End::Clean("== done"),
        end => end,
    };
    let (text, with_line) = match end {
        End::Clean(text) => {
            if !status.success() || !said.contains("== done") {
                return problem("it has not ended in good order");
            }
            (text, false)
        }
        End::Sentence(text) => (text, true),
        End::SentenceWithoutLine(text) | End::WithoutTheLock(text) => (text, false),
    };
    if !said.contains(text) {
        return problem(&format!("it has not said: {}", text));
    }
    if let End::Clean(_) = end {
        return Ok(());
    }
    if with_line && !said.contains(&format!("{}:", program.file)) {
        return problem("no line of the program's is named");
    }
    // Old releases of std end a panic inside a panic like this.
    let ended_by_std = status.signal() == Some(SIGNAL_OF_STD) && said.contains("thread panicked while");
    if status.signal() != Some(SIGABRT) && status.code() != Some(1) && !ended_by_std {
        return problem("the process was not ended by us");
    }
    Ok(())
}
