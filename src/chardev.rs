//! Character devices, as the device sees them that talks through them.

use crate::callback::{guard, FnCall};
use crate::memory::expect_field_of;
use crate::qdev::{PropertyKind, PropertyType};
use crate::sys::{self, Opaque};
use oldstable_compat::ffi::{c_int, c_void};
use std::convert::TryFrom;

/// What happens at the other end, besides characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A break.
    Break,
    Opened,
    /// The user has switched the terminal to this device.
    MuxIn,
    /// The user has switched the terminal away from this device.
    MuxOut,
    Closed,
}

impl Event {
    fn from_number(number: c_int) -> Option<Event> {
        match number {
            0 => Some(Event::Break),
            1 => Some(Event::Opened),
            2 => Some(Event::MuxIn),
            3 => Some(Event::MuxOut),
            4 => Some(Event::Closed),
            _ => None,
        }
    }
}

/// A device's end of a character device: a field of its configuration, set by a property.
///
/// Without a character device behind it, what is written is gone, and nothing is received.
#[repr(transparent)]
pub struct CharFrontend(Opaque<sys::CharFrontend>);

// SAFETY: zeros are a front end without a character device, and QEMU's property initialises one and
// ends it.
unsafe impl PropertyType for CharFrontend {
    const KIND: PropertyKind = PropertyKind::Chardev;
}

impl CharFrontend {
    /// Begins to receive.
    ///
    /// `can_receive` says how many bytes the device takes now; `receive` gets them, and is only called
    /// for that many; `event` gets what else happens. Each may be called as long as the device lives.
    ///
    /// # Panics
    /// If the front end is not a field of `owner`.
    pub fn enable_handlers<T, C, R, E>(&self, owner: &T, _can_receive: C, _receive: R, _event: E)
    where
        C: for<'a> FnCall<(&'a T,), usize>,
        R: for<'a> FnCall<(&'a T, &'a [u8])>,
        E: for<'a> FnCall<(&'a T, Event)>,
    {
        expect_field_of(owner, self);
        // SAFETY: the front end is a field of the owner, and QEMU takes the handlers away with the
        // property, before the owner ends.
        unsafe {
            sys::qemu_chr_fe_set_handlers(
                self.0.as_mut_ptr(),
                Some(can_receive::<T, C>),
                Some(receive::<T, R>),
                Some(event::<T, E>),
                None,
                owner as *const T as *mut c_void,
                std::ptr::null_mut(),
                true,
            )
        }
    }

    /// Writes as many of the bytes as the other end takes at once, and returns how many.
    pub fn write(&self, bytes: &[u8]) -> usize {
        let length = c_int::try_from(bytes.len()).unwrap_or(c_int::max_value());
        // SAFETY: the bytes are readable for that length.
        let written =
            unsafe { sys::qemu_chr_fe_write(self.0.as_mut_ptr(), bytes.as_ptr(), length) };
        usize::try_from(written).unwrap_or(0)
    }

    /// Writes all of the bytes, however long the other end takes: the whole machine waits.
    pub fn write_all(&self, bytes: &[u8]) {
        for chunk in bytes.chunks(c_int::max_value() as usize) {
            // SAFETY: the bytes are readable for that length.
            unsafe {
                sys::qemu_chr_fe_write_all(
                    self.0.as_mut_ptr(),
                    chunk.as_ptr(),
                    chunk.len() as c_int,
                );
            }
        }
    }

    /// Tells the other end that the device takes bytes again. It may send some before this returns.
    pub fn accept_input(&self) {
        // SAFETY: a front end without a character device is taken as well.
        unsafe { sys::qemu_chr_fe_accept_input(self.0.as_mut_ptr()) }
    }

    /// Begins or ends a break at the other end, where that can have one.
    pub fn set_break(&self, on: bool) {
        const SET_BREAK: c_int = 2;
        let mut on = on as c_int;
        // SAFETY: the request takes the address of an int.
        unsafe {
            sys::qemu_chr_fe_ioctl(
                self.0.as_mut_ptr(),
                SET_BREAK,
                &mut on as *mut c_int as *mut c_void,
            );
        }
    }

    /// Whether there is a character device behind it.
    pub fn is_connected(&self) -> bool {
        // SAFETY: it only reads the front end.
        unsafe { !sys::qemu_chr_fe_get_driver(self.0.as_mut_ptr()).is_null() }
    }
}

unsafe extern "C" fn can_receive<T, C>(opaque: *mut c_void) -> c_int
where
    C: for<'a> FnCall<(&'a T,), usize>,
{
    guard("a character front end's can_receive", || {
        // SAFETY: `enable_handlers` gave QEMU its owner, which outlives the handlers.
        let count = C::call((&*(opaque as *const T),));
        c_int::try_from(count).unwrap_or(c_int::max_value())
    })
}

unsafe extern "C" fn receive<T, R>(opaque: *mut c_void, bytes: *const u8, length: c_int)
where
    R: for<'a> FnCall<(&'a T, &'a [u8])>,
{
    guard("a character front end's receive", || {
        let length = usize::try_from(length).unwrap_or(0);
        if length == 0 {
            return;
        }
        // SAFETY: as in `can_receive`; QEMU passes that many readable bytes.
        R::call((
            &*(opaque as *const T),
            std::slice::from_raw_parts(bytes, length),
        ))
    })
}

unsafe extern "C" fn event<T, E>(opaque: *mut c_void, number: c_int)
where
    E: for<'a> FnCall<(&'a T, Event)>,
{
    guard("a character front end's event", || {
        if let Some(event) = Event::from_number(number) {
            // SAFETY: as in `can_receive`.
            E::call((&*(opaque as *const T), event))
        }
    })
}
