//! The root of all classes and what every object can do.

use super::child::expect_field_of;
use super::{Child, IsA, ObjectCast, Owned};
use crate::sys::{self, Opaque};
use crate::{Error, Result};
use oldstable_compat::ffi::{c_char, c_int, c_void, CStr, CString};
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

    /// Whether the name is that of this class in the running QEMU. It is not as long as the class is not
    /// registered, although another one may have the same name.
    fn is_known() -> bool {
        true
    }
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

impl Object {
    /// The root of the tree of objects.
    pub fn root() -> Owned<Object> {
        // SAFETY: the root is there as soon as it is asked for, and for ever.
        unsafe { Owned::from(&*(sys::object_get_root() as *const Object)) }
    }
}

/// The class, if instances of it can be made.
fn concrete<T: ObjectType>(name: &CStr) -> Result<*mut sys::ObjectClass> {
    // SAFETY: the names are strings.
    unsafe {
        let class = sys::object_class_by_name(name.as_ptr());
        if class.is_null() || !T::is_known() {
            Err(Error::from(format!("there is no class {}: has it been registered?", name.to_string_lossy())))
        } else if sys::object_class_is_abstract(class) {
            Err(Error::from(format!("the class {} is abstract, it has no instances", name.to_string_lossy())))
        } else if sys::object_class_dynamic_cast(class, T::TYPE.as_ptr()).is_null() {
            let ancestor = T::TYPE.to_string_lossy();
            Err(Error::from(format!("the class {} is no {}", name.to_string_lossy(), ancestor)))
        } else {
            Ok(class)
        }
    }
}

/// # Panics
/// If the class is not registered or is abstract.
pub(super) fn expect_concrete<T: ObjectType>() {
    if let Err(error) = concrete::<T>(T::TYPE) {
        panic!("{}", error);
    }
}

/// What can be asked of a class as such.
pub trait ObjectClassMethods: IsA<Object> {
    /// Makes an instance. Its properties can be set, and a device then be realized.
    ///
    /// # Panics
    /// If the class is not registered or is abstract.
    fn new() -> Owned<Self> {
        expect_concrete::<Self>();
        // SAFETY: the class can be instantiated; object_new ends QEMU for what it cannot make.
        unsafe { Owned::from_raw(sys::object_new(Self::TYPE.as_ptr()) as *const Self) }
    }

    /// Makes an instance of a class that is known by its name, and that is this one or descends from it.
    ///
    /// # Errors
    /// If there is no such class, or it is abstract, or descends from another.
    fn new_by_name(class: &str) -> Result<Owned<Self>> {
        let class = c_string(class)?;
        concrete::<Self>(&class)?;
        // SAFETY: the class can be instantiated, and its instances are of this class.
        unsafe { Ok(Owned::from_raw(sys::object_new(class.as_ptr()) as *const Self)) }
    }

    /// Whether the class is there to be subclassed only. One that is not registered is not.
    fn is_abstract() -> bool {
        // SAFETY: the name is a string.
        unsafe {
            let class = sys::object_class_by_name(Self::TYPE.as_ptr());
            !class.is_null() && sys::object_class_is_abstract(class)
        }
    }

    /// The names of the classes that descend from this one, itself included, abstract ones left out.
    fn subclasses() -> Vec<String> {
        unsafe extern "C" fn visit(class: *mut sys::ObjectClass, names: *mut c_void) {
            let name = CStr::from_ptr(sys::object_class_get_name(class));
            (*(names as *mut Vec<String>)).push(name.to_string_lossy().into_owned());
        }
        let mut names: Vec<String> = Vec::new();
        let place = &mut names as *mut Vec<String> as *mut c_void;
        // SAFETY: the function is called with each class and the list, before this returns.
        unsafe { sys::object_class_foreach(Some(visit), Self::TYPE.as_ptr(), false, place) };
        names
    }

    /// The object of this class at a place in the tree. A path that does not begin with `/` may be the end
    /// of an object's path.
    ///
    /// # Errors
    /// If there is none, or several fit.
    fn resolve(path: &str) -> Result<Owned<Self>> {
        let c_path = c_string(path)?;
        let mut ambiguous = false;
        // SAFETY: both are strings; the object is in the tree and so is live.
        unsafe {
            let type_name = Self::TYPE.as_ptr();
            let object = sys::object_resolve_path_type(c_path.as_ptr(), type_name, &mut ambiguous);
            let object = (object as *const Object).as_ref();
            match object.and_then(ObjectCast::dynamic_cast::<Self>) {
                Some(object) => Ok(Owned::from(object)),
                None => {
                    let what = if ambiguous { "more than one" } else { "no" };
                    Err(Error::from(format!("there is {} {} at {}", what, Self::TYPE.to_string_lossy(), path)))
                }
            }
        }
    }

