//! System calls of one thread, caught by the kernel while a byte of the thread says so (syscall user dispatch).

use crate::counters;
use std::cell::Cell;
use std::ffi::{c_int, c_long, c_void};
use std::ptr::null_mut;
use std::sync::Once;

const PR_SET_SYSCALL_USER_DISPATCH: c_int = 59;
const PR_SYS_DISPATCH_ON: c_long = 1;
const ALLOW: u8 = 0;
const BLOCK: u8 = 1;

thread_local! {
    static SELECTOR: Cell<u8> = const { Cell::new(ALLOW) };
    static PREPARED: Cell<bool> = const { Cell::new(false) };
}

/// Lets the kernel look at this thread's selector from now on.
pub fn prepare() {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(install_handler);
    if PREPARED.replace(true) {
        return;
    }
    SELECTOR.with(|selector| {
        let nothing_exempt: c_long = 0;
        // SAFETY: the byte lives as long as the thread, which is how long the kernel reads it.
        let code = unsafe {
            libc::prctl(
                PR_SET_SYSCALL_USER_DISPATCH,
                PR_SYS_DISPATCH_ON,
                nothing_exempt,
                nothing_exempt,
                selector.as_ptr(),
            )
        };
        assert_eq!(
            code,
            0,
            "counting system calls takes Linux 5.11: {}",
            std::io::Error::last_os_error()
        );
    });
}

/// From now on a system call of this thread is counted, or not.
pub fn set_watching(on: bool) {
    SELECTOR.set(if on { BLOCK } else { ALLOW });
}

fn install_handler() {
    // SAFETY: all zeros is a valid sigaction; the handler has the type that SA_SIGINFO asks for.
    let code = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = caught as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        libc::sigaction(libc::SIGSYS, &action, null_mut())
    };
    assert_eq!(code, 0);
}

/// Counts the call and carries it out. Coming back from here is a system call of its own, so the rest of the stretch
/// goes uncounted.
unsafe extern "C" fn caught(_signal: c_int, _info: *mut libc::siginfo_t, context: *mut c_void) {
    set_watching(false);
    // SAFETY: the third argument of an SA_SIGINFO handler is the interrupted context.
    let context = unsafe { &mut *context.cast::<libc::ucontext_t>() };
    let registers = &mut context.uc_mcontext.gregs;
    let register = |name: c_int| registers[name as usize];
    let number = register(libc::REG_RAX);
    counters::count(|counts| {
        counts.system_calls += 1;
        counts.last_call = number as u32;
    });
    let arguments = [
        libc::REG_RDI,
        libc::REG_RSI,
        libc::REG_RDX,
        libc::REG_R10,
        libc::REG_R8,
        libc::REG_R9,
    ]
    .map(register);
    let [a, b, c, d, e, f] = arguments;
    // SAFETY: the very call that the interrupted code was about to make.
    let result = unsafe { libc::syscall(number, a, b, c, d, e, f) };
    let failure = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
    registers[libc::REG_RAX as usize] = if result == -1 {
        -i64::from(failure)
    } else {
        result
    };
}
