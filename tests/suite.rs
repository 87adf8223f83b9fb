//! The tests of concepts, a file each.

mod suite {
    mod automation_lines;
    mod bus_session;
    mod csound_events;
    mod csound_failure;
    mod csound_instance;
    mod csound_kit;
    mod csound_memory;
    mod csound_messages;
    mod csound_process;
    mod document_default;
    mod document_file;
    mod document_layers;
    mod document_state;
    mod instr_buses;
    mod instr_code;
    mod instr_grammar;
    mod instr_harness;
    mod instr_problems;
    mod instr_values;
    mod preflight_child;
    mod session_layers;
    mod plugin_effect;
    mod plugin_kit;
    mod plugin_notes;
    mod plugin_state;
    mod plugin_window;
    mod session_onsets;
    mod session_kit;
    mod session_schedule;
    mod session_synths;
    mod stage;
}