    /// All objects of this class that are in the tree.
    fn find_all() -> Vec<Owned<Self>> {
        let (mut found, root) = (Vec::new(), Object::root());
        for_each_child(&root, sys::object_child_foreach_recursive, |object| {
            found.extend(object.dynamic_cast::<Self>().map(Owned::from))
        });
        found
    }
}

impl<T: IsA<Object>> ObjectClassMethods for T {}

type Foreach = unsafe fn(
    *mut sys::Object,
    Option<unsafe extern "C" fn(*mut sys::Object, *mut c_void) -> c_int>,
    *mut c_void,
) -> c_int;

fn for_each_child<F: FnMut(&Object)>(parent: &Object, foreach: Foreach, mut action: F) {
    unsafe extern "C" fn visit<F: FnMut(&Object)>(child: *mut sys::Object, action: *mut c_void) -> c_int {
        crate::callback::guard("a look at the tree of objects", || {
            // SAFETY: `action` is what is given below; QEMU passes a live object.
            (*(action as *mut F))(&*(child as *const Object))
        });
        0
    }
    // SAFETY: the function is called with each child and the action, before this returns.
    unsafe {
        let action = &mut action as *mut F as *mut c_void;
        foreach(parent.as_object_ptr(), Some(visit::<F>), action);
    }
}

/// Calls a function of QEMU with an object, the name of a property, values, and the place for an error.
macro_rules! property_call {
    ($function:ident, $object:expr, $name:expr $(, $value:expr)*) => {{
        let name = c_string($name)?;
        let mut err = std::ptr::null_mut();
        // SAFETY: the object is live, the name a string, and the values live as long as the call.
        unsafe {
            let result =
                sys::$function($object.as_object_ptr(), name.as_ptr(), $($value,)* &mut err);
            Error::err_or_unit(err).map(|()| result)
        }
    }};
}

/// What every object can do.
pub trait ObjectMethods: IsA<Object> {
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

    /// The object above it in the tree.
    fn parent(&self) -> Option<Owned<Object>> {
        // SAFETY: the object is live, and so is what is above it.
        unsafe { ((*self.as_object_ptr()).parent as *const Object).as_ref().map(Owned::from) }
    }

    /// The objects below it in the tree, one level down.
    fn children(&self) -> Vec<Owned<Object>> {
        let mut children = Vec::new();
        for_each_child(self.upcast(), sys::object_child_foreach, |child| {
            children.push(Owned::from(child))
        });
        children
    }

    /// Puts `child` into the tree of objects, below this one. The tree takes over the reference.
    ///
    /// # Errors
    /// If there is a property of this name already, or the child is in the tree.
    fn property_add_child<T: IsA<Object>>(&self, name: &str, child: Owned<T>) -> Result<()> {
        if child.parent().is_some() {
            return Err(Error::from(format!("{:?} is in the tree already", child)));
        }
        // The tree takes a reference of its own, and `child` gives up its when it goes out of scope.
        property_call!(object_property_try_add_child, self, name, child.as_object_ptr()).map(drop)
    }

    /// Gives the object a property that stands for one of an object embedded in it.
    ///
    /// # Errors
    /// If there is a property of this name already, or `target` has none of its name.
    ///
    /// # Panics
    /// If `target` is not a field of this object, or has not been made.
    fn property_add_alias<T: IsA<Object>>(
        &self,
        name: &str,
        target: &Child<T>,
        target_name: &str,
    ) -> Result<()> {
        // The alias is a bare pointer to the target.
        expect_field_of(self, target);
        let (c_name, c_target_name) = (c_string(name)?, c_string(target_name)?);
        let target = target.as_object_ptr();
        // SAFETY: both objects are live, the names are strings, and what QEMU would end for has been ruled
        // out.
        unsafe {
            if !sys::object_property_find(self.as_object_ptr(), c_name.as_ptr()).is_null() {
                return Err(Error::from(format!("there is a property {} already", name)));
            }
            if sys::object_property_find(target, c_target_name.as_ptr()).is_null() {
                return Err(Error::from(format!("there is no property {} to be aliased", target_name)));
            }
            let (name, target_name) = (c_name.as_ptr(), c_target_name.as_ptr());
            sys::object_property_add_alias(self.as_object_ptr(), name, target, target_name);
        }
        Ok(())
    }

