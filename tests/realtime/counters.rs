//! The functions that stand in for those of glibc, and what they count.

use crate::calls;
use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::OnceLock;

/// What a thread has done while it was watching.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls that take memory, by Rust or C.
    pub allocations: u32,
    /// Calls that give memory back.
    pub frees: u32,
    /// Bytes taken and not given back.
    pub bytes: i64,
    /// Locks taken, of Csound for the most part; each is free as long as nobody else wants it.
    pub locks: u32,
    /// Locks that somebody else held.
    pub contended: u32,
    /// Looks at the process's locale and its message catalogues, each under a lock that any thread may hold.
    pub translations: u32,
    /// System calls; only the first of each stretch of watching.
    pub system_calls: u32,
    /// The number of the last system call.
    pub last_call: u32,
}

impl Counts {
    const NONE: Self = Self {
        allocations: 0,
        frees: 0,
        bytes: 0,
        locks: 0,
        contended: 0,
        translations: 0,
        system_calls: 0,
        last_call: 0,
    };

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            allocations: self.allocations + other.allocations,
            frees: self.frees + other.frees,
            bytes: self.bytes + other.bytes,
            locks: self.locks + other.locks,
            contended: self.contended + other.contended,
            translations: self.translations + other.translations,
            system_calls: self.system_calls + other.system_calls,
            last_call: self.last_call.max(other.last_call),
        }
    }

    /// Whether nothing happened that the audio thread must not do. Csound takes its own locks in every cycle, which is
    /// fine as long as they are free.
    pub fn calm(&self) -> bool {
        Self { locks: 0, ..*self } == Self::NONE
    }
}

thread_local! {
    static WATCHING: Cell<bool> = const { Cell::new(false) };
    static COUNTS: Cell<Counts> = const { Cell::new(Counts::NONE) };
}

/// Counts what this thread does in `work`.
pub fn watch(work: impl FnOnce()) -> Counts {
    calls::prepare();
    COUNTS.set(Counts::NONE);
    WATCHING.set(true);
    calls::set_watching(true);
    work();
    calls::set_watching(false);
    WATCHING.set(false);
    COUNTS.get()
}

/// Notes something if this thread watches. Neither allocates nor locks.
pub fn count(change: impl FnOnce(&mut Counts)) {
    // A thread that is ending has no cells any more, and is nobody's audio thread.
    let _ = WATCHING.try_with(|watching| {
        if watching.get() {
            let mut counts = COUNTS.get();
            change(&mut counts);
            COUNTS.set(counts);
        }
    });
}

/// Takes a mutex and a spin lock that another thread holds for a while: how many contended locks of each were counted.
pub fn take_held_locks() -> (u32, u32) {
    let mut mutex = libc::PTHREAD_MUTEX_INITIALIZER;
    let mut spin: c_int = 0;
    let (mutex, spin) = (&raw mut mutex, &raw mut spin);
    // SAFETY: a lock of this function's own.
    unsafe { pthread_spin_init(spin, libc::PTHREAD_PROCESS_PRIVATE) };
    let shared = (mutex as usize, spin as usize);
    let (locked, is_locked) = std::sync::mpsc::channel();
    let holder = std::thread::spawn(move || {
        let (mutex, spin) = (
            shared.0 as *mut libc::pthread_mutex_t,
            shared.1 as *mut c_int,
        );
        // SAFETY: both live until this thread is joined, and each is unlocked by the thread that locked it.
        unsafe {
            libc::pthread_mutex_lock(mutex);
            pthread_spin_lock(spin);
            locked.send(()).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(50));
            libc::pthread_mutex_unlock(mutex);
            std::thread::sleep(std::time::Duration::from_millis(50));
            pthread_spin_unlock(spin);
        }
    });
    is_locked.recv().unwrap();
    let of_mutex = watch(|| {
        // SAFETY: both locks were made above, and whoever takes one gives it back.
        unsafe {
            pthread_mutex_lock(mutex);
            libc::pthread_mutex_unlock(mutex);
        }
    });
    let of_spin = watch(|| {
        // SAFETY: both locks were made above, and whoever takes one gives it back.
        unsafe {
            pthread_spin_lock(spin);
            pthread_spin_unlock(spin);
        }
    });
    holder.join().unwrap();
    (of_mutex.contended, of_spin.contended)
}

unsafe extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
    fn __libc_realloc(memory: *mut c_void, size: usize) -> *mut c_void;
    fn __libc_free(memory: *mut c_void);
    fn __libc_memalign(alignment: usize, size: usize) -> *mut c_void;
    fn pthread_spin_init(lock: *mut c_int, shared: c_int) -> c_int;
    fn pthread_spin_unlock(lock: *mut c_int) -> c_int;
    fn pthread_spin_trylock(lock: *mut c_int) -> c_int;
}

