//! What the window remembers of itself: its size, zoom, theme, and which panes are open.

use etcetera::BaseStrategy;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The user's settings for new windows.
const FILE: &str = "window.json";
/// The least zoom.
pub(super) const LEAST_ZOOM: f32 = 0.5;
/// The greatest zoom.
pub(super) const GREATEST_ZOOM: f32 = 3.0;
/// The least size of the window, in points.
pub(super) const LEAST_SIZE: [f32; 2] = [640.0, 420.0];

/// What stands below the code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tab {
    /// What is wrong with the document.
    #[default]
    Problems,
    /// What Csound has to say.
    Console,
    /// Wave and spectrum of the output.
    Sound,
    /// What each Instr costs.
    Cost,
    /// The files that the document needs.
    Files,
}

/// How a window looks to its user. Part of the project, and of the user's own settings for new windows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Looks {
    /// Width and height in points.
    pub size: [f32; 2],
    /// 0.5..=3.
    pub zoom: f32,
    /// Dark, else light.
    pub dark: bool,
    /// Whether the structure stands at the left.
    pub structure: bool,
    /// Whether the controls stand at the right.
    pub controls: bool,
    /// Whether problems, console and scopes stand below.
    pub dock: bool,
    /// Which of them.
    pub dock_tab: Tab,
    /// Whether there is a keyboard to play on.
    pub keyboard: bool,
    /// Size of the code, in points.
    pub code: f32,
    /// Whether the hints of the first minute have been put away.
    pub hints_seen: bool,
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            size: [1120.0, 720.0],
            zoom: 1.0,
            dark: true,
            structure: true,
            controls: true,
            dock: true,
            dock_tab: Tab::default(),
            keyboard: true,
            code: super::theme::CODE,
            hints_seen: false,
        }
    }
}

impl Looks {
    /// With every number where it may be, whoever wrote it.
    #[must_use]
    pub fn sane(mut self) -> Self {
        let within = |value: f32, least: f32, greatest: f32, usual: f32| {
            if value.is_finite() {
                value.clamp(least, greatest)
            } else {
                usual
            }
        };
        let usual = Self::default();
        let sizes = self.size.iter_mut().zip(LEAST_SIZE).zip(usual.size);
        for ((size, least), usual) in sizes {
            *size = within(*size, least, 8192.0, usual);
        }
        self.zoom = within(self.zoom, LEAST_ZOOM, GREATEST_ZOOM, usual.zoom);
        self.code = within(self.code, 8.0, 32.0, usual.code);
        self
    }
}

/// The looks that a project, a window and the user's settings share.
#[derive(Debug, Default)]
pub struct SharedLooks(Mutex<Looks>);

impl SharedLooks {
    /// As the user left the last window.
    pub fn of_user() -> Self {
        Self(Mutex::new(
            read_setting::<Looks>(FILE).unwrap_or_default().sane(),
        ))
    }

    /// What they are now.
    pub fn get(&self) -> Looks {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Replaces them.
    pub fn set(&self, looks: Looks) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = looks.sane();
    }

    /// Keeps them for new windows. What cannot be written is not remembered, which is no reason to bother anybody.
    pub(super) fn keep(&self) {
        write_setting(FILE, &self.get());
    }
}

/// What the user's settings say in a file of that name, if it can be read.
pub(super) fn read_setting<T: DeserializeOwned>(file: &str) -> Option<T> {
    serde_json::from_str(&std::fs::read_to_string(settings()?.join(file)).ok()?).ok()
}

/// Writes a file of the user's settings, if that can be done.
pub(super) fn write_setting(file: &str, value: &impl Serialize) {
    let Some(folder) = settings() else { return };
    let _ = std::fs::create_dir_all(&folder);
    if let Ok(text) = serde_json::to_string_pretty(value) {
        let _ = std::fs::write(folder.join(file), text);
    }
}

/// The folder of the user's settings.
fn settings() -> Option<PathBuf> {
    let base = etcetera::base_strategy::choose_native_strategy().ok()?;
    Some(base.config_dir().join("csound-session"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_size_or_zoom_is_brought_to_where_it_can_be_used() {
        let text = r#"{"size":[1,1e9],"zoom":1e30,"code":-3,"unknown":true}"#;
        let looks: Looks = serde_json::from_str(text).expect("unknown keys are no matter");
        let looks = looks.sane();
        assert_eq!(looks.size, [640.0, 8192.0]);
        assert_eq!((looks.zoom, looks.code), (3.0, 8.0));
    }
}
