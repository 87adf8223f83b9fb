//! Tests of concepts, one file each in `suite/`.

#[path = "suite/document_file.rs"]
mod document_file;
#[path = "suite/document_state.rs"]
mod document_state;
