//! Tests of concepts, one file each in `suite/`.

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
