// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The QEMU Object Model: types, casts, reference counts, methods and subclasses.
//!
//! QOM is a tree of single inheritance with interfaces. Each class is a struct here; a subclass has its parent as its
//! first field, which [`IsA`] expresses. A method of a class is in a trait ([`ObjectMethods`]) that all of its
//! subclasses have. All methods take `&self`: QEMU holds pointers to every object, so no reference to one can be
//! exclusive.
//!
//! A subclass is defined by [`qom_define_type!`](crate::qom_define_type), and its virtual methods are
//! associated constants of the traits [`ObjectImpl`], [`DeviceImpl`](crate::qdev::DeviceImpl) and so
//! on: `None` inherits the parent's method.

mod cast;
mod child;
mod claim;
mod class;
mod interface;
mod lookup;
mod made;
mod object;
mod object_methods;
mod owned;
mod part;
mod property;
mod realize;
mod subclass;
mod virtual_methods;

pub use self::cast::{IsA, ObjectCast};
pub use self::child::Child;
pub(crate) use self::claim::{claim, claimed, claimed_in, give_up, is_claimed, Claim};
pub(crate) use self::class::is_in_rust;
pub use self::class::{methods_of, parent_class, ClassInit, ClassSlot, RustClass, VirtualMethods};
pub use self::interface::{interface_methods_of, register_interface, Interface, InterfaceType, RustInterface};
pub(crate) use self::lookup::for_each_child;
pub use self::lookup::ObjectClassMethods;
pub use self::object::{Object, ObjectType};
pub use self::object_methods::ObjectMethods;
pub use self::owned::Owned;
pub use self::part::Part;
pub(crate) use self::part::{expect_field_of, expect_new_property};
#[doc(hidden)]
pub use self::part::{BeginOf, BeginOfArray, BeginOfDefault, BeginOfOther, Begun, Elements, StaysInItsObject};
#[doc(hidden)]
pub use self::part::{EndOf, EndOfOther, EndOfPart, EndOfSend, EndsAnywhere, Inside};
pub use self::property::{Property, Value, ValueKind, ValueType};
#[cfg(feature = "testing")]
pub(crate) use self::realize::check_can_be_plugged;
pub(crate) use self::realize::{
    check_can_be_realized, check_is_realized, expect_new_part_of, is_in_its_own_hands, is_in_one_being_realized,
    while_ending, while_realizing, AT_A_TRANSFER, AT_THE_EDGE_OF_A_RESET,
};
pub use self::subclass::{initialize, register, Conf, NoConf, ObjectImpl, TypeImpl};
