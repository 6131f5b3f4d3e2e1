// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The arguments of preloaded objects, all in one variable.

use crate::foreign::text_at;
use oldstable_compat::ffi::{c_char, c_int, c_void};
use std::path::Path;

/// Returns the arguments in the variable for the object with this file name. Arguments after another object's name are
/// not for it: `libone.so,key=value;libtwo.so,key=value`.
fn given_to<'a>(file: &str, variable: &'a str) -> Vec<&'a str> {
    let mut given = Vec::new();
    for part in variable.split(';') {
        let mut arguments = part.split(',').peekable();
        match arguments.peek().and_then(|first| named(first)) {
            Some(name) if name != file => continue,
            Some(_) => given.extend(arguments.skip(1)),
            None => given.extend(arguments),
        }
    }
    given
}

/// Returns the objects that the variable names.
fn objects(variable: &str) -> impl Iterator<Item = &str> {
    variable.split(';').filter_map(|part| part.split(',').next().and_then(named))
}

/// Returns the file name, if the argument names an object.
fn named(argument: &str) -> Option<&str> {
    if argument.ends_with(".so") && !argument.contains('=') {
        Path::new(argument).file_name().and_then(|name| name.to_str())
    } else {
        None
    }
}

/// Returns the arguments in `OLDSTABLE_PLUGIN` for the object that contains the variable `of`.
///
/// # Errors
/// If it has arguments for an object that is not loaded.
pub(super) fn arguments<T>(of: &'static T) -> Result<Vec<String>, String> {
    let variable = std::env::var("OLDSTABLE_PLUGIN").unwrap_or_default();
    let loaded = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    for object in objects(&variable) {
        if !loaded.is_empty() && !loaded.lines().any(|line| line.ends_with(&format!("/{}", object))) {
            return Err(format!("OLDSTABLE_PLUGIN has arguments for {}, which is not preloaded", object));
        }
    }
    Ok(given_to(&own_file(of), &variable).into_iter().map(str::to_owned).collect())
}

/// The result of `dladdr` for an address.
#[repr(C)]
struct Object {
    file: *const c_char,
    start: *mut c_void,
    symbol: *const c_char,
    symbol_start: *mut c_void,
}

/// Returns the name of the file that contains a variable.
fn own_file<T>(variable: &'static T) -> String {
    extern "C" {
        fn dladdr(address: *const c_void, object: *mut Object) -> c_int;
    }
    let nothing = std::ptr::null_mut();
    let mut object = Object {
        file: nothing as *const c_char,
        start: nothing,
        symbol: nothing as *const c_char,
        symbol_start: nothing,
    };
    // SAFETY: the address is one of the process, and the object's name lives as long as the object.
    let path = unsafe {
        if dladdr(variable as *const T as *const c_void, &mut object) == 0 || object.file.is_null() {
            return String::new();
        }
        text_at(object.file)
    };
    Path::new(&*path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_object_has_what_stands_behind_its_name_and_all_have_the_rest() {
        let variable = "./lib/libone.so,a=1,b;libtwo.so,c=d.so;e=f";
        assert_eq!(given_to("libone.so", variable), ["a=1", "b", "e=f"]);
        assert_eq!(given_to("libtwo.so", variable), ["c=d.so", "e=f"]);
        assert_eq!(given_to("libone.so", "a=1,b=2.so"), ["a=1", "b=2.so"]);
        assert_eq!(given_to("libone.so", ""), [""]);
        assert_eq!(objects(variable).collect::<Vec<_>>(), ["libone.so", "libtwo.so"]);
    }

    #[test]
    fn a_variable_knows_the_file_that_it_is_in() {
        static HERE: u8 = 0;
        let program = std::env::current_exe().unwrap();
        assert_eq!(own_file(&HERE), program.file_name().unwrap().to_string_lossy());
    }
}
