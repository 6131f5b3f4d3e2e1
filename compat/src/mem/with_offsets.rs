// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Offsets of fields in const on every compiler: `with_offsets!` and `const_offset_of!`.
//!
//! Before Rust 1.77 no expression takes the address of a field in const, so the offsets are computed by C's rule: each
//! field starts at the end of the previous one, rounded up to its own alignment. The hidden struct `Table` has a field
//! of the same name for every field, so a name that the struct does not have fails to compile.

/// Declares a `#[repr(C)]` struct whose offsets [`const_offset_of!`](crate::const_offset_of)
/// knows in const on every compiler; from Rust 1.82 on it is not needed.
///
/// The struct has named fields, and may have attributes, a visibility and generics: lifetimes, constants, and types
/// with at most one trait as the bound of each. Write further bounds in a `where` clause, including `T: 'a` for a field
/// `&'a T`, which old compilers do not infer here. Packed structs, other representations and `#[cfg]` on fields are
/// refused.
///
/// From Rust 1.82 on it only declares the struct.
///
/// ```
/// use oldstable_compat::{const_offset_of, with_offsets};
///
/// with_offsets! {
///     /// A register file.
///     #[repr(C)]
///     pub struct Registers<'a> {
///         flags: u8,
///         /// The source of the bytes.
///         source: &'a [u8],
///     }
/// }
/// const SOURCE: usize = const_offset_of!(Registers, source);
/// assert_eq!(SOURCE, std::mem::align_of::<usize>());
/// ```
#[macro_export]
macro_rules! with_offsets {
    ($($item:tt)*) => {
        $crate::__with_offsets_attributes! { [] [] $($item)* }
    };
}

