//! The tests of concepts, a file each.

#[path = "suite/stage.rs"]
mod stage;

#[path = "suite/csound_events.rs"]
mod csound_events;
#[path = "suite/csound_failure.rs"]
mod csound_failure;
#[path = "suite/csound_instance.rs"]
mod csound_instance;
#[path = "suite/csound_kit.rs"]
mod csound_kit;
#[path = "suite/csound_memory.rs"]
mod csound_memory;
#[path = "suite/csound_messages.rs"]
mod csound_messages;
#[path = "suite/csound_process.rs"]
mod csound_process;
#[path = "suite/session_onsets.rs"]
mod session_onsets;
#[path = "suite/document_file.rs"]
mod document_file;
#[path = "suite/document_state.rs"]
mod document_state;
