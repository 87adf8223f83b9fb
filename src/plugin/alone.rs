//! What the stand-alone program tells the plugin that it plays in.

use crate::document::Document;
use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// What an instance begins with.
pub(super) struct First {
    pub(super) document: Document,
    pub(super) file: PathBuf,
}

thread_local! {
    static FIRST: RefCell<Option<First>> = const { RefCell::new(None) };
}

static CLOSES: AtomicBool = AtomicBool::new(false);

/// The next instance that this thread makes plays this document, which is from this file.
pub fn begin_with(document: Document, file: PathBuf) {
    FIRST.set(Some(First { document, file }));
}

/// For the constructor of an instance.
pub(super) fn take() -> Option<First> {
    FIRST.take()
}

/// Has the window close, which ends the program. Any thread, a signal's included.
pub fn close() {
    CLOSES.store(true, Ordering::Relaxed);
}

pub(super) fn closes() -> bool {
    CLOSES.load(Ordering::Relaxed)
}
