//! Where the plugin's support files stand: beside the CLAP file, inside the VST3 bundle.

#[cfg(unix)]
use std::ffi::{CStr, OsStr};
use std::path::{Path, PathBuf};

/// The folder's name, wherever it stands.
const FOLDER: &str = "csound-session.support";

/// The folder of support files that belongs to the library this code is in, if there is one.
pub fn support_folder() -> Option<PathBuf> {
    let library = own_path()?;
    places(&library).into_iter().find(|place| place.is_dir())
}

/// Beside `X.clap`; in `Contents/Resources` of `X.vst3/Contents/x86_64-linux/X.so` or of a macOS bundle.
fn places(library: &Path) -> Vec<PathBuf> {
    let folder = library.parent();
    let contents = folder.and_then(Path::parent);
    let bundle = contents.and_then(Path::parent);
    let inside = contents.map(|contents| contents.join("Resources").join(FOLDER));
    let beside = [folder, bundle.and_then(Path::parent)];
    inside
        .into_iter()
        .chain(
            beside
                .into_iter()
                .flatten()
                .map(|folder| folder.join(FOLDER)),
        )
        .collect()
}

#[cfg(unix)]
fn own_path() -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    let mut info = std::mem::MaybeUninit::<libc::Dl_info>::uninit();
    let address = support_folder as fn() -> Option<PathBuf> as *const libc::c_void;
    // SAFETY: `dladdr` fills the struct where it returns non-zero; the name is a C string that lives as long as
    // the library, which this code is in.
    let name = unsafe {
        if libc::dladdr(address, info.as_mut_ptr()) == 0 {
            return None;
        }
        let name = info.assume_init().dli_fname;
        if name.is_null() {
            return None;
        }
        CStr::from_ptr(name).to_bytes()
    };
    // A relative name is relative to where the host was when it loaded us, which is where it still is.
    std::fs::canonicalize(OsStr::from_bytes(name)).ok()
}

/// Windows hosts find the support folder by `CSOUND_SESSION_SUPPORT`.
#[cfg(not(unix))]
fn own_path() -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_have_their_place() {
        let clap = places(Path::new("/p/Csound Session.clap"));
        assert!(clap.contains(&PathBuf::from("/p/csound-session.support")));
        let vst3 = places(Path::new("/p/C.vst3/Contents/x86_64-linux/C.so"));
        assert_eq!(
            vst3[0],
            Path::new("/p/C.vst3/Contents/Resources/csound-session.support")
        );
    }
}
