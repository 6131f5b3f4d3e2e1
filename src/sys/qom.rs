// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Objects, classes and types.

use super::Error;
use oldstable_compat::ffi::{c_char, c_int, c_void};

/// `Object`: the same in all releases.
#[repr(C)]
pub struct Object {
    /// The class, which QEMU never changes.
    pub class: *mut ObjectClass,
    /// The function that frees it; None if it is embedded in another object, and while it is being made.
    pub free: Option<unsafe extern "C" fn(*mut c_void)>,
    /// The table of its own properties, which only QEMU uses.
    pub properties: *mut c_void,
    /// The number of references.
    pub references: u32,
    /// The parent in the tree, or NULL.
    pub parent: *mut Object,
}

/// The front of every class, as far as it is used here.
#[repr(C)]
pub struct ObjectClass {
    type_: *mut TypeImpl,
    interfaces: *mut c_void,
    object_cast_cache: [*const c_char; 4],
    class_cast_cache: [*const c_char; 4],
    /// Called when an object of the class leaves the tree.
    pub unparent: Option<unsafe extern "C" fn(*mut Object)>,
    properties: *mut c_void,
}

/// The front of a registered type.
#[repr(C)]
pub struct TypeImpl {
    name: *mut c_char,
    class_size: usize,
    /// How many bytes an instance has.
    pub instance_size: usize,
}

/// Returns the size of an instance of the object's own class, in bytes.
///
/// # Safety
/// The object is live.
pub unsafe fn instance_size(object: *mut Object) -> usize {
    // SAFETY: a live object has a class, and that a type.
    unsafe { (*(*object_get_class(object)).type_).instance_size }
}

/// A property of an object or class; only QEMU uses its contents.
#[repr(C)]
pub struct ObjectProperty {
    _opaque: [u8; 0],
}

/// A visitor, which passes a property's value in or out; only QEMU uses its contents.
#[repr(C)]
pub struct Visitor {
    _opaque: [u8; 0],
}

/// Gets or sets a property; takes the object, the visitor, the name, and the property's opaque pointer.
pub type PropertyAccessor =
    Option<unsafe extern "C" fn(*mut Object, *mut Visitor, *const c_char, *mut c_void, *mut *mut Error)>;

/// Called when a property is removed.
pub type PropertyRelease = Option<unsafe extern "C" fn(*mut Object, *const c_char, *mut c_void)>;

/// An interface that a class has; an entry with NULL ends the list.
#[repr(C)]
pub struct InterfaceInfo {
    /// The name of the interface.
    pub type_: *const c_char,
}

/// The description with which a class is registered, the same in all releases (include/qom/object.h). Fields that are
/// NULL, None or 0 are inherited.
#[repr(C)]
pub struct TypeInfo {
    /// The name of the class, for QEMU and users.
    pub name: *const c_char,
    /// The name of the class that it is derived from.
    pub parent: *const c_char,
    /// The size of an instance in bytes, including the parent's.
    pub instance_size: usize,
    /// The alignment of an instance; 0 for malloc's.
    pub instance_align: usize,
    /// Called for each new instance, after the parent's.
    pub instance_init: Option<unsafe extern "C" fn(*mut Object)>,
    /// Called when the `instance_init` of all classes have run; before or after the parent's, depending on the release.
    pub instance_post_init: Option<unsafe extern "C" fn(*mut Object)>,
    /// Called before an instance is freed, and before the parent's.
    pub instance_finalize: Option<unsafe extern "C" fn(*mut Object)>,
    /// Whether the class is abstract.
    pub abstract_: bool,
    /// The size of the class in bytes, including the parent's.
    pub class_size: usize,
    /// Called once for the class, with `class_data`, after the parent's class has been copied to it.
    pub class_init: Option<unsafe extern "C" fn(*mut ObjectClass, *mut c_void)>,
    /// Called before `class_init`, in the same way, for the class and for each derived class.
    pub class_base_init: Option<unsafe extern "C" fn(*mut ObjectClass, *mut c_void)>,
    /// The argument of `class_init` and `class_base_init`.
    pub class_data: *mut c_void,
    /// The interfaces of the class, or NULL.
    pub interfaces: *const InterfaceInfo,
}

