//! Finding, loading and initialising libcsound, once per process.

use std::ffi::{CStr, CString, OsString, c_char, c_int, c_void};
use std::fmt;
use std::os::raw::c_uint;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::functions::{CSOUND, Functions};
use super::opcode_folder;

/// Loads libcsound on the first call and gives the same answer ever after. Any thread; cheap after the first call,
/// which reads files and takes some milliseconds.
///
/// Looked for in the support folder, in `$CSOUND_LIB_DIR`, then under the system's names.
pub fn library() -> Result<&'static Library, &'static LoadError> {
    static LIBRARY: OnceLock<Result<Library, LoadError>> = OnceLock::new();
    LIBRARY.get_or_init(load).as_ref()
}

/// Says where a packaged libcsound and a folder `opcodes/` may lie. Has an effect only before the first call of
/// [`library`], and only the first time.
pub fn set_support_folder(path: PathBuf) {
    let _ = SUPPORT_FOLDER.set(path);
}

static SUPPORT_FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// A loaded and initialised libcsound; it stays loaded until the process ends.
pub struct Library {
    pub(super) functions: Functions,
    path: PathBuf,
    version: i32,
    opcode_folder: Option<PathBuf>,
    /// Never unloaded: instances, opcode libraries and copied function pointers point into it.
    _handle: std::mem::ManuallyDrop<libloading::Library>,
}

impl Library {
    /// As Csound counts: 6181 is 6.18.1.
    pub fn version(&self) -> i32 {
        self.version
    }

    /// The version as people write it, such as "6.18.1".
    pub fn version_text(&self) -> String {
        readable_version(self.version)
    }

    /// The file it was loaded from, or the name it was found under where the system does not tell.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder its opcode libraries are loaded from; none means that only the built-in opcodes exist.
    pub fn opcode_folder(&self) -> Option<&Path> {
        self.opcode_folder.as_deref()
    }
}

/// Why libcsound is not there, place by place, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    tried: Vec<Attempt>,
}

/// One place and why it did not do.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Attempt {
    place: PathBuf,
    reason: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Csound 6 (libcsound64, version 6.17 or a later 6) was not found. Tried:"
        )?;
        for Attempt { place, reason } in &self.tried {
            write!(f, "\n  {}: {reason}", place.display())?;
        }
        write!(f, "\n{}", install_hint())
    }
}

impl std::error::Error for LoadError {}

fn install_hint() -> &'static str {
    if cfg!(target_os = "linux") {
        "Install it, for example with `apt install libcsound64-6.0`, or set CSOUND_LIB_DIR to the folder that holds it, \
         then load the plugin again."
    } else {
        "Install it from https://csound.com/download, or set CSOUND_LIB_DIR to the folder that holds it, then load the \
         plugin again."
    }
}

fn load() -> Result<Library, LoadError> {
    let mut tried = Vec::new();
    for place in places() {
        match open(&place) {
            Ok(library) => return Ok(library),
            Err(reason) => tried.push(Attempt { place, reason }),
        }
    }
    Err(LoadError { tried })
}

/// Full paths first; bare names make the system search.
fn places() -> Vec<PathBuf> {
    let environment = std::env::var_os("CSOUND_LIB_DIR").filter(|value| !value.is_empty());
    let folders = [
        SUPPORT_FOLDER.get().cloned(),
        environment.map(PathBuf::from),
    ];
    let names = library_names();
    let in_folders = folders
        .into_iter()
        .flatten()
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    let by_name = names.iter().map(PathBuf::from);
    in_folders.chain(by_name).collect()
}

fn library_names() -> &'static [&'static str] {
    if cfg!(target_os = "macos") {
        &[
            "CsoundLib64.framework/CsoundLib64",
            "libcsound64.6.0.dylib",
            "libcsound64.dylib",
        ]
    } else if cfg!(windows) {
        &["csound64.dll"]
    } else {
        // The first is the packaged one, whose name keeps it apart from that of another plugin.
        &[
            "libcsound64-session.so.6.0",
            "libcsound64.so.6.0",
            "libcsound64.so",
        ]
    }
}

/// Opens one candidate, refuses what is not a Csound 6 of ours, and initialises it.
fn open(place: &Path) -> Result<Library, String> {
    let handle = open_library(place)?;
    let version = suitable_version(&handle)?;
    // SAFETY: the version was checked, and the handle ends up in a ManuallyDrop.
    let functions = unsafe { Functions::look_up(&handle) }
        .map_err(|name| format!("the function {name} is missing"))?;
    let path = file_of(functions.version as *const c_void).unwrap_or_else(|| place.to_path_buf());
    let opcode_folder = opcode_folder::find(SUPPORT_FOLDER.get().map(PathBuf::as_path), &path);
    initialise(&functions, opcode_folder.as_deref())?;
    Ok(Library {
        functions,
        path,
        version,
        opcode_folder,
        _handle: std::mem::ManuallyDrop::new(handle),
    })
}

