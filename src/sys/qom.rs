//! Objects, classes and types.

use super::Error;
use oldstable_compat::ffi::{c_char, c_int, c_void};

/// `Object`: the same in all releases.
#[repr(C)]
pub struct Object {
    /// Its class, which QEMU never changes.
    pub class: *mut ObjectClass,
    /// What frees it; None if it is embedded in another object, and as long as it is being made.
    pub free: Option<unsafe extern "C" fn(*mut c_void)>,
    /// The table of its own properties, which only QEMU looks into.
    pub properties: *mut c_void,
    /// How many references hold it.
    pub references: u32,
    /// What is above it in the tree, or NULL.
    pub parent: *mut Object,
}

/// The front of every class, as far as it is used.
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

/// How many bytes the object's own class has given it.
///
/// # Safety
/// The object is live.
pub unsafe fn instance_size(object: *mut Object) -> usize {
    // SAFETY: a live object has a class, and that a type.
    unsafe { (*(*object_get_class(object)).type_).instance_size }
}

/// A property of an object or class; only QEMU looks inside.
#[repr(C)]
pub struct ObjectProperty {
    _opaque: [u8; 0],
}

/// What gives a value to a property, or takes it from there; only QEMU looks inside.
#[repr(C)]
pub struct Visitor {
    _opaque: [u8; 0],
}

/// Gets or sets a property: the object, what brings or takes the value, the name, what the property was added with.
pub type PropertyAccessor =
    Option<unsafe extern "C" fn(*mut Object, *mut Visitor, *const c_char, *mut c_void, *mut *mut Error)>;

/// Called when a property goes.
pub type PropertyRelease = Option<unsafe extern "C" fn(*mut Object, *const c_char, *mut c_void)>;

/// An interface that a class has; an entry with NULL ends the list.
#[repr(C)]
pub struct InterfaceInfo {
    /// The name of the interface.
    pub type_: *const c_char,
}

/// What a class is registered with, the same in all releases (include/qom/object.h). Whatever is NULL, None or 0 is
/// as in the parent.
#[repr(C)]
pub struct TypeInfo {
    /// The name by which QEMU and users know the class.
    pub name: *const c_char,
    /// The name of the class that it is derived from.
    pub parent: *const c_char,
    /// How many bytes an instance has, the parent's included.
    pub instance_size: usize,
    /// What the address of an instance is a multiple of; 0 for what malloc gives.
    pub instance_align: usize,
    /// Called for each new instance, after the parent's.
    pub instance_init: Option<unsafe extern "C" fn(*mut Object)>,
    /// Called when the `instance_init` of all classes have run; before or after the parent's, as the release has it.
    pub instance_post_init: Option<unsafe extern "C" fn(*mut Object)>,
    /// Called before an instance is freed, the parent's afterwards.
    pub instance_finalize: Option<unsafe extern "C" fn(*mut Object)>,
    /// Whether there are instances of derived classes alone.
    pub abstract_: bool,
    /// How many bytes the class has, the parent's included.
    pub class_size: usize,
    /// Called once for the class, with `class_data`, when what it inherits has been copied.
    pub class_init: Option<unsafe extern "C" fn(*mut ObjectClass, *mut c_void)>,
    /// As `class_init` and before it, for the class and for each one derived from it.
    pub class_base_init: Option<unsafe extern "C" fn(*mut ObjectClass, *mut c_void)>,
    /// What `class_init` and `class_base_init` are given.
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
