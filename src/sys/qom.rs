//! Objects, classes and types.

use super::Error;
use oldstable_compat::ffi::{c_char, c_int, c_void};

/// `Object`: the same in all releases.
#[repr(C)]
pub struct Object {
    pub class: *mut ObjectClass,
    /// What frees it; None if it is embedded in another object, and as long as it is being made.
    pub free: Option<unsafe extern "C" fn(*mut c_void)>,
    pub properties: *mut c_void,
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
    pub unparent: Option<unsafe extern "C" fn(*mut Object)>,
    properties: *mut c_void,
}

/// The front of a registered type.
#[repr(C)]
pub struct TypeImpl {
    name: *mut c_char,
    class_size: usize,
    pub instance_size: usize,
}

/// How many bytes the object's own class has given it.
///
/// # Safety
/// The object is live.
pub unsafe fn instance_size(object: *mut Object) -> usize {
    (*(*object_get_class(object)).type_).instance_size
}

/// A property of an object or class; only QEMU looks inside.
#[repr(C)]
pub struct ObjectProperty {
    _opaque: [u8; 0],
}

#[repr(C)]
pub struct InterfaceInfo {
    pub type_: *const c_char,
}

#[repr(C)]
pub struct TypeInfo {
    pub name: *const c_char,
    pub parent: *const c_char,
    pub instance_size: usize,
    pub instance_align: usize,
    pub instance_init: Option<unsafe extern "C" fn(*mut Object)>,
    pub instance_post_init: Option<unsafe extern "C" fn(*mut Object)>,
    pub instance_finalize: Option<unsafe extern "C" fn(*mut Object)>,
    pub abstract_: bool,
    pub class_size: usize,
    pub class_init: Option<unsafe extern "C" fn(*mut ObjectClass, *mut c_void)>,
    pub class_base_init: Option<unsafe extern "C" fn(*mut ObjectClass, *mut c_void)>,
    pub class_data: *mut c_void,
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
    }
}