imports! {
    in ALL {
        fn type_register_static(info: *const TypeInfo) -> *mut TypeImpl;
        fn object_class_by_name(name: *const c_char) -> *mut ObjectClass;
        fn object_class_dynamic_cast(class: *mut ObjectClass, name: *const c_char) -> *mut ObjectClass;
        fn object_class_get_parent(class: *mut ObjectClass) -> *mut ObjectClass;
        fn object_class_is_abstract(class: *mut ObjectClass) -> bool;
        fn object_class_get_name(class: *mut ObjectClass) -> *const c_char;
        fn object_class_foreach(
            function: Option<unsafe extern "C" fn(*mut ObjectClass, *mut c_void)>,
            implements: *const c_char, abstract_too: bool, opaque: *mut c_void
        );
        fn object_class_property_find(class: *mut ObjectClass, name: *const c_char) -> *mut ObjectProperty;
        fn object_class_property_add(
            class: *mut ObjectClass, name: *const c_char, type_name: *const c_char, get: PropertyAccessor,
            set: PropertyAccessor, release: PropertyRelease, opaque: *mut c_void
        ) -> *mut ObjectProperty;
        fn object_class_property_set_description(
            class: *mut ObjectClass, name: *const c_char, description: *const c_char
        );
        fn object_initialize_child_internal(
            parent: *mut Object, name: *const c_char, child: *mut c_void, size: usize,
            type_name: *const c_char
        );
        fn object_new(name: *const c_char) -> *mut Object;
        fn object_ref(object: *mut c_void) -> *mut Object;
        fn object_unref(object: *mut c_void);
        fn object_unparent(object: *mut Object);
        fn object_get_class(object: *mut Object) -> *mut ObjectClass;
        fn object_get_typename(object: *const Object) -> *const c_char;
        fn object_dynamic_cast(object: *mut Object, name: *const c_char) -> *mut Object;
        fn object_get_canonical_path(object: *const Object) -> *mut c_char;
        fn object_get_root() -> *mut Object;
        fn object_resolve_path_type(
            path: *const c_char, type_name: *const c_char, ambiguous: *mut bool
        ) -> *mut Object;
        fn object_child_foreach(
            object: *mut Object,
            function: Option<unsafe extern "C" fn(*mut Object, *mut c_void) -> c_int>,
            opaque: *mut c_void
        ) -> c_int;
        fn object_resolve_path_component(parent: *mut Object, part: *const c_char) -> *mut Object;
        fn object_child_foreach_recursive(
            object: *mut Object,
            function: Option<unsafe extern "C" fn(*mut Object, *mut c_void) -> c_int>,
            opaque: *mut c_void
        ) -> c_int;
        fn object_property_try_add_child(
            object: *mut Object, name: *const c_char, child: *mut Object, errp: *mut *mut Error
        ) -> *mut ObjectProperty;
        fn object_property_add_alias(
            object: *mut Object, name: *const c_char, target: *mut Object, target_name: *const c_char
        ) -> *mut ObjectProperty;
        fn object_property_find(object: *mut Object, name: *const c_char) -> *mut ObjectProperty;
        fn object_property_get_type(
            object: *mut Object, name: *const c_char, errp: *mut *mut Error
        ) -> *const c_char;
        fn object_property_parse(
            object: *mut Object, name: *const c_char, text: *const c_char, errp: *mut *mut Error
        ) -> bool;
        fn object_property_get_bool(
            object: *mut Object, name: *const c_char, errp: *mut *mut Error
        ) -> bool;
        fn object_property_set_bool(
            object: *mut Object, name: *const c_char, value: bool, errp: *mut *mut Error
        ) -> bool;
        fn object_property_get_int(
            object: *mut Object, name: *const c_char, errp: *mut *mut Error
        ) -> i64;
        fn object_property_set_int(
            object: *mut Object, name: *const c_char, value: i64, errp: *mut *mut Error
        ) -> bool;
        fn object_property_set_uint(
            object: *mut Object, name: *const c_char, value: u64, errp: *mut *mut Error
        ) -> bool;
        fn object_property_set_link(
            object: *mut Object, name: *const c_char, value: *mut Object, errp: *mut *mut Error
        ) -> bool;
        fn object_property_get_str(
            object: *mut Object, name: *const c_char, errp: *mut *mut Error
        ) -> *mut c_char;
        fn object_property_set_str(
            object: *mut Object, name: *const c_char, value: *const c_char, errp: *mut *mut Error
        ) -> bool;
        fn object_property_get_uint(
            object: *mut Object, name: *const c_char, errp: *mut *mut Error
        ) -> u64;
        fn object_property_get_link(
            object: *mut Object, name: *const c_char, errp: *mut *mut Error
        ) -> *mut Object;
        fn visit_type_bool(visitor: *mut Visitor, name: *const c_char, value: *mut bool, errp: *mut *mut Error) -> bool;
        fn visit_type_int64(visitor: *mut Visitor, name: *const c_char, value: *mut i64, errp: *mut *mut Error) -> bool;
        fn visit_type_uint64(visitor: *mut Visitor, name: *const c_char, value: *mut u64, errp: *mut *mut Error) -> bool;
        fn visit_type_str(
            visitor: *mut Visitor, name: *const c_char, value: *mut *mut c_char, errp: *mut *mut Error
        ) -> bool;
    }
}
