//! The session model: instruments, the orchestra they make, and what plays it.

pub mod diagnostic;
pub mod instr;
pub mod layer;
pub mod orchestra;
pub mod slot;
pub mod trial;
