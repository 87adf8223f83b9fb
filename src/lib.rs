//! A Csound session inside a DAW.

pub mod csound;
pub mod session;