/// Counts memory that glibc gave out, or did not.
fn allocated(memory: *mut c_void) -> *mut c_void {
    // SAFETY: null, or fresh from glibc.
    let size = unsafe { libc::malloc_usable_size(memory) };
    count(|counts| {
        counts.allocations += 1;
        counts.bytes += size as i64;
    });
    memory
}

/// Counts memory that goes back.
fn freed(memory: *mut c_void) {
    // SAFETY: null, or memory that its owner is about to give back.
    let size = unsafe { libc::malloc_usable_size(memory) };
    count(|counts| {
        counts.frees += u32::from(!memory.is_null());
        counts.bytes -= size as i64;
    });
}

#[unsafe(no_mangle)]
extern "C" fn malloc(size: usize) -> *mut c_void {
    // SAFETY: glibc's own, which the contract of `malloc` is the contract of.
    allocated(unsafe { __libc_malloc(size) })
}

#[unsafe(no_mangle)]
extern "C" fn calloc(number: usize, size: usize) -> *mut c_void {
    // SAFETY: as in `malloc`.
    allocated(unsafe { __libc_calloc(number, size) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(memory: *mut c_void, size: usize) -> *mut c_void {
    freed(memory);
    // SAFETY: as in `malloc`; the memory came from there.
    allocated(unsafe { __libc_realloc(memory, size) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn free(memory: *mut c_void) {
    freed(memory);
    // SAFETY: as in `realloc`.
    unsafe { __libc_free(memory) }
}

#[unsafe(no_mangle)]
extern "C" fn memalign(alignment: usize, size: usize) -> *mut c_void {
    // SAFETY: as in `malloc`.
    allocated(unsafe { __libc_memalign(alignment, size) })
}

#[unsafe(no_mangle)]
extern "C" fn aligned_alloc(alignment: usize, size: usize) -> *mut c_void {
    memalign(alignment, size)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn posix_memalign(to: *mut *mut c_void, alignment: usize, size: usize) -> c_int {
    let memory = memalign(alignment, size);
    // SAFETY: the caller gives the place where the address belongs.
    unsafe { to.write(memory) };
    if memory.is_null() { libc::ENOMEM } else { 0 }
}

type LockMutex = unsafe extern "C" fn(*mut libc::pthread_mutex_t) -> c_int;
type Translate = unsafe extern "C" fn(*const c_char, *const c_char, c_int) -> *mut c_char;

/// glibc's own function behind one of ours.
fn real(name: &CStr) -> *mut c_void {
    // SAFETY: a name that ends in 0; the next library after this executable that has it is glibc.
    let found = unsafe { libc::dlsym(libc::RTLD_NEXT, name.as_ptr()) };
    assert!(!found.is_null());
    found
}

fn real_lock() -> LockMutex {
    static REAL: OnceLock<LockMutex> = OnceLock::new();
    *REAL.get_or_init(|| {
        // SAFETY: that is the type of the function of this name.
        unsafe { std::mem::transmute::<*mut c_void, LockMutex>(real(c"pthread_mutex_lock")) }
    })
}

fn real_translate() -> Translate {
    static REAL: OnceLock<Translate> = OnceLock::new();
    *REAL.get_or_init(|| {
        // SAFETY: that is the type of the function of this name.
        unsafe { std::mem::transmute::<*mut c_void, Translate>(real(c"dcgettext")) }
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn dcgettext(
    domain: *const c_char,
    text: *const c_char,
    category: c_int,
) -> *mut c_char {
    count(|counts| counts.translations += 1);
    // SAFETY: the caller's texts.
    unsafe { real_translate()(domain, text, category) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_mutex_lock(mutex: *mut libc::pthread_mutex_t) -> c_int {
    count(|counts| counts.locks += 1);
    // SAFETY: the caller's mutex.
    if unsafe { libc::pthread_mutex_trylock(mutex) } == 0 {
        return 0;
    }
    count(|counts| counts.contended += 1);
    // SAFETY: the caller's mutex.
    unsafe { real_lock()(mutex) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_spin_lock(lock: *mut c_int) -> c_int {
    count(|counts| counts.locks += 1);
    let mut tried = false;
    // SAFETY: the caller's lock.
    while unsafe { pthread_spin_trylock(lock) } != 0 {
        if !std::mem::replace(&mut tried, true) {
            count(|counts| counts.contended += 1);
        }
        std::hint::spin_loop();
    }
    0
}
