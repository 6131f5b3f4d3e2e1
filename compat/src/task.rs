//! [`core::task`].

#[cfg(all(feature = "alloc", not(feature = "std")))]
pub use alloc_crate::task::*;
pub use base::task::*;

#[cfg(before_1_64)]
pub use crate::ready;

/// The value of a `Poll`, or the function returns `Pending`: `core::task::ready!` from Rust 1.64.
#[cfg(before_1_64)]
#[macro_export]
macro_rules! ready {
    ($poll:expr $(,)?) => {
        match $poll {
            $crate::__private::core::task::Poll::Ready(value) => value,
            $crate::__private::core::task::Poll::Pending => {
                return $crate::__private::core::task::Poll::Pending;
            }
        }
    };
}

/// What wakes a task, behind an `Arc`: `std::task::Wake` from Rust 1.51.
///
/// Std makes a `Waker` of it by `From`, which it alone can implement; [`waker`] does here.
#[cfg(all(before_1_51, feature = "alloc"))]
pub trait Wake {
    /// Wakes the task.
    fn wake(self: alloc_crate::sync::Arc<Self>);
    /// Wakes the task.
    fn wake_by_ref(self: &alloc_crate::sync::Arc<Self>) {
        self.clone().wake();
    }
}

/// A `Waker` of what wakes a task: no item of std, where `Waker::from` does it from Rust 1.51 on.
#[cfg(all(not(before_1_51), feature = "alloc"))]
pub fn waker<W: Wake + Send + Sync + 'static>(wake: alloc_crate::sync::Arc<W>) -> Waker {
    wake.into()
}

/// A `Waker` of what wakes a task: no item of std, where `Waker::from` does it from Rust 1.51 on.
#[cfg(all(before_1_51, feature = "alloc"))]
pub fn waker<W: Wake + Send + Sync + 'static>(wake: alloc_crate::sync::Arc<W>) -> Waker {
    use alloc_crate::sync::Arc;
    use core::mem::ManuallyDrop;

    /// The functions of a waker whose data is an `Arc<W>`.
    struct Table<W>(core::marker::PhantomData<W>);
    impl<W: Wake + Send + Sync + 'static> Table<W> {
        const TABLE: RawWakerVTable = RawWakerVTable::new(Self::clone, Self::wake, Self::wake_by_ref, Self::drop);

        /// The `Arc` that the data is, still owned by the waker.
        unsafe fn lent(data: *const ()) -> ManuallyDrop<Arc<W>> {
            ManuallyDrop::new(Arc::from_raw(data as *const W))
        }
        fn raw(wake: Arc<W>) -> RawWaker {
            RawWaker::new(Arc::into_raw(wake) as *const (), &Self::TABLE)
        }
        unsafe fn clone(data: *const ()) -> RawWaker {
            Self::raw(Arc::clone(&Self::lent(data)))
        }
        unsafe fn wake(data: *const ()) {
            Arc::from_raw(data as *const W).wake();
        }
        unsafe fn wake_by_ref(data: *const ()) {
            Self::lent(data).wake_by_ref();
        }
        unsafe fn drop(data: *const ()) {
            core::mem::drop(Arc::from_raw(data as *const W));
        }
    }
    // SAFETY: the functions of the table take the `Arc` that the data is as a waker's must.
    unsafe { Waker::from_raw(Table::raw(wake)) }
}
