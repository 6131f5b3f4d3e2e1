// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

oldstable_compat::prelude!();

type R<'a> = Result<u8, &'a str>;

#[test]
fn unchecked_values_and_errors() {
    let (ok, err): (R<'_>, R<'_>) = (Ok(1), Err("e"));
    assert_eq!(
        // SAFETY: the one is `Ok`, the other is not.
        unsafe { (ok.unwrap_unchecked(), err.unwrap_err_unchecked()) },
        (1, "e")
    );
}

#[test]
fn references_are_copied_and_cloned() {
    let (one, mut two) = (1, 2);
    assert_eq!(Ok::<&u8, ()>(&one).copied(), Ok(1));
    assert_eq!(Ok::<&u8, ()>(&one).cloned(), Ok(1));
    assert_eq!(Ok::<&mut u8, ()>(&mut two).copied(), Ok(2));
    assert_eq!(Ok::<&mut u8, ()>(&mut two).cloned(), Ok(2));
    assert_eq!(Err::<&u8, _>("e").copied(), Err("e"));
}

#[test]
fn conditions_are_asked_of_the_right_half() {
    let (ok, err): (R<'_>, R<'_>) = (Ok(1), Err("e"));
    assert_eq!((ok.is_ok_and(|n| n == 1), ok.is_ok_and(|n| n > 1)), (true, false));
    assert_eq!((err.is_ok_and(|_| true), err.is_err_and(|e| e == "e")), (false, true));
    assert!(!ok.is_err_and(|_| true));
}

#[test]
fn inspection_sees_one_half_and_changes_nothing() {
    let (mut seen, mut errors) = (vec![], vec![]);
    let both: [R<'_>; 2] = [Ok(1), Err("e")];
    for result in both.iter().copied() {
        let after = result.inspect(|n| seen.push(*n)).inspect_err(|e| errors.push(e.to_string()));
        assert_eq!(after, result);
    }
    assert_eq!((seen, errors), (vec![1], vec!["e".to_string()]));
}

#[test]
fn nested_results_flatten() {
    assert_eq!(Ok::<R<'_>, _>(Ok(1)).flatten(), Ok(1));
    assert_eq!(Ok::<R<'_>, _>(Err("inner")).flatten(), Err("inner"));
    assert_eq!(Err::<R<'_>, _>("outer").flatten(), Err("outer"));
}
