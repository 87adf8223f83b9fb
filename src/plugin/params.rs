//! The host parameters: gain, bypass, and 128 slots that controls of the document are bound to.

use super::changes::Changes;
use super::names::SlotNames;
use super::state::{DocumentField, LooksField};
use crate::editor::SharedLooks;
use crate::session::slot::SLOTS;
use nice_plug::prelude::*;
use std::sync::Arc;

/// How many parameters stand before the slots.
const FIRST_SLOT: usize = 2;
/// How many parameters there are.
pub const COUNT: usize = FIRST_SLOT + SLOTS;

/// The parameters of an instance. Their ids never change; what a slot is bound to is part of the document.
#[derive(Params)]
pub struct PluginParams {
    /// Output gain, linear.
    #[id = "gain"]
    pub gain: FloatParam,
    /// Lets the delayed input through instead of the document's sound.
    #[id = "bypass"]
    pub bypass: BoolParam,
    /// The slots, ids `s_1` to `s_128`.
    #[nested(array)]
    pub slots: Vec<SlotParam>,
    /// The document, which is all there is to save besides the values.
    #[persist = "document"]
    pub document: DocumentField,
    /// How the window looks.
    #[persist = "window"]
    pub window: LooksField,
}

/// One slot: a normalized value, 0..=1 along the range and curve of the control it is bound to.
#[derive(Params)]
pub struct SlotParam {
    /// The value.
    #[id = "s"]
    pub value: FloatParam,
}

impl PluginParams {
    /// The parameters; those of slots read and write their values as `names` says and report changes to `changes`.
    /// A slot's default is that of the document the instance starts with.
    pub fn new(names: &Arc<SlotNames>, changes: &Arc<Changes>, document: DocumentField) -> Self {
        Self {
            gain: gain(),
            bypass: BoolParam::new("Bypass", false).make_bypass(),
            slots: (0..SLOTS)
                .map(|slot| SlotParam::new(slot, names, changes))
                .collect(),
            document,
            window: LooksField(SharedLooks::of_user()),
        }
    }

    /// The normalized values of a slot: as the user and automation set it, and with modulation added.
    pub fn slot(&self, slot: usize) -> Option<(f32, f32)> {
        let value = &self.slots.get(slot)?.value;
        Some((
            value.unmodulated_normalized_value(),
            value.modulated_normalized_value(),
        ))
    }
}

impl SlotParam {
    fn new(slot: usize, names: &Arc<SlotNames>, changes: &Arc<Changes>) -> Self {
        let default = names.get(slot).map_or(0.0, |face| face.default as f32);
        let (changed, shown, read) = (Arc::clone(changes), Arc::clone(names), Arc::clone(names));
        let value = FloatParam::new(
            format!("Slot {}", slot + 1),
            default,
            FloatRange::Linear { min: 0.0, max: 1.0 },
        )
        .with_poly_modulation_id(slot as u32)
        .with_callback(Arc::new(move |_| changed.mark(slot)))
        .with_value_to_string(Arc::new(move |value| shown.text(slot, value.into())))
        .with_string_to_value(Arc::new(move |text| {
            read.parse(slot, text).map(|value| value as f32)
        }));
        Self { value }
    }
}

fn gain() -> FloatParam {
    let (low, high) = (util::db_to_gain(-60.0), util::db_to_gain(12.0));
    let range = FloatRange::Skewed {
        min: low,
        max: high,
        factor: FloatRange::gain_skew_factor(-60.0, 12.0),
    };
    FloatParam::new("Gain", 1.0, range)
        .with_smoother(SmoothingStyle::Linear(10.0))
        .with_unit(" dB")
        .with_value_to_string(formatters::v2s_f32_gain_to_db(2))
        .with_string_to_value(formatters::s2v_f32_gain_to_db())
}

/// The slot that stands at an index of the host's list.
pub fn slot_at(index: usize) -> Option<usize> {
    index.checked_sub(FIRST_SLOT).filter(|&slot| slot < SLOTS)
}

/// The numbers by which hosts know the parameters, in order: nice-plug's hash of their ids.
pub fn host_ids(params: &PluginParams) -> Vec<u32> {
    let hash = |id: &str| {
        id.bytes().fold(0_u32, |hash, byte| {
            hash.wrapping_mul(31).wrapping_add(byte.into())
        })
    };
    params
        .param_map()
        .iter()
        .map(|(id, ..)| hash(id) & !(1 << 31))
        .collect()
}

/// The normalized value of the parameter at an index of the host's list, without modulation.
pub fn unmodulated(params: &PluginParams, index: usize) -> f64 {
    let value = match (index, slot_at(index)) {
        (_, Some(slot)) => params.slots[slot].value.unmodulated_normalized_value(),
        (0, _) => params.gain.unmodulated_normalized_value(),
        _ => params.bypass.unmodulated_normalized_value(),
    };
    value.into()
}
