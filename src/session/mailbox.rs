//! A place for a box that threads exchange without waiting for each other.

use crossbeam_utils::atomic::AtomicCell;

/// Holds a box or none. Wait-free: a pointer is exchanged in one instruction. Realtime-safe, but for dropping what comes
/// out.
pub(crate) struct Mailbox<T>(AtomicCell<Option<Box<T>>>);

// Otherwise it would take a lock.
const _: () = assert!(AtomicCell::<Option<Box<u8>>>::is_lock_free());

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Self(AtomicCell::new(None))
    }
}

impl<T> Mailbox<T> {
    /// One that holds a box.
    pub(crate) fn holding(held: Box<T>) -> Self {
        Self(AtomicCell::new(Some(held)))
    }

    /// What it holds; then it holds none.
    pub(crate) fn take(&self) -> Option<Box<T>> {
        self.0.take()
    }

    /// Puts a box in the place of what it holds, which is returned.
    pub(crate) fn put(&self, new: Box<T>) -> Option<Box<T>> {
        self.0.swap(Some(new))
    }

    /// Puts back what was taken. Where somebody has put a newer one meanwhile, that one stays, and what was taken is lost
    /// rather than freed here, which may be the audio thread.
    pub(crate) fn put_back(&self, taken: Box<T>) {
        if let Some(newer) = self.put(taken) {
            std::mem::forget(self.put(newer));
        }
    }
}
