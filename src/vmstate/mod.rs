// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The migration of a device: the fields that a snapshot or another QEMU needs, in the order of the stream, and
//! functions that run before and after.
//!
//! ```
//! use oldstable::bql::{BqlCell, BqlRefCell};
//! use oldstable::compat::{c_str, ffi::CStr};
//! # use oldstable::qdev::{DeviceImpl, DeviceState};
//! # use oldstable::qom::{Object, ObjectImpl};
//! # use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl};
//! use oldstable::vmstate::{Field, Section, VmState};
//!
//! #[derive(Clone, Copy, Default)]
//! pub struct Registers {
//!     control: u32,
//!     fifo: [u32; 16],
//! }
//!
//! oldstable::vmstate_struct! {
//!     Registers { control, fifo }
//! }
//!
//! oldstable::qom_define_type! {
//!     pub struct Counter("counter"): SysBusDevice, DeviceState, Object {
//!         registers: BqlRefCell<Registers>,
//!         count: BqlCell<u64>,
//!         extra: BqlCell<u32>,
//!     }
//! }
//!
//! impl VmState for Counter {
//!     const NAME: &'static CStr = c_str!("counter");
//!     const VERSION: u32 = 2;
//!     const MINIMUM_VERSION: u32 = 1;
//!     const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! {
//!         Self { registers, _: [u8; 4], count since 2 }
//!     };
//!     const SUBSECTIONS: &'static [Section<Self>] = &[<Self as VmState<Extra>>::SECTION];
//! }
//!
//! /// A subsection: it is in the stream only if it is needed.
//! pub struct Extra;
//!
//! impl VmState<Extra> for Counter {
//!     const NAME: &'static CStr = c_str!("counter/extra");
//!     const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { extra } };
//!     const NEEDED: Option<fn(&Self) -> bool> = Some(|counter| counter.extra.get() != 0);
//! }
//!
//! impl DeviceImpl for Counter {
//!     const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
//! }
//! # impl ObjectImpl for Counter {}
//! # impl SysBusDeviceImpl for Counter {}
//! ```
//!
//! The stream is QEMU's: the state of a C device with the same name and fields can be loaded here, and the other way
//! round. Do not trust a stream: in [`POST_LOAD`](VmState::POST_LOAD), a field may have any value of its type.

mod field;
mod form;
mod outcome;
mod parts;
mod section;
mod structs;

pub(crate) use self::field::describe_fields;
#[doc(hidden)]
pub use self::field::{exists_if, place_in, place_of, value_of};
pub use self::field::{Exists, Field, Placed, Vouched};
pub use self::form::{Form, Place, Value};
#[doc(hidden)]
pub use self::parts::form_of_part;
pub use self::parts::VmStatePart;
pub use self::section::{Section, VmState};
pub use self::structs::VmStateStruct;
