// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Events that a device sends to the clients of QEMU's monitor.

use crate::bql;
use crate::foreign::IntoForeign;
use crate::sys;
use oldstable_compat::c_str;

/// An event for each client that is connected over QMP at the moment.
///
/// ```no_run
/// use oldstable::qmp::Event;
///
/// Event::new("__ORG.EXAMPLE_TURNED").text("id", "odometer").number("count", 1000).send();
/// ```
///
/// The client reads `{"timestamp": …, "event": "__ORG.EXAMPLE_TURNED", "data": {"id": "odometer", "count": 1000}}`. The event
/// is not in QEMU's schema (`query-qmp-schema`).
#[derive(Clone, Debug)]
pub struct Event {
    name: String,
    data: Vec<(String, Value)>,
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Number(i64),
}

/// Letters, digits and a few more, which QMP's names consist of.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

impl Event {
    /// Begins an event. Its name begins with two underscores and a domain of yours, reversed, so that it is never one of
    /// QEMU's.
    ///
    /// # Panics
    /// If it does not begin with two underscores, or has other characters than letters, digits, `_`, `-` and `.`.
    #[track_caller]
    pub fn new(name: &str) -> Event {
        assert!(
            name.starts_with("__") && is_name(name),
            "{:?} is not the name of an event outside QEMU: __ORG.EXAMPLE_NAME, of letters, digits, _, - and .",
            name
        );
        Event { name: name.to_owned(), data: Vec::new() }
    }

    /// Adds a text to its data; one of the same name is replaced.
    ///
    /// # Panics
    /// If the text has a NUL, or the name other characters than those of [`new`](Self::new).
    #[track_caller]
    pub fn text(self, name: &str, text: &str) -> Event {
        assert!(!text.contains('\0'), "the text {:?} of an event has a NUL", text);
        self.with(name, Value::Text(text.to_owned()))
    }

    /// Adds a number to its data; one of the same name is replaced.
    ///
    /// # Panics
    /// If the name has other characters than those of [`new`](Self::new).
    #[track_caller]
    pub fn number(self, name: &str, number: i64) -> Event {
        self.with(name, Value::Number(number))
    }

    #[track_caller]
    fn with(mut self, name: &str, value: Value) -> Event {
        assert!(is_name(name), "{:?} is not a name in an event's data: letters, digits, _, - and .", name);
        self.data.push((name.to_owned(), value));
        self
    }

    /// Sends the event.
    #[track_caller]
    pub fn send(&self) {
        bql::expect_locked();
        // SAFETY: the texts have no NUL and are copied; the dictionaries are new, and the outer owns the inner one.
        unsafe {
            let event = sys::qmp_event_build_dict(self.name.clone().into_foreign().as_ptr());
            if !self.data.is_empty() {
                let data = sys::qdict_new();
                for (name, value) in &self.data {
                    let name = name.clone().into_foreign();
                    match value {
                        Value::Text(text) => {
                            sys::qdict_put_str(data, name.as_ptr(), text.clone().into_foreign().as_ptr())
                        }
                        Value::Number(number) => sys::qdict_put_int(data, name.as_ptr(), *number),
                    }
                }
                sys::qdict_put_obj(event, c_str!("data").as_ptr(), data);
            }
            sys::qapi_event_emit(sys::FIRST_EVENT, event);
            sys::qdict_unref(event);
        }
    }
}
