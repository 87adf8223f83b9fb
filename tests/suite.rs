//! The tests of concepts, a file each.

mod suite {
    mod csound_events;
    mod csound_failure;
    mod csound_instance;
    mod csound_kit;
    mod csound_memory;
    mod csound_messages;
    mod csound_process;
    mod instr_code;
    mod instr_harness;
    mod session_onsets;
    mod stage;
}
