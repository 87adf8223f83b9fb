//! A Csound session inside a DAW.

pub mod csound;
pub mod document;
pub mod render;
pub mod session;
