// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Subclasses in Rust of classes in Rust: their life, and their virtual methods.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::c_str;
use oldstable::i2c::{I2cSlave, I2cSlaveImpl};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sys;
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl};
use oldstable::testing::message_of_panic;
use oldstable::Result;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The number of live values of type [`Text`].
static TEXTS: AtomicUsize = AtomicUsize::new(0);

/// A field for which zeros are invalid, with a destructor.
pub struct Text(&'static str);

impl Text {
    pub fn get(&self) -> &'static str {
        self.0
    }
}

impl Default for Text {
    fn default() -> Self {
        TEXTS.fetch_add(1, Ordering::Relaxed);
        Text("valid")
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        assert_eq!(self.0, "valid");
        TEXTS.fetch_sub(1, Ordering::Relaxed);
    }
}

oldstable::qom_define_type! {
    /// A class that is subclassed.
    pub struct Shape("harness-shape") with ShapeClass: Object {
        name: Text,
        /// The subclass's field as seen by a downcast in the class's own instance_init.
        seen: BqlCell<Option<&'static str>>,
    }
}

impl ObjectImpl for Shape {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|shape| {
        let square = shape.downcast::<Square>();
        shape.seen.set(square.map(|square| square.side_name.0));
    });
}

oldstable::qom_virtual_methods! {
    /// The virtual methods of shapes.
    pub trait ShapeImpl: ObjectImpl;
    /// The methods of every shape.
    pub trait ShapeMethods;
    /// The methods in the class of a shape.
    pub struct ShapeClass for Shape;

    /// The area.
    AREA => area, parent_area: fn(scale: u32) -> u32 = |_shape, scale| scale;
    /// The name.
    NAME => name, parent_name: fn() -> &str = |shape| shape.name.0;
}

oldstable::qom_define_type! {
    /// A shape that has a side, and can itself be subclassed.
    pub struct Square("harness-square") with SquareClass: Shape, Object {
        side_name: Text,
        side: BqlCell<u32>,
    }
}

impl ObjectImpl for Square {}

impl ShapeImpl for Square {
    const AREA: Option<fn(&Self, u32) -> u32> =
        Some(|square, scale| square.parent_area(scale) * square.side.get() * square.side.get());
}

oldstable::qom_virtual_methods! {
    /// The virtual methods of squares.
    pub trait SquareImpl: ShapeImpl;
    /// The methods of every square.
    pub trait SquareMethods;
    /// The methods in the class of a square.
    pub struct SquareClass for Square;

    /// Makes it larger.
    GROW => grow, parent_grow: fn(by: u32) = |square, by| square.side.set(square.side.get() + by);
}

oldstable::qom_define_type! {
    /// A square that overrides methods of both ancestors.
    pub struct Tile("harness-tile"): Square, Shape, Object {
        glaze: Text,
    }
}

impl ObjectImpl for Tile {}

impl ShapeImpl for Tile {
    const AREA: Option<fn(&Self, u32) -> u32> = Some(|tile, scale| tile.parent_area(scale) + 1);
    const NAME: Option<fn(&Self) -> &str> = Some(|tile| {
        assert_eq!(tile.parent_name(), "valid");
        "tile"
    });
}

impl SquareImpl for Tile {
    const GROW: Option<fn(&Self, u32)> = Some(|tile, by| tile.parent_grow(2 * by));
}

oldstable::qom_define_type! {
    /// A square that overrides nothing.
    pub struct Plain("harness-plain-square"): Square, Shape, Object {}
}

impl ObjectImpl for Plain {}
impl ShapeImpl for Plain {}
impl SquareImpl for Plain {}

oldstable::qom_define_type! {
    /// A device without methods.
    pub struct Mute("harness-mute"): DeviceState, Object {}
}

impl ObjectImpl for Mute {}
impl DeviceImpl for Mute {}

oldstable::qom_define_type! {
    /// A device of the system bus without methods.
    pub struct MuteOnBus("harness-mute-on-bus"): SysBusDevice, DeviceState, Object {}
}

impl ObjectImpl for MuteOnBus {}
impl DeviceImpl for MuteOnBus {}
impl SysBusDeviceImpl for MuteOnBus {}

oldstable::qom_define_type! {
    /// A device of an I²C bus without methods.
    pub struct MuteOnI2c("harness-mute-on-i2c"): I2cSlave, DeviceState, Object {}
}

impl ObjectImpl for MuteOnI2c {}
impl DeviceImpl for MuteOnI2c {}
impl I2cSlaveImpl for MuteOnI2c {}

