//! Tests of concepts, one module each.
mod suite {
    mod instr_buses;
    mod instr_code;
    mod instr_grammar;
    mod instr_harness;
    mod instr_problems;
    mod instr_values;
}
