//! A plugin's parameters as a host lists them.

use crate::error::{Error, Result};
use crate::plugin::Main;
use clack_extensions::params::{ParamInfoBuffer, ParamInfoFlags, PluginParams};
use clack_host::utils::ClapId;
use std::ffi::CString;

/// One parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// What events name it by; never changes.
    pub id: u32,
    /// What people read.
    pub name: String,
    /// The group it stands in, `/` between levels.
    pub module: String,
    /// The least and the greatest value.
    pub range: (f64, f64),
    /// The value of a fresh plugin.
    pub default: f64,
    /// The value now.
    pub value: f64,
    /// The value now as text.
    pub text: String,
    /// True if the host should not show it.
    pub hidden: bool,
}

impl Main {
    /// Every parameter.
    pub fn parameters(&mut self) -> Vec<Parameter> {
        let count = self
            .with(|params, plugin| params.count(plugin))
            .unwrap_or(0);
        (0..count)
            .filter_map(|index| self.parameter_at(index))
            .collect()
    }

    /// The parameter of that name.
    pub fn parameter(&mut self, name: &str) -> Result<Parameter> {
        let found = self
            .parameters()
            .into_iter()
            .find(|parameter| parameter.name == name);
        found.ok_or_else(|| Error::NoSuchParameter(name.to_owned()))
    }

    /// A value of a parameter as the plugin writes it.
    pub fn text_of(&mut self, id: u32, value: f64) -> Result<String> {
        let mut buffer = [0u8; 256];
        let text = self.with(|params, plugin| {
            let text = params.value_to_text(plugin, ClapId::new(id), value, &mut buffer);
            text.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        });
        text?.map_err(|_| Error::Refused("write a value as text"))
    }

    /// A parameter's value as the plugin reads it from text.
    pub fn value_of(&mut self, id: u32, text: &str) -> Result<f64> {
        let text =
            CString::new(text).map_err(|_| Error::Refused("read a text with a zero in it"))?;
        let value =
            self.with(|params, plugin| params.text_to_value(plugin, ClapId::new(id), &text))?;
        value.ok_or(Error::Refused("read this text as a value"))
    }

    fn parameter_at(&mut self, index: u32) -> Option<Parameter> {
        let mut buffer = ParamInfoBuffer::new();
        let mut text = [0u8; 256];
        let found = self.with(|params, plugin| {
            let info = params.get_info(plugin, index, &mut buffer)?;
            let value = params.get_value(plugin, info.id)?;
            let shown = params.value_to_text(plugin, info.id, value, &mut text);
            Some(Parameter {
                id: info.id.get(),
                name: String::from_utf8_lossy(info.name).into_owned(),
                module: String::from_utf8_lossy(info.module).into_owned(),
                range: (info.min_value, info.max_value),
                default: info.default_value,
                value,
                text: shown
                    .map(|t| String::from_utf8_lossy(t).into_owned())
                    .unwrap_or_default(),
                hidden: info.flags.contains(ParamInfoFlags::IS_HIDDEN),
            })
        });
        found.ok().flatten()
    }

    fn with<T>(
        &mut self,
        ask: impl FnOnce(&PluginParams, &mut clack_host::prelude::PluginMainThreadHandle) -> T,
    ) -> Result<T> {
        self.extension("parameters", ask)
    }
}
