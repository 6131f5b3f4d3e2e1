// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `str` and `char`.
oldstable_compat::prelude!();

const LIMITS: [char; 3] = [char::MIN, char::MAX, char::REPLACEMENT_CHARACTER];

#[test]
fn characters_have_constants() {
    assert_eq!(LIMITS, ['\0', '\u{10ffff}', '\u{fffd}']);
    assert_eq!((char::MAX_LEN_UTF8, char::MAX_LEN_UTF16), (4, 2));
    let (major, _, _) = char::UNICODE_VERSION;
    assert!(major >= 13);
}

/// U+A7C7 was added in Unicode 14: it is a letter exactly if the version is at least that.
#[test]
fn the_version_of_unicode_is_that_of_the_methods() {
    assert_eq!('\u{a7c0}'.is_alphabetic(), char::UNICODE_VERSION.0 >= 14);
    assert!('\u{a7c7}'.is_alphabetic());
}

#[test]
fn characters_are_made() {
    assert_eq!((char::from_u32(65), char::from_u32(0xd800)), (Some('A'), None));
    assert_eq!((char::from_digit(11, 16), char::from_digit(9, 8)), (Some('b'), None));
    // SAFETY: it is a code point.
    assert_eq!(unsafe { char::from_u32_unchecked(0x61) }, 'a');
    let decoded: Vec<_> = char::decode_utf16(vec![0x61, 0xd800]).map(|c| c.ok()).collect();
    assert_eq!(decoded, [Some('a'), None]);
}

#[test]
fn text_is_split_at_every_kind_of_pattern() {
    let text = "a=>b=>c";
    let (chars, first) = (['=', '>'], Some(("a", "b=>c")));
    assert_eq!((text.split_once("=>"), text.split_once(&"=>")), (first, first));
    assert_eq!((text.split_once('>'), text.rsplit_once('>')), (Some(("a=", "b=>c")), Some(("a=>b=", "c"))));
    let at = Some(("a", ">b=>c"));
    assert_eq!(text.split_once(&chars[..]), at);
    // Std's own, which is there before that, takes arrays from 1.58 on.
    #[cfg(any(before_1_52, not(before_1_58)))]
    assert_eq!((text.split_once(chars), text.split_once(&chars)), (at, at));
    assert_eq!(text.split_once(|c| c == 'b'), Some(("a=>", "=>c")));
    assert_eq!(text.split_once(char::is_whitespace), None);
    assert_eq!(text.rsplit_once(char::is_alphabetic), Some(("a=>b=>", "")));
}

#[cfg(feature = "alloc")]
#[test]
fn text_is_split_at_a_string() {
    let (text, arrow) = ("a=>b=>c", "=>".to_string());
    assert_eq!(text.split_once(&arrow), Some(("a", "b=>c")));
    assert_eq!(text.rsplit_once(&arrow), Some(("a=>b", "c")));
}

#[test]
fn parts_of_text_end_with_what_ends_them() {
    let parts = |text: &'static str| text.split_inclusive('\n').collect::<Vec<_>>();
    assert_eq!(parts("a\nb\n\nc"), ["a\n", "b\n", "\n", "c"]);
    assert_eq!((parts("a\n"), parts("")), (vec!["a\n"], vec![]));
    assert_eq!("ab".split_inclusive("").collect::<Vec<_>>(), ["", "a", "b"]);
    assert_eq!("".split_inclusive("").collect::<Vec<_>>(), [""]);
    assert_eq!("a1b2".split_inclusive(char::is_numeric).count(), 2);
    fn named<'a>(text: &'a str) -> oldstable_compat::str::SplitInclusive<'a, char> {
        text.split_inclusive(' ')
    }
    assert_eq!(named("a b").count(), 2);
}

#[test]
fn text_is_split_at_boundaries_only() {
    let mut text = "aßc".to_string();
    assert_eq!((text.split_at_checked(1), text.split_at_checked(2)), (Some(("a", "ßc")), None));
    assert_eq!((text.split_at_checked(4), text.split_at_checked(5)), (Some(("aßc", "")), None));
    text.split_at_mut_checked(1).expect("a boundary").0.make_ascii_uppercase();
    assert!(text.split_at_mut_checked(2).is_none());
    let floor: Vec<_> = (0..6).map(|i| text.floor_char_boundary(i)).collect();
    let ceil: Vec<_> = (0..4).map(|i| text.ceil_char_boundary(i)).collect();
    assert_eq!((floor, ceil), (vec![0, 1, 1, 3, 4, 4], vec![0, 1, 3, 3]));
}

#[test]
fn ascii_whitespace_is_trimmed() {
    let text = " \t a b\n\u{a0} ";
    assert_eq!(text.trim_ascii(), "a b\n\u{a0}");
    assert_eq!((text.trim_ascii_start(), text.trim_ascii_end()), ("a b\n\u{a0} ", " \t a b\n\u{a0}"));
}

#[test]
fn bytes_become_text() {
    let mut bytes = *b"ab";
    let wrong = [0xff; 2];
    assert_eq!((str::from_utf8(&bytes), str::from_utf8(&wrong).is_err()), (Ok("ab"), true));
    str::from_utf8_mut(&mut bytes).expect("it is text").make_ascii_uppercase();
    // SAFETY: it is text.
    unsafe {
        assert_eq!(str::from_utf8_unchecked(&bytes), "AB");
        assert_eq!(str::from_utf8_unchecked_mut(&mut bytes), "AB");
    }
}
