// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use std::fmt::{self, Debug};

oldstable_compat::prelude!();

struct Fields(usize);

impl Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Fields");
        for _ in 0..self.0 {
            shown.field("n", &self.0);
        }
        shown.finish_non_exhaustive()
    }
}

#[test]
fn more_fields_than_are_shown() {
    assert_eq!(format!("{:?}", Fields(0)), "Fields { .. }");
    assert_eq!(format!("{:?}", Fields(2)), "Fields { n: 2, n: 2, .. }");
    assert_eq!(format!("{:#?}", Fields(0)), "Fields { .. }");
    assert_eq!(format!("{:#?}", Fields(1)), "Fields {\n    n: 1,\n    ..\n}");
    assert_eq!(format!("{:?}", Some(Fields(1))), "Some(Fields { n: 1, .. })");
    let nested = "Some(\n    Fields {\n        n: 1,\n        ..\n    },\n)";
    assert_eq!(format!("{:#?}", Some(Fields(1))), nested);
}

#[test]
fn an_error_of_the_writer_comes_out() {
    struct Short(usize);
    impl fmt::Write for Short {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
            Ok(())
        }
    }
    for room in 0.."Fields { n: 1, .. }".len() {
        assert!(fmt::write(&mut Short(room), format_args!("{:?}", Fields(1))).is_err());
    }
}

#[test]
fn arguments_may_be_a_text() {
    let known = format_args!("text").as_str().map(str::len);
    assert!(known == None || known == Some(4));
    assert_eq!(format_args!("{}", std::process::id()).as_str(), None);
}

#[test]
fn functions_show_values() {
    let value = oldstable_compat::fmt::from_fn(|f| f.write_str("shown"));
    assert_eq!(format!("{} {:?}", value, value), "shown shown");
    fn is<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result>(_: &oldstable_compat::fmt::FromFn<F>) {}
    is(&value);
}
