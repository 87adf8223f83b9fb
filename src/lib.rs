//! A Csound session inside a DAW.
