//! The tests of concepts, a file each.

mod suite {
    mod csound_events;
    mod csound_failure;
    mod csound_instance;
    mod csound_kit;
    mod csound_memory;
    mod csound_messages;
    mod csound_process;
    mod instr_buses;
    mod instr_code;
    mod instr_harness;
    mod session_layers;
    mod plugin_effect;
    mod plugin_kit;
    mod plugin_notes;
    mod plugin_state;
    mod plugin_window;
    mod session_onsets;
    mod stage;
}

#[path = "suite/document_file.rs"]
mod document_file;
#[path = "suite/document_state.rs"]
mod document_state;
