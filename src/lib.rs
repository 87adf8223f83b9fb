//! A Csound session inside a DAW.

pub mod csound;
pub mod render;
pub mod session;
