// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Properties of devices, of all kinds.

use crate::object::{thing_at, Thing};
use crate::value::give_back_value;
use oldstable::chardev::CharFrontend;
use oldstable::compat::c_str;
use oldstable::compat::ffi::{c_char, c_void, CStr, CString};
use oldstable::qdev::{DeviceConf, DeviceImpl, DeviceMethods, DeviceState, Size};
use oldstable::qom::{Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sys;
use oldstable::testing::references;

oldstable::qdev_define_enum! {
    /// How it beeps.
    pub enum Tone("HarnessTone") {
        Low = "low",
        High = "high",
        Siren = "siren",
    }
}

oldstable::qdev_define_conf! {
    /// A property of each kind.
    pub struct AllConf {
        "small" => small: u8 = 200,
        "flag" => flag: bool = true,
        "short" => short: u16,
        /// Ticks a second,
        /// at most a million.
        "word" => word: u32 = 1_000_000,
        "long" => long: u64 = u64::MAX,
        "signed" => signed: i32 = -5,
        "signed-long" => signed_long: i64 = -6_000_000_000,
        "memory" => memory: Size = Size(4096),
        "label" => label: Option<String>,
        "tone" => tone: Tone = Tone::High,
        "quiet-tone" => quiet_tone: Tone,
        "bytes" => bytes: Vec<u8>,
        "numbers" => numbers: Vec<u32>,
        "friend" => friend: Option<Owned<Thing>>,
        "console" => console: CharFrontend,
        features: u32 {
            /// Whether it is fast.
            "fast" => 0 = true,
            "loud" => 31,
        },
        wide: u64 {
            "far" => 63,
        },
        "last" => last: u8 = 9,
    }
}

oldstable::qom_define_type! {
    pub struct All("harness-all-properties"): DeviceState, Object {
        conf: AllConf,
        behind: u64,
    }
}

impl ObjectImpl for All {}
impl DeviceImpl for All {}

extern "C" {
    fn qobject_from_json(text: *const c_char, errp: *mut *mut sys::Error) -> *mut c_void;
    fn object_property_set_qobject(
        object: *mut sys::Object,
        name: *const c_char,
        value: *mut c_void,
        errp: *mut *mut sys::Error,
    ) -> bool;
    fn qemu_chr_new(label: *const c_char, file: *const c_char, context: *mut c_void) -> *mut c_void;
}

/// Sets an array in the way of the running release.
fn set_array(device: &All, name: &str, values: &[u32]) {
    if sys::release().major < 10 {
        device.property_set_uint(&format!("len-{}", name), values.len() as u64).unwrap();
        for (n, &value) in values.iter().enumerate() {
            device.property_set_uint(&format!("{}[{}]", name, n), value.into()).unwrap();
        }
    } else {
        let (name, json) = (CString::new(name).unwrap(), CString::new(format!("{:?}", values)).unwrap());
        let mut err = std::ptr::null_mut();
        // SAFETY: the value is live until it is given back.
        unsafe {
            let value = qobject_from_json(json.as_ptr(), &mut err);
            assert!(object_property_set_qobject(device.as_object_ptr(), name.as_ptr(), value, &mut err));
            give_back_value(value);
        }
    }
}

/// Returns QEMU's description of a property.
fn description(object: &Object, name: &str) -> String {
    let name = CString::new(name).unwrap();
    // SAFETY: the object is live; the third word of a property is its description.
    unsafe {
        let property = sys::object_property_find(object.as_object_ptr(), name.as_ptr());
        let description = *(property as *const *const c_char).add(2);
        if description.is_null() {
            return String::new();
        }
        CStr::from_ptr(description).to_str().unwrap().to_owned()
    }
}

oldstable::tests! {
    classes [All];

    fn defaults_are_in_the_fields_of_a_new_device() {
        let all = All::new();
        let conf = &all.conf;
        assert_eq!((conf.small.get(), conf.short.get(), conf.word.get()), (200, 0, 1_000_000));
        assert_eq!((conf.long.get(), conf.signed.get()), (u64::MAX, -5));
        assert_eq!(conf.signed_long.get(), -6_000_000_000);
        assert!(conf.flag.get());
        assert_eq!(conf.memory.get(), Size(4096));
        assert_eq!(conf.label.get(), None);
        assert_eq!((conf.tone.get(), conf.quiet_tone.get()), (Tone::High, Tone::Low));
        assert_eq!((conf.features.get(), conf.wide.get(), conf.last.get()), (1, 0, 9));
        assert!(conf.bytes.get().is_empty() && conf.numbers.get().is_empty());
        assert!(conf.friend.get().is_none());
        assert_eq!(all.behind, 0);
    }

    fn defaults_are_what_the_properties_say() {
        let all = All::new();
        assert_eq!(all.property_get_uint("long").unwrap(), u64::MAX);
        assert_eq!(all.property_get_int("signed").unwrap(), -5);
        assert_eq!(all.property_get_int("signed-long").unwrap(), -6_000_000_000);
        assert_eq!(all.property_get_str("tone").unwrap(), "high");
        assert!(all.property_get_bool("fast").unwrap());
        assert!(!all.property_get_bool("loud").unwrap());
    }

    fn numbers_are_set_and_read_to_their_limits() {
        let all = All::new();
        for (name, limit) in [
            ("small", u64::from(u8::MAX)),
            ("short", u64::from(u16::MAX)),
            ("word", u64::from(u32::MAX)),
        ].iter() {
            all.property_set_uint(name, *limit).unwrap();
            assert_eq!(all.property_get_uint(name).unwrap(), *limit);
            assert!(all.property_set_uint(name, limit + 1).is_err(), "{}", name);
        }
        assert_eq!(all.conf.short.get(), u16::MAX);
        all.property_set_uint("long", 7).unwrap();
        assert_eq!(all.conf.long.get(), 7);
        all.property_set_int("signed", i32::MIN.into()).unwrap();
        assert_eq!(all.conf.signed.get(), i32::MIN);
        all.property_set_int("signed-long", i64::MIN).unwrap();
        assert_eq!(all.conf.signed_long.get(), i64::MIN);
        assert_eq!(all.conf.last.get(), 9);
    }

    fn booleans_and_bits_are_set_and_read() {
        let all = All::new();
        all.property_set_bool("flag", false).unwrap();
        assert!(!all.conf.flag.get());
        all.property_set_bool("loud", true).unwrap();
        all.property_set_bool("fast", false).unwrap();
        assert_eq!(all.conf.features.get(), 1 << 31);
        all.property_set_bool("far", true).unwrap();
        assert_eq!(all.conf.wide.get(), 1 << 63);
        assert!(all.property_get_bool("far").unwrap());
    }

    fn text_of_a_user_is_understood() {
        let all = All::new();
        all.property_parse("memory", "64K").unwrap();
        assert_eq!(all.conf.memory.get(), Size(65536));
        all.property_parse("flag", "off").unwrap();
        assert!(!all.conf.flag.get());
        all.property_parse("word", "0x10").unwrap();
        assert_eq!(all.conf.word.get(), 16);
        assert!(all.property_parse("word", "many").is_err());
    }

    fn strings_are_set_and_read_and_can_be_set_again() {
        let all = All::new();
        all.property_set_str("label", "one").unwrap();
        let one = all.conf.label.get();
        all.property_set_str("label", "another, longer").unwrap();
        assert_eq!(one.as_deref(), Some("one"));
        assert_eq!(all.conf.label.get().as_deref(), Some("another, longer"));
        assert_eq!(all.property_get_str("label").unwrap(), "another, longer");
    }

    fn names_of_an_enum_are_set_and_read_and_others_refused() {
        let all = All::new();
        all.property_set_str("tone", "siren").unwrap();
        assert_eq!(all.conf.tone.get(), Tone::Siren);
        assert_eq!(all.property_get_str("tone").unwrap(), "siren");
        assert!(all.property_set_str("tone", "shrill").is_err());
        assert_eq!(all.conf.tone.get(), Tone::Siren);
        assert_eq!(all.property_type("tone").unwrap(), "HarnessTone");
    }

    fn arrays_are_set_as_the_release_does_it() {
        let all = All::new();
        set_array(&all, "numbers", &[7, 8, 4_000_000_000]);
        assert_eq!(all.conf.numbers.get(), [7, 8, 4_000_000_000]);
        set_array(&all, "bytes", &[1, 255]);
        assert_eq!(all.conf.bytes.get(), [1, 255]);
        assert_eq!(all.conf.last.get(), 9);
    }

    fn links_hold_a_reference_and_give_it_back() {
        let (all, thing) = (All::new(), thing_at("linked"));
        all.property_set_link("friend", Some(&*thing)).unwrap();
        assert_eq!(references(&*thing), 3);
        let friend = all.conf.friend.get().unwrap();
        assert!(std::ptr::eq(&*friend, &*thing));
        assert_eq!(references(&*thing), 4);
        drop(friend);
        let linked = all.property_get_link("friend").unwrap().unwrap();
        assert!(std::ptr::eq(&*linked, thing.upcast::<Object>()));
        drop(linked);
        all.property_set_link::<Thing>("friend", None).unwrap();
        assert!(all.conf.friend.get().is_none());
        assert_eq!(references(&*thing), 2);
        all.property_set_str("friend", "/linked").unwrap();
        drop(all);
        assert_eq!(references(&*thing), 2);
        thing.unparent();
    }

    fn a_link_to_another_class_or_outside_the_tree_is_refused() {
        let (all, thing) = (All::new(), Thing::new());
        assert!(all.property_set_link("friend", Some(&*Object::root())).is_err());
        let error = all.property_set_link("friend", Some(&*thing)).unwrap_err().to_string();
        assert!(error.contains("is not in the tree"), "{}", error);
        assert_eq!(references(&*thing), 1);
    }

    fn a_character_device_is_found_by_its_name() {
        // SAFETY: both are strings; QEMU keeps the character device.
        unsafe {
            qemu_chr_new(c_str!("harness-null").as_ptr(), c_str!("null").as_ptr(), std::ptr::null_mut());
        }
        let all = All::new();
        assert!(!all.conf.console.is_connected());
        all.property_set_str("console", "harness-null").unwrap();
        assert!(all.conf.console.is_connected());
        assert!(All::new().property_set_str("console", "harness-null").is_err(), "it is in use");
        drop(all);
        let all = All::new();
        all.property_set_str("console", "harness-null").unwrap();
        assert!(all.property_set_str("console", "nobody").is_err());
    }

    fn properties_cannot_be_set_once_the_device_is_realized() {
        let all = All::new();
        Object::root().property_add_child("settled", all.clone()).unwrap();
        all.property_set_uint("word", 3).unwrap();
        all.realize().unwrap();
        let error = all.property_set_uint("word", 4).unwrap_err().to_string();
        assert!(error.contains("word"), "{}", error);
        assert!(all.property_set_str("label", "late").is_err());
        assert!(all.property_set_link::<Thing>("friend", None).is_err());
        assert_eq!(all.conf.word.get(), 3);
        all.unparent();
    }

    fn doc_comments_are_the_descriptions() {
        let all = All::new();
        assert_eq!(description(all.upcast(), "word"), "Ticks a second, at most a million.");
        assert_eq!(description(all.upcast(), "fast"), "Whether it is fast.");
    }

    fn the_table_is_in_terms_of_no_release() {
        let names: Vec<_> = AllConf::PROPERTIES.iter().map(|p| p.name.to_str().unwrap()).collect();
        assert_eq!(names[..3], ["small", "flag", "short"]);
        assert_eq!(names[names.len() - 4..], ["fast", "loud", "far", "last"]);
    }
}
