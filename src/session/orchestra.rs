//! The text of an orchestra: instruments, buses, tables and the code around them, as Csound compiles it.

mod layout;
mod source_map;
mod spec;

pub use layout::*;
pub use source_map::SourceMap;
pub use spec::*;