#[cfg(unix)]
fn open_library(place: &Path) -> Result<libloading::Library, String> {
    use libloading::os::unix;
    // SAFETY: libcsound's constructors only fill its own statics. RTLD_LOCAL keeps its symbols from the host's.
    let opened = unsafe {
        unix::Library::open(
            Some(OsString::from(place)),
            unix::RTLD_NOW | unix::RTLD_LOCAL,
        )
    };
    opened.map(libloading::Library::from).map_err(reason)
}

#[cfg(not(unix))]
fn open_library(place: &Path) -> Result<libloading::Library, String> {
    // SAFETY: libcsound's constructors only fill its own statics.
    unsafe { libloading::Library::new(OsString::from(place)) }.map_err(reason)
}

/// The innermost text of a loading error: it names the missing file.
fn reason(error: libloading::Error) -> String {
    std::error::Error::source(&error).map_or_else(|| error.to_string(), |inner| inner.to_string())
}

/// Checked before anything else is looked up: Csound 7 has other functions under the same names.
fn suitable_version(handle: &libloading::Library) -> Result<i32, String> {
    type Number = unsafe extern "C" fn() -> c_int;
    let number = |name: &str| {
        // SAFETY: both functions exist in every Csound 6 and 7 with this type.
        let function = unsafe { handle.get::<Number>(name) };
        // SAFETY: they only return a constant.
        function
            .map(|function| unsafe { function() })
            .map_err(|_| format!("{name} is missing"))
    };
    let version = number("csoundGetVersion")?;
    if !(6170..7000).contains(&version) {
        return Err(format!(
            "this is Csound {}; 6.17 or a later 6 is needed",
            readable_version(version)
        ));
    }
    match number("csoundGetSizeOfMYFLT")? {
        8 => Ok(version),
        _ => Err(
            "this is the single-precision Csound; the double-precision one is needed".to_owned(),
        ),
    }
}

fn readable_version(version: i32) -> String {
    format!("{}.{}.{}", version / 1000, version / 10 % 100, version % 10)
}

/// Must come before any other call: otherwise the first `csoundCreate` installs signal handlers that end the host.
fn initialise(functions: &Functions, opcode_folder: Option<&Path>) -> Result<(), String> {
    let flags = csound_sys::CSOUNDINIT_NO_SIGNAL_HANDLER | csound_sys::CSOUNDINIT_NO_ATEXIT;
    // SAFETY: no precondition; 1 means that somebody else in this process has initialised it.
    if unsafe { (functions.initialize)(flags as c_int) } < 0 {
        return Err("Csound could not initialise itself".to_owned());
    }
    // An empty name keeps Csound from loading every library of its own folder.
    let folder = opcode_folder
        .and_then(|folder| CString::new(folder.as_os_str().as_encoded_bytes()).ok())
        .unwrap_or_default();
    // SAFETY: Csound copies the string; the callback is a function that ignores its arguments.
    unsafe {
        (functions.set_opcode_folder)(folder.as_ptr());
        (functions.set_default_messages)(drop_message);
    }
    Ok(())
}

/// What Csound says before an instance has its own callback would go to the host's standard error.
unsafe extern "C" fn drop_message(_: *mut CSOUND, _: c_int, _: *const c_char, _: *mut c_void) {}

/// `sensekey` would read the host's standard input; with this it never sees a key. The answer must be below 0: Csound
/// takes 0 for "ask the next one" and ends up at the standard input.
pub(super) unsafe extern "C" fn no_key(_: *mut c_void, _: *mut c_void, _: c_uint) -> c_int {
    -1
}

/// The file that holds the code at `address`.
#[cfg(unix)]
fn file_of(address: *const c_void) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    let mut info = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: dladdr only looks the address up and writes into `info`.
    if unsafe { libc::dladdr(address, info.as_mut_ptr()) } == 0 {
        return None;
    }
    // SAFETY: zeroed is a valid Dl_info, and dladdr has filled it.
    let name = unsafe { info.assume_init() }.dli_fname;
    // SAFETY: a C string owned by the loaded library, which stays loaded.
    let name = (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })?;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(name.to_bytes())))
}

#[cfg(not(unix))]
fn file_of(_: *const c_void) -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_as_people_write_them() {
        assert_eq!(readable_version(6181), "6.18.1");
        assert_eq!(readable_version(7000), "7.0.0");
    }

    #[test]
    fn a_library_that_is_not_csound_is_refused_with_a_reason() {
        let reason = open(Path::new("libm.so.6"))
            .err()
            .expect("libm is not Csound");
        assert_eq!(reason, "csoundGetVersion is missing");
        let reason = open(Path::new("/nowhere/libcsound64.so"))
            .err()
            .expect("there is none");
        assert!(reason.contains("/nowhere/libcsound64.so"), "{reason}");
    }

    #[test]
    fn the_error_says_where_it_looked_and_what_to_do() {
        let tried = vec![Attempt {
            place: PathBuf::from("/opt/libcsound64.so"),
            reason: "no such file".to_owned(),
        }];
        let text = LoadError { tried }.to_string();
        assert!(text.contains("/opt/libcsound64.so: no such file"), "{text}");
        assert!(text.contains("CSOUND_LIB_DIR"), "{text}");
    }
}