oldstable::qom_define_type! {
    /// A device in Rust that is subclassed in Rust.
    pub struct Engine("harness-engine") with EngineClass: DeviceState, Object {
        log: BqlRefCell<Vec<&'static str>>,
    }
}

impl Engine {
    fn note(&self, what: &'static str) {
        self.log.borrow_mut().push(what)
    }

    fn take_log(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.log.borrow_mut())
    }
}

impl ObjectImpl for Engine {
    const UNPARENT: Option<fn(&Self)> = Some(|engine| {
        engine.note("unparent");
        engine.parent_unparent();
    });
}

impl DeviceImpl for Engine {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|engine| {
        engine.note("realize");
        engine.parent_realize()
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|engine| engine.note("unrealize"));
    const RESET_ENTER: Option<fn(&Self)> = Some(|engine| {
        engine.parent_reset_enter();
        engine.note("enter");
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|engine| {
        engine.parent_cold_reset();
        engine.note("hold");
    });
    const RESET_EXIT: Option<fn(&Self)> = Some(|engine| {
        engine.parent_reset_exit();
        engine.note("exit");
    });
}

oldstable::qom_virtual_methods! {
    /// Engines add no method.
    pub trait EngineImpl: DeviceImpl;
    /// The methods of every engine.
    pub trait EngineMethods;
    /// The methods in the class of an engine.
    pub struct EngineClass for Engine;
}

oldstable::qom_define_type! {
    /// An engine with actions before or after its parent's.
    pub struct Turbo("harness-turbo"): Engine, DeviceState, Object {}
}

impl ObjectImpl for Turbo {
    const UNPARENT: Option<fn(&Self)> = Some(|turbo| {
        turbo.upcast::<Engine>().note("turbo unparent");
        turbo.parent_unparent();
    });
}

impl DeviceImpl for Turbo {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|turbo| {
        turbo.parent_realize()?;
        turbo.upcast::<Engine>().note("turbo realize");
        Ok(())
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|turbo| {
        turbo.upcast::<Engine>().note("turbo unrealize");
        turbo.parent_unrealize();
    });
    const RESET_ENTER: Option<fn(&Self)> = Some(|turbo| {
        turbo.parent_reset_enter();
        turbo.upcast::<Engine>().note("turbo enter");
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|turbo| {
        turbo.parent_cold_reset();
        turbo.upcast::<Engine>().note("turbo hold");
    });
    const RESET_EXIT: Option<fn(&Self)> = Some(|turbo| {
        turbo.parent_reset_exit();
        turbo.upcast::<Engine>().note("turbo exit");
    });
}

impl EngineImpl for Turbo {}

/// Returns the words of a class struct from an offset on, and its method of [`Object`].
fn words(class: &str, from: usize, to: usize) -> (usize, Vec<usize>) {
    let name = std::ffi::CString::new(class).unwrap();
    // SAFETY: the class has at least that size, and is made of words.
    unsafe {
        let class = sys::object_class_by_name(name.as_ptr());
        let word = |offset| *((class as *const u8).add(offset) as *const usize);
        let unparent = (*class).unparent.map_or(0, |method| method as usize);
        (unparent, (from..to).step_by(std::mem::size_of::<usize>()).map(word).collect())
    }
}

/// Returns the three phases of a reset in a class.
fn phases(class: &str) -> [usize; 3] {
    let name = std::ffi::CString::new(class).unwrap();
    // SAFETY: the class is a device's.
    unsafe {
        let class = sys::object_class_by_name(name.as_ptr());
        *(sys::device_class_reset_phases(class) as *const [usize; 3])
    }
}

/// Runs it, and returns the change of the number of texts.
fn more_texts(act: impl FnOnce()) -> isize {
    let before = TEXTS.load(Ordering::Relaxed);
    act();
    TEXTS.load(Ordering::Relaxed) as isize - before as isize
}

oldstable::tests! {
    classes [Shape, Square, Tile, Plain, Mute, MuteOnBus, MuteOnI2c, Engine, Turbo];

    fn a_class_itself_has_the_base_methods() {
        let shape = Shape::new();
        assert_eq!(shape.area(3), 3);
        assert_eq!(shape.name(), "valid");
    }

    fn a_method_overrides_and_can_call_its_parents() {
        let square = Square::new();
        square.side.set(4);
        assert_eq!(square.area(2), 32);
        let tile = Tile::new();
        tile.upcast::<Square>().side.set(4);
        assert_eq!(tile.area(2), 33);
        tile.grow(1);
        assert_eq!(tile.upcast::<Square>().side.get(), 6);
    }

    fn methods_are_found_through_a_reference_to_any_ancestor() {
        let shape: Owned<Shape> = Owned::upcast(Tile::new());
        assert_eq!(shape.name(), "tile");
        assert_eq!(shape.area(5), 1);
    }

    fn none_keeps_what_the_parent_does() {
        let plain = Plain::new();
        plain.grow(3);
        assert_eq!(plain.area(1), 9);
        assert_eq!(plain.name(), "valid");
    }

    fn fields_of_all_classes_are_valid_before_any_code_sees_them() {
        let tile = Tile::new();
        // Shape's instance_init has looked at the field that Square adds.
        assert_eq!(tile.upcast::<Shape>().seen.get(), Some("valid"));
        assert_eq!(Shape::new().seen.get(), None);
    }

    fn fields_of_all_classes_are_made_and_dropped_once() {
        let mut tile = None;
        assert_eq!(more_texts(|| tile = Some(Tile::new())), 3);
        let second = tile.clone();
        assert_eq!(more_texts(|| drop(second)), 0);
        assert_eq!(more_texts(|| drop(tile)), -3);
    }

    fn an_object_in_the_tree_ends_when_it_is_taken_out() {
        let tile = Tile::new();
        Object::root().property_add_child("tile", tile).unwrap();
        let tile = Tile::resolve("/tile").unwrap();
        assert_eq!(more_texts(|| tile.unparent()), 0);
        assert_eq!(more_texts(|| drop(tile)), -3);
    }

    fn a_class_without_overrides_has_its_parents_vtable() {
        let root = std::mem::size_of::<sys::ObjectClass>();
        let size = sys::release().device_class.size;
        // Each device in Rust ends its transfers before it leaves the tree.
        assert_eq!(words("harness-mute", root, size).1, words("device", root, size).1);
        assert_eq!(phases("harness-mute"), phases("device"));
        let size = sys::release().sysbus_class_size;
        assert_eq!(words("harness-mute-on-bus", root, size).1, words("sys-bus-device", root, size).1);
        assert_eq!(phases("harness-mute-on-bus"), phases("sys-bus-device"));
        // A device class has its properties before its methods; QEMU removes them from each subclass and finds them in
        // the parent.
        let (methods, size) = (sys::release().device_class.realize, sys::release().i2c_class.size);
        assert_eq!(words("harness-mute-on-i2c", methods, size).1, words("i2c-slave", methods, size).1);
        assert_eq!(phases("harness-mute-on-i2c"), phases("i2c-slave"));
        // The methods that a class in Rust adds are compared as well, but not the data specific to each class: the
        // initialization of its fields.
        let own = root + std::mem::size_of::<oldstable::qom::RustClass>();
        let size = own + std::mem::size_of::<ShapeClass>() + std::mem::size_of::<SquareClass>();
        assert_eq!(words("harness-plain-square", own, size), words("harness-square", own, size));
        assert_ne!(words("harness-tile", own, size), words("harness-square", own, size));
        // The comparison detects a class with a method.
        let size = sys::release().device_class.size;
        assert_ne!(words("harness-engine", root, size), words("device", root, size));
        assert_ne!(phases("harness-engine"), phases("device"));
    }

    fn device_methods_call_their_parents_in_order() {
        let turbo = Turbo::new();
        let engine: &Engine = turbo.upcast();
        Object::root().property_add_child("turbo", turbo.clone()).unwrap();
        // The machine runs, so QEMU resets the device as soon as it is realized.
        let reset = ["enter", "turbo enter", "hold", "turbo hold", "exit", "turbo exit"];
        turbo.realize().unwrap();
        let log = engine.take_log();
        assert_eq!(log[..2], ["realize", "turbo realize"]);
        assert_eq!(log[2..], reset);
        turbo.cold_reset();
        assert_eq!(engine.take_log(), reset);
        turbo.unparent();
        assert_eq!(engine.take_log(), ["turbo unparent", "unparent", "turbo unrealize", "unrealize"]);
    }

    fn a_parent_cannot_be_called_before_there_is_an_instance() {
        oldstable::qom_define_type! {
            struct Unborn("harness-unborn"): Object {}
        }
        impl ObjectImpl for Unborn {}
        let said = message_of_panic(|| assert!(oldstable::qom::parent_class::<Unborn>().is_null()));
        assert!(said.contains("has no instance"), "{}", said);
        assert_eq!(<Unborn as oldstable::qom::ObjectType>::TYPE, c_str!("harness-unborn"));
    }
}
