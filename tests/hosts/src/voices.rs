//! What a plugin says of its voices.

use crate::plugin::Main;
use clack_extensions::voice_info::PluginVoiceInfo;

impl Main {
    /// How many voices there are now, and how many there can be, if the plugin says so.
    pub fn voices(&mut self) -> Option<(u32, u32)> {
        let info = self.extension("voice info", |info: &PluginVoiceInfo, plugin| {
            info.get(plugin)
        });
        let info = info.ok()??;
        Some((info.voice_count, info.voice_capacity))
    }
}
