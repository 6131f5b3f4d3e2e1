//! The root of all classes and what every object can do.

use super::{IsA, ObjectCast, Owned};
use crate::sys::{self, Opaque};
use crate::{Error, Result};
use oldstable_compat::ffi::{c_char, c_void, CStr, CString};
use std::borrow::Cow;
use std::fmt;

/// A class of QOM.
///
/// # Safety
/// `Self` must be `repr(C)`, must begin with its parent class, and must be no larger than the instance
/// size that QEMU knows for [`TYPE`](Self::TYPE). [`qom_define_type!`](crate::qom_define_type) sees to
/// it.
pub unsafe trait ObjectType: 'static + Sized {
    /// The name that the class has in QEMU.
    const TYPE: &'static CStr;
}

/// The root of all classes.
#[repr(transparent)]
pub struct Object(Opaque<sys::Object>);

// SAFETY: the bytes are QEMU's, and of the size that all releases have.
unsafe impl ObjectType for Object {
    const TYPE: &'static CStr = oldstable_compat::c_str!("object");
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug_fmt(f)
    }
}

/// What can be asked of a class as such.
pub trait ObjectClassMethods: ObjectType {
    /// Makes an instance. Its properties can be set, and a device then be realized.
    ///
    /// # Panics
    /// If the class is not registered or is abstract.
    fn new() -> Owned<Self> {
        // SAFETY: the name is a string; the class is looked at before it is instantiated, since
        // object_new ends QEMU for what it cannot make.
        unsafe {
            let class = sys::object_class_by_name(Self::TYPE.as_ptr());
            assert!(
                !class.is_null() && !sys::object_class_is_abstract(class),
                "{:?} is not a registered class that can be instantiated",
                Self::TYPE
            );
            Owned::from_raw(sys::object_new(Self::TYPE.as_ptr()) as *const Self)
        }
    }
}

impl<T: ObjectType> ObjectClassMethods for T {}

/// What every object can do.
pub trait ObjectMethods: ObjectType {
    /// Whether the object's class is the named one or descends from it, or has the named interface.
    fn is_instance_of(&self, type_name: &CStr) -> bool {
        // SAFETY: the object is live and the name a string.
        unsafe { !sys::object_dynamic_cast(self.as_object_ptr(), type_name.as_ptr()).is_null() }
    }

    /// The name of the object's own class, which may descend from the one that the reference shows.
    fn typename(&self) -> Cow<'_, str> {
        // SAFETY: QEMU returns the name that the type was registered with, which lives as long as QEMU.
        unsafe { CStr::from_ptr(sys::object_get_typename(self.as_object_ptr())) }.to_string_lossy()
    }

    /// The object's place in the tree of objects; None if it is in none.
    fn canonical_path(&self) -> Option<String> {
        // SAFETY: the object is live; the path is the caller's to free.
        unsafe { take_g_string(sys::object_get_canonical_path(self.as_object_ptr())) }
    }

    /// Puts `child` into the tree of objects, below this one. The tree takes over the reference.
    ///
    /// # Errors
    /// If there is a property of this name already.
    fn property_add_child<T: IsA<Object>>(&self, name: &str, child: Owned<T>) -> Result<()>
    where
        Self: IsA<Object>,
    {
        let name = c_string(name)?;
        let mut err = std::ptr::null_mut();
        // SAFETY: both objects are live. The tree takes a reference of its own, and `child` gives up its
        // when it goes out of scope.
        unsafe {
            sys::object_property_try_add_child(
                self.as_object_ptr(),
                name.as_ptr(),
                child.as_object_ptr(),
                &mut err,
            );
            Error::err_or_unit(err)
        }
    }

    /// Takes the object out of the tree; a device is unrealized. It lives on while it is referenced.
    fn unparent(&self)
    where
        Self: IsA<Object>,
    {
        // SAFETY: the object is live, and the reference that `self` lives by is not the tree's alone: a
        // caller that has it from the tree holds no more than QEMU's callers do.
        unsafe { sys::object_unparent(self.as_object_ptr()) }
    }

    /// Reads a property of type string.
    ///
    /// # Errors
    /// If there is none of this name and type.
    fn property_get_str(&self, name: &str) -> Result<String> {
        let name = c_string(name)?;
        let mut err = std::ptr::null_mut();
        // SAFETY: the object is live; the string is the caller's to free.
        unsafe {
            let value = sys::object_property_get_str(self.as_object_ptr(), name.as_ptr(), &mut err);
            Error::err_or_unit(err)?;
            Ok(take_g_string(value).unwrap_or_default())
        }
    }

    /// Reads a property of an unsigned type.
    ///
    /// # Errors
    /// If there is none of this name and type.
    fn property_get_uint(&self, name: &str) -> Result<u64> {
        let name = c_string(name)?;
        let mut err = std::ptr::null_mut();
        // SAFETY: the object is live.
        unsafe {
            let value =
                sys::object_property_get_uint(self.as_object_ptr(), name.as_ptr(), &mut err);
            Error::err_or_unit(err)?;
            Ok(value)
        }
    }

    /// Writes the class and the place, for [`Debug`](fmt::Debug).
    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.typename())?;
        match self.canonical_path() {
            Some(path) => write!(f, " at {}", path),
            None => write!(f, " outside the tree"),
        }
    }
}

impl<T: ObjectType> ObjectMethods for T {}

/// A name for QEMU.
pub(crate) fn c_string(name: &str) -> Result<CString> {
    CString::new(name).map_err(|error| Error::with_error("a name for QEMU has a NUL inside", error))
}

/// Takes over a string that GLib has allocated; None for NULL.
pub(crate) unsafe fn take_g_string(string: *mut c_char) -> Option<String> {
    if string.is_null() {
        return None;
    }
    let copy = CStr::from_ptr(string).to_string_lossy().into_owned();
    sys::g_free(string as *mut c_void);
    Some(copy)
}
