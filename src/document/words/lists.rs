//! The words that are looked for.

use crate::document::Permission;

/// Words that nothing allows, why, and what to do instead.
pub(super) const NEVER: [(&str, &str, &str); 2] = [
    (
        "exitnow",
        "would end everything that sounds",
        "use turnoff to end the synth",
    ),
    (
        "setksmps",
        "in an instrument spoils the sound of all others",
        "use it in a user-defined opcode in the init code",
    ),
];

/// Words that need a permission.
pub(super) const GUARDED: [(Permission, &[&str]); 3] = [
    (
        Permission::Files,
        &[
            "dumpk",
            "dumpk2",
            "dumpk3",
            "dumpk4",
            "fiopen",
            "fout",
            "fouti",
            "foutir",
            "foutk",
            "fprintks",
            "fprints",
            "ftaudio",
            "ftsave",
            "ftsavek",
            "hdf5write",
            "imagesave",
            "include",
            "includestr",
            "outfiles",
            "pvsfwrite",
        ],
    ),
    (
        Permission::Network,
        &[
            "OSCbundle",
            "OSCcount",
            "OSCinit",
            "OSCinitM",
            "OSClisten",
            "OSCraw",
            "OSCsend",
            "OSCsend_lo",
            "insglobal",
            "insremot",
            "link_create",
            "midglobal",
            "midremot",
            "remoteport",
            "sockrecv",
            "sockrecvs",
            "socksend",
            "socksends",
            "strecv",
            "stsend",
            "websocket",
        ],
    ),
    (
        Permission::System,
        &[
            "compilecsd",
            "compileorc",
            "compilestr",
            "evalstr",
            "joystick",
            "p5gconnect",
            "serialBegin",
            "subprocess",
            "system",
            "system_i",
            "wiiconnect",
        ],
    ),
];
