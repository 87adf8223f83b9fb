//! The tests of concepts, a file each.

mod suite {
    pub mod stage;

    mod session_onsets;
}
