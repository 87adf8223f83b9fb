//! The text of an orchestra: instruments, buses, tables and the code around them, as Csound compiles it.
//!
//! A text knows nothing of what runs it; [`Layout`] is all that a performer needs beside it.

mod body;
mod checks;
mod globals;
mod layout;
mod numbered;
mod plain;
mod prelude;
mod source_map;
mod sources;
mod spec;
mod write;

pub(crate) use globals::file_arguments;
pub use layout::*;
pub(crate) use plain::starts_by_name;
pub use plain::{Plain, write_plain};
pub(in crate::session) use prelude::TEXT as PRELUDE;
pub use source_map::SourceMap;
pub use sources::Sources;
pub use spec::*;
pub use write::{Orchestra, write};
pub(crate) use write::{instr_body, instr_number};