    /// Takes the object out of the tree; a device is unrealized. It lives on while it is referenced.
    fn unparent(&self) {
        if self.parent().is_none() {
            return;
        }
        // The tree's reference may be the one that `self` lives by.
        let _alive = Owned::from(self);
        // SAFETY: the object is live.
        unsafe { sys::object_unparent(self.as_object_ptr()) }
    }

    /// The type of a property, in QEMU's words.
    ///
    /// # Errors
    /// If there is none of this name. So it is with all that follow, and also if the property is of
    /// another type or does not want the value.
    fn property_type(&self, name: &str) -> Result<String> {
        let type_name = property_call!(object_property_get_type, self, name)?;
        // SAFETY: the string lives as long as the property; it is copied at once.
        Ok(unsafe { CStr::from_ptr(type_name) }.to_string_lossy().into_owned())
    }

    /// Sets a property of any type to what a user would write for it.
    fn property_parse(&self, name: &str, text: &str) -> Result<()> {
        let _alive = self.property_get_link(name);
        let text = c_string(text)?;
        property_call!(object_property_parse, self, name, text.as_ptr()).map(drop)
    }

    /// Reads a property of type string or enum.
    fn property_get_str(&self, name: &str) -> Result<String> {
        let value = property_call!(object_property_get_str, self, name)?;
        // SAFETY: the string is the caller's to free.
        Ok(unsafe { take_g_string(value) }.unwrap_or_default())
    }

    /// Sets a property of type string or enum.
    fn property_set_str(&self, name: &str, value: &str) -> Result<()> {
        let _alive = self.property_get_link(name);
        let value = c_string(value)?;
        property_call!(object_property_set_str, self, name, value.as_ptr()).map(drop)
    }

    /// Reads a boolean property.
    fn property_get_bool(&self, name: &str) -> Result<bool> {
        property_call!(object_property_get_bool, self, name)
    }

    /// Sets a boolean property.
    fn property_set_bool(&self, name: &str, value: bool) -> Result<()> {
        property_call!(object_property_set_bool, self, name, value).map(drop)
    }

    /// Reads a property of a signed type.
    fn property_get_int(&self, name: &str) -> Result<i64> {
        property_call!(object_property_get_int, self, name)
    }

    /// Sets a property of any type of number.
    fn property_set_int(&self, name: &str, value: i64) -> Result<()> {
        property_call!(object_property_set_int, self, name, value).map(drop)
    }

    /// Reads a property of an unsigned type.
    fn property_get_uint(&self, name: &str) -> Result<u64> {
        property_call!(object_property_get_uint, self, name)
    }

    /// Sets a property of any type of number.
    fn property_set_uint(&self, name: &str, value: u64) -> Result<()> {
        property_call!(object_property_set_uint, self, name, value).map(drop)
    }

    /// Reads a link: the object, if there is one.
    fn property_get_link(&self, name: &str) -> Result<Option<Owned<Object>>> {
        let object = property_call!(object_property_get_link, self, name)?;
        // SAFETY: what a link leads to is live.
        Ok(unsafe { (object as *const Object).as_ref() }.map(Owned::from))
    }

    /// Sets a link to an object, or to none. The object must be in the tree.
    fn property_set_link<T: IsA<Object>>(&self, name: &str, value: Option<&T>) -> Result<()> {
        // The link's reference may be the one that somebody has called us by.
        let _alive = self.property_get_link(name);
        let value = match value {
            Some(object) if object.parent().is_none() => {
                return Err(Error::from(format!("{} is not in the tree and cannot be linked to", object.typename())))
            }
            Some(object) => object.as_object_ptr(),
            None => std::ptr::null_mut(),
        };
        property_call!(object_property_set_link, self, name, value).map(drop)
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

impl<T: IsA<Object>> ObjectMethods for T {}

/// A name for QEMU.
pub(crate) fn c_string(name: &str) -> Result<CString> {
    CString::new(name).map_err(|error| Error::with_error("a string for QEMU has a NUL inside", error))
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