/// Finds the representation among the attributes: `[attributes so far] [the repr]`.
#[doc(hidden)]
#[macro_export]
macro_rules! __with_offsets_attributes {
    ([$($kept:tt)*] [] #[repr(C)] $($rest:tt)*) => {
        $crate::__with_offsets_attributes! { [$($kept)* #[repr(C)]] [C] $($rest)* }
    };
    ([$($kept:tt)*] [] #[repr(C, align($align:tt))] $($rest:tt)*) => {
        $crate::__with_offsets_attributes! {
            [$($kept)* #[repr(C, align($align))]] [C] $($rest)*
        }
    };
    ([$($kept:tt)*] [$($repr:tt)*] #[repr($($other:tt)*)] $($rest:tt)*) => {
        $crate::__private::core::compile_error! {
            "with_offsets! takes structs that are #[repr(C)] or #[repr(C, align(N))]: the offsets of any other representation, packed included, are not known before Rust 1.77"
        }
    };
    ([$($kept:tt)*] [$($repr:tt)*] #[$($attribute:tt)*] $($rest:tt)*) => {
        $crate::__with_offsets_attributes! {
            [$($kept)* #[$($attribute)*]] [$($repr)*] $($rest)*
        }
    };
    ([$($kept:tt)*] [] $($rest:tt)*) => {
        $crate::__private::core::compile_error! {
            "with_offsets! needs #[repr(C)], spelled out above the struct: Rust's own representation may reorder the fields"
        }
    };
    ([$($kept:tt)*] [C] $vis:vis struct $Struct:ident { $($fields:tt)* }) => {
        $crate::__with_offsets_emit! {
            [$($kept)*] [$vis] $Struct [] [] [] [] { $($fields)* }
        }
    };
    ([$($kept:tt)*] [C] $vis:vis struct $Struct:ident < $($rest:tt)*) => {
        $crate::__with_offsets_generics! {
            [$($kept)*] [$vis] $Struct [] [] [] $($rest)*
        }
    };
    ([$($kept:tt)*] [C] $($other:tt)*) => {
        $crate::__private::core::compile_error! {
            "with_offsets! takes one struct with named fields"
        }
    };
}

/// Reads the generics: `[as declared] [as parameters of an impl] [as arguments]`.
#[doc(hidden)]
#[macro_export]
macro_rules! __with_offsets_generics {
    ($kept:tt $vis:tt $Struct:ident [$($decl:tt)*] [$($param:tt)*] [$($arg:tt)*]
        $lt:lifetime $(: $bound:lifetime)? , $($rest:tt)*) => {
        $crate::__with_offsets_generics! { $kept $vis $Struct
            [$($decl)* $lt $(: $bound)?,] [$($param)* $lt $(: $bound)?,] [$($arg)* $lt,] $($rest)* }
    };
    ($kept:tt $vis:tt $Struct:ident $decl:tt $param:tt $arg:tt
        $lt:lifetime $(: $bound:lifetime)? > $($rest:tt)*) => {
        $crate::__with_offsets_generics! { $kept $vis $Struct $decl $param $arg
            $lt $(: $bound)? , > $($rest)* }
    };
    ($kept:tt $vis:tt $Struct:ident [$($decl:tt)*] [$($param:tt)*] [$($arg:tt)*]
        const $N:ident : $Type:ty , $($rest:tt)*) => {
        $crate::__with_offsets_generics! { $kept $vis $Struct
            [$($decl)* const $N: $Type,] [$($param)* const $N: $Type,] [$($arg)* $N,] $($rest)* }
    };
    ($kept:tt $vis:tt $Struct:ident $decl:tt $param:tt $arg:tt
        const $N:ident : $Type:ty > $($rest:tt)*) => {
        $crate::__with_offsets_generics! { $kept $vis $Struct $decl $param $arg
            const $N : $Type , > $($rest)* }
    };
    ($kept:tt $vis:tt $Struct:ident [$($decl:tt)*] [$($param:tt)*] [$($arg:tt)*]
        $T:ident $(: $bound:path)? $(= $default:ty)? , $($rest:tt)*) => {
        $crate::__with_offsets_generics! { $kept $vis $Struct
            [$($decl)* $T $(: $bound)? $(= $default)?,] [$($param)* $T $(: $bound)?,]
            [$($arg)* $T,] $($rest)* }
    };
    ($kept:tt $vis:tt $Struct:ident $decl:tt $param:tt $arg:tt
        $T:ident $(: $bound:path)? $(= $default:ty)? > $($rest:tt)*) => {
        $crate::__with_offsets_generics! { $kept $vis $Struct $decl $param $arg
            $T $(: $bound)? $(= $default)? , > $($rest)* }
    };
    ($kept:tt $vis:tt $Struct:ident $decl:tt $param:tt $arg:tt > where $($rest:tt)*) => {
        $crate::__with_offsets_where! { $kept $vis $Struct $decl $param $arg [where] $($rest)* }
    };
    ($kept:tt $vis:tt $Struct:ident $decl:tt $param:tt $arg:tt > { $($fields:tt)* }) => {
        $crate::__with_offsets_emit! { $kept $vis $Struct $decl $param $arg [] { $($fields)* } }
    };
    ($kept:tt $vis:tt $Struct:ident $decl:tt $param:tt $arg:tt $($other:tt)*) => {
        $crate::__private::core::compile_error! {
            "with_offsets! reads generics with at most one trait as the bound of a parameter, and structs with named fields: write further bounds in a where clause"
        }
    };
}

/// Collects the where clause.
#[doc(hidden)]
#[macro_export]
macro_rules! __with_offsets_where {
    ($kept:tt $vis:tt $Struct:ident $decl:tt $param:tt $arg:tt $clause:tt { $($fields:tt)* }) => {
        $crate::__with_offsets_emit! {
            $kept $vis $Struct $decl $param $arg $clause { $($fields)* }
        }
    };
    ($kept:tt $vis:tt $Struct:ident $decl:tt $param:tt $arg:tt [$($clause:tt)*]
        $token:tt $($rest:tt)*) => {
        $crate::__with_offsets_where! {
            $kept $vis $Struct $decl $param $arg [$($clause)* $token] $($rest)*
        }
    };
}

#[cfg(not(before_1_82))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_offsets_emit {
    ([$($kept:tt)*] [$vis:vis] $Struct:ident [$($decl:tt)*] $param:tt $arg:tt [$($clause:tt)*] {
        $($fields:tt)*
    }) => {
        $($kept)*
        $vis struct $Struct<$($decl)*> $($clause)* { $($fields)* }
    };
}

#[cfg(before_1_82)]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_offsets_emit {
    ([$($kept:tt)*] [$vis:vis] $Struct:ident [$($decl:tt)*] [$($param:tt)*] [$($arg:tt)*]
        [$($clause:tt)*]
    {
        $($(#[$($attribute:tt)*])* $field_vis:vis $field:ident : $Type:ty),* $(,)?
    }) => {
        $($kept)*
        $vis struct $Struct<$($decl)*> $($clause)* {
            $($(#[$($attribute)*])* $field_vis $field: $Type),*
        }

        #[allow(non_snake_case)]
        const _: () = {
            pub struct Table<$($param)*> $($clause)* {
                $($field_vis $field: $crate::__private::FieldOffset<$Type>,)*
            }

            impl<$($param)*> $crate::__private::WithOffsets for $Struct<$($arg)*> $($clause)* {
                type Table = Table<$($arg)*>;
                const OFFSETS: $crate::__private::Offsets<Self> = {
                    let end = 0;
                    $(
                        let $field = $crate::__private::FieldOffset::<$Type>::after(end);
                        let end = $field.offset + $crate::__private::core::mem::size_of::<$Type>();
                    )*
                    // Out of bounds, which does not compile, if an attribute that the macro does not recognise has
                    // packed the struct.
                    let size = $crate::__private::core::mem::size_of::<Self>();
                    let align = $crate::__private::core::mem::align_of::<Self>();
                    let _ = [()][($crate::__private::round_up(end, align) != size) as usize];
                    $crate::__private::Offsets { table: Table { $($field),* } }
                };
            }

            // Does not compile if a `#[cfg]` has removed a field from the struct.
            #[inline]
            fn all_fields<$($param)*>(whole: &$Struct<$($arg)*>) $($clause)* {
                let $Struct { $($field: _),* } = whole;
            }
        };
    };
}

/// The offset in bytes of a field of a struct that [`with_offsets!`](crate::with_offsets)
/// declares, in const on every compiler: `core::mem::offset_of!` from Rust 1.77.
///
/// Nested fields (`a.b`), which std has from Rust 1.82, must be in structs that `with_offsets!` declares, too.
#[cfg(before_1_82)]
#[macro_export]
macro_rules! const_offset_of {
    ($Struct:ty, $field:ident $(. $nested:ident)* $(,)?) => {
        $crate::__const_offset_of!(
            [<$Struct as $crate::__private::WithOffsets>::OFFSETS] $field $($nested)*
        )
    };
}

#[cfg(before_1_82)]
#[doc(hidden)]
#[macro_export]
macro_rules! __const_offset_of {
    ([$offsets:expr] $field:ident) => {
        $offsets.table.$field.offset
    };
    ([$offsets:expr] $field:ident $($nested:ident)+) => {{
        let outer = $offsets.table.$field;
        let outer_offset = outer.offset;
        let pair = $crate::__private::Nested {
            outer,
            inner: $crate::__private::WithOffsets::OFFSETS,
        };
        outer_offset + $crate::__const_offset_of!([pair.inner] $($nested)+)
    }};
}

/// The data about a struct from `with_offsets!`.
#[cfg(before_1_82)]
#[doc(hidden)]
pub trait WithOffsets: Sized {
    type Table;
    const OFFSETS: Offsets<Self>;
}

/// The offsets of a struct's fields, under the fields' names.
#[cfg(before_1_82)]
#[doc(hidden)]
pub struct Offsets<S: WithOffsets> {
    pub table: S::Table,
}

/// The offset of a field, with the field's type for the fields inside it.
#[cfg(before_1_82)]
#[doc(hidden)]
pub struct FieldOffset<T> {
    pub offset: usize,
    pub of: core::marker::PhantomData<T>,
}

#[cfg(before_1_82)]
impl<T> FieldOffset<T> {
    /// The offset of a field of type `T` that follows `end` bytes.
    #[inline]
    pub const fn after(end: usize) -> Self {
        FieldOffset { offset: round_up(end, core::mem::align_of::<T>()), of: core::marker::PhantomData }
    }
}

/// Tells the compiler that `inner` is for the type of the field `outer`: before Rust 1.61 a const function cannot
/// require a trait of its argument's type, but inference can find it.
#[cfg(before_1_82)]
#[doc(hidden)]
pub struct Nested<S: WithOffsets> {
    pub outer: FieldOffset<S>,
    pub inner: Offsets<S>,
}

#[cfg(before_1_82)]
#[doc(hidden)]
#[inline]
pub const fn round_up(offset: usize, align: usize) -> usize {
    // Alignments are powers of two.
    (offset + align - 1) & !(align - 1)
}
