//! The tests of concepts, a file each.

mod suite {
    mod automation_lines;
    mod bus_session;
    mod cli;
    mod csound_events;
    mod csound_failure;
    mod csound_instance;
    mod csound_kit;
    mod csound_memory;
    mod csound_messages;
    mod csound_process;
    mod document_default;
    mod document_file;
    mod document_includes;
    mod document_layers;
    mod document_state;
    mod factory_documents;
    mod instr_buses;
    mod instr_code;
    mod instr_grammar;
    mod instr_harness;
    mod instr_problems;
    mod instr_values;
    mod plugin_effect;
    mod plugin_kit;
    mod plugin_notes;
    mod plugin_state;
    mod plugin_vst3;
    mod plugin_window;
    mod preflight_child;
    mod preflight_parent;
    mod render_kit;
    mod render_problems;
    mod render_sound;
    mod render_timing;
    mod session_docs;
    mod session_instrs;
    mod session_kit;
    mod session_layers;
    mod session_limits;
    mod session_onsets;
    mod session_schedule;
    mod session_synths;
    mod stage;
}
